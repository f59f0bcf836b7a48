/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_BEYOND_H
#define IMPUTE_BEYOND_H

#include "base/text.h"
#include "impute/imputation.h"

enum { EMEND_BEYOND_EACH = 3 }; /* cells that are told one by one */

/* "row 12: wgt 1.9, observed from 2.7; row 40: hgt 210, observed up to 198.2": of the cells that are filled with a value below or above all
 * observed ones, by the model or, if `told`, by others of their rows: each if they are no more than that, else the one that lies furthest
 * beyond. Appends nothing where there are none. */
emend_status emend_beyond_tell(const emend_imputation *made, bool told, size_t n_cells, emend_buffer *text, emend_error *error);

#endif
