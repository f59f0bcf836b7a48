/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows in pattern order: every row is there once, standardised, under the right mask. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "pattern/patterns.h"
#include "support/support.h"

typedef struct table {
  const double *values;
  size_t n_columns;
} table;

static void read_table(const void *state, size_t row, size_t n, double *block) {
  const table *t = state;
  memcpy(block, t->values + row * t->n_columns, n * t->n_columns * sizeof *block);
}

static emend_patterns *build(const double *values, size_t n, size_t p, const double *weights, emend_status expected, emend_error *error) {
  table t = {values, p};
  emend_matrix matrix = {.n_rows = n, .n_columns = p, .state = &t, .read = read_table, .weights = weights};
  emend_patterns *made = NULL;
  double center[200], scale[200];
  for (size_t j = 0; j < p; j++)
    center[j] = 0.25 * (double)j, scale[j] = 1 + (double)(j % 3);
  ck_assert_int_eq(emend_patterns_new(&matrix, center, scale, NULL, &made, error), expected);
  ck_assert((made != NULL) == (expected == EMEND_OK));
  return made;
}

static const double one[2] = {1, 1};

static double *sample(uint64_t seed, size_t n, size_t p, double share) {
  double *values = malloc((n * p + 1) * sizeof *values);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < p; j++)
      values[i * p + j] =
          emend_random_uniform(seed, EMEND_STREAM_TEST + 1, i, j) < share ? NAN : emend_random_normal(seed, EMEND_STREAM_TEST, i, j);
  return values;
}

static bool is_listed(const emend_pattern *pattern, size_t column) {
  for (size_t a = 0; a < pattern->n_missing; a++)
    if (pattern->missing[a] == column)
      return true;
  return false;
}

/* Every promise of patterns.h about rows and patterns. */
static void check_patterns(const emend_patterns *made, const double *values, size_t n, size_t p, const double *weights) {
  size_t *pattern_of = malloc((n + 1) * sizeof *pattern_of), covered = 0;
  bool *taken = calloc(n + 1, sizeof *taken);
  ck_assert_uint_eq(made->n_rows, n);
  ck_assert_uint_eq(made->n_columns, p);
  for (size_t s = 0; s < made->n_patterns; s++) {
    const emend_pattern *pattern = &made->patterns[s];
    ck_assert_uint_eq(pattern->first, covered);
    ck_assert_uint_gt(pattern->n_rows, 0);
    for (size_t a = 1; a < pattern->n_missing; a++)
      ck_assert_uint_lt(pattern->missing[a - 1], pattern->missing[a]);
    for (size_t i = 0; i < pattern->n_rows; i++)
      pattern_of[covered++] = s;
    for (size_t before = 0; before < s && n < 1000; before++) { /* no two patterns are the same */
      const emend_pattern *other = &made->patterns[before];
      ck_assert(other->n_missing != pattern->n_missing ||
                memcmp(other->missing, pattern->missing, other->n_missing * sizeof *other->missing) != 0);
    }
    double weight = 0;
    for (size_t i = 0; i < pattern->n_rows; i++)
      weight += made->weights ? made->weights[pattern->first + i] : 1;
    assert_relative(pattern->weight, weight, 1e-12);
  }
  ck_assert_uint_eq(covered, n);
  for (size_t i = 0; i < n; i++) {
    size_t at = made->position[i];
    ck_assert(at < n && !taken[at]);
    taken[at] = true;
    if (weights)
      ck_assert(made->weights[at] == weights[i]);
    for (size_t j = 0; j < p; j++) {
      double stored = made->values[at * p + j];
      ck_assert_int_eq(is_listed(&made->patterns[pattern_of[at]], j), isnan(values[i * p + j]) != 0);
      if (isnan(values[i * p + j])) {
        ck_assert(stored == 0);
      } else {
        double expected = (values[i * p + j] - made->center[j]) / made->scale[j];
        ck_assert(fabs(stored - expected) <= 1e-14 * (1 + fabs(expected)));
        ck_assert(fabs(emend_patterns_value(made, i, j) - values[i * p + j]) <= 1e-14 * (fabs(values[i * p + j]) + made->scale[j]));
      }
    }
  }
  free(pattern_of), free(taken);
}

START_TEST(rows_and_masks) {
  static const struct {
    size_t n, p;
    double share;
  } shapes[] = {{1, 1, 0},       {40, 3, 0.3},    {257, 5, 0.5},   {700, 20, 0.1}, {300, 63, 0.02},
                {300, 64, 0.02}, {300, 65, 0.02}, {100, 200, 0.5}, {5, 3, 1.1}};
  size_t n = shapes[_i].n, p = shapes[_i].p;
  double *values = sample(7, n, p, shapes[_i].share), *weights = malloc(n * sizeof *weights);
  for (size_t i = 0; i < n; i++)
    weights[i] = (double)(i % 4);
  emend_patterns *made = build(values, n, p, NULL, EMEND_OK, NULL);
  check_patterns(made, values, n, p, NULL);
  emend_patterns_free(made);
  made = build(values, n, p, weights, EMEND_OK, NULL);
  check_patterns(made, values, n, p, weights);
  emend_patterns_free(made);
  free(values), free(weights);
}
END_TEST

/* The order of the rows decides nothing but their places. */
START_TEST(pattern_order_is_that_of_the_masks) {
  enum { ROWS = 200, COLUMNS = 4 };
  double *values = sample(9, ROWS, COLUMNS, 0.4), *turned = malloc(ROWS * COLUMNS * sizeof *turned);
  for (size_t i = 0; i < ROWS; i++)
    memcpy(turned + i * COLUMNS, values + (ROWS - 1 - i) * COLUMNS, COLUMNS * sizeof *values);
  emend_patterns *a = build(values, ROWS, COLUMNS, NULL, EMEND_OK, NULL), *b = build(turned, ROWS, COLUMNS, NULL, EMEND_OK, NULL);
  ck_assert_uint_eq(a->n_patterns, b->n_patterns);
  for (size_t s = 0; s < a->n_patterns; s++) {
    ck_assert_uint_eq(a->patterns[s].n_rows, b->patterns[s].n_rows);
    ck_assert_uint_eq(a->patterns[s].n_missing, b->patterns[s].n_missing);
    ck_assert_mem_eq(a->patterns[s].missing, b->patterns[s].missing, a->patterns[s].n_missing * sizeof(uint32_t));
  }
  emend_patterns_free(a), emend_patterns_free(b);
  free(values), free(turned);
}
END_TEST

START_TEST(observed_columns_are_the_others) {
  double values[8] = {1, NAN, 3, NAN, 5, 6, 7, 8};
  emend_patterns *made = build(values, 2, 4, NULL, EMEND_OK, NULL);
  uint32_t columns[4];
  ck_assert_uint_eq(made->n_patterns, 2);
  ck_assert_uint_eq(emend_pattern_observed(made, &made->patterns[0], columns), 4);
  ck_assert_uint_eq(emend_pattern_observed(made, &made->patterns[1], columns), 2);
  ck_assert(columns[0] == 0 && columns[1] == 2);
  emend_patterns_free(made);
}
END_TEST

START_TEST(given_standards) {
  double values[4] = {1, 2, 3, NAN}, center[2] = {10, 20}, scale[2] = {2, 4};
  table t = {values, 2};
  emend_matrix matrix = {.n_rows = 2, .n_columns = 2, .state = &t, .read = read_table};
  emend_patterns *made;
  ck_assert_int_eq(emend_patterns_new(&matrix, center, scale, NULL, &made, NULL), EMEND_OK);
  ck_assert(made->values[(size_t)made->position[0] * 2] == -4.5 && made->values[(size_t)made->position[0] * 2 + 1] == -4.5);
  ck_assert(emend_patterns_value(made, 1, 0) == 3);
  emend_patterns_free(made);
}
END_TEST

START_TEST(bad_cells_and_weights) {
  double values[6] = {1, 2, 3, 4, -INFINITY, 6}, weights[3] = {1, 1, 1};
  emend_error *error = emend_error_new();
  build(values, 3, 2, NULL, EMEND_INVALID_ARGUMENT, error);
  ck_assert_int_eq(emend_error_row(error), 3);
  values[4] = 5;
  double bad[4] = {-1, NAN, INFINITY, -INFINITY};
  for (size_t k = 0; k < 4; k++) {
    weights[1] = bad[k];
    build(values, 3, 2, weights, EMEND_INVALID_ARGUMENT, error);
    ck_assert_int_eq(emend_error_row(error), 2);
  }
  emend_error_free(error);
}
END_TEST

START_TEST(too_many_rows) {
  table t = {NULL, 1};
  emend_matrix matrix = {.n_rows = (size_t)1 << 32, .n_columns = 1, .state = &t, .read = read_table};
  emend_patterns *made;
  ck_assert_int_eq(emend_patterns_new(&matrix, one, one, NULL, &made, NULL), EMEND_LIMIT_EXCEEDED);
  ck_assert_ptr_null(made);
}
END_TEST

START_TEST(no_rows_or_columns) {
  emend_patterns *made = build(NULL, 0, 3, NULL, EMEND_OK, NULL);
  ck_assert_uint_eq(made->n_patterns, 0);
  emend_patterns_free(made);
}
END_TEST

static int stop(void *context, const char *stage, double fraction, const char *detail) {
  (void)context, (void)stage, (void)fraction, (void)detail;
  return 1;
}

START_TEST(cancelling) {
  double *values = sample(10, 1000, 2, 0.1);
  table t = {values, 2};
  emend_matrix matrix = {.n_rows = 1000, .n_columns = 2, .state = &t, .read = read_table};
  emend_events *events = emend_events_new();
  emend_events_on_progress(events, stop, NULL);
  emend_patterns *made;
  ck_assert_int_eq(emend_patterns_new(&matrix, one, one, events, &made, NULL), EMEND_CANCELLED);
  ck_assert_ptr_null(made);
  emend_events_free(events);
  free(values);
}
END_TEST

SUITE {
  Suite *suite = suite_create("patterns");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, rows_and_masks, 0, 9);
  tcase_add_test(tests, pattern_order_is_that_of_the_masks);
  tcase_add_test(tests, observed_columns_are_the_others);
  tcase_add_test(tests, given_standards);
  tcase_add_test(tests, bad_cells_and_weights);
  tcase_add_test(tests, too_many_rows);
  tcase_add_test(tests, no_rows_or_columns);
  tcase_add_test(tests, cancelling);
  suite_add_tcase(suite, tests);
  return suite;
}
