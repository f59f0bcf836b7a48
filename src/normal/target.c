/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "normal/inside.h"

/*
 * Towards what a ridge shrinks where rows are few. A ridge towards uncorrelated columns takes as much from relations that the data show
 * clearly (body mass from weight and height) as from those that are chance; and questions of many categories make most columns chance. Here
 * every column keeps the share a of its relations that would be left of its R2 given all others if chance were taken off: the correlation of
 * two columns becomes sqrt(a b) times what it was (docs/methods.md section 5).
 */

/* Of a column's variance, at least, nothing to do with the others: a target of full rank. */
static const double APART = 0.01;

/* An answer under Lambda = diag, with S / W = (covariance - diag / (W + nu)) (W + nu) / W. */
typedef struct answer {
  size_t p;
  const bool *active;
  const double *covariance, *inverse;
  double *ridge; /* of each column, Lambda / (W + nu) */
  double factor; /* (W + nu) / W */
  double chance; /* degrees of freedom that the regression of one column on all others takes, the mean's included */
} answer;

/* The trace of (I - H)^2 counts what is left of the rows: a direction with variance v keeps (ridge / v)^2. */
static void count_chance(answer *a) {
  a->chance = 1;
  for (size_t j = 0; j < a->p; j++)
    for (size_t k = 0; k < a->p && a->active[j]; k++)
      if (a->active[k])
        a->chance += (j == k) - a->ridge[j] * a->ridge[k] * a->inverse[j * a->p + k] * a->inverse[j * a->p + k];
}

/* Without the ridge; not above 0 only by rounding, or where EM is far from its answer. */
static double variance_of(const answer *a, size_t j) { return (a->covariance[j * a->p + j] - a->ridge[j]) * a->factor; }

/* Of column j's variance: what the ridge regression on all others leaves unexplained. */
static double left_over(const answer *a, size_t j) {
  const double *row = a->inverse + j * a->p;
  double taken = 0, variance = variance_of(a, j);
  for (size_t k = 0; k < a->p; k++)
    taken += a->ridge[k] * row[k] * row[k];
  return variance > 0 ? (row[j] - taken) / (row[j] * row[j]) * a->factor / variance : 1;
}

/* The share of a column's R2 that is not chance; `rows` have the column. */
static double share_of(const answer *a, size_t j, double rows, double observed) {
  /* Of the rows that have the column; where the columns are nearly as many as these, at least as of all rows. */
  double left = left_over(a, j), free_share = fmax(1 - a->chance / (rows * observed), (1 - a->chance / rows) * observed);
  if (!(left < 1) || !(free_share > 0))
    return 0;
  return fmin(1, fmax(0, (1 - left / free_share) / (1 - left)));
}

static void fill(const answer *a, const double *root, double apart, double *target) {
  size_t p = a->p;
  for (size_t j = 0; j < p; j++) {
    double variance = variance_of(a, j);
    target[j * p + j] = !a->active[j] ? 0 : variance > 0 ? variance : a->covariance[j * p + j];
    for (size_t k = 0; k < j; k++)
      target[j * p + k] = target[k * p + j] = (1 - apart) * root[j] * root[k] * a->covariance[j * p + k] * a->factor;
  }
}

/* `square` is scratch. */
static bool is_definite(const answer *a, const double *target, double *square) {
  memcpy(square, target, a->p * a->p * sizeof *square);
  for (size_t j = 0; j < a->p; j++)
    square[j * a->p + j] += !a->active[j];
  return emend_blas_factorise(a->p, square);
}

static void find(answer *a, const emend_normal_problem *q, double rows, double *root, double *square, double *target) {
  count_chance(a);
  for (size_t j = 0; j < a->p; j++) {
    double observed = fmin(1, q->reduced->column_weight[j] * q->weight_factor / q->weight);
    root[j] = a->active[j] ? sqrt(share_of(a, j, rows, observed)) : 0;
  }
  for (double apart = APART; apart <= 1; apart *= 2) {
    fill(a, root, 2 * apart > 1 ? 1 : apart, target);
    if (is_definite(a, target, square))
      break;
  }
}

emend_status emend_normal_find_target(const emend_normal_problem *q, double rows, double *target, emend_error *error) {
  size_t p = q->p;
  double total = q->weight + q->prior.nu, log_determinant, smallest;
  double *room = emend_allocate(2 * (p + 1), (p + 1) * sizeof *room);
  if (!room)
    return emend_fail_memory(error);
  double *inverse = room, *square = room + p * p, *ridge = square + p * p;
  answer a = {.p = p, .active = q->active, .covariance = q->covariance, .inverse = inverse, .ridge = ridge, .factor = total / q->weight};
  for (size_t j = 0; j < p; j++)
    ridge[j] = q->active[j] ? q->prior.lambda[j * p + j] / total : 0;
  memcpy(square, q->covariance, p * p * sizeof *square);
  bool done = emend_normal_invert(p, square, inverse, &log_determinant, &smallest);
  if (done)
    find(&a, q, rows, ridge + p, square, target);
  free(room);
  return done ? EMEND_OK : emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the covariance matrix became singular");
}
