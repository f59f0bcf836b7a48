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

/* The level that a name, or the part before its comma, means; EMEND_LEVELS: none that can run here. */
static int find(const char *name) {
  size_t length = strcspn(name, ",");
  int level = 0, n = (int)emend_level_best() + 1;
  while (level < n && (length != strlen(names[level]) || strncmp(name, names[level], length) != 0))
    level++;
  return level < n ? level : EMEND_LEVELS;
}

emend_level emend_level_choose(void) {
  const char *wanted = getenv("EMEND_KERNEL");
  int level = wanted ? find(wanted) : EMEND_LEVELS;
  return level < EMEND_LEVELS ? (emend_level)level : emend_level_best();
}

const char *emend_level_refused(void) {
  const char *wanted = getenv("EMEND_KERNEL");
  return wanted && *wanted && find(wanted) == EMEND_LEVELS ? wanted : NULL;
}
