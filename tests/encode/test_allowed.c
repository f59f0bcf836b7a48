/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "encode/allowed.h"
#include "encode/kit.h"

static emend_allowed allow(const char *format, emend_storage storage, const double (*ranges)[2], size_t n, const double *codes, size_t n_codes) {
  emend_dataset *dataset = kit_new(format);
  kit_add(dataset, "x", EMEND_NUMERIC, storage);
  for (size_t i = 0; i < n; i++)
    kit_declare(dataset, 0, ranges[i][0], ranges[i][1]);
  emend_allowed allowed;
  ck_assert_int_eq(emend_allowed_new(dataset, 0, storage, codes, n_codes, &allowed, NULL), EMEND_OK);
  emend_dataset_free(dataset);
  return allowed;
}

static void expect(const emend_allowed *allowed, double wish, double wanted, bool wanted_moved) {
  bool moved;
  double got = emend_allowed_nearest(allowed, wish, &moved);
  ck_assert_msg(got == wanted, "%.17g became %.17g, wanted %.17g", wish, got, wanted);
  ck_assert_msg(moved == wanted_moved, "%.17g: moved is %d", wish, moved);
}

START_TEST(values_that_occur) {
  static const double values[] = {-2, 1, 2, 5};
  emend_allowed allowed = allow("sav", EMEND_STORAGE_F64, NULL, 0, NULL, 0);
  allowed.values = values;
  allowed.n_values = 4;
  expect(&allowed, 1.4, 1, false);
  expect(&allowed, 1.5, 1, false); /* ties down */
  expect(&allowed, 1.6, 2, false);
  expect(&allowed, -0.5, -2, false);
  expect(&allowed, 3.5, 2, false);
  expect(&allowed, 3.6, 5, false);
  expect(&allowed, 1e300, 5, false);
  expect(&allowed, -1e300, -2, false);
  expect(&allowed, 2, 2, false);
  bool moved;
  ck_assert(isnan(emend_allowed_nearest(&allowed, NAN, &moved)));
}
END_TEST

START_TEST(missing_codes_are_avoided) {
  static const double ranges[][2] = {{-INFINITY, -1}, {98, 98}, {97, 97}};
  static const double codes[] = {5, 98};
  emend_allowed allowed = allow("sav", EMEND_STORAGE_F64, ranges, 3, codes, 2);
  expect(&allowed, 3.25, 3.25, false);
  expect(&allowed, 98, nextafter(98, 0), true);
  expect(&allowed, 97, nextafter(97, 0), true);
  expect(&allowed, 97.5, 97.5, false);
  expect(&allowed, 5, nextafter(5, 0), true);
  expect(&allowed, -1, nextafter(-1, 0), true);
  expect(&allowed, -40, nextafter(-1, 0), true);
  emend_allowed_free(&allowed);
  static const double nothing[][2] = {{-INFINITY, INFINITY}};
  allowed = allow("sav", EMEND_STORAGE_F64, nothing, 1, NULL, 0);
  bool moved;
  ck_assert(isnan(emend_allowed_nearest(&allowed, 3, &moved)));
  emend_allowed_free(&allowed);
}
END_TEST

START_TEST(whole_types_take_whole_numbers) {
  static const double ranges[][2] = {{97, 99}, {96, 97}};
  emend_allowed allowed = allow("dta", EMEND_STORAGE_I8, ranges, 2, NULL, 0);
  expect(&allowed, 3, 3, false);
  expect(&allowed, 3.2, 3, true);
  expect(&allowed, 3.5, 3, true);
  expect(&allowed, 3.6, 4, true);
  expect(&allowed, 96, 95, true);
  expect(&allowed, 98.7, 100, true);
  expect(&allowed, 97.5, 95, true); /* 95 and 100 are equally near: down */
  expect(&allowed, 300, 100, true);
  expect(&allowed, -300, -127, true);
  emend_allowed_free(&allowed);
}
END_TEST

START_TEST(storage_limits) {
  static const struct {
    const char *format;
    emend_storage storage;
    double lo, hi;
  } cases[] = {{"dta", EMEND_STORAGE_I8, -127, 100},
               {"dta", EMEND_STORAGE_I16, -32767, 32740},
               {"dta", EMEND_STORAGE_I32, -2147483647, 2147483620},
               {"dta", EMEND_STORAGE_F32, -0x1.fffffep+126, 0x1.fffffep+126},
               {"dta", EMEND_STORAGE_F64, -0x1.fffffffffffffp+1022, 0x1.fffffffffffffp+1022},
               {"xpt", EMEND_STORAGE_F64, -7.2e75, 7.2e75}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_allowed allowed = allow(cases[i].format, cases[i].storage, NULL, 0, NULL, 0);
    expect(&allowed, 1e308, cases[i].hi, true);
    expect(&allowed, -1e308, cases[i].lo, true);
    expect(&allowed, cases[i].hi, cases[i].hi, false);
    expect(&allowed, cases[i].lo, cases[i].lo, false);
  }
  /* HIGHEST and LOWEST of SPSS are the largest double and the lowest but one; the lowest is system-missing. */
  emend_allowed allowed = allow("sav", EMEND_STORAGE_F64, NULL, 0, NULL, 0);
  expect(&allowed, DBL_MAX, nextafter(nextafter(DBL_MAX, 0), 0), true);
  expect(&allowed, -DBL_MAX, -nextafter(nextafter(DBL_MAX, 0), 0), true);
}
END_TEST

START_TEST(single_precision) {
  static const double ranges[][2] = {{2, 3}};
  emend_allowed allowed = allow("dta", EMEND_STORAGE_F32, ranges, 1, NULL, 0);
  expect(&allowed, 0.1, (double)0.1f, false);
  expect(&allowed, 2.1, (double)nextafterf(2, 0), true);
  expect(&allowed, 2.9, (double)nextafterf(3, 4), true);
  /* Becomes 2 as a float, and so is forbidden. */
  expect(&allowed, 2 - 1e-12, (double)nextafterf(2, 0), true);
  emend_allowed_free(&allowed);
}
END_TEST

/* Against a search of all permitted values of a byte, for random declarations and wishes. */
START_TEST(agrees_with_exhaustive_search) {
  for (uint64_t trial = 0; trial < 300; trial++) {
    double ranges[3][2];
    for (uint64_t r = 0; r < 3; r++) {
      ranges[r][0] = floor(240 * emend_random_uniform(trial, EMEND_STREAM_TEST, r, 0)) - 130;
      ranges[r][1] = ranges[r][0] + floor(30 * emend_random_uniform(trial, EMEND_STREAM_TEST, r, 1));
    }
    emend_allowed allowed = allow("dta", EMEND_STORAGE_I8, (const double(*)[2])ranges, 3, NULL, 0);
    for (uint64_t w = 0; w < 50; w++) {
      double wish = 300 * emend_random_uniform(trial, EMEND_STREAM_TEST, w, 2) - 150, best = NAN;
      for (int candidate = -127; candidate <= 100; candidate++) {
        bool forbidden = false;
        for (int r = 0; r < 3; r++)
          forbidden = forbidden || (candidate >= ranges[r][0] && candidate <= ranges[r][1]);
        if (!forbidden && (isnan(best) || fabs(candidate - wish) < fabs(best - wish)))
          best = candidate;
      }
      expect(&allowed, wish, best, true);
    }
    emend_allowed_free(&allowed);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("allowed");
  TCase *tests = tcase_create("values");
  tcase_add_test(tests, values_that_occur);
  tcase_add_test(tests, missing_codes_are_avoided);
  tcase_add_test(tests, whole_types_take_whole_numbers);
  tcase_add_test(tests, storage_limits);
  tcase_add_test(tests, single_precision);
  tcase_add_test(tests, agrees_with_exhaustive_search);
  suite_add_tcase(suite, tests);
  return suite;
}
