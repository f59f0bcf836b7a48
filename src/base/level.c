/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/level.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[EMEND_LEVELS] = {"baseline", "avx2", "avx512"};

const char *emend_level_name(emend_level level) { return names[level]; }

emend_level emend_level_best(void) {
#ifdef EMEND_X86_KERNELS
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
    return EMEND_LEVEL_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return EMEND_LEVEL_AVX2;
#endif
  return EMEND_LEVEL_BASELINE;
}

emend_level emend_level_choose(void) {
  emend_level best = emend_level_best();
  const char *wanted = getenv("EMEND_KERNEL");
  size_t length = wanted ? strcspn(wanted, ",") : 0;
  for (int level = 0; level < (int)best; level++)
    if (length == strlen(names[level]) && strncmp(wanted, names[level], length) == 0)
      return (emend_level)level;
  return best;
}
