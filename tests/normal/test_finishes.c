/* SPDX-License-Identifier: GPL-3.0-or-later */
/* It always finishes: data that have no unique answer, or no answer, are detected, named, handled. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "normal/fit.h"
#include "normal/kit.h"
#include "normal/tables.h"

/* A fit with its warnings. */
typedef struct outcome {
  emend_normal *fit;
  emend_events *events;
} outcome;

static outcome run(const double *values, size_t n, size_t p, const emend_normal_options *options) {
  outcome o = {.events = emend_events_new()};
  emend_error *error = emend_error_new();
  emend_status status = emend_normal_fit(values, n, p, p, NULL, options, o.events, &o.fit, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  kit_assert_sane(o.fit);
  emend_error_free(error);
  return o;
}

static void finish(outcome o) {
  emend_normal_free(o.fit);
  emend_events_free(o.events);
}

/* Some warning holds all of up to three words. */
static void assert_warned(const outcome *o, const char *a, const char *b, const char *c) {
  for (size_t i = 0; i < emend_events_warning_count(o->events); i++) {
    const char *text = emend_events_warning(o->events, i);
    if (strstr(text, a) && (!b || strstr(text, b)) && (!c || strstr(text, c)))
      return;
  }
  ck_abort_msg("no warning speaks of %s, %s, %s; first of %zu: %s", a, b ? b : "", c ? c : "", emend_events_warning_count(o->events),
               emend_events_warning_count(o->events) ? emend_events_warning(o->events, 0) : "");
}

static void assert_complete(const outcome *o, double *values, size_t n, size_t p) {
  ck_assert_int_eq(emend_normal_complete(o->fit, values, n, p, NULL), EMEND_OK);
  for (size_t i = 0; i < n * p; i++)
    ck_assert_int_eq(isfinite(values[i]) != 0, emend_normal_column_state(o->fit, i % p) != EMEND_COLUMN_NEVER_OBSERVED);
}

START_TEST(constant_and_never_observed_columns) {
  enum { ROWS = 30 };
  double values[ROWS * 4], *sample = kit_sample(61, ROWS, 2, 0.2);
  for (size_t i = 0; i < ROWS; i++) {
    values[i * 4] = sample[i * 2];
    values[i * 4 + 1] = i % 3 ? 0.1 : NAN;
    values[i * 4 + 2] = NAN;
    values[i * 4 + 3] = sample[i * 2 + 1];
  }
  emend_normal_options *options = emend_normal_options_new();
  ck_assert_int_eq(emend_normal_options_set_tolerance(options, 1e-12, NULL),
                   EMEND_OK); /* the way there differs by rounding, which jumps magnify */
  emend_normal *alone = kit_fit(sample, ROWS, 2, NULL, options);
  outcome o = run(values, ROWS, 4, options);
  emend_normal_options_free(options);
  ck_assert_int_eq(emend_normal_column_state(o.fit, 0), EMEND_COLUMN_ORDINARY);
  ck_assert_int_eq(emend_normal_column_state(o.fit, 1), EMEND_COLUMN_CONSTANT);
  ck_assert_int_eq(emend_normal_column_state(o.fit, 2), EMEND_COLUMN_NEVER_OBSERVED);
  ck_assert(emend_normal_mean(o.fit)[1] == 0.1);
  ck_assert(kit_covariance(o.fit, 1, 1) == 0 && kit_covariance(o.fit, 0, 1) == 0);
  /* They take no part: the others are estimated as if alone, the log-likelihood is theirs. */
  assert_relative(emend_normal_mean(o.fit)[3], emend_normal_mean(alone)[1], 1e-11);
  assert_relative(kit_covariance(o.fit, 0, 3), kit_covariance(alone, 0, 1), 1e-11);
  assert_relative(emend_normal_log_likelihood(o.fit), emend_normal_log_likelihood(alone), 1e-12);
  assert_complete(&o, values, ROWS, 4);
  for (size_t i = 0; i < ROWS; i++)
    ck_assert(values[i * 4 + 1] == 0.1);
  finish(o);
  emend_normal_free(alone);
  free(sample);
}
END_TEST

/* A sum of two columns, with holes: the identity holds in the completed cells. */
START_TEST(exact_dependence_with_holes) {
  enum { ROWS = 200 };
  double *sample = kit_sample(62, ROWS, 3, 0), values[ROWS * 4];
  for (size_t i = 0; i < ROWS; i++) {
    memcpy(values + i * 4, sample + i * 3, 3 * sizeof *values);
    values[i * 4 + 3] = sample[i * 3] + sample[i * 3 + 1];
  }
  for (size_t i = 0; i < ROWS * 4; i++)
    if (emend_random_uniform(62, EMEND_STREAM_TEST + 2, i, 0) < (_i ? 0.6 : 0.2))
      values[i] = NAN;
  bool holes[ROWS][4];
  for (size_t i = 0; i < ROWS * 4; i++)
    holes[i / 4][i % 4] = isnan(values[i]);
  outcome o = run(values, ROWS, 4, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_warned(&o, "column 1", "column 2", "column 4");
  ck_assert_int_eq(emend_normal_prior(o.fit), EMEND_PRIOR_SHRINK);
  ck_assert(emend_normal_ridge(o.fit) > 0 && emend_normal_ridge(o.fit) < 1e-4 * ROWS);
  double sd = sqrt(kit_covariance(o.fit, 3, 3));
  assert_complete(&o, values, ROWS, 4);
  for (size_t i = 0; i < ROWS; i++)
    if (holes[i][0] + holes[i][1] + holes[i][3] < 3) /* with any of the three the other two are tied */
      assert_near((values[i * 4] + values[i * 4 + 1] - values[i * 4 + 3]) / sd, 0, _i ? 1e-4 : 1e-5); /* at 60 %, 13 rows have all three */
  finish(o);
  free(sample);
}
END_TEST

START_TEST(mammalsleep_keeps_its_identity) {
  const char *path = support_shared("data/real/mammalsleep.csv");
  if (!path)
    return;
  size_t n;
  double *values = kit_read_csv(path, 1, 10, &n); /* bw brw sws ps ts mls gt pi sei odi; ts = sws + ps */
  ck_assert_uint_eq(n, 62);
  outcome o = run(values, n, 10, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_warned(&o, "column 3", "column 4", "column 5");
  double sd = sqrt(kit_covariance(o.fit, 4, 4));
  double *observed = malloc(n * 10 * sizeof *observed);
  memcpy(observed, values, n * 10 * sizeof *values);
  assert_complete(&o, values, n, 10);
  size_t completed = 0;
  for (size_t i = 0; i < n; i++) {
    const double *x = observed + i * 10;
    if (!isnan(x[2]) && !isnan(x[3]) && !isnan(x[4]))
      continue; /* the data's own rounding is not ours to mend */
    completed++;
    assert_near((values[i * 10 + 2] + values[i * 10 + 3] - values[i * 10 + 4]) / sd, 0, 1e-5);
  }
  ck_assert_uint_gt(completed, 5);
  finish(o);
  free(observed), free(values);
}
END_TEST

START_TEST(duplicated_column) {
  enum { ROWS = 60 };
  double *sample = kit_sample(63, ROWS, 2, 0.2), values[ROWS * 3];
  for (size_t i = 0; i < ROWS; i++) {
    values[i * 3] = sample[i * 2];
    values[i * 3 + 1] = sample[i * 2 + 1];
    values[i * 3 + 2] = i % 4 ? sample[i * 2] : NAN;
  }
  outcome o = run(values, ROWS, 3, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_warned(&o, "column 1", "column 3", NULL);
  bool knew[ROWS];
  for (size_t i = 0; i < ROWS; i++)
    knew[i] = !isnan(values[i * 3]) && isnan(values[i * 3 + 2]);
  assert_complete(&o, values, ROWS, 3);
  for (size_t i = 0; i < ROWS; i++)
    if (knew[i])
      assert_near(values[i * 3 + 2], values[i * 3], 1e-5 * sqrt(kit_covariance(o.fit, 0, 0)));
  finish(o);
  free(sample);
}
END_TEST

/* The test on complete rows must not be put off by a column that is constant in them. */
START_TEST(dependence_beside_a_column_constant_in_complete_rows) {
  enum { ROWS = 100 };
  double *sample = kit_sample(64, ROWS, 2, 0), values[ROWS * 4];
  for (size_t i = 0; i < ROWS; i++) {
    bool later = i >= 60;
    values[i * 4] = sample[i * 2];
    values[i * 4 + 1] = later && i % 2 ? NAN : sample[i * 2 + 1];
    values[i * 4 + 2] = later && i % 2 == 0 ? NAN : 2 * sample[i * 2] - sample[i * 2 + 1];
    values[i * 4 + 3] = later ? (double)(i % 5) : 1;
  }
  outcome o = run(values, ROWS, 4, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_warned(&o, "column 1", "column 2", "column 3");
  for (size_t i = 0; i < emend_events_warning_count(o.events); i++)
    ck_assert_ptr_null(strstr(emend_events_warning(o.events, i), "column 4"));
  finish(o);
  free(sample);
}
END_TEST

/* A year and its square, and a sum rounded to two decimals, are not exact dependences: no ridge. */
START_TEST(near_dependence_is_kept) {
  enum { ROWS = 120 };
  double values[ROWS * 2];
  for (size_t i = 0; i < ROWS; i++) {
    double year = 1950 + (double)(i % 60);
    values[i * 2] = year;
    values[i * 2 + 1] = i % 7 ? year * year : NAN;
  }
  outcome o = run(values, ROWS, 2, NULL);
  ck_assert(emend_normal_converged(o.fit));
  ck_assert_int_eq(emend_normal_prior(o.fit), EMEND_PRIOR_NONE);
  ck_assert_uint_eq(emend_events_warning_count(o.events), 0);
  finish(o);
}
END_TEST

START_TEST(unbounded_likelihood) {
  double values[MARIJUANA_ROWS * 6];
  memcpy(values, marijuana, sizeof marijuana);
  outcome o = run(values, MARIJUANA_ROWS, 6, NULL);
  ck_assert(emend_normal_converged(o.fit));
  ck_assert_uint_gt(emend_events_warning_count(o.events), 0);
  assert_warned(&o, "ridge", NULL, NULL);
  ck_assert_int_eq(emend_normal_prior(o.fit), EMEND_PRIOR_SHRINK);
  ck_assert(emend_normal_ridge(o.fit) > 0);
  ck_assert(emend_normal_log_likelihood(o.fit) < -100);
  assert_complete(&o, values, MARIJUANA_ROWS, 6);
  finish(o);
}
END_TEST

/* Enough rows, no dependence, but so many holes that the likelihood climbs without end: no exact dependence must be claimed. */
START_TEST(too_many_holes) {
  enum { ROWS = 60, COLUMNS = 5 };
  double *values = kit_sample(104, ROWS, COLUMNS, 0.45);
  outcome o = run(values, ROWS, COLUMNS, NULL);
  ck_assert_msg(emend_normal_converged(o.fit), "distance %g after %zu iterations", emend_normal_distance(o.fit),
                emend_normal_iterations(o.fit));
  assert_warned(&o, "too few rows", "column", "hidden cells");
  for (size_t i = 0; i < emend_events_warning_count(o.events); i++)
    ck_assert_ptr_null(strstr(emend_events_warning(o.events, i), "exact"));
  ck_assert_int_eq(emend_normal_prior(o.fit), EMEND_PRIOR_SHRINK);
  assert_complete(&o, values, ROWS, COLUMNS);
  finish(o);
  free(values);
}
END_TEST

START_TEST(never_observed_together) {
  enum { ROWS = 90 };
  double *values = kit_sample(65, ROWS, 3, 0.05);
  for (size_t i = 0; i < ROWS; i++)
    values[i * 3 + (i % 2 ? 1 : 2)] = NAN;
  outcome o = run(values, ROWS, 3, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_warned(&o, "column 2", "column 3", "together");
  ck_assert_int_eq(emend_normal_prior(o.fit), EMEND_PRIOR_SHRINK);
  ck_assert(emend_normal_ridge(o.fit) == 1);
  finish(o);
  /* Jeffreys' prior has no Lambda to settle it: it becomes the ridge. One that has keeps the warning. */
  emend_normal_options *options = emend_normal_options_new();
  emend_normal_options_set_prior(options, EMEND_PRIOR_JEFFREYS);
  o = run(values, ROWS, 3, options);
  assert_warned(&o, "column 2", "column 3", "together");
  ck_assert_int_eq(emend_normal_prior(o.fit), EMEND_PRIOR_RIDGE);
  ck_assert(emend_normal_ridge(o.fit) == 1);
  finish(o);
  emend_normal_options_set_prior(options, EMEND_PRIOR_SHRINK);
  ck_assert_int_eq(emend_normal_options_set_ridge(options, 0.25, NULL), EMEND_OK);
  o = run(values, ROWS, 3, options);
  assert_warned(&o, "column 2", "column 3", "together");
  ck_assert_int_eq(emend_normal_prior(o.fit), EMEND_PRIOR_SHRINK);
  ck_assert(emend_normal_ridge(o.fit) == 0.25);
  finish(o);
  emend_normal_options_free(options);
  free(values);
}
END_TEST

/* Two blocks of questions that exclude each other, in a large survey: EM finds what the data leave open, and what they tell hardly moves. The likelihood of columns 0 and 1 is that of a regression in the rows that have both. */
START_TEST(questions_that_exclude_each_other) {
  enum { ROWS = 40000, COLUMNS = 5 };
  double *values = kit_sample(66, ROWS, COLUMNS, 0), n = 0, sum[5] = {0};
  for (size_t i = 0; i < ROWS; i++)
    for (size_t j = 1; j < COLUMNS; j++)
      if ((i % 2 == 0) == (j > 2))
        values[i * COLUMNS + j] = NAN;
  outcome o = run(values, ROWS, COLUMNS, NULL);
  ck_assert(emend_normal_converged(o.fit));
  ck_assert_uint_lt(emend_normal_esteps(o.fit), 2000);
  ck_assert(emend_normal_ridge(o.fit) == 20);
  for (size_t i = 0; i < ROWS; i += 2, n++) {
    double x = values[i * COLUMNS], y = values[i * COLUMNS + 1], terms[] = {x, y, x * x, x * y, y * y};
    for (size_t k = 0; k < 5; k++)
      sum[k] += terms[k];
  }
  double sxx = sum[2] - sum[0] * sum[0] / n, sxy = sum[3] - sum[0] * sum[1] / n, syy = sum[4] - sum[1] * sum[1] / n;
  double slope = sxy / sxx, error = sqrt((syy - slope * sxy) / (n - 2) / sxx);
  assert_near(kit_covariance(o.fit, 0, 1) / kit_covariance(o.fit, 0, 0), slope, 1e-3 * error);
  finish(o);
  free(values);
}
END_TEST

/* Columns 0 and 1 nearly alike; 2 and 3 in one half of the rows each; 4 is half the sum of 5 and 6, exactly, or another one. */
static double *sample_of_halves(size_t rows, bool exact) {
  double *values = kit_sample(67, rows, 7, 0);
  for (size_t i = 0; i < rows; i++) {
    double *row = values + i * 7;
    row[1] = row[0] + 0.03 * row[1];
    row[2 + i % 2] = NAN;
    if (exact)
      row[4] = (row[5] + row[6]) / 2;
    if (i % 3 == 1)
      row[1] = NAN;
  }
  return values;
}

/* What is left of column 1 given column 0. */
static double left_of_column_1(const emend_normal *fit) {
  return kit_covariance(fit, 1, 1) - kit_covariance(fit, 0, 1) * kit_covariance(fit, 0, 1) / kit_covariance(fit, 0, 0);
}

/* A pair that is never observed together takes nothing from two columns that nearly determine one another; an exact sum is found beside it. */
START_TEST(never_together_spares_the_others) {
  enum { ROWS = 600, COLUMNS = 7 };
  double *values = sample_of_halves(ROWS, _i == 1), alone[ROWS * 2];
  for (size_t i = 0; i < ROWS; i++)
    alone[2 * i] = values[i * COLUMNS], alone[2 * i + 1] = values[i * COLUMNS + 1];
  emend_normal *pair = kit_fit_exact(alone, ROWS, 2);
  outcome o = run(values, ROWS, COLUMNS, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_warned(&o, "column 3", "column 4", "never observed together");
  double left = left_of_column_1(pair);
  ck_assert(left < 0.01 * kit_covariance(pair, 1, 1));
  ck_assert_msg(fabs(left_of_column_1(o.fit) / left - 1) < 0.05, "%g instead of %g", left_of_column_1(o.fit), left);
  if (_i == 1) {
    assert_warned(&o, "exact combination", "column 5", "column 7");
    double rest = kit_covariance(o.fit, 4, 4) - kit_covariance(o.fit, 4, 5) - kit_covariance(o.fit, 4, 6) +
                  (kit_covariance(o.fit, 5, 5) + kit_covariance(o.fit, 6, 6) + 2 * kit_covariance(o.fit, 5, 6)) / 4;
    ck_assert_msg(fabs(rest) < 1e-5 * kit_covariance(o.fit, 4, 4), "%g is left of the sum", rest);
  }
  emend_normal_free(pair);
  finish(o);
  free(values);
}
END_TEST

/*
 * A sum that is always the same has a minimal ridge; beside it the last question, which fewer people answered than there are others, is as good
 * as determined. EM would creep for tens of thousands of iterations towards what only that ridge holds.
 */
START_TEST(minimal_ridge_does_not_creep) {
  enum { ROWS = 400, COLUMNS = 50, ANSWERED = 45, MOST_ESTEPS = 4000 };
  double *values = kit_sample(70, ROWS, COLUMNS, 0);
  for (size_t i = 0; i < ROWS; i++) {
    double *row = values + i * COLUMNS;
    row[4] = 15 - row[0] - row[1] - row[2] - row[3];
    for (size_t j = 0; j + 1 < COLUMNS; j++)
      if (emend_random_uniform(71, EMEND_STREAM_TEST, i, j) < 0.08)
        row[j] = NAN;
    row[COLUMNS - 1] = i < ANSWERED ? row[COLUMNS - 1] : NAN;
  }
  outcome o = run(values, ROWS, COLUMNS, NULL);
  ck_assert(emend_normal_converged(o.fit));
  ck_assert_uint_lt(emend_normal_esteps(o.fit), MOST_ESTEPS);
  assert_warned(&o, "a ridge (shrink", "predicting hidden cells", NULL);
  finish(o);
  free(values);
}
END_TEST

/* One of two codes where the last question was asked, of those who have either; none elsewhere: exact in the rows that have all, and only there. */
START_TEST(selected_rows_show_no_dependence) {
  enum { ROWS = 400, COLUMNS = 4 };
  double *values = kit_sample(69, ROWS, COLUMNS, 0);
  for (size_t i = 0; i < ROWS; i++) {
    double *row = values + i * COLUMNS;
    bool asked = i % 2, one = i / 2 % 2;
    row[0] = asked && one, row[1] = asked && !one;
    row[3] = asked ? row[3] : NAN;
    row[2] += row[1];
    if (i % 10 == 0)
      row[0] = NAN;
  }
  outcome o = run(values, ROWS, COLUMNS, NULL);
  ck_assert(emend_normal_converged(o.fit));
  ck_assert_uint_eq(emend_events_warning_count(o.events), 0);
  ck_assert_int_eq(emend_normal_prior(o.fit), EMEND_PRIOR_NONE);
  finish(o);
  free(values);
}
END_TEST

/* Three rows of 20,000 have both: EM finds an answer all the same. */
START_TEST(hardly_observed_together) {
  enum { ROWS = 20000, COLUMNS = 5 };
  double *values = kit_sample(68, ROWS, COLUMNS, 0);
  for (size_t i = 3; i < ROWS; i++)
    for (size_t j = 1; j < COLUMNS; j++)
      if ((i % 2 == 0) == (j > 2))
        values[i * COLUMNS + j] = NAN;
  outcome o = run(values, ROWS, COLUMNS, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_warned(&o, "column 2", "column 4", "observed together in 3 rows only");
  ck_assert(emend_normal_ridge(o.fit) == 10);
  finish(o);
  free(values);
}
END_TEST

/* More columns than rows: better than the column means at cells it has not seen, and the same answer twice. */
START_TEST(more_columns_than_rows) {
  size_t n = _i == 0 ? 20 : 30, p = _i == 0 ? 25 : 20;
  double *truth = kit_sample(66, n, p, 0), *values = kit_sample(66, n, p, 0.1);
  double model_error = 0, mean_error = 0;
  outcome o = run(values, n, p, NULL), again = run(values, n, p, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_warned(&o, "rows", "ridge", NULL);
  ck_assert(emend_normal_ridge(o.fit) >= 1e-6 * (double)n);
  ck_assert_mem_eq(emend_normal_covariance(o.fit), emend_normal_covariance(again.fit), p * p * sizeof(double));
  double *mean = calloc(p, sizeof *mean), *ignored = calloc(p * p, sizeof *ignored);
  kit_moments(values, n, p, 0, mean, ignored);
  double *completed = malloc(n * p * sizeof *completed);
  memcpy(completed, values, n * p * sizeof *values);
  assert_complete(&o, completed, n, p);
  for (size_t i = 0; i < n * p; i++) {
    if (!isnan(values[i]))
      continue;
    double sd = emend_normal_scale(o.fit)[i % p];
    model_error += pow((completed[i] - truth[i]) / sd, 2);
    mean_error += pow((mean[i % p] - truth[i]) / sd, 2);
  }
  ck_assert_msg(model_error < 0.9 * mean_error, "squared error %g, of the means %g", model_error, mean_error);
  finish(o), finish(again);
  free(truth), free(values), free(mean), free(ignored), free(completed);
}
END_TEST

START_TEST(one_row) {
  double values[3] = {1, NAN, 3};
  outcome o = run(values, 1, 3, NULL);
  ck_assert(emend_normal_converged(o.fit));
  ck_assert_int_eq(emend_normal_column_state(o.fit, 0), EMEND_COLUMN_CONSTANT);
  ck_assert_int_eq(emend_normal_column_state(o.fit, 1), EMEND_COLUMN_NEVER_OBSERVED);
  assert_complete(&o, values, 1, 3);
  finish(o);
}
END_TEST

START_TEST(two_rows) {
  double values[6] = {1, 2, 3, 4, NAN, 7};
  outcome o = run(values, 2, 3, NULL);
  assert_complete(&o, values, 2, 3);
  finish(o);
}
END_TEST

/* One column with holes: the mean and variance of what is there, converged. */
START_TEST(one_column) {
  double values[6] = {1, 2, NAN, 4, 9, NAN};
  outcome o = run(values, 6, 1, NULL);
  assert_relative(emend_normal_mean(o.fit)[0], 4, 1e-12);
  assert_relative(kit_covariance(o.fit, 0, 0), 9.5, 1e-6);
  ck_assert(emend_normal_converged(o.fit));
  ck_assert_uint_eq(emend_normal_rows(o.fit), 4);
  assert_complete(&o, values, 6, 1);
  assert_relative(values[2], 4, 1e-12);
  finish(o);
}
END_TEST

/* Two columns never observed in the same row as anything else: nothing to learn beyond means and variances, which the start already has. */
START_TEST(a_start_that_is_the_answer) {
  double values[16] = {1, NAN, 2, NAN, 4, NAN, 6, NAN, NAN, 3, NAN, 5, NAN, 4, NAN, 9};
  outcome o = run(values, 8, 2, NULL);
  ck_assert(emend_normal_converged(o.fit));
  assert_near(kit_covariance(o.fit, 0, 1), 0, 1e-9);
  assert_complete(&o, values, 8, 2);
  finish(o);
}
END_TEST

START_TEST(nothing_missing) {
  double *values = kit_sample(67, 20, 3, 0), copy[60];
  memcpy(copy, values, sizeof copy);
  outcome o = run(values, 20, 3, NULL);
  ck_assert_uint_eq(emend_normal_iterations(o.fit), 1);
  ck_assert(emend_normal_converged(o.fit));
  assert_complete(&o, values, 20, 3);
  ck_assert_mem_eq(values, copy, sizeof copy);
  finish(o);
  free(values);
}
END_TEST

START_TEST(everything_missing) {
  double values[6] = {NAN, NAN, NAN, NAN, NAN, NAN};
  outcome o = run(values, 3, 2, NULL);
  ck_assert_uint_eq(emend_normal_rows(o.fit), 0);
  ck_assert(isnan(emend_normal_mean(o.fit)[0]));
  ck_assert_int_eq(emend_normal_complete(o.fit, values, 3, 2, NULL), EMEND_OK);
  ck_assert(isnan(values[0]));
  finish(o);
  o = run(values, 0, 2, NULL);
  ck_assert_uint_eq(emend_normal_rows(o.fit), 0);
  finish(o);
}
END_TEST

START_TEST(all_weights_zero) {
  double *values = kit_sample(68, 10, 2, 0), weights[10] = {0};
  emend_normal *fit = kit_fit(values, 10, 2, weights, NULL);
  kit_assert_sane(fit);
  ck_assert_uint_eq(emend_normal_rows(fit), 0);
  ck_assert_int_eq(emend_normal_column_state(fit, 0), EMEND_COLUMN_NEVER_OBSERVED);
  emend_normal_free(fit);
  free(values);
}
END_TEST

/* Rows of weight 0 do not estimate, whatever they hold, and are completed. */
START_TEST(zero_weight_rows) {
  double *values = kit_sample(69, 30, 3, 0.2), weights[31], more[31 * 3];
  memcpy(more, values, 30 * 3 * sizeof *values);
  more[90] = 1e12, more[91] = NAN, more[92] = -5;
  for (size_t i = 0; i < 31; i++)
    weights[i] = i < 30;
  emend_normal *a = kit_fit(values, 30, 3, NULL, NULL), *b = kit_fit(more, 31, 3, weights, NULL);
  for (size_t j = 0; j < 3; j++)
    assert_relative(emend_normal_mean(a)[j], emend_normal_mean(b)[j], 1e-10);
  assert_relative(emend_normal_log_likelihood(a), emend_normal_log_likelihood(b), 1e-11);
  ck_assert_uint_eq(emend_normal_rows(b), 30);
  ck_assert_int_eq(emend_normal_complete(b, more, 31, 3, NULL), EMEND_OK);
  ck_assert(isfinite(more[91]));
  emend_normal_free(a), emend_normal_free(b);
  free(values);
}
END_TEST

/* Numbers whose squares leave the range of a double. */
START_TEST(extreme_scales) {
  double *sample = kit_sample(70, 40, 3, 0.2), values[120];
  double factor = _i == 0 ? 1e-290 : 1e290;
  for (size_t i = 0; i < 120; i++)
    values[i] = i % 3 == 0 ? factor * sample[i] : sample[i];
  emend_normal *fit = NULL;
  emend_error *error = emend_error_new();
  emend_status status = emend_normal_fit(values, 40, 3, 3, NULL, NULL, NULL, &fit, error);
  if (status) { /* refused, with the column named: nothing else */
    ck_assert_msg(strstr(emend_error_text(error), "column 1") != NULL, "%s", emend_error_text(error));
    ck_assert(emend_error_remedy(error)[0] != '\0');
  } else {
    double *completed = malloc(sizeof values);
    memcpy(completed, values, sizeof values);
    for (size_t j = 0; j < 3; j++)
      ck_assert(isfinite(emend_normal_mean(fit)[j]));
    ck_assert_int_eq(emend_normal_complete(fit, completed, 40, 3, error), EMEND_OK);
    for (size_t i = 0; i < 120; i++)
      ck_assert(isfinite(completed[i]));
    free(completed);
  }
  emend_normal_free(fit);
  emend_error_free(error);
  free(sample);
}
END_TEST

START_TEST(bad_input_is_named) {
  double values[6] = {1, 2, 3, INFINITY, 5, 7}, weights[3] = {1, 1, -1};
  emend_normal *fit;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_normal_fit(values, 3, 2, 2, NULL, NULL, NULL, &fit, error), EMEND_INVALID_ARGUMENT);
  ck_assert_ptr_null(fit);
  ck_assert_int_eq(emend_error_row(error), 2);
  values[3] = 4;
  ck_assert_int_eq(emend_normal_fit(values, 3, 2, 2, weights, NULL, NULL, &fit, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_error_row(error), 3);
  weights[2] = NAN;
  ck_assert_int_eq(emend_normal_fit(values, 3, 2, 2, weights, NULL, NULL, &fit, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_fit(values, 3, 2, 1, NULL, NULL, NULL, &fit, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_fit(values, 3, 0, 0, NULL, NULL, NULL, &fit, error), EMEND_INVALID_ARGUMENT);
  emend_error_free(error);
}
END_TEST

START_TEST(bad_options_are_refused) {
  emend_normal_options *options = emend_normal_options_new();
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_normal_options_set_ridge(options, -1, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_options_set_ridge(options, NAN, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_options_set_tolerance(options, 0, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_options_set_tolerance(options, NAN, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_options_set_max_iterations(options, 0, error), EMEND_INVALID_ARGUMENT);
  double unsymmetric[4] = {1, 0, 1, 1}, indefinite[4] = {1, 2, 2, 1}, good[4] = {1, 0, 0, 1};
  ck_assert_int_eq(emend_normal_options_set_prior_matrix(options, 1, unsymmetric, 2, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_options_set_prior_matrix(options, 1, indefinite, 2, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_options_set_prior_matrix(options, NAN, good, 2, error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_normal_options_set_prior_matrix(options, 1, good, 2, error), EMEND_OK);
  emend_normal *fit;
  ck_assert_int_eq(emend_normal_fit(cholesterol, CHOLESTEROL_ROWS, 3, 3, NULL, options, NULL, &fit, error), EMEND_INVALID_ARGUMENT);
  emend_error_free(error);
  emend_normal_options_free(options);
}
END_TEST

static int stop_at_third(void *context, const char *stage, double fraction, const char *detail) {
  (void)fraction;
  int *seen = context;
  ck_assert_str_eq(stage, "estimate");
  if (strncmp(detail, "iteration ", 10) == 0) {
    (*seen)++;
    ck_assert_ptr_nonnull(strstr(detail, "log-likelihood -"));
  }
  return *seen >= 3;
}

START_TEST(cancelling) {
  int seen = 0;
  emend_events *events = emend_events_new();
  emend_events_on_progress(events, stop_at_third, &seen);
  emend_normal *fit;
  ck_assert_int_eq(emend_normal_fit(hald, HALD_ROWS, 5, 5, NULL, NULL, events, &fit, NULL), EMEND_CANCELLED);
  ck_assert_ptr_null(fit);
  ck_assert_int_eq(seen, 3);
  emend_events_free(events);
}
END_TEST

START_TEST(iteration_limit_is_a_result) {
  emend_normal_options *options = emend_normal_options_new();
  ck_assert_int_eq(emend_normal_options_set_max_iterations(options, 4, NULL), EMEND_OK);
  emend_normal *fit = kit_fit(hald, HALD_ROWS, 5, NULL, options);
  ck_assert(!emend_normal_converged(fit));
  ck_assert_uint_eq(emend_normal_iterations(fit), 4);
  ck_assert(!(emend_normal_distance(fit) < 1e-6));
  emend_normal_free(fit);
  emend_normal_options_free(options);
}
END_TEST

/* Random small tables with everything at once: constants, copies, sums, rounding, holes up to 90 %, few rows. */
static double *anything_sample(uint64_t seed, size_t n, size_t p) {
  double *values = malloc(n * p * sizeof *values), share = 0.9 * emend_random_uniform(seed, EMEND_STREAM_TEST, 3, 1000);
  for (size_t i = 0; i < n; i++) {
    double *x = values + i * p, common = emend_random_normal(seed, EMEND_STREAM_TEST + 1, i, 1000);
    for (size_t j = 0; j < p; j++) {
      x[j] = emend_random_normal(seed, EMEND_STREAM_TEST + 1, i, j) + 3 * common * emend_random_uniform(seed, EMEND_STREAM_TEST, 4, j);
      if (seed / 4 % 6 == 1)
        x[j] = round(x[j]);
      if (seed / 4 % 6 == 2 && j % 3 == 2)
        x[j] = x[j - 1] + x[j - 2];
      if (seed / 4 % 6 == 3 && j == p / 2)
        x[j] = 7;
      if (seed / 4 % 6 == 4)
        x[j] = x[j] > 0;
    }
  }
  for (size_t i = 0; i < n * p; i++)
    if (emend_random_uniform(seed, EMEND_STREAM_TEST + 2, i, 0) < share)
      values[i] = NAN;
  return values;
}

START_TEST(anything) {
  for (uint64_t seed = (uint64_t)_i * 100; seed < (uint64_t)_i * 100 + 100; seed++) {
    size_t n =
        1 + (size_t)(40 * emend_random_uniform(seed, EMEND_STREAM_TEST, 1, 1000) * emend_random_uniform(seed, EMEND_STREAM_TEST, 1, 1001));
    size_t p = 1 + (size_t)(10 * emend_random_uniform(seed, EMEND_STREAM_TEST, 2, 1000));
    double *values = anything_sample(seed, n, p);
    emend_normal_options *options = emend_normal_options_new();
    emend_normal_options_set_prior(options, (emend_prior)(seed % 4));
    ck_assert_int_eq(emend_normal_options_set_max_iterations(options, 2000, NULL), EMEND_OK);
    outcome o = run(values, n, p, options);
    for (size_t i = 0; i < emend_events_warning_count(o.events); i++)
      ck_assert_msg(!strstr(emend_events_warning(o.events, i), "fell in a step"), "seed %d: %s", (int)seed,
                    emend_events_warning(o.events, i));
    if (seed % 4 >= 2) /* a prior with a Lambda bounds everything */
      ck_assert_msg(emend_normal_converged(o.fit), "seed %d: distance %g", (int)seed, emend_normal_distance(o.fit));
    assert_complete(&o, values, n, p);
    finish(o);
    emend_normal_options_free(options);
    free(values);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("always finishes");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, constant_and_never_observed_columns);
  tcase_add_loop_test(tests, exact_dependence_with_holes, 0, 2);
  tcase_add_test(tests, mammalsleep_keeps_its_identity);
  tcase_add_test(tests, duplicated_column);
  tcase_add_test(tests, dependence_beside_a_column_constant_in_complete_rows);
  tcase_add_test(tests, near_dependence_is_kept);
  tcase_add_test(tests, unbounded_likelihood);
  tcase_add_test(tests, too_many_holes);
  tcase_add_test(tests, never_observed_together);
  tcase_add_loop_test(tests, never_together_spares_the_others, 0, 2);
  tcase_add_test(tests, minimal_ridge_does_not_creep);
  tcase_add_test(tests, selected_rows_show_no_dependence);
  tcase_add_test(tests, hardly_observed_together);
  tcase_add_test(tests, questions_that_exclude_each_other);
  tcase_add_loop_test(tests, more_columns_than_rows, 0, 2);
  tcase_add_test(tests, one_row);
  tcase_add_test(tests, two_rows);
  tcase_add_test(tests, one_column);
  tcase_add_test(tests, a_start_that_is_the_answer);
  tcase_add_test(tests, nothing_missing);
  tcase_add_test(tests, everything_missing);
  tcase_add_test(tests, all_weights_zero);
  tcase_add_test(tests, zero_weight_rows);
  tcase_add_loop_test(tests, extreme_scales, 0, 2);
  tcase_add_test(tests, bad_input_is_named);
  tcase_add_test(tests, bad_options_are_refused);
  tcase_add_test(tests, cancelling);
  tcase_add_test(tests, iteration_limit_is_a_result);
  tcase_add_loop_test(tests, anything, 0, 12);
  suite_add_tcase(suite, tests);
  return suite;
}
