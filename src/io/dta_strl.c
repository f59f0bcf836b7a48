/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_strl.h"

#include <string.h>

/* "GSO", variable, observation, type, length; and the NUL behind the text. Releases 118 and 119. */
enum { HEAD_BYTES = 3 + 4 + 8 + 1 + 4, TEXT_TYPE = 130 };

static emend_offset text_at(const emend_run *run, size_t i) {
  emend_offset text;
  memcpy(&text, &run->values[i], sizeof text);
  return text;
}

dta_text_need dta_text_need_of(const emend_dataset *dataset, size_t variable) {
  dta_text_need need = {0};
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      size_t length = emend_dataset_text_length(dataset, text_at(&run, i));
      if (length > need.longest)
        need.longest = length;
      if (length > 0)
        need.strl_bytes += HEAD_BYTES + length + 1;
    }
  }
  return need;
}

void dta_strl_put(const dta_target *target, size_t column, size_t row, bool empty, unsigned char *place) {
  size_t variable_bytes = target->release == 118 ? 2 : 3;
  uint64_t variable = empty ? 0 : (uint64_t)column + 1, observation = empty ? 0 : (uint64_t)row + 1;
  for (size_t i = 0; i < 8; i++) {
    bool of_variable = i < variable_bytes;
    size_t n = of_variable ? variable_bytes : 8 - variable_bytes, at = of_variable ? i : i - variable_bytes;
    place[i] = (unsigned char)((of_variable ? variable : observation) >> 8 * (target->big_endian ? n - 1 - at : at));
  }
}

static emend_status write_one(const dta_target *target, size_t column, size_t row, const char *text, size_t length, emend_buffer *head,
                              emend_output *output, emend_error *error) {
  bool big = target->big_endian;
  emend_buffer_clear(head);
  emend_status status = emend_buffer_append(head, "GSO", 3, error);
  if (!status)
    status = dta_append_integer(head, (uint64_t)column + 1, 4, big, error);
  if (!status)
    status = dta_append_integer(head, (uint64_t)row + 1, 8, big, error);
  if (!status)
    status = dta_append_integer(head, TEXT_TYPE, 1, big, error);
  if (!status)
    status = dta_append_integer(head, (uint64_t)length + 1, 4, big, error);
  if (!status)
    status = emend_output_write(output, head->bytes, head->length, error);
  return status ? status : emend_output_write(output, text, length + 1, error);
}

emend_status dta_strls_write(const dta_target *target, const emend_dataset *dataset, emend_output *output, emend_error *error) {
  emend_status status = EMEND_OK;
  emend_buffer head = {0};
  if (target->strl_bytes == 0)
    return EMEND_OK;
  for (size_t row = 0; row < emend_dataset_rows(dataset) && !status; row++)
    for (size_t v = 0; v < emend_dataset_variables(dataset) && !status; v++) {
      if (target->variables[v].type != EMEND_DTA_STRL)
        continue;
      emend_run run = emend_dataset_run(dataset, v, row);
      emend_offset text = text_at(&run, 0);
      size_t length = emend_dataset_text_length(dataset, text);
      if (length > 0)
        status = write_one(target, v, row, emend_dataset_text(dataset, text), length, &head, output, error);
    }
  emend_buffer_free(&head);
  return status;
}
