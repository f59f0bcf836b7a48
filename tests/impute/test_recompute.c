/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody computed from other variables: products, ratios, sums, means. What is filled of them agrees. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/computation.h"
#include "encode/kit.h"
#include "encode/plan.h"
#include "impute/run.h"

enum { HEIGHT, WEIGHT, BMI, CLASS, HOURS, WAGE, PAY, A, B, C, TOTAL, M1, M2, M3, MEAN, MOOD, VARIABLES, ROWS = 400 };

static const char *const names[] = {"height", "weight", "bmi",   "class", "hours", "wage", "pay",  "a",
                                    "b",      "c",      "total", "m1",    "m2",    "m3",   "mean", "mood"};

static double uniform(size_t row, size_t use) { return emend_random_uniform(12, EMEND_STREAM_TEST, row, use); }
static double to(double x, double scale) { return round(x * scale + 1e-9) / scale; }
static double bmi_of(double height, double weight) { return 10000 * weight / (height * height); }
static double class_of(double bmi) { return 1 + (bmi >= 20) + (bmi >= 25) + (bmi >= 30); }

static void truth(size_t row, double *x) {
  double health = uniform(row, 0) + uniform(row, 1) - 1;
  x[HEIGHT] = 150 + floor(45 * uniform(row, 2)), x[WEIGHT] = to(x[HEIGHT] - 105 + 25 * health + 15 * uniform(row, 3), 10);
  x[BMI] = to(bmi_of(x[HEIGHT], x[WEIGHT]), 100), x[CLASS] = class_of(x[BMI]);
  x[HOURS] = 5 + floor(40 * uniform(row, 4)), x[WAGE] = to(8 + 40 * uniform(row, 5), 100), x[PAY] = to(x[HOURS] * x[WAGE], 100);
  x[A] = floor(60 * uniform(row, 6)), x[B] = floor(150 * uniform(row, 7)), x[C] = floor(90 * uniform(row, 8)),
  x[TOTAL] = x[A] + x[B] + x[C];
  for (size_t k = 0; k < 3; k++)
    x[M1 + k] = fmin(7, fmax(1, round(4 + 2 * health + 4 * uniform(row, 9 + k) - 2)));
  x[MEAN] = to((x[M1] + x[M2] + x[M3]) / 3, 100), x[MOOD] = 1 + floor(9 * uniform(row, 12));
}

static bool lacks(size_t row, size_t v) { return uniform(row, 20 + v) < 0.12; }

typedef void change_fn(size_t row, double *cells, const double *x);

/* `step` is prime to the rows: they come in another order. */
static emend_dataset *survey(size_t step, change_fn *change) {
  emend_dataset *dataset = kit_new("sav");
  for (size_t v = 0; v < VARIABLES; v++)
    kit_number(dataset, names[v]);
  for (size_t i = 0; i < ROWS; i++) {
    size_t row = i * step % ROWS;
    double x[VARIABLES], cells[VARIABLES];
    truth(row, x);
    for (size_t v = 0; v < VARIABLES; v++)
      cells[v] = lacks(row, v) ? NAN : x[v];
    if (change)
      change(row, cells, x);
    kit_row(dataset, cells);
  }
  return dataset;
}

static bool observed(const run *r, size_t row, size_t v) { return emend_cell_reason(r->dataset, row, v) == EMEND_OBSERVED; }

static double number(const run *r, size_t row, size_t v) {
  double value = NAN;
  if (observed(r, row, v))
    return *emend_dataset_run(r->dataset, v, row).values;
  ck_assert(emend_imputation_cell(r->imputation, row, v, &value));
  return value;
}

static const char *find_warning(const run *r, const char *part) {
  for (size_t i = 0; i < emend_events_warning_count(r->events); i++)
    if (strstr(emend_events_warning(r->events, i), part))
      return emend_events_warning(r->events, i);
  return NULL;
}

static size_t n_missing(const run *r, size_t row, size_t first, size_t n) {
  size_t missing = 0;
  for (size_t v = first; v < first + n; v++)
    missing += !observed(r, row, v);
  return missing;
}

static bool near(double x, double y, double half) { return fabs(x - y) <= half + 1e-7; }

/* Half of the last decimal of what was computed; where it is an answer, of what was filled. What two answers of a product would have to
 * tell is left alone. */
static void check_products(const run *r, size_t row) {
  double height = number(r, row, HEIGHT), weight = number(r, row, WEIGHT), bmi = number(r, row, BMI);
  double hours = number(r, row, HOURS), wage = number(r, row, WAGE), pay = number(r, row, PAY);
  if (!observed(r, row, BMI) && observed(r, row, CLASS) == 0)
    ck_assert_msg(near(bmi, bmi_of(height, weight), 0.005), "row %zu: %g, %g and %g", row, height, weight, bmi);
  else if (n_missing(r, row, HEIGHT, 3) == 1)
    ck_assert_msg(near(bmi, bmi_of(height, weight), 0.005) ||
                      (!observed(r, row, WEIGHT) && near(weight, bmi * height * height / 10000, 0.05)) ||
                      (!observed(r, row, HEIGHT) && near(height, 100 * sqrt(weight / bmi), 0.5)),
                  "row %zu: %g, %g and %g", row, height, weight, bmi);
  ck_assert_msg(number(r, row, CLASS) == class_of(bmi), "row %zu: %g of %g", row, number(r, row, CLASS), bmi);
  if (!observed(r, row, PAY) || n_missing(r, row, HOURS, 3) == 1)
    ck_assert_msg(near(pay, hours * wage, 0.005) || (!observed(r, row, HOURS) && near(hours, pay / wage, 0.5)) ||
                      (!observed(r, row, WAGE) && near(wage, pay / hours, 0.005)),
                  "row %zu: %g, %g and %g", row, hours, wage, pay);
}

START_TEST(what_is_filled_agrees) {
  for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_MODE; method++) {
    run r = begin(survey(1, NULL));
    impute(&r, (emend_method)method);
    ck_assert_uint_eq(r.plan->computations.n, 4);
    for (size_t row = 0; row < ROWS; row++) {
      check_products(&r, row);
      size_t parts = n_missing(&r, row, A, 3), items = n_missing(&r, row, M1, 3);
      if (!observed(&r, row, TOTAL) || parts == 1 || method != EMEND_METHOD_MATCH)
        ck_assert_msg(number(&r, row, TOTAL) == number(&r, row, A) + number(&r, row, B) + number(&r, row, C), "method %d, row %zu", method,
                      row);
      if (!observed(&r, row, MEAN) || items == 1)
        ck_assert_msg(near(number(&r, row, MEAN), (number(&r, row, M1) + number(&r, row, M2) + number(&r, row, M3)) / 3, 0.005), "row %zu",
                      row);
      for (size_t v = A; v <= M3; v++)
        ck_assert(number(&r, row, v) >= (v < M1 ? 0 : 1) && number(&r, row, v) == round(number(&r, row, v)));
    }
    ck_assert_uint_eq(emend_imputation_broken(r.imputation), 0);
    ck_assert(find_warning(&r, "bmi is weight / height^2 (times 10000) in all "));
    ck_assert(find_warning(&r, "pay is hours * wage in all ") && find_warning(&r, "total is the sum of a to c in all "));
    ck_assert(find_warning(&r, "mean is the mean of m1 to m3 in all ") && find_warning(&r, "--apart bmi fills them by themselves"));
    end(&r);
  }
}
END_TEST

/* Where all others are answers, what is filled is what it was. */
START_TEST(what_is_known_is_carried_over) {
  run r = begin(survey(1, NULL));
  impute(&r, EMEND_METHOD_EXPECTATION);
  static const size_t firsts[] = {HEIGHT, HOURS, A, M1}, lengths[] = {3, 3, 4, 4};
  for (size_t row = 0; row < ROWS; row++)
    for (size_t k = 0; k < 4; k++) {
      double x[VARIABLES];
      truth(row, x);
      for (size_t v = firsts[k]; v < firsts[k] + lengths[k] && n_missing(&r, row, firsts[k], lengths[k]) == 1; v++)
        ck_assert_msg(fabs(number(&r, row, v) - x[v]) < (v == WEIGHT ? 0.051
                                                         : v == WAGE ? 0.011
                                                                     : 1e-9),
                      "row %zu, %s: %g, not %g", row, names[v], number(&r, row, v), x[v]);
    }
  end(&r);
}
END_TEST

static void contradict_once(size_t row, double *cells, const double *x) {
  if (row != 17)
    return;
  memcpy(cells, x, VARIABLES * sizeof *cells);
  cells[BMI] += 1, cells[PAY] += 100, cells[TOTAL] += 1, cells[MEAN] += 0.1;
}

static bool has_computation(const run *r, size_t target) {
  bool has = false;
  for (size_t i = 0; i < r->plan->computations.n; i++)
    has = has || r->plan->computations.items[i].target == target;
  return has;
}

/* One row to the contrary: nothing is done; of a sum that is said. */
START_TEST(no_rule_no_agreement) {
  run r = begin(survey(1, contradict_once));
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert_msg(r.plan->computations.n == 0, "%s", find_warning(&r, "themselves"));
  const char *slip = find_warning(&r, "total is the sum");
  ck_assert(!find_warning(&r, "bmi is") && slip && strstr(slip, "in all but 1 of"));
  size_t differ = 0;
  for (size_t row = 0; row < ROWS; row++)
    differ += !near(number(&r, row, BMI), bmi_of(number(&r, row, HEIGHT), number(&r, row, WEIGHT)), 0.01);
  ck_assert_uint_gt(differ, 5);
  end(&r);
}
END_TEST

/* As target or as an input; then the formula is the advice. */
START_TEST(apart_switches_it_off) {
  run r = begin(survey(1, NULL));
  ck_assert_int_eq(emend_plan_options_set_apart(r.options, "bmi,b", NULL), EMEND_OK);
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert(!has_computation(&r, BMI) && !has_computation(&r, TOTAL) && has_computation(&r, PAY) && has_computation(&r, MEAN));
  ck_assert(find_warning(&r, "bmi was computed from weight and height") &&
            find_warning(&r, "only --formula 'total = a + b + c' keeps that"));
  ck_assert(!find_warning(&r, "bmi is weight") && !find_warning(&r, "--apart total"));
  end(&r);
}
END_TEST

/* What is said otherwise wins, of the target and of an input. */
START_TEST(formulas_win) {
  run r = begin(survey(1, NULL));
  ck_assert_int_eq(emend_plan_options_add_formula(r.options, "bmi", "20 + mood", NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_plan_options_add_formula(r.options, "total", "a + 1", NULL, NULL), EMEND_OK);
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert(!has_computation(&r, BMI) && !has_computation(&r, TOTAL));
  for (size_t row = 0; row < ROWS; row++)
    ck_assert(observed(&r, row, BMI) || number(&r, row, BMI) == 20 + number(&r, row, MOOD));
  end(&r);
}
END_TEST

START_TEST(the_order_of_rows_does_not_matter) {
  run a = begin(survey(1, NULL)), b = begin(survey(7, NULL));
  impute(&a, EMEND_METHOD_EXPECTATION), impute(&b, EMEND_METHOD_EXPECTATION);
  ck_assert_uint_eq(a.plan->computations.n, b.plan->computations.n);
  for (size_t i = 0; i < a.plan->computations.n; i++) {
    const emend_computation *x = &a.plan->computations.items[i], *y = &b.plan->computations.items[i];
    ck_assert(x->form == y->form && x->target == y->target && x->x == y->x && x->y == y->y && x->factor == y->factor && x->rows == y->rows);
  }
  for (size_t i = 0; i < ROWS; i++)
    for (size_t v = 0; v < MOOD; v++)
      ck_assert_msg(fabs(number(&a, i * 7 % ROWS, v) - number(&b, i, v)) < 1e-9 || (v >= M1 && v <= MEAN), "row %zu, %s", i, names[v]);
  end(&a), end(&b);
}
END_TEST

/* Totals that leave out what is missing, as statistical programs have them. */
static void sum_answers(size_t row, double *cells, const double *x) {
  (void)row, (void)x;
  double sum = 0;
  for (size_t v = A; v <= C; v++)
    sum += isnan(cells[v]) ? 0 : cells[v];
  cells[TOTAL] = sum;
}

static void average_answers(size_t row, double *cells, const double *x) {
  (void)row, (void)x;
  double sum = 0, n = 0;
  for (size_t v = M1; v <= M3; v++)
    sum += isnan(cells[v]) ? 0 : cells[v], n += !isnan(cells[v]);
  cells[MEAN] = n > 0 ? to(sum / n, 100) : NAN;
}

START_TEST(totals_of_answers_tell_nothing) {
  run r = begin(survey(1, sum_answers));
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert(find_warning(&r, "that of the answers alone in all ") && find_warning(&r, "(--exclude total keeps it out)"));
  ck_assert(!find_warning(&r, "total does not agree"));
  end(&r);
  r = begin(survey(1, NULL));
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert(!find_warning(&r, "that of the answers alone"));
  end(&r);
  r = begin(survey(1, average_answers));
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert(find_warning(&r, "that of the answers alone in all "));
  ck_assert(!find_warning(&r, "does not agree with m1"));
  end(&r);
}
END_TEST

/* Answers that leave no possible value: the model's stays, and the row is counted. */
static void make_impossible(size_t row, double *cells, const double *x) {
  memcpy(cells, x, VARIABLES * sizeof *cells);
  if (row % 40 == 3)
    cells[B] = NAN, cells[TOTAL] = x[A];
  if (row % 40 == 5)
    cells[M2] = NAN, cells[MEAN] = 6.9;
  if (row % 40 == 7)
    cells[B] = NAN;
}

START_TEST(what_may_not_be_is_left) {
  run r = begin(survey(1, make_impossible));
  impute(&r, EMEND_METHOD_EXPECTATION);
  for (size_t row = 0; row < ROWS; row++)
    ck_assert(number(&r, row, B) >= 0 && number(&r, row, M2) >= 1 && number(&r, row, M2) <= 7);
  ck_assert(find_warning(&r, "total does not agree with a to c in ") && find_warning(&r, "mean does not agree with m1 to m3 in 10 rows"));
  end(&r);
}
END_TEST

/* A height in metres, a bmi in hundredths, a total and hours with digits too many: what they would tell is far from all answers. */
enum { METRES = 17, HUNDREDTHS, TOO_MUCH, LONG, LONGER };
static void slip(size_t row, double *cells, const double *x) {
  if (row < METRES || row > LONGER)
    return;
  memcpy(cells, x, VARIABLES * sizeof *cells);
  if (row == METRES)
    cells[HEIGHT] = x[HEIGHT] / 100, cells[BMI] = cells[CLASS] = NAN;
  if (row == HUNDREDTHS)
    cells[BMI] = to(x[BMI] / 100, 100), cells[WEIGHT] = cells[CLASS] = NAN;
  if (row == TOO_MUCH)
    cells[TOTAL] = 900, cells[A] = cells[B] = NAN;
  if (row >= LONG) /* the second is beyond all answers, and not far */
    cells[HOURS] = row == LONG ? 4000 : 50, cells[PAY] = NAN;
}

START_TEST(what_is_far_from_all_answers_is_left) {
  run r = begin(survey(1, slip));
  impute(&r, EMEND_METHOD_EXPECTATION);
  ck_assert_uint_eq(r.plan->computations.n, 4);
  ck_assert_msg(number(&r, METRES, BMI) < 200, "bmi %g", number(&r, METRES, BMI));
  double said = number(&r, HUNDREDTHS, BMI) * pow(number(&r, HUNDREDTHS, HEIGHT), 2) / 10000;
  ck_assert_msg(!near(number(&r, HUNDREDTHS, WEIGHT), said, 0.1), "weight %g", number(&r, HUNDREDTHS, WEIGHT));
  ck_assert_msg(number(&r, TOO_MUCH, A) < 120 && number(&r, TOO_MUCH, B) < 300, "a %g", number(&r, TOO_MUCH, A));
  ck_assert_msg(!near(number(&r, LONG, PAY), 4000 * number(&r, LONG, WAGE), 0.005), "pay %g", number(&r, LONG, PAY));
  ck_assert(near(number(&r, LONGER, PAY), 50 * number(&r, LONGER, WAGE), 0.005));
  ck_assert(strstr(find_warning(&r, "bmi does not agree with weight and height"), "(row 18 is the first)"));
  ck_assert(strstr(find_warning(&r, "total does not agree with a to c"), "in 1 row ") && find_warning(&r, "(row 20)"));
  ck_assert(strstr(find_warning(&r, "pay does not agree with hours and wage"), "(row 21 is the first)"));
  end(&r);
}
END_TEST

/* Of a, 20 to 24 are codes that nobody has as an answer; what a and b share of a total could give them. */
enum { FIRST_CODE = 20, LAST_CODE = 24 };
static void avoid_codes(size_t row, double *cells, const double *x) {
  double a = x[A] >= FIRST_CODE && x[A] <= LAST_CODE ? LAST_CODE + 1 : x[A];
  cells[A] = row % 4 == 0 || isnan(cells[A]) ? NAN : a;
  if (row % 4 == 0)
    cells[B] = NAN, cells[C] = x[C];
  cells[TOTAL] = row % 4 == 0 || !isnan(cells[TOTAL]) ? a + x[B] + x[C] : NAN;
}

START_TEST(no_part_is_a_missing_code) {
  run r = begin(survey(1, avoid_codes));
  kit_declare(r.dataset, A, FIRST_CODE, LAST_CODE);
  impute(&r, EMEND_METHOD_EXPECTATION);
  size_t below = 0, above = 0, shared = 0;
  for (size_t row = 0; row < ROWS; row++) {
    double a = number(&r, row, A);
    ck_assert_msg(a < FIRST_CODE || a > LAST_CODE, "row %zu: %g", row, a);
    bool adds_up = a + number(&r, row, B) + number(&r, row, C) == number(&r, row, TOTAL);
    shared += row % 4 == 0 && adds_up, below += row % 4 == 0 && a < FIRST_CODE, above += row % 4 == 0 && a > LAST_CODE;
  }
  ck_assert(shared > 0 && below > 0 && above > 0); /* they lie on both sides of the codes */
  end(&r);
}
END_TEST

START_TEST(without_rounding) {
  run r = begin(survey(1, NULL));
  emend_plan_options_set_round(r.options, 0);
  impute(&r, EMEND_METHOD_EXPECTATION);
  for (size_t row = 0; row < ROWS; row++)
    if (!observed(&r, row, PAY))
      ck_assert(near(number(&r, row, PAY), number(&r, row, HOURS) * number(&r, row, WAGE), 1e-6));
  end(&r);
}
END_TEST

/* A rate that hardly moves has no part in what is written roughly: dollars are as many euros, whatever it is. */
START_TEST(what_does_not_matter_is_no_input) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "euro"), kit_number(dataset, "rate"), kit_number(dataset, "dollar");
  for (size_t i = 0; i < 300; i++) {
    double euro = 10 * (1 + floor(90 * uniform(i, 0))), rate = 1.1 + 0.0001 * floor(4 * uniform(i, 1));
    double x[] = {uniform(i, 2) < 0.1 ? NAN : euro, uniform(i, 3) < 0.1 ? NAN : rate, uniform(i, 4) < 0.1 ? NAN : round(euro * rate)};
    kit_row(dataset, x);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_uint_eq(plan->computations.n, 0);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(forms_invert) {
  for (int form = EMEND_COMPUTED_PRODUCT; form <= EMEND_COMPUTED_MEAN; form++) {
    emend_computation c = {.form = (emend_computed_form)form, .x = 0, .y = 1, .factor = 3};
    double inputs[] = {12.5, 4.75}, value = emend_computation_value(&c, inputs), lo, hi;
    for (size_t i = 0; i < 2; i++)
      ck_assert(near(emend_computation_solve(&c, inputs, i, value), inputs[i], 1e-12));
    for (int end = EMEND_END_ROUNDED; end < EMEND_N_ENDS; end++) {
      c.end = form < EMEND_COMPUTED_SUM ? (emend_computed_end)end : EMEND_END_ROUNDED;
      double written = form == EMEND_COMPUTED_SUM ? value : emend_computation_written(&c, 2, value);
      emend_computation_limits(&c, 2, written, &lo, &hi);
      ck_assert(lo <= value && value <= hi && hi - lo < 0.011);
    }
  }
  emend_computation c = {.end = EMEND_END_CUT};
  ck_assert(emend_computation_written(&c, 2, 7.1047) == 7.1 && emend_computation_written(&c, 2, 0.29 * 100) == 29);
  c.end = EMEND_END_RAISED;
  ck_assert(emend_computation_written(&c, 1, 7.11) == 7.2 && emend_computation_written(&c, -1, 7.11) == 7.11);
}
END_TEST

SUITE {
  Suite *suite = suite_create("recompute");
  TCase *cases = tcase_create("computations");
  tcase_set_timeout(cases, 120);
  tcase_add_test(cases, what_is_filled_agrees);
  tcase_add_test(cases, what_is_known_is_carried_over);
  tcase_add_test(cases, no_rule_no_agreement);
  tcase_add_test(cases, apart_switches_it_off);
  tcase_add_test(cases, formulas_win);
  tcase_add_test(cases, the_order_of_rows_does_not_matter);
  tcase_add_test(cases, totals_of_answers_tell_nothing);
  tcase_add_test(cases, what_may_not_be_is_left);
  tcase_add_test(cases, what_is_far_from_all_answers_is_left);
  tcase_add_test(cases, no_part_is_a_missing_code);
  tcase_add_test(cases, without_rounding);
  tcase_add_test(cases, what_does_not_matter_is_no_input);
  tcase_add_test(cases, forms_invert);
  suite_add_tcase(suite, cases);
  return suite;
}
