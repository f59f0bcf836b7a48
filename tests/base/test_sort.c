/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/random.h"
#include "base/sort.h"
#include "support/support.h"

typedef struct record {
  int stood;
  double second, first;
} record;

static int compare(const void *a, const void *b) {
  const record *x = a, *y = b;
  int by_first = (x->first > y->first) - (x->first < y->first);
  return by_first ? by_first : (x->second > y->second) - (x->second < y->second);
}

/* Numbers of every size and sign, many of them equal. */
static double draw(uint64_t seed, uint64_t i) {
  static const double ends[] = {0, -0.0, HUGE_VAL, -HUGE_VAL, 5e-324, -5e-324, 1.7976931348623157e308, 1};
  double u = emend_random_uniform(seed, EMEND_STREAM_CELL, i, 0), v = emend_random_uniform(seed, EMEND_STREAM_CELL, i, 1);
  return u < 0.2 ? ends[(int)(8 * v)] : u < 0.5 ? floor(20 * v) - 10 : u < 0.9 ? v - 0.5 : ldexp(v - 0.5, (int)(2000 * (u - 0.9) * 10) - 1000);
}

/* All alike but the last one, which is the smallest. */
START_TEST(sorts_one_among_equals) {
  enum { N = 300 };
  record records[N];
  for (int i = 0; i < N; i++)
    records[i] = (record){i, 0, i < N - 1 ? 1 : 0.75};
  emend_sort_by_numbers(records, N, sizeof *records, offsetof(record, first), offsetof(record, second));
  ck_assert(records[0].stood == N - 1 && records[1].first == 1 && records[N - 1].first == 1);
}
END_TEST

START_TEST(sorts_as_qsort_does) {
  static const size_t counts[] = {0, 1, 2, 127, 128, 129, 1000, 5000};
  size_t n = counts[_i], wrong = 0;
  record *records = calloc(n + 1, sizeof *records), *expected = calloc(n + 1, sizeof *expected);
  unsigned char *seen = calloc(n + 1, 1);
  for (size_t i = 0; i < n; i++)
    expected[i] = records[i] = (record){(int)i, draw(1, i), draw(2, i)};
  qsort(expected, n, sizeof *expected, compare);
  emend_sort_by_numbers(records, n, sizeof *records, offsetof(record, first), offsetof(record, second));
  for (size_t i = 0; i < n; i++) {
    wrong += compare(&records[i], &expected[i]) != 0 || seen[records[i].stood]++; /* each record once */
    wrong += records[i].first != draw(2, (uint64_t)records[i].stood);              /* and whole */
  }
  ck_assert_uint_eq(wrong, 0);
  free(records), free(expected), free(seen);
}
END_TEST

SUITE {
  Suite *suite = suite_create("sort");
  TCase *tests = tcase_create("all");
  tcase_add_loop_test(tests, sorts_as_qsort_does, 0, 8);
  tcase_add_test(tests, sorts_one_among_equals);
  suite_add_tcase(suite, tests);
  return suite;
}
