/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/*
 * Counter-based random numbers (Philox 4x32-10 of Random123): the number depends on its coordinates alone, never on the order or
 * thread in which it is asked for. Key (seed, stream); counter (row, column).
 *   stream   what the number is for: an imputation's index, or one of the EMEND_STREAM_ constants
 */
enum { EMEND_STREAM_HIDE = 0x48494445, EMEND_STREAM_START = 0x53545254, EMEND_STREAM_SAMPLE = 0x53414d50, EMEND_STREAM_TEST = 0x54455354,
       EMEND_STREAM_CELL = 0x43454c4c };

/* Uniform in the open interval (0, 1), 53 bits. */
double emend_random_uniform(uint64_t seed, uint32_t stream, uint64_t row, uint64_t column);
/* Standard normal, by inversion of the uniform with the same coordinates. */
double emend_random_normal(uint64_t seed, uint32_t stream, uint64_t row, uint64_t column);

#endif
