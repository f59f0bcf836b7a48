/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/kernel.h"

#include <math.h>
#include <string.h>

#include "base/exp_log.h"
#include "base/lanes.h"

enum { L = EMEND_LANES, WIDTH = EMEND_MOST_COORDINATES_OF_CURVES };

/* What is smaller is no probability of an answer that was given. */
static const double LEAST = 1e-290;

/*
 * Mills' ratio Q(x) / phi(x) for x >= 0, within 2e-15 of it: (1 + x) of it is smooth in t = (x - 3.5) / (x + 3.5), which the positive
 * numbers become -1 to 1 by; the Chebyshev series of degree 22, written out in powers (its coefficients from 50 digits).
 */
EMEND_INLINE lanes mills_of(lanes x) {
  static const double even[] = {0x1.331608ac7ce87p+0,   0x1.02834110d598bp-9,  -0x1.36a49a846ff91p-4,  0x1.595e7b9aaa55fp-11,
                                0x1.83a8d3085cb08p-12,  -0x1.032924a5b2a4ep-14, 0x1.cf069d7c88f7bp-20,  0x1.aa521265cc7bep-19,
                                -0x1.9fe584e92dc8fp-20, 0x1.f11ae549cd628p-22, -0x1.841d9b5d0a158p-24, 0x1.31fe843b17edcp-27},
                      odd[] = {-0x1.f59d61c6bd3ddp-3,  0x1.86a3f53c2b5d3p-4,   0x1.aa4e9e4ac8048p-6,   -0x1.d4325a4ecb7d6p-9,
                               0x1.185b33b9cecbap-11,  -0x1.9ae044f064de4p-14, 0x1.467a295cdbe1ap-16,  -0x1.d835cb0586105p-19,
                               0x1.e857412880198p-22,  -0x1.4aa044fdcc70cp-26, -0x1.c50d14ea0095bp-29};
  lanes t = (x - 3.5) / (x + 3.5), square = t * t, e = lanes_all(even[11]), o = lanes_all(odd[10]);
  EMEND_UNROLL for (int i = 10; i >= 0; i--)
    e = e * square + even[i];
  EMEND_UNROLL for (int i = 9; i >= 0; i--)
    o = o * square + odd[i];
  return (e + t * o) / (1 + x);
}

EMEND_INLINE lanes choose(lane_bits mask, lanes a, lanes b) { return (lanes)(((lane_bits)a & mask) | ((lane_bits)b & ~mask)); }

/* phi(x), and Q(x). */
EMEND_INLINE lanes tail_of(lanes x, lanes *density) {
  const double scale = 0.39894228040143267794; /* 1 / sqrt(2 pi) */
  lane_bits positive = x > 0;
  lanes size = choose(positive, x, -x);
  *density = exp_of(-0.5 * size * size) * scale;
  lanes tail = *density * mills_of(size);
  return choose(positive, tail, 1 - tail);
}

/* Of some answers: the probability of their code, and the densities at its ends (0 where it has none) divided by that. */
typedef struct ends {
  lanes a, b, up, down, p;
} ends;

EMEND_INLINE ends ends_between(lanes a, lanes b) {
  lane_bits right = a + b > 0; /* the smaller tails tell the difference better */
  lanes near_density, far_density, near = choose(right, b, -a), far = choose(right, a, -b);
  lanes p = tail_of(near, &near_density) - tail_of(far, &far_density);
  return (ends){a, b, choose(right, far_density, near_density) / p, choose(right, near_density, far_density) / p, p};
}

/* sign 1: the code has only a lower end; -1: only an upper one. */
EMEND_INLINE ends ends_beyond(lanes end, double sign) {
  lanes density, p = tail_of(end * sign, &density), ratio = density / p, none = {0};
  return sign > 0 ? (ends){none, end, none, ratio, p} : (ends){end, none, ratio, none, p};
}

/* Sums over the answers of one code. */
typedef struct code_sums {
  lanes log_p, least, up, down, aa, bb, ab;
  lanes x[WIDTH], xa[WIDTH], xb[WIDTH], xx[WIDTH * (WIDTH + 1) / 2];
} code_sums;

EMEND_INLINE void sum_up(const size_t d, const size_t n, const double *x, const double *weight, ends e, const bool curves, code_sums *s) {
  lanes w = lanes_load(weight), up = w * e.up, down = w * e.down, pulls = up - down;
  s->least = choose(e.p >= s->least, s->least, e.p); /* NaN is the least */
  s->log_p -= w * log_of(1 / choose(e.p > LEAST, e.p, lanes_all(1)));
  s->up += up, s->down += down;
  EMEND_UNROLL for (size_t k = 0; k < d; k++)
    s->x[k] += pulls * lanes_load(x + k * n);
  if (!curves)
    return;
  lanes aa = up * (e.up + e.a), bb = down * (e.down - e.b), ab = -up * e.down, all = aa + bb + 2 * ab;
  s->aa += aa, s->bb += bb, s->ab += ab;
  size_t pair = 0;
  EMEND_UNROLL for (size_t k = 0; k < d; k++) {
    lanes own = lanes_load(x + k * n);
    s->xa[k] += own * (aa + ab), s->xb[k] += own * (bb + ab);
    EMEND_UNROLL for (size_t m = 0; m <= k; m++, pair++)
      s->xx[pair] += own * lanes_load(x + m * n) * all;
  }
}

/* The answers of a code with the ends that `which` tells of: 0 both, 1 only a lower, -1 only an upper one. */
EMEND_INLINE void take_answers(const emend_sorted_answers *a, size_t code, const size_t d, const int which, const double *parameters,
                               const bool curves, code_sums *s) {
  const double *slopes = parameters + a->n_codes - 1;
  double low = which >= 0 ? parameters[code - 1] : 0, high = which <= 0 ? parameters[code] : 0;
  for (size_t i = a->begin[code]; i < a->begin[code + 1]; i += L) {
    lanes eta = {0};
    EMEND_UNROLL for (size_t k = 0; k < d; k++)
      eta += slopes[k] * lanes_load(a->x + k * a->n + i);
    ends e = which == 0 ? ends_between(high - eta, low - eta) : which > 0 ? ends_beyond(low - eta, 1) : ends_beyond(high - eta, -1);
    sum_up(d, a->n, a->x + i, a->weight + i, e, curves, s);
  }
}

EMEND_INLINE void take_code_with(const emend_sorted_answers *a, size_t code, const size_t d, const double *parameters, bool curves,
                                 code_sums *s) {
#define EMEND_TAKE(WHICH) curves ? take_answers(a, code, d, WHICH, parameters, true, s) : take_answers(a, code, d, WHICH, parameters, false, s)
  if (code == 0)
    EMEND_TAKE(-1);
  else if (code + 1 == a->n_codes)
    EMEND_TAKE(1);
  else
    EMEND_TAKE(0);
#undef EMEND_TAKE
}

static void take_code(const emend_sorted_answers *a, size_t code, const double *parameters, bool curves, code_sums *s) {
  switch (a->n_coordinates) {
#ifndef EMEND_PLAIN
  case 1: take_code_with(a, code, 1, parameters, curves, s); break;
  case 2: take_code_with(a, code, 2, parameters, curves, s); break;
#endif
  default: take_code_with(a, code, a->n_coordinates, parameters, curves, s);
  }
}

static void put_gradient(const emend_sorted_answers *a, size_t code, const code_sums *s, double *gradient) {
  size_t slopes = a->n_codes - 1;
  if (code < slopes)
    gradient[code] += lanes_sum(s->up);
  if (code > 0)
    gradient[code - 1] -= lanes_sum(s->down);
  for (size_t k = 0; k < a->n_coordinates; k++)
    gradient[slopes + k] -= lanes_sum(s->x[k]);
}

static void put_curvature(const emend_sorted_answers *a, size_t code, const code_sums *s, double *curvature) {
  size_t slopes = a->n_codes - 1, order = slopes + a->n_coordinates, pair = 0;
  bool upper = code < slopes, lower = code > 0;
  if (upper)
    curvature[code * order + code] += lanes_sum(s->aa);
  if (lower)
    curvature[(code - 1) * order + code - 1] += lanes_sum(s->bb);
  if (upper && lower)
    curvature[code * order + code - 1] += lanes_sum(s->ab);
  for (size_t k = 0; k < a->n_coordinates; k++) {
    double *row = curvature + (slopes + k) * order;
    if (upper)
      row[code] -= lanes_sum(s->xa[k]);
    if (lower)
      row[code - 1] -= lanes_sum(s->xb[k]);
    for (size_t m = 0; m <= k; m++, pair++)
      row[slopes + m] += lanes_sum(s->xx[pair]);
  }
}

static double probit(const emend_sorted_answers *a, const double *parameters, double *gradient, double *curvature) {
  double sum = 0;
  bool possible = true; /* false for NaN */
  for (size_t code = 0; code < a->n_codes; code++) {
    code_sums s;
    memset(&s, 0, sizeof s);
    s.least = lanes_all(1);
    take_code(a, code, parameters, curvature != NULL, &s);
    put_gradient(a, code, &s, gradient);
    if (curvature)
      put_curvature(a, code, &s, curvature);
    sum += lanes_sum(s.log_p);
    for (size_t l = 0; l < L; l++)
      possible = possible && s.least[l] > LEAST;
  }
  return possible ? sum : -HUGE_VAL;
}

/* Some answers of one level at work. All lie at multiples of BATCH. */
enum { BATCH = EMEND_LOGIT_BATCHES * EMEND_ANSWERS_TOGETHER };

typedef struct logit_work {
  const emend_sorted_answers *answers;
  size_t first, n, own; /* n: a multiple of EMEND_ANSWERS_TOGETHER; own: their level */
  double *p;            /* n_codes x BATCH: weighted probabilities */
  double *products;     /* of the coordinates and 1, each pair once, x BATCH */
  double *gradient;     /* n_codes - 1 x width, x L */
  double *blocks;       /* pairs of levels x products, x L */
  lanes log_p;
} logit_work;

static const double *coordinate(const logit_work *w, size_t k) { return w->answers->x + k * w->answers->n + w->first; }

static void share_out(logit_work *w, const double *coefficients) {
  size_t n = w->answers->n_codes, d = w->answers->n_coordinates;
  for (size_t i = 0; i < w->n; i += L) {
    lanes most = {0}, sum, own = {0}, weight = lanes_load(w->answers->weight + w->first + i);
    for (size_t l = 1; l < n; l++) {
      const double *c = coefficients + (l - 1) * (d + 1);
      lanes eta = lanes_all(c[d]);
      for (size_t k = 0; k < d; k++)
        eta += c[k] * lanes_load(coordinate(w, k) + i);
      lanes_store(w->p + l * BATCH + i, eta);
      most = larger_of(eta, most);
      own = l == w->own ? eta : own;
    }
    sum = exp_of(-most);
    lanes_store(w->p + i, sum);
    for (size_t l = 1; l < n; l++) {
      lanes share = exp_of(lanes_load(w->p + l * BATCH + i) - most);
      sum += share;
      lanes_store(w->p + l * BATCH + i, share);
    }
    w->log_p += weight * (own - most - log_of(sum));
    lanes scale = 1 / sum;
    for (size_t l = 0; l < n; l++)
      lanes_store(w->p + l * BATCH + i, scale * lanes_load(w->p + l * BATCH + i));
  }
}

static void sum_gradient(logit_work *w) {
  size_t n = w->answers->n_codes, d = w->answers->n_coordinates;
  const double *weight = w->answers->weight + w->first;
  for (size_t l = 1; l < n; l++) {
    double *sums = w->gradient + (l - 1) * (d + 1) * L;
    for (size_t i = 0; i < w->n; i += L) {
      lanes pull = lanes_load(weight + i) * ((l == w->own ? 1.0 : 0.0) - lanes_load(w->p + l * BATCH + i));
      for (size_t k = 0; k < d; k++)
        lanes_store(sums + k * L, lanes_load(sums + k * L) + pull * lanes_load(coordinate(w, k) + i));
      lanes_store(sums + d * L, lanes_load(sums + d * L) + pull);
    }
  }
}

static void multiply(logit_work *w) {
  size_t d = w->answers->n_coordinates, pair = 0;
  for (size_t j = 0; j <= d; j++)
    for (size_t k = 0; k <= j; k++, pair++)
      for (size_t i = 0; i < w->n; i += L) {
        lanes a = j < d ? lanes_load(coordinate(w, j) + i) : lanes_all(1), b = k < d ? lanes_load(coordinate(w, k) + i) : lanes_all(1);
        lanes_store(w->products + pair * BATCH + i, a * b);
      }
}

static void sum_blocks(logit_work *w) {
  size_t n = w->answers->n_codes, d = w->answers->n_coordinates, n_products = (d + 1) * (d + 2) / 2;
  const double *weight = w->answers->weight + w->first;
  double *block = w->blocks, share[BATCH];
  for (size_t l = 1; l < n; l++)
    for (size_t m = 1; m <= l; m++, block += n_products * L) {
      for (size_t i = 0; i < w->n; i += L)
        lanes_store(share + i, lanes_load(weight + i) * lanes_load(w->p + l * BATCH + i) *
                                   ((l == m ? 1.0 : 0.0) - lanes_load(w->p + m * BATCH + i)));
      for (size_t pair = 0; pair < n_products; pair++) {
        lanes sum = lanes_load(block + pair * L);
        for (size_t i = 0; i < w->n; i += L)
          sum += lanes_load(share + i) * lanes_load(w->products + pair * BATCH + i);
        lanes_store(block + pair * L, sum);
      }
    }
}

static void put_sums(const logit_work *w, double *gradient, double *curvature) {
  size_t n = w->answers->n_codes, width = w->answers->n_coordinates + 1, order = (n - 1) * width;
  const double *block = w->blocks;
  for (size_t i = 0; i < order; i++)
    gradient[i] += lanes_sum(lanes_load(w->gradient + i * L));
  for (size_t l = 1; l < n && curvature; l++)
    for (size_t m = 1; m <= l; m++)
      for (size_t j = 0; j < width; j++)
        for (size_t k = 0; k <= j; k++, block += L) {
          double sum = lanes_sum(lanes_load(block)), *corner = curvature + (l - 1) * width * order + (m - 1) * width;
          corner[j * order + k] += sum;
          if (k < j)
            corner[k * order + j] += sum;
        }
}

static double logit(const emend_sorted_answers *a, const double *coefficients, double *gradient, double *curvature, double *room) {
  size_t n = a->n_codes, d = a->n_coordinates, n_products = (d + 1) * (d + 2) / 2;
  logit_work w = {.answers = a, .p = room, .products = room + n * BATCH};
  w.gradient = w.products + n_products * BATCH, w.blocks = w.gradient + n * (d + 1) * EMEND_ANSWERS_TOGETHER;
  memset(w.gradient, 0, n * (d + 1) * L * sizeof *w.gradient);
  if (curvature)
    memset(w.blocks, 0, n * (n - 1) / 2 * n_products * L * sizeof *w.blocks);
  for (w.own = 0; w.own < n; w.own++)
    for (w.first = a->begin[w.own]; w.first < a->begin[w.own + 1]; w.first += w.n) {
      size_t left = a->begin[w.own + 1] - w.first;
      w.n = left < BATCH ? left : BATCH;
      share_out(&w, coefficients);
      sum_gradient(&w);
      if (curvature)
        multiply(&w), sum_blocks(&w);
    }
  put_sums(&w, gradient, curvature);
  double sum = lanes_sum(w.log_p), none = 0;
  for (size_t i = 0; i < (n - 1) * (d + 1); i++)
    none += coefficients[i] * 0;
  return isnan(none) ? -HUGE_VAL : sum;
}

static double product(size_t p, const double *a, const double *b) {
  lanes sums[4] = {{0}, {0}, {0}, {0}};
  size_t j = 0;
  for (; j + 4 * L <= p; j += 4 * L)
    EMEND_UNROLL for (size_t k = 0; k < 4; k++)
      sums[k] += lanes_load(a + j + k * L) * lanes_load(b + j + k * L);
  for (; j + L <= p; j += L)
    sums[0] += lanes_load(a + j) * lanes_load(b + j);
  double sum = lanes_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
  for (; j < p; j++)
    sum += a[j] * b[j];
  return sum;
}

static void predict(size_t n, size_t p, const double *vectors, const double *z, double *x) {
  for (size_t k = 0; k < n; k++)
    x[k] = product(p, vectors + k * p, z);
}

static void add(size_t p, double factor, const double *z, double *sums) {
  size_t j = 0;
  for (; j + L <= p; j += L)
    lanes_store(sums + j, lanes_load(sums + j) + factor * lanes_load(z + j));
  for (; j < p; j++)
    sums[j] += factor * z[j];
}

static void mills(size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i += L)
    lanes_store(y + i, mills_of(lanes_load(x + i)));
}

const emend_curve_kernels EMEND_PASTE(emend_curve_kernels_, EMEND_LEVEL) = {probit, logit, predict, add, mills};
