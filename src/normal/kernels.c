/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/kernel.h"

static const emend_kernels *const kernels[EMEND_LEVELS] = {
    &emend_kernels_baseline,
#ifdef EMEND_X86_KERNELS
    &emend_kernels_avx2,
    &emend_kernels_avx512,
#endif
};

const emend_kernels *emend_kernels_of(emend_level level) { return kernels[level]; }

/* Side by side: the vectors of two triangles, of the rows' entries and of what sweeping needs; and one pattern's two triangles and its rows. Alone: the
 * latter only. */
size_t emend_kernel_scratch(size_t n) {
  enum { PIECES = 8, SWEEPING = 16, ENTRIES = 8 };
  size_t few = n < EMEND_MOST_SIDE_BY_SIDE ? n : EMEND_MOST_SIDE_BY_SIDE;
  size_t vectors = 2 * few * few + (SWEEPING + ENTRIES) * few, alone = 2 * n * n + ENTRIES * n;
  return EMEND_MOST_LANES * (vectors + PIECES) + alone + EMEND_MOST_LANES * PIECES;
}
