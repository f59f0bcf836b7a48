/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_NUMBER_H
#define REPORT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers for people and for machines. The program leaves LC_NUMERIC alone, so a point is a point. */
enum { NUMBER_SIZE = 48 };
typedef char number_text[NUMBER_SIZE];

/* The shortest digits that read back as the same double; "nan", "inf" as the C library has them. */
const char *number_exact(double value, number_text text);
/* A count with commas: 1,234,567. */
const char *number_count(uint64_t count, number_text text);
/* An estimate with as many decimals as an sd of this size deserves (four digits of it), at most 10 columns; "-" for NaN. */
const char *number_estimate(double value, double sd, number_text text);
/* "1 cell", "2,187 cells" */
const char *number_of(uint64_t count, const char *one, const char *many, number_text text);

#endif
