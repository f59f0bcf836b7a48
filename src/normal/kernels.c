/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "normal/kernel.h"

/* Best first; baseline is the last and always there. */
static const emend_kernels *const compiled[] = {
#ifdef EMEND_X86_KERNELS
    &emend_kernels_avx512,
    &emend_kernels_avx2,
#endif
    &emend_kernels_baseline,
};

enum { N_COMPILED = sizeof compiled / sizeof *compiled };

/* How many at the head of the list this processor lacks. */
static size_t lacking(void) {
#ifdef EMEND_X86_KERNELS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return 0;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 1 : 2;
#else
  return 0;
#endif
}

const emend_kernels *const *emend_kernels_available(size_t *count) {
  size_t skip = lacking();
  *count = N_COMPILED - skip;
  return compiled + skip;
}

const emend_kernels *emend_kernels_choose(void) {
  size_t count;
  const emend_kernels *const *available = emend_kernels_available(&count);
  const char *wanted = getenv("EMEND_KERNEL");
  for (size_t i = 0; wanted && i < count; i++)
    if (strcmp(available[i]->name, wanted) == 0)
      return available[i];
  return available[0];
}
