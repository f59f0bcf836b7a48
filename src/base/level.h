/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_LEVEL_H
#define BASE_LEVEL_H

/*
 * The instruction sets that the inner loops are compiled for, once each. A room with such loops has one table per level: those of
 * base/lanes.h, whose vectors are exactly as wide as the hardware's.
 */
typedef enum emend_level { EMEND_LEVEL_BASELINE, EMEND_LEVEL_AVX2, EMEND_LEVEL_AVX512 } emend_level;
enum { EMEND_LEVELS = 3 };

/* The best that this build has and this processor can run. */
emend_level emend_level_best(void);
/* The same, or a lesser one that the environment variable EMEND_KERNEL names ("avx2", alone or before a comma). */
emend_level emend_level_choose(void);
/* What EMEND_KERNEL names, if that is no level that can run here, and so is not heeded; else NULL. */
const char *emend_level_refused(void);
const char *emend_level_name(emend_level level); /* "baseline", "avx2", "avx512" */

#endif
