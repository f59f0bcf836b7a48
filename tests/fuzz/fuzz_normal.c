/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model file: what is taken for a normal distribution must be written and taken again. */
#include <stdlib.h>
#include <string.h>

#include "emend/normal.h"
#include "fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  emend_error *error = emend_error_new();
  emend_normal *model = NULL, *again = NULL;
  char *text = NULL;
  if (emend_normal_from_json((const char *)data, size, "input", &model, error) == EMEND_OK) {
    target_assert(emend_normal_to_json(model, &text, error) == EMEND_OK);
    target_assert(emend_normal_from_json(text, strlen(text), "output", &again, error) == EMEND_OK);
  }
  free(text);
  emend_normal_free(again);
  emend_normal_free(model);
  emend_error_free(error);
  return 0;
}
