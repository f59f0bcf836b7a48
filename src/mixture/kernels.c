/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/level.h"
#include "mixture/kernel.h"

/* By level; those that this build does not have are NULL. */
static const emend_mixture_kernels *const compiled[EMEND_LEVELS] = {
    [EMEND_LEVEL_BASELINE] = &emend_mixture_kernels_baseline,
#ifdef EMEND_X86_KERNELS
    [EMEND_LEVEL_AVX2] = &emend_mixture_kernels_avx2,
    [EMEND_LEVEL_AVX512] = &emend_mixture_kernels_avx512,
#endif
};

const emend_mixture_kernels *emend_mixture_kernels_choose(void) { return compiled[emend_level_choose()]; }

const emend_mixture_kernels *emend_mixture_kernels_get(emend_level level) { return level <= emend_level_best() ? compiled[level] : NULL; }
