/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/computation.h"

#include <math.h>

#include "encode/observe.h"

size_t emend_computation_inputs(const emend_computation *c) {
  return c->form < EMEND_COMPUTED_SUM ? 2 : c->y - c->x + 1 - c->n_left_out;
}

size_t emend_computation_input(const emend_computation *c, size_t i) {
  if (c->form < EMEND_COMPUTED_SUM)
    return i == 0 ? c->x : c->y;
  size_t v = c->x + i;
  for (size_t k = 0; k < c->n_left_out; k++)
    v += c->left_out[k] <= v;
  return v;
}

static double sum_of(const emend_computation *c, const double *inputs) {
  double sum = 0;
  for (size_t i = 0; i < emend_computation_inputs(c); i++)
    sum += inputs[i];
  return sum;
}

double emend_computation_value(const emend_computation *c, const double *inputs) {
  switch (c->form) {
  case EMEND_COMPUTED_PRODUCT:
    return c->factor * (inputs[0] * inputs[1]);
  case EMEND_COMPUTED_RATIO:
    return c->factor * (inputs[0] / inputs[1]);
  case EMEND_COMPUTED_SQUARE:
    return c->factor * (inputs[0] / (inputs[1] * inputs[1]));
  default:
    return c->form == EMEND_COMPUTED_SUM ? sum_of(c, inputs) : sum_of(c, inputs) / (double)emend_computation_inputs(c);
  }
}

double emend_computation_written(const emend_computation *c, int decimals, double value) {
  static const double NOISE = 1e-9;
  double scale = decimals >= 0 ? emend_decimal_scale(decimals) : 0, scaled = value * scale;
  if (decimals < 0 || !isfinite(scaled))
    return value;
  double noise = NOISE * fmax(1, fabs(scaled));
  return (c->end == EMEND_END_CUT      ? floor(scaled + noise)
          : c->end == EMEND_END_RAISED ? ceil(scaled - noise)
                                       : round(scaled + copysign(noise, scaled))) /
         scale;
}

const char *emend_computation_end_words(const emend_computation *c) {
  return c->end == EMEND_END_CUT ? " (further decimals were cut off)" : c->end == EMEND_END_RAISED ? " (and rounded up)" : "";
}

void emend_computation_limits(const emend_computation *c, int decimals, double z, double *lo, double *hi) {
  static const double HALF = 0.5000001, SINGLE = 1e-6, DOUBLE = 1e-9; /* what is left of single precision, and of double */
  bool any = decimals >= 0 && (decimals > 0 || c->form != EMEND_COMPUTED_MEAN);
  double noise = SINGLE * fabs(z), half = any ? fmax(HALF / emend_decimal_scale(decimals), noise) : noise, unit = any ? 2 * half : noise;
  if (c->form == EMEND_COMPUTED_SUM)
    half = DOUBLE * fmax(1, fabs(z));
  *lo = z - (c->end == EMEND_END_ROUNDED ? half : c->end == EMEND_END_CUT ? noise : unit);
  *hi = z + (c->end == EMEND_END_ROUNDED ? half : c->end == EMEND_END_CUT ? unit : noise);
}

double emend_computation_solve(const emend_computation *c, const double *inputs, size_t i, double value) {
  double rest = 0;
  for (size_t k = 0; k < emend_computation_inputs(c); k++)
    rest += k == i ? 0 : inputs[k];
  switch (c->form) {
  case EMEND_COMPUTED_PRODUCT:
    return value / (c->factor * rest);
  case EMEND_COMPUTED_RATIO:
    return i == 0 ? value * rest / c->factor : c->factor * rest / value;
  case EMEND_COMPUTED_SQUARE:
    return i == 0 ? value * rest * rest / c->factor : sqrt(c->factor * rest / value);
  default:
    return c->form == EMEND_COMPUTED_SUM ? value - rest : value * (double)emend_computation_inputs(c) - rest;
  }
}
