/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "impute/imputation.h"
#include "impute/nearest.h"

#include <stdlib.h>

emend_method_options *emend_method_options_new(void) {
  emend_method_options *options = emend_allocate(1, sizeof *options);
  if (options)
    *options = (emend_method_options){.method = EMEND_METHOD_EXPECTATION, .seed = 1, .donors = 5};
  return options;
}

void emend_method_options_free(emend_method_options *options) { free(options); }
void emend_method_options_set_method(emend_method_options *options, emend_method method) { options->method = method; }
emend_status emend_method_options_set_donors(emend_method_options *options, size_t donors, emend_error *error) {
  if (donors < 1 || donors > EMEND_MOST_DONORS)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the number of donors is from 1 to %d", EMEND_MOST_DONORS);
  options->donors = donors;
  return EMEND_OK;
}
void emend_method_options_set_seed(emend_method_options *options, uint64_t seed) { options->seed = seed; }
