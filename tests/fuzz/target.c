/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

const emend_source *target_source(const uint8_t *data, size_t size) {
  static char name[] = "input";
  static emend_source source = {.name = name, .fd = -1};
  if (source.fd < 0)
    source.fd = memfd_create(name, MFD_CLOEXEC);
  target_assert(source.fd >= 0 && ftruncate(source.fd, 0) == 0);
  target_assert(pwrite(source.fd, data, size, 0) == (ssize_t)size);
  source.size = size;
  return &source;
}

emend_dataset *target_dataset(emend_error *error) {
  emend_dataset *dataset;
  target_assert(emend_dataset_new(UINT64_C(64) << 20, false, &dataset, error) == EMEND_OK);
  return dataset;
}

emend_status target_add_variable(emend_dataset *dataset, bool is_text, emend_error *error) {
  char name[24];
  int length = snprintf(name, sizeof name, "V%zu", emend_dataset_variables(dataset) + 1);
  emend_variable variable = {.kind = is_text ? EMEND_TEXT : EMEND_NUMERIC, .label_set = -1};
  emend_status status = emend_dataset_add_text(dataset, name, (size_t)length, &variable.name, error);
  return status ? status : emend_dataset_add_variable(dataset, &variable, NULL, error);
}

void target_check(bool holds, const char *what, const char *file, int line) {
  if (holds)
    return;
  fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
  abort();
}
