/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_TALLY_H
#define ENCODE_TALLY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* How often each distinct number occurs. Made once and cleared between columns; small integers, which fill most surveys, cost one addition.
 */
typedef struct emend_tally emend_tally;

emend_tally *emend_tally_new(void); /* NULL when out of memory */
void emend_tally_free(emend_tally *tally);
void emend_tally_clear(emend_tally *tally);
/* `value` is not NaN; -0 counts as 0. */
emend_status emend_tally_add(emend_tally *tally, double value, emend_error *error);
/* Adds n values, if all are small integers; if not, adds none and returns false. */
bool emend_tally_add_small(emend_tally *tally, const double *values, size_t n);
size_t emend_tally_distinct(const emend_tally *tally);
size_t emend_tally_count(const emend_tally *tally, double value);
/* The distinct values, ascending; the caller frees *values with free(). */
emend_status emend_tally_values(const emend_tally *tally, double **values, emend_error *error);

#endif
