/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/kernel.h"

/* By level; those that this build does not have are NULL. */
static const emend_curve_kernels *const compiled[EMEND_LEVELS] = {
    [EMEND_LEVEL_BASELINE] = &emend_curve_kernels_baseline,
#ifdef EMEND_X86_KERNELS
    [EMEND_LEVEL_AVX2] = &emend_curve_kernels_avx2,
    [EMEND_LEVEL_AVX512] = &emend_curve_kernels_avx512,
#endif
};

const emend_curve_kernels *emend_curve_kernels_choose(void) { return compiled[emend_level_choose()]; }

const emend_curve_kernels *emend_curve_kernels_get(emend_level level) { return level <= emend_level_best() ? compiled[level] : NULL; }

size_t emend_logit_room(size_t n, size_t d) {
  return EMEND_ANSWERS_TOGETHER * (EMEND_LOGIT_BATCHES * (n + (d + 1) * (d + 2) / 2) + n * (d + 1) + n * (n - 1) / 2 * ((d + 1) * (d + 2) / 2));
}
