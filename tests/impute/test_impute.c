/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "emend/emend.h"
#include "encode/kit.h"
#include "encode/matrix.h"
#include "impute/imputation.h"

static emend_imputation *run(const emend_plan *plan, const emend_normal *model, const emend_normal_options *options) {
  emend_imputation *imputation;
  emend_error *error = emend_error_new();
  if (emend_impute(plan, model, options, NULL, &imputation, error))
    ck_abort_msg("%s", emend_error_text(error));
  emend_error_free(error);
  return imputation;
}

static emend_plan *plan_unrounded(const emend_dataset *dataset) {
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_round(options, 0);
  emend_plan *plan = kit_plan(dataset, options);
  emend_plan_options_free(options);
  return plan;
}

/* n rows of p correlated numbers z_j = f + e_j, a share missing; `integer` columns are rounded to halves of their sd. */
static emend_dataset *sample(uint64_t seed, size_t n, size_t p, double share, size_t integers) {
  emend_dataset *dataset = kit_new("sav");
  for (size_t j = 0; j < p; j++) {
    char name[] = {'v', (char)('a' + j), '\0'};
    kit_number(dataset, name);
  }
  for (size_t i = 0; i < n; i++) {
    double cells[26], factor = emend_random_normal(seed, EMEND_STREAM_TEST, i, 100);
    for (size_t j = 0; j < p; j++) {
      double z = factor + 0.7 * emend_random_normal(seed, EMEND_STREAM_TEST, i, j);
      cells[j] = j < integers ? floor(2 * z + 10) : 3 + 0.1 * (double)(j + 1) * z;
      if (emend_random_uniform(seed, EMEND_STREAM_TEST, i, 200 + j) < share)
        cells[j] = NAN;
    }
    kit_row(dataset, cells);
  }
  return dataset;
}

/* Every cell of the completed rows: filled exactly where planned, and otherwise the dataset's own. */
static void check_rows(const emend_imputation *imputation) {
  const emend_plan *plan = emend_imputation_plan(imputation);
  const emend_dataset *dataset = emend_plan_dataset(plan);
  size_t n_variables = emend_dataset_variables(dataset);
  emend_rows rows = emend_imputation_as_rows(imputation);
  ck_assert_ptr_eq(rows.dataset, dataset);
  ck_assert_uint_eq(rows.n_rows, emend_dataset_rows(dataset));
  emend_cell *cells = calloc(n_variables + rows.n_added + 1, sizeof *cells);
  size_t *filled = calloc(n_variables + 1, sizeof *filled);
  for (size_t row = 0; row < rows.n_rows; row++) {
    rows.read(rows.state, row, cells);
    for (size_t v = 0; v < n_variables; v++) {
      double value = NAN, was = emend_cell_value(dataset, row, v);
      int is_filled = emend_imputation_cell(imputation, row, v, &value);
      ck_assert(!is_filled || emend_plan_fills(plan, row, v));
      ck_assert_int_eq(cells[v].imputed, is_filled);
      ck_assert_int_eq(cells[v].reason, emend_cell_reason(dataset, row, v));
      ck_assert(!is_filled || isfinite(value));
      double wanted = is_filled ? value : was;
      ck_assert(cells[v].value == wanted || (isnan(cells[v].value) && isnan(wanted)));
      filled[v] += is_filled != 0;
    }
  }
  size_t broken = 0;
  for (size_t v = 0; v < n_variables; v++) {
    emend_imputed_variable result = emend_imputation_variable(imputation, v);
    emend_missing_counts missing = emend_plan_missing(plan, v);
    ck_assert_uint_eq(result.filled, filled[v]);
    ck_assert_uint_eq(result.missing, missing.fill + missing.keep);
    ck_assert_uint_eq(result.left, result.missing - result.filled);
    ck_assert_uint_eq(result.broken, missing.fill - result.filled - (result.skipped - missing.skipped));
    broken += result.broken;
  }
  ck_assert_uint_eq(emend_imputation_broken(imputation), broken);
  free(filled);
  free(cells);
}

static bool was_said(const emend_events *events, const char *words) {
  for (size_t i = 0; i < emend_events_warning_count(events); i++)
    if (strstr(emend_events_warning(events, i), words))
      return true;
  return false;
}

/* The whole path agrees with fitting and completing the plain matrix. */
START_TEST(agrees_with_the_plain_matrix) {
  enum { N = 700, P = 6 };
  emend_dataset *dataset = sample(11, N, P, 0.15, 2);
  emend_plan *plan = plan_unrounded(dataset);
  emend_imputation *imputation = run(plan, NULL, NULL);
  check_rows(imputation);
  double *values = malloc(N * P * sizeof *values);
  for (size_t i = 0; i < N * P; i++)
    values[i] = emend_cell_value(dataset, i / P, i % P);
  emend_normal *fit;
  ck_assert_int_eq(emend_normal_fit(values, N, P, P, NULL, NULL, NULL, &fit, NULL), EMEND_OK);
  ck_assert_int_eq(emend_normal_complete(fit, values, N, P, NULL), EMEND_OK);
  const emend_normal *model = emend_imputation_model(imputation);
  assert_relative(emend_normal_log_likelihood(model), emend_normal_log_likelihood(fit), 1e-12);
  for (size_t j = 0; j < P; j++) {
    ck_assert_str_eq(emend_normal_name(model, j), emend_variable_name(dataset, j));
    emend_imputed_variable result = emend_imputation_variable(imputation, j);
    assert_relative(result.em_mean, emend_normal_mean(fit)[j], 1e-12);
    assert_relative(result.em_sd, sqrt(emend_normal_covariance(fit)[j * P + j]), 1e-12);
    double n = 0, sum = 0, squares = 0;
    for (size_t i = 0; i < N; i++)
      if (emend_cell_reason(dataset, i, j) == EMEND_OBSERVED)
        n++, sum += emend_cell_value(dataset, i, j);
    for (size_t i = 0; i < N; i++)
      if (emend_cell_reason(dataset, i, j) == EMEND_OBSERVED)
        squares += pow(emend_cell_value(dataset, i, j) - sum / n, 2);
    assert_relative(result.observed_mean, sum / n, 1e-13);
    assert_relative(result.observed_sd, sqrt(squares / (n - 1)), 1e-13);
    ck_assert(!result.rounded);
    for (size_t i = 0; i < N; i++) {
      double value;
      if (emend_imputation_cell(imputation, i, j, &value)) {
        assert_relative(value, values[i * P + j], 1e-10);
        n++, sum += value;
      }
    }
    assert_relative(result.completed_mean, sum / n, 1e-12);
    squares = 0;
    for (size_t i = 0; i < N; i++)
      squares += pow(values[i * P + j] - sum / n, 2);
    assert_relative(result.completed_sd, sqrt(squares / (n - 1)), 1e-10);
  }
  emend_normal_free(fit);
  free(values);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(rounds_to_values_that_occur) {
  enum { N = 300, P = 4 };
  emend_dataset *dataset = sample(5, N, P, 0.2, 2);
  emend_plan *plan = kit_plan(dataset, NULL), *plain = plan_unrounded(dataset);
  emend_imputation *rounded = run(plan, NULL, NULL), *expected = run(plain, NULL, NULL);
  check_rows(rounded);
  for (size_t v = 0; v < P; v++) {
    ck_assert_int_eq(emend_imputation_variable(rounded, v).rounded, v < 2);
    double sum = 0;
    for (size_t row = 0; row < N; row++) {
      double value, wish;
      if (!emend_imputation_cell(rounded, row, v, &value))
        continue;
      ck_assert(emend_imputation_cell(expected, row, v, &wish));
      bool occurs = v >= 2;
      for (size_t other = 0; v < 2 && other < N; other++)
        occurs = occurs || emend_cell_value(dataset, other, v) == value;
      ck_assert(occurs);
      ck_assert_double_lt(fabs(value - wish), v < 2 ? 1 : 1e-5); /* up or down to a neighbour, or to decimals that are nothing beside the sd, ... */
      sum += value - wish;
    }
    ck_assert_double_lt(fabs(sum), 0.5 + 1e-9); /* ... so that the sum stays */
  }
  emend_imputation_free(rounded), emend_imputation_free(expected);
  emend_plan_free(plan), emend_plan_free(plain);
  emend_dataset_free(dataset);
}
END_TEST

/* A model that is estimated, saved, loaded and given back fills the same cells with the same values. */
START_TEST(a_given_model_is_the_estimated_one) {
  enum { N = 400, P = 5 };
  emend_dataset *dataset = sample(8, N, P, 0.1, 0);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_imputation *estimated = run(plan, NULL, NULL);
  char *text;
  emend_normal *loaded;
  ck_assert_int_eq(emend_normal_to_json(emend_imputation_model(estimated), &text, NULL), EMEND_OK);
  ck_assert_int_eq(emend_normal_from_json(text, strlen(text), "model", &loaded, NULL), EMEND_OK);
  emend_imputation *given = run(plan, loaded, NULL);
  ck_assert_ptr_eq(emend_imputation_model(given), loaded);
  check_rows(given);
  for (size_t v = 0; v < P; v++)
    for (size_t row = 0; row < N; row++) {
      double a, b;
      int filled = emend_imputation_cell(estimated, row, v, &a);
      ck_assert_int_eq(emend_imputation_cell(given, row, v, &b), filled);
      if (filled)
        assert_relative(a, b, 1e-10);
    }
  emend_imputation_free(given), emend_imputation_free(estimated);
  free(text);
  emend_normal_free(loaded);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

static emend_normal *fit_of(const emend_dataset *dataset) {
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_imputation *imputation = run(plan, NULL, NULL);
  char *text;
  emend_normal *model;
  ck_assert_int_eq(emend_normal_to_json(emend_imputation_model(imputation), &text, NULL), EMEND_OK);
  ck_assert_int_eq(emend_normal_from_json(text, strlen(text), "model", &model, NULL), EMEND_OK);
  free(text);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  return model;
}

/* One new row, in which nothing varies and something was never seen: the model knows better. Checked with the bivariate regression. */
START_TEST(a_given_model_completes_a_single_row) {
  emend_dataset *many = sample(3, 500, 2, 0, 0);
  emend_normal *model = fit_of(many);
  static const double cells[] = {NAN, 3.3}; /* and in another order than the model's */
  emend_dataset *one = kit_new("csv");
  kit_number(one, "vb"), kit_number(one, "va");
  kit_row(one, cells);
  static const char *const known[] = {"va", "vb"};
  emend_plan_options *options = emend_plan_options_new();
  ck_assert_int_eq(emend_plan_options_set_model_columns(options, known, 2, NULL), EMEND_OK);
  emend_plan *plan = kit_plan(one, options);
  emend_imputation *imputation = run(plan, model, NULL);
  check_rows(imputation);
  const double *mean = emend_normal_mean(model), *covariance = emend_normal_covariance(model);
  double value;
  ck_assert(emend_imputation_cell(imputation, 0, 0, &value));
  assert_relative(value, mean[1] + covariance[1] / covariance[0] * (3.3 - mean[0]), 1e-12);
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_normal_free(model);
  emend_dataset_free(one), emend_dataset_free(many);
}
END_TEST

/* A variable that shows one value in these few rows is no constant to a model that was fitted to many. */
START_TEST(a_given_model_knows_more_than_one_value) {
  emend_dataset *many = sample(3, 500, 2, 0, 0);
  emend_normal *model = fit_of(many);
  static const double cells[] = {2.5, 1.25, 2.5, -3.5, NAN, 4.75};
  emend_dataset *few = kit_table("va vb", 3, 2, cells);
  emend_plan *plan = kit_plan(few, NULL);
  ck_assert_int_eq(emend_plan_role(plan, 0), EMEND_ROLE_CONSTANT);
  emend_imputation *imputation = run(plan, model, NULL);
  check_rows(imputation);
  const double *mean = emend_normal_mean(model), *covariance = emend_normal_covariance(model);
  double value;
  ck_assert(emend_imputation_cell(imputation, 2, 0, &value));
  assert_relative(value, mean[0] + covariance[1] / covariance[3] * (4.75 - mean[1]), 1e-10);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_normal_free(model);
  emend_dataset_free(few), emend_dataset_free(many);
}
END_TEST

/* x = 2 y - 1 exactly, and y reaches beyond the rows that have x; z has one answer to four holes. */
START_TEST(notes_about_doubtful_values) {
  static const double cells[] = {1.5, 1.25, 0.5, 2.5, 1.75, NAN, 3.5, 2.25, NAN, NAN, 4.25, NAN, NAN, 3.25, NAN, 2.25, 1.5, 1.5};
  emend_dataset *dataset = kit_table("x y z", 6, 3, cells);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_events *events = emend_events_new();
  emend_imputation *imputation;
  ck_assert_int_eq(emend_impute(plan, NULL, NULL, events, &imputation, NULL), EMEND_OK);
  bool beyond = false, mostly = false;
  for (size_t i = 0; i < emend_events_warning_count(events); i++) {
    const char *text = emend_events_warning(events, i);
    beyond = beyond || strstr(text, "x received ") == text || strstr(text, "x and z received ") == text;
    mostly = mostly || strstr(text, "z has more filled cells than answers") == text;
  }
  ck_assert_uint_eq(emend_imputation_variable(imputation, 0).outside, 2);
  ck_assert_uint_eq(emend_imputation_variable(imputation, 1).outside, 0);
  ck_assert(beyond && mostly);
  emend_imputation_free(imputation);
  emend_events_free(events);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Rows of a panel's waves in which somebody did not take part; `whole`: variables that everybody has. */
static bool notes_empty_rows(size_t whole, size_t empty) {
  enum { N = 100, P = 8 };
  double cells[N * P];
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < P; j++)
      cells[i * P + j] = j >= whole && (i < empty || (i + 11 * j) % 29 == 28) ? NAN : (double)(i * (7 * j + 3) % 31) + 0.25 * (double)(i % 3);
  emend_dataset *dataset = kit_table("a b c d e f g h", N, P, cells);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_events *events = emend_events_new();
  emend_imputation *imputation;
  ck_assert_int_eq(emend_impute(plan, NULL, NULL, events, &imputation, NULL), EMEND_OK);
  char expected[100];
  snprintf(expected, sizeof expected, "%zu rows hold no answer to any of the %zu variables that are filled, and are filled from %s", empty,
           P - whole, whole ? "the few" : "nothing");
  bool found = false;
  for (size_t i = 0; i < emend_events_warning_count(events); i++)
    found = found || strstr(emend_events_warning(events, i), expected);
  emend_imputation_free(imputation);
  emend_events_free(events);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
  return found;
}

START_TEST(rows_without_answers_are_noted) {
  ck_assert(notes_empty_rows(1, 12));
  ck_assert(notes_empty_rows(0, 12));
  ck_assert(!notes_empty_rows(1, 2));  /* too few rows */
  ck_assert(!notes_empty_rows(2, 12)); /* six variables by two complete ones */
}
END_TEST

START_TEST(a_given_model_must_fit_the_plan) {
  emend_dataset *dataset = sample(3, 100, 3, 0.1, 0), *narrow = sample(3, 100, 2, 0.1, 0);
  emend_normal *model = fit_of(dataset), *small = fit_of(narrow);
  emend_error *error = emend_error_new();
  emend_imputation *imputation;
  emend_plan *plan = kit_plan(narrow, NULL);
  ck_assert_int_eq(emend_impute(plan, model, NULL, NULL, &imputation, error), EMEND_INVALID_ARGUMENT);
  ck_assert_str_eq(emend_error_variable(error), "vc");
  ck_assert_ptr_null(imputation);
  emend_plan_free(plan);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_exclude(options, "vb", NULL);
  plan = kit_plan(dataset, options);
  ck_assert_int_eq(emend_impute(plan, model, NULL, NULL, &imputation, error), EMEND_INVALID_ARGUMENT);
  ck_assert_str_eq(emend_error_variable(error), "vb");
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "--exclude"));
  emend_plan_free(plan);
  emend_plan_options_free(options);
  /* A variable that the model does not know stays as it is, and that breaks a promise. */
  emend_events *events = emend_events_new();
  plan = kit_plan(dataset, NULL);
  ck_assert_int_eq(emend_impute(plan, small, NULL, events, &imputation, error), EMEND_OK);
  check_rows(imputation);
  ck_assert_uint_gt(emend_plan_missing(plan, 2).fill, 0);
  ck_assert_uint_eq(emend_imputation_broken(imputation), emend_plan_missing(plan, 2).fill);
  ck_assert_ptr_nonnull(strstr(emend_events_warning(events, 0), "does not know vc"));
  ck_assert(isnan(emend_imputation_variable(imputation, 2).em_mean));
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_events_free(events);
  emend_error_free(error);
  emend_normal_free(model), emend_normal_free(small);
  emend_dataset_free(dataset), emend_dataset_free(narrow);
}
END_TEST

/* ts = sws + ps holds in the file, and in the completed cells to 1e-5 sd. */
START_TEST(exact_dependence_is_kept) {
  emend_dataset *dataset = kit_csv(support_shared("data/real/mammalsleep.csv"), 1);
  if (!dataset)
    return;
  emend_plan *plan = plan_unrounded(dataset);
  emend_events *events = emend_events_new();
  emend_imputation *imputation;
  ck_assert_int_eq(emend_impute(plan, NULL, NULL, events, &imputation, NULL), EMEND_OK);
  check_rows(imputation);
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  size_t sws = kit_find(dataset, "sws"), ps = kit_find(dataset, "ps"), ts = kit_find(dataset, "ts"), checked = 0;
  emend_rows rows = emend_imputation_as_rows(imputation);
  emend_cell cells[16];
  double sd = emend_imputation_variable(imputation, ts).observed_sd;
  for (size_t row = 0; row < rows.n_rows; row++) {
    rows.read(rows.state, row, cells);
    if (!cells[sws].imputed && !cells[ps].imputed && !cells[ts].imputed)
      continue; /* some observed rows were rounded by hand, or wrong */
    ck_assert_msg(fabs(cells[ts].value - cells[sws].value - cells[ps].value) < 1e-5 * sd, "row %zu: %g", row + 1,
                  cells[ts].value - cells[sws].value - cells[ps].value);
    checked++;
  }
  ck_assert_uint_ge(checked, 14);
  emend_imputation_free(imputation);
  emend_events_free(events);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(equal_rows_get_equal_values) {
  enum { N = 120, P = 4 };
  emend_dataset *once = sample(21, N, P, 0.25, 1), *twice = kit_new("sav");
  for (size_t j = 0; j < P; j++)
    kit_number(twice, emend_variable_name(once, j));
  for (size_t i = 0; i < 2 * N; i++) {
    double cells[P];
    for (size_t j = 0; j < P; j++)
      cells[j] = emend_cell_value(once, i % N, j);
    kit_row(twice, cells);
  }
  emend_plan *plan = kit_plan(twice, NULL), *plan_once = kit_plan(once, NULL);
  emend_imputation *imputation = run(plan, NULL, NULL), *single = run(plan_once, NULL, NULL);
  for (size_t row = 0; row < N; row++)
    for (size_t v = 0; v < P; v++) {
      double a, b, c;
      int filled = emend_imputation_cell(imputation, row, v, &a);
      ck_assert_int_eq(emend_imputation_cell(imputation, row + N, v, &b), filled);
      ck_assert(!filled || a == b);
      ck_assert_int_eq(emend_imputation_cell(single, row, v, &c), filled);
      if (filled) /* the maximum does not depend on how often the sample comes; the stopping rule is 1e-6 sd */
        ck_assert_double_lt(fabs(a - c), 1e-4);
    }
  emend_imputation_free(imputation), emend_imputation_free(single);
  emend_plan_free(plan), emend_plan_free(plan_once);
  emend_dataset_free(twice), emend_dataset_free(once);
}
END_TEST

/* Frequency weights are repeated rows; a row of weight 0 is completed and tells nothing. */
START_TEST(weights_repeat_rows) {
  enum { N = 90, P = 3 };
  emend_dataset *plain = sample(31, N, P, 0.2, 0), *weighted = kit_new("sav"), *repeated = kit_new("sav");
  for (size_t j = 0; j < P; j++)
    kit_number(weighted, emend_variable_name(plain, j)), kit_number(repeated, emend_variable_name(plain, j));
  emend_dataset_set_weight(weighted, (ptrdiff_t)kit_number(weighted, "w"));
  for (size_t i = 0; i < N; i++) {
    double cells[P + 1];
    for (size_t j = 0; j < P; j++)
      cells[j] = emend_cell_value(plain, i, j);
    cells[P] = (double)(i % 4);
    kit_row(weighted, cells);
    for (size_t k = 0; k < i % 4; k++)
      kit_row(repeated, cells);
  }
  emend_normal_options *options = emend_normal_options_new();
  emend_normal_options_set_tolerance(options, 1e-11, NULL);
  emend_plan *plan = kit_plan(weighted, NULL), *plan_repeated = kit_plan(repeated, NULL);
  emend_imputation *imputation = run(plan, NULL, options), *longer = run(plan_repeated, NULL, options);
  check_rows(imputation);
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  assert_relative(emend_normal_log_likelihood(emend_imputation_model(imputation)), emend_normal_log_likelihood(emend_imputation_model(longer)), 1e-9);
  for (size_t v = 0; v < P; v++) {
    emend_imputed_variable a = emend_imputation_variable(imputation, v), b = emend_imputation_variable(longer, v);
    assert_relative(a.em_mean, b.em_mean, 1e-9);
    assert_relative(a.em_sd, b.em_sd, 1e-9);
    assert_relative(a.observed_mean, b.observed_mean, 1e-12);
    assert_relative(a.observed_sd, b.observed_sd, 1e-12);
    assert_relative(a.completed_sd, b.completed_sd, 1e-9);
  }
  emend_imputation_free(imputation), emend_imputation_free(longer);
  emend_plan_free(plan), emend_plan_free(plan_repeated);
  emend_normal_options_free(options);
  emend_dataset_free(plain), emend_dataset_free(weighted), emend_dataset_free(repeated);
}
END_TEST

START_TEST(sampling_weights_do_not_depend_on_their_scale) {
  enum { N = 80 };
  double mean[2], likelihood[2];
  for (int turn = 0; turn < 2; turn++) {
    emend_dataset *plain = sample(41, N, 2, 0.2, 0), *weighted = kit_new("sav");
    kit_number(weighted, "va"), kit_number(weighted, "vb");
    emend_dataset_set_weight(weighted, (ptrdiff_t)kit_number(weighted, "w"));
    for (size_t i = 0; i < N; i++) {
      double cells[] = {emend_cell_value(plain, i, 0), emend_cell_value(plain, i, 1), (0.5 + (double)(i % 3)) * (turn ? 0.015625 : 1)};
      kit_row(weighted, cells);
    }
    emend_plan *plan = kit_plan(weighted, NULL);
    emend_imputation *imputation = run(plan, NULL, NULL);
    mean[turn] = emend_imputation_variable(imputation, 0).em_mean;
    double sum = 0, weight = 0, squares = 0;
    for (size_t i = 0; i < N; i++) {
      double x = emend_cell_value(weighted, i, 0), w = 0.5 + (double)(i % 3);
      emend_imputation_cell(imputation, i, 0, &x);
      ck_assert(!isnan(x));
      weight += w, sum += w * x, squares += w * x * x;
    }
    double mean_of_both = sum / weight, variance = squares / weight - mean_of_both * mean_of_both;
    assert_relative(emend_imputation_variable(imputation, 0).completed_mean, mean_of_both, 1e-12);
    assert_relative(emend_imputation_variable(imputation, 0).completed_sd, sqrt(variance * N / (N - 1)), 1e-9);
    likelihood[turn] = emend_normal_log_likelihood(emend_imputation_model(imputation));
    assert_relative(emend_normal_weight(emend_imputation_model(imputation)), (double)emend_normal_rows(emend_imputation_model(imputation)), 1e-12);
    emend_imputation_free(imputation);
    emend_plan_free(plan);
    emend_dataset_free(plain), emend_dataset_free(weighted);
  }
  assert_relative(mean[0], mean[1], 1e-12);
  assert_relative(likelihood[0], likelihood[1], 1e-12);
}
END_TEST

/* Kept codes stay, filled codes go; a constant is filled with itself, nothing is promised of what nobody answered. */
START_TEST(kinds_of_cells) {
  emend_dataset *dataset = kit_new("sav");
  size_t x = kit_number(dataset, "x"), flat = kit_number(dataset, "flat"), empty = kit_number(dataset, "empty");
  kit_number(dataset, "y");
  kit_declare(dataset, x, 98, 98), kit_declare(dataset, x, 99, 99);
  kit_label(dataset, x, 98, "Not applicable"), kit_label(dataset, x, 99, "No answer");
  for (int i = 0; i < 40; i++) {
    double cells[] = {i % 10 == 3 ? 98 : i % 10 == 7 ? 99 : i % 10 == 9 ? NAN : i % 5 + 0.5, i % 8 ? 7.25 : NAN, NAN, i % 6 * 0.75 + i % 5};
    kit_row(dataset, cells);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_events *events = emend_events_new();
  emend_imputation *imputation;
  ck_assert_int_eq(emend_impute(plan, NULL, NULL, events, &imputation, NULL), EMEND_OK);
  check_rows(imputation);
  emend_imputed_variable result = emend_imputation_variable(imputation, x);
  ck_assert_uint_eq(result.missing, 12);
  ck_assert_uint_eq(result.filled, 8);
  ck_assert_uint_eq(result.left, 4);
  ck_assert_uint_eq(result.broken, 0);
  result = emend_imputation_variable(imputation, flat);
  ck_assert_uint_eq(result.filled, 5);
  double value;
  ck_assert(emend_imputation_cell(imputation, 0, flat, &value));
  ck_assert_double_eq(value, 7.25);
  ck_assert(isnan(result.em_mean));
  result = emend_imputation_variable(imputation, empty);
  ck_assert_uint_eq(result.filled, 0);
  ck_assert_uint_eq(result.left, 40);
  ck_assert(isnan(result.observed_mean));
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  ck_assert_uint_eq(emend_plan_missing(plan, empty).fill, 0);
  ck_assert_uint_eq(emend_plan_unanswered(plan), 40);
  ck_assert(was_said(events, "flat has one value wherever observed: its 5 missing cells received it"));
  emend_imputation_free(imputation);
  emend_events_free(events);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* y = x + 1/4 exactly, x runs into y's declared range: the values that would fall there move to its edge, and are counted. */
START_TEST(no_value_falls_on_a_missing_code) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "x"), kit_number(dataset, "y");
  kit_declare(dataset, 1, -INFINITY, -1);
  for (int i = 0; i < 60; i++) {
    double x = (i - 20) * 0.5;
    double cells[] = {x, x + 0.25 > -1 && i % 5 ? x + 0.25 : NAN};
    kit_row(dataset, cells);
  }
  emend_plan *plan = plan_unrounded(dataset);
  emend_events *events = emend_events_new();
  emend_imputation *imputation;
  ck_assert_int_eq(emend_impute(plan, NULL, NULL, events, &imputation, NULL), EMEND_OK);
  check_rows(imputation);
  size_t expected = 0;
  for (size_t row = 0; row < 60; row++) {
    double value, wish = ((double)row - 20) * 0.5 + 0.25;
    if (!emend_imputation_cell(imputation, row, 1, &value))
      continue;
    expected += wish <= -1;
    ck_assert_double_gt(value, -1);
    ck_assert_double_lt(fabs(value - (wish <= -1 ? -1 : wish)), 1e-4);
  }
  ck_assert_uint_gt(expected, 10);
  ck_assert_uint_eq(emend_imputation_variable(imputation, 1).moved, expected);
  ck_assert(was_said(events, "fell on a missing code or beyond what its storage type holds, and moved to the nearest permitted value"));
  emend_imputation_free(imputation);
  emend_events_free(events);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(a_row_with_nothing_gets_the_means) {
  emend_dataset *dataset = sample(51, 100, 3, 0, 0);
  static const double nothing[] = {NAN, NAN, NAN};
  kit_row(dataset, nothing);
  emend_plan *plan = plan_unrounded(dataset);
  emend_imputation *imputation = run(plan, NULL, NULL);
  check_rows(imputation);
  for (size_t v = 0; v < 3; v++) {
    double value;
    ck_assert(emend_imputation_cell(imputation, 100, v, &value));
    assert_relative(value, emend_imputation_variable(imputation, v).observed_mean, 1e-12); /* the rest is complete */
  }
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* Tables at the edge of sense: all end well, with what can be filled filled, and what nobody answered counted. */
static const struct edge_case {
  const char *names;
  size_t rows, columns, unanswered;
  bool model;
  double cells[12];
} edge_cases[] = {
    {"x", 0, 1, 0, false, {0}},
    {"x", 1, 1, 0, false, {5}},
    {"x", 1, 1, 1, false, {NAN}},
    {"x y", 1, 2, 1, false, {5, NAN}},
    {"x y", 2, 2, 4, false, {NAN, NAN, NAN, NAN}},
    {"x y", 3, 2, 0, false, {5, 1.5, NAN, 1.5, 5, NAN}},     /* constants only */
    {"x", 4, 1, 0, true, {1.5, NAN, 2.5, 9}},
    {"x y", 3, 2, 0, true, {1.5, 2.5, 2.25, 3, 7.5, 1}},      /* nothing missing */
    {"x y", 4, 2, 0, true, {1.5, NAN, 2.5, NAN, NAN, 3.5, NAN, 4.25}}, /* never together */
    {"x y", 3, 2, 0, true, {1.5, 1.5, 2.5, 2.5, 4, NAN}},     /* a duplicated column */
    {"x y z", 2, 3, 0, true, {1.5, 2, 3.5, 2.5, 4, NAN}},     /* fewer rows than columns; z is constant, y identifies */
};

START_TEST(edges) {
  const struct edge_case *c = &edge_cases[_i];
  emend_dataset *dataset = kit_table(c->names, c->rows, c->columns, c->cells);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_imputation *imputation = run(plan, NULL, NULL);
  check_rows(imputation);
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  ck_assert_uint_eq(emend_plan_unanswered(plan), c->unanswered);
  ck_assert_int_eq(emend_imputation_model(imputation) != NULL, c->model);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

static int stop_at(void *context, const char *stage, double fraction, const char *detail) {
  (void)fraction, (void)detail;
  return strcmp(stage, context) == 0;
}

START_TEST(can_be_cancelled) {
  static char stages[][12] = {"estimate", "impute"};
  emend_dataset *dataset = sample(61, 200, 3, 0.2, 0);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_events *events = emend_events_new();
  emend_imputation *imputation;
  emend_events_on_progress(events, stop_at, stages[_i]);
  ck_assert_int_eq(emend_impute(plan, NULL, NULL, events, &imputation, NULL), EMEND_CANCELLED);
  ck_assert_ptr_null(imputation);
  emend_events_free(events);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* The GSS sample, through the reader: 2,345 cells are user-missing, of which 2,187 are not-applicable codes and stay. */
START_TEST(the_gss_sample) {
  emend_file *file;
  emend_error *error = emend_error_new();
  if (emend_file_read(support_source("samples/gss2014_usermissing.sav"), NULL, NULL, &file, error))
    ck_abort_msg("%s", emend_error_text(error));
  const emend_dataset *dataset = emend_file_dataset(file);
  emend_plan *plan = kit_plan(dataset, NULL);
  size_t user = 0, kept = 0, fill = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++) {
    emend_missing_counts missing = emend_plan_missing(plan, v);
    user += missing.user;
    kept += missing.keep;
    fill += missing.fill;
    ck_assert_uint_eq(missing.fill + missing.keep, missing.user + missing.system);
  }
  ck_assert_uint_eq(user, 2345);
  ck_assert_uint_eq(kept, 2187);
  ck_assert_int_eq(emend_plan_role(plan, kit_find(dataset, "year")), EMEND_ROLE_CONSTANT);
  emend_imputation *imputation;
  ck_assert_int_eq(emend_impute(plan, NULL, NULL, NULL, &imputation, error), EMEND_OK);
  check_rows(imputation);
  size_t filled = 0, left = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++) {
    filled += emend_imputation_variable(imputation, v).filled;
    left += emend_imputation_variable(imputation, v).left;
  }
  size_t unasked = emend_imputation_variable(imputation, kit_find(dataset, "denom")).skipped; /* by an imputed religion */
  ck_assert(unasked > 0 && unasked < 18);
  ck_assert_uint_eq(filled + unasked, fill);
  ck_assert_uint_eq(left, 2187 + unasked);
  ck_assert_uint_eq(emend_imputation_broken(imputation), 0);
  for (size_t row = 0; row < emend_dataset_rows(dataset); row++)
    for (size_t v = 0; v < emend_dataset_variables(dataset); v++) {
      double value;
      if (emend_imputation_cell(imputation, row, v, &value))
        ck_assert(!emend_variable_declares_missing(emend_dataset_variable(dataset, v), value) && value == floor(value));
    }
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_file_close(file);
  emend_error_free(error);
}
END_TEST

/* What is written and read again is what was imputed; an imputation of other data is refused. */
START_TEST(written_and_read_again) {
  char path[4096];
  snprintf(path, sizeof path, "%s", support_scratch("completed.csv"));
  emend_file *file, *again;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_file_read(support_source("samples/penguins.csv"), NULL, NULL, &file, error), EMEND_OK);
  const emend_dataset *dataset = emend_file_dataset(file);
  emend_plan *plan = kit_plan(dataset, NULL);
  emend_imputation *imputation = run(plan, NULL, NULL);
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  ck_assert_int_eq(emend_outputs_open(outputs, path, 0, &output, error), EMEND_OK);
  emend_write_plan *writing, *other;
  ck_assert_int_eq(emend_write_plan_new(file, plan, path, NULL, &writing, error), EMEND_OK);
  ck_assert_str_eq(emend_write_plan_way(writing), "patch");
  ck_assert_int_eq(emend_write(writing, imputation, output, NULL, error), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  emend_outputs_free(outputs);
  ck_assert_int_eq(emend_file_read(path, NULL, NULL, &again, error), EMEND_OK);
  size_t filled = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    for (size_t row = 0; row < emend_dataset_rows(dataset); row++) {
      double value = emend_cell_value(dataset, row, v), got = emend_cell_value(emend_file_dataset(again), row, v);
      filled += emend_imputation_cell(imputation, row, v, &value) != 0;
      const char *text = emend_imputation_text(imputation, row, v);
      ck_assert(!text || strcmp(text, emend_cell_text(emend_file_dataset(again), row, v)) == 0);
      ck_assert(got == value || (isnan(got) && isnan(value)));
    }
  ck_assert_uint_eq(filled, 19); /* two penguins were not measured, and of eleven the sex is not known */
  outputs = emend_outputs_new();
  ck_assert_int_eq(emend_outputs_open(outputs, support_scratch("other.csv"), 0, &output, error), EMEND_OK);
  ck_assert_int_eq(emend_write_plan_new(again, plan, path, NULL, &other, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_write_plan_new(again, NULL, path, NULL, &other, error), EMEND_OK);
  ck_assert_int_eq(emend_write(other, imputation, output, NULL, error), EMEND_INVALID_ARGUMENT);
  emend_write_plan_free(other), emend_write_plan_free(writing);
  emend_outputs_free(outputs);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_file_close(again), emend_file_close(file);
  emend_error_free(error);
}
END_TEST

/* An indicator for each variable with filled cells; its name is no other's and no longer than the format allows. */
START_TEST(flags_of_imputed_cells) {
  emend_dataset *dataset = kit_new("dta");
  static const char long_name[] = "a_name_of_thirty_two_characters_";
  kit_number(dataset, "x"), kit_number(dataset, "X_IMP"), kit_number(dataset, long_name), kit_number(dataset, "full");
  static const double cells[][4] = {{1, 2, 3, 1}, {NAN, 4, 6, 2}, {3, NAN, 9, 4}, {5, 6, NAN, 8}, {7, KIT_TAG('a'), 1, 16}};
  kit_rows(dataset, 5, cells[0]);
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_flags(options, 1);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_uint_eq(emend_plan_flags(plan), 3);
  ck_assert_str_eq(emend_plan_flag(plan, 0), "x_imp2");
  ck_assert_str_eq(emend_plan_flag(plan, 1), "X_IMP_imp");
  ck_assert_str_eq(emend_plan_flag(plan, 2), "a_name_of_thirty_two_charact_imp");
  ck_assert_ptr_null(emend_plan_flag(plan, 3));
  emend_imputation *imputation = run(plan, NULL, NULL);
  emend_rows rows = emend_imputation_as_rows(imputation);
  ck_assert_uint_eq(rows.n_added, 3);
  emend_cell read[7];
  for (size_t row = 0; row < 5; row++) {
    rows.read(rows.state, row, read);
    for (size_t i = 0; i < 3; i++) {
      ck_assert_int_eq(read[4 + i].reason, EMEND_OBSERVED);
      ck_assert(read[4 + i].value == (row == i + 1 ? 1.0 : 0.0));
    }
  }
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("impute");
  TCase *tests = tcase_create("imputations");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, agrees_with_the_plain_matrix);
  tcase_add_test(tests, rounds_to_values_that_occur);
  tcase_add_test(tests, a_given_model_is_the_estimated_one);
  tcase_add_test(tests, a_given_model_completes_a_single_row);
  tcase_add_test(tests, a_given_model_knows_more_than_one_value);
  tcase_add_test(tests, notes_about_doubtful_values);
  tcase_add_test(tests, rows_without_answers_are_noted);
  tcase_add_test(tests, a_given_model_must_fit_the_plan);
  tcase_add_test(tests, exact_dependence_is_kept);
  tcase_add_test(tests, equal_rows_get_equal_values);
  tcase_add_test(tests, weights_repeat_rows);
  tcase_add_test(tests, sampling_weights_do_not_depend_on_their_scale);
  tcase_add_test(tests, kinds_of_cells);
  tcase_add_test(tests, no_value_falls_on_a_missing_code);
  tcase_add_test(tests, a_row_with_nothing_gets_the_means);
  tcase_add_loop_test(tests, edges, 0, sizeof edge_cases / sizeof *edge_cases);
  tcase_add_loop_test(tests, can_be_cancelled, 0, 2);
  tcase_add_test(tests, flags_of_imputed_cells);
  tcase_add_test(tests, the_gss_sample);
  tcase_add_test(tests, written_and_read_again);
  suite_add_tcase(suite, tests);
  return suite;
}
