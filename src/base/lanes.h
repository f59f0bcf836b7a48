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

#if defined __has_feature
#if __has_feature(address_sanitizer) && !defined EMEND_PLAIN
#define EMEND_PLAIN 1
#endif
#elif defined __SANITIZE_ADDRESS__ && !defined EMEND_PLAIN
#define EMEND_PLAIN 1
#endif

/*
 * However the rest is built, these files are for speed. GCC's loops that clear or copy a few vectors must stay loops: as string
 * instructions, which take tens of cycles to begin, they cost a third of an E-step.
 */
#if defined __GNUC__ && !defined __clang__ && !defined EMEND_PLAIN
#pragma GCC optimize("O3", "no-tree-loop-distribute-patterns")
#endif

/*
 * Small systems get code of their own for each size, `switch (n) { EMEND_SIZES(CALL) default: ... }`, with short loops unrolled: compilers
 * keep what these index in registers only then (clang does it unasked). Under the sanitizers, whose checks of every access would take
 * minutes to compile, and in builds for tests alone (-DEMEND_PLAIN) nothing of this is asked for.
 */
#ifdef EMEND_PLAIN
#define EMEND_INLINE static inline __attribute__((unused))
#define EMEND_SIZES(CALL)
#else
#define EMEND_INLINE static inline __attribute__((always_inline, unused))
#define EMEND_SIZES(CALL) \
  case 1: CALL(1); break; \
  case 2: CALL(2); break; \
  case 3: CALL(3); break; \
  case 4: CALL(4); break; \
  case 5: CALL(5); break; \
  case 6: CALL(6); break; \
  case 7: CALL(7); break; \
  case 8: CALL(8); break;
#endif
#if defined EMEND_PLAIN || defined __clang__
#define EMEND_UNROLL
#else
#define EMEND_UNROLL _Pragma("GCC unroll 16")
#endif

typedef double lanes __attribute__((vector_size(EMEND_LANES * sizeof(double)), aligned(sizeof(double)), may_alias));
typedef int64_t lane_bits __attribute__((vector_size(EMEND_LANES * sizeof(int64_t)), aligned(sizeof(int64_t)), may_alias));

EMEND_INLINE lanes lanes_load(const double *p) { return *(const lanes *)(const void *)p; }
EMEND_INLINE void lanes_store(double *p, lanes v) { *(lanes *)(void *)p = v; }
EMEND_INLINE lanes lanes_all(double x) { return x - (lanes){0}; }

/* Keeps a vector that is used several times in a register: compilers would rather read it from memory again at each use. */
#if defined __x86_64__ && EMEND_LANES > 2
#define EMEND_HOLD(v) __asm__("" : "+v"(v))
#else
#define EMEND_HOLD(v) ((void)(v))
#endif

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
