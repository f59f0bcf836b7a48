/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/standard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/inside.h"
#include "pattern/scan.h"

void emend_standard_free(emend_standard *s) {
  free(s->active), free(s->center), free(s->inverse_sd), free(s->sd), free(s->correlation), free(s->precision);
  *s = (emend_standard){0};
}

static emend_status allocate(emend_standard *s, emend_error *error) {
  size_t padded = s->p * s->stride;
  s->active = emend_allocate(s->p, sizeof *s->active);
  s->center = emend_allocate_aligned(s->stride, sizeof(double));
  s->inverse_sd = emend_allocate_aligned(s->stride, sizeof(double));
  s->sd = emend_allocate_aligned(s->stride, sizeof(double));
  s->correlation = emend_allocate_aligned(padded, sizeof(double));
  s->precision = emend_allocate_aligned(padded, sizeof(double));
  bool ok = s->active && s->center && s->inverse_sd && s->sd && s->correlation && s->precision;
  return ok ? EMEND_OK : emend_fail_memory(error);
}

static void standardise(emend_standard *s, const emend_normal *normal) {
  size_t p = s->p;
  for (size_t j = 0; j < p; j++) {
    double variance = normal->covariance[j * p + j];
    s->active[j] = normal->state[j] == EMEND_COLUMN_ORDINARY && variance > 0;
    s->center[j] = s->active[j] ? normal->mean[j] : 0;
    s->sd[j] = s->active[j] ? sqrt(variance) : 1;
    s->inverse_sd[j] = s->active[j] ? 1 / s->sd[j] : 0;
  }
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      s->correlation[j * s->stride + k] =
          j == k ? 1 : s->active[j] && s->active[k] ? normal->covariance[j * p + k] * s->inverse_sd[j] * s->inverse_sd[k] : 0;
}

static emend_status invert(emend_standard *s, emend_error *error) {
  size_t p = s->p;
  double *square = emend_allocate(p, 2 * (p ? p : 1) * sizeof *square), log_determinant, smallest;
  if (!square)
    return emend_fail_memory(error);
  double *inverse = square + p * p;
  bool done = false;
  for (double ridge = 0; ridge < 1e-3 && !done; ridge = ridge > 0 ? 10 * ridge : 1e-12) {
    for (size_t j = 0; j < p; j++) {
      memcpy(square + j * p, s->correlation + j * s->stride, p * sizeof *square);
      square[j * p + j] = s->correlation[j * s->stride + j] = 1 + ridge;
    }
    done = emend_normal_invert(p, square, inverse, &log_determinant, &smallest) && smallest > 1e-13;
  }
  for (size_t j = 0; j < p && done; j++)
    memcpy(s->precision + j * s->stride, inverse + j * p, p * sizeof *inverse);
  free(square);
  return done ? EMEND_OK : emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the model's covariance matrix is not positive definite");
}

emend_status emend_standard_new(const emend_normal *normal, emend_standard *s, emend_error *error) {
  *s = (emend_standard){.p = normal->n_columns, .stride = emend_row_stride(normal->n_columns)};
  emend_status status = allocate(s, error);
  if (!status) {
    standardise(s, normal);
    status = invert(s, error);
  }
  if (status)
    emend_standard_free(s);
  return status;
}
