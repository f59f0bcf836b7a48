/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EM_ACCELERATOR_H
#define EM_ACCELERATOR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Acceleration of a fixed-point iteration x -> g(x): from the points seen so far a guess of the limit. Each kind is one file; the loop sees
 * this.
 */
typedef enum emend_proposal {
  EMEND_PROPOSAL_NONE, /* nothing to go by */
  EMEND_PROPOSAL_WAIT, /* in the midst of a cycle: take the plain step */
  EMEND_PROPOSAL_MADE
} emend_proposal;

typedef struct emend_accelerator {
  void *state;
  size_t most_refusals; /* in a row, before it is taken for no help here */
  void (*free)(void *state);
  /* Forgets the points seen so far: the last proposal was refused. */
  void (*restart)(void *state);
  /* Takes the point x and its image g; `proposal` receives the guessed limit if one is made. *reach: how many times the length of the step
   * from x to g the limit is away from g, rate / (1 - rate) for the slowest direction; NaN where that is not known yet. No allocation. */
  emend_proposal (*propose)(void *state, const double *x, const double *g, double *proposal, double *reach);
} emend_accelerator;

/*
 * The largest eigenvalue below 1 of the map's derivative in the span of m (at most EMEND_MOST_DIFFERENCES) differences of points dx, from
 * the products of the differences of images dg and of steps df = dg - dx: gg = dg'dg, ff = df'df, gf = dg'df (m x m, rows `stride` apart).
 * It grows towards the rate of convergence as the span does. NaN if there is none. Saad (2011), Numerical Methods for Large Eigenvalue
 * Problems, section 4.3 (Rayleigh-Ritz).
 */
enum { EMEND_MOST_DIFFERENCES = 16 };
double emend_largest_rate(size_t m, size_t stride, const double *gg, const double *ff, const double *gf);

/* Anderson acceleration: where the steps would vanish, by least squares over the last few points. Walker & Ni (2011), SIAM J. Numer. Anal.
 * 49; for EM Henderson & Varadhan (2019), JCGS 28. False: out of memory. */
bool emend_anderson_new(size_t n_parameters, emend_accelerator *accelerator);
/* SQUAREM: after two steps, one along both, as long as their ratio says. Varadhan & Roland (2008), Scand. J. Stat. 35, scheme S3. */
bool emend_squarem_new(size_t n_parameters, emend_accelerator *accelerator);

#endif
