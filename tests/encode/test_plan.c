/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "data/rows.h"
#include "encode/kit.h"
#include "encode/name.h"
#include "encode/matrix.h"
#include "encode/observe.h"
#include "encode/role.h"

/* Twelve rows with something of each kind:
 * caseno 100..111 shuffled; pop distinct but far apart; age, inc with holes; flat constant; void never observed; when a date; w weights; t text. */
static emend_dataset *make(void) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "nr"), kit_number(dataset, "pop"), kit_number(dataset, "age"), kit_number(dataset, "inc"), kit_number(dataset, "flat");
  kit_number(dataset, "void"), kit_add(dataset, "when", EMEND_DATE, EMEND_STORAGE_F64), kit_number(dataset, "w");
  kit_add(dataset, "t", EMEND_TEXT, EMEND_STORAGE_TEXT);
  for (int i = 0; i < 12; i++) {
    double cells[] = {100 + (i * 5) % 12, 1000003.0 * i * i + 17, i % 4 ? 20 + i % 5 : NAN, i % 5 ? 0.25 * i : NAN, i ? 4.5 : NAN, NAN,
                      i % 3 ? 13000 + i : NAN, i == 2 ? 0 : i == 3 ? -1 : i == 4 ? NAN : 1 + i % 2};
    kit_row(dataset, cells);
  }
  return dataset;
}

enum { NR, POP, AGE, INC, FLAT, VOID, WHEN, W, T };

static void expect_roles(const emend_plan *plan, const char *wanted) {
  static const char letters[] = "FPCWIX"; /* in the order of emend_role */
  char got[64] = "";
  for (size_t v = 0; v < emend_dataset_variables(emend_plan_dataset(plan)); v++) {
    got[v] = letters[emend_plan_role(plan, v)];
    got[v + 1] = '\0';
    ck_assert_ptr_nonnull(emend_plan_why(plan, v));
    ck_assert_str_ne(emend_plan_why(plan, v), "");
  }
  ck_assert_str_eq(got, wanted);
  for (const char *role = letters; *role; role++) {
    size_t count = 0;
    for (const char *p = got; *p; p++)
      count += *p == *role;
    ck_assert_uint_eq(emend_plan_count(plan, (emend_role)(role - letters)), count);
  }
}

static const struct role_case {
  const char *vars, *targets, *exclude, *id, *weight, *roles;
} role_cases[] = {
    /*                                              n p a i f v w w t */
    {NULL, NULL, NULL, NULL, NULL,                 "IFFFCXXFX"},
    {NULL, NULL, NULL, NULL, "w",                  "IFFFCXXWX"},
    {NULL, NULL, "pop,flat", NULL, NULL,           "IXFFXXXFX"},
    {NULL, NULL, NULL, "t", "none",                "IFFFCXXFI"},
    {"age inc", NULL, NULL, NULL, NULL,            "XXFFXXXXX"},
    {"age inc", "inc", NULL, NULL, NULL,           "XXPFXXXXX"},
    {"age", "inc", NULL, NULL, NULL,               "XXPFXXXXX"}, /* a target joins the model */
    {NULL, "inc", NULL, NULL, NULL,                "IPPFCXXPX"},
    {"nr,age", NULL, NULL, NULL, NULL,             "FXFXXXXXX"}, /* named: an identifier may take part, */
    {"nr-inc", NULL, NULL, NULL, NULL,             "IFFFXXXXX"}, /* swept up: it does not */
    {"age,when", NULL, NULL, NULL, NULL,           "XXFXXXFXX"},
    {"*", NULL, "a*", NULL, "w",                   "IFXFCXXWX"},
    {"*", "when,age", NULL, NULL, NULL,            "IPFPCXFPX"},
};

START_TEST(roles) {
  const struct role_case *c = &role_cases[_i];
  emend_dataset *dataset = make();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_variables(options, c->vars, NULL);
  emend_plan_options_set_targets(options, c->targets, NULL);
  emend_plan_options_set_exclude(options, c->exclude, NULL);
  emend_plan_options_set_id(options, c->id, NULL);
  emend_plan_options_set_weight(options, c->weight, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  expect_roles(plan, c->roles);
  ck_assert_int_eq(emend_plan_id(plan), c->id ? T : -1);
  ck_assert_int_eq(emend_plan_weight(plan), c->weight && strcmp(c->weight, "none") ? W : -1);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(reasons_and_promises) {
  emend_dataset *dataset = make();
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_str_eq(emend_plan_why(plan, NR), "identifier: complete, whole, all distinct, running numbers");
  ck_assert_str_eq(emend_plan_why(plan, VOID), "nobody answered it");
  ck_assert_str_eq(emend_plan_why(plan, WHEN), "date or time");
  ck_assert_str_eq(emend_plan_why(plan, T), "text, never observed");
  ck_assert_uint_eq(emend_plan_missing(plan, AGE).fill, 3);
  ck_assert_uint_eq(emend_plan_missing(plan, INC).fill, 3);
  ck_assert_uint_eq(emend_plan_missing(plan, FLAT).fill, 1);
  ck_assert_uint_eq(emend_plan_missing(plan, VOID).fill, 0); /* nobody answered it: no promise, but told */
  ck_assert_uint_eq(emend_plan_missing(plan, VOID).keep, 12);
  ck_assert_uint_eq(emend_plan_missing(plan, VOID).unanswered, 12);
  ck_assert_uint_eq(emend_plan_missing(plan, T).unanswered, 0); /* no text is filled that is not a category */
  ck_assert_uint_eq(emend_plan_missing(plan, WHEN).fill, 0);
  ck_assert_uint_eq(emend_plan_missing(plan, WHEN).keep, 4);
  ck_assert_uint_eq(emend_plan_missing(plan, T).empty, 12);
  ck_assert_uint_eq(emend_plan_missing(plan, T).fill, 0);
  ck_assert(emend_plan_rounds(plan, AGE) && !emend_plan_rounds(plan, INC) && !emend_plan_rounds(plan, FLAT));
  ck_assert(!emend_plan_rounds(plan, NR)); /* whole numbers, but it receives nothing */
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

static const struct bad_case {
  const char *vars, *targets, *exclude, *id, *weight, *words;
} bad_cases[] = {
    {"t", NULL, NULL, NULL, NULL, "t: it is text"},
    {NULL, "t", NULL, NULL, NULL, "t: it is text"},
    {"age,w", NULL, NULL, NULL, "w", "w: the weight cannot be in the model"},
    {NULL, "age", "age", NULL, NULL, "named by --targets and by --exclude"},
    {NULL, "age", "a*", NULL, NULL, "named by --targets and by --exclude"}, /* else a promise would be dropped in silence */
    {"age,nr", NULL, NULL, "nr", NULL, "named by --id and for the model"},
    {NULL, NULL, NULL, "w", "w", "named by --id and is the weight"},
    {NULL, NULL, NULL, NULL, "t", "a weight must be a number"},
    {NULL, NULL, NULL, "aeg", NULL, "--id: there is no variable aeg; did you mean age?"},
};

START_TEST(contradictions) {
  const struct bad_case *c = &bad_cases[_i];
  emend_dataset *dataset = make();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_variables(options, c->vars, NULL);
  emend_plan_options_set_targets(options, c->targets, NULL);
  emend_plan_options_set_exclude(options, c->exclude, NULL);
  emend_plan_options_set_id(options, c->id, NULL);
  emend_plan_options_set_weight(options, c->weight, NULL);
  const char *text = kit_plan_error(dataset, options);
  ck_assert_msg(strstr(text, c->words), "%s", text);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(a_file_whose_weights_are_all_missing) {
  emend_dataset *dataset = make();
  emend_dataset_set_weight(dataset, VOID);
  ck_assert_ptr_nonnull(strstr(kit_plan_refusal(dataset, NULL, EMEND_UNSUPPORTED), "void: no row has a positive weight"));
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(weights) {
  emend_dataset *dataset = make();
  emend_dataset_set_weight(dataset, W);
  emend_events *events = emend_events_new();
  emend_plan *plan;
  ck_assert_int_eq(emend_plan_new(dataset, NULL, events, &plan, NULL), EMEND_OK);
  ck_assert_int_eq(emend_plan_role(plan, W), EMEND_ROLE_WEIGHT);
  ck_assert_str_eq(emend_plan_why(plan, W), "the file's weight; whole numbers: frequencies");
  ck_assert_int_eq(plan->weight_kind, EMEND_FREQUENCY_WEIGHTS);
  ck_assert_uint_eq(emend_events_warning_count(events), 2); /* nobody answered void, too */
  ck_assert_str_eq(emend_events_warning(events, 0), "weight w: 3 of 12 rows have no positive weight (1 zero, 1 negative, 1 missing); they are "
                                                    "completed but do not estimate");
  for (size_t row = 0; row < 12; row++)
    ck_assert_double_eq(plan->weights[row], row >= 2 && row <= 4 ? 0 : 1 + (double)(row % 2));
  /* Weighted moments of `pop`: frequencies are repeated rows. */
  double n = 0, sum = 0, squares = 0;
  for (int i = 0; i < 12; i++)
    for (int k = 0; k < (int)plan->weights[i]; k++)
      n++, sum += 1000003.0 * i * i + 17;
  for (int i = 0; i < 12; i++)
    squares += plan->weights[i] * pow(1000003.0 * i * i + 17 - sum / n, 2);
  assert_relative(plan->variables[POP].observed.mean, sum / n, 1e-14);
  assert_relative(plan->variables[POP].observed.sd, sqrt(squares / (n - 1)), 1e-14);
  emend_plan_free(plan);
  emend_events_free(events);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(fractional_weights_are_sampling_weights) {
  static const double cells[][2] = {{1, 0.5}, {2, 1.5}, {4, 2}, {9, 0}};
  emend_dataset *dataset = kit_table("x w", 4, 2, cells[0]);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_weight(options, "w", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_int_eq(plan->weight_kind, EMEND_SAMPLING_WEIGHTS);
  ck_assert_str_eq(emend_plan_why(plan, 1), "--weight; fractions: sampling weights");
  /* sum of w (x - m)^2 / sum of w, times n / (n - 1) over the three rows that weigh something */
  double mean = (0.5 + 3 + 8) / 4, s = (0.5 * pow(1 - mean, 2) + 1.5 * pow(2 - mean, 2) + 2 * pow(4 - mean, 2)) / 4 * 3 / 2;
  assert_relative(plan->variables[0].observed.mean, mean, 1e-15);
  assert_relative(plan->variables[0].observed.sd, sqrt(s), 1e-15);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(names_of_identifiers) {
  static const char *const yes[] = {"id", "ID", "CaseID", "case", "case_no", "caseId", "RESPID", "respondent", "serial", "serialno", "Record",
                                    "key", "hhid", "pid", "RESP_NR", "SEQN", "id2", "person_id", "personNumber", "uuid", "ROW_ID", "household.id"};
  static const char *const no[] = {"income", "paid", "covid", "grid", "response", "response_time", "case_count", "population", "keys_pressed",
                                   "humid", "numbers", "", "q1", "recall", "ideal", "cases", "number_of_rooms"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    ck_assert_msg(emend_name_is_identifier(yes[i]), "%s", yes[i]);
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    ck_assert_msg(!emend_name_is_identifier(no[i]), "%s", no[i]);
}
END_TEST

/* 200 positive fractions of a mean, the first so many missing: are they a weight that nobody declared? */
typedef struct weighing {
  const char *name, *label;
  double mean;
  size_t missing;
  bool weight;
} weighing;

static const weighing weighings[] = {
    {"w", "", 1, 0, true},         {"w", "", 1.4, 0, false},       {"w", "", 1, 40, false},        {"w1_income", "", 1, 0, false},
    {"wtssall", "", 1, 4, true},   {"hhwt", "", 1500, 0, true},    {"perwt", "", 80, 0, true},     {"hweight", "", 1, 0, true},
    {"lweight", "", 72, 0, false}, {"facexp", "", 2100, 0, true},  {"factor_exp", "", 310, 0, true}, {"cfactor", "", 1, 0, true},
    {"weight_w1", "", 1, 0, true}, {"pw_w1", "", 1, 0, true},      {"waga", "", 1, 0, true},       {"waga", "", 70, 0, false},
    {"vikt", "", 1, 0, true},      {"vikt", "", 70, 0, false},     {"KISH", "", 1, 0, true},       {"peso_anual", "", 1, 0, true},
    {"peso", "", 70, 0, false},    {"redressement", "", 1, 0, true}, {"growth", "", 1, 0, false},  {"a_indinus_xw", "", 1, 0, true},
    {"c_indinub_lw", "", 1, 60, true}, {"max_lw", "", 70, 0, false}, {"income", "", 1, 0, false},
    /* The label counts whatever the name is, also with many holes. */
    {"x1", "weight variable", 1.3, 0, true},
    {"x1", "Person post-stratification weight", 4000, 60, true},
    {"x1", "Weighting factor", 900, 0, true},
    {"x1", "Gewichtungsfaktor", 1.5, 60, true},
    {"x1", "Coefficient de pondération", 300, 0, true},
    {"x1", "Factor de expansión", 300, 0, true},
    {"x1", "waga analityczna", 7, 0, true},
    {"x1", "Full sample 2 year interview weight", 30000, 0, true},
    {"x1", "Weight wave 2", 1, 0, true},
    {"x1", "Weight wave 2", 1, 60, false},
    {"x1", "FINAL TRIMMED NONRESPONSE ADJUSTED STUDENT WEIGHT", 30, 60, true},
    {"x1", "Total student weight", 300, 60, true},
    {"x1", "Person weight", 500, 60, true},
    {"x1", "Haushaltsgewicht", 1.6, 60, true},
    {"x1", "WEIGHT RESULT FROM TARGET (REDRESSMENT)", 1.6, 60, true},
    {"x1", "FULL SAMPLE PRE-ELECTION WEIGHT", 1.6, 60, true},
    {"x1", "selection probability", 0.4, 60, true},
    {"x1", "Raking factor", 1.6, 60, true},
    {"W_FSTURWT1", "", 30, 0, true},
    {"hiwgt", "Weight", 1.6, 8, true},
    {"dnrweight", "", 1.6, 8, true},
    {"dnrweight", "", 1.6, 60, false},
    /* What people weigh. */
    {"x1", "Student weight", 5, 0, true},
    {"birthwt", "", 1.6, 0, false},
    {"brain_weight", "", 1350, 0, false}, {"dry_weight", "", 0.123, 0, false}, {"dry_weight", "", 1.1, 0, false},
    {"soil_dry_wt", "", 1500, 0, false},  {"wtmilk_wt", "", 1500, 0, false},   {"sampleA_weight", "", 0.123, 0, false},
    {"x1", "Family weight lifted in total", 500, 0, false},
    {"x1", "Perceived selection probability of my firm", 3, 0, false},
    {"dnrweight", "", 72, 0, false},
    {"x1", "weight of a parcel in ton", 0.4, 0, false},
    {"x1", "Weight", 72, 0, false},
    {"x1", "Weight in kg", 1, 0, false},
    {"weight", "Birth weight (kg)", 3.3, 0, false},
    {"weight", "Sample weight in gram", 3.3, 0, false},
    {"x1", "Körpergewicht", 75, 0, false},
    {"x1", "Weight of the baby, sample weight", 3.3, 0, false},
    {"x1", "How much weight do you give to it", 5, 0, false},
};

START_TEST(weights_by_name_and_label) {
  enum { N = 200 };
  const weighing *w = &weighings[_i];
  emend_dataset *dataset = kit_new("csv");
  kit_number(dataset, w->name), kit_number(dataset, "other");
  emend_offset label;
  ck_assert_int_eq(emend_dataset_add_text(dataset, w->label, strlen(w->label), &label, NULL), EMEND_OK);
  emend_dataset_edit_variable(dataset, 0)->label = label;
  for (size_t i = 0; i < N; i++) {
    double share = (double)(i * 37 % N) / (N - 1); /* 0 to 1 */
    kit_row(dataset, (double[]){i < w->missing ? NAN : w->mean * (0.4 + 1.2 * share), (double)(i % 3)});
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  bool aside = emend_plan_role(plan, 0) == EMEND_ROLE_EXCLUDED && strstr(emend_plan_why(plan, 0), "like a weight");
  ck_assert_msg(aside == w->weight, "%s (%s): %s", w->name, w->label, emend_plan_why(plan, 0));
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Weights are alike, so that one of them weighs the other's mean away from one. */
START_TEST(a_second_weight_beside_the_first) {
  enum { N = 200 };
  emend_dataset *dataset = kit_new("csv");
  kit_number(dataset, "w"), kit_number(dataset, "w2"), kit_number(dataset, "other");
  for (size_t i = 0; i < N; i++) {
    double w = exp(2.5 * (double)(i * 37 % N) / (N - 1)) / 4.473;
    kit_row(dataset, (double[]){i == 3 ? NAN : w, w, (double)(i % 3)});
  }
  emend_plan_options *options = emend_plan_options_new();
  ck_assert_int_eq(emend_plan_options_set_weight(options, "w2", NULL), EMEND_OK);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_int_eq(emend_plan_role(plan, 0), EMEND_ROLE_EXCLUDED);
  ck_assert_double_gt(plan->variables[0].observed.mean, 1.1);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* One column of n numbers a + b * i, and a second that varies; is the first an identifier? */
static bool is_identifier(const char *name, size_t n, double a, double b, size_t hole, size_t twin) {
  emend_dataset *dataset = kit_new("csv");
  kit_number(dataset, name), kit_number(dataset, "other");
  for (size_t i = 0; i < n; i++) {
    double cells[] = {i == hole ? NAN : a + b * (double)(i == twin ? i - 1 : i), 0.5 * (double)(i % 3)};
    kit_row(dataset, cells);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  bool answer = emend_plan_role(plan, 0) == EMEND_ROLE_ID;
  emend_plan_free(plan);
  emend_dataset_free(dataset);
  return answer;
}

START_TEST(identifiers) {
  const size_t none = SIZE_MAX;
  ck_assert(is_identifier("x", 3000, 1, 1, none, none));
  ck_assert(is_identifier("x", 3000, 5e6, 1, none, none));
  ck_assert(is_identifier("x", 3000, 3000, -1, none, none));
  ck_assert(!is_identifier("x", 3000, 1, 2, none, none));    /* distinct, whole, but not running */
  ck_assert(is_identifier("caseid", 3000, 1, 2, none, none)); /* named like one */
  ck_assert(!is_identifier("x", 3000, 1, 1, 17, none));      /* a hole */
  ck_assert(is_identifier("id", 3000, 1, 1, 17, none));      /* the name tells that the hole is none to fill */
  ck_assert(is_identifier("caseno", 3000, 1, 1, 17, none));
  ck_assert(is_identifier("hhid", 3000, 1, 1, 17, 18));      /* shared by two */
  ck_assert(is_identifier("caseno", 3000, 1, 1, 17, 30));    /* the rows of a panel */
  ck_assert(!is_identifier("case", 3000, 1, 1, 17, 30));
  ck_assert(!is_identifier("paid", 3000, 1, 1, 17, 30));
  ck_assert(is_identifier("id", 3000, 0.5, 1, none, none)); /* not whole, but all distinct */
  ck_assert(!is_identifier("population", 200, 1000, 7919, none, none));
  ck_assert(!is_identifier("id", 3000, 7, 0, none, none)); /* constant */
  ck_assert(!is_identifier("x", 9, 1, 1, none, none));     /* too few rows to tell by their running */
  ck_assert(is_identifier("x", 10, 1, 1, none, none));
  ck_assert(is_identifier("id", 3, 1, 1, none, none));
}
END_TEST

/* Numbers of households with those of their persons: 101.1, 101.2, 102.1 ..., `of_each` persons in a household, every `shared`th the same as the one before. */
static bool are_persons(const char *name, const char *label, size_t n, size_t of_each, size_t shared, double unit) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, name), kit_number(dataset, "other");
  ck_assert_int_eq(emend_dataset_add_text(dataset, label, strlen(label), &emend_dataset_edit_variable(dataset, 0)->label, NULL), EMEND_OK);
  for (size_t i = 0; i < n; i++) {
    size_t k = shared && i % shared == 1 ? i - 1 : i;
    kit_row(dataset, (double[]){i % 29 == 7 ? NAN : (double)(101 + k / of_each) + unit * (double)(1 + k % of_each), 0.5 * (double)(i % 3)});
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  bool answer = emend_plan_role(plan, 0) == EMEND_ROLE_ID;
  ck_assert(!answer || emend_plan_missing(plan, 0).fill == 0);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
  return answer;
}

START_TEST(identifiers_with_fractions) {
  static const char *const names[] = {"id", "ID", "hhid", "pid", "person_id", "CASEID"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    ck_assert_msg(are_persons(names[i], "", 300, 3, 0, 0.1), "%s", names[i]);
  ck_assert(are_persons("v1", "Household ID", 300, 3, 0, 0.1));
  ck_assert(are_persons("v1", "Person identifier", 300, 4, 0, 0.01));
  ck_assert(are_persons("pid", "", 300, 3, 50, 0.1));               /* nearly all distinct */
  ck_assert(!are_persons("pid", "", 300, 3, 5, 0.1));               /* a fifth of them twice: measurements */
  ck_assert(!are_persons("income", "", 300, 3, 0, 0.1));            /* nothing says so */
  ck_assert(!are_persons("resp", "", 300, 3, 0, 0.1));              /* nor does what is much else */
  ck_assert(!are_persons("v1", "Respondent's income", 300, 3, 0, 0.1));
  ck_assert(are_persons("v1", "Person no.", 300, 3, 0, 0.1) && !are_persons("v1", "Household income per head, number", 300, 3, 0, 0.1));
  ck_assert(!are_persons("pid", "", 300, 100, 0, 0.01));            /* three whole parts: a score */
  ck_assert(!are_persons("pid", "", 300, 3, 0, 0.1 + 1e-7));        /* measured more finely than persons are numbered */
  ck_assert(!are_persons("pid", "", 9, 3, 0, 0.1));                 /* too few */
}
END_TEST

/* The role of the first of two columns: n rows of a + b * (i / share), every `hole`th missing (0: none). */
static emend_role role_of(const char *name, size_t n, double a, double b, size_t share, size_t hole, const char *label) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, name), kit_number(dataset, "other");
  for (size_t i = 0; i < n; i++)
    kit_row(dataset, (double[]){hole && i % hole == 3 ? NAN : a + b * (double)(i / share), 0.5 * (double)(i % 3)});
  for (size_t i = 0; i < n && label; i += share)
    kit_label(dataset, 0, a + b * (double)(i / share), label);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_role role = emend_plan_role(plan, 0);
  if (role != EMEND_ROLE_FILL)
    ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 0);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
  return role;
}

/* Panels in long format: each identifier in three rows, however many identifiers there are, and whether or not some rows lack it. */
START_TEST(identifiers_that_rows_share) {
  static const char *const names[] = {"hhid", "pid", "PERSID", "persnr", "pnr", "hid", "caseid", "resp_id", "serial", "ssn", "case_no"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    for (size_t households = 20; households <= 2000; households *= 10)
      for (size_t hole = 0; hole <= 7; hole += 7)
        ck_assert_msg(role_of(names[i], 3 * households, 1000, 1, 3, hole, NULL) == EMEND_ROLE_ID, "%s, %zu", names[i], households);
  ck_assert_int_eq(role_of("humid", 600, 1000, 1, 3, 7, NULL), EMEND_ROLE_FILL);
  ck_assert_int_eq(role_of("pid", 600, 1, 1, 200, 7, NULL), EMEND_ROLE_FILL); /* three parties */
  ck_assert_int_eq(role_of("hhid", 600, 1, 1, 20, 7, "a label"), EMEND_ROLE_FILL);
}
END_TEST

START_TEST(numbers_of_telephones_and_places) {
  ck_assert_int_eq(role_of("phone", 400, 30123456, 7919, 2, 7, NULL), EMEND_ROLE_ID);
  ck_assert_int_eq(role_of("Tel_Nr", 400, 30123456, 7919, 2, 0, NULL), EMEND_ROLE_ID);
  ck_assert_int_eq(role_of("telefon", 400, 30123456, 7919, 2, 7, NULL), EMEND_ROLE_ID);
  ck_assert_int_eq(role_of("mobile", 400, 1, 1, 200, 7, NULL), EMEND_ROLE_FILL);   /* has one or not */
  ck_assert_int_eq(role_of("phone", 400, 0, 1, 2, 7, NULL), EMEND_ROLE_FILL);      /* minutes */
  ck_assert_int_eq(role_of("zip", 400, 10115, 37, 2, 7, NULL), EMEND_ROLE_ID);
  ck_assert_int_eq(role_of("POSTAL_CODE", 400, 1000, 3, 2, 7, NULL), EMEND_ROLE_ID);
  ck_assert_int_eq(role_of("plz", 400, 1067, 500, 2, 7, NULL), EMEND_ROLE_ID);
  ck_assert_int_eq(role_of("cp", 400, 75001, 1, 2, 7, NULL), EMEND_ROLE_ID);
  ck_assert_int_eq(role_of("cp", 400, 0, 1, 2, 7, NULL), EMEND_ROLE_FILL);         /* some count */
  ck_assert_int_eq(role_of("zip", 400, 1, 1, 100, 7, NULL), EMEND_ROLE_FILL);      /* four zones */
  ck_assert_int_eq(role_of("postcode", 400, 10115, 37, 100, 7, NULL), EMEND_ROLE_ID); /* four places */
  ck_assert_int_eq(role_of("cp", 400, 75001, 1, 100, 7, NULL), EMEND_ROLE_FILL);      /* much else is called so */
}
END_TEST

/* A person's kilograms are as alike as those of people, wherever somebody writes of a "person weight". */
START_TEST(weights_of_persons) {
  for (int body = 0; body <= 1; body++) {
    emend_dataset *dataset = kit_new("sav");
    kit_number(dataset, "x1"), kit_number(dataset, "other");
    emend_offset label;
    ck_assert_int_eq(emend_dataset_add_text(dataset, "Person weight", 13, &label, NULL), EMEND_OK);
    emend_dataset_edit_variable(dataset, 0)->label = label;
    for (size_t i = 0; i < 200; i++)
      kit_row(dataset, (double[]){i % 7 == 3 ? NAN : 72 + (body ? 0.2 : 0.7) * ((double)(i * 37 % 200) - 100), (double)(i % 3)});
    emend_plan *plan = kit_plan(dataset, NULL);
    ck_assert_int_eq(emend_plan_role(plan, 0), body ? EMEND_ROLE_FILL : EMEND_ROLE_EXCLUDED);
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

START_TEST(how_the_sample_was_drawn) {
  ck_assert_int_eq(role_of("psu", 400, 1, 1, 4, 7, NULL), EMEND_ROLE_EXCLUDED);
  ck_assert_int_eq(role_of("STRATUM", 400, 1, 1, 40, 7, NULL), EMEND_ROLE_EXCLUDED);
  ck_assert_int_eq(role_of("strata", 400, 1, 1, 100, 7, "North"), EMEND_ROLE_PREDICT); /* labelled, it tells something */
  ck_assert_int_eq(role_of("cluster_id", 400, 1, 1, 4, 7, NULL), EMEND_ROLE_EXCLUDED);
  ck_assert_int_eq(role_of("stratification", 400, 1, 1, 40, 7, NULL), EMEND_ROLE_FILL);
  ck_assert_int_eq(role_of("wgt", 400, 0.3, 0.01, 3, 7, NULL), EMEND_ROLE_EXCLUDED);
  ck_assert_int_eq(role_of("pweight", 400, 800, 0.5, 3, 7, NULL), EMEND_ROLE_EXCLUDED);
  ck_assert_int_eq(role_of("Poids", 400, 0.3, 0.01, 3, 7, NULL), EMEND_ROLE_EXCLUDED);
  ck_assert_int_eq(role_of("ponderación", 400, 300, 7, 3, 7, NULL), EMEND_ROLE_EXCLUDED);
  ck_assert_int_eq(role_of("weight", 400, 45.5, 0.25, 3, 7, NULL), EMEND_ROLE_FILL); /* kilograms */
  ck_assert_int_eq(role_of("gewicht", 400, 50, 1, 4, 7, NULL), EMEND_ROLE_FILL);
  ck_assert_int_eq(role_of("weight", 400, 1, 1, 200, 7, "a problem"), EMEND_ROLE_FILL);
}
END_TEST

/* A set over the variables from `first` on. */
static void add_set(emend_dataset *dataset, emend_set_kind kind, const char *counted, uint32_t first, size_t n) {
  emend_variable_set set = {.kind = kind, .n_members = n};
  uint32_t members[8];
  for (uint32_t i = 0; i < n; i++)
    members[i] = first + i;
  ck_assert_int_eq(emend_dataset_add_text(dataset, "set", 3, &set.name, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_text(dataset, counted, strlen(counted), &set.counted, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_indices(dataset, members, n, &set.members, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_add_variable_set(dataset, &set, NULL), EMEND_OK);
}

static emend_dataset *media(void) {
  emend_dataset *dataset = kit_new("sav");
  static const char *const names[] = {"tv", "radio", "web", "n1", "n2", "box_a", "box_b", "x", "only1", "y2"};
  for (size_t v = 0; v < sizeof names / sizeof *names; v++)
    kit_number(dataset, names[v]);
  for (size_t i = 0; i < 200; i++)
    kit_row(dataset, (double[]){i % 5 < 3 ? 1 : NAN, i % 7 ? 1 : NAN, i % 9 ? (double)(i % 2) : NAN, 1 + (double)(i / 3 % 4), (i * 7 + i / 10) % 11 > 4 ? 1 + (double)(i / 7 % 5) : NAN,
                                i % 3 ? 1 : NAN, i % 4 ? 2 : NAN, i % 11 ? (double)(i % 13) : NAN, i % 6 ? 1 : NAN, (double)(i % 17)});
  return dataset;
}

/* "No" by all, in a battery of yes and no: an answer, and no box that nobody ticked. */
START_TEST(answers_beside_yes_and_no) {
  for (int both = 0; both < 2; both++) {
    emend_dataset *dataset = kit_table("q_1 q_2 q_3 x", 0, 4, NULL);
    for (size_t i = 0; i < 60; i++)
      kit_row(dataset, (double[]){both && i % 3 == 0 ? 1 : 2, i % 7 ? 2 : NAN, i % 5 ? 2 : NAN, (double)(i * 7 % 23)});
    emend_plan *plan = kit_plan(dataset, NULL);
    for (size_t v = 1; v < 3; v++)
      ck_assert_msg((strstr(emend_plan_why(plan, v), "like its neighbours") == NULL) == (both == 1), "%d: %s", both, emend_plan_why(plan, v));
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

START_TEST(several_answers_to_one_question) {
  enum { TV, RADIO, WEB, N1, N2, BOX_A, BOX_B, X, ONLY };
  emend_dataset *dataset = media();
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert(emend_plan_missing(plan, TV).fill == 80 && emend_plan_missing(plan, N2).fill > 80); /* nothing tells */
  ck_assert(emend_plan_missing(plan, BOX_A).fill == 0 && emend_plan_missing(plan, BOX_B).fill == 0 && emend_plan_missing(plan, ONLY).fill > 0);
  ck_assert_ptr_nonnull(strstr(emend_plan_why(plan, BOX_A), "like its neighbours"));
  emend_plan_free(plan);
  add_set(dataset, EMEND_SET_DICHOTOMIES, "1", TV, 3), add_set(dataset, EMEND_SET_CATEGORIES, "", N1, 2);
  plan = kit_plan(dataset, NULL);
  ck_assert(emend_plan_missing(plan, TV).fill == 0 && emend_plan_missing(plan, TV).keep == 80 && emend_plan_missing(plan, RADIO).fill == 0);
  ck_assert_ptr_nonnull(strstr(emend_plan_why(plan, TV), "not mentioned"));
  ck_assert_int_eq(emend_plan_role(plan, TV), EMEND_ROLE_CONSTANT);
  ck_assert_uint_eq(emend_plan_missing(plan, WEB).fill, 23); /* both answers */
  ck_assert(emend_plan_missing(plan, N2).fill == 0 && emend_plan_role(plan, N2) == EMEND_ROLE_PREDICT && emend_plan_missing(plan, X).fill > 0);
  ck_assert_ptr_nonnull(strstr(emend_plan_why(plan, N2), "no further mention"));
  emend_plan_free(plan);
  emend_plan_options *options = emend_plan_options_new();
  ck_assert_int_eq(emend_plan_options_set_targets(options, "tv,n2,box_a,x", NULL), EMEND_OK);
  plan = kit_plan(dataset, options);
  ck_assert(emend_plan_missing(plan, TV).fill == 80 && emend_plan_missing(plan, N2).fill > 80 && emend_plan_missing(plan, BOX_A).fill == 67);
  emend_plan_free(plan);
  emend_plan_options_set_targets(options, "tv-radio,n*,box_?", NULL);
  plan = kit_plan(dataset, options);
  ck_assert(emend_plan_missing(plan, TV).fill == 80 && emend_plan_missing(plan, N2).fill > 80 && emend_plan_missing(plan, BOX_A).fill == 67);
  emend_plan_free(plan);
  emend_plan_options_set_targets(options, "*", NULL);
  plan = kit_plan(dataset, options);
  ck_assert(emend_plan_missing(plan, TV).fill == 0 && emend_plan_missing(plan, N2).fill == 0 && emend_plan_missing(plan, BOX_A).fill == 0);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(what_is_rounded) {
  static const double cells[][4] = {{1.5, 1.5, 1, 0.5}, {2.5, 2.5, 2, 1}, {NAN, NAN, NAN, NAN}, {3.5, 3.25, 9, 0.25}, {1.5, 7.125, 2, 0.125}};
  emend_dataset *dataset = kit_table("labelled partly whole plain", 5, 4, cells[0]);
  kit_label(dataset, 0, 1.5, "low"), kit_label(dataset, 0, 2.5, "middle");
  kit_label(dataset, 1, 1.5, "low"), kit_label(dataset, 1, 2.5, "middle");
  for (size_t v = 0; v < 4; v++) /* says nothing by itself */
    emend_dataset_edit_variable(dataset, v)->measure = v == 3 ? EMEND_NOMINAL : EMEND_SCALE;
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert(emend_plan_rounds(plan, 0));  /* two of three values */
  ck_assert(!emend_plan_rounds(plan, 1)); /* two of four */
  ck_assert(emend_plan_rounds(plan, 2));
  ck_assert(!emend_plan_rounds(plan, 3));
  ck_assert_uint_eq(plan->variables[0].allowed.n_values, 3);
  ck_assert_uint_eq(plan->variables[2].allowed.n_values, 3);
  ck_assert_ptr_null(plan->variables[1].allowed.values);
  emend_plan_free(plan);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_round(options, 0);
  plan = kit_plan(dataset, options);
  for (size_t v = 0; v < 4; v++)
    ck_assert(!emend_plan_rounds(plan, v) && !plan->variables[v].allowed.values);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* Only where fractions come into a variable of whole numbers; single precision and variables without holes stay. */
START_TEST(what_is_widened) {
  static const double cells[] = {1, 7, 3, 1.5, 5, 2, 2, 9, 4, 2.5, 5, 2, 1, NAN, NAN, NAN, NAN, 3, 2, 8, 9, 0.25, 5, NAN, NAN, 6, 1, 1, 5, 1};
  static const emend_storage own[] = {EMEND_STORAGE_I8,  EMEND_STORAGE_I16, EMEND_STORAGE_I32,
                                      EMEND_STORAGE_F32, EMEND_STORAGE_I8,  EMEND_STORAGE_F64};
  emend_dataset *dataset = kit_new("dta");
  for (size_t v = 0; v < 6; v++)
    kit_add(dataset, ((const char *const[]){"a", "b", "c", "f", "flat", "d"})[v], EMEND_NUMERIC, own[v]);
  kit_rows(dataset, 5, cells);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan *plan = kit_plan(dataset, options);
  for (size_t v = 0; v < 6; v++) {
    ck_assert_int_eq(emend_plan_storage(plan, v), own[v]);
    ck_assert_int_eq(plan->fills[v], v == 3 || v == 4 ? EMEND_FILLS_ANY : EMEND_FILLS_OCCURRING);
  }
  emend_plan_free(plan);
  emend_plan_options_set_round(options, 0);
  emend_plan_options_set_exclude(options, "c", NULL);
  plan = kit_plan(dataset, options);
  for (size_t v = 0; v < 6; v++)
    ck_assert_int_eq(emend_plan_storage(plan, v), v < 2 ? EMEND_STORAGE_F64 : own[v]);
  for (size_t v = 0; v < 6; v++)
    ck_assert_int_eq(plan->fills[v], v == 2 ? EMEND_FILLS_NOTHING : EMEND_FILLS_ANY);
  bool moved;
  ck_assert_double_eq(emend_allowed_nearest(&plan->variables[0].allowed, 100.75, &moved), 100.75); /* beyond a byte, and no whole number */
  ck_assert(!moved);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* The list of values of a long column of random whole numbers, negative and huge ones too, is what sorting finds. */
/* One value in few rows ("8 or nothing") says little of the others: such holes are filled only on demand. */
START_TEST(rare_constants_are_left) {
  static const double cells[] = {1, 5, 8, 2, 5, NAN, 4, 5, NAN, 3, NAN, NAN, 9, NAN, 8};
  emend_dataset *dataset = kit_table("x common rare", 5, 3, cells);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_int_eq(emend_plan_role(plan, 1), EMEND_ROLE_CONSTANT);
  ck_assert_int_eq(emend_plan_role(plan, 2), EMEND_ROLE_CONSTANT);
  ck_assert_uint_eq(emend_plan_missing(plan, 1).fill, 2);
  ck_assert_uint_eq(emend_plan_missing(plan, 2).fill, 0);
  ck_assert_uint_eq(emend_plan_missing(plan, 2).keep, 3);
  emend_plan_free(plan);
  /* A name, a range and a pattern name it; a bare star nothing, nor does the model. */
  static const struct {
    const char *vars, *targets;
    size_t common, rare;
    bool on_demand;
  } wishes[] = {{NULL, NULL, 2, 0, true},      {NULL, "rare", 0, 3, false}, {NULL, "r*", 0, 3, false},         {NULL, "common-rare", 2, 3, false},
                {NULL, "*", 2, 0, true},       {NULL, "**", 2, 0, true},    {NULL, "*,rare", 2, 3, false},     {NULL, "*,r*", 2, 3, false},
                {"common-rare", NULL, 2, 0, false}, {NULL, "common", 2, 0, false},
                {NULL, "x", 0, 0, false}};
  for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
    emend_plan_options_set_variables(options, wishes[i].vars, NULL);
    emend_plan_options_set_targets(options, wishes[i].targets, NULL);
    plan = kit_plan(dataset, options);
    ck_assert_uint_eq(emend_plan_missing(plan, 1).fill, wishes[i].common);
    ck_assert_uint_eq(emend_plan_missing(plan, 2).fill, wishes[i].rare);
    ck_assert_int_eq(emend_plan_on_demand(plan, 2), wishes[i].on_demand);
    ck_assert_int_eq(emend_plan_on_demand(plan, 1), 0);
    emend_plan_free(plan);
  }
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(distinct_values) {
  enum { N = 20000 };
  emend_dataset *dataset = kit_new("csv");
  kit_number(dataset, "x");
  double *values = malloc(N * sizeof *values);
  for (uint64_t i = 0; i < N; i++) {
    double u = emend_random_uniform(7, EMEND_STREAM_TEST, i, 0), scale = i % 3 == 0 ? 50 : i % 3 == 1 ? 3000 : 1e12;
    values[i] = i % 10 == 5 ? NAN : floor(scale * (u - 0.5));
    kit_row(dataset, &values[i]);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  const emend_allowed *allowed = &plan->variables[0].allowed;
  for (size_t i = 1; i < allowed->n_values; i++)
    ck_assert_double_lt(allowed->values[i - 1], allowed->values[i]);
  size_t found = 0;
  bool *hit = calloc(allowed->n_values, 1);
  for (size_t i = 0; i < N; i++) {
    if (isnan(values[i]))
      continue;
    bool moved;
    ck_assert_double_eq(emend_allowed_nearest(allowed, values[i], &moved), values[i]);
    size_t lo = 0, hi = allowed->n_values;
    while (hi - lo > 1)
      *(allowed->values[lo + (hi - lo) / 2] <= values[i] ? &lo : &hi) = lo + (hi - lo) / 2;
    found += !hit[lo];
    hit[lo] = true;
  }
  ck_assert_uint_eq(found, allowed->n_values); /* none that does not occur */
  free(hit);
  free(values);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(infinite_values_are_refused) {
  static const double cells[][2] = {{1, 2}, {2, INFINITY}, {5, 4}};
  emend_dataset *dataset = kit_table("x y", 3, 2, cells[0]);
  ck_assert_str_eq(kit_plan_refusal(dataset, NULL, EMEND_UNSUPPORTED), "y, row 2: the value is infinite; try --exclude y");
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_exclude(options, "y", NULL);
  emend_plan_free(kit_plan(dataset, options));
  emend_plan_options_set_exclude(options, NULL, NULL);
  emend_plan_options_set_weight(options, "y", NULL);
  ck_assert_str_eq(kit_plan_refusal(dataset, options, EMEND_UNSUPPORTED), "y, row 2: the weight is infinite; try --weight none");
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* A never observed variable whose missing cells are all of a kind that stays makes no promise. */
START_TEST(nothing_but_kept_codes) {
  static const double cells[][2] = {{KIT_TAG('a'), 1}, {KIT_TAG('b'), 2}, {KIT_TAG('a'), 4}};
  emend_dataset *dataset = kit_table("x y", 3, 2, cells[0]);
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_int_eq(emend_plan_role(plan, 0), EMEND_ROLE_EXCLUDED);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 0);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).keep, 3);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(no_rows_and_no_variables) {
  emend_dataset *dataset = kit_new("csv");
  emend_plan_free(kit_plan(dataset, NULL));
  kit_number(dataset, "x"), kit_add(dataset, "t", EMEND_TEXT, EMEND_STORAGE_TEXT);
  emend_plan *plan = kit_plan(dataset, NULL);
  expect_roles(plan, "XX");
  ck_assert_str_eq(emend_plan_why(plan, 0), "no rows");
  emend_plan_free(plan);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_weight(options, "x", NULL);
  plan = kit_plan(dataset, options);
  expect_roles(plan, "WX");
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* The matrix is the dataset, cell by cell, whichever blocks are asked for. */
START_TEST(matrix_of_a_plan) {
  enum { N = 2500 };
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "a"), kit_add(dataset, "t", EMEND_TEXT, EMEND_STORAGE_TEXT), kit_number(dataset, "b"), kit_number(dataset, "c");
  kit_declare(dataset, 2, 9, 9);
  for (int i = 0; i < N; i++) {
    double cells[] = {i % 7 ? i * 0.5 : NAN, i % 10, i % 11 ? i % 3 : KIT_TAG('q')};
    kit_row(dataset, cells);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_encoding encoding;
  ck_assert_int_eq(emend_encoding_of_plan(plan, &encoding, NULL), EMEND_OK);
  emend_matrix matrix = emend_encoding_matrix(&encoding);
  ck_assert_uint_eq(matrix.n_columns, 3);
  ck_assert_uint_eq(matrix.n_rows, N);
  ck_assert_ptr_null(matrix.weights);
  double *block = malloc(3 * N * sizeof *block);
  for (size_t row = 0, n = 1; row < N; row += n, n = n * 3 % 1500 + 1) {
    n = n < N - row ? n : N - row;
    matrix.read(matrix.state, row, n, block);
    for (size_t i = 0; i < n; i++) {
      size_t r = row + i;
      double wanted[] = {r % 7 ? (double)r * 0.5 : NAN, r % 10 == 9 ? NAN : (double)(r % 10), r % 11 ? (double)(r % 3) : NAN};
      for (size_t j = 0; j < 3; j++)
        ck_assert(block[i * 3 + j] == wanted[j] || (isnan(block[i * 3 + j]) && isnan(wanted[j])));
    }
  }
  free(block);
  emend_encoding_free(&encoding);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Real tables: what is an identifier there, and what is not. */
START_TEST(real_tables) {
  emend_dataset *dataset = kit_csv(support_shared("data/real/mammalsleep.csv"), 1);
  if (!dataset)
    return;
  ck_assert_uint_eq(emend_dataset_rows(dataset), 62);
  emend_plan *plan = kit_plan(dataset, NULL);
  expect_roles(plan, "FFFFFFFFFF");
  static const size_t missing[] = {0, 0, 14, 12, 4, 4, 4, 0, 0, 0}; /* counted in the file with other tools */
  for (size_t v = 0; v < 10; v++) {
    ck_assert_uint_eq(emend_plan_missing(plan, v).fill, missing[v]);
    ck_assert_int_eq(emend_plan_rounds(plan, v), v >= 7); /* pi, sei, odi */
  }
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Weights of 1 say nothing, but let every cell be looked at one by one. */
START_TEST(columns_of_reals_are_observed_alike_with_and_without_weights) {
  enum { ROWS = 3000 };
  double ones[ROWS];
  emend_dataset *dataset = kit_new("sav");
  for (size_t v = 0; v < 4; v++)
    kit_number(dataset, (const char *[]){"reals", "late", "infinite", "coded"}[v]);
  kit_declare(dataset, 3, -9, -9);
  for (size_t i = 0; i < ROWS; i++) {
    double x = 10 * emend_random_normal(3, EMEND_STREAM_TEST, i, 0);
    bool hole = emend_random_uniform(3, EMEND_STREAM_TEST, i, 1) < 0.2;
    kit_row(dataset, (double[]){hole ? NAN : x, hole ? NAN : i < 2000 ? floor(x) : x, i == 1700 ? INFINITY : hole ? NAN : x, hole ? -9 : x});
    ones[i] = 1;
  }
  emend_observe_work work;
  ck_assert_int_eq(emend_observe_work_new(&work, NULL), EMEND_OK);
  for (size_t v = 0; v < 4; v++) {
    emend_observed plain, weighted;
    emend_weight_kind kind = v % 2 ? EMEND_FREQUENCY_WEIGHTS : EMEND_SAMPLING_WEIGHTS;
    ck_assert_int_eq(emend_observe(dataset, v, ones, kind, false, &work, &weighted, NULL), EMEND_OK);
    size_t codes = emend_tally_count(work.codes, -9);
    ck_assert_int_eq(emend_observe(dataset, v, NULL, kind, false, &work, &plain, NULL), EMEND_OK);
    ck_assert_uint_eq(emend_tally_count(work.codes, -9), codes);
    ck_assert_uint_eq(codes, v == 3 ? plain.by_reason[EMEND_USER_MISSING] : 0);
    ck_assert_uint_eq(plain.infinite_row, v == 2 ? 1701 : 0);
    ck_assert_uint_eq(weighted.infinite_row, plain.infinite_row);
    ck_assert(isfinite(plain.mean) && isfinite(plain.sd));
    ck_assert(plain.mean == weighted.mean && plain.sd == weighted.sd && plain.min == weighted.min && plain.max == weighted.max);
  }
  emend_observe_work_free(&work);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("plan");
  TCase *tests = tcase_create("plans");
  tcase_add_loop_test(tests, roles, 0, sizeof role_cases / sizeof *role_cases);
  tcase_add_test(tests, reasons_and_promises);
  tcase_add_loop_test(tests, contradictions, 0, sizeof bad_cases / sizeof *bad_cases);
  tcase_add_test(tests, a_file_whose_weights_are_all_missing);
  tcase_add_test(tests, weights);
  tcase_add_test(tests, fractional_weights_are_sampling_weights);
  tcase_add_test(tests, names_of_identifiers);
  tcase_add_loop_test(tests, weights_by_name_and_label, 0, sizeof weighings / sizeof *weighings);
  tcase_add_test(tests, a_second_weight_beside_the_first);
  tcase_add_test(tests, identifiers);
  tcase_add_test(tests, identifiers_with_fractions);
  tcase_add_test(tests, identifiers_that_rows_share);
  tcase_add_test(tests, numbers_of_telephones_and_places);
  tcase_add_test(tests, weights_of_persons);
  tcase_add_test(tests, how_the_sample_was_drawn);
  tcase_add_test(tests, several_answers_to_one_question);
  tcase_add_test(tests, answers_beside_yes_and_no);
  tcase_add_test(tests, what_is_rounded);
  tcase_add_test(tests, what_is_widened);
  tcase_add_test(tests, rare_constants_are_left);
  tcase_add_test(tests, distinct_values);
  tcase_add_test(tests, infinite_values_are_refused);
  tcase_add_test(tests, nothing_but_kept_codes);
  tcase_add_test(tests, no_rows_and_no_variables);
  tcase_add_test(tests, matrix_of_a_plan);
  tcase_add_test(tests, columns_of_reals_are_observed_alike_with_and_without_weights);
  tcase_add_test(tests, real_tables);
  suite_add_tcase(suite, tests);
  return suite;
}
