/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_NORMAL_KIT_H
#define TESTS_NORMAL_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "emend/normal.h"
#include "support/support.h"

/* What the tests of this room share: independent slow implementations, test data, and short ways to fit. */

/* The covariance form of EM as textbooks give it, one row at a time in the data's units: `steps` steps from mean and covariance (in place).
 * lambda may be NULL. Shares no code with the library. */
void kit_textbook_em(const double *values, size_t n, size_t p, const double *weights, const double *lambda, double nu, size_t steps,
                     double *mean, double *covariance);
/* The observed-data log-likelihood by its definition, row by row, 2 pi included. */
double kit_log_likelihood(const double *values, size_t n, size_t p, const double *weights, const double *mean, const double *covariance);
/* log L - (nu log|S| + tr(inverse(S) lambda)) / 2 */
double kit_log_posterior(const double *values, size_t n, size_t p, const double *mean, const double *covariance, const double *lambda,
                         double nu);
/* Available-case means, variances with divisor n_j - less on the diagonal. */
void kit_moments(const double *values, size_t n, size_t p, double less, double *mean, double *covariance);
/* Solves A x = b for a symmetric positive definite A (copied); returns log|A|. b may be NULL. */
double kit_solve(size_t n, const double *a, double *b);

/* n x p numbers of a correlated normal sample, a share of them NaN (never all of column 0's rows), the same for the same seed. */
double *kit_sample(uint64_t seed, size_t n, size_t p, double share_missing);

/* Fits, failing the test on an error. `options` may be NULL. */
emend_normal *kit_fit(const double *values, size_t n, size_t p, const double *weights, const emend_normal_options *options);
/* Options with a tolerance tight enough to compare with exact answers, and iterations to get there. */
emend_normal_options *kit_exact_options(void);
emend_normal *kit_fit_exact(const double *values, size_t n, size_t p);

/* A comma-separated file with a header line, numbers only in the columns [first, first + p); empty and NA are NaN. The caller frees. */
double *kit_read_csv(const char *path, size_t first, size_t p, size_t *n);

double kit_covariance(const emend_normal *fit, size_t i, size_t j);
/* Every number of the model is finite and the covariance is symmetric with a nonnegative diagonal. */
void kit_assert_sane(const emend_normal *fit);
/* |a - b| <= tolerance */
#define assert_near(a, b, tolerance) kit_assert_near((a), (b), (tolerance), #a, __FILE__, __LINE__)
void kit_assert_near(double a, double b, double tolerance, const char *what, const char *file, int line);

#endif
