/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_ADOPT_H
#define IMPUTE_ADOPT_H

#include "encode/matrix.h"

/* How a column came to be, for a model that is kept: of a level the categories without a column ("1|2"), of a text with an order its texts
 * ("low|medium|high"), of a transform its constants ("yeo-johnson 3 1.5 ..."); else nothing. Appended to `text`. */
emend_status emend_coding_describe(const emend_encoding *encoding, size_t column, emend_buffer *text, emend_error *error);

/* The variable of a column named like "region=3|7", and its categories; -1 if it is no such name. */
ptrdiff_t emend_level_variable(const emend_plan *plan, const char *name, const char **categories);

#endif
