/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/left_out.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/memory.h"
#include "normal/inside.h"

/* A block at work: its columns that vary, b of them. */
typedef struct block {
  const emend_standard *standard;
  size_t b;
  size_t *columns;
  double *factor;     /* b x b: L of K_BB = LL', by columns, its upper triangle 0 */
  double *directions; /* b x b: of the covariance of the predictions L'm, by columns, as many of them ascend as `shares` */
  double *shares;     /* their variances in units of the residual one: r^2 / (1 - r^2) of a squared correlation r^2 */
  double *work;       /* b x b */
} block;

static void block_free(block *k) { free(k->columns), free(k->factor), free(k->directions), free(k->shares), free(k->work); }

static emend_status block_new(block *k, size_t first, size_t n, emend_error *error) {
  size_t square = n * n;
  k->columns = emend_allocate(n, sizeof *k->columns);
  k->factor = emend_allocate(square, sizeof *k->factor);
  k->directions = emend_allocate(square, sizeof *k->directions);
  k->shares = emend_allocate(n, sizeof *k->shares);
  k->work = emend_allocate(square + 3 * n, sizeof *k->work);
  if (!k->columns || !k->factor || !k->directions || !k->shares || !k->work)
    return emend_fail_memory(error);
  for (size_t j = first; j < first + n; j++)
    if (k->standard->active[j])
      k->columns[k->b++] = j;
  return EMEND_OK;
}

/* L of K_BB. */
static bool factorise(block *k) {
  size_t b = k->b;
  for (size_t i = 0; i < b; i++)
    for (size_t j = 0; j < b; j++)
      k->factor[j * b + i] = k->standard->precision[k->columns[i] * k->standard->stride + k->columns[j]];
  if (!emend_blas_factorise(b, k->factor))
    return false;
  for (size_t j = 0; j < b; j++)
    for (size_t i = 0; i < j; i++)
      k->factor[j * b + i] = 0;
  return true;
}

/* L' S_BB L - I: the covariance of L'm, as S_BB = cov(m) + inverse(K_BB); its eigenvectors and values. */
static bool find_directions(block *k) {
  size_t b = k->b;
  const double *l = k->factor;
  for (size_t i = 0; i < b; i++)
    for (size_t j = 0; j < b; j++) {
      double x = 0; /* of S_BB L */
      for (size_t a = j; a < b; a++)
        x += k->standard->correlation[k->columns[i] * k->standard->stride + k->columns[a]] * l[j * b + a];
      k->work[j * b + i] = x;
    }
  for (size_t i = 0; i < b; i++)
    for (size_t j = 0; j < b; j++) {
      double x = i == j ? -1 : 0;
      for (size_t a = i; a < b; a++)
        x += l[i * b + a] * k->work[j * b + a];
      k->directions[j * b + i] = x;
    }
  return emend_blas_eigen(b, k->directions, k->shares, k->work);
}

/* The weights of v'L'm = -v' inverse(L) K_BR x_R, scaled: of one column those of its expectation. */
static void weigh(block *k, const double *v, double scale, double *weights) {
  size_t b = k->b, p = k->standard->p;
  double *u = k->work; /* inverse(L') v */
  for (size_t i = b; i-- > 0;) {
    u[i] = v[i];
    for (size_t a = i + 1; a < b; a++)
      u[i] -= k->factor[i * b + a] * u[a];
    u[i] /= k->factor[i * b + i];
  }
  for (size_t i = 0; i < b; i++)
    for (size_t j = 0; j < p; j++)
      weights[j] -= scale * u[i] * k->standard->precision[k->columns[i] * k->standard->stride + j];
  for (size_t i = 0; i < b; i++)
    weights[k->columns[i]] = 0;
}

/* The scale of a block of one column is that of its expectation. */
static double scale_of(const block *k) {
  double most = 0;
  for (size_t i = 0; i < k->b; i++)
    most = fmax(most, k->standard->precision[k->columns[i] * (k->standard->stride + 1)]);
  return 1 / sqrt(most);
}

static emend_status find_weights(block *k, size_t most, emend_left_out *left_out, emend_error *error) {
  static const double HARDLY = 1e-4; /* a correlation of 0.01 */
  size_t b = k->b;
  if (b == 0)
    return EMEND_OK;
  if (!factorise(k) || !find_directions(k))
    return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the model's covariance matrix is not positive definite");
  left_out->n = 1;
  while (left_out->n < most && left_out->n < b && k->shares[b - 1 - left_out->n] > HARDLY)
    left_out->n++;
  left_out->weights = emend_allocate(left_out->n * k->standard->p, sizeof *left_out->weights);
  if (!left_out->weights)
    return emend_fail_memory(error);
  double scale = scale_of(k);
  left_out->residual = scale * scale;
  for (size_t i = 0; i < left_out->n; i++)
    weigh(k, k->directions + (b - 1 - i) * b, scale, left_out->weights + i * k->standard->p);
  return EMEND_OK;
}

emend_status emend_left_out_new(const emend_standard *standard, size_t first, size_t n_columns, size_t most, emend_left_out *left_out,
                                emend_error *error) {
  block k = {.standard = standard};
  *left_out = (emend_left_out){0};
  emend_status status = block_new(&k, first, n_columns, error);
  if (!status)
    status = find_weights(&k, most, left_out, error);
  block_free(&k);
  return status;
}

/* K_RR g - K_RB inverse(K_BB) K_BR g, of g that is 0 in B. */
static void regress(block *k, double *g) {
  size_t b = k->b, p = k->standard->p, stride = k->standard->stride;
  double *y = k->work;
  for (size_t i = 0; i < b; i++) {
    y[i] = 0;
    for (size_t j = 0; j < p; j++)
      y[i] += k->standard->precision[k->columns[i] * stride + j] * g[j];
  }
  for (size_t i = 0; i < b; i++) {
    for (size_t a = 0; a < i; a++)
      y[i] -= k->factor[a * b + i] * y[a];
    y[i] /= k->factor[i * b + i];
  }
  for (size_t i = b; i-- > 0;) {
    for (size_t a = i + 1; a < b; a++)
      y[i] -= k->factor[i * b + a] * y[a];
    y[i] /= k->factor[i * b + i];
  }
  for (size_t i = 0; i < b; i++)
    g[k->columns[i]] = -y[i];
}

emend_status emend_left_out_regress(const emend_standard *standard, size_t first, size_t n_columns, double *g, emend_error *error) {
  block k = {.standard = standard};
  size_t p = standard->p;
  double *from = emend_allocate(p, sizeof *from);
  emend_status status = from ? block_new(&k, first, n_columns, error) : emend_fail_memory(error);
  if (!status && !factorise(&k))
    status = emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the model's covariance matrix is not positive definite");
  for (size_t j = 0; j < p && !status; j++)
    from[j] = standard->active[j] && (j < first || j >= first + n_columns) ? g[j] : 0;
  if (!status)
    regress(&k, from);
  for (size_t i = 0; i < p && !status; i++) {
    g[i] = 0;
    for (size_t j = 0; j < p && standard->active[i] && (i < first || i >= first + n_columns); j++)
      g[i] += standard->precision[i * standard->stride + j] * from[j];
  }
  block_free(&k), free(from);
  return status;
}

void emend_left_out_free(emend_left_out *left_out) {
  free(left_out->weights);
  *left_out = (emend_left_out){0};
}
