/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* Numbers as text, exactly and in any locale. */

/*
 * Parses the whole of bytes[0..length) as a decimal number (sign, digits, `decimal`, exponent; no blanks, no hexadecimal, no words),
 * correctly rounded. Returns false if it is not one. A number too large for a double gives infinity, and true.
 */
bool emend_number_parse(const char *bytes, size_t length, char decimal, double *value);

/*
 * The shortest text that reads back as the same double, NUL-terminated; `buffer` has room for EMEND_NUMBER_SIZE bytes. Returns its length.
 * Plain digits between 1e-5 and 1e17, else an exponent; integers without a point; NaN gives "".
 */
enum { EMEND_NUMBER_SIZE = 40 };
size_t emend_number_print(double value, char decimal, char *buffer);

/* Whether a is b but for rounding: within a billionth of it, or of 1. */
static inline bool emend_number_is_close(double a, double b) { return fabs(a - b) <= 1e-9 * fmax(1, fabs(b)); }

#endif
