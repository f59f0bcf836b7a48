/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "impute/share.h"
#include "support/support.h"

enum { MOST = 6 };

static emend_part part(double slope, double value, double variance, double unit) {
  return (emend_part){.slope = slope, .value = value, .variance = variance, .lo = -HUGE_VAL, .hi = HUGE_VAL, .unit = unit, .whole = unit == 1};
}

static double sum_of(const emend_part *parts, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += parts[i].slope * parts[i].value;
  return sum;
}

/* E[x_i | sum of slope x = t] of independent normals: value + variance slope (t - sum) / sum of slope^2 variance. */
START_TEST(shares_are_conditional_expectations) {
  emend_part parts[] = {part(1, 10, 1, 0), part(-2, 3, 4, 0), part(0.5, 7, 0.25, 0)};
  double before[] = {10, 3, 7}, left = 5, whole = 1 + 16 + 0.0625;
  ck_assert(emend_parts_share(parts, 3, left));
  for (size_t i = 0; i < 3; i++)
    assert_relative(parts[i].value, before[i] + parts[i].variance * parts[i].slope * left / whole, 1e-14);
}
END_TEST

START_TEST(bounds_pass_the_rest_on) {
  emend_part parts[] = {part(1, 1, 1, 0), part(1, 10, 1, 0), part(1, 10, 2, 0)};
  for (size_t i = 0; i < 3; i++)
    parts[i].lo = 0;
  ck_assert(emend_parts_share(parts, 3, -13)); /* the first can give 1 of its 3.25 */
  ck_assert_double_eq(parts[0].value, 0);
  assert_relative(parts[1].value, 10 - 4, 1e-14);
  assert_relative(parts[2].value, 10 - 8, 1e-14);
  ck_assert(!emend_parts_share(parts, 3, -9)); /* only 8 are left */
}
END_TEST

START_TEST(whole_parts_stay_whole) {
  emend_part two[] = {part(1, 10, 1, 1), part(1, 20, 1, 1)};
  ck_assert(emend_parts_share(two, 2, 3));
  ck_assert(two[0].value + two[1].value == 33 && fabs(two[0].value - 11.5) == 0.5);
  emend_part even[] = {part(2, 10, 1, 1), part(2, 20, 1, 1)};
  ck_assert(!emend_parts_share(even, 2, 3)); /* an odd sum of even ones */
  emend_part mixed[] = {part(1, 10, 1, 1), part(1, 20, 1, 0)};
  ck_assert(emend_parts_share(mixed, 2, 3.3));
  ck_assert_double_eq(mixed[0].value, rint(mixed[0].value));
  assert_relative(mixed[0].value + mixed[1].value, 33.3, 1e-14);
  emend_part cents[] = {part(1, 10.25, 1, 0.01), part(1, 20.5, 1, 0.01)};
  ck_assert(emend_parts_share(cents, 2, 0.125)); /* more decimals than the parts have: one of them takes them */
  assert_relative(cents[0].value + cents[1].value, 30.875, 1e-12);
}
END_TEST

/* Whatever the parts: the sum comes out, or false; nothing passes its bounds or its unit; the order of the parts does not matter where they differ. */
START_TEST(random_parts) {
  size_t done = 0;
  for (uint64_t k = 0; k < 4000; k++) {
    emend_part parts[MOST], turned[MOST];
    size_t n = 2 + k % (MOST - 1), at = 0;
    bool whole = k % 3 == 0;
    for (size_t i = 0; i < n; i++) {
      double u = emend_random_uniform(9, EMEND_STREAM_TEST, k, at++), v = emend_random_uniform(9, EMEND_STREAM_TEST, k, at++);
      parts[i] = part(v < 0.3 ? -1 : 1, whole ? floor(20 * u) : 20 * u, 0.1 + 3 * v, whole ? 1 : 0);
      parts[i].lo = 0, parts[i].hi = 25;
      turned[n - 1 - i] = parts[i];
    }
    double left = 40 * emend_random_uniform(9, EMEND_STREAM_TEST, k, at) - 20, total;
    left = whole ? rint(left) : left;
    total = sum_of(parts, n) + left;
    double room = 0;
    for (size_t i = 0; i < n; i++)
      room += left * parts[i].slope > 0 ? 25 - parts[i].value : parts[i].value;
    bool shared = emend_parts_share(parts, n, left);
    ck_assert_msg(shared == (room >= fabs(left)) || fabs(room - fabs(left)) < 1e-6, "%zu: room %g for %g", (size_t)k, room, left);
    ck_assert(shared == emend_parts_share(turned, n, left));
    if (!shared)
      continue;
    done++;
    ck_assert_msg(fabs(sum_of(parts, n) - total) < 1e-8, "%zu", (size_t)k);
    for (size_t i = 0; i < n; i++) {
      ck_assert(parts[i].value >= 0 && parts[i].value <= 25 && (!whole || parts[i].value == rint(parts[i].value)));
      ck_assert(whole || fabs(parts[i].value - turned[n - 1 - i].value) < 1e-9);
    }
  }
  ck_assert_uint_gt(done, 3000);
}
END_TEST

SUITE {
  Suite *suite = suite_create("share");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, shares_are_conditional_expectations);
  tcase_add_test(tests, bounds_pass_the_rest_on);
  tcase_add_test(tests, whole_parts_stay_whole);
  tcase_add_test(tests, random_parts);
  suite_add_tcase(suite, tests);
  return suite;
}
