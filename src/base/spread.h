/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SPREAD_H
#define BASE_SPREAD_H

#include <stddef.h>
#include <stdint.h>

/*
 * The i-th of n places spread over n_all (n <= n_all): one from each of n equal stretches, ascending, all different; every place if n is
 * n_all. Where in its stretch, changes from one to the next without a period: rows often come in rounds (waves, items), and files sorted.
 */
static inline size_t emend_spread(size_t i, size_t n, size_t n_all) {
  const uint64_t golden = 0x9E3779B97F4A7C15u; /* its multiples, modulo 2^64, fill the circle evenly */
  size_t length = n_all / n, longer = n_all % n, first = i * length + (i < longer ? i : longer);
  length += i < longer;
  return first + (size_t)((((uint64_t)i * golden) >> 32) * length >> 32);
}

#endif
