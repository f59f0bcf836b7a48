/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "emend/normal.h"
#include "normal/complete.h"
#include "pattern/plain.h"
#include "support/support.h"

/* What is predicted for an observed answer is what completion puts there once it is hidden: the definition. */

enum { N = 400, P = 9 };

static double data[N * P];

static void make(double share) {
  for (size_t i = 0; i < N; i++) {
    double f = emend_random_normal(8, EMEND_STREAM_TEST, i, 50), g = emend_random_normal(8, EMEND_STREAM_TEST, i, 51);
    for (size_t j = 0; j < P; j++) {
      data[i * P + j] = 100 * (double)j + (1 + (double)j) * (f + (j % 2 ? g : -g) + 0.8 * emend_random_normal(8, EMEND_STREAM_TEST, i, j));
      size_t unit = j == 4 ? 3 : j; /* columns 3 and 4 are missing together */
      if (emend_random_uniform(8, EMEND_STREAM_TEST, i, 100 + unit) < share)
        data[i * P + j] = NAN;
    }
  }
}

static const emend_column_block blocks[] = {{0, 1}, {3, 2}, {8, 1}};
static double predicted[N][3][2];
static bool seen[N][3];

static void keep(const void *state, size_t row, size_t block, const double *means) {
  (void)state;
  ck_assert(!seen[row][block]);
  seen[row][block] = true;
  memcpy(predicted[row][block], means, blocks[block].n * sizeof *means);
}

static void check_share(double share) {
  emend_normal *fit;
  make(share);
  memset(seen, 0, sizeof seen);
  ck_assert_int_eq(emend_normal_fit(data, N, P, P, NULL, NULL, NULL, &fit, NULL), EMEND_OK);
  emend_plain plain = {.values = data, .row_stride = P, .n_columns = P};
  emend_matrix matrix;
  ck_assert_int_eq(emend_plain_matrix(&plain, N, NULL, &matrix, NULL), EMEND_OK);
  emend_completed *completed;
  emend_completion_wish wish = {.predict = keep, .blocks = blocks, .n_blocks = 3};
  ck_assert_int_eq(emend_normal_complete_matrix(fit, &matrix, &wish, 2, NULL, &completed, NULL), EMEND_OK);
  for (size_t i = 0; i < N; i++)
    for (size_t b = 0; b < 3; b++) {
      double row[P];
      memcpy(row, data + i * P, sizeof row);
      ck_assert_int_eq(seen[i][b], !isnan(row[blocks[b].first]));
      for (size_t k = 0; k < blocks[b].n && seen[i][b]; k++)
        row[blocks[b].first + k] = NAN;
      ck_assert_int_eq(emend_normal_complete(fit, row, 1, P, NULL), EMEND_OK);
      for (size_t k = 0; k < blocks[b].n && seen[i][b]; k++)
        ck_assert_msg(fabs(predicted[i][b][k] - row[blocks[b].first + k]) < 1e-7 * (1 + fabs(row[blocks[b].first + k])), "row %zu block %zu: %.12g for %.12g", i, b,
                      predicted[i][b][k], row[blocks[b].first + k]);
    }
  emend_completed_free(completed);
  emend_normal_free(fit);
}

START_TEST(few_holes) { check_share(0.15); }
END_TEST
START_TEST(many_holes) { check_share(0.6); }
END_TEST
START_TEST(no_holes) { check_share(0); }
END_TEST

int main(void) {
  Suite *suite = suite_create("left out");
  TCase *all = tcase_create("all");
  tcase_add_test(all, few_holes);
  tcase_add_test(all, many_holes);
  tcase_add_test(all, no_holes);
  suite_add_tcase(suite, all);
  return support_run(suite);
}
