/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ends that a number's answers, label and name show, from the plan to the filled cells. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/kit.h"
#include "encode/plan.h"

enum { ROWS = 300 };

static double normal(size_t row, size_t column) { return emend_random_normal(21, EMEND_STREAM_TEST, row, column); }

/* x, and a number that follows it, from `lo` to `hi`, both reached if they are `reached`; w, 1 in every row. A third of it is missing. */
static emend_dataset *make(const char *name, const char *label, double lo, double hi, bool reached) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "x"), kit_number(dataset, name), kit_number(dataset, "w");
  ck_assert_int_eq(emend_dataset_add_text(dataset, label, strlen(label), &emend_dataset_edit_variable(dataset, 1)->label, NULL), EMEND_OK);
  for (size_t i = 0; i < ROWS; i++) {
    double x = normal(i, 0), y = lo + (hi - lo) * (0.5 + 0.3 * x + 0.1 * normal(i, 1)), margin = reached ? 0 : 0.01 * (hi - lo);
    y = fmin(fmax(y, lo + margin), hi - margin);
    kit_row(dataset, (double[]){x, i % 3 ? y : NAN, 1});
  }
  return dataset;
}

static void expect(const emend_dataset *dataset, const emend_plan_options *options, double lo, double hi, const char *what) {
  emend_plan *plan = kit_plan(dataset, options);
  double least, most;
  int bounded = emend_plan_bounds(plan, 1, &least, &most);
  ck_assert_msg(bounded == (isfinite(lo) || isfinite(hi)), "%s", what);
  ck_assert_msg(!bounded || (least == lo && most == hi), "%s: %g to %g for %g to %g", what, least, most, lo, hi);
  emend_plan_free(plan);
}

START_TEST(what_answers_labels_and_names_show) {
  static const double none = HUGE_VAL;
  static const struct {
    const char *name, *label;
    double from, to;
    bool reached;
    double lo, hi;
  } cases[] = {
      {"y", "", -3, 5, true, -none, none},
      {"y", "", 0, 5, true, 0, none},
      {"y", "", 2, 5, true, 0, none},
      {"y", "", -5, 0, true, -none, 0},
      {"y", "", -5, -2, true, -none, 0},
      /* Percentages: a hundred is reached, or somebody says so. */
      {"y", "", 0, 100, true, 0, 100},
      {"y", "", 40, 100, true, 0, 100},
      {"y", "", 0, 100, false, 0, none},
      {"y", "", 0, 100.5, true, 0, none},
      {"y", "", -1, 100, true, -none, none},
      {"y", "Turnout (%)", 0, 100, false, 0, 100},
      {"y", "Turnout (%)", 0, 120, false, 0, none},
      {"y", "Turnout (%)", -10, 90, false, -none, none},
      {"y", "Change in %", -10, -1, false, -none, 0},
      {"y", "Percent of time", 3, 50, false, 0, 100},
      {"y", "a PERCENTAGE", 3, 50, false, 0, 100},
      {"y", "pct. urban", 3, 50, false, 0, 100},
      {"y", "Prozent der Zeit", 3, 50, false, 0, 100},
      {"y", "en pourcentage", 3, 50, false, 0, 100},
      {"y", "Porcentaje", 3, 50, false, 0, 100},
      {"y", "Percentile of income", 3, 50, false, 0, none},
      {"y", "Prozente", 3, 50, false, 0, none},
      {"urban_pct", "", 3, 50, false, 0, 100},
      {"pctUrban", "", 3, 50, false, 0, 100},
      {"PCT1", "", 3, 50, false, 0, 100},
      {"pctile", "", 3, 50, false, 0, none},
      /* Shares: the label alone tells. */
      {"y", "Share of income", 0, 1, true, 0, 1},
      {"y", "Anteil der Frauen", 0.1, 0.9, false, 0, 1},
      {"y", "proportion", 0.1, 0.9, false, 0, 1},
      {"y", "The fraction", 0.1, 0.9, false, 0, 1},
      {"y", "", 0, 1, true, 0, none},
      {"share", "", 0, 1, true, 0, none},
      {"y", "Shareholders", 0, 1, true, 0, none},
      {"y", "Share of income", 0, 1.5, true, 0, none},
      {"y", "Share of income, %", 0, 0.9, false, 0, 100},
      {"y", "Share of income", 0, 50, false, 0, none},
      {"y", "percentuale", 3, 50, false, 0, 100},
      {"y", "ett antal procent", 3, 50, false, 0, 100},
      {"y", "процент", 3, 50, false, 0, 100},
      {"y", "andel", 0.1, 0.9, false, 0, 1},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_dataset *dataset = make(cases[i].name, cases[i].label, cases[i].from, cases[i].to, cases[i].reached);
    char what[100];
    snprintf(what, sizeof what, "%s \"%s\" from %g to %g", cases[i].name, cases[i].label, cases[i].from, cases[i].to);
    expect(dataset, NULL, cases[i].lo, cases[i].hi, what);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* A life span of a hundred years, or the best of the scores: one or two answers that happen to be 100 are no end, nor are more in rows without weight. */
START_TEST(a_hundred_by_chance) {
  static const struct {
    const char *label;
    size_t hundreds, without_weight;
    double hi;
  } cases[] = {{"Life span, years", 1, 0, HUGE_VAL}, {"Life span, years", 2, 0, HUGE_VAL}, {"Score", 3, 0, 100},
               {"Score", 2, 9, HUGE_VAL},            {"Score", 3, 9, 100},                 {"% correct", 1, 0, 100},
               {"Share of income", 1, 0, 100}};
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_weight(options, "w", NULL);
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    emend_dataset *dataset = kit_new("sav");
    kit_number(dataset, "x"), kit_number(dataset, "y"), kit_number(dataset, "w");
    ck_assert_int_eq(
        emend_dataset_add_text(dataset, cases[k].label, strlen(cases[k].label), &emend_dataset_edit_variable(dataset, 1)->label, NULL), EMEND_OK);
    for (size_t i = 0; i < ROWS; i++) {
      bool hundred = i < cases[k].hundreds, apart = i >= ROWS - cases[k].without_weight;
      double y = fmin(fmax(60 + 20 * normal(i, 0), 0), 99.5);
      kit_row(dataset, (double[]){normal(i, 0), i % 3 == 2 && i > 9 && !apart ? NAN : hundred || apart ? 100 : y, apart ? 0 : 1.5});
    }
    expect(dataset, options, 0, cases[k].hi, cases[k].label);
    emend_dataset_free(dataset);
  }
  emend_plan_options_free(options);
}
END_TEST

/* Bounds say otherwise; a number that is called continuous, or not rounded, is what the model says; a transform leaves what it cannot pass unsaid. */
START_TEST(what_is_said_beats_what_is_seen) {
  emend_dataset *dataset = make("y", "Turnout (%)", 1, 99, true);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_bounds(options, "y=:300", NULL);
  expect(dataset, options, -HUGE_VAL, 300, "bounds");
  emend_plan_options_set_bounds(options, NULL, NULL);
  emend_plan_options_set_transforms(options, "y=log", NULL);
  expect(dataset, options, 0, 100, "log of a percentage");
  emend_plan_options_set_transforms(options, NULL, NULL);
  emend_plan_options_set_type(options, EMEND_TYPE_CONTINUOUS, "y", NULL);
  expect(dataset, options, -HUGE_VAL, HUGE_VAL, "continuous");
  emend_plan_options_set_type(options, EMEND_TYPE_CONTINUOUS, NULL, NULL);
  emend_plan_options_set_round(options, 0);
  expect(dataset, options, -HUGE_VAL, HUGE_VAL, "not rounded");
  emend_dataset_free(dataset);
  dataset = make("y", "", 1, 99, true);
  emend_plan_options_set_round(options, 1);
  emend_plan_options_set_transforms(options, "y=log", NULL);
  expect(dataset, options, -HUGE_VAL, HUGE_VAL, "log");
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* What rows without weight answered shows nothing: neither of numbers nor of whole ones. */
START_TEST(rows_that_weigh_nothing) {
  for (int whole = 0; whole < 2; whole++) {
    emend_dataset *dataset = kit_new("sav");
    kit_number(dataset, "x"), kit_number(dataset, "y"), kit_number(dataset, "w");
    for (size_t i = 0; i < ROWS; i++) {
      double x = normal(i, 0), y = fmin(5 * x + 2 * normal(i, 1), 0);
      bool apart = i % 10 == 1;
      kit_row(dataset, (double[]){x, i % 3 == 0 ? NAN : apart ? 4 + (double)(i % 7) : whole ? floor(y) : y + (y < 0 ? 1e-7 : 0), apart ? 0 : 1.5});
    }
    emend_plan_options *options = emend_plan_options_new();
    emend_plan *plan;
    ck_assert_int_eq(emend_plan_options_set_weight(options, "w", NULL), EMEND_OK);
    ck_assert_int_eq(emend_plan_options_set_type(options, EMEND_TYPE_INTEGER, whole ? "y" : NULL, NULL), EMEND_OK);
    plan = kit_plan(dataset, options);
    double lo, hi;
    ck_assert_int_eq(emend_plan_bounds(plan, 1, &lo, &hi), !whole);
    ck_assert(whole || hi == 0);
    static const emend_method methods[] = {EMEND_METHOD_EXPECTATION, EMEND_METHOD_DRAW, EMEND_METHOD_MODE};
    for (size_t m = 0; m < 3; m++) {
      emend_method_options *method = emend_method_options_new();
      emend_imputation *made;
      size_t at_end = 0;
      emend_method_options_set_method(method, methods[m]);
      ck_assert_int_eq(emend_impute_by(plan, NULL, NULL, method, NULL, &made, NULL), EMEND_OK);
      for (size_t i = 0; i < ROWS; i += 3) {
        double y;
        ck_assert(emend_imputation_cell(made, i, 1, &y) && y <= 0);
        at_end += y == 0;
      }
      ck_assert_uint_gt(at_end, 5); /* where the model says more */
      emend_imputation_free(made);
      emend_method_options_free(method);
    }
    emend_plan_options_free(options);
    emend_plan_free(plan);
    emend_dataset_free(dataset);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("plausible ends");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 60);
  tcase_add_test(all, what_answers_labels_and_names_show);
  tcase_add_test(all, a_hundred_by_chance);
  tcase_add_test(all, what_is_said_beats_what_is_seen);
  tcase_add_test(all, rows_that_weigh_nothing);
  suite_add_tcase(suite, all);
  return suite;
}
