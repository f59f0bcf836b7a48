/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_KIND_H
#define IO_KIND_H

#include "emend/dataset.h"

/* Which numbers are dates and times: said by the display format, in the way of each family of programs. */
typedef enum emend_family { EMEND_FAMILY_SPSS, EMEND_FAMILY_STATA, EMEND_FAMILY_SAS, EMEND_FAMILY_NONE } emend_family;

/* The kind of a numeric variable with this format: EMEND_NUMERIC, EMEND_DATE, EMEND_TIME or EMEND_DATETIME. */
emend_variable_kind emend_kind_of_format(emend_family family, const char *format);

#endif
