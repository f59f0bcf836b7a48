/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_ANSWER_H
#define BENCH_ANSWER_H

#include <stddef.h>

/*
 * A mean and a covariance, as everybody who takes part in a comparison hands them in: text, the number of columns p, then p means, then
 * p x p covariances, separated by white space, 17 digits.
 */
typedef struct bench_answer {
  size_t p;
  double *mean, *covariance;
} bench_answer;

/* Both end the program, with a message, when they fail. */
void bench_answer_write(const char *path, size_t p, const double *mean, const double *covariance);
bench_answer bench_answer_read(const char *path);
void bench_answer_free(bench_answer *answer);

#endif
