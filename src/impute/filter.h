/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_FILTER_H
#define IMPUTE_FILTER_H

#include "impute/imputation.h"
#include "encode/not_applicable.h"

/*
 * Filters that are imputed where the questions that hang on them were answered. An answer says that its condition holds, and a code for not
 * applicable that it does not: of the values that a filter may be filled with, one is chosen that agrees with all that the row says so.
 */
typedef struct emend_filters emend_filters;

/* `at` evaluates the rules of completed rows. */
emend_status emend_filters_new(emend_imputation *made, emend_rule_row *at, emend_filters **filters, emend_error *error);
void emend_filters_free(emend_filters *filters);
/* For a row whose conditions are settled: adds the filters of which something was chosen to what is settled. *chosen: there are such. */
emend_status emend_filters_choose(emend_filters *filters, size_t row, bool *chosen, emend_error *error);
/* At the end of a row: counts the answers that imputed values contradict all the same, and codes. */
void emend_filters_compare_row(emend_filters *filters, size_t row);
void emend_filters_report(const emend_filters *filters, emend_events *events);

#endif
