/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/patch_copy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum { WINDOW_BYTES = 1 << 20 };

emend_status patch_copy_new(const emend_source *source, emend_output *output, patch_copy *copy, emend_error *error) {
  *copy = (patch_copy){.source = source, .output = output, .window = malloc(WINDOW_BYTES)};
  return copy->window ? EMEND_OK : emend_fail_memory(error);
}

void patch_copy_free(patch_copy *copy) {
  free(copy->window);
  copy->window = NULL;
}

/* Writes what lies before `offset`, which may be in the window or at its end. */
static emend_status write_before(patch_copy *copy, uint64_t offset, emend_error *error) {
  size_t n = (size_t)(offset - copy->offset);
  emend_status status = n ? emend_output_write(copy->output, copy->window, n, error) : EMEND_OK;
  if (status)
    return status;
  copy->length -= n;
  copy->offset = offset;
  memmove(copy->window, copy->window + n, copy->length);
  return EMEND_OK;
}

static emend_status fill(patch_copy *copy, emend_error *error) {
  uint64_t at = copy->offset + copy->length, left = copy->source->size > at ? copy->source->size - at : 0;
  size_t room = WINDOW_BYTES - copy->length, n = left < room ? (size_t)left : room;
  emend_status status = emend_source_read(copy->source, at, copy->window + copy->length, n, error);
  if (!status)
    copy->length += n;
  return status;
}

static emend_status beyond_file(uint64_t offset, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "the file ends before the last row");
  emend_at_byte(error, offset);
  return status;
}

emend_status patch_copy_to(patch_copy *copy, uint64_t offset, emend_error *error) {
  if (offset > copy->source->size)
    return beyond_file(offset, error);
  while (copy->offset < offset) {
    uint64_t end = copy->offset + copy->length;
    emend_status status = write_before(copy, offset < end ? offset : end, error);
    if (!status && copy->offset < offset)
      status = fill(copy, error);
    if (status)
      return status;
  }
  return EMEND_OK;
}

emend_status patch_copy_replace(patch_copy *copy, uint64_t offset, const void *bytes, size_t length, emend_error *error) {
  if (offset < copy->offset || length > WINDOW_BYTES)
    return emend_fail(error, EMEND_INTERNAL, "bytes were to be replaced that are written already");
  if (offset > copy->source->size || length > copy->source->size - offset)
    return beyond_file(offset, error);
  if (offset + length > copy->offset + copy->length) {
    emend_status status = patch_copy_to(copy, offset, error);
    if (!status)
      status = fill(copy, error);
    if (status)
      return status;
  }
  memcpy(copy->window + (offset - copy->offset), bytes, length);
  return EMEND_OK;
}

emend_status patch_check_size(const emend_dataset *dataset, size_t n_variables, int64_t n_rows, emend_error *error) {
  if (emend_dataset_variables(dataset) != n_variables)
    return emend_fail(error, EMEND_MALFORMED, "%zu variables were read, the dictionary has %zu", emend_dataset_variables(dataset),
                      n_variables);
  if (n_rows >= 0 && emend_dataset_rows(dataset) != (uint64_t)n_rows)
    return emend_fail(error, EMEND_MALFORMED, "%zu rows were read, the file has %" PRId64, emend_dataset_rows(dataset), n_rows);
  return EMEND_OK;
}

emend_status patch_check_copies(const emend_rows *rows, emend_error *error) {
  size_t n = emend_dataset_rows(rows->dataset);
  if ((n ? rows->n_rows % n : rows->n_rows) != 0)
    return emend_fail(error, EMEND_INTERNAL, "%zu rows are no whole number of copies of the file's", rows->n_rows);
  return EMEND_OK;
}

static bool is_ascii(const char *text) {
  for (; *text; text++)
    if ((unsigned char)*text >= 0x80)
      return false;
  return true;
}

emend_status patch_check_variable(const emend_dataset *dataset, size_t index, const char *name, bool is_text, emend_error *error) {
  const char *read_name = emend_variable_name(dataset, index);
  emend_status status = EMEND_OK;
  if (is_text != (emend_variable_get_kind(dataset, index) == EMEND_TEXT))
    status = emend_fail(error, EMEND_MALFORMED, "the dictionary has a %s here", is_text ? "string" : "number");
  else if (is_ascii(name) && strcmp(name, read_name) != 0)
    status = emend_fail(error, EMEND_MALFORMED, "the dictionary calls variable %zu %s", index + 1, name);
  if (status)
    emend_at_variable(error, read_name);
  return status;
}

emend_status patch_refuse_value(const emend_dataset *dataset, size_t variable, size_t row, double value, const char *why,
                                emend_error *error) {
  char text[EMEND_NUMBER_SIZE];
  emend_number_print(value, '.', text);
  emend_status status = emend_fail(error, EMEND_INTERNAL, "an imputed %s is %s", text[0] ? text : "NaN", why);
  emend_at_variable(error, emend_variable_name(dataset, variable));
  emend_at_row(error, (int64_t)row + 1);
  return status;
}
