/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/conversion.h"
#include "io/format.h"
#include "io/patch_copy.h"
#include "io/patch_text.h"
#include "io/window.h"
#include "io/xpt_dictionary.h"

/*
 * A SAS transport file with variables added or rows stacked, in its own version: the descriptions of its variables are copied with all that
 * they say (formats, informats, justification), new ones stand behind them, and each row has its bytes and the new numbers.
 */

enum { RECORD = 80, COUNT_DIGITS = 53, LABEL_COUNT_DIGITS = 48, ROW_COUNT_DIGITS = 48, ROW_COUNT_LENGTH = 15, NUMBER = 8 };
enum { NAME = 8, LONG_NAME = 32, LABEL = 40, LONG_LABEL = 255 };
/* In a description. */
enum { AT_TYPE = 0, AT_WIDTH = 4, AT_NUMBER = 6, AT_NAME = 8, AT_LABEL = 16, AT_FORMAT = 56, AT_FORMAT_WIDTH = 64, AT_DECIMALS = 66,
       AT_JUSTIFIED = 68, AT_INFORMAT = 72, AT_PLACE = 84, AT_LONG_NAME = 88, AT_LABEL_LENGTH = 120 };

typedef struct xpt_rebuild {
  emend_writer writer;
  const emend_source *source;
  emend_rows rows;
  emend_output *output;
  emend_xpt_dictionary *dictionary;
  const char **names; /* of the added variables */
  text_pool pool;
  emend_buffer head; /* all that stands before the rows */
  emend_window window;
  patch_text text;
  unsigned char *bytes; /* a row of the new file */
  uint64_t row_bytes, written;
  size_t n_source_rows, row;
} xpt_rebuild;

static void put_big(unsigned char *at, uint64_t value, size_t n) {
  for (size_t i = 0; i < n; i++)
    at[i] = (unsigned char)(value >> 8 * (n - 1 - i));
}

static void put_padded(unsigned char *at, const char *text, size_t length, size_t room) {
  memset(at, ' ', room);
  memcpy(at, text, length < room ? length : room);
}

/* Names. */

static emend_status make_names(xpt_rebuild *r, emend_losses *losses, emend_error *error) {
  size_t n = r->dictionary->n_variables, n_added = r->rows.n_added;
  const char **wanted = emend_allocate(n + n_added, sizeof *wanted), **made = emend_allocate(n + n_added, sizeof *made);
  const emend_name_rule *rule = r->dictionary->version == 8 ? &emend_sas8_names : &emend_sas5_names;
  emend_names changed = {0};
  r->names = emend_allocate(n_added, sizeof *r->names);
  emend_status status = wanted && made && r->names ? EMEND_OK : emend_fail_memory(error);
  for (size_t i = 0; i < n + n_added && !status; i++)
    wanted[i] = i < n ? r->dictionary->variables[i].name : r->rows.added[i - n].name;
  if (!status)
    status = emend_names_make(wanted, n + n_added, rule, &r->pool, made, error);
  for (size_t i = 0; i < n_added && !status; i++) {
    r->names[i] = made[n + i];
    if (!emend_ascii_equal(made[n + i], wanted[n + i]))
      emend_names_add(&changed, wanted[n + i]);
  }
  free(wanted);
  free(made);
  return status ? status
                : emend_losses_add_names(losses, &changed, "added variable gets another name", "added variables get other names", error);
}

static size_t label_length(const xpt_rebuild *r, size_t i) {
  const char *label = r->rows.added[i].label;
  return emend_limit_fit((emend_limit){.bytes = r->dictionary->version == 8 ? LONG_LABEL : LABEL}, label, strlen(label));
}

static emend_status tell_losses(const xpt_rebuild *r, emend_losses *losses, emend_error *error) {
  emend_names cut = {0};
  for (size_t i = 0; i < r->rows.n_added; i++)
    if (label_length(r, i) < strlen(r->rows.added[i].label))
      emend_names_add(&cut, r->rows.added[i].name);
  return emend_losses_add_names(losses, &cut, "variable label is cut", "variable labels are cut", error);
}

/* The dictionary. */

static emend_status copy(xpt_rebuild *r, uint64_t from, uint64_t to, emend_error *error) {
  size_t length = (size_t)(to - from);
  emend_status status = emend_buffer_reserve(&r->head, length, error);
  if (!status)
    status = emend_source_read(r->source, from, r->head.bytes + r->head.length, length, error);
  if (!status)
    r->head.length += length;
  return status;
}

static emend_status fill_record(emend_buffer *buffer, size_t start, char fill, emend_error *error) {
  emend_status status = EMEND_OK;
  while ((buffer->length - start) % RECORD && !status)
    status = emend_buffer_append(buffer, &fill, 1, error);
  return status;
}

static void put_format(const emend_added_variable *added, unsigned char *description) {
  char text[EMEND_TRANSLATED_FORMAT];
  unsigned width = 0, decimals = 0;
  emend_translate_decimals(EMEND_FAMILY_SAS, added->storage, added->decimals, text);
  size_t letters = strcspn(text, "0123456789.");
  sscanf(text + letters, "%u.%u", &width, &decimals);
  put_padded(description + AT_FORMAT, text, letters, NAME);
  put_big(description + AT_FORMAT_WIDTH, width, 2);
  put_big(description + AT_DECIMALS, decimals, 2);
}

/* Writers that leave all places at 0 are followed in that. */
static bool has_places(const xpt_rebuild *r) {
  const emend_xpt_dictionary *d = r->dictionary;
  const char *last = r->head.bytes + d->descriptions + (uint64_t)d->description_bytes * (d->n_variables - 1);
  return d->n_variables == 1 || memcmp(last + AT_PLACE, "\0\0\0\0", 4) != 0;
}

static emend_status add_description(xpt_rebuild *r, size_t i, bool placed, emend_error *error) {
  const emend_xpt_dictionary *d = r->dictionary;
  const emend_added_variable *added = &r->rows.added[i];
  unsigned char bytes[140] = {0};
  size_t length = label_length(r, i), name = strlen(r->names[i]), number = d->n_variables + i;
  put_big(bytes + AT_TYPE, 1, 2);
  put_big(bytes + AT_WIDTH, NUMBER, 2);
  put_big(bytes + AT_NUMBER, number + 1, 2);
  put_padded(bytes + AT_NAME, r->names[i], name, NAME);
  put_padded(bytes + AT_LABEL, added->label, emend_limit_fit((emend_limit){.bytes = LABEL}, added->label, length), LABEL);
  put_format(added, bytes);
  put_big(bytes + AT_JUSTIFIED, 1, 2);
  put_padded(bytes + AT_INFORMAT, "", 0, NAME);
  put_big(bytes + AT_PLACE, placed ? d->row_bytes + NUMBER * i : 0, 4);
  if (d->version == 8) {
    put_padded(bytes + AT_LONG_NAME, r->names[i], name, LONG_NAME);
    put_big(bytes + AT_LABEL_LENGTH, length, 2);
  }
  return emend_buffer_append(&r->head, bytes, d->description_bytes, error);
}

static bool has_long_label(const xpt_rebuild *r, size_t i) { return r->dictionary->version == 8 && label_length(r, i) > LABEL; }

/* Of a variable by its number: lengths of name and label (and, in the second form, of format and informat), then these. */
static emend_status add_long_label(xpt_rebuild *r, size_t i, emend_error *error) {
  const emend_added_variable *added = &r->rows.added[i];
  unsigned char lengths[10] = {0};
  char format[EMEND_TRANSLATED_FORMAT] = "";
  size_t label = label_length(r, i), name = strlen(r->names[i]);
  if (r->dictionary->labels_have_formats)
    emend_translate_decimals(EMEND_FAMILY_SAS, added->storage, added->decimals, format);
  put_big(lengths, r->dictionary->n_variables + i + 1, 2);
  put_big(lengths + 2, name, 2);
  put_big(lengths + 4, label, 2);
  put_big(lengths + 6, strlen(format), 2);
  emend_status status = emend_buffer_append(&r->head, lengths, r->dictionary->labels_have_formats ? 10 : 6, error);
  if (!status)
    status = emend_buffer_append(&r->head, r->names[i], name, error);
  if (!status)
    status = emend_buffer_append(&r->head, added->label, label, error);
  return status ? status : emend_buffer_append(&r->head, format, strlen(format), error);
}

/* Bytes of the entries in the source's section, without their filling. */
static emend_status used_labels(const xpt_rebuild *r, uint32_t count, uint64_t *used, emend_error *error) {
  const emend_xpt_dictionary *d = r->dictionary;
  uint64_t at = d->labels + RECORD;
  emend_status status = EMEND_OK;
  for (uint32_t i = 0; i < count && !status; i++) {
    unsigned char lengths[10];
    size_t fixed = d->labels_have_formats ? sizeof lengths : 6;
    status = emend_source_read(r->source, at, lengths, fixed, error);
    at += fixed;
    for (size_t k = 2; k < fixed && !status; k += 2)
      at += (uint64_t)lengths[k] << 8 | lengths[k + 1];
  }
  *used = at;
  return status;
}

static uint32_t read_digits(const char *at, size_t n) {
  uint32_t value = 0;
  for (size_t i = 0; i < n; i++)
    if (at[i] >= '0' && at[i] <= '9')
      value = 10 * value + (uint32_t)(at[i] - '0');
  return value;
}

static void write_digits(char *at, int n, uint64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%*" PRIu64, n, value);
  memcpy(at, text, (size_t)n);
}

static emend_status add_long_labels(xpt_rebuild *r, emend_error *error) {
  const emend_xpt_dictionary *d = r->dictionary;
  size_t n_long = 0, start = r->head.length;
  for (size_t i = 0; i < r->rows.n_added; i++)
    n_long += has_long_label(r, i);
  if (n_long == 0)
    return copy(r, d->labels, d->labels_end, error);
  emend_status status = d->labels_end > d->labels
                            ? copy(r, d->labels, d->labels + RECORD, error)
                            : emend_buffer_format(&r->head, error, "%-80s", "HEADER RECORD*******LABELV8 HEADER RECORD!!!!!!!");
  uint64_t used = d->labels_end;
  uint32_t count = status ? 0 : read_digits(r->head.bytes + start + LABEL_COUNT_DIGITS, 5);
  if (!status)
    write_digits(r->head.bytes + start + LABEL_COUNT_DIGITS, 5, count + n_long);
  if (!status && d->labels_end > d->labels)
    status = used_labels(r, count, &used, error);
  if (!status && d->labels_end > d->labels)
    status = copy(r, d->labels + RECORD, used, error);
  for (size_t i = 0; i < r->rows.n_added && !status; i++)
    if (has_long_label(r, i))
      status = add_long_label(r, i, error);
  return status ? status : fill_record(&r->head, start, ' ', error);
}

/* The record before the rows counts them in version 8, or has 0 there. */
static void set_row_count(xpt_rebuild *r) {
  char *record = r->head.bytes + r->head.length - RECORD + ROW_COUNT_DIGITS;
  if (r->dictionary->version == 8 && read_digits(record, ROW_COUNT_LENGTH) == r->n_source_rows)
    write_digits(record, ROW_COUNT_LENGTH, r->rows.n_rows);
}

static emend_status lay_out(xpt_rebuild *r, emend_error *error) {
  const emend_xpt_dictionary *d = r->dictionary;
  uint64_t end = d->descriptions + (uint64_t)d->description_bytes * d->n_variables;
  emend_status status = copy(r, 0, end, error);
  bool placed = !status && has_places(r);
  if (!status && r->rows.n_added) {
    char digits[8];
    snprintf(digits, sizeof digits, "%05zu", d->n_variables + r->rows.n_added);
    memcpy(r->head.bytes + d->descriptions - RECORD + COUNT_DIGITS, digits, 5);
  }
  for (size_t i = 0; i < r->rows.n_added && !status; i++)
    status = add_description(r, i, placed, error);
  if (!status)
    status = fill_record(&r->head, (size_t)d->descriptions, ' ', error);
  if (!status)
    status = add_long_labels(r, error);
  if (!status)
    status = copy(r, d->labels_end, d->data_offset, error);
  if (!status)
    set_row_count(r);
  return status;
}

/* Rows. */

static emend_status write(xpt_rebuild *r, const void *bytes, size_t length, emend_error *error) {
  r->written += length;
  return emend_output_write(r->output, bytes, length, error);
}

static emend_status begin(xpt_rebuild *r, emend_error *error) { return write(r, r->head.bytes, r->head.length, error); }

static emend_status read_row(xpt_rebuild *r, emend_error *error) {
  const emend_xpt_dictionary *d = r->dictionary;
  emend_window_seek(&r->window, (int64_t)(d->data_offset + r->row % r->n_source_rows * d->row_bytes), 0);
  r->window.error = error;
  ssize_t got = emend_window_read(&r->window, r->bytes, (size_t)d->row_bytes);
  if (got >= 0 && (uint64_t)got < d->row_bytes)
    return emend_fail(error, EMEND_MALFORMED, "the file ends before the last row");
  return got < 0 ? r->window.status : EMEND_OK;
}

static emend_status put_imputed(xpt_rebuild *r, size_t v, const emend_cell *cell, emend_error *error) {
  const emend_xpt_variable *x = &r->dictionary->variables[v];
  double value = cell->value;
  if (x->is_text)
    return patch_text_put(&r->text, r->rows.dataset, v, cell->text, r->bytes + x->offset, x->width, ' ', error);
  if (!isfinite(value) || !emend_xpt_number_put(value, x->width, r->bytes + x->offset))
    return patch_refuse_value(r->rows.dataset, v, r->row, value, "beyond 7.2e75, the largest number of a SAS transport file", error);
  return EMEND_OK;
}

static emend_status put_added(xpt_rebuild *r, size_t i, double value, emend_error *error) {
  unsigned char *to = r->bytes + r->dictionary->row_bytes + NUMBER * i;
  memset(to, 0, NUMBER);
  if (isnan(value)) {
    to[0] = '.';
  } else if (isinf(value) || !emend_xpt_number_put(value, NUMBER, to)) {
    emend_status status = emend_fail(error, EMEND_INTERNAL, "the value of an added variable cannot be written");
    emend_at_variable(error, r->rows.added[i].name);
    return status;
  }
  return EMEND_OK;
}

static emend_status write_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  xpt_rebuild *r = (xpt_rebuild *)writer;
  size_t n = r->dictionary->n_variables;
  if (r->row == r->rows.n_rows)
    return emend_fail(error, EMEND_INTERNAL, "more rows were written than announced");
  emend_status status = r->row == 0 ? begin(r, error) : EMEND_OK;
  if (!status)
    status = read_row(r, error);
  for (size_t v = 0; v < n && !status; v++)
    if (cells[v].imputed)
      status = put_imputed(r, v, &cells[v], error);
  for (size_t i = 0; i < r->rows.n_added && !status; i++)
    status = put_added(r, i, cells[n + i].value, error);
  r->row++;
  return status ? status : write(r, r->bytes, (size_t)r->row_bytes, error);
}

static emend_status close_rebuild(emend_writer *writer, emend_error *error) {
  xpt_rebuild *r = (xpt_rebuild *)writer;
  if (r->row != r->rows.n_rows)
    return emend_fail(error, EMEND_INTERNAL, "fewer rows were written than announced");
  emend_status status = r->row == 0 ? begin(r, error) : EMEND_OK;
  char filling[RECORD];
  memset(filling, ' ', sizeof filling);
  if (!status && r->written % RECORD)
    status = write(r, filling, (size_t)(RECORD - r->written % RECORD), error);
  return status ? status : emend_source_unchanged(r->source, error);
}

static void free_rebuild(emend_writer *writer) {
  xpt_rebuild *r = (xpt_rebuild *)writer;
  if (!r)
    return;
  emend_xpt_dictionary_free(r->dictionary);
  emend_window_close(&r->window);
  emend_buffer_free(&r->head);
  text_pool_free(&r->pool);
  patch_text_free(&r->text);
  free(r->names);
  free(r->bytes);
  free(r);
}

static emend_status check_added(const xpt_rebuild *r, emend_error *error) {
  enum { MOST = 99999 };
  for (size_t i = 0; i < r->rows.n_added; i++)
    if (r->rows.added[i].storage >= EMEND_STORAGE_TEXT)
      return emend_fail(error, EMEND_INTERNAL, "an added variable is a text");
  return r->dictionary->n_variables + r->rows.n_added > MOST
             ? emend_fail(error, EMEND_UNSUPPORTED, "a .xpt file holds at most %d variables", MOST)
             : EMEND_OK;
}

/* That the dataset is this file's, and the rows are copies of it. */
static emend_status check_rows(xpt_rebuild *r, emend_error *error) {
  emend_status status = emend_xpt_check_dataset(r->dictionary, r->rows.dataset, error);
  r->n_source_rows = emend_dataset_rows(r->rows.dataset);
  if (!status)
    status = patch_check_copies(&r->rows, error);
  return status ? status : check_added(r, error);
}

static emend_status plan_row(xpt_rebuild *r, emend_error *error) {
  r->row_bytes = r->dictionary->row_bytes + NUMBER * r->rows.n_added;
  r->bytes = emend_allocate((size_t)r->row_bytes, 1);
  return r->bytes ? emend_window_open(&r->window, r->source, error) : emend_fail_memory(error);
}

emend_status emend_xpt_open_rebuild(const emend_source *source, const emend_rows *rows, emend_losses *losses, emend_output *output,
                                    emend_writer **writer, emend_error *error) {
  *writer = NULL;
  xpt_rebuild *r = emend_allocate(1, sizeof *r);
  if (!r)
    return emend_fail_memory(error);
  r->writer = (emend_writer){.row = write_row, .close = close_rebuild, .free = free_rebuild};
  r->source = source;
  r->rows = *rows;
  r->output = output;
  emend_status status = emend_xpt_dictionary_read(source, &r->dictionary, error);
  if (!status)
    status = check_rows(r, error);
  if (!status)
    status = make_names(r, losses, error);
  if (!status)
    status = tell_losses(r, losses, error);
  if (!status)
    status = lay_out(r, error);
  if (!status)
    status = plan_row(r, error);
  if (status)
    free_rebuild(&r->writer);
  else
    *writer = &r->writer;
  return status;
}
