/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_MIXTURE_SLOW_H
#define TESTS_MIXTURE_SLOW_H

#include "emend/mixture.h"
#include "normal/kit.h"

/* What the tests of this room share: mixtures by their definition, one row and one component at a time in the data's units. Shares no code
 * with the library. */
typedef struct slow_mixture {
  size_t k, p;
  double *proportion, *mean, *covariance; /* k, k x p, k x p x p */
} slow_mixture;

slow_mixture slow_new(size_t k, size_t p);
slow_mixture slow_of(const emend_mixture *mixture);
slow_mixture slow_copy(const slow_mixture *m);
void slow_free(slow_mixture *m);
/* Log-likelihood of the observed entries, 2 pi included. */
double slow_log_likelihood(const slow_mixture *m, const double *values, size_t n, const double *weights);
/* Of one row, k numbers. */
void slow_responsibilities(const slow_mixture *m, const double *row, double *responsibilities);
/* One step of EM for unrestricted covariances, in place. */
void slow_em_step(slow_mixture *m, const double *values, size_t n, const double *weights);

/* n x p numbers from k well-separated correlated clusters (row i belongs to cluster i % k), a share of them NaN. The caller frees. */
double *slow_sample(uint64_t seed, size_t n, size_t p, size_t k, double distance, double share_missing);
/* The start of slow_sample's own truth, roughly. */
slow_mixture slow_truth(size_t k, size_t p, double distance);

/* Fits, failing the test on an error. */
emend_mixture *slow_fit(const double *values, size_t n, size_t p, const double *weights, const emend_mixture_options *options);
/* Options of one number of components and one structure, with a tight tolerance. */
emend_mixture_options *slow_options(size_t k, emend_structure structure);
/* The adjusted Rand index of hard assignments with cluster i % k. */
double slow_rand_index(const emend_mixture *mixture, const double *values, size_t n, size_t k);

#endif
