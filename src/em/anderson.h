/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EM_ANDERSON_H
#define EM_ANDERSON_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Anderson acceleration of a fixed-point iteration x -> g(x): from the last few points and their steps it guesses where the steps would
 * vanish, by least squares. Source: Walker & Ni (2011), SIAM J. Numer. Anal. 49; for EM Henderson & Varadhan (2019), JCGS 28.
 */
typedef struct emend_anderson emend_anderson;

emend_anderson *emend_anderson_new(size_t n_parameters); /* NULL: out of memory */
void emend_anderson_free(emend_anderson *anderson);
/* Forgets the points seen so far. */
void emend_anderson_restart(emend_anderson *anderson);
/* Takes the point x and its image g; writes the guessed limit to `proposal`. False, and nothing written, while there is no earlier point. No allocation. */
bool emend_anderson_propose(emend_anderson *anderson, const double *x, const double *g, double *proposal);

#endif
