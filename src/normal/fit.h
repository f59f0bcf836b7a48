/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_FIT_H
#define NORMAL_FIT_H

#include "emend/normal.h"
#include "pattern/reduced.h"

/*
 * What emend_normal_fit does, on rows already reduced; their matrix may be read again.
 *   names   n_columns variable names for warnings and for the model; NULL: "column 1" ...
 */
emend_status emend_normal_fit_reduced(const emend_reduced *reduced, const char *const *names, const emend_normal_options *options,
                                      emend_events *events, emend_normal **fit, emend_error *error);

/* A copy of `options` (NULL: of the defaults), to be freed with emend_normal_options_free; NULL when out of memory. Weights of this kind
 * unless the options already say sampling weights. */
emend_normal_options *emend_normal_options_copy(const emend_normal_options *options, emend_weight_kind kind);
unsigned emend_normal_options_threads(const emend_normal_options *options); /* NULL: the default */

#endif
