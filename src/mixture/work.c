/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/memory.h"
#include "mixture/inside.h"

bool emend_mixture_work_new(size_t o, size_t n_components, size_t padded, bool diagonal, emend_mixture_work *work) {
  size_t k = n_components, matrix = (diagonal ? o : o * o) + 1, block = EMEND_MIXTURE_BLOCK, lanes = EMEND_MIXTURE_PADDING;
  *work = (emend_mixture_work){
      .factor = emend_allocate_aligned(matrix * padded, sizeof(double)),
      .shift = emend_allocate_aligned((o + 1) * padded, sizeof(double)),
      .scatter = emend_allocate_aligned(matrix * padded, sizeof(double)),
      .product = emend_allocate_aligned(matrix * padded, sizeof(double)),
      .constants = emend_allocate_aligned(padded, sizeof(double)),
      .linear = emend_allocate_aligned((o + 1) * padded, sizeof(double)),
      .counts = emend_allocate_aligned(padded, sizeof(double)),
      .x = emend_allocate_aligned((o + 1) * block, sizeof(double)),
      .residuals = emend_allocate_aligned((k * o + 1) * block, sizeof(double)),
      .densities = emend_allocate_aligned(k * block, sizeof(double)),
      .weights = emend_allocate_aligned(block, sizeof(double)),
      .sums_scatter = emend_allocate_aligned((k * o * (diagonal ? 1 : o + 1) + 1) * lanes, sizeof(double)),
      .sums_linear = emend_allocate_aligned(k * (o + 1) * lanes, sizeof(double)),
  };
  bool ok = work->factor && work->shift && work->scatter && work->product && work->constants && work->linear && work->counts && work->x &&
            work->residuals && work->densities && work->weights && work->sums_scatter && work->sums_linear;
  if (!ok)
    emend_mixture_work_free(work);
  return ok;
}

void emend_mixture_work_free(emend_mixture_work *work) {
  free(work->factor), free(work->shift), free(work->scatter), free(work->product);
  free(work->constants), free(work->linear), free(work->counts);
  free(work->x), free(work->residuals), free(work->densities), free(work->weights);
  free(work->sums_scatter), free(work->sums_linear);
  *work = (emend_mixture_work){0};
}
