/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/part.h"

#include <math.h>

#include "impute/decoding.h"

/* How little the model knows of a cell. */
static double variance_of(const emend_imputation *made, size_t row, size_t variable) {
  double sd = emend_imputation_spread(made, row, variable);
  return sd > 0 && isfinite(sd) ? sd * sd : pow(made->plan->variables[variable].observed.sd, 2);
}

bool emend_part_is_coded(const emend_planned *planned) {
  return planned->type == EMEND_TYPE_BINARY || planned->type == EMEND_TYPE_ORDINAL || planned->type == EMEND_TYPE_NOMINAL ||
         emend_decoder_of(planned, true).kind == EMEND_DECODE_SHARES;
}

/* The step of codes that are all multiples of it: 5 of 0, 5, 15; else 1. */
static double step_of(const emend_categories *c) {
  double step = HUGE_VAL;
  for (size_t i = 1; i < c->n; i++)
    step = fmin(step, c->numbers[i] - c->numbers[i - 1]);
  for (size_t i = 0; i < c->n; i++)
    step = fmod(c->numbers[i], step) != 0 ? 1 : step;
  return step >= 1 && isfinite(step) ? step : 1;
}

emend_part emend_part_limits(const emend_planned *planned) {
  emend_part part = {.whole = planned->allowed.whole || (planned->type == EMEND_TYPE_INTEGER && planned->rounds)};
  part.unit = part.whole ? 1 : planned->allowed.scale > 0 ? 1 / planned->allowed.scale : 0;
  part.lo = fmax(planned->allowed.lo, planned->bounded ? planned->lo : planned->plausible_lo);
  part.hi = fmin(planned->allowed.hi, planned->bounded ? planned->hi : planned->plausible_hi);
  if (emend_part_is_coded(planned) && planned->categories.numbers) {
    part.lo = fmax(part.lo, planned->categories.numbers[0]);
    part.hi = fmin(part.hi, planned->categories.numbers[planned->categories.n - 1]);
    part.unit = part.whole ? step_of(&planned->categories) : part.unit;
  }
  return part;
}

bool emend_part_may_be(const emend_planned *planned, double x) {
  emend_allowed allowed = planned->allowed;
  emend_part part = emend_part_limits(planned);
  bool moved, coded = emend_part_is_coded(planned);
  allowed.values = NULL, allowed.n_values = 0, allowed.scale = 0; /* what the sum says of a quantity need not occur elsewhere */
  return x >= part.lo && x <= part.hi && (!part.whole || x == rint(x)) &&
         (!coded || emend_categories_find(&planned->categories, x) != EMEND_NO_CATEGORY) && emend_allowed_nearest(&allowed, x, &moved) == x;
}

double emend_part_without_noise(double x, double scale) {
  double plain = scale > 0 ? rint(x * scale) / scale : x;
  return fabs(plain - x) < 1e-9 * fmax(1, fabs(x)) ? plain : x;
}

bool emend_part_of_cell(const emend_imputation *made, size_t row, size_t variable, emend_part *part) {
  const emend_planned *planned = &made->plan->variables[variable];
  bool number = planned->type == EMEND_TYPE_CONTINUOUS || planned->type == EMEND_TYPE_INTEGER, moved;
  if (!number || made->column_of[variable] < 0 || planned->role != EMEND_ROLE_FILL || planned->spiked)
    return false;
  *part = emend_part_limits(planned);
  part->variable = variable;
  part->value = emend_imputation_decode(made, row, variable, &moved);
  part->variance = variance_of(made, row, variable);
  return isfinite(part->value) && part->variance > 0;
}
