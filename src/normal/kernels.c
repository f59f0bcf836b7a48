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

/* Side by side: the inverses of a batch of patterns, one more matrix, the rows' sums and what sweeping needs. Alone: two matrices, the
 * pivots' rows and columns, and some rows, all of them padded. */
size_t emend_kernel_scratch(size_t n) {
  enum { PIECES = 8, SWEEPING = 16, ROWS = 40, BATCH = 1024, GROUPS = 32 };
  size_t few = n < EMEND_MOST_SIDE_BY_SIDE ? n : EMEND_MOST_SIDE_BY_SIDE;
  size_t inverses = few * few < BATCH ? BATCH : few * few;
  inverses = inverses < GROUPS * few * few ? inverses : GROUPS * few * few;
  size_t vectors = inverses + few * few + (SWEEPING + ROWS) * few, alone = 2 * (n + EMEND_COLUMNS_TOGETHER) * (n + EMEND_COLUMNS_TOGETHER + SWEEPING + PIECES);
  return EMEND_MOST_LANES * (vectors + PIECES) + alone + EMEND_MOST_LANES * PIECES;
}
