/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_RULE_DATES_H
#define ENCODE_RULE_DATES_H

#include "data/dataset.h"

/* What rules want to know of variables that hold dates (rule/rule.h). Times of day, and Stata's weeks, months and the like, are numbers.
 * Columns of delimited text in which all answers are ISO dates hold dates, too: their unit is the day, from 1960 on. */
bool emend_rule_holds_dates(const emend_dataset *dataset, size_t variable);
/* "2016-01-31", or with a time "2016-01-31T08:30:00" (a blank in place of T, seconds left out), in the variable's unit: *end is the first
 * moment behind what it names. */
bool emend_rule_read_date(const emend_dataset *dataset, size_t variable, const char *text, double *begin, double *end);
/* The moment that an answer of such a column names, as it is written, whatever its offset from UTC; NaN if it is none of the calendar, or
 * the variable holds no texts that are dates. */
double emend_rule_date_of_text(const emend_dataset *dataset, size_t variable, const char *text);
/* EMEND_INVALID_ARGUMENT for a number that is no date from 1800 to 2200 in the variable's unit, or looks like a year. */
emend_status emend_rule_object_to_date(const emend_dataset *dataset, size_t variable, double number, emend_error *error);

#endif
