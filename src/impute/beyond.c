/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/beyond.h"

#include <math.h>

#include "base/number.h"

typedef struct beyond {
  size_t row, variable;
  double value, end; /* of the observed */
  double distance;   /* in standard deviations */
} beyond;

/* Dates are numbers only inside. */
static bool is_told(const emend_imputation *made, size_t v) {
  return made->variables[v].outside > 0 && made->plan->variables[v].observed.n > 0 &&
         emend_variable_get_kind(made->plan->dataset, v) == EMEND_NUMERIC;
}

static bool lies_beyond(const emend_observed *observed, double value, beyond *found) {
  double end = value < observed->min ? observed->min : observed->max;
  found->value = value, found->end = end;
  found->distance = observed->sd > 0 ? fabs(value - end) / observed->sd : HUGE_VAL;
  return value < observed->min || value > observed->max;
}

static emend_status append(const emend_imputation *made, const beyond *b, emend_buffer *text, emend_error *error) {
  char value[EMEND_NUMBER_SIZE], end[EMEND_NUMBER_SIZE];
  emend_number_print(b->value, '.', value), emend_number_print(b->end, '.', end);
  return emend_buffer_format(text, error, "%srow %zu: %s %s, observed %s %s", text->length ? "; " : "", b->row + 1,
                             emend_variable_name(made->plan->dataset, b->variable), value, b->value < b->end ? "from" : "up to", end);
}

/* Each cell that the model fills, or that is `told`, or into `furthest` the one that lies furthest beyond. */
static emend_status look_at(const emend_imputation *made, size_t v, bool told, beyond *furthest, emend_buffer *text, emend_error *error) {
  emend_run run;
  emend_status status = EMEND_OK;
  for (size_t row = 0; row < emend_dataset_rows(made->plan->dataset) && !status; row += run.n) {
    run = emend_dataset_run(made->plan->dataset, v, row);
    for (size_t i = 0; i < run.n && !status; i++) {
      beyond here = {.row = row + i, .variable = v};
      double value = run.reasons[i] == EMEND_OBSERVED ? NAN : emend_imputation_answer(made, row + i, v, run.reasons[i], run.values[i]);
      if (isnan(value) || !lies_beyond(&made->plan->variables[v].observed, value, &here) ||
          emend_settled_tells(&made->settled, row + i, v) != told)
        continue;
      if (!furthest)
        status = append(made, &here, text, error);
      else if (here.distance > furthest->distance)
        *furthest = here;
    }
  }
  return status;
}

emend_status emend_beyond_tell(const emend_imputation *made, bool told, size_t n_cells, emend_buffer *text, emend_error *error) {
  beyond furthest = {.distance = -1};
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < made->plan->n_variables && !status; v++)
    if (is_told(made, v))
      status = look_at(made, v, told, n_cells > EMEND_BEYOND_EACH ? &furthest : NULL, text, error);
  return status || furthest.distance < 0 ? status : append(made, &furthest, text, error);
}
