/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "encode/kit.h"
#include "encode/plan.h"
#include "encode/type.h"

enum { ROWS = 300 };

/* The i-th value of what people write into such columns. */
static double count_by(size_t i, double from, double n, double step) { return from + step * (double)(i * 37 % (size_t)n); }
static double places(size_t i) { return count_by(i, 10001, 211, 367); }
static double units(size_t i) { return count_by(i, 1, 40, 1); }
static double persons(size_t i) { return count_by(i, 1, 6, 1); }
static double countries(size_t i) { return (double[]){40, 276, 616, 688, 792}[i % 5]; }
static double days(size_t i) { return 20190000 + count_by(i, 1, 12, 1) * 100 + count_by(i, 1, 28, 1); }
static double no_days(size_t i) { return days(i) + (i == 100 ? 60 : 0); }
static double months(size_t i) { return 201900 + count_by(i, 1, 12, 1) + 100 * (double)(i % 3); }
static double clocks(size_t i) { return 100 * count_by(i, 8, 14, 1) + count_by(i, 0, 60, 1); }
static double no_clocks(size_t i) { return i == 100 ? 1175 : clocks(i); }
static double hours_a_year(size_t i) { return count_by(i, 200, 43, 50); }
static double seconds(size_t i) { return 1546300800 + count_by(i, 1, 251, 86401); }
static double degrees(size_t i) { return 47 + 8 * count_by(i, 0, 251, 1) / 250; }
static double articles(size_t i) { return 4001234000000 + count_by(i, 0, 251, 13); }
static double occupations(size_t i) { return (double[]){1120, 2310, 4110, 5223, 9112}[i % 5]; }
static double schools(size_t i) { return count_by(i, 1, 40, 1); }
static double years(size_t i) { return count_by(i, 0, 40, 1); }
static double few_years(size_t i) { return count_by(i, 1, 20, 1); }
static double askers(size_t i) { return count_by(i, 4, 8, 1); }
static double amounts(size_t i) { return count_by(i, 500, 250, 10); }

typedef struct numbered {
  const char *name, *label;
  double (*value)(size_t);
  const char *why; /* the beginning of it; NULL: it is filled */
  emend_type type;
} numbered;

static const char NAMED[] = "identifier: named like numbers or codes", LINE[] = "identifier: named like the line of a person";
static const char ASKER[] = "identifier: named or labelled like the numbers of interviewers", UNIT[] = "identifier: numbered from 1 on";
static const char PLACE[] = "identifier: labelled like numbers or codes", PERSON[] = "identifier: labelled like the number of a person";

static const numbered columns[] = {
    {"q77", "ZIP code", places, PLACE, EMEND_TYPE_IDENTIFIER},
    {"q78", "Postleitzahl", places, PLACE, EMEND_TYPE_IDENTIFIER},
    {"plzn", "", places, "identifier: whole numbers, and named like postcodes", EMEND_TYPE_IDENTIFIER},
    {"x", "Amtlicher Gemeindeschlüssel", places, PLACE, EMEND_TYPE_IDENTIFIER},
    {"x", "County FIPS code", places, PLACE, EMEND_TYPE_IDENTIFIER},
    {"x", "Occupation ISCO-08 code", places, PLACE, EMEND_TYPE_IDENTIFIER},
    {"x", "Interviewer number", units, ASKER, EMEND_TYPE_IDENTIFIER},
    {"x", "Cluster number", units, PLACE, EMEND_TYPE_IDENTIFIER},
    {"x", "School ID", units, "identifier: whole numbers, and labelled like one", EMEND_TYPE_IDENTIFIER},
    {"x", "Line number of spouse", persons, PERSON, EMEND_TYPE_IDENTIFIER},
    {"x", "Person number of mother", persons, PERSON, EMEND_TYPE_IDENTIFIER},
    {"x", "Country of birth ISO", countries, NULL, EMEND_TYPE_NOMINAL},
    {"x", "", days, "days written as numbers", EMEND_TYPE_INTEGER},
    {"x", "", no_days, NULL, EMEND_TYPE_INTEGER},
    {"x", "", months, "months written as numbers", EMEND_TYPE_INTEGER},
    {"x", "Time interview started hhmm", clocks, "clock times", EMEND_TYPE_INTEGER},
    {"start_time", "", clocks, "clock times", EMEND_TYPE_INTEGER},
    {"x", "", clocks, NULL, EMEND_TYPE_INTEGER},
    {"end_balance", "", clocks, NULL, EMEND_TYPE_INTEGER},
    {"x", "Average time", clocks, NULL, EMEND_TYPE_INTEGER},
    {"x", "Uhrzeit am Ende", clocks, "clock times", EMEND_TYPE_INTEGER},
    {"x", "Time interview started hhmm", no_clocks, NULL, EMEND_TYPE_INTEGER},
    {"x", "Working time a year", hours_a_year, NULL, EMEND_TYPE_INTEGER},
    {"timestamp", "", seconds, "time stamps", EMEND_TYPE_INTEGER},
    {"x", "Sales", seconds, NULL, EMEND_TYPE_INTEGER},
    {"x", "GPS latitude", degrees, "latitude or longitude", EMEND_TYPE_CONTINUOUS},
    {"LocationLatitude", "", degrees, "latitude or longitude", EMEND_TYPE_CONTINUOUS},
    {"x", "GPS accuracy", degrees, NULL, EMEND_TYPE_CONTINUOUS},
    {"gps_accuracy_km", "", degrees, NULL, EMEND_TYPE_CONTINUOUS},
    {"longitud_pie", "", degrees, NULL, EMEND_TYPE_CONTINUOUS}, /* length, unless beside a latitude */
    {"longitud", "", degrees, NULL, EMEND_TYPE_CONTINUOUS},
    {"x", "Longitud de la hoja en cm", degrees, NULL, EMEND_TYPE_CONTINUOUS},
    {"latitud", "", degrees, "latitude or longitude", EMEND_TYPE_CONTINUOUS},
    {"ean", "", articles, "identifier: bar codes", EMEND_TYPE_IDENTIFIER},
    /* The same from names alone, as delimited text has them. */
    {"isco08", "", places, NAMED, EMEND_TYPE_IDENTIFIER},
    {"isco", "", occupations, NULL, EMEND_TYPE_NOMINAL},
    {"isco_isei", "", places, NULL, EMEND_TYPE_INTEGER},
    {"isco_score", "", places, NULL, EMEND_TYPE_INTEGER},
    {"SOC", "", places, NAMED, EMEND_TYPE_IDENTIFIER},
    {"soc", "", units, NULL, EMEND_TYPE_INTEGER}, /* social something */
    {"soc_trust", "", places, NULL, EMEND_TYPE_INTEGER},
    {"village", "", units, NAMED, EMEND_TYPE_IDENTIFIER},
    {"v_distrito", "", units, NAMED, EMEND_TYPE_IDENTIFIER},
    {"district_no", "", units, NAMED, EMEND_TYPE_IDENTIFIER},
    {"municipio", "", occupations, NULL, EMEND_TYPE_NOMINAL},
    {"distance_village", "", units, NULL, EMEND_TYPE_INTEGER},
    {"villages", "", units, NULL, EMEND_TYPE_INTEGER},
    {"interviewer_id", "", askers, ASKER, EMEND_TYPE_IDENTIFIER},
    {"enqueteur", "", askers, ASKER, EMEND_TYPE_IDENTIFIER},
    {"intcode", "Interviewer", askers, ASKER, EMEND_TYPE_IDENTIFIER},
    {"interviewer_rapport", "", askers, NULL, EMEND_TYPE_INTEGER},
    {"intcode", "Trust in the interviewer", askers, NULL, EMEND_TYPE_INTEGER},
    {"spouse_line", "", persons, LINE, EMEND_TYPE_IDENTIFIER},
    {"a_pno", "", persons, LINE, EMEND_TYPE_IDENTIFIER},
    {"ligne_mere", "", persons, LINE, EMEND_TYPE_IDENTIFIER},
    {"waistline", "", persons, NULL, EMEND_TYPE_INTEGER},
    {"line", "", persons, NULL, EMEND_TYPE_INTEGER},
    {"spouse_line", "", places, NULL, EMEND_TYPE_INTEGER},
    {"school", "", schools, UNIT, EMEND_TYPE_IDENTIFIER},
    {"school", "", years, NULL, EMEND_TYPE_INTEGER},
    {"school", "", few_years, NULL, EMEND_TYPE_INTEGER},
    {"SampleNumber", "", units, "identifier: whole numbers, and named like one", EMEND_TYPE_IDENTIFIER},
    {"lat", "", degrees, NULL, EMEND_TYPE_CONTINUOUS}, /* latency, beside no longitude */
    /* What is counted or measured of places and persons is an answer. */
    {"x", "Median household income of the ZIP code", amounts, NULL, EMEND_TYPE_INTEGER},
    {"x", "Years at this postal code", units, NULL, EMEND_TYPE_INTEGER},
    {"x", "ISEI index by ISCO-08", units, NULL, EMEND_TYPE_INTEGER},
    {"x", "How many persons live here", persons, NULL, EMEND_TYPE_INTEGER},
    {"x", "Party voted for (code)", countries, NULL, EMEND_TYPE_INTEGER},
};

static emend_dataset *column(const numbered *c) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, c->name), kit_number(dataset, "other");
  emend_offset label;
  ck_assert_int_eq(emend_dataset_add_text(dataset, c->label, strlen(c->label), &label, NULL), EMEND_OK);
  emend_dataset_edit_variable(dataset, 0)->label = label;
  for (size_t i = 0; i < ROWS; i++)
    kit_row(dataset, (double[]){i % 17 == 3 ? NAN : c->value(i), 0.5 * (double)(i % 3)});
  return dataset;
}

START_TEST(numbers_that_measure_nothing) {
  const numbered *c = &columns[_i];
  emend_dataset *dataset = column(c);
  emend_plan *plan = kit_plan(dataset, NULL);
  const char *why = emend_plan_why(plan, 0);
  ck_assert_msg((emend_plan_role(plan, 0) == EMEND_ROLE_FILL) == !c->why, "%s (%s): %s", c->name, c->label, why);
  ck_assert_msg(!c->why || strncmp(why, c->why, strlen(c->why)) == 0, "%s (%s): %s", c->name, c->label, why);
  ck_assert_msg(emend_plan_type(plan, 0) == c->type, "%s (%s): %s", c->name, c->label, emend_type_word(emend_plan_type(plan, 0)));
  ck_assert_int_eq(emend_plan_missing(plan, 0).fill > 0, !c->why);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Whoever names a variable has looked at it. */
START_TEST(a_name_beats_label_and_values) {
  emend_dataset *dataset = column(&columns[_i]);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_type(options, EMEND_TYPE_CONTINUOUS, columns[_i].name, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_int_eq(emend_plan_role(plan, 0), EMEND_ROLE_FILL);
  ck_assert_int_eq(emend_plan_type(plan, 0), EMEND_TYPE_CONTINUOUS);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(a_longitud_beside_a_latitud) {
  for (int lat = 0; lat <= 1; lat++) {
    emend_dataset *dataset = kit_new("csv");
    kit_number(dataset, "longitud"), kit_number(dataset, lat ? "casa_latitud" : "ancho");
    for (size_t i = 0; i < ROWS; i++)
      kit_row(dataset, (double[]){i % 17 == 3 ? NAN : degrees(i), degrees(i + 7)});
    emend_plan *plan = kit_plan(dataset, NULL);
    ck_assert_int_eq(emend_plan_role(plan, 0) == EMEND_ROLE_FILL, !lat);
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

static double far_degrees(size_t i) { return 2 * degrees(i); }
static double coarse_degrees(size_t i) { return count_by(i, 50, 50, 1) / 10; }

START_TEST(a_lat_beside_a_lon) {
  const struct {
    const char *names[2];
    double (*lat)(size_t);
    int places;
  } pairs[] = {{{"lat", "lon"}, degrees, 1},       {{"home_lng", "home_lat"}, degrees, 1}, {{"lat", "age"}, degrees, 0},
               {{"lat", "lon"}, far_degrees, 0}, {{"lat", "lon"}, coarse_degrees, 0},  {{"gpsLat", "gpsLong"}, degrees, 1}};
  emend_dataset *dataset = kit_new("csv");
  kit_number(dataset, pairs[_i].names[0]), kit_number(dataset, pairs[_i].names[1]);
  for (size_t i = 0; i < ROWS; i++)
    kit_row(dataset, (double[]){i % 17 == 3 ? NAN : pairs[_i].lat(i), pairs[_i].lat(i + 7)});
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_int_eq(emend_plan_role(plan, 0) != EMEND_ROLE_FILL, pairs[_i].places);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(labelled_codes_are_answers) {
  emend_dataset *dataset = column(&(numbered){"x", "Country code", units, NULL, EMEND_TYPE_NOMINAL});
  for (int code = 1; code <= 40; code++)
    kit_label(dataset, 0, code, "a country");
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_int_eq(emend_plan_role(plan, 0), EMEND_ROLE_FILL);
  ck_assert_int_eq(emend_plan_type(plan, 0), EMEND_TYPE_NOMINAL);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  enum { N = sizeof columns / sizeof *columns };
  Suite *suite = suite_create("numbered");
  TCase *all = tcase_create("all");
  tcase_add_loop_test(all, numbers_that_measure_nothing, 0, N);
  tcase_add_loop_test(all, a_lat_beside_a_lon, 0, 6);
  tcase_add_loop_test(all, a_name_beats_label_and_values, 0, N);
  tcase_add_test(all, a_longitud_beside_a_latitud);
  tcase_add_test(all, labelled_codes_are_answers);
  suite_add_tcase(suite, all);
  return suite;
}
