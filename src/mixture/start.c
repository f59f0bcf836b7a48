/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mixture/start.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/memory.h"
#include "base/random.h"

/* What a value weighs in the key of its row. Rounded, so that it does not depend on the last bits of the standardisation; summed over
 * columns, so that it does not depend on their order. */
static uint64_t mix(double value) {
  return emend_bits_mix((uint64_t)(int64_t)rint(fmax(-1e12, fmin(1e12, value * 65536))) + UINT64_C(0x9e3779b97f4a7c15));
}

static void copy_row(emend_mixture_starter *s, const emend_patterns *patterns, const emend_pattern *pattern, size_t row, size_t at) {
  const double *x = patterns->values + row * patterns->n_columns;
  size_t m = 0;
  for (size_t j = 0; j < s->p; j++) {
    uint32_t column = s->columns->source[j];
    while (m < pattern->n_missing && pattern->missing[m] < column)
      m++;
    bool missing = m < pattern->n_missing && pattern->missing[m] == column;
    s->rows[at * s->p + j] = x[column];
    s->keys[at] += missing ? 0 : mix(x[column]);
  }
  s->weights[at] = patterns->weights ? patterns->weights[row] : 1;
}

/* Rows that estimate: with a weight and something observed. */
static void copy_rows(emend_mixture_starter *s, const emend_patterns *patterns) {
  for (size_t i = 0; i < patterns->n_patterns; i++) {
    const emend_pattern *pattern = &patterns->patterns[i];
    size_t missing = 0;
    for (size_t a = 0, j = 0; a < pattern->n_missing; a++) {
      while (j < s->p && s->columns->source[j] < pattern->missing[a])
        j++;
      missing += j < s->p && s->columns->source[j] == pattern->missing[a];
    }
    for (size_t r = 0; r < pattern->n_rows && missing < s->p; r++)
      if (!patterns->weights || patterns->weights[pattern->first + r] > 0)
        copy_row(s, patterns, pattern, pattern->first + r, s->n++);
  }
}

/* inverse(L) x of every row, LL' the covariance; false if it is not positive definite. */
static bool whiten(emend_mixture_starter *s, const double *covariance) {
  size_t p = s->p;
  double *l = s->scratch;
  for (size_t a = 0; a < p; a++)
    for (size_t b = 0; b <= a; b++) {
      double x = covariance[a * p + b];
      for (size_t c = 0; c < b; c++)
        x -= l[a * p + c] * l[b * p + c];
      if (a == b && !(x > 1e-10))
        return false;
      l[a * p + b] = a == b ? sqrt(x) : x / l[b * p + b];
    }
  for (size_t i = 0; i < s->n; i++)
    for (size_t a = 0; a < p; a++) {
      double x = s->rows[i * p + a];
      for (size_t b = 0; b < a; b++)
        x -= l[a * p + b] * s->white[i * p + b];
      s->white[i * p + a] = x / l[a * p + a];
    }
  return true;
}

emend_status emend_mixture_starter_new(const emend_patterns *patterns, const emend_mixture_selection *columns, const double *covariance,
                                       size_t most, uint64_t seed, emend_mixture_starter *starter, emend_error *error) {
  size_t n = patterns->n_rows, p = columns->p;
  *starter = (emend_mixture_starter){.p = p, .columns = columns, .seed = seed};
  emend_mixture_starter *s = starter;
  s->rows = emend_allocate(n, p * sizeof(double));
  s->white = emend_allocate(n, p * sizeof(double));
  s->weights = emend_allocate(n, sizeof(double));
  s->keys = emend_allocate(n, sizeof *s->keys);
  s->cluster = emend_allocate(n, sizeof *s->cluster);
  s->distance = emend_allocate(n, sizeof(double));
  s->centers = emend_allocate(most, p * sizeof(double));
  s->sums = emend_allocate(most, p * sizeof(double));
  s->counts = emend_allocate(most, sizeof(double));
  s->scatter = emend_allocate(most * p, p * sizeof(double));
  s->pooled = emend_allocate(p, p * sizeof(double));
  s->scratch = emend_allocate(p * p + 2 * p + most, sizeof(double));
  if (!s->rows || !s->white || !s->weights || !s->keys || !s->cluster || !s->distance || !s->centers || !s->sums || !s->counts ||
      !s->scatter || !s->pooled || !s->scratch)
    return emend_fail_memory(error);
  copy_rows(s, patterns);
  if (!whiten(s, covariance)) {
    free(s->white);
    s->white = NULL;
  }
  return EMEND_OK;
}

void emend_mixture_starter_free(emend_mixture_starter *s) {
  free(s->rows), free(s->white), free(s->weights), free(s->keys), free(s->cluster), free(s->distance), free(s->centers), free(s->sums);
  free(s->counts), free(s->scatter), free(s->pooled), free(s->scratch);
  *s = (emend_mixture_starter){0};
}

static double squared_distance(size_t p, const double *x, const double *y) {
  double sum = 0;
  for (size_t j = 0; j < p; j++)
    sum += (x[j] - y[j]) * (x[j] - y[j]);
  return sum;
}

/* A row drawn with probability proportional to its weight times `share` (NULL: 1): the first to arrive in a race of exponential times. n if
 * none can. */
static size_t draw(const emend_mixture_starter *s, uint64_t turn, const double *share) {
  size_t winner = s->n;
  double best = INFINITY;
  for (size_t i = 0; i < s->n; i++) {
    double rate = s->weights[i] * (share ? share[i] : 1);
    if (!(rate > 1e-20))
      continue;
    double time = -log(emend_random_uniform(s->seed, EMEND_STREAM_START, s->keys[i], turn)) / rate;
    if (time < best)
      best = time, winner = i;
  }
  return winner;
}

/* k-means++ (Arthur & Vassilvitskii 2007): each seed is drawn by its squared distance to the seeds before. */
static bool seed_centers(emend_mixture_starter *s, const double *rows, size_t start, size_t k) {
  size_t p = s->p;
  for (size_t c = 0; c < k; c++) {
    size_t row = draw(s, start * UINT64_C(1000003) + c, c ? s->distance : NULL);
    if (row == s->n)
      return false;
    memcpy(s->centers + c * p, rows + row * p, p * sizeof *rows);
    for (size_t i = 0; i < s->n; i++) {
      double d = squared_distance(p, rows + i * p, s->centers + c * p);
      s->distance[i] = c ? fmin(d, s->distance[i]) : d;
    }
  }
  return true;
}

/* Each row to its nearest center, and the sums for the next centers; true if a row has moved. */
static bool assign(emend_mixture_starter *s, const double *rows, size_t k) {
  size_t p = s->p;
  bool moved = false;
  memset(s->sums, 0, k * p * sizeof *s->sums);
  memset(s->counts, 0, k * sizeof *s->counts);
  for (size_t i = 0; i < s->n; i++) {
    const double *x = rows + i * p;
    uint32_t nearest = 0;
    double least = INFINITY;
    for (size_t c = 0; c < k; c++) {
      double d = squared_distance(p, x, s->centers + c * p);
      if (d < least)
        least = d, nearest = (uint32_t)c;
    }
    moved = moved || s->cluster[i] != nearest;
    s->cluster[i] = nearest;
    s->counts[nearest] += s->weights[i];
    for (size_t j = 0; j < p; j++)
      s->sums[nearest * p + j] += s->weights[i] * x[j];
  }
  return moved;
}

bool emend_mixture_starter_cluster(emend_mixture_starter *s, size_t start, size_t k) {
  enum { MOST_ROUNDS = 20 };
  int rounds = start % 4 < 2 ? MOST_ROUNDS : 1;
  const double *rows = start % 2 == 1 && s->white ? s->white : s->rows;
  if (!seed_centers(s, rows, start, k))
    return false;
  for (int round = 0; round < rounds; round++) {
    if (!assign(s, rows, k) && round > 0)
      return true;
    for (size_t c = 0; c < k; c++)
      for (size_t j = 0; j < s->p && s->counts[c] > 0; j++)
        s->centers[c * s->p + j] = s->sums[c * s->p + j] / s->counts[c];
  }
  return true;
}

/* Means, and scatters about them (p x p of each cluster, and of all together), in standardised columns whatever the distances were measured
 * in. */
static void summarise(emend_mixture_starter *s, size_t k, double *mean) {
  size_t p = s->p;
  memset(mean, 0, k * p * sizeof *mean);
  memset(s->scatter, 0, k * p * p * sizeof *s->scatter);
  memset(s->pooled, 0, p * p * sizeof *s->pooled);
  memset(s->counts, 0, k * sizeof *s->counts);
  for (size_t i = 0; i < s->n; i++) {
    s->counts[s->cluster[i]] += s->weights[i];
    for (size_t j = 0; j < p; j++)
      mean[s->cluster[i] * p + j] += s->weights[i] * s->rows[i * p + j];
  }
  for (size_t i = 0; i < k * p; i++)
    mean[i] = s->counts[i / p] > 0 ? mean[i] / s->counts[i / p] : 0;
  for (size_t i = 0; i < s->n; i++) {
    const double *x = s->rows + i * p, *m = mean + s->cluster[i] * p;
    double *scatter = s->scatter + s->cluster[i] * p * p;
    for (size_t a = 0; a < p; a++)
      for (size_t b = 0; b <= a; b++)
        scatter[a * p + b] += s->weights[i] * (x[a] - m[a]) * (x[b] - m[b]);
  }
  for (size_t i = 0; i < k * p * p; i++)
    s->pooled[i % (p * p)] += s->scatter[i];
}

/*
 * Every cluster's covariance is drawn towards the pooled one by p + 1 rows, and the pooled variances are kept from vanishing: a start that
 * is singular would be no start.
 */
void emend_mixture_starter_parameters(emend_mixture_starter *s, size_t k, emend_structure structure, emend_mixture_parameters *parameters) {
  size_t p = s->p;
  bool diagonal = emend_structure_is_diagonal(structure);
  double total = 0, added = (double)p + 1;
  summarise(s, k, parameters->mean);
  for (size_t c = 0; c < k; c++)
    total += s->counts[c];
  for (size_t i = 0; i < p * p; i++)
    s->pooled[i] = s->pooled[i] / total + (i % (p + 1) == 0 ? 1e-3 : 0);
  for (size_t c = 0; c < k; c++) {
    parameters->mixing[c] = fmax(s->counts[c], 1e-3 * total / (double)k);
    s->counts[c] += added;
    for (size_t i = 0; i < p * p; i++)
      s->scatter[c * p * p + i] += added * s->pooled[i];
  }
  total = 0;
  for (size_t c = 0; c < k; c++)
    total += parameters->mixing[c];
  for (size_t c = 0; c < k; c++)
    parameters->mixing[c] /= total;
  for (size_t c = 0; c < k; c++)
    for (size_t a = 0; a < p; a++) {
      for (size_t b = 0; b < a && !diagonal; b++)
        s->scatter[(c * p + b) * p + a] = s->scatter[(c * p + a) * p + b];
      if (diagonal)
        s->scatter[c * p + a] = s->scatter[(c * p + a) * p + a]; /* entry (c, a) is never behind what is still to be read */
    }
  for (size_t i = 0; i < k * p; i++)
    parameters->covariance[i] = 1;
  double *zero = s->scratch + p + p + k;
  memset(zero, 0, p * sizeof *zero);
  emend_structure_input input = {
      .n_components = k, .p = p, .sphere = s->columns->sphere, .scatter = s->scatter, .weight = s->counts, .lambda = zero};
  emend_structure_mstep(structure, &input, s->scratch, parameters->covariance);
}
