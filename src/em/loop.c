/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "em/loop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

/* What the stopping rule remembers from one step to the next. */
typedef struct tracker {
  double *before, *after; /* parameters around a step */
  size_t n;
  double step;      /* length of the last step */
  double objective; /* before the last step */
  size_t tiny;      /* steps in a row that are only rounding */
  double fraction;  /* of the way, as last reported */
} tracker;

static const double ROUNDING = 1e-13;

static double largest_difference(const tracker *t) {
  double largest = 0;
  for (size_t i = 0; i < t->n; i++)
    largest = fmax(largest, fabs(t->after[i] - t->before[i]));
  return largest;
}

/* The distance left after a step of this length: step * r / (1 - r). Steps of the size of rounding tell nothing about r. */
static void estimate_distance(tracker *t, double step, emend_em_result *result) {
  if (t->step > ROUNDING)
    result->rate = step / t->step;
  t->tiny = step < ROUNDING ? t->tiny + 1 : 0;
  t->step = step;
  result->distance = result->rate < 1 ? step * result->rate / (1 - result->rate) : NAN;
}

static bool has_converged(const tracker *t, const emend_em_control *control, const emend_em_result *result) {
  double rise = result->objective - t->objective;
  return result->distance < control->tolerance && rise < 1e-3;
}

static emend_status report(const emend_em_control *control, tracker *t, const emend_em_result *result, emend_error *error) {
  char detail[96];
  snprintf(detail, sizeof detail, "iteration %zu, %s %.10g", result->iterations, control->objective_name,
           result->objective + control->objective_shift);
  /* With a linear rate the logarithm of the distance falls by the same amount each step: progress is its share of the way down from 1. Early
   * estimates are short of the truth; what has been reported is not taken back. */
  double fraction = result->distance > 0 && result->distance < 1 ? log(result->distance) / log(control->tolerance) : 0;
  t->fraction = fmin(1, fmax(t->fraction, fraction));
  return emend_progress(control->events, "estimate", t->fraction, detail, error);
}

/* One iteration: the M-step, and the E-step at the new parameters, which gives their objective. */
static emend_status iterate(const emend_em_model *model, tracker *t, emend_em_result *result, emend_error *error) {
  model->get(model->state, t->before);
  model->mstep(model->state);
  model->get(model->state, t->after);
  result->iterations++;
  t->objective = result->objective;
  estimate_distance(t, largest_difference(t), result);
  emend_status status = model->estep(model->state, &result->objective, error);
  double fall = (t->objective - result->objective) / fmax(1, fabs(t->objective));
  result->largest_fall = fmax(result->largest_fall, fall);
  return status;
}

/* A start that does not move is a fixed point, but how near EM would bring other points to it is not known yet. */
static emend_status leave_fixed_point(const emend_em_model *model, tracker *t, emend_em_result *result, emend_error *error) {
  model->nudge(model->state);
  t->tiny = 0;
  t->step = 0;
  return model->estep(model->state, &result->objective, error);
}

emend_status emend_em_run(const emend_em_model *model, const emend_em_control *control, emend_em_result *result, emend_error *error) {
  *result = (emend_em_result){.distance = NAN, .rate = NAN};
  tracker t = {.n = model->n_parameters, .before = emend_allocate(model->n_parameters, sizeof(double)),
               .after = emend_allocate(model->n_parameters, sizeof(double))};
  emend_status status = t.before && t.after ? model->estep(model->state, &result->objective, error) : emend_fail_memory(error);
  while (!status && !result->converged && result->iterations < control->max_iterations) {
    status = iterate(model, &t, result, error);
    if (status)
      break;
    if (control->one_step_is_exact) {
      result->converged = true;
      result->distance = 0;
      result->rate = 0;
    } else {
      result->converged = has_converged(&t, control, result);
      if (t.tiny >= 3) /* nothing moves any more */
        break;
    }
    status = report(control, &t, result, error);
    if (!status && result->iterations == 1 && t.tiny && !result->converged && model->nudge)
      status = leave_fixed_point(model, &t, result, error);
  }
  free(t.before), free(t.after);
  return status;
}
