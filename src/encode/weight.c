/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/weight.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

typedef struct weight_counts {
  size_t zero, negative, missing, positive;
  bool fractions;
} weight_counts;

static emend_status fail(emend_status status, const emend_dataset *dataset, size_t variable, emend_error *error) {
  emend_at_variable(error, emend_variable_name(dataset, variable));
  emend_try(error, "--weight none");
  return status;
}

static double take_weight(double value, unsigned char reason, weight_counts *counts) {
  if (reason != EMEND_OBSERVED || isnan(value)) {
    counts->missing++;
    return 0;
  }
  if (value <= 0) {
    *(value < 0 ? &counts->negative : &counts->zero) += 1;
    return 0;
  }
  counts->positive++;
  counts->fractions = counts->fractions || floor(value) != value;
  return value;
}

emend_status emend_weights_read(const emend_dataset *dataset, size_t variable, double **weights, emend_weight_kind *kind,
                                emend_events *events, emend_error *error) {
  size_t n_rows = emend_dataset_rows(dataset);
  weight_counts counts = {0};
  *weights = emend_allocate(n_rows, sizeof **weights);
  if (!*weights)
    return emend_fail_memory(error);
  emend_status status = EMEND_OK;
  emend_run run;
  for (size_t row = 0; !status && row < n_rows; row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      (*weights)[row + i] = take_weight(run.values[i], run.reasons[i], &counts);
      if (isfinite((*weights)[row + i]))
        continue;
      emend_fail(error, EMEND_UNSUPPORTED, "the weight is infinite");
      emend_at_row(error, (int64_t)(row + i + 1));
      status = fail(EMEND_UNSUPPORTED, dataset, variable, error);
      break;
    }
  }
  if (!status && n_rows > 0 && counts.positive == 0) {
    emend_fail(error, EMEND_UNSUPPORTED, "no row has a positive weight");
    status = fail(EMEND_UNSUPPORTED, dataset, variable, error);
  }
  if (status) {
    free(*weights);
    *weights = NULL;
    return status;
  }
  *kind = counts.fractions ? EMEND_SAMPLING_WEIGHTS : EMEND_FREQUENCY_WEIGHTS;
  if (counts.positive < n_rows)
    emend_warn(
        events,
        "weight %s: %zu of %zu rows %s no positive weight (%zu zero, %zu negative, %zu missing); they are completed but do not estimate",
        emend_variable_name(dataset, variable), n_rows - counts.positive, n_rows, n_rows - counts.positive == 1 ? "has" : "have",
        counts.zero, counts.negative, counts.missing);
  return EMEND_OK;
}
