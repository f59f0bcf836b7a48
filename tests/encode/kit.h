/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_ENCODE_KIT_H
#define TESTS_ENCODE_KIT_H

#include "data/dataset.h"
#include "emend/plan.h"
#include "support/support.h"

/* Datasets made by hand, for the tests of encode and impute. All functions fail the test on an error. */

emend_dataset *kit_new(const char *format);
size_t kit_add(emend_dataset *dataset, const char *name, emend_variable_kind kind, emend_storage storage);
size_t kit_number(emend_dataset *dataset, const char *name); /* EMEND_NUMERIC, double precision */
void kit_declare(emend_dataset *dataset, size_t variable, double lo, double hi);
void kit_label(emend_dataset *dataset, size_t variable, double value, const char *text);
void kit_label_tag(emend_dataset *dataset, size_t variable, char tag, const char *text);
/* A row of numbers, one per variable that is not text (those stay empty): NaN is system-missing, KIT_TAG('a') a tag. */
void kit_row(emend_dataset *dataset, const double *cells);
#define KIT_TAG(letter) (1e290 * (1 + (letter) - 'a'))
void kit_rows(emend_dataset *dataset, size_t n_rows, const double *cells);
/* n x p numbers under names split at blanks. */
emend_dataset *kit_table(const char *names, size_t n_rows, size_t p, const double *cells);
/* A comma-separated file of numbers and, in the first `skip` columns, of what is left out; NA and empty are missing. NULL: no such file. */
emend_dataset *kit_csv(const char *path, size_t skip);

emend_plan *kit_plan(const emend_dataset *dataset, const emend_plan_options *options);
/* The plan must fail; the text of its error, valid until the next call. */
const char *kit_plan_error(const emend_dataset *dataset, const emend_plan_options *options);
/* The same where the file is at fault, not an option. */
const char *kit_plan_refusal(const emend_dataset *dataset, const emend_plan_options *options, emend_status status);
size_t kit_find(const emend_dataset *dataset, const char *name);

#endif
