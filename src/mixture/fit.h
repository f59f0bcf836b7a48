/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MIXTURE_FIT_H
#define MIXTURE_FIT_H

#include "emend/mixture.h"
#include "pattern/patterns.h"

/*
 * What emend_mixture_fit does. *patterns receives the rows in pattern order, which the caller frees; what stands in their missing entries
 * means nothing.
 *   names      n_columns variable names for warnings and for the model; NULL: "column 1" ...
 */
emend_status emend_mixture_fit_matrix(const emend_matrix *matrix, const char *const *names, const emend_mixture_options *options,
                                      emend_events *events, emend_patterns **patterns, emend_mixture **fit, emend_error *error);
/* Responsibilities of all rows, n_rows x n_components in the order of the patterns' values. The patterns' center and scale need not be the
 * model's. */
emend_status emend_mixture_predict_patterns(const emend_mixture *mixture, const emend_patterns *patterns, double *responsibilities,
                                            emend_error *error);
/* Center and scale (n_columns each) for rows that a mixture is put to. */
void emend_mixture_standards(const emend_mixture *mixture, double *center, double *scale);
/* Completes `patterns->values` in place. */
emend_status emend_mixture_complete_patterns(const emend_mixture *mixture, emend_patterns *patterns, emend_events *events,
                                             emend_error *error);

/* A copy of `options` (NULL: of the defaults), to be freed with emend_mixture_options_free; NULL when out of memory. Weights of this kind
 * unless the options already say sampling weights. */
emend_mixture_options *emend_mixture_options_copy(const emend_mixture_options *options, emend_weight_kind kind);

#endif
