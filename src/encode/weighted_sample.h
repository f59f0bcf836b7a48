/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_WEIGHTED_SAMPLE_H
#define ENCODE_WEIGHTED_SAMPLE_H

#include "data/dataset.h"

typedef struct emend_weighted_value {
  double value, weight;
} emend_weighted_value;

/* Observed values of a number, and what is often asked of them. */
typedef struct emend_weighted_sample {
  emend_weighted_value *values;
  size_t n;
  double weight, mean; /* of all together */
  double min, max;     /* whatever they weigh */
} emend_weighted_sample;

/*
 * Takes the finite observed values other than `skip` (NaN: none) of at most so many rows, from everywhere in the file. `weights` are of all
 * rows (NULL: each 1); where no value weighs anything, each weighs 1.
 */
emend_status emend_weighted_sample_take(const emend_dataset *dataset, size_t variable, const double *weights, double skip, size_t most_rows,
                                        emend_weighted_sample *sample, emend_error *error);
void emend_weighted_sample_free(emend_weighted_sample *sample);
/* Weight, mean and ends from the values. */
void emend_weighted_sample_describe(emend_weighted_sample *sample);
/* By value, and by weight where that is equal: the same whatever the order of the rows. */
void emend_weighted_sample_sort(emend_weighted_sample *sample);
/* Of a sorted sample: the place behind the last value that equals the one at `first`; *weight is that of all of these. */
size_t emend_weighted_sample_next(const emend_weighted_sample *sample, size_t first, double *weight);

/* Sums of the powers of values about a centre, which is anywhere among them: best near their mean. */
typedef struct emend_moments {
  double centre, weight, first, second, third;
} emend_moments;

static inline void emend_moments_add(emend_moments *m, double value, double weight) {
  double d = value - m->centre, square = weight * d * d;
  m->weight += weight, m->first += weight * d, m->second += square, m->third += square * d;
}

double emend_moments_skewness(const emend_moments *moments); /* 0 where all values are equal */

#endif
