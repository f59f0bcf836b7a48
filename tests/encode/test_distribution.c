/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "encode/kit.h"
#include "encode/distribution.h"

enum { N = 400 };

static double normal(size_t row, size_t column) { return emend_random_normal(8, EMEND_STREAM_TEST, row, column); }

/* A lognormal number, one mirrored, one with a third of zeros, one of few values, one of too few answers, a normal one. Each misses
 * some. */
enum { SKEWED, MIRRORED, HEAPED, FEW, SCARCE, NORMAL, N_COLUMNS };
static emend_dataset *make(void) {
  emend_dataset *dataset = kit_new("sav");
  static const char *const names[] = {"skewed", "mirrored", "heaped", "few", "scarce", "normal"};
  for (size_t j = 0; j < N_COLUMNS; j++)
    kit_number(dataset, names[j]);
  for (size_t i = 0; i < N; i++) {
    double amount = exp(2 + normal(i, 0)), tail = floor(exp(0.8 * normal(i, 3)));
    double cells[N_COLUMNS] = {
        exp(1 + normal(i, 1)), -exp(normal(i, 2)), i % 3 ? amount : 0, tail > 8 ? 8 : tail, i % 25 ? NAN : exp(2 * normal(i, 4)),
        normal(i, 5)};
    for (size_t j = 0; j < N_COLUMNS; j++)
      cells[j] = (i + j) % 11 == 10 ? NAN : cells[j];
    kit_row(dataset, cells);
  }
  return dataset;
}

static emend_plan *plan_with(const emend_dataset *dataset, int choose, const char *transforms) {
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_choose_transforms(options, choose);
  ck_assert_int_eq(emend_plan_options_set_transforms(options, transforms, NULL), EMEND_OK);
  emend_plan_options_set_type(options, EMEND_TYPE_INTEGER, "few", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  emend_plan_options_free(options);
  return plan;
}

static emend_plan *plan_of(const emend_dataset *dataset) {
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_choose_transforms(options, 1);
  emend_plan *plan = kit_plan(dataset, options);
  emend_plan_options_free(options);
  return plan;
}

START_TEST(skewed_numbers_get_a_transform) {
  emend_dataset *dataset = make();
  emend_plan *plan = plan_with(dataset, 1, NULL);
  ck_assert_str_eq(emend_plan_transform(plan, SKEWED), "log");
  ck_assert_double_gt(emend_plan_skewness(plan, SKEWED), 1.5);
  ck_assert_str_eq(emend_plan_transform(plan, MIRRORED), "yeo-johnson");
  ck_assert_double_lt(emend_plan_skewness(plan, MIRRORED), -1.5);
  static const size_t plain[] = {HEAPED, FEW, SCARCE, NORMAL};
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
    ck_assert_msg(strcmp(emend_plan_transform(plan, plain[i]), "none") == 0, "column %zu", plain[i]);
    ck_assert(emend_plan_skewness(plan, plain[i]) == 0);
  }
  double heap;
  ck_assert_double_gt(emend_plan_heap(plan, HEAPED, &heap), 0.25);
  ck_assert(heap == 0 && emend_plan_heap(plan, SKEWED, &heap) == 0);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* The library leaves numbers alone unless told; what is said of a variable holds; "none" alone is said of all. */
START_TEST(only_where_nothing_was_said) {
  emend_dataset *dataset = make();
  static const struct {
    int choose;
    const char *said, *skewed, *mirrored;
  } cases[] = {{0, NULL, "none", "none"}, {1, "skewed=sqrt", "sqrt", "yeo-johnson"}, {1, "skewed=none", "none", "yeo-johnson"},
               {1, "none", "none", "none"}, {0, "auto", "log", "yeo-johnson"}, {1, "none; skewed=log1p", "log1p", "none"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_plan *plan = plan_with(dataset, cases[i].choose, cases[i].said);
    ck_assert_str_eq(emend_plan_transform(plan, SKEWED), cases[i].skewed);
    ck_assert_str_eq(emend_plan_transform(plan, MIRRORED), cases[i].mirrored);
    ck_assert(emend_plan_skewness(plan, SKEWED) == 0);
    emend_plan_free(plan);
  }
  emend_dataset_free(dataset);
}
END_TEST

/* Unasked only where it may: then the amounts beside the spike are looked at for themselves. */
START_TEST(heaps_become_spikes) {
  static const struct {
    int choose;
    const char *spikes, *transforms, *transform;
    int spiked, chosen;
  } cases[] = {{0, NULL, NULL, "none", 0, 0},  {1, NULL, NULL, "log", 1, 1}, {1, "none", NULL, "none", 0, 0},
               {1, NULL, "heaped=sqrt", "sqrt", 0, 0}, {1, NULL, "none", "none", 1, 1}, {0, "heaped", NULL, "log", 1, 0}};
  emend_dataset *dataset = make();
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    emend_plan_options *options = emend_plan_options_new();
    emend_plan_options_set_choose_transforms(options, 1);
    emend_plan_options_set_choose_spikes(options, cases[i].choose);
    ck_assert_int_eq(emend_plan_options_set_semicontinuous(options, cases[i].spikes, NULL), EMEND_OK);
    ck_assert_int_eq(emend_plan_options_set_transforms(options, cases[i].transforms, NULL), EMEND_OK);
    emend_plan *plan = kit_plan(dataset, options);
    double spike, heap;
    ck_assert_int_eq(emend_plan_spike(plan, HEAPED, &spike), cases[i].spiked);
    ck_assert_int_eq(emend_plan_spike_chosen(plan, HEAPED), cases[i].chosen);
    ck_assert(!cases[i].spiked || spike == 0);
    ck_assert_uint_eq(emend_plan_columns(plan, HEAPED), cases[i].spiked ? 2 : 1);
    ck_assert((emend_plan_heap(plan, HEAPED, &heap) > 0) == !cases[i].spiked);
    ck_assert_str_eq(emend_plan_transform(plan, HEAPED), cases[i].transform);
    ck_assert_int_eq(emend_plan_spike(plan, SKEWED, &spike) + emend_plan_spike(plan, NORMAL, &spike), 0);
    emend_plan_free(plan);
    emend_plan_options_free(options);
  }
  emend_dataset_free(dataset);
}
END_TEST

/* Units and order of rows do not matter to what is chosen. */
START_TEST(invariant) {
  emend_dataset *dataset = make(), *other = kit_new("sav");
  kit_number(other, "skewed"), kit_number(other, "normal");
  for (size_t i = N; i-- > 0;)
    kit_row(other, (double[]){1000 * exp(1 + normal(i, 1)), 3 - 7 * normal(i, 5)});
  emend_plan *plan = plan_with(dataset, 1, NULL);
  emend_plan *turned = plan_of(other);
  ck_assert_str_eq(emend_plan_transform(turned, 0), emend_plan_transform(plan, SKEWED));
  ck_assert_str_eq(emend_plan_transform(turned, 1), "none");
  emend_plan_free(plan), emend_plan_free(turned);
  emend_dataset_free(dataset), emend_dataset_free(other);
}
END_TEST

enum { MANY = 20000, RARE = 1999 };
static double lognormal[MANY];
static double number_at(size_t i, double outlier) { return lognormal[i] + (i % RARE == 7 ? outlier : 0); }
static double weight_at(size_t i, bool weighted) { return weighted ? 0.5 + (double)(i % 5) : 1; }
static bool is_spike(size_t i, bool spiked) { return spiked && i % 4 == 0; }

static double skewness_with(double outlier, bool weighted, bool spiked) {
  long double sums[4] = {0}, mean = 0;
  for (int pass = 0; pass < 2; pass++, mean = sums[1] / sums[0])
    for (size_t i = 0; i < MANY; i++) {
      long double d = number_at(i, outlier) - mean, w = is_spike(i, spiked) ? 0 : weight_at(i, weighted);
      if (pass)
        sums[2] += w * d * d, sums[3] += w * d * d * d;
      else
        sums[0] += w, sums[1] += w * d;
    }
  return (double)(sums[3] / sums[0] / powl(sums[2] / sums[0], 1.5L));
}

/* A few rows decide whether the skewness is above the threshold: it is that of all rows, with weights and without, and beside a spike. */
START_TEST(few_rows_decide) {
  for (size_t i = 0; i < MANY; i++)
    lognormal[i] = exp(0.4 * normal(i, 1));
  for (int kind = 0; kind < 8; kind++) {
    bool weighted = kind & 1, spiked = kind & 2, above = kind & 4;
    double lo = 0, hi = 20, target = above ? 1.5001 : 1.4999;
    while (hi - lo > 1e-9)
      *(skewness_with((lo + hi) / 2, weighted, spiked) < target ? &lo : &hi) = (lo + hi) / 2;
    emend_dataset *dataset = kit_new("sav");
    double *weights = malloc(MANY * sizeof *weights);
    kit_number(dataset, "y");
    for (size_t i = 0; i < MANY; i++) {
      kit_row(dataset, (double[]){is_spike(i, spiked) ? 0 : number_at(i, lo)});
      weights[i] = weight_at(i, weighted);
    }
    emend_planned planned = {.type = EMEND_TYPE_CONTINUOUS, .role = EMEND_ROLE_FILL, .spiked = spiked};
    emend_observe_work work;
    ck_assert_int_eq(emend_observe_work_new(&work, NULL), EMEND_OK);
    ck_assert_int_eq(
        emend_observe(dataset, 0, weighted ? weights : NULL, EMEND_SAMPLING_WEIGHTS, false, &work, &planned.observed, NULL), EMEND_OK);
    emend_observe_work_free(&work);
    ck_assert(spiked || fabs(planned.observed.skewness - target) < 1e-8);
    ck_assert_int_eq(emend_distribution_look(dataset, 0, weighted ? weights : NULL, false, true, &planned, NULL), EMEND_OK);
    ck_assert_msg(above ? fabs(planned.skewness - target) < 1e-8 : planned.skewness == 0, "kind %d: %.10g", kind, planned.skewness);
    ck_assert_int_eq(planned.transform.kind, above ? EMEND_TRANSFORM_LOG : EMEND_TRANSFORM_NONE);
    free(weights);
    emend_dataset_free(dataset);
  }
}
END_TEST

/* A number asked in every third row only (waves, one below the other) is seen in a sample of the rows, in whichever third. */
START_TEST(rows_in_rounds) {
  enum { ROUNDS = 4096, WAVES = 3 };
  emend_dataset *dataset = kit_new("sav");
  static const char *const names[WAVES] = {"first", "second", "third"};
  for (size_t j = 0; j < WAVES; j++)
    kit_number(dataset, names[j]);
  for (size_t i = 0; i < ROUNDS * WAVES; i++) {
    double cells[WAVES];
    for (size_t j = 0; j < WAVES; j++)
      cells[j] = i % WAVES == j ? exp(normal(i, j)) : NAN;
    kit_row(dataset, cells);
  }
  emend_plan *plan = plan_of(dataset);
  for (size_t j = 0; j < WAVES; j++)
    ck_assert_str_eq(emend_plan_transform(plan, j), "log");
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* The power that is fitted to a long file is one of all its values, though they be sorted. */
START_TEST(sorted_rows) {
  enum { MANY = 60000 };
  emend_dataset *up = kit_new("sav"), *down = kit_new("sav");
  kit_number(up, "y"), kit_number(down, "y");
  for (size_t i = 0; i < MANY; i++) {
    double at = ((double)i + 0.5) / MANY, y = exp(log(at / (1 - at)) / 2) - 0.5; /* ascending; some are negative */
    kit_row(up, &y);
    at = 1 - at, y = exp(log(at / (1 - at)) / 2) - 0.5;
    kit_row(down, &y);
  }
  emend_plan *plan = plan_of(up), *other = plan_of(down);
  ck_assert_str_eq(emend_plan_transform(plan, 0), "yeo-johnson");
  ck_assert_str_eq(emend_plan_transform(other, 0), "yeo-johnson");
  ck_assert_double_eq_tol(plan->variables[0].transform.lambda, other->variables[0].transform.lambda, 0.01);
  emend_plan_free(plan), emend_plan_free(other);
  emend_dataset_free(up), emend_dataset_free(down);
}
END_TEST

/* Frequencies count as rows: a number with some negative answers gets the same power; and rows that weigh nothing say nothing. */
START_TEST(weighted_rows) {
  emend_dataset *weighted = kit_new("sav"), *repeated = kit_new("sav");
  kit_number(weighted, "y"), kit_number(weighted, "tail"), kit_number(weighted, "w"), kit_number(repeated, "y");
  kit_number(weighted, "few");
  for (size_t i = 0; i < N; i++) {
    double y = exp(normal(i, 0)) - 0.5, w = (double)(i % 4), few = w > 0 ? (i % 40 == 1 ? 30.5 : 1.25 + (double)(i % 4)) : normal(i, 2);
    kit_row(weighted, (double[]){y, w > 0 ? normal(i, 1) : exp(2 + normal(i, 1)), w, few});
    for (size_t k = 0; k < i % 4; k++)
      kit_row(repeated, &y);
  }
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_choose_transforms(options, 1);
  ck_assert_int_eq(emend_plan_options_set_weight(options, "w", NULL), EMEND_OK);
  emend_plan *plan = kit_plan(weighted, options), *other = plan_of(repeated);
  ck_assert_str_eq(emend_plan_transform(plan, 0), "yeo-johnson");
  const emend_transform *t = &plan->variables[0].transform, *u = &other->variables[0].transform;
  ck_assert_double_eq_tol(t->lo, u->lo, 1e-12);
  ck_assert_double_eq_tol(t->hi, u->hi, 1e-12);
  ck_assert_double_eq_tol(t->lambda, u->lambda, 1e-6);
  ck_assert_double_eq_tol(emend_plan_skewness(plan, 0), emend_plan_skewness(other, 0), 1e-9);
  ck_assert_str_eq(emend_plan_transform(plan, 1), "none");
  ck_assert_str_eq(emend_plan_transform(plan, 3), "none"); /* four different values weigh something */
  emend_plan_options_free(options);
  emend_plan_free(plan), emend_plan_free(other);
  emend_dataset_free(weighted), emend_dataset_free(repeated);
}
END_TEST

SUITE {
  Suite *suite = suite_create("distribution");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, skewed_numbers_get_a_transform);
  tcase_add_test(tests, only_where_nothing_was_said);
  tcase_add_test(tests, heaps_become_spikes);
  tcase_add_test(tests, invariant);
  tcase_add_test(tests, few_rows_decide);
  tcase_add_test(tests, rows_in_rounds);
  tcase_add_test(tests, sorted_rows);
  tcase_add_test(tests, weighted_rows);
  suite_add_tcase(suite, tests);
  return suite;
}
