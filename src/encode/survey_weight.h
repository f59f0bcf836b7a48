/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SURVEY_WEIGHT_H
#define ENCODE_SURVEY_WEIGHT_H

#include "encode/observe.h"

/* Why a number is a survey weight that nobody declared: by its name, label and values. NULL: it is none. "weight" is what people weigh, too.
 * weighted: the moments of `observed` are, and those of a weight are told without. */
const char *emend_survey_weight_why(const emend_dataset *dataset, size_t variable, const emend_observed *observed, bool weighted);

#endif
