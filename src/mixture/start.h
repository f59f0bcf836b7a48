/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIXTURE_START_H
#define MIXTURE_START_H

#include "mixture/inside.h"

/*
 * Where EM begins: k-means from k-means++ seeds on rows whose holes were completed. Starts 0, 2, ... measure distances in standardised
 * columns, the others in columns made uncorrelated. The random numbers of a row are keyed by what it holds, not by where it stands.
 */
typedef struct emend_mixture_starter {
  size_t n, p;
  const emend_mixture_selection *columns;
  double *rows, *white; /* n x p: standardised, and uncorrelated (NULL: there is no such transformation) */
  double *weights;      /* n */
  uint64_t *keys;       /* n */
  uint64_t seed;
  /* Of one start. */
  uint32_t *cluster;               /* n */
  double *distance;                /* n */
  double *centers, *sums, *counts; /* K x p, K x p, K: for the most components */
  double *scatter, *pooled;        /* K x p x p, p x p */
  double *scratch;
} emend_mixture_starter;

/* From completed patterns; `covariance` (p x p, standardised) makes them uncorrelated. For up to `most` components. */
emend_status emend_mixture_starter_new(const emend_patterns *patterns, const emend_mixture_selection *columns, const double *covariance,
                                       size_t most, uint64_t seed, emend_mixture_starter *starter, emend_error *error);
void emend_mixture_starter_free(emend_mixture_starter *starter);
/* Clusters the rows; false if fewer than k of them differ. */
bool emend_mixture_starter_cluster(emend_mixture_starter *starter, size_t start, size_t k);
/* The parameters of the clusters found. */
void emend_mixture_starter_parameters(emend_mixture_starter *starter, size_t k, emend_structure structure,
                                      emend_mixture_parameters *parameters);

#endif
