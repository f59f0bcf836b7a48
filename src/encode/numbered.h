/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_NUMBERED_H
#define ENCODE_NUMBERED_H

#include "encode/observe.h"

/*
 * Numbers that stand for a thing, a place or a moment and measure nothing: told by the label of the variable, or by values that are hardly
 * anything else (20190331). A mean of them is none of them, so they are neither filled nor in the model.
 */
typedef enum emend_numbered {
  EMEND_NUMBERED_NOT,
  EMEND_NUMBERED_IDENTIFIER,
  EMEND_NUMBERED_MOMENT, /* or place on the globe: no identifier, as several rows may share it */
} emend_numbered;

/* *why tells what they are. Of a number; many: its values are so many that they tell rows or groups of them apart. */
emend_status emend_numbered_find(const emend_dataset *dataset, size_t variable, const emend_observed *observed, bool many,
                                 emend_numbered *kind, const char **why, emend_error *error);
/* True of whole numbers whose label says that they are codes of places or of a classification; few of them are categories. */
bool emend_numbered_are_codes(const emend_dataset *dataset, size_t variable);
/* ... or whose name does. */
bool emend_numbered_are_named_codes(const emend_dataset *dataset, size_t variable, const emend_observed *observed);

#endif
