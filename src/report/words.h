/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "emend/emend.h"
#include "report/number.h"

/* A number as it is meant: a date, or the shortest digits. */
enum { VALUE_TEXT = NUMBER_SIZE };
_Static_assert((int)VALUE_TEXT >= (int)EMEND_DATE_TEXT, "room for a date");
const char *value_text(const emend_dataset *dataset, size_t variable, double value, char text[VALUE_TEXT]);
/* A mean: the day of a date, the second of a time of day, else as number_estimate has it. */
const char *mean_text(const emend_dataset *dataset, size_t variable, double mean, double sd, char text[VALUE_TEXT]);

#endif
