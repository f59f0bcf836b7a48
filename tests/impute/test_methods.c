/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/kit.h"
#include "impute/imputation.h"

/* Draws, and typed variables end to end. */

static emend_imputation *run_and_warn(const emend_plan *plan, emend_method method, uint64_t seed, unsigned threads, emend_events *events) {
  emend_imputation *imputation;
  emend_error *error = emend_error_new();
  emend_method_options *options = emend_method_options_new();
  emend_normal_options *normal = emend_normal_options_new();
  emend_normal_options_set_threads(normal, threads);
  emend_method_options_set_method(options, method);
  emend_method_options_set_seed(options, seed);
  if (emend_impute_by(plan, NULL, normal, options, events, &imputation, error))
    ck_abort_msg("%s", emend_error_text(error));
  emend_normal_options_free(normal);
  emend_method_options_free(options);
  emend_error_free(error);
  return imputation;
}

static emend_imputation *run(const emend_plan *plan, emend_method method, uint64_t seed, unsigned threads) {
  return run_and_warn(plan, method, seed, threads, NULL);
}

static double normal_at(size_t row, size_t column) { return emend_random_normal(11, EMEND_STREAM_TEST, row, column); }
static double uniform_at(size_t row, size_t column) { return emend_random_uniform(11, EMEND_STREAM_TEST, row, column); }

/* x complete; y = x + e, z = x + y + e, a third of each missing at random given x. */
/* No variable has only positive answers: draws of such a one would not be rescaled where it is moved, too. */
static emend_dataset *linear(size_t n, double scale) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "x"), kit_number(dataset, "y"), kit_number(dataset, "z");
  for (size_t i = 0; i < n; i++) {
    double x = normal_at(i, 0), y = x + normal_at(i, 1), z = 0.5 * x + y + 0.7 * normal_at(i, 2);
    kit_row(dataset, (double[]){scale * x, uniform_at(i, 3) < 0.33 ? NAN : scale * y + 2, uniform_at(i, 4) < (x > 0 ? 0.5 : 0.2) ? NAN : scale * z});
  }
  return dataset;
}

/* Of the completed data: means, and products about the model's means. */
static void take_moments(const emend_dataset *dataset, const emend_imputation *made, const double mean[3], double sum[3], double products[9]) {
  size_t n = emend_dataset_rows(dataset);
  memset(sum, 0, 3 * sizeof *sum);
  memset(products, 0, 9 * sizeof *products);
  for (size_t i = 0; i < n; i++) {
    double row[3];
    for (size_t j = 0; j < 3; j++) {
      row[j] = emend_cell_value(dataset, i, j);
      emend_imputation_cell(made, i, j, &row[j]);
      sum[j] += row[j] / (double)n;
    }
    for (size_t j = 0; j < 9; j++)
      products[j] += (row[j / 3] - mean[j / 3]) * (row[j % 3] - mean[j % 3]) / (double)n;
  }
}

/* Moments of the completed data are those of the model: draws restore the variance and the correlation of cells missing together. */
START_TEST(draws_have_the_models_moments) {
  enum { N = 20000 };
  emend_dataset *dataset = linear(N, 1);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_imputation *made = run(plan, EMEND_METHOD_DRAW, 5, 0);
  const double *mean = emend_normal_mean(emend_imputation_model(made)), *covariance = emend_normal_covariance(emend_imputation_model(made));
  double sum[3], products[9];
  take_moments(dataset, made, mean, sum, products);
  for (size_t j = 0; j < 3; j++)
    ck_assert_double_lt(fabs(sum[j] - mean[j]), 0.03);
  for (size_t j = 0; j < 9; j++)
    ck_assert_double_lt(fabs(products[j] - covariance[j]), 0.08);
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* The same for every number of threads; another seed gives others; rescaled data give rescaled draws. */
START_TEST(draws_belong_to_seed_and_row) {
  enum { N = 3000 };
  emend_dataset *dataset = linear(N, 1), *larger = linear(N, 1024);
  emend_plan *plan = kit_plan(dataset, NULL), *larger_plan = kit_plan(larger, NULL);
  emend_imputation *one = run(plan, EMEND_METHOD_DRAW, 5, 1), *three = run(plan, EMEND_METHOD_DRAW, 5, 3), *other = run(plan, EMEND_METHOD_DRAW, 6, 1);
  emend_imputation *scaled = run(larger_plan, EMEND_METHOD_DRAW, 5, 2);
  size_t differ = 0, cells = 0;
  for (size_t i = 0; i < N; i++)
    for (size_t j = 1; j < 3; j++) {
      double a, b, c, d;
      if (!emend_imputation_cell(one, i, j, &a))
        continue;
      ck_assert(emend_imputation_cell(three, i, j, &b) && emend_imputation_cell(other, i, j, &c) && emend_imputation_cell(scaled, i, j, &d));
      ck_assert_double_eq(a, b);
      ck_assert_double_lt(fabs(d - (j == 1 ? 1024 * (a - 2) + 2 : 1024 * a)), 1024 * 1e-4);
      differ += a != c;
      cells++;
    }
  ck_assert_uint_eq(differ, cells);
  emend_imputation_free(one), emend_imputation_free(three), emend_imputation_free(other), emend_imputation_free(scaled);
  emend_plan_free(plan), emend_plan_free(larger_plan);
  emend_dataset_free(dataset), emend_dataset_free(larger);
}
END_TEST

/* Means and sds of transformed numbers are of what was observed and is expected, with what is not known of that: weighted, also where nothing
 * is missing, the same to the bit for every number of threads; of draws there are none. */
START_TEST(moments_of_transformed_numbers) {
  enum { N = 20000, KINDS = 4 };
  emend_dataset *dataset = kit_new("sav");
  static const char *const names[] = {"x", "loglike", "power", "scores", "whole", "cut", "w"};
  for (size_t j = 0; j < sizeof names / sizeof *names; j++)
    kit_number(dataset, names[j]);
  for (size_t i = 0; i < N; i++) {
    double x = normal_at(i, 0), y[KINDS];
    for (size_t k = 0; k < KINDS; k++)
      y[k] = k < KINDS - 1 && uniform_at(i, 10 + k) < 0.3 ? NAN : exp(1 + x + 0.5 * normal_at(i, k + 1));
    double cut = uniform_at(i, 20) < 0.3 ? NAN : fmax(x + normal_at(i, 9), 0);
    kit_row(dataset, (double[]){x, y[0], y[1] - 0.5, y[2], y[3], cut, 1.5 + (double)(i % 4)});
  }
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_round(options, 0);
  ck_assert_int_eq(emend_plan_options_set_transforms(options, "loglike whole=log; power=yeo-johnson; scores=normal-scores", NULL), EMEND_OK);
  ck_assert_int_eq(emend_plan_options_set_bounds(options, "cut=0:", NULL), EMEND_OK);
  ck_assert_int_eq(emend_plan_options_set_weight(options, "w", NULL), EMEND_OK);
  emend_plan *plan = kit_plan(dataset, options);
  emend_imputation *made = run(plan, EMEND_METHOD_EXPECTATION, 1, 1), *threaded = run(plan, EMEND_METHOD_EXPECTATION, 1, 3),
                   *drawn = run(plan, EMEND_METHOD_DRAW, 1, 2);
  for (size_t v = 1; v <= KINDS; v++) {
    double weight = 0, sum = 0, squares = 0, value, w, from = exp(1);
    for (size_t i = 0; i < N; i++) {
      bool filled = emend_imputation_cell(made, i, v, &value);
      double spread = filled ? emend_completed_spread(made->completed, i, (size_t)made->column_of[v]) : 0;
      ck_assert(!filled || spread > 0);
      value = filled ? value : emend_cell_value(dataset, i, v);
      w = emend_cell_value(dataset, i, 6);
      weight += w, sum += w * (value - from), squares += w * ((value - from) * (value - from) + spread * spread);
    }
    emend_imputed_variable got = emend_imputation_variable(made, v), other = emend_imputation_variable(threaded, v);
    assert_relative(got.em_mean, from + sum / weight, 1e-12);
    assert_relative(got.em_sd, sqrt(squares / weight - pow(sum / weight, 2)), 1e-7); /* spreads are kept in single precision */
    ck_assert(got.em_mean == other.em_mean && got.em_sd == other.em_sd);
    ck_assert(isnan(emend_imputation_variable(drawn, v).em_mean) && isnan(emend_imputation_variable(drawn, v).em_sd));
  }
  ck_assert_double_eq(emend_imputation_variable(made, 5).em_mean, emend_normal_mean(emend_imputation_model(made))[made->column_of[5]]);
  emend_imputation_free(made), emend_imputation_free(threaded), emend_imputation_free(drawn);
  emend_plan_options_free(options);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* An id, a nominal variable that x tells well, a binary, an ordinal one and a number; in an order of rows that `step` turns. */
static emend_dataset *mixed(size_t n, size_t step) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "id"), kit_number(dataset, "region"), kit_number(dataset, "yes"), kit_number(dataset, "often"), kit_number(dataset, "x");
  emend_dataset_edit_variable(dataset, 1)->measure = EMEND_NOMINAL;
  emend_dataset_edit_variable(dataset, 3)->measure = EMEND_ORDINAL;
  for (size_t k = 0; k < n; k++) {
    size_t i = k * step % n;
    double x = normal_at(i, 0), latent = x + normal_at(i, 1);
    double region = x < -0.5 ? 7 : x < 0.7 ? 2 : 5, yes = latent > 1.2, often = latent < -1 ? 1 : latent < 0 ? 2 : latent < 1.5 ? 3 : 4;
    kit_row(dataset, (double[]){(double)(1000 + i * 7), uniform_at(i, 2) < 0.2 ? NAN : region, uniform_at(i, 3) < 0.3 ? NAN : yes,
                                uniform_at(i, 4) < 0.3 ? NAN : often, uniform_at(i, 5) < 0.1 ? NAN : x});
  }
  return dataset;
}

static emend_plan *plan_with_id(const emend_dataset *dataset) {
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_id(options, "id", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  emend_plan_options_free(options);
  return plan;
}

/* The codes of mixed(), by variable. */
static const double valid[][5] = {{0}, {2, 5, 7}, {0, 1}, {1, 2, 3, 4}};
static const size_t n_valid[] = {0, 3, 2, 4};

/* Its place among the variable's codes. */
static size_t code_of(size_t v, double value) {
  size_t j = 0;
  while (j < n_valid[v] && valid[v][j] != value)
    j++;
  ck_assert_uint_lt(j, n_valid[v]);
  return j;
}

/* Only valid codes; shares as they were before the holes; nominal answers mostly right. */
START_TEST(typed_variables) {
  enum { N = 4000 };
  emend_dataset *dataset = mixed(N, 1);
  emend_plan *plan = plan_with_id(dataset);
  ck_assert_uint_eq(emend_plan_columns(plan, 1), 2);
  for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_DRAW; method++) {
    emend_imputation *made = run(plan, (emend_method)method, 1, 0);
    for (size_t v = 1; v < 4; v++) {
      double seen[5] = {0}, filled[5] = {0}, n_seen = 0, n_filled = 0;
      for (size_t i = 0; i < N; i++) {
        double value = emend_cell_value(dataset, i, v);
        bool is_filled = emend_imputation_cell(made, i, v, &value);
        size_t j = code_of(v, value);
        *(is_filled ? &n_filled : &n_seen) += 1;
        (is_filled ? filled : seen)[j] += 1;
      }
      for (size_t j = 0; j < n_valid[v]; j++) /* x misses itself here and there, so the most probable region leans to the large ones */
        ck_assert_msg(fabs(seen[j] / n_seen - filled[j] / n_filled) < (v == 1 ? 0.12 : 0.06), "method %d, %s = %g: %g among the filled, %g among the observed",
                      method, emend_variable_name(dataset, v), valid[v][j], filled[j] / n_filled, seen[j] / n_seen);
    }
    emend_imputation_free(made);
  }
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* With an id, the order of the rows does not matter: neither to draws nor to choices among equals. */
START_TEST(order_of_rows_does_not_matter) {
  enum { N = 1000, STEP = 333 };
  emend_dataset *dataset = mixed(N, 1), *turned = mixed(N, STEP);
  emend_plan *plan = plan_with_id(dataset), *turned_plan = plan_with_id(turned);
  for (int method = EMEND_METHOD_EXPECTATION; method <= EMEND_METHOD_DRAW; method++) {
    emend_imputation *made = run(plan, (emend_method)method, 9, 0), *other = run(turned_plan, (emend_method)method, 9, 0);
    size_t differ = 0;
    for (size_t k = 0; k < N; k++)
      for (size_t v = 1; v < 5; v++) {
        double a = 0, b = 0;
        ck_assert_int_eq(emend_imputation_cell(made, k * STEP % N, v, &a), emend_imputation_cell(other, k, v, &b));
        differ += fabs(a - b) > 1e-4;
      }
    ck_assert_uint_le(differ, 2); /* sums in another order move a threshold by a rounding error: a cell on it may go over */
    emend_imputation_free(made), emend_imputation_free(other);
  }
  emend_plan_free(plan), emend_plan_free(turned_plan);
  emend_dataset_free(dataset), emend_dataset_free(turned);
}
END_TEST

/* Rows that share an id have random numbers of their own. */
START_TEST(members_of_a_household_are_drawn_apart) {
  enum { HOUSEHOLDS = 2000 };
  for (int text = 0; text < 2; text++) {
    emend_dataset *dataset = kit_new("sav");
    size_t id = kit_add(dataset, "hhid", text ? EMEND_TEXT : EMEND_NUMERIC, text ? EMEND_STORAGE_TEXT : EMEND_STORAGE_F64);
    kit_number(dataset, "x"), kit_number(dataset, "y");
    for (size_t i = 0; i < 2 * HOUSEHOLDS; i++) {
      double household = (double)(i / 2), x = normal_at(i / 2, 0);
      double cells[] = {household, x, i % 4 < 2 ? NAN : x + normal_at(i, 1)};
      char name[20];
      snprintf(name, sizeof name, "h%g", household);
      kit_row(dataset, text ? cells + 1 : cells);
      if (text) {
        ck_assert_int_eq(emend_dataset_put_text(dataset, id, name, strlen(name), NULL), EMEND_OK);
      }
    }
    emend_plan_options *options = emend_plan_options_new();
    ck_assert_int_eq(emend_plan_options_set_id(options, "hhid", NULL), EMEND_OK);
    ck_assert_int_eq(emend_plan_options_set_variables(options, "x y", NULL), EMEND_OK);
    emend_plan *plan = kit_plan(dataset, options);
    emend_events *events = emend_events_new();
    emend_imputation *drawn = run_and_warn(plan, EMEND_METHOD_DRAW, 3, 1, events), *expected = run(plan, EMEND_METHOD_EXPECTATION, 3, 1);
    double squares = 0, products = 0;
    for (size_t i = 0; i < 2 * HOUSEHOLDS; i += 4) {
      double value[2], mean[2];
      for (size_t m = 0; m < 2; m++)
        ck_assert(emend_imputation_cell(drawn, i + m, 2, &value[m]) && emend_imputation_cell(expected, i + m, 2, &mean[m]));
      double a = value[0] - mean[0], b = value[1] - mean[1];
      products += a * b, squares += (a * a + b * b) / 2;
    }
    ck_assert_double_lt(fabs(products / squares), 4 / sqrt(HOUSEHOLDS / 2));
    ck_assert_double_eq_tol(squares / (HOUSEHOLDS / 2), 1, 0.15);
    bool said = false;
    for (size_t i = 0; i < emend_events_warning_count(events); i++)
      said = said || strcmp(emend_events_warning(events, i), "--id hhid: 4000 rows share an id with others; their random numbers are told apart by "
                                                             "the order in which those rows stand in the file") == 0;
    ck_assert(said);
    emend_imputation_free(drawn), emend_imputation_free(expected);
    emend_events_free(events);
    emend_plan_free(plan);
    emend_plan_options_free(options);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* An ordinal q, skewed, and a nominal r, missing at random given x: completed by draws, mean, shares and the products with x are those before the
 * cells were hidden. */
START_TEST(draws_of_codes_have_no_bias) {
  enum { N = 20000 };
  emend_dataset *dataset = kit_new("sav");
  double truth[4] = {0}, sums[4] = {0};
  kit_number(dataset, "x"), kit_number(dataset, "q"), kit_number(dataset, "r");
  emend_dataset_edit_variable(dataset, 1)->measure = EMEND_ORDINAL;
  emend_dataset_edit_variable(dataset, 2)->measure = EMEND_NOMINAL;
  for (size_t i = 0; i < N; i++) {
    double x = normal_at(i, 0), y = 0.5 * x + 0.87 * normal_at(i, 1), z = 0.4 * x + normal_at(i, 2);
    double q = 1 + (y > -0.2) + (y > 0.8) + (y > 1.4), r = z < -0.4 ? 5 : z < 0.7 ? 1 : 3;
    double p = 0.15 + 0.5 * gsl_cdf_ugaussian_P(x);
    truth[0] += q / N, truth[1] += (r == 1) / (double)N, truth[2] += (r == 3) / (double)N, truth[3] += x * q / N;
    kit_row(dataset, (double[]){x, uniform_at(i, 3) < p ? NAN : q, uniform_at(i, 4) < p ? NAN : r});
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_imputation *made = run(plan, EMEND_METHOD_DRAW, 3, 0);
  for (size_t i = 0; i < N; i++) {
    double x = emend_cell_value(dataset, i, 0), q = emend_cell_value(dataset, i, 1), r = emend_cell_value(dataset, i, 2);
    emend_imputation_cell(made, i, 1, &q), emend_imputation_cell(made, i, 2, &r);
    sums[0] += q / N, sums[1] += (r == 1) / (double)N, sums[2] += (r == 3) / (double)N, sums[3] += x * q / N;
  }
  ck_assert_double_lt(fabs(sums[0] - truth[0]), 0.015);
  ck_assert_double_lt(fabs(sums[1] - truth[1]), 0.012);
  ck_assert_double_lt(fabs(sums[2] - truth[2]), 0.012);
  ck_assert_double_lt(fabs(sums[3] - truth[3]), 0.02);
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* What was drawn for two cells of a row belongs together: of a code that says how often, and whether. */
START_TEST(drawn_codes_belong_together) {
  enum { N = 20000 };
  emend_dataset *dataset = mixed(N, 1);
  emend_plan *plan = plan_with_id(dataset);
  emend_imputation *made = run(plan, EMEND_METHOD_DRAW, 1, 0);
  double sums[2][6] = {{0}};
  for (size_t i = 0; i < N; i++) {
    double a = emend_cell_value(dataset, i, 2), b = emend_cell_value(dataset, i, 3);
    int both = emend_imputation_cell(made, i, 2, &a) + emend_imputation_cell(made, i, 3, &b);
    if (both == 1)
      continue;
    double *s = sums[both == 2];
    s[0]++, s[1] += a, s[2] += b, s[3] += a * a, s[4] += b * b, s[5] += a * b;
  }
  double r[2];
  for (int k = 0; k < 2; k++) {
    double *s = sums[k];
    r[k] = (s[5] / s[0] - s[1] * s[2] / s[0] / s[0]) / sqrt((s[3] / s[0] - pow(s[1] / s[0], 2)) * (s[4] / s[0] - pow(s[2] / s[0], 2)));
  }
  ck_assert_msg(fabs(r[0] - r[1]) < 0.1, "observed together %g, drawn together %g", r[0], r[1]);
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Every matched value is one that was observed in its variable, and the regression on what is observed is kept. */
START_TEST(matches_are_observed) {
  enum { N = 3000 };
  emend_dataset *dataset = mixed(N, 1), *turned = mixed(N, 7);
  emend_plan *plan = plan_with_id(dataset), *turned_plan = plan_with_id(turned);
  emend_imputation *made = run(plan, EMEND_METHOD_MATCH, 4, 3), *one = run(plan, EMEND_METHOD_MATCH, 4, 1), *other = run(turned_plan, EMEND_METHOD_MATCH, 4, 2);
  size_t filled = 0, right = 0, differ = 0;
  for (size_t k = 0; k < N; k++)
    for (size_t v = 1, i = k * 7 % N; v < 5; v++) {
      double a, b, c;
      if (!emend_imputation_cell(made, i, v, &a))
        continue;
      ck_assert(emend_imputation_cell(one, i, v, &b) && emend_imputation_cell(other, k, v, &c));
      ck_assert_double_eq(a, b);
      differ += a != c;
      filled++;
      bool occurs = false;
      for (size_t row = 0; row < N && !occurs; row++)
        occurs = emend_cell_value(dataset, row, v) == a;
      ck_assert(occurs);
      double x = emend_cell_value(dataset, i, 4);
      right += v == 1 && !isnan(x) && a == (x < -0.5 ? 7 : x < 0.7 ? 2 : 5);
    }
  ck_assert_uint_lt(differ, filled / 100); /* donors at the edge of the nearest, by rounding errors of sums */
  ck_assert_uint_gt(right, N / 5 * 6 / 10);
  emend_imputation_free(made), emend_imputation_free(one), emend_imputation_free(other);
  emend_plan_free(plan), emend_plan_free(turned_plan);
  emend_dataset_free(dataset), emend_dataset_free(turned);
}
END_TEST

/* Moments as for draws, to the accuracy of matches. */
START_TEST(matches_keep_moments) {
  enum { N = 8000 };
  emend_dataset *dataset = linear(N, 1);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_imputation *made = run(plan, EMEND_METHOD_MATCH, 5, 0);
  const double *mean = emend_normal_mean(emend_imputation_model(made)), *covariance = emend_normal_covariance(emend_imputation_model(made));
  double sum[3], products[9];
  take_moments(dataset, made, mean, sum, products);
  for (size_t j = 0; j < 3; j++)
    ck_assert_double_lt(fabs(sum[j] - mean[j]), 0.05);
  for (size_t j = 0; j < 3; j++)
    ck_assert_double_lt(fabs(products[4 * j] - covariance[4 * j]), 0.1 * covariance[4 * j]);
  ck_assert_double_lt(fabs(products[1] - covariance[1]), 0.05); /* x with y: x is observed */
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Three variables missing together, in units of their residuals: what is matched keeps their correlations and spreads. Four dummies of one
 * question missing together: one of them is 1. */
START_TEST(matches_belong_together) {
  enum { N = 4000, V = 9 };
  emend_dataset *dataset = kit_new("sav");
  for (size_t v = 0; v < V; v++)
    kit_number(dataset, (const char *[]){"x", "y1", "y2", "y3", "z", "b1", "b2", "b3", "b4"}[v]);
  double sums[2][6] = {{0}};
  for (size_t i = 0; i < N; i++) {
    double x = normal_at(i, 0), y = 0.4 * x + normal_at(i, 1), kind = x + normal_at(i, 2), z = normal_at(i, 3);
    bool hidden = uniform_at(i, 4) < 0.4, dropped = uniform_at(i, 5) < 0.2;
    double row[V] = {x, y, 0.9 * y + 0.3 * normal_at(i, 6), 0.9 * y + 0.3 * normal_at(i, 7), z,
                     kind < -1, kind >= -1 && kind < 0.3, kind >= 0.3 && kind < 1, kind >= 1};
    for (size_t k = 0; hidden && k < 6; k++)
      sums[0][k] += (double[]){1, row[1], row[2], row[1] * row[1], row[2] * row[2], row[1] * row[2]}[k];
    for (size_t v = 1; v < V; v++)
      row[v] = (hidden && v < 4) || (dropped && v > 4) ? NAN : row[v];
    kit_row(dataset, row);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_imputation *made = run(plan, EMEND_METHOD_MATCH, 2, 2);
  for (size_t i = 0; i < N; i++) {
    double a, b, dummies = 0, dummy;
    if (emend_imputation_cell(made, i, 1, &a) && emend_imputation_cell(made, i, 2, &b))
      for (size_t k = 0; k < 6; k++)
        sums[1][k] += (double[]){1, a, b, a * a, b * b, a * b}[k];
    for (size_t v = 5; v < V; v++)
      dummies += emend_imputation_cell(made, i, v, &dummy) ? dummy : emend_cell_value(dataset, i, v);
    ck_assert_double_eq(dummies, 1);
  }
  double r[2], variance[2];
  for (size_t k = 0; k < 2; k++) {
    double *s = sums[k], own = s[3] / s[0] - pow(s[1] / s[0], 2), other = s[4] / s[0] - pow(s[2] / s[0], 2);
    r[k] = (s[5] / s[0] - s[1] * s[2] / s[0] / s[0]) / sqrt(own * other), variance[k] = own;
  }
  ck_assert_msg(fabs(r[0] - r[1]) < 0.015, "correlation %g of the truth, %g of the matches", r[0], r[1]);
  ck_assert_msg(fabs(variance[1] / variance[0] - 1) < 0.1, "variance %g of the truth, %g of the matches", variance[0], variance[1]);
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* The amount of a semi-continuous number and the level of a nominal one follow what tells them. */
START_TEST(matched_amounts_and_levels_follow) {
  enum { N = 4000 };
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "x"), kit_number(dataset, "z"), kit_number(dataset, "income"), kit_number(dataset, "region");
  emend_dataset_edit_variable(dataset, 3)->measure = EMEND_NOMINAL;
  for (size_t i = 0; i < N; i++) {
    double x = normal_at(i, 0), z = normal_at(i, 1), level = 5 + 2 * x + 2 * normal_at(i, 2);
    double income = x + normal_at(i, 3) > -0.3 ? rint(exp(6 + 0.7 * z + 0.5 * normal_at(i, 4))) : 0, region = floor(fmin(fmax(level, 0), 9));
    kit_row(dataset, (double[]){x, z, uniform_at(i, 5) < 0.3 ? NAN : income, uniform_at(i, 6) < 0.3 ? NAN : region});
  }
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_semicontinuous(options, "income", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  emend_imputation *made = run(plan, EMEND_METHOD_MATCH, 2, 2);
  double sums[2][2][6] = {{{0}}}; /* of amounts and levels, observed and filled */
  for (size_t i = 0; i < N; i++)
    for (size_t k = 0; k < 2; k++) {
      double x = emend_cell_value(dataset, i, 1 - k), y = emend_cell_value(dataset, i, 2 + k);
      double *s = sums[k][emend_imputation_cell(made, i, 2 + k, &y) != 0];
      if (k == 0 && y == 0)
        continue;
      y = k == 0 ? log(y) : y;
      s[0]++, s[1] += x, s[2] += y, s[3] += x * x, s[4] += y * y, s[5] += x * y;
    }
  for (size_t k = 0; k < 2; k++) {
    double r[2];
    for (size_t filled = 0; filled < 2; filled++) {
      double *s = sums[k][filled];
      r[filled] = (s[5] / s[0] - s[1] * s[2] / s[0] / s[0]) / sqrt((s[3] / s[0] - pow(s[1] / s[0], 2)) * (s[4] / s[0] - pow(s[2] / s[0], 2)));
    }
    ck_assert_double_gt(r[0], 0.65);
    ck_assert_msg(fabs(r[0] - r[1]) < 0.05, "%s: observed %g, filled %g", k ? "levels" : "amounts", r[0], r[1]);
  }
  emend_imputation_free(made);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* All women have one prediction, all men another: who receives an answer draws it from all of them. */
START_TEST(tied_donors_are_as_likely) {
  enum { N = 2000, SEEDS = 4 };
  emend_dataset *dataset = kit_new("sav"), *turned = kit_new("sav");
  emend_dataset *both[] = {dataset, turned};
  for (size_t k = 0; k < 2; k++) {
    kit_number(both[k], "id"), kit_number(both[k], "sex"), kit_number(both[k], "y");
    for (size_t at = 0; at < N; at++) {
      size_t i = k ? at * 7 % N : at;
      kit_row(both[k], (double[]){(double)i, (double)(i % 2), uniform_at(i, 1) < 0.3 ? NAN : 100 + 5 * (double)(i % 2) + 30 * normal_at(i, 2)});
    }
  }
  emend_plan *plan = plan_with_id(dataset), *turned_plan = plan_with_id(turned);
  double observed = 0, n = 0;
  for (size_t i = 0; i < N; i++)
    if (!isnan(emend_cell_value(dataset, i, 2)))
      observed += emend_cell_value(dataset, i, 2), n++;
  for (uint64_t seed = 1; seed <= SEEDS; seed++) {
    emend_imputation *made = run(plan, EMEND_METHOD_MATCH, seed, 2), *other = run(turned_plan, EMEND_METHOD_MATCH, seed, 1);
    double filled = 0, cells = 0, most = 0, a, b;
    static double taken[N];
    memset(taken, 0, sizeof taken);
    for (size_t k = 0, i = 0; k < N; k++, i = k * 7 % N) {
      if (!emend_imputation_cell(made, i, 2, &a))
        continue;
      ck_assert(emend_imputation_cell(other, k, 2, &b) && a == b);
      filled += a, cells++;
      for (size_t row = 0; row < N; row++) {
        if (emend_cell_value(dataset, row, 2) != a)
          continue;
        ck_assert_uint_eq(row % 2, i % 2);
        most = fmax(most, ++taken[row]);
      }
    }
    ck_assert_double_lt(fabs(filled / cells - observed / n), 4.5); /* three standard errors of 600 answers */
    ck_assert_double_le(most, 7); /* 0.43 answers a donor */
    emend_imputation_free(made), emend_imputation_free(other);
  }
  emend_plan_free(plan), emend_plan_free(turned_plan);
  emend_dataset_free(dataset), emend_dataset_free(turned);
}
END_TEST

/* Rows enough for several tasks: the same answers and counts for every number of threads, and the counts are those of the answers. */
START_TEST(long_tables) {
  enum { N = 30000 };
  emend_dataset *dataset = mixed(N, 1);
  emend_plan_options *options[2] = {emend_plan_options_new(), emend_plan_options_new()};
  emend_plan_options_set_threads(options[0], 1), emend_plan_options_set_threads(options[1], 3);
  emend_plan *plans[2] = {kit_plan(dataset, options[0]), kit_plan(dataset, options[1])};
  emend_imputation *made[2] = {run(plans[0], (emend_method)_i, 3, 1), run(plans[1], (emend_method)_i, 3, 3)};
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++) {
    emend_imputed_variable counts[2] = {emend_imputation_variable(made[0], v), emend_imputation_variable(made[1], v)};
    size_t filled = 0;
    for (size_t i = 0; i < N; i++) {
      double a = 0, b = 0;
      int is_filled = emend_imputation_cell(made[0], i, v, &a);
      ck_assert_int_eq(is_filled, emend_imputation_cell(made[1], i, v, &b));
      ck_assert_double_eq(a, b);
      if (is_filled && v > 0 && v < 4)
        code_of(v, a);
      filled += is_filled != 0;
    }
    ck_assert_uint_eq(counts[0].filled, filled);
    ck_assert_uint_eq(counts[1].filled, filled);
    ck_assert_uint_eq(counts[0].outside, counts[1].outside);
    ck_assert_uint_eq(counts[0].moved, counts[1].moved);
  }
  for (size_t i = 0; i < 2; i++)
    emend_imputation_free(made[i]), emend_plan_free(plans[i]), emend_plan_options_free(options[i]);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("methods");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 60);
  tcase_add_test(all, draws_have_the_models_moments);
  tcase_add_test(all, draws_belong_to_seed_and_row);
  tcase_add_test(all, moments_of_transformed_numbers);
  tcase_add_test(all, typed_variables);
  tcase_add_test(all, order_of_rows_does_not_matter);
  tcase_add_test(all, members_of_a_household_are_drawn_apart);
  tcase_add_test(all, draws_of_codes_have_no_bias);
  tcase_add_test(all, drawn_codes_belong_together);
  tcase_add_test(all, matches_are_observed);
  tcase_add_test(all, matches_keep_moments);
  tcase_add_test(all, matches_belong_together);
  tcase_add_test(all, matched_amounts_and_levels_follow);
  tcase_add_test(all, tied_donors_are_as_likely);
  tcase_add_loop_test(all, long_tables, EMEND_METHOD_EXPECTATION, EMEND_METHOD_MATCH + 1);
  suite_add_tcase(suite, all);
  return suite;
}
