/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "em/loop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "em/accelerator.h"

/* Steps shorter than this tell nothing; objectives this close, relative to their size, are equal. */
static const double ROUNDING = 1e-13, SAME = 1e-11;
/* A jump that is refused is tried with this share of its length. */
static const double SHORTER = 0.25;
enum { MOST_TRIES = 4, SETTLING_STEPS = 5, PATIENCE = 6, FIRST_PAUSE = 10, LONGEST_PAUSE = 160 };

/* One run of the loop. */
typedef struct runner {
  const emend_em_model *model;
  const emend_em_control *control;
  emend_em_result *result;
  double *before, *after; /* parameters around a step or jump */
  double step;            /* length of the last EM step */
  double rise;            /* of the objective in the last iteration */
  double fraction;        /* of the way, as last reported */
  size_t tiny;            /* EM steps in a row that are only rounding */
  size_t near;            /* iterations in a row that seemed near enough to the limit */
  size_t settling;        /* plain steps to take before their ratio is believed */
  /* Acceleration; without state where there is none. */
  emend_accelerator accelerator;
  double *point, *image, *proposal;
  bool at_point;   /* `point` holds the current parameters */
  size_t refusals; /* in a row */
  size_t pause;    /* plain steps to take before acceleration is tried again */
  size_t next_pause;
  bool slow;       /* acceleration has begun */
} runner;

static void runner_free(runner *r) {
  if (r->accelerator.state)
    r->accelerator.free(r->accelerator.state);
  free(r->before), free(r->after), free(r->point), free(r->image), free(r->proposal);
}

static emend_status runner_init(runner *r, emend_error *error) {
  const emend_em_model *model = r->model;
  r->before = emend_allocate(model->n_parameters, sizeof(double));
  r->after = emend_allocate(model->n_parameters, sizeof(double));
  bool ok = r->before && r->after;
  if (ok && r->control->acceleration != EMEND_ACCELERATE_NONE && model->get_free && !r->control->one_step_is_exact) {
    bool squarem = r->control->acceleration == EMEND_ACCELERATE_SQUAREM;
    ok = squarem ? emend_squarem_new(model->n_free, &r->accelerator) : emend_anderson_new(model->n_free, &r->accelerator);
    r->point = emend_allocate(model->n_free, sizeof(double));
    r->image = emend_allocate(model->n_free, sizeof(double));
    r->proposal = emend_allocate(model->n_free, sizeof(double));
    ok = ok && r->point && r->image && r->proposal;
  }
  return ok ? EMEND_OK : emend_fail_memory(error);
}

static double length_of_step(const runner *r) {
  double largest = 0;
  for (size_t i = 0; i < r->model->n_parameters; i++)
    largest = fabs(r->after[i] - r->before[i]) > largest ? fabs(r->after[i] - r->before[i]) : largest;
  return largest;
}

static emend_status estep(runner *r, double *objective, emend_error *error) {
  r->result->esteps++;
  return r->model->estep(r->model->state, objective, error);
}

/* What a plain EM step tells of the distance left: step * rate / (1 - rate). Steps of the size of rounding tell nothing of the rate. */
static void measure_step(runner *r) {
  r->model->get(r->model->state, r->after);
  double step = length_of_step(r);
  if (r->step > ROUNDING)
    r->result->rate = step / r->step;
  r->tiny = step < ROUNDING ? r->tiny + 1 : 0;
  r->step = step;
}

/* Whether it is time to jump. Far from the limit the steps say little of how fast EM will come near it, and what they would teach the
 * accelerator is misleading; but it is not waited for long. */
static bool is_slow(runner *r) {
  const double near = 0.01;
  double slow_rate = r->control->slow_rate;
  bool slow = r->step < near ? r->result->rate >= slow_rate : r->result->iterations > PATIENCE;
  r->slow = r->slow || !(slow_rate > 0) || slow;
  return r->slow;
}

static void estimate_distance_from_steps(runner *r) {
  if (r->settling > 0)
    r->settling--;
  double rate = r->result->rate;
  r->result->distance = r->settling == 0 && rate < 1 ? r->step * rate / (1 - rate) : NAN;
}

/* An accelerator that is refused again and again is no help here: plain EM for a while, each time for longer. */
static void count_refusal(runner *r) {
  r->accelerator.restart(r->accelerator.state);
  if (++r->refusals < r->accelerator.most_refusals)
    return;
  r->refusals = 0;
  r->pause = r->next_pause;
  r->next_pause = 2 * r->pause < LONGEST_PAUSE ? 2 * r->pause : LONGEST_PAUSE;
  r->step = 0;
  r->settling = SETTLING_STEPS;
}

/* Near a singular covariance rounding moves the steps as much as EM does: after many iterations one short step proves nothing. */
static bool has_converged(runner *r) {
  enum { MANY = 50, IN_A_ROW = 2 };
  if (!isnan(r->result->distance))
    r->near = r->result->distance < r->control->tolerance && r->rise < 1e-3 ? r->near + 1 : 0;
  return r->near >= (r->result->iterations > MANY ? IN_A_ROW : 1);
}

/* The current parameters are those of `vector`, which becomes the point. */
static void come_to(runner *r, double **vector) {
  double *other = r->point;
  r->point = *vector;
  *vector = other;
  r->at_point = true;
}

static bool find_point(runner *r) {
  if (r->pause > 0)
    r->pause--;
  bool found = r->accelerator.state && r->pause == 0 && (r->at_point || r->model->get_free(r->model->state, r->point));
  r->at_point = false; /* once the M-step is done */
  return found;
}

/* After the M-step: asks the accelerator for a guess of the limit. It also tells how far the limit is, in steps: the steps themselves hide
 * the slow direction under fast ones. */
static emend_proposal ask(runner *r) {
  const emend_em_model *model = r->model;
  double reach = NAN;
  bool defined = model->get_free(model->state, r->image);
  emend_proposal made =
      defined ? r->accelerator.propose(r->accelerator.state, r->point, r->image, r->proposal, &reach) : EMEND_PROPOSAL_NONE;
  double distance = reach * r->step;
  r->result->distance = isfinite(distance) ? distance : NAN;
  return made;
}

/* A direction that the data leave open makes a guess far, and the way to the limit is curved: a part of the way may do. Near the edge of the
 * valid models, where the objective may have no maximum, small jumps would only hide that it has none. */
static bool may_shorten(const runner *r) {
  static const double EDGE = 0.05;
  return r->control->has_maximum || (r->model->margin && r->model->margin(r->model->state) > EDGE);
}

/* The E-step at the guessed limit, or a part of the way there; back to the image if the objective falls. */
static bool jump(runner *r, double *objective) {
  const emend_em_model *model = r->model;
  r->result->rate = NAN; /* the step before was none of EM's */
  for (int tries = 0; tries < MOST_TRIES && (tries == 0 || may_shorten(r)); tries++) {
    for (size_t i = 0; i < model->n_free && tries > 0; i++)
      r->proposal[i] = r->image[i] + (r->proposal[i] - r->image[i]) * SHORTER;
    model->set_free(model->state, r->proposal);
    if (estep(r, objective, NULL) == EMEND_OK && *objective >= r->result->objective - SAME * (1 + fabs(r->result->objective))) {
      r->refusals = 0;
      come_to(r, &r->proposal);
      return true;
    }
  }
  model->set_free(model->state, r->image);
  come_to(r, &r->image);
  count_refusal(r);
  return false;
}

/* One iteration: the M-step, and if that is not the end of it the jump if there is one, and the E-step at the new parameters, which gives
 * their objective. */
static emend_status iterate(runner *r, emend_error *error) {
  const emend_em_model *model = r->model;
  double objective = 0;
  bool accelerate = find_point(r);
  emend_proposal made = EMEND_PROPOSAL_NONE;
  model->get(model->state, r->before);
  model->mstep(model->state);
  r->result->iterations++;
  measure_step(r);
  if (accelerate && is_slow(r))
    made = ask(r);
  else
    estimate_distance_from_steps(r);
  r->result->converged = !r->control->one_step_is_exact && has_converged(r);
  if (r->result->converged)
    return EMEND_OK;
  bool jumped = made == EMEND_PROPOSAL_MADE && jump(r, &objective);
  emend_status status = jumped ? EMEND_OK : estep(r, &objective, error);
  if (status)
    return status;
  r->rise = objective - r->result->objective;
  r->result->largest_fall = fmax(r->result->largest_fall, -r->rise / (1 + fabs(r->result->objective)));
  r->result->objective = objective;
  return EMEND_OK;
}

static emend_status report(runner *r, emend_error *error) {
  char detail[96];
  snprintf(detail, sizeof detail, "iteration %zu, %s %.10g", r->result->iterations, r->control->objective_name,
           r->result->objective + r->control->objective_shift);
  /* With a linear rate the logarithm of the distance falls by the same amount each step: progress is its share of the way down from 1.
   * Early estimates are short of the truth; what has been reported is not taken back. */
  double distance = r->result->distance;
  double fraction = distance > 0 && distance < 1 ? log(distance) / log(r->control->tolerance) : 0;
  r->fraction = fmin(1, fmax(r->fraction, fraction));
  return emend_progress(r->control->events, "estimate", r->fraction, detail, error);
}

/* A start that does not move is a fixed point, but how near EM would bring other points to it is not known yet. */
static emend_status leave_fixed_point(runner *r, emend_error *error) {
  r->model->nudge(r->model->state);
  r->tiny = 0;
  r->step = 0;
  r->at_point = false;
  if (r->accelerator.state)
    r->accelerator.restart(r->accelerator.state);
  return estep(r, &r->result->objective, error);
}

emend_status emend_em_run(const emend_em_model *model, const emend_em_control *control, emend_em_result *result, emend_error *error) {
  *result = (emend_em_result){.distance = NAN, .rate = NAN};
  runner r = {.model = model, .control = control, .result = result, .next_pause = FIRST_PAUSE};
  emend_status status = runner_init(&r, error);
  if (!status)
    status = estep(&r, &result->objective, error);
  while (!status && !result->converged && r.tiny < 3 && result->iterations < control->max_iterations) {
    status = iterate(&r, error);
    if (!status && control->one_step_is_exact) {
      result->distance = result->rate = 0;
      result->converged = true;
    } else if (!status) {
      status = report(&r, error);
      if (!status && result->iterations == 1 && r.tiny && !result->converged && model->nudge)
        status = leave_fixed_point(&r, error);
      if (!status && !result->converged && control->look)
        status = control->look(control->look_state, result->iterations, error);
    }
  }
  runner_free(&r);
  return status;
}
