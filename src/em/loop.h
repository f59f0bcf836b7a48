/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EM_LOOP_H
#define EM_LOOP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/events.h"
#include "emend/normal.h"

/*
 * The EM loop. It knows a model only by these functions: one E-step at the current parameters, which also gives the objective there
 * (log-likelihood plus log-prior); one M-step; and the parameters as a vector in standardised units, of which steps are measured.
 */
typedef struct emend_em_model {
  void *state;
  size_t n_parameters;
  /* May fail with EMEND_NOT_POSITIVE_DEFINITE: the loop passes it on. */
  emend_status (*estep)(void *state, double *objective, emend_error *error);
  void (*mstep)(void *state);
  void (*get)(const void *state, double *parameters);
  /* Moves the parameters a little (about 1e-3) in every direction, within their space; NULL: cannot. Called once, when the start is a fixed
   * point: the way back tells how fast EM converges, and a fixed point that is no maximum is left. */
  void (*nudge)(void *state);
  /* How far the parameters of the last E-step are from the edge of the valid models, 0 to 1; 0 if it failed. NULL: not known. */
  double (*margin)(const void *state);
  /* For acceleration: the parameters as n_free numbers of which any values are valid, and back. get_free is false if none are. */
  size_t n_free;
  bool (*get_free)(void *state, double *free);
  void (*set_free)(void *state, const double *free);
} emend_em_model;

typedef struct emend_em_control {
  double tolerance; /* of the estimated distance to the limit */
  size_t max_iterations;
  emend_status (*look)(void *state, size_t iterations, emend_error *error); /* after each that has not converged; an error ends it. May be NULL */
  void *look_state;
  emend_acceleration acceleration;
  double slow_rate; /* plain steps as long as each is shorter than this share of the one before: there EM needs no help. 0: none */
  bool has_maximum;       /* the objective is known to have one, as a prior sees to it */
  bool one_step_is_exact; /* nothing is missing: the first M-step is the answer */
  const char *objective_name; /* for progress: "log-likelihood" */
  double objective_shift;     /* added to the objective where it is shown: units */
  emend_events *events;
} emend_em_control;

typedef struct emend_em_result {
  size_t iterations; /* M-steps taken */
  size_t esteps;     /* E-steps taken, those of refused jumps included */
  bool converged;
  double distance;  /* estimated largest remaining distance of a parameter to its limit; NaN if it could not be estimated */
  double rate;      /* of the last two plain steps in a row, the largest fraction of missing information; NaN while there are none */
  double objective; /* at the parameters of the last E-step */
  double largest_fall; /* of the objective in a step, relative to its size: rounding, or a defect */
} emend_em_result;

/*
 * Runs to convergence or to the limit of iterations. On convergence the model's parameters are those after the last M-step, and the
 * objective and the statistics of the last E-step those just before it: the two differ by rounding. Else the E-step has been done at the
 * final parameters. Not converging is a result. With acceleration each M-step is followed by a jump to the guessed limit, which is kept
 * only if the objective does not fall: it never falls from one accepted point to the next, but for rounding. No allocation inside an
 * iteration. Source: docs/methods.md section 4.
 */
emend_status emend_em_run(const emend_em_model *model, const emend_em_control *control, emend_em_result *result, emend_error *error);

#endif
