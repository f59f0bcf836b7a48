/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "normal/inside.h"

/* What is left of the correlations when the pivots have run out. */
static const double LAST_PIVOT = 1e-10, NOTHING = 1e-8;

/* The matrix in units where every diagonal entry is 1; false if an entry exceeds what its diagonal allows. */
static bool to_correlations(size_t p, const double *matrix, double *r, size_t *culprit) {
  for (size_t i = 0; i < p; i++) {
    *culprit = i;
    if (!(matrix[i * p + i] >= 0))
      return false;
    for (size_t j = 0; j < p; j++) {
      double unit = sqrt(matrix[i * p + i]) * sqrt(fmax(matrix[j * p + j], 0)), x = matrix[i * p + j];
      if (!(fabs(x) <= unit * (1 + 1e-9)))
        return false;
      r[i * p + j] = unit > 0 ? x / unit : 0;
    }
  }
  return true;
}

/* Largest pivot first, so that what remains at the end is the part that a semi-definite matrix lacks. */
static void eliminate(size_t p, double *r, bool *done) {
  for (;;) {
    size_t k = p;
    for (size_t i = 0; i < p; i++)
      if (!done[i] && (k == p || r[i * p + i] > r[k * p + k]))
        k = i;
    if (k == p || r[k * p + k] < LAST_PIVOT)
      return;
    done[k] = true;
    for (size_t i = 0; i < p; i++)
      for (size_t j = 0; j < p && !done[i]; j++)
        if (!done[j])
          r[i * p + j] -= r[i * p + k] * r[k * p + j] / r[k * p + k];
  }
}

emend_status emend_normal_check_semidefinite(size_t p, const double *matrix, bool *semidefinite, size_t *culprit, emend_error *error) {
  double *r = emend_allocate(p, (p ? p : 1) * sizeof *r);
  bool *done = emend_allocate(p, sizeof *done);
  emend_status status = r && done ? EMEND_OK : emend_fail_memory(error);
  *culprit = 0;
  *semidefinite = !status && to_correlations(p, matrix, r, culprit);
  if (*semidefinite)
    eliminate(p, r, done);
  for (size_t i = 0; i < p && *semidefinite; i++)
    for (size_t j = 0; j < p && !done[i]; j++)
      if (!done[j] && !(fabs(r[i * p + j]) < NOTHING)) {
        *semidefinite = false;
        *culprit = i;
      }
  free(r), free(done);
  return status;
}
