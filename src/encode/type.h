/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_TYPE_H
#define ENCODE_TYPE_H

#include "encode/plan.h"
#include "encode/steps.h"

/*
 * What kind of answer a variable holds: sets type and type_why from the wish, the kind of variable, its declared measurement level, its
 * value labels and its observed values.
 *   wish    the type that the user named, or EMEND_TYPE_UNKNOWN
 *   order   what was said of the order of texts; NULL: nothing
 * The categories of a text that is ordinal are arranged.
 * Errors: EMEND_INVALID_ARGUMENT for a wish that the values do not allow.
 */
emend_status emend_type_decide(const emend_dataset *dataset, size_t variable, emend_type wish, const emend_order_wish *order,
                               emend_planned *planned, emend_error *error);

/* True of the types that enter the model as indicators. */
static inline bool emend_type_is_nominal(emend_type type) { return type == EMEND_TYPE_NOMINAL || type == EMEND_TYPE_TEXT_CATEGORY; }
/* ... that a text in the model may have. */
static inline bool emend_type_is_of_texts(emend_type type) { return type == EMEND_TYPE_TEXT_CATEGORY || type == EMEND_TYPE_ORDINAL; }

#endif
