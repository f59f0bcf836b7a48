/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "mixture/inside.h"

static const char *const names[EMEND_STRUCTURES] = {"EII", "VII", "EEI", "VEI", "EVI", "VVI", "EEE", "VVV"};

const char *emend_structure_name(emend_structure structure) { return (size_t)structure < EMEND_STRUCTURES ? names[structure] : "unknown"; }

int emend_structure_find(const char *name, emend_structure *structure) {
  static const struct {
    const char *name;
    emend_structure structure;
  } aliases[] = {
      {"spherical", EMEND_STRUCTURE_VII}, {"diagonal", EMEND_STRUCTURE_VVI}, {"tied", EMEND_STRUCTURE_EEE}, {"full", EMEND_STRUCTURE_VVV}};
  for (size_t i = 0; i < EMEND_STRUCTURES; i++)
    if (emend_ascii_equal(name, names[i])) {
      *structure = (emend_structure)i;
      return 1;
    }
  for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
    if (emend_ascii_equal(name, aliases[i].name)) {
      *structure = aliases[i].structure;
      return 1;
    }
  return 0;
}

bool emend_structure_is_diagonal(emend_structure structure) { return structure < EMEND_STRUCTURE_EEE; }

size_t emend_structure_covariances(emend_structure structure, size_t n_components) {
  return structure == EMEND_STRUCTURE_EII || structure == EMEND_STRUCTURE_EEI || structure == EMEND_STRUCTURE_EEE ? 1 : n_components;
}

size_t emend_structure_df(emend_structure structure, size_t k, size_t p) {
  size_t others = k - 1 + k * p;
  switch (structure) {
  case EMEND_STRUCTURE_EII:
    return others + 1;
  case EMEND_STRUCTURE_VII:
    return others + k;
  case EMEND_STRUCTURE_EEI:
    return others + p;
  case EMEND_STRUCTURE_VEI:
    return others + k + p - 1;
  case EMEND_STRUCTURE_EVI:
    return others + 1 + k * (p - 1);
  case EMEND_STRUCTURE_VVI:
    return others + k * p;
  case EMEND_STRUCTURE_EEE:
    return others + p * (p + 1) / 2;
  case EMEND_STRUCTURE_VVV:
    return others + k * (p * (p + 1) / 2);
  }
  return 0;
}

typedef struct mstep {
  size_t k, p;
  const double *sphere, *scatter, *weight, *lambda;
  double nu, *scratch, *covariance;
} mstep;

static double scatter_of(const mstep *m, size_t k, size_t j) { return m->scatter[k * m->p + j] + m->lambda[j]; }
static double weight_of(const mstep *m, size_t k) { return m->weight[k] + m->nu; }

/* Where all components share a covariance the prior enters once. */
static double pooled_scatter(const mstep *m, size_t j) {
  double sum = m->lambda[j];
  for (size_t k = 0; k < m->k; k++)
    sum += m->scatter[k * m->p + j];
  return sum;
}

static double pooled_weight(const mstep *m) {
  double sum = m->nu;
  for (size_t k = 0; k < m->k; k++)
    sum += m->weight[k];
  return sum;
}

static void eii(const mstep *m) {
  double sum = 0, weight = pooled_weight(m);
  for (size_t j = 0; j < m->p; j++)
    sum += pooled_scatter(m, j) / m->sphere[j];
  for (size_t k = 0; k < m->k; k++)
    for (size_t j = 0; j < m->p; j++)
      m->covariance[k * m->p + j] = sum / (weight * (double)m->p) * m->sphere[j];
}

static void vii(const mstep *m) {
  for (size_t k = 0; k < m->k; k++) {
    double sum = 0;
    for (size_t j = 0; j < m->p; j++)
      sum += scatter_of(m, k, j) / m->sphere[j];
    for (size_t j = 0; j < m->p; j++)
      m->covariance[k * m->p + j] = sum / (weight_of(m, k) * (double)m->p) * m->sphere[j];
  }
}

static void eei(const mstep *m) {
  double weight = pooled_weight(m);
  for (size_t j = 0; j < m->p; j++) {
    double variance = pooled_scatter(m, j) / weight;
    for (size_t k = 0; k < m->k; k++)
      m->covariance[k * m->p + j] = variance;
  }
}

/* To a product of 1. */
static void normalise(size_t p, double *shape) {
  double logs = 0;
  for (size_t j = 0; j < p; j++)
    logs += log(shape[j]);
  double unit = exp(logs / (double)p);
  for (size_t j = 0; j < p; j++)
    shape[j] /= unit;
}

static void vei_volumes(const mstep *m, const double *shape, double *volumes) {
  for (size_t k = 0; k < m->k; k++) {
    double sum = 0;
    for (size_t j = 0; j < m->p; j++)
      sum += scatter_of(m, k, j) / shape[j];
    volumes[k] = sum / (weight_of(m, k) * (double)m->p);
  }
}

/* Volumes and a common shape, each given the other in turn, from the current shape. Every round raises the expected log-likelihood: to stop
 * early is no error. */
static void vei(const mstep *m) {
  enum { MOST_ROUNDS = 100 };
  size_t p = m->p;
  double *shape = m->scratch, *next = shape + p, *volumes = next + p, change = 1;
  memcpy(shape, m->covariance, p * sizeof *shape);
  normalise(p, shape);
  for (int round = 0; round < MOST_ROUNDS && change > 1e-14; round++) {
    vei_volumes(m, shape, volumes);
    change = 0;
    for (size_t j = 0; j < p; j++) {
      next[j] = 0;
      for (size_t k = 0; k < m->k; k++)
        next[j] += scatter_of(m, k, j) / volumes[k];
    }
    normalise(p, next);
    for (size_t j = 0; j < p; j++)
      change = fmax(change, fabs(next[j] / shape[j] - 1));
    memcpy(shape, next, p * sizeof *shape);
  }
  vei_volumes(m, shape, volumes);
  for (size_t k = 0; k < m->k; k++)
    for (size_t j = 0; j < p; j++)
      m->covariance[k * p + j] = volumes[k] * shape[j];
}

static void evi(const mstep *m) {
  size_t p = m->p;
  double volume = 0, weight = 0;
  for (size_t k = 0; k < m->k; k++) {
    double *shape = m->covariance + k * p, logs = 0;
    for (size_t j = 0; j < p; j++) {
      shape[j] = scatter_of(m, k, j);
      logs += log(shape[j]);
    }
    volume += exp(logs / (double)p);
    weight += weight_of(m, k);
    normalise(p, shape);
  }
  for (size_t i = 0; i < m->k * p; i++)
    m->covariance[i] *= volume / weight;
}

static void vvi(const mstep *m) {
  for (size_t k = 0; k < m->k; k++)
    for (size_t j = 0; j < m->p; j++)
      m->covariance[k * m->p + j] = scatter_of(m, k, j) / weight_of(m, k);
}

static void eee(const mstep *m) {
  size_t pp = m->p * m->p;
  double weight = pooled_weight(m);
  for (size_t i = 0; i < pp; i++) {
    double sum = i % (m->p + 1) == 0 ? m->lambda[i / (m->p + 1)] : 0;
    for (size_t k = 0; k < m->k; k++)
      sum += m->scatter[k * pp + i];
    for (size_t k = 0; k < m->k; k++)
      m->covariance[k * pp + i] = sum / weight;
  }
}

static void vvv(const mstep *m) {
  size_t pp = m->p * m->p;
  for (size_t k = 0; k < m->k; k++)
    for (size_t i = 0; i < pp; i++)
      m->covariance[k * pp + i] = (m->scatter[k * pp + i] + (i % (m->p + 1) == 0 ? m->lambda[i / (m->p + 1)] : 0)) / weight_of(m, k);
}

void emend_structure_mstep(emend_structure structure, const emend_structure_input *input, double *scratch, double *covariance) {
  static void (*const steps[EMEND_STRUCTURES])(const mstep *) = {eii, vii, eei, vei, evi, vvi, eee, vvv};
  mstep m = {.k = input->n_components,
             .p = input->p,
             .sphere = input->sphere,
             .scatter = input->scatter,
             .weight = input->weight,
             .lambda = input->lambda,
             .nu = input->nu,
             .scratch = scratch,
             .covariance = covariance};
  steps[structure](&m);
}
