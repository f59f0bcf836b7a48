/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "decode/calibrate.h"
#include "support/support.h"

/* A planned variable made by hand. */
static emend_planned planned_codes(emend_type type, size_t n, double *numbers, double *weights) {
  emend_planned planned = {.type = type, .rounds = true};
  planned.categories = (emend_categories){.n = n, .numbers = numbers, .weights = weights};
  planned.allowed = (emend_allowed){.values = numbers, .n_values = n, .lo = -1e300, .hi = 1e300};
  return planned;
}

static emend_uncertain *cells_around(size_t n, double mean, double between, double within) {
  emend_uncertain *cells = calloc(n, sizeof *cells);
  for (size_t i = 0; i < n; i++)
    cells[i] = (emend_uncertain){.mean = mean + between * emend_random_normal(3, EMEND_STREAM_TEST, i, 0),
                                 .sd = within,
                                 .key = emend_random_uniform(3, EMEND_STREAM_TEST, i, 1)};
  return cells;
}

/* How many of the cells decode to each code; the cells are reordered by calibration, so copies are decoded. */
static void decode_all(emend_decoder *decoder, const emend_uncertain *cells, size_t n, size_t *counts) {
  emend_uncertain *copy = malloc(n * sizeof *copy);
  memcpy(copy, cells, n * sizeof *copy);
  ck_assert_int_eq(emend_decoder_calibrate(decoder, copy, n, NULL), EMEND_OK);
  free(copy);
  for (size_t i = 0; i < n; i++) {
    bool moved;
    double value = emend_decoder_value(decoder, &cells[i].mean, cells[i].sd, cells[i].key, &moved);
    size_t j = 0;
    while (j < decoder->planned->categories.n && decoder->planned->categories.numbers[j] != value)
      j++;
    ck_assert_uint_lt(j, decoder->planned->categories.n);
    ck_assert(!moved);
    counts[j]++;
  }
}

/* Two codes, one in five cells the higher: nearest values would give it to hardly any, calibrated ones to one in five. */
START_TEST(binary_shares) {
  enum { N = 5000 };
  emend_planned planned = planned_codes(EMEND_TYPE_BINARY, 2, (double[]){1, 2}, (double[]){80, 20});
  emend_decoder decoder = emend_decoder_of(&planned, false);
  ck_assert_int_eq(decoder.kind, EMEND_DECODE_SHARES);
  emend_uncertain *cells = cells_around(N, 1.2, 0.1, 0.38);
  size_t counts[2] = {0};
  double sum = 0;
  for (size_t i = 0; i < N; i++)
    sum += fmin(fmax(cells[i].mean, 1), 2) - 1;
  decode_all(&decoder, cells, N, counts);
  ck_assert_uint_eq(counts[1], (size_t)llround(sum));
  free(cells);
  emend_decoder_free(&decoder);
}
END_TEST

/* Codes that came from a cut normal variable, missing at random given a predictor of correlation r: the shares come back whatever r is. */
START_TEST(ordinal_shares) {
  enum { N = 4000, K = 5 };
  static const double shares[K] = {0.1, 0.35, 0.3, 0.2, 0.05};
  double numbers[K] = {1, 2, 3, 4, 5}, weights[K], mean = 0, squares = 0;
  for (size_t j = 0; j < K; j++)
    weights[j] = 1000 * shares[j], mean += shares[j] * numbers[j], squares += shares[j] * numbers[j] * numbers[j];
  double sd = sqrt(squares - mean * mean);
  for (double r = 0; r < 1; r += 0.3) {
    emend_planned planned = planned_codes(EMEND_TYPE_ORDINAL, K, numbers, weights);
    emend_decoder decoder = emend_decoder_of(&planned, false);
    emend_uncertain *cells = cells_around(N, mean, r * sd, sqrt(1 - r * r) * sd);
    size_t counts[K] = {0};
    decode_all(&decoder, cells, N, counts);
    for (size_t j = 0; j < K; j++)
      ck_assert_msg(fabs((double)counts[j] / N - shares[j]) < 0.025, "r %g code %zu: %g", r, j + 1, (double)counts[j] / N);
    free(cells);
    emend_decoder_free(&decoder);
  }
}
END_TEST

static double value_of(const emend_decoder *decoder, const emend_uncertain *cell) {
  bool moved;
  return emend_decoder_value(decoder, &cell->mean, cell->sd, cell->key, &moved);
}

/* Cells of which nothing is known, the rows of those who broke off, change nothing of cells that are; they have the shares of all answers. */
START_TEST(unknown_cells_move_none) {
  enum { N = 200, UNKNOWN = 500, K = 5 };
  double numbers[K] = {1, 2, 3, 4, 5}, weights[K] = {100, 200, 400, 200, 100};
  for (int curve = 0; curve < 2; curve++) {
    const double thresholds[K - 1] = {-1.28, -0.52, 0.52, 1.28};
    emend_planned planned = planned_codes(EMEND_TYPE_ORDINAL, K, numbers, weights);
    emend_uncertain *cells = cells_around(N + UNKNOWN, 3, 1, curve ? 0.3 : 0.35), *copy = malloc((N + UNKNOWN) * sizeof *copy);
    double alone[N], counts[K] = {0};
    for (size_t i = N; i < N + UNKNOWN; i++)
      cells[i].mean = 3, cells[i].sd = curve ? 1 : 1.1;
    for (int all = 0; all < 2; all++) {
      emend_decoder decoder = emend_decoder_of(&planned, false);
      size_t n = all ? N + UNKNOWN : N;
      if (curve)
        ck_assert_int_eq(emend_decoder_set_thresholds(&decoder, thresholds, NULL), EMEND_OK);
      memcpy(copy, cells, n * sizeof *copy);
      ck_assert_int_eq(emend_decoder_calibrate(&decoder, copy, n, NULL), EMEND_OK);
      for (size_t i = 0; i < N; i++)
        if (all)
          ck_assert_double_eq(value_of(&decoder, &cells[i]), alone[i]);
        else
          alone[i] = value_of(&decoder, &cells[i]);
      for (size_t i = N; i < n; i++)
        counts[(size_t)value_of(&decoder, &cells[i]) - 1]++;
      emend_decoder_free(&decoder);
    }
    for (size_t k = 0; k < K; k++)
      ck_assert_msg(fabs(counts[k] / UNKNOWN - weights[k] / 1000) < 0.03, "curve %d, code %zu: %g", curve, k + 1, counts[k] / UNKNOWN);
    free(cells), free(copy);
  }
}
END_TEST

/* Two cells of each grade: no grade alone would round to a rare code, all together expect one at each end. */
START_TEST(small_grades_add_up) {
  enum { GRADES = 3, EACH = 2 };
  double numbers[] = {1, 2, 3}, weights[] = {10, 80, 10};
  emend_planned planned = planned_codes(EMEND_TYPE_ORDINAL, 3, numbers, weights);
  emend_decoder decoder = emend_decoder_of(&planned, false);
  emend_uncertain *cells = cells_around(GRADES * EACH, 2, 0, 1);
  size_t counts[3] = {0};
  for (size_t i = 0; i < GRADES * EACH; i++)
    cells[i].sd = 0.43 * pow(1.26, (double)(i / EACH));
  decode_all(&decoder, cells, GRADES * EACH, counts);
  ck_assert_msg(counts[0] == 1 && counts[2] == 1, "%zu and %zu", counts[0], counts[2]);
  free(cells);
  emend_decoder_free(&decoder);
}
END_TEST

/* The cells' own mean is kept: codes far from those observed before. */
START_TEST(ordinal_mean) {
  enum { N = 3000, K = 4 };
  double numbers[K] = {0, 1, 2, 5}, weights[K] = {40, 30, 20, 10};
  for (double at = 0.8; at < 3.5; at += 0.6) {
    emend_planned planned = planned_codes(EMEND_TYPE_ORDINAL, K, numbers, weights);
    emend_decoder decoder = emend_decoder_of(&planned, false);
    emend_uncertain *cells = cells_around(N, at, 0.1, 0.8);
    size_t counts[K] = {0};
    double sum = 0, got = 0;
    for (size_t i = 0; i < N; i++)
      sum += cells[i].mean;
    decode_all(&decoder, cells, N, counts);
    for (size_t j = 0; j < K; j++)
      got += numbers[j] * (double)counts[j];
    ck_assert_msg(fabs(got - sum) / N < 0.01, "%g: %g for %g", at, got / N, sum / N);
    free(cells);
    emend_decoder_free(&decoder);
  }
}
END_TEST

/* A monotone order: no cell with a lower mean has a higher code. And one cell alone gets its middle code. */
START_TEST(order_is_kept) {
  enum { N = 500 };
  double numbers[] = {1, 2, 3}, weights[] = {1, 2, 1};
  emend_planned planned = planned_codes(EMEND_TYPE_INTEGER, 3, numbers, weights);
  emend_decoder decoder = emend_decoder_of(&planned, false);
  emend_uncertain *cells = cells_around(N, 2, 0.5, 0.5), alone = {.mean = 2.1, .sd = 0.6, .key = 0.5};
  size_t counts[3] = {0};
  bool moved;
  decode_all(&decoder, cells, N, counts);
  for (size_t i = 1; i < N; i++) {
    double a = emend_decoder_value(&decoder, &cells[i - 1].mean, cells[i - 1].sd, 0.5, &moved), b = emend_decoder_value(&decoder, &cells[i].mean, cells[i].sd, 0.5, &moved);
    ck_assert(cells[i - 1].mean < cells[i].mean ? a <= b : a >= b);
  }
  emend_decoder_free(&decoder);
  ck_assert_int_eq(emend_decoder_calibrate(&decoder, &alone, 1, NULL), EMEND_OK);
  ck_assert_double_eq(emend_decoder_value(&decoder, (double[]){2.1}, 0.6, 0.5, &moved), 2);
  emend_decoder_free(&decoder);
  free(cells);
}
END_TEST

/* Whole numbers: neighbours only, and the sum of the expectations. */
START_TEST(whole_sums) {
  enum { N = 2000, K = 40 };
  double numbers[K], sum = 0, got = 0;
  for (size_t j = 0; j < K; j++)
    numbers[j] = (double)j + (j > 20 ? 3 : 0);
  emend_planned planned = planned_codes(EMEND_TYPE_INTEGER, K, numbers, numbers);
  emend_decoder decoder = emend_decoder_of(&planned, false);
  ck_assert_int_eq(decoder.kind, EMEND_DECODE_WHOLE);
  emend_uncertain *cells = cells_around(N, 20.2, 0.9, 1), *copy = malloc(N * sizeof *copy);
  memcpy(copy, cells, N * sizeof *copy);
  ck_assert_int_eq(emend_decoder_calibrate(&decoder, copy, N, NULL), EMEND_OK);
  for (size_t i = 0; i < N; i++) {
    bool moved;
    double value = emend_decoder_value(&decoder, &cells[i].mean, cells[i].sd, cells[i].key, &moved);
    ck_assert_double_lt(fabs(value - cells[i].mean), 4);
    sum += cells[i].mean, got += value;
  }
  ck_assert_double_le(fabs(sum - got), 2 + 1e-9);
  free(cells), free(copy);
  emend_decoder_free(&decoder);
}
END_TEST

static emend_decoding kind_of_whole(size_t n, double *numbers, bool quantity, bool *draws_codes) {
  double weights[50];
  for (size_t i = 0; i < n; i++)
    weights[i] = 1;
  emend_planned planned = planned_codes(EMEND_TYPE_INTEGER, n, numbers, weights);
  planned.quantity = quantity;
  emend_decoder decoder = emend_decoder_of(&planned, false);
  *draws_codes = emend_decoder_draws_codes(&decoder);
  return decoder.kind;
}

static emend_decoding kind_of_integers(size_t n, double *numbers, bool *draws_codes) { return kind_of_whole(n, numbers, false, draws_codes); }

/* What looks like a scale keeps its shares, counts their sum; draws know the shape of both while there are few values. */
START_TEST(scales_and_counts) {
  double many[41];
  bool draws;
  for (size_t i = 0; i < 41; i++)
    many[i] = (double)i;
  ck_assert_int_eq(kind_of_integers(7, many, &draws), EMEND_DECODE_SHARES);
  ck_assert_int_eq(kind_of_integers(5, many + 1, &draws), EMEND_DECODE_SHARES);
  ck_assert(draws);
  ck_assert_int_eq(kind_of_whole(5, many + 1, true, &draws), EMEND_DECODE_WHOLE); /* persons, which somebody says are no codes */
  ck_assert(draws);
  ck_assert_int_eq(kind_of_integers(8, many, &draws), EMEND_DECODE_WHOLE);
  ck_assert_int_eq(kind_of_integers(4, many + 2, &draws), EMEND_DECODE_WHOLE);
  ck_assert_int_eq(kind_of_integers(3, (double[]){1, 2, 4}, &draws), EMEND_DECODE_WHOLE);
  ck_assert_int_eq(kind_of_integers(3, (double[]){2007, 2008, 2009}, &draws), EMEND_DECODE_WHOLE);
  ck_assert(draws);
  ck_assert_int_eq(kind_of_integers(40, many, &draws), EMEND_DECODE_WHOLE);
  ck_assert(draws);
  ck_assert_int_eq(kind_of_integers(41, many, &draws), EMEND_DECODE_WHOLE);
  ck_assert(!draws);
}
END_TEST

/* Three levels, the base with two categories of it. */
START_TEST(most_probable_category) {
  double numbers[] = {1, 2, 3, 9}, weights[] = {50, 30, 16, 4};
  size_t counts[] = {50, 30, 16, 4};
  unsigned char levels[] = {0, 1, 2, 0};
  emend_planned planned = {.type = EMEND_TYPE_NOMINAL, .rounds = true};
  planned.categories =
      (emend_categories){.n = 4, .numbers = numbers, .weights = weights, .counts = counts, .levels = levels, .n_levels = 3, .n_pooled = 1};
  emend_decoder decoder = emend_decoder_of(&planned, false);
  bool moved;
  ck_assert_int_eq(decoder.kind, EMEND_DECODE_LEVELS);
  static const struct {
    double means[2], wanted;
  } cases[] = {{{0.3, 0.2}, 1}, {{0.6, 0.2}, 2}, {{0.3, 0.45}, 3}, {{-0.2, 0.1}, 1}, {{1.4, -0.4}, 2}, {{0.48, 0.03}, 2}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) /* the last: 0.49 of the base, but 0.454 of its first category */
    ck_assert_double_eq(emend_decoder_value(&decoder, cases[i].means, NAN, 0.5, &moved), cases[i].wanted);
  /* Draws within a level go by the observed shares: 50 and 4. */
  size_t nine = 0;
  for (size_t i = 0; i < 1080; i++) {
    double value = emend_decoder_drawn_level(&decoder, (double[]){0, 0}, ((double)i + 0.5) / 1080);
    ck_assert(value == 1 || value == 9);
    nine += value == 9;
  }
  ck_assert_uint_eq(nine, 80);
  ck_assert_double_eq(emend_decoder_drawn_level(&decoder, (double[]){0, 1}, 0.3), 3);
}
END_TEST

/* The code that comes most often among draws of the cell's own distribution, cut at the same thresholds. */
START_TEST(most_probable_step) {
  enum { K = 5, DRAWS = 20000 };
  double numbers[K] = {1, 2, 3, 4, 5}, weights[K] = {8, 2, 5, 30, 55}, thresholds[K - 1];
  emend_planned planned = planned_codes(EMEND_TYPE_ORDINAL, K, numbers, weights);
  emend_decoder decoder = emend_decoder_of_mode(&planned, false);
  ck_assert_int_eq(decoder.kind, EMEND_DECODE_STEPS);
  ck_assert(!emend_decoder_calibrates(&decoder));
  emend_latent_thresholds(&planned.categories, thresholds);
  for (double mean = 0; mean < 6; mean += 0.37)
    for (double sd = 0.1; sd < 2; sd *= 2.1) {
      size_t counts[K] = {0}, most = 0, j;
      for (size_t i = 0; i < DRAWS; i++) {
        double latent = mean + sd * gsl_cdf_ugaussian_Pinv(((double)i + 0.5) / DRAWS);
        for (j = 0; j + 1 < K && latent > thresholds[j];)
          j++;
        counts[j]++;
      }
      double step = emend_decoder_step(&decoder, mean, sd);
      for (j = 0; j < K; j++)
        most = counts[j] > counts[most] ? j : most;
      ck_assert_msg(counts[(size_t)step - 1] + 3 > counts[most], "mean %g sd %g: %g, not %zu", mean, sd, step, most + 1);
    }
  ck_assert_double_eq(emend_decoder_step(&decoder, thresholds[2] + 1e-9, NAN), 4);
  ck_assert_double_eq(emend_decoder_step(&decoder, thresholds[2], 0), 3);
}
END_TEST

/* Two codes: the nearer one. Whole numbers: the nearest that occurs, few of them or many. */
START_TEST(mode_of_two_and_of_numbers) {
  bool moved;
  emend_planned two = planned_codes(EMEND_TYPE_BINARY, 2, (double[]){1, 2}, (double[]){80, 20});
  emend_decoder decoder = emend_decoder_of_mode(&two, false);
  ck_assert_double_eq(emend_decoder_step(&decoder, 1.49, 0.4), 1);
  ck_assert_double_eq(emend_decoder_step(&decoder, 1.51, 0.4), 2);
  emend_planned few = planned_codes(EMEND_TYPE_INTEGER, 3, (double[]){1, 2, 6}, (double[]){5, 3, 1});
  decoder = emend_decoder_of_mode(&few, false);
  ck_assert_int_eq(decoder.kind, EMEND_DECODE_NEAREST);
  ck_assert_double_eq(emend_decoder_value(&decoder, (double[]){3.9}, NAN, 0.5, &moved), 2);
  ck_assert_double_eq(emend_decoder_value(&decoder, (double[]){4.1}, NAN, 0.5, &moved), 6);
}
END_TEST

START_TEST(thresholds_give_the_shares) {
  double numbers[] = {1, 3, 4}, weights[] = {2, 5, 3}, thresholds[2];
  emend_categories c = {.n = 3, .numbers = numbers, .weights = weights};
  emend_latent_thresholds(&c, thresholds);
  double mean = (2 * 1 + 5 * 3 + 3 * 4) / 10.0, sd = sqrt((2 * 1 + 5 * 9 + 3 * 16) / 10.0 - mean * mean);
  assert_relative(gsl_cdf_ugaussian_P((thresholds[0] - mean) / sd), 0.2, 1e-12);
  assert_relative(gsl_cdf_ugaussian_P((thresholds[1] - mean) / sd), 0.7, 1e-12);
}
END_TEST

/* Over all u the draws of one cell have its mean as theirs, rise with u, and are codes; beyond the codes the last one is left. */
START_TEST(draws_have_the_cells_mean) {
  enum { N = 500 };
  double numbers[] = {1, 2, 3, 7}, weights[] = {70, 15, 10, 5};
  emend_categories c = {.n = 4, .numbers = numbers, .weights = weights};
  for (double mean = 1.02; mean < 7; mean += 0.77)
    for (double sd = 0; sd < 3; sd += 0.6) {
      double sum = 0, last = 1;
      for (size_t i = 0; i < N; i++) {
        double code = emend_draw_code(&c, mean, sd, ((double)i + 0.5) / N);
        ck_assert(code == 1 || code == 2 || code == 3 || code == 7);
        ck_assert_double_ge(code, last);
        last = code;
        sum += code;
      }
      ck_assert_msg(fabs(sum / N - mean) < 6.0 / N, "mean %g, sd %g: %g", mean, sd, sum / N);
    }
  ck_assert_double_eq(emend_draw_code(&c, -3, 1, 0.5), 1);
  ck_assert_double_eq(emend_draw_code(&c, 9, 1, 0.5), 7);
}
END_TEST

/* Cells of known places under a curve's thresholds, told by their mean codes: the places' probabilities come back, codes come as often as
 * these add up to, the most probable one and the code's spread are theirs. */
START_TEST(codes_by_a_curve) {
  enum { K = 4, N = 400 };
  double numbers[K] = {1, 2, 3, 7}, weights[K] = {40, 30, 20, 10}, thresholds[K - 1] = {-1, -0.2, 1.4}, expected[K] = {0}, below[K - 1];
  size_t counts[K] = {0};
  emend_planned planned = planned_codes(EMEND_TYPE_ORDINAL, K, numbers, weights);
  emend_decoder decoder = emend_decoder_of(&planned, false);
  emend_uncertain *cells = calloc(N, sizeof *cells);
  ck_assert_double_eq(emend_decoder_spread(&decoder, 2, 0.7), 0.7);
  ck_assert_int_eq(emend_decoder_set_thresholds(&decoder, thresholds, NULL), EMEND_OK);
  for (size_t i = 0; i < N; i++) {
    double place = -2 + 5 * emend_random_uniform(3, EMEND_STREAM_TEST, i, 0), sd = 1 + 0.5 * emend_random_uniform(3, EMEND_STREAM_TEST, i, 2);
    double p[K], before = 0, mean = 0, squares = 0;
    for (size_t k = 0; k < K; k++) {
      double to = k + 1 < K ? gsl_cdf_ugaussian_P((thresholds[k] - place) / sd) : 1;
      p[k] = to - before, before = to, mean += p[k] * numbers[k], squares += p[k] * numbers[k] * numbers[k], expected[k] += p[k];
    }
    cells[i] = (emend_uncertain){.mean = mean, .sd = sd, .key = emend_random_uniform(3, EMEND_STREAM_TEST, i, 1)};
    emend_curve_shares(&planned.categories, thresholds, mean, sd, below);
    for (size_t k = 0; k + 1 < K; k++)
      ck_assert_double_eq_tol(below[k] - (k > 0 ? below[k - 1] : 0), p[k], 1e-7);
    ck_assert_double_eq_tol(emend_decoder_spread(&decoder, mean, sd), sqrt(squares - mean * mean), 1e-6);
    double step = emend_decoder_step(&decoder, mean, sd);
    for (size_t k = 0; k < K; k++)
      if (numbers[k] == step)
        ck_assert_double_gt(p[k] + 1e-7, fmax(fmax(p[0], p[1]), fmax(p[2], p[3])));
  }
  decode_all(&decoder, cells, N, counts);
  for (size_t k = 0; k < K; k++)
    ck_assert_msg(fabs((double)counts[k] - expected[k]) <= 1, "%g: %zu, not %g", numbers[k], counts[k], expected[k]);
  emend_curve_shares(&planned.categories, thresholds, 7, 1, below);
  ck_assert_double_eq(below[K - 2], 0);
  free(cells);
  emend_decoder_free(&decoder);
}
END_TEST

SUITE {
  Suite *suite = suite_create("decoders");
  TCase *all = tcase_create("all");
  tcase_add_test(all, binary_shares);
  tcase_add_test(all, ordinal_shares);
  tcase_add_test(all, ordinal_mean);
  tcase_add_test(all, unknown_cells_move_none);
  tcase_add_test(all, small_grades_add_up);
  tcase_add_test(all, order_is_kept);
  tcase_add_test(all, whole_sums);
  tcase_add_test(all, scales_and_counts);
  tcase_add_test(all, most_probable_category);
  tcase_add_test(all, most_probable_step);
  tcase_add_test(all, mode_of_two_and_of_numbers);
  tcase_add_test(all, thresholds_give_the_shares);
  tcase_add_test(all, draws_have_the_cells_mean);
  tcase_add_test(all, codes_by_a_curve);
  suite_add_tcase(suite, all);
  return suite;
}
