/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_DATASET_H
#define EMEND_DATASET_H

#include <stddef.h>
#include <stdint.h>

#include "emend/status.h"

EMEND_BEGIN

/* A survey in memory: variables with all that a file says of them, and cells with the reason why each is missing. */
typedef struct emend_dataset emend_dataset;

/* Why a cell holds no answer. A tag keeps its letter: EMEND_TAG_A + ('c' - 'a') is Stata's .c; EMEND_TAG_UNDERSCORE is SAS's ._ */
typedef enum emend_reason {
  EMEND_OBSERVED = 0,
  EMEND_SYSTEM_MISSING = 1, /* sysmis, ".", NA, an empty numeric field */
  EMEND_USER_MISSING = 2,   /* a declared missing code; the cell keeps its value */
  EMEND_EMPTY_TEXT = 3,
  EMEND_STRUCTURAL = 4, /* the question did not apply */
  EMEND_TAG_A = 64,
  EMEND_TAG_Z = 89,
  EMEND_TAG_UNDERSCORE = 90
} emend_reason;

typedef enum emend_variable_kind { EMEND_NUMERIC, EMEND_TEXT, EMEND_DATE, EMEND_TIME, EMEND_DATETIME } emend_variable_kind;
typedef enum emend_measure { EMEND_MEASURE_UNKNOWN, EMEND_NOMINAL, EMEND_ORDINAL, EMEND_SCALE } emend_measure;

EMEND_API void emend_dataset_free(emend_dataset *dataset);

EMEND_API size_t emend_dataset_rows(const emend_dataset *dataset);
EMEND_API size_t emend_dataset_variables(const emend_dataset *dataset);
EMEND_API const char *emend_dataset_format(const emend_dataset *dataset);     /* "sav", "dta", "csv" ... */
EMEND_API const char *emend_dataset_file_label(const emend_dataset *dataset); /* "" if none */
EMEND_API ptrdiff_t emend_dataset_weight(const emend_dataset *dataset);       /* index of the weight variable, or -1 */

/* Variables are counted from 0 in file order. Strings are UTF-8, owned by the dataset, never NULL ("" if the file has none). */
EMEND_API const char *emend_variable_name(const emend_dataset *dataset, size_t variable);
EMEND_API const char *emend_variable_label(const emend_dataset *dataset, size_t variable);
/* Delimited text: "date", "datetime"; of numbers written with a unit or in groups an example, "$1,234.50". */
EMEND_API const char *emend_variable_format(const emend_dataset *dataset, size_t variable);
EMEND_API emend_variable_kind emend_variable_get_kind(const emend_dataset *dataset, size_t variable);
EMEND_API emend_measure emend_variable_get_measure(const emend_dataset *dataset, size_t variable);
/* The text that labels `value`, or NULL. */
EMEND_API const char *emend_variable_value_label(const emend_dataset *dataset, size_t variable, double value);

/* Cells. A value is meaningful when the reason is EMEND_OBSERVED or EMEND_USER_MISSING and the variable is not text; it is NaN otherwise. */
EMEND_API emend_reason emend_cell_reason(const emend_dataset *dataset, size_t row, size_t variable);
EMEND_API double emend_cell_value(const emend_dataset *dataset, size_t row, size_t variable);
/* UTF-8 text of a text cell ("" if empty), or NULL for other variables. */
EMEND_API const char *emend_cell_text(const emend_dataset *dataset, size_t row, size_t variable);

EMEND_END

#endif
