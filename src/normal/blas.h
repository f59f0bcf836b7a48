/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_BLAS_H
#define NORMAL_BLAS_H

#include "base/error.h"

/* OpenBLAS within an entry point of the library: one thread per call, its own threads would fight ours, and spin while they wait. */
typedef struct emend_blas {
  int threads; /* of its own before, to be restored */
} emend_blas;

/*
 * `callers`: how many of our threads may call it at a time. It takes 128 MiB of address space for each when first called, and waits for
 * ever for what it cannot have: EMEND_OUT_OF_MEMORY here. End it whatever the result.
 */
emend_status emend_blas_begin(emend_blas *blas, unsigned callers, emend_error *error);
void emend_blas_end(const emend_blas *blas);

#endif
