/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "encode/kit.h"
#include "encode/observe.h"

enum { N = 2300 }; /* rows of three blocks */
static double cells[N];
static bool missing[N];

static double uniform(size_t row, size_t column) { return emend_random_uniform(4, EMEND_STREAM_TEST, row, column); }
static double whole(size_t row, size_t column, int n) { return floor(n * uniform(row, column)); }

/* Columns that are looked at in different ways: codes of a narrow range and of a wide one, numbers of rows, answers that a fraction follows
 * late, decimals that grow, large numbers, and a value that is infinite. */
enum { CODES, WIDE, RUNNING, LATE_FRACTION, LATE_WIDE, DECIMALS, LARGE, INFINITE, SIGNS, N_KINDS };

static double cell_of(int kind, size_t i) {
  switch (kind) {
  case CODES: return 1 + whole(i, 1, 5);
  case WIDE: return whole(i, 2, 3000) - 500;
  case RUNNING: return (double)(i + 1);
  case LATE_FRACTION: return i == N - 200 ? 2.25 : whole(i, 3, 7);
  case LATE_WIDE: return i < N / 2 ? whole(i, 4, 90) : whole(i, 4, 1000);
  case DECIMALS: return whole(i, 5, 1000) / (i < 900 ? 10 : 1000);
  case LARGE: return i % 400 == 399 ? 0x1p53 + 2 : 1e12 + whole(i, 6, 3);
  case INFINITE: return i == 1500 ? -HUGE_VAL : whole(i, 7, 4);
  default: return i % 3 ? -0.0 : whole(i, 8, 3) - 1;
  }
}

static emend_dataset *make(int kind, bool holes) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "x");
  for (size_t i = 0; i < N; i++) {
    missing[i] = holes && uniform(i, 9) < 0.3 && i != N - 200;
    cells[i] = missing[i] ? NAN : cell_of(kind, i);
    kit_row(dataset, &cells[i]);
  }
  return dataset;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The finite answers, ascending; how many, and how many different ones. */
static size_t sort_answers(double *sorted, size_t *n_distinct) {
  size_t n = 0;
  for (size_t i = 0; i < N; i++)
    if (!missing[i] && isfinite(cells[i]))
      sorted[n++] = cells[i];
  qsort(sorted, n, sizeof *sorted, compare);
  *n_distinct = n > 0;
  for (size_t i = 1; i < n; i++)
    *n_distinct += sorted[i] != sorted[i - 1];
  return n;
}

/* The fewest decimals that tell each answer from its neighbours. */
static int count_decimals(const double *sorted, size_t n) {
  int decimals = 0;
  for (size_t i = 0; i < n; i++)
    for (char text[64]; decimals >= 0; decimals = decimals < EMEND_MOST_DECIMALS ? decimals + 1 : -1) {
      snprintf(text, sizeof text, "%.*f", decimals, sorted[i]);
      if (strtod(text, NULL) == sorted[i] && fabs(sorted[i]) * pow(10, decimals) <= 0x1p53)
        break;
    }
  return decimals;
}

static void check_values(const emend_observed *observed, const double *sorted, size_t n) {
  for (size_t i = 0, k = 0; i < n; k++) {
    size_t count = 1;
    while (i + count < n && sorted[i + count] == sorted[i])
      count++;
    ck_assert(observed->values[k] == sorted[i]);
    ck_assert(!observed->counts || observed->counts[k] == count);
    i += count;
  }
}

static void check_moments(const emend_observed *observed, const double *sorted, size_t n, const double *weights) {
  long double sums[4] = {0}, mean = 0;
  for (int pass = 0; pass < 2; pass++, mean = sums[1] / sums[0])
    for (size_t i = 0; i < N; i++) {
      long double w = missing[i] || !isfinite(cells[i]) ? 0 : weights ? weights[i] : 1, d = w > 0 ? cells[i] - mean : 0;
      sums[pass ? 2 : 0] += pass ? w * d * d : w, sums[pass ? 3 : 1] += pass ? w * d * d * d : w * d;
    }
  double variance = (double)(sums[2] / sums[0]), skewness = (double)(sums[3] / sums[0]) / (variance * sqrt(variance));
  ck_assert(observed->min == sorted[0] && observed->max == sorted[n - 1]);
  ck_assert_double_eq_tol(observed->mean, (double)mean, 1e-13 * fabs((double)mean) + 1e-14);
  ck_assert(isnan(observed->skewness) ? fabs((double)mean) >= 1e5 * sqrt(variance) : fabs(observed->skewness - skewness) < 1e-6);
}

static void check(int kind, bool holes, bool weighted) {
  static double sorted[N], weights[N];
  emend_dataset *dataset = make(kind, holes);
  emend_observe_work work;
  emend_observed observed;
  for (size_t i = 0; i < N; i++)
    weights[i] = (double)(i % 3);
  ck_assert_int_eq(emend_observe_work_new(&work, NULL), EMEND_OK);
  ck_assert_int_eq(emend_observe(dataset, 0, weighted ? weights : NULL, EMEND_FREQUENCY_WEIGHTS, true, &work, &observed, NULL), EMEND_OK);
  size_t n_distinct, n = sort_answers(sorted, &n_distinct);
  int decimals = count_decimals(sorted, n);
  ck_assert_int_eq(observed.decimals, decimals);
  ck_assert_int_eq(observed.integers, kind != LATE_FRACTION && kind != DECIMALS && kind != LARGE);
  ck_assert_int_eq(observed.infinite_row, kind == INFINITE && !missing[1500] ? 1501 : 0);
  ck_assert_int_eq(observed.distinct, kind == RUNNING && !holes);
  bool few = !observed.integers && n_distinct <= 20 && 10 * n_distinct <= n && !observed.infinite_row; /* fractions that come again */
  if (kind == RUNNING && !holes)
    ck_assert_uint_eq(observed.n_distinct, n_distinct);
  if (observed.values) {
    ck_assert_uint_eq(observed.n_distinct, n_distinct);
    ck_assert_uint_eq(observed.n_values, n_distinct);
    check_values(&observed, sorted, n);
  }
  ck_assert_int_eq(observed.values != NULL, few || (observed.integers && (holes || n_distinct <= EMEND_MOST_CATEGORIES)));
  ck_assert_int_eq(observed.counts != NULL, few || (observed.integers && n_distinct <= EMEND_MOST_CATEGORIES));
  check_moments(&observed, sorted, n, weighted ? weights : NULL);
  free(observed.values), free(observed.counts);
  emend_observe_work_free(&work);
  emend_dataset_free(dataset);
}

START_TEST(all_kinds) {
  check(_i % N_KINDS, _i / N_KINDS & 1, _i / N_KINDS & 2);
}
END_TEST

SUITE {
  Suite *suite = suite_create("observe");
  TCase *tests = tcase_create("all");
  tcase_add_loop_test(tests, all_kinds, 0, 4 * N_KINDS);
  suite_add_tcase(suite, tests);
  return suite;
}
