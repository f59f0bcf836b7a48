/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several threads may call BLAS and LAPACK, whether the library that is linked expects that or not. */
#include <check.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "support/support.h"

enum { ORDER = 70, CALLS = 6000, CALLERS = 3 };

typedef double square[ORDER][ORDER];

static void invert(square a) {
  for (size_t i = 0; i < ORDER; i++)
    for (size_t j = 0; j < ORDER; j++)
      a[i][j] = pow(0.7, fabs((double)i - (double)j));
  if (!emend_blas_factorise(ORDER, a[0]) || !emend_blas_invert_factor(ORDER, a[0]))
    a[0][0] = NAN;
}

typedef struct caller {
  pthread_t thread;
  const square *wanted;
  size_t different;
  square own;
} caller;

static void *call(void *context) {
  caller *c = context;
  for (size_t i = 0; i < CALLS; i++) {
    invert(c->own);
    c->different += memcmp(c->own, *c->wanted, sizeof c->own) != 0;
  }
  return NULL;
}

START_TEST(callers_do_not_disturb_each_other) {
  square wanted;
  caller *callers = calloc(CALLERS, sizeof *callers);
  ck_assert_int_eq(emend_blas_begin(NULL), EMEND_OK);
  invert(wanted);
  ck_assert_double_eq_tol(wanted[0][0], 1 / (1 - 0.49), 1e-12);
  for (size_t i = 0; i < CALLERS; i++) {
    callers[i].wanted = (const square *)&wanted;
    ck_assert_int_eq(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
  }
  for (size_t i = 0; i < CALLERS; i++)
    pthread_join(callers[i].thread, NULL);
  for (size_t i = 0; i < CALLERS; i++)
    ck_assert_uint_eq(callers[i].different, 0);
  emend_blas_end();
  free(callers);
}
END_TEST

/* s a s and a a' against sums written out. */
START_TEST(products_are_those_written_out) {
  enum { N = 5 };
  double s[N * N], a[N * N], kept[N * N], square_of[N * N], product[N * N], work[N * N];
  for (size_t j = 0; j < N; j++)
    for (size_t i = 0; i < N; i++) {
      s[j * N + i] = i >= j ? 1.0 / (double)(1 + i + 2 * j) : NAN; /* the lower triangle is read alone */
      kept[j * N + i] = a[j * N + i] = (double)((3 * i + 7 * j) % 11) - 4;
    }
  emend_blas_square(N, a, square_of);
  emend_blas_multiply(N, a, a, product);
  emend_blas_sandwich(N, s, a, work);
  for (size_t i = 0; i < N; i++)
    for (size_t j = 0; j < N; j++) {
      double outer = 0, inner = 0, between = 0;
      for (size_t k = 0; k < N; k++) {
        outer += kept[k * N + i] * kept[k * N + j];
        inner += kept[k * N + i] * kept[j * N + k];
        for (size_t l = 0; l < N; l++)
          between += s[i > k ? k * N + i : i * N + k] * kept[l * N + k] * s[j > l ? l * N + j : j * N + l];
      }
      ck_assert(i < j || fabs(square_of[j * N + i] - outer) < 1e-12);
      ck_assert_double_eq_tol(product[j * N + i], inner, 1e-12);
      ck_assert_double_eq_tol(a[j * N + i], between, 1e-12);
    }
}
END_TEST

SUITE {
  Suite *suite = suite_create("blas");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, callers_do_not_disturb_each_other);
  tcase_add_test(tests, products_are_those_written_out);
  suite_add_tcase(suite, tests);
  return suite;
}
