/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_DECIMAL_H
#define BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* From decimal to binary numbers and back, exactly and without a library: by a table of powers of ten in 128 bits. */

typedef struct emend_decimal {
  uint64_t digits;
  int64_t exponent; /* of ten */
} emend_decimal;

/*
 * The double nearest to digits x 10^exponent, ties to even; infinity and 0 beyond the range. False, very rarely, if 128 bits do not
 * decide between two neighbours.
 * Source: D. Lemire (2021), Number parsing at a gigabyte per second, Software: Practice and Experience 51, 1700-1727.
 */
bool emend_decimal_to_double(emend_decimal decimal, double *value);

/*
 * The decimal number with the fewest digits among those that are nearer to `value` (positive, finite) than to any other double, and of
 * several the nearest to it. Digits do not end in 0.
 * Source: R. Giulietti (2020), The Schubfach way to render doubles.
 */
emend_decimal emend_decimal_of_double(double value);

/* For each power of ten the 128 bits of its mantissa, rounded up: 10^q = (high x 2^64 + low) x 2^floor(q log2(10) - 127), at most. */
typedef struct emend_power_of_ten {
  uint64_t high, low;
} emend_power_of_ten;
enum { EMEND_LEAST_POWER = -342, EMEND_GREATEST_POWER = 324 };
extern const emend_power_of_ten emend_powers_of_ten[EMEND_GREATEST_POWER - EMEND_LEAST_POWER + 1];

#endif
