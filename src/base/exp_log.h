/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_EXP_LOG_H
#define BASE_EXP_LOG_H

#include "base/lanes.h"

/* exp and log of all entries of a vector at once; for files that are compiled once per instruction set. */

typedef uint64_t lane_words __attribute__((vector_size(EMEND_LANES * sizeof(uint64_t)), aligned(sizeof(uint64_t)), may_alias));

/* The larger of two; b where a is NaN. */
EMEND_INLINE lanes larger_of(lanes a, lanes b) {
  lane_bits mask = a > b;
  return (lanes)(((lane_bits)a & mask) | ((lane_bits)b & ~mask));
}

/*
 * exp(x) for x <= 0, within 1.1 ulp where it is at least 2^-1021; 0 below -708 and for NaN. x = n ln 2 + r with |r| <= ln 2 / 2, the Taylor
 * polynomial of degree 13 at r (its remainder is 4e-18 of the value), and n added to the exponent.
 */
EMEND_INLINE lanes exp_of(lanes x) {
  const double shifter = 0x1.8p52, high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33; /* ln 2 in two parts: n * high is exact */
  lane_bits normal = x > -708.0;
  lanes y = (lanes)((lane_bits)x & normal);
  lanes shifted = y * 0x1.71547652b82fep0 + shifter; /* the last bits of its significand are n */
  lanes n = shifted - shifter;
  lanes r = (y - n * high) - n * low, r2 = r * r;
  lanes even = r2 * (1. / 6227020800) + 1. / 39916800, odd = r2 * (1. / 479001600) + 1. / 3628800;
  even = even * r2 + 1. / 362880, odd = odd * r2 + 1. / 40320;
  even = even * r2 + 1. / 5040, odd = odd * r2 + 1. / 720;
  even = even * r2 + 1. / 120, odd = odd * r2 + 1. / 24;
  even = even * r2 + 1. / 6, odd = odd * r2 + 1. / 2;
  lanes p = 1 + (r + r2 * (odd + r * even));
  lane_bits scaled = (lane_bits)((lane_words)p + ((lane_words)shifted << 52));
  return (lanes)(scaled & normal);
}

/* log(x) for finite x >= 1, within 1 ulp: x = 2^n m with m in [sqrt(1/2), sqrt(2)), and the polynomial of fdlibm for log(m). */
EMEND_INLINE lanes log_of(lanes x) {
  const double high = 0x1.62e42feep-1, low = 0x1.a39ef35793c76p-33;
  const uint64_t root = UINT64_C(0x3fe6a09e667f3bcd); /* sqrt(1/2) */
  lane_words exponent = ((lane_words)x - root) >> 52;
  lanes n = (lanes)(exponent | UINT64_C(0x4330000000000000)) - 0x1p52;
  lanes f = (lanes)((lane_words)x - (exponent << 52)) - 1;
  lanes s = f / (2 + f), z = s * s, half = 0.5 * f * f;
  lanes r = z * 1.479819860511658591e-01 + 1.531383769920937332e-01;
  r = r * z + 1.818357216161805012e-01;
  r = r * z + 2.222219843214978396e-01;
  r = r * z + 2.857142874366239149e-01;
  r = r * z + 3.999999999940941908e-01;
  r = r * z + 6.666666666666735130e-01;
  r = r * z;
  return n * high - ((half - (s * (half + r) + n * low)) - f);
}

#endif
