/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BENCH_FIT_H
#define BENCH_FIT_H

#include "emend/normal.h"
#include "pattern/reduced.h"
#include "tables.h"

/* One estimation from columns in memory: setup is what comes before the first E-step, as far as it does not depend on the parameters. */
typedef struct bench_fit {
  double setup, em;                     /* seconds by the clock */
  double setup_processor, em_processor; /* seconds of processor time, all threads */
  emend_normal *normal;                 /* the caller's to free */
} bench_fit;

/* These end the program if they fail. */
bench_fit bench_fit_new(const bench_table *table, const emend_normal_options *options);
emend_reduced *bench_reduced_new(const bench_table *table); /* the setup only; the caller's to free */
void bench_check(emend_status status);

const char *bench_fit_kernel(void); /* the kernel that estimations use */
double bench_processor_seconds(void);

#endif
