/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SEVERAL_H
#define ENCODE_SEVERAL_H

#include "data/dataset.h"

/* The `why` of a text whose cells hold several answers each. */
extern const char emend_why_several[];
/*
 * True of a text in which a multiple-choice question was exported into one column: "Phone;E-mail;Web", "Phone, E-mail", "radio tv". A fifth
 * of the answers at least hold a separator, what stands between separators comes again and again in many combinations, and most of it
 * stands first in some answers and later in others; no town with its state, and no category that has a comma of its own, is like that.
 */
bool emend_holds_several_answers(const emend_dataset *dataset, size_t variable);

#endif
