/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_LANES_H
#define BASE_LANES_H

#include <stddef.h>
#include <stdint.h>

/*
 * Vectors for a file that is compiled once per instruction set: EMEND_LANES doubles, exactly as wide as that set's; EMEND_LEVEL is its
 * name. Written with the compiler's vector extensions, so that the same source serves every processor. Everything is inlined:
 * a helper outside the compiled file would run as the lowest set's code.
 */
#define EMEND_PASTE_(a, b) a##b
#define EMEND_PASTE(a, b) EMEND_PASTE_(a, b)
#define EMEND_INLINE static inline __attribute__((always_inline))
/* Before a short loop of a constant length: compilers keep what it indexes in registers only if it is unrolled. */
#ifdef __clang__
#define EMEND_UNROLL _Pragma("unroll")
#else
#define EMEND_UNROLL _Pragma("GCC unroll 16")
#endif

typedef double lanes __attribute__((vector_size(EMEND_LANES * sizeof(double)), aligned(sizeof(double)), may_alias));
typedef int64_t lane_bits __attribute__((vector_size(EMEND_LANES * sizeof(int64_t)), aligned(sizeof(int64_t)), may_alias));

EMEND_INLINE lanes lanes_load(const double *p) { return *(const lanes *)(const void *)p; }
EMEND_INLINE void lanes_store(double *p, lanes v) { *(lanes *)(void *)p = v; }
EMEND_INLINE lanes lanes_all(double x) { return x - (lanes){0}; }

/* The sum of a vector's entries, always in the same order. */
EMEND_INLINE double lanes_sum(lanes v) {
#if EMEND_LANES == 8
  typedef double half __attribute__((vector_size(4 * sizeof(double))));
  half h = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
  return (h[0] + h[2]) + (h[1] + h[3]);
#elif EMEND_LANES == 4
  return (v[0] + v[2]) + (v[1] + v[3]);
#else
  return v[0] + v[1];
#endif
}

/* The sums of R vectors' entries, R at most 4, as lanes_sum gives them but for the order. */
EMEND_INLINE void lanes_sums(const size_t R, const lanes *v, double *sums) {
#if EMEND_LANES >= 4
  typedef double four __attribute__((vector_size(4 * sizeof(double)), aligned(sizeof(double)), may_alias));
  if (R == 4) {
    four q[4];
    EMEND_UNROLL for (size_t r = 0; r < 4; r++)
#if EMEND_LANES == 8
      q[r] = __builtin_shufflevector(v[r], v[r], 0, 1, 2, 3) + __builtin_shufflevector(v[r], v[r], 4, 5, 6, 7);
#else
      q[r] = (four)v[r];
#endif
    four a = __builtin_shufflevector(q[0], q[1], 0, 4, 2, 6) + __builtin_shufflevector(q[0], q[1], 1, 5, 3, 7);
    four b = __builtin_shufflevector(q[2], q[3], 0, 4, 2, 6) + __builtin_shufflevector(q[2], q[3], 1, 5, 3, 7);
    *(four *)(void *)sums = __builtin_shufflevector(a, b, 0, 1, 4, 5) + __builtin_shufflevector(a, b, 2, 3, 6, 7);
    return;
  }
#endif
  EMEND_UNROLL for (size_t r = 0; r < R; r++)
    sums[r] = lanes_sum(v[r]);
}

#endif
