/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sched.h>
#include <stdio.h>

#include "base/team.h"

/* The control group's limit, "QUOTA PERIOD" in microseconds, in whole cores; 0 if there is none ("max PERIOD"). */
static unsigned quota(void) {
  unsigned long share = 0, period = 0;
  FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
  if (!file)
    return 0;
  int read = fscanf(file, "%lu %lu", &share, &period);
  fclose(file);
  return read == 2 && period > 0 && share / period < 65536 ? (unsigned)((share + period - 1) / period) : 0;
}

unsigned emend_cores(void) {
  cpu_set_t set;
  int count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  unsigned cores = count > 0 ? (unsigned)count : 1, limit = quota();
  return limit > 0 && limit < cores ? limit : cores;
}
