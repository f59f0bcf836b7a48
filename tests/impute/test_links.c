/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/kit.h"
#include "impute/curve.h"
#include "impute/imputation.h"
#include "normal/complete.h"

/* Codes where they are missing more often at one end: as probable as they were made, drawn or expected. */

static double normal_at(size_t row, size_t column) { return emend_random_normal(23, EMEND_STREAM_TEST, row, column); }
static double uniform_at(size_t row, size_t column) { return emend_random_uniform(23, EMEND_STREAM_TEST, row, column); }

enum { ID, X, YES, NOT, OFTEN, PLACE, WEIGHT, GROUP };

/*
 * What the codes of a row are, and how probable: yes = 1 if 2x + e > 1, not = 1 - yes of a twin of the same law, often = 1 to 4 by 1.5x +
 * e, place = 1, 2, 3 by a logit.
 */
static const double steps[] = {-1, 0.5, 2};

static void levels_at(double x, double p[3]) {
  p[0] = 1, p[1] = exp(1.5 * x), p[2] = exp(0.3 - 1.2 * x);
  double sum = p[0] + p[1] + p[2];
  for (size_t l = 0; l < 3; l++)
    p[l] /= sum;
}

static double probability(size_t variable, double code, double x) {
  double p[3], yes = gsl_cdf_ugaussian_P(2 * x - 1);
  if (variable == YES || variable == NOT)
    return (variable == YES) == (code > 0.5) ? yes : 1 - yes;
  levels_at(x, p);
  if (variable == PLACE)
    return p[(size_t)code - 1];
  return (code < 4 ? gsl_cdf_ugaussian_P(steps[(size_t)code - 1] - 1.5 * x) : 1) -
         (code > 1 ? gsl_cdf_ugaussian_P(steps[(size_t)code - 2] - 1.5 * x) : 0);
}

static bool is_missing(size_t row, size_t variable, double x) { return uniform_at(row, 20 + variable) < 1 / (1 + exp(1 - 1.5 * x)); }

/* In an order of rows that `step` turns. */
static emend_dataset *curved(size_t n, size_t step) {
  static const char *const names[] = {"id", "x", "yes", "not", "often", "place", "w", "half"};
  emend_dataset *dataset = kit_new("sav");
  for (size_t v = ID; v <= GROUP; v++)
    kit_number(dataset, names[v]);
  emend_dataset_edit_variable(dataset, OFTEN)->measure = EMEND_ORDINAL;
  emend_dataset_edit_variable(dataset, PLACE)->measure = EMEND_NOMINAL;
  for (size_t k = 0; k < n; k++) {
    size_t i = k * step % n;
    double x = normal_at(i, 0), y = 1.5 * x + normal_at(i, 3), p[3], u = uniform_at(i, 4);
    levels_at(x, p);
    double cells[] = {(double)(7 * i + 1000), x, 2 * x + normal_at(i, 1) > 1, 2 * x + normal_at(i, 2) <= 1,
                      1 + (y > steps[0]) + (y > steps[1]) + (y > steps[2]), u < p[0] ? 1 : u < p[0] + p[1] ? 2 : 3, 0.5 + (double)(i % 2),
                      (double)(i % 2)};
    for (size_t v = YES; v <= PLACE; v++)
      cells[v] = is_missing(i, v, x) ? NAN : cells[v];
    kit_row(dataset, cells);
  }
  return dataset;
}

static emend_imputation *impute(const emend_plan *plan, emend_method method, unsigned threads) {
  emend_imputation *made;
  emend_error *error = emend_error_new();
  emend_method_options *options = emend_method_options_new();
  emend_normal_options *normal = emend_normal_options_new();
  emend_normal_options_set_threads(normal, threads);
  emend_method_options_set_method(options, method);
  if (emend_impute_by(plan, NULL, normal, options, NULL, &made, error))
    ck_abort_msg("%s", emend_error_text(error));
  emend_normal_options_free(normal);
  emend_method_options_free(options);
  emend_error_free(error);
  return made;
}

static emend_plan *plan_of(const emend_dataset *dataset, bool weighs, bool groups) {
  emend_plan_options *options = emend_plan_options_new();
  ck_assert_int_eq(emend_plan_options_set_id(options, "id", NULL), EMEND_OK);
  ck_assert_int_eq(emend_plan_options_set_variables(options, "x yes not often place", NULL), EMEND_OK);
  ck_assert_int_eq(emend_plan_options_set_weight(options, weighs ? "w" : "none", NULL), EMEND_OK);
  if (groups)
    ck_assert_int_eq(emend_plan_options_set_by(options, "half", NULL), EMEND_OK);
  emend_plan *plan = kit_plan(dataset, options);
  emend_plan_options_free(options);
  return plan;
}

/* Each code among the cells filled where x is within bounds: as often as its probabilities add up to, but for chance (four standard
 * errors) and what the fitted curves are off by, `slack`. */
static void check_shares(const emend_dataset *dataset, const emend_imputation *made, double lo, double hi, double slack) {
  static const size_t codes[] = {[YES] = 2, [NOT] = 2, [OFTEN] = 4, [PLACE] = 3};
  for (size_t v = YES; v <= PLACE; v++)
    for (size_t k = 0; k < codes[v]; k++) {
      double code = (double)k + (v >= OFTEN), excess = 0, variance = 0, value;
      size_t n = 0;
      for (size_t i = 0; i < emend_dataset_rows(dataset); i++) {
        double x = emend_cell_value(dataset, i, X);
        if (x < lo || x > hi || !emend_imputation_cell(made, i, v, &value))
          continue;
        double p = probability(v, code, x);
        excess += (value == code) - p, variance += p * (1 - p), n++;
      }
      ck_assert_uint_gt(n, 200);
      ck_assert_msg(fabs(excess) < 4 * sqrt(variance) + slack * (double)n, "%s = %g: %g too many of %zu (standard error %g)",
                    emend_variable_name(dataset, v), code, excess, n, sqrt(variance));
    }
}

static void check(bool weighs, bool groups) {
  enum { N = 8000 };
  emend_dataset *dataset = curved(N, 1);
  emend_plan *plan = plan_of(dataset, weighs, groups);
  emend_imputation *made = impute(plan, EMEND_METHOD_DRAW, 0);
  check_shares(dataset, made, -9, 9, 0.02);
  check_shares(dataset, made, -9, 0, 0.03);
  check_shares(dataset, made, 1, 9, 0.03);
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}

START_TEST(codes_are_as_probable_as_they_were_made) { check(_i & 1, _i & 2); }
END_TEST

/* The same for every number of threads and, with an id, every order of rows; more rows than are used to fit. */
START_TEST(threads_and_order_do_not_matter) {
  enum { N = 24000, STEP = 6007 };
  emend_dataset *dataset = curved(N, 1), *turned = curved(N, STEP);
  emend_plan *plan = plan_of(dataset, false, false), *turned_plan = plan_of(turned, false, false);
  emend_method method = (emend_method[]){EMEND_METHOD_DRAW, EMEND_METHOD_EXPECTATION, EMEND_METHOD_MODE}[_i];
  emend_imputation *one = impute(plan, method, 1), *three = impute(plan, method, 3), *other = impute(turned_plan, method, 2);
  size_t differ = 0;
  for (size_t k = 0; k < N; k++)
    for (size_t v = YES; v <= PLACE; v++) {
      size_t row = k * STEP % N;
      double a = 0, b = 0, c = 0;
      emend_imputation_cell(one, row, v, &a), emend_imputation_cell(three, row, v, &b), emend_imputation_cell(other, k, v, &c);
      ck_assert_double_eq(a, b);
      differ += a != c;
    }
  ck_assert_uint_le(differ, 2); /* sums in another order: a draw on the edge may go over */
  emend_imputation_free(one), emend_imputation_free(three), emend_imputation_free(other);
  emend_plan_free(plan), emend_plan_free(turned_plan);
  emend_dataset_free(dataset), emend_dataset_free(turned);
}
END_TEST

/* Expected: of codes that are calibrated as many cells as the true probabilities add up to, but for what the fitted curves are off by. */
static void check_calibrated(const emend_dataset *dataset, const emend_imputation *made, double slack) {
  static const size_t codes[] = {[YES] = 2, [NOT] = 2, [OFTEN] = 4};
  for (size_t v = YES; v <= OFTEN; v++)
    for (size_t k = 0; k < codes[v]; k++) {
      double code = (double)k + (v == OFTEN), excess = 0, value;
      size_t n = 0;
      for (size_t i = 0; i < emend_dataset_rows(dataset); i++)
        if (emend_imputation_cell(made, i, v, &value))
          excess += (value == code) - probability(v, code, emend_cell_value(dataset, i, X)), n++;
      ck_assert_msg(fabs(excess) < slack * (double)n, "%s = %g: %g too many of %zu", emend_variable_name(dataset, v), code, excess, n);
    }
}

/* What is chosen is nearly as probable, on average, as what is the most so. */
static void check_most_probable(const emend_dataset *dataset, const emend_imputation *made, size_t first, double slack) {
  static const size_t codes[] = {[YES] = 2, [NOT] = 2, [OFTEN] = 4, [PLACE] = 3};
  for (size_t v = first; v <= PLACE; v++) {
    double lost = 0, value;
    size_t n = 0;
    for (size_t i = 0; i < emend_dataset_rows(dataset); i++) {
      double x = emend_cell_value(dataset, i, X), most = 0;
      if (!emend_imputation_cell(made, i, v, &value))
        continue;
      for (size_t k = 0; k < codes[v]; k++)
        most = fmax(most, probability(v, (double)k + (v >= OFTEN), x));
      lost += most - probability(v, value, x), n++;
    }
    ck_assert_msg(lost < slack * (double)n, "%s: %g less probable", emend_variable_name(dataset, v), lost / (double)n);
  }
}

START_TEST(expected_codes) {
  enum { N = 8000 };
  emend_dataset *dataset = curved(N, 1);
  emend_plan *plan = plan_of(dataset, _i & 1, _i & 2);
  emend_imputation *expected = impute(plan, EMEND_METHOD_EXPECTATION, 0), *mode = impute(plan, EMEND_METHOD_MODE, 0);
  check_calibrated(dataset, expected, 0.015);
  check_most_probable(dataset, expected, PLACE, 0.002); /* 0.0055 by lines */
  check_most_probable(dataset, mode, YES, 0.01);
  emend_imputation_free(expected), emend_imputation_free(mode);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/*
 * Where what tells the code is missing, too, its curve is averaged: a code at the far end of x comes more often than at the x that is
 * expected. x, with w = x / 2 + e beside it, is missing wherever the code is; of its rest 3/4 of the variance are left.
 */
START_TEST(averaged_over_what_is_missing) {
  enum { N = 6000, CODE = 2 };
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "w"), kit_number(dataset, "x"), kit_number(dataset, "code");
  emend_dataset_edit_variable(dataset, CODE)->measure = _i ? EMEND_NOMINAL : EMEND_SCALE;
  double expected = 0, variance = 0, found = 0, value;
  for (size_t i = 0; i < N; i++) {
    double w = normal_at(i, 0), x = w / 2 + sqrt(0.75) * normal_at(i, 1);
    bool missing = uniform_at(i, 20) < 0.4;
    kit_row(dataset, (double[]){w, missing ? NAN : x, missing ? NAN : (double)(2 * x + normal_at(i, 2) > 2)});
    double p = gsl_cdf_ugaussian_P((w - 2) / sqrt(1 + 4 * 0.75));
    expected += missing ? p : 0, variance += missing ? p * (1 - p) : 0;
  }
  emend_plan_options *options = emend_plan_options_new();
  emend_plan *plan = kit_plan(dataset, options);
  emend_imputation *made = impute(plan, EMEND_METHOD_EXPECTATION, 0);
  for (size_t i = 0; i < N; i++)
    found += emend_imputation_cell(made, i, CODE, &value) && value == 1;
  /* of the 3600 answers the share is as uncertain as that of 2400 cells would be, or less */
  ck_assert_msg(fabs(found - expected) < 3 * sqrt(variance), "%g, not %g (%g)", found, expected, sqrt(variance));
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* Another code that is missing is averaged over value by value, what else is by its variance: a rare one that matters much is not as a normal
 * variable of its mean and variance would be. */
START_TEST(other_codes_are_averaged_over_one_by_one) {
  double numbers[] = {0, 1}, weights[] = {0, 0.9}, centre[] = {0, 0}, one[] = {1, 1}, factor[] = {0.5}, values[] = {-0.1, 7};
  double odds[] = {0.98, 0.02}, z[] = {0, 0.98 * -0.1 + 0.02 * 7}, p[2], scale, wanted = 0, eta[2], sd = sqrt(1 + 4 * 0.25);
  emend_planned planned = {.categories = {.n = 2, .numbers = numbers}};
  emend_decoder decoder = {.kind = EMEND_DECODE_SHARES, .planned = &planned};
  emend_curve curve = {.decoder = &decoder, .n_columns = 1, .n_coordinates = 1, .weights = weights, .kernels = emend_curve_kernels_choose()};
  curve.probit = (emend_probit){.n = 2, .n_coordinates = 1, .thresholds = {3}, .slopes = {2}};
  emend_standard standard = {.p = 2, .center = centre, .sd = one, .inverse_sd = one};
  emend_open_code other = {.column = 1, .n = 2, .values = values, .probabilities = odds};
  for (size_t i = 0; i < 2; i++) {
    eta[i] = 2 * 0.9 * values[i];
    wanted += odds[i] * gsl_cdf_ugaussian_Q((3 - eta[i]) / sd);
  }
  emend_curve_expect(&curve, &standard, factor, &other, 1, z, p, &scale);
  ck_assert_double_eq_tol(p[1], wanted, 1e-12);
  ck_assert_double_eq_tol(z[0], wanted, 1e-12);
  ck_assert_double_eq_tol(scale * scale, sd * sd + 0.98 * 0.02 * (eta[1] - eta[0]) * (eta[1] - eta[0]), 1e-9);
  emend_curve_expect(&curve, &standard, factor, NULL, 0, z, p, &scale);
  ck_assert_double_eq_tol(p[1], gsl_cdf_ugaussian_Q((3 - 2 * 0.9 * z[1]) / sd), 1e-12);
}
END_TEST

/* A missing number keeps the model's own expectation, whatever curves say of the codes beside it. */
START_TEST(numbers_stay) {
  enum { N = 2000, NUMBER = 1 };
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "x"), kit_number(dataset, "y"), kit_number(dataset, "code");
  for (size_t i = 0; i < N; i++) {
    double x = normal_at(i, 0), y = x + normal_at(i, 1);
    kit_row(dataset, (double[]){x, uniform_at(i, 20) < 0.3 ? NAN : y,
                                uniform_at(i, 21) < 1 / (1 + exp(-2 * x)) ? NAN : (double)(y + x + normal_at(i, 2) > 1)});
  }
  emend_plan_options *options = emend_plan_options_new();
  emend_plan *plan = kit_plan(dataset, options);
  emend_imputation *made = impute(plan, EMEND_METHOD_EXPECTATION, 0);
  emend_matrix matrix = emend_encoding_matrix(&made->encoding);
  emend_completed *plain;
  ck_assert_int_eq(emend_normal_complete_matrix(made->model, &matrix, NULL, 1, NULL, &plain, NULL), EMEND_OK);
  ck_assert_ptr_nonnull(made->links);
  for (size_t i = 0; i < N; i++) {
    double value, expected = emend_completed_value(plain, i, NUMBER);
    if (emend_imputation_cell(made, i, NUMBER, &value))
      ck_assert_double_eq_tol(value, expected, 5e-6); /* half of the last decimal that is written */
  }
  emend_completed_free(plain);
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("links");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 120);
  tcase_add_loop_test(tests, codes_are_as_probable_as_they_were_made, 0, 4);
  tcase_add_loop_test(tests, threads_and_order_do_not_matter, 0, 3);
  tcase_add_loop_test(tests, expected_codes, 0, 4);
  tcase_add_loop_test(tests, averaged_over_what_is_missing, 0, 2);
  tcase_add_test(tests, other_codes_are_averaged_over_one_by_one);
  tcase_add_test(tests, numbers_stay);
  suite_add_tcase(suite, tests);
  return suite;
}
