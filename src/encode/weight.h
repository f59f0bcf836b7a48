/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_WEIGHT_H
#define ENCODE_WEIGHT_H

#include "base/events.h"
#include "data/dataset.h"
#include "emend/normal.h"

/*
 * One weight per row from a numeric variable: zero, negative and missing ones become 0, and a warning counts them. Frequencies if all
 * positive weights are whole numbers, else sampling weights. The caller frees *weights.
 * Errors: EMEND_UNSUPPORTED for an infinite weight, or if no row of several weighs anything.
 */
emend_status emend_weights_read(const emend_dataset *dataset, size_t variable, double **weights, emend_weight_kind *kind,
                                emend_events *events, emend_error *error);

#endif
