/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_KERNEL_H
#define NORMAL_KERNEL_H

#include <stddef.h>
#include <stdint.h>

/*
 * The inner loops of the E-step. kernel.c is compiled once per instruction set, with vectors exactly as wide as that set's; the best one
 * that the processor has is chosen when an estimation begins. Vectors of p entries are padded with zeros to `stride`, a multiple of 8.
 * Results of different kernels differ by rounding only.
 */

/* Conditional distributions of one pattern from the precision matrix (p x stride, symmetric). */
typedef struct emend_conditional {
  double *factor;     /* m x m: scratch, then the lower Cholesky factor of K_MM */
  double *regression; /* m x stride: x_M = offset + regression . x, zero in missing columns and in the padding */
  double *offset;     /* m */
  double *covariance; /* m x m */
} emend_conditional;

/* Rows of one pattern; row r stands for (c_r, x_r) counted weight_factor w_r times. See normal/units.h. */
typedef struct emend_kernel_rows {
  const double *x; /* n x p, 0 in missing columns */
  size_t n;
  const double *constants, *weights; /* NULL: all 1 */
  double weight_factor;
} emend_kernel_rows;

typedef struct emend_kernels {
  const char *name; /* "avx512", "avx2", "baseline" */
  /* Fills *out; returns log|K_MM|, NaN if K_MM is not positive definite. `mean` is padded. Cost m^3 + m^2 p. */
  double (*condition)(size_t stride, const double *precision, const double *mean, const uint32_t *missing, size_t m,
                      const emend_conditional *out);
  /* Adds the rows' expectations: sum_M += w c x_M; products (p x stride) += U with U + U' = w (x x' - its observed part). `scratch` holds
   * 4 (stride + m) doubles, 64-byte aligned. Its first 4 stride must be 0 on entry
   * beyond p in each stride, and stay so. Cost 2 m p per row. */
  void (*accumulate)(size_t p, size_t stride, const uint32_t *missing, size_t m, const emend_conditional *conditional, const emend_kernel_rows *rows,
                     double *sum, double *products, double *scratch);
} emend_kernels;

/* The best kernel of this processor, or the one that the environment variable EMEND_KERNEL names if the processor has it. */
const emend_kernels *emend_kernels_choose(void);
/* All kernels that this processor can run, best first; for tests. */
const emend_kernels *const *emend_kernels_available(size_t *count);

extern const emend_kernels emend_kernels_baseline, emend_kernels_avx2, emend_kernels_avx512;

#endif
