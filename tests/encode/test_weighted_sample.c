/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "encode/kit.h"
#include "encode/weighted_sample.h"

enum { ROWS = 10000 };

/* Row i holds i modulo 100, and is missing in every seventh. */
static emend_dataset *make(void) {
  emend_dataset *dataset = kit_new("sav");
  kit_number(dataset, "x");
  for (size_t i = 0; i < ROWS; i++)
    kit_row(dataset, (double[]){i % 7 == 0 ? NAN : (double)(i % 100)});
  return dataset;
}

static emend_weighted_sample take(const emend_dataset *dataset, const double *weights, double skip, size_t most_rows) {
  emend_weighted_sample s;
  ck_assert_int_eq(emend_weighted_sample_take(dataset, 0, weights, skip, most_rows, &s, NULL), EMEND_OK);
  return s;
}

START_TEST(values_weights_and_what_they_come_to) {
  emend_dataset *dataset = make();
  double *weights = malloc(ROWS * sizeof *weights), weight = 0, sum = 0;
  size_t n = 0;
  for (size_t i = 0; i < ROWS; i++) {
    weights[i] = (double)(i % 3);
    if (i % 7 && i % 100)
      n++, weight += weights[i], sum += weights[i] * (double)(i % 100);
  }
  emend_weighted_sample s = take(dataset, weights, 0, SIZE_MAX);
  ck_assert_uint_eq(s.n, n);
  ck_assert(s.weight == weight && s.min == 1 && s.max == 99);
  assert_relative(s.mean, sum / weight, 1e-13);
  emend_weighted_sample_free(&s);
  /* Where nothing weighs anything, each weighs 1. */
  for (size_t i = 0; i < ROWS; i++)
    weights[i] = 0;
  s = take(dataset, weights, 0, SIZE_MAX);
  emend_weighted_sample plain = take(dataset, NULL, 0, SIZE_MAX);
  ck_assert(s.weight == (double)n && s.mean == plain.mean && plain.weight == (double)n && s.values[3].weight == 1);
  emend_weighted_sample_free(&s), emend_weighted_sample_free(&plain);
  free(weights);
  emend_dataset_free(dataset);
}
END_TEST

/* So many rows at most, from everywhere; all of them if there are no more. */
START_TEST(some_rows) {
  emend_dataset *dataset = make();
  emend_weighted_sample few = take(dataset, NULL, NAN, 700), all = take(dataset, NULL, NAN, ROWS), more = take(dataset, NULL, NAN, 2 * ROWS);
  ck_assert(few.n > 500 && few.n < 700 && few.min < 3 && few.max > 96 && fabs(few.mean - 49.5) < 4);
  ck_assert(all.n == more.n && all.mean == more.mean && all.n == ROWS - (ROWS + 6) / 7);
  emend_weighted_sample_free(&few), emend_weighted_sample_free(&all), emend_weighted_sample_free(&more);
  emend_dataset_free(dataset);
}
END_TEST

static int compare(const void *a, const void *b) {
  const emend_weighted_value *x = a, *y = b;
  return x->value != y->value ? (x->value > y->value) - (x->value < y->value) : (x->weight > y->weight) - (x->weight < y->weight);
}

/* Codes that weigh the same, codes of several weights, codes beyond those that are counted, fractions, one value: as by comparing. */
START_TEST(sorted_as_by_comparing) {
  enum { N = 1000 };
  const double least[] = {-128, -128, -130, -128.5, 7}, step[] = {1, 1, 3, 0.25, 0};
  emend_weighted_value values[N], wanted[N];
  for (size_t i = 0; i < N; i++)
    values[i] = (emend_weighted_value){least[_i] + step[_i] * (double)(i * 7919 % 1152), _i == 1 ? (double)(i % 3) : 2};
  memcpy(wanted, values, sizeof wanted);
  qsort(wanted, N, sizeof *wanted, compare);
  emend_weighted_sample s = {.values = values, .n = N};
  for (int turn = 0; turn < 2; turn++) { /* what is sorted stays so */
    emend_weighted_sample_sort(&s);
    for (size_t i = 0; i < N; i++)
      ck_assert_msg(values[i].value == wanted[i].value && values[i].weight == wanted[i].weight, "%zu", i);
  }
}
END_TEST

START_TEST(equal_values_in_order) {
  emend_weighted_value values[] = {{5, 1}, {2, 4}, {5, 0.5}, {2, 3}, {-1, 2}, {5, 0.25}};
  emend_weighted_sample s = {.values = values, .n = 6};
  emend_weighted_sample_sort(&s);
  static const emend_weighted_value sorted[] = {{-1, 2}, {2, 3}, {2, 4}, {5, 0.25}, {5, 0.5}, {5, 1}};
  for (size_t i = 0; i < 6; i++)
    ck_assert(values[i].value == sorted[i].value && values[i].weight == sorted[i].weight);
  double weight;
  ck_assert(emend_weighted_sample_next(&s, 0, &weight) == 1 && weight == 2);
  ck_assert(emend_weighted_sample_next(&s, 1, &weight) == 3 && weight == 7);
  ck_assert(emend_weighted_sample_next(&s, 3, &weight) == 6 && weight == 1.75);
}
END_TEST

/* Of a yes and a no: (1 - 2p) / sqrt(p (1 - p)), about any centre. */
START_TEST(skewness_of_two_values) {
  for (double p = 0.05; p < 1; p += 0.1)
    for (double centre = -2; centre <= 2; centre += 0.5) {
      emend_moments m = {.centre = 7 + centre};
      emend_moments_add(&m, 7, 3 * (1 - p)), emend_moments_add(&m, 8, 3 * p);
      ck_assert(fabs(emend_moments_skewness(&m) - (1 - 2 * p) / sqrt(p * (1 - p))) < 1e-11);
    }
  emend_moments equal = {.centre = 3};
  emend_moments_add(&equal, 3, 1), emend_moments_add(&equal, 3, 2);
  ck_assert(emend_moments_skewness(&equal) == 0);
}
END_TEST

SUITE {
  Suite *suite = suite_create("weighted samples");
  TCase *all = tcase_create("all");
  tcase_add_test(all, values_weights_and_what_they_come_to);
  tcase_add_test(all, some_rows);
  tcase_add_loop_test(all, sorted_as_by_comparing, 0, 5);
  tcase_add_test(all, equal_values_in_order);
  tcase_add_test(all, skewness_of_two_values);
  suite_add_tcase(suite, all);
  return suite;
}
