/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/inside.h"

void emend_normal_dependences_free(emend_normal_dependence *list, size_t count) {
  for (size_t i = 0; list && i < count; i++)
    free(list[i].others);
  free(list);
}

/* A pivoted Cholesky factorisation of the correlations of the active columns: row i of `factor` belongs to active column order[i]. */
typedef struct pivoted {
  double threshold, coefficient;
  size_t n, rank;
  uint32_t *order;
  double *factor;
} pivoted;

static void swap_columns(pivoted *f, size_t a, size_t b) {
  uint32_t column = f->order[a];
  f->order[a] = f->order[b];
  f->order[b] = column;
  for (size_t k = 0; k < a; k++) {
    double x = f->factor[a * f->n + k];
    f->factor[a * f->n + k] = f->factor[b * f->n + k];
    f->factor[b * f->n + k] = x;
  }
}

static double correlation(size_t p, const double *covariance, size_t j, size_t k) {
  return j == k ? 1 : covariance[j * p + k] / sqrt(covariance[j * p + j] * covariance[k * p + k]);
}

/* Largest pivot first; stops where what is left of every column is below the threshold. */
static void factorise(pivoted *f, size_t p, const double *covariance) {
  for (f->rank = 0; f->rank < f->n; f->rank++) {
    size_t r = f->rank, best = r;
    double largest = -1;
    for (size_t i = r; i < f->n; i++) {
      double rest = 1;
      for (size_t k = 0; k < r; k++)
        rest -= f->factor[i * f->n + k] * f->factor[i * f->n + k];
      if (rest > largest)
        largest = rest, best = i;
    }
    if (largest < f->threshold)
      return;
    swap_columns(f, r, best);
    double root = sqrt(largest);
    f->factor[r * f->n + r] = root;
    for (size_t i = r + 1; i < f->n; i++) {
      double x = correlation(p, covariance, f->order[i], f->order[r]);
      for (size_t k = 0; k < r; k++)
        x -= f->factor[i * f->n + k] * f->factor[r * f->n + k];
      f->factor[i * f->n + r] = x / root;
    }
  }
}

/* Regresses a left-over column on the kept ones: solves L' b = its row of the factor; large coefficients name the partners. */
static emend_status name_partners(const pivoted *f, size_t row, emend_normal_dependence *found, emend_error *error) {
  double *b = emend_allocate(f->rank, sizeof *b);
  found->others = emend_allocate(f->rank, sizeof *found->others);
  found->column = f->order[row];
  if (!b || !found->others) {
    free(b);
    return emend_fail_memory(error);
  }
  for (size_t k = f->rank; k-- > 0;) {
    double x = f->factor[row * f->n + k];
    for (size_t i = k + 1; i < f->rank; i++)
      x -= f->factor[i * f->n + k] * b[i];
    b[k] = x / f->factor[k * f->n + k];
  }
  for (size_t k = 0; k < f->rank; k++) {
    size_t at = found->n_others;
    if (!(fabs(b[k]) > f->coefficient))
      continue;
    for (; at > 0 && found->others[at - 1] > f->order[k]; at--) /* in the order of the columns, so that the same is told alike again */
      found->others[at] = found->others[at - 1];
    found->others[at] = f->order[k], found->n_others++;
  }
  free(b);
  return EMEND_OK;
}

emend_status emend_normal_find_dependences(size_t p, const double *covariance, const bool *active, double threshold, double coefficient,
                                           emend_normal_dependence **list, size_t *count, emend_error *error) {
  *list = NULL;
  *count = 0;
  pivoted f = {.threshold = threshold,
               .coefficient = coefficient,
               .order = emend_allocate(p, sizeof *f.order),
               .factor = emend_allocate(p * p, sizeof(double))};
  emend_status status = f.order && f.factor ? EMEND_OK : emend_fail_memory(error);
  for (size_t j = 0; j < p && !status; j++)
    if (active[j] && covariance[j * p + j] > 0 && isfinite(covariance[j * p + j]))
      f.order[f.n++] = (uint32_t)j;
  if (!status) {
    factorise(&f, p, covariance);
    *list = emend_allocate(f.n - f.rank, sizeof **list);
    status = *list ? EMEND_OK : emend_fail_memory(error);
  }
  for (size_t i = f.rank; i < f.n && !status; i++)
    status = name_partners(&f, i, &(*list)[(*count)++], error);
  free(f.order), free(f.factor);
  if (status) {
    emend_normal_dependences_free(*list, *count);
    *list = NULL;
    *count = 0;
  }
  return status;
}
