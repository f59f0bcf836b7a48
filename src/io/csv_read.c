/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a delimited text in two passes: the first looks at every cell and decides the types, the second fills the dataset. Both
 * scan windows of the file; neither holds more of it than a line.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/csv_column.h"
#include "io/csv_dialect.h"
#include "io/csv_names.h"
#include "io/csv_number.h"
#include "io/csv_outlier.h"
#include "io/format.h"

/* Texts of a survey are mostly few and repeated: each is stored once if it comes again soon. */
enum { RECENT = 32 };

typedef struct reader {
  const emend_source *source;
  const emend_read_options *options;
  emend_dataset *dataset;
  emend_csv_dialect dialect;
  emend_csv_tokens *tokens;
  emend_csv_raw_name *header; /* the first line's fields, or NULL */
  size_t n_columns;
  emend_csv_column *columns;
  bool *numeric;
  emend_offset (*recent)[RECENT]; /* for each column, texts stored lately */
  uint64_t n_rows;
  bool valid;            /* the bytes are UTF-8 */
  int64_t invalid_row;   /* where they first are not: 0 is the header */
  uint64_t invalid_byte; /* in the source */
  emend_csv_names names;
  emend_csv_text text;
  int64_t broken_row; /* the first cell with undefined bytes */
} reader;

static emend_status keep_header(reader *r, const emend_csv_record *record, emend_error *error) {
  r->header = emend_allocate(record->n_fields, sizeof *r->header);
  if (!r->header)
    return emend_fail_memory(error);
  for (size_t i = 0; i < record->n_fields; i++) {
    const emend_csv_field *field = &record->fields[i];
    char *copy = malloc((size_t)field->length + 1);
    if (!copy)
      return emend_fail_memory(error);
    memcpy(copy, field->value, field->length);
    copy[field->length] = '\0';
    r->header[i] = (emend_csv_raw_name){.value = copy, .length = field->length, .doubled = field->doubled};
  }
  return EMEND_OK;
}

/* Delimiters and line ends are ASCII, so a record never cuts a character. */
static void check_utf8(reader *r, const emend_csv_scanner *scanner, const emend_csv_record *record) {
  const char *from = emend_csv_beyond_ascii(record->bytes, record->length);
  if (!from || emend_utf8_valid(from, (size_t)(record->bytes + record->length - from)))
    return;
  r->valid = false;
  r->invalid_row = emend_csv_scanner_row(scanner);
  r->invalid_byte = emend_csv_stream_source_byte(&scanner->stream, from);
}

static emend_status note_row(reader *r, const emend_csv_record *record, int64_t row, emend_error *error) {
  for (size_t i = 0; i < record->n_fields; i++) {
    emend_csv_column *column = &r->columns[i];
    const emend_csv_field *field = &record->fields[i];
    if (field->length - 1u < 8 && field->value[0] != '0' && emend_csv_is_short_integer(field->value, field->length))
      column->count[EMEND_CSV_INTEGER]++;
    else if (!emend_csv_column_note(column, r->tokens, field, row))
      return emend_fail_memory(error);
  }
  return EMEND_OK;
}

static emend_status note_record(reader *r, const emend_csv_scanner *scanner, const emend_csv_record *record, emend_error *error) {
  if (r->valid)
    check_utf8(r, scanner, record);
  if (!r->columns) {
    r->n_columns = record->n_fields;
    r->columns = emend_csv_columns_new(r->n_columns);
    if (!r->columns)
      return emend_fail_memory(error);
    if (r->dialect.header)
      return keep_header(r, record, error);
  }
  r->n_rows++;
  return note_row(r, record, (int64_t)r->n_rows, error);
}

/* Each pass is half of the work. */
static emend_status report(const reader *r, const emend_csv_scanner *scanner, double begin, emend_error *error) {
  enum { EVERY = 1024 };
  if (scanner->n_records % EVERY != 0)
    return EMEND_OK;
  return emend_read_progress(r->options, begin + 0.5 * (double)scanner->stream.source_next / (double)r->source->size, error);
}

/* The first pass. */
static emend_status look_at_cells(reader *r, emend_error *error) {
  emend_csv_scanner scanner;
  emend_csv_record record = {0};
  emend_status status = emend_csv_scanner_open(r->source, &r->dialect, EMEND_CSV_WINDOW, &scanner, error);
  if (status)
    return status;
  r->valid = true;
  do {
    status = emend_csv_scanner_next(&scanner, &record, error);
    if (!status && record.bytes && !record.blank)
      status = note_record(r, &scanner, &record, error);
    if (!status)
      status = report(r, &scanner, 0, error);
  } while (!status && record.bytes);
  emend_csv_scanner_close(&scanner);
  if (!status && !r->columns)
    status = emend_fail(error, EMEND_MALFORMED, "nothing but blank lines: there are no variables");
  return status;
}

/* Bytes that are not UTF-8 are taken for Windows-1252, in which every Latin-1 text reads as meant, unless the encoding is known. */
static emend_status settle_encoding(reader *r, emend_error *error) {
  emend_csv_dialect *d = &r->dialect;
  if (d->encoding[0])
    return EMEND_OK;
  strcpy(d->encoding, r->valid ? "UTF-8" : "WINDOWS-1252");
  d->converted = !r->valid;
  if (r->valid)
    return EMEND_OK;
  char place[32] = "header";
  if (r->invalid_row)
    snprintf(place, sizeof place, "row %" PRId64, r->invalid_row);
  return emend_dataset_add_warning(r->dataset, error,
                                   "the text is not UTF-8 (%s, byte %" PRIu64 ") and is read as Windows-1252: if names or texts look wrong, "
                                   "add --encoding with the right one",
                                   place, r->invalid_byte);
}

static emend_status warn_of_names(reader *r, emend_error *error) {
  const emend_csv_names *names = &r->names;
  emend_status status = EMEND_OK;
  if (names->n_empty)
    status = emend_dataset_add_warning(r->dataset, error, "%zu variable%s no name in the first line and %s called by %s (V1 is the first)",
                                       names->n_empty, names->n_empty == 1 ? " has" : "s have", names->n_empty == 1 ? "is" : "are",
                                       names->n_empty == 1 ? "its place" : "their places");
  if (!status && names->n_repeated)
    status = emend_dataset_add_warning(
        r->dataset, error, "%zu variable%s a name that occurs before in the first line and %s renamed; the first is %s", names->n_repeated,
        names->n_repeated == 1 ? " has" : "s have", names->n_repeated == 1 ? "is" : "are", names->names[names->first_repeated]);
  return status;
}

/* A first line in which every field is a number is hardly one of names. */
static emend_status warn_of_header(reader *r, emend_error *error) {
  double number;
  if (!r->header || r->n_rows == 0)
    return EMEND_OK;
  for (size_t i = 0; i < r->n_columns; i++)
    if (!emend_number_parse(r->header[i].value, r->header[i].length, r->dialect.decimal, &number))
      return EMEND_OK;
  return emend_dataset_add_warning(r->dataset, error,
                                   "the first line holds numbers and is taken for the names: if it is data, add --no-header");
}

static emend_status add_variable(reader *r, size_t index, const emend_csv_type *type, emend_error *error) {
  const char *name = r->names.names[index];
  emend_variable variable = {.kind = type->numeric ? EMEND_NUMERIC : EMEND_TEXT, .label_set = -1};
  variable.storage = type->numeric ? EMEND_STORAGE_F64 : EMEND_STORAGE_LONG_TEXT;
  emend_status status = emend_dataset_add_text(r->dataset, name, strlen(name), &variable.name, error);
  if (!status)
    status = emend_dataset_add_text(r->dataset, type->format, strlen(type->format), &variable.format, error);
  if (!status)
    status = emend_dataset_add_variable(r->dataset, &variable, NULL, error);
  if (!status && type->doubt[0])
    status = emend_dataset_add_warning(r->dataset, error, "%s %s", name, type->doubt);
  return status;
}

static emend_status decide_types(reader *r, emend_error *error) {
  r->numeric = emend_allocate(r->n_columns, sizeof *r->numeric);
  r->recent = emend_allocate(r->n_columns, sizeof *r->recent);
  if (!r->numeric || !r->recent)
    return emend_fail_memory(error);
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < r->n_columns && !status; i++) {
    emend_csv_type type;
    status = emend_csv_column_decide(&r->columns[i], r->dialect.decimal, &type, error);
    if (status)
      emend_at_variable(error, r->names.names[i]);
    else
      status = add_variable(r, i, &type, error);
    r->numeric[i] = type.numeric;
  }
  return status;
}

/* From what the first pass saw: the rest of the dialect, the names, the types. */
static emend_status settle(reader *r, emend_error *error) {
  emend_status status = settle_encoding(r, error);
  if (status)
    return status;
  if (!r->dialect.decimal)
    r->dialect.decimal = emend_csv_choose_decimal(r->columns, r->n_columns, r->dialect.delimiter);
  *emend_dataset_dialect(r->dataset) = r->dialect;
  status = emend_csv_text_open(&r->dialect, r->valid, &r->text, error);
  if (!status)
    status = emend_csv_names_new(r->header, r->n_columns, &r->text, &r->names, error);
  if (!status)
    status = warn_of_names(r, error);
  if (!status)
    status = warn_of_header(r, error);
  return status ? status : decide_types(r, error);
}

static emend_status refuse_cell(const reader *r, size_t column, const char *value, size_t length, emend_error *error) {
  double number;
  bool infinite = emend_csv_number(value, length, r->dialect.decimal, &number);
  int shown = length < 60 ? (int)length : 60;
  emend_status status = infinite ? emend_fail(error, EMEND_MALFORMED, "\"%.*s\" is too large for a number", shown, value)
                                 : emend_fail(error, EMEND_IO_ERROR, "the file was changed while it was read");
  if (infinite) {
    emend_at_variable(error, r->names.names[column]);
    emend_try(error, "--missing%s%.*s, if it means missing", value[0] == '-' ? "=" : " ", shown, value);
  }
  return status;
}

static emend_status store_number(const reader *r, const emend_csv_field *field, size_t column, double *cell, unsigned char *reason,
                                 emend_error *error) {
  const char *value = field->value;
  size_t length = field->length;
  double number;
  emend_csv_trim(&value, &length);
  *cell = NAN;
  *reason = EMEND_SYSTEM_MISSING;
  if (length == 0)
    return EMEND_OK;
  if (emend_csv_number(value, length, r->dialect.decimal, &number) && isfinite(number)) {
    *cell = number;
    *reason = emend_read_options_number_is_missing(r->options, number) ? EMEND_USER_MISSING : EMEND_OBSERVED;
    return EMEND_OK;
  }
  return emend_csv_tokens_match(r->tokens, value, length) ? EMEND_OK : refuse_cell(r, column, value, length, error);
}

static size_t hash(const char *bytes, size_t length) {
  uint64_t h = length;
  for (size_t i = 0; i < length; i++)
    h = (h ^ (unsigned char)bytes[i]) * UINT64_C(0x9E3779B97F4A7C15);
  return (size_t)(h >> 32);
}

/* Where a text is stored. Long ones hardly repeat and are not looked for. */
static emend_status keep_text(reader *r, size_t column, const char *bytes, size_t length, emend_offset *offset, emend_error *error) {
  enum { LONGEST = 40 };
  if (length > LONGEST)
    return emend_dataset_add_text(r->dataset, bytes, length, offset, error);
  emend_offset *recent = &r->recent[column][hash(bytes, length) % RECENT];
  if (*recent && emend_dataset_text_length(r->dataset, *recent) == length &&
      memcmp(emend_dataset_text(r->dataset, *recent), bytes, length) == 0) {
    *offset = *recent;
    return EMEND_OK;
  }
  emend_status status = emend_dataset_add_text(r->dataset, bytes, length, offset, error);
  if (!status)
    *recent = *offset;
  return status;
}

static emend_status store_text(reader *r, const emend_csv_field *field, size_t column, int64_t row, double *cell, unsigned char *reason,
                               emend_error *error) {
  const char *value = field->value, *bytes;
  size_t length = field->length;
  emend_csv_trim(&value, &length);
  if (emend_csv_tokens_match(r->tokens, value, length) == EMEND_CSV_TOKEN)
    return EMEND_OK; /* an empty text, as the new row has it */
  uint64_t n_broken = r->text.n_broken;
  emend_status status = emend_csv_text_value(&r->text, field->value, field->length, field->doubled, &bytes, &length, error);
  if (status)
    return status;
  if (r->text.n_broken > n_broken && !r->broken_row)
    r->broken_row = row;
  emend_offset offset;
  status = keep_text(r, column, bytes, length, &offset, error);
  if (status) {
    emend_at_variable(error, r->names.names[column]);
    return status;
  }
  memcpy(cell, &offset, sizeof offset);
  *reason = EMEND_OBSERVED;
  return EMEND_OK;
}

static emend_status store_row(reader *r, const emend_csv_record *record, int64_t row, emend_error *error) {
  emend_status status = emend_dataset_add_row(r->dataset, error);
  if (status)
    return status;
  const emend_row_cells cells = emend_dataset_last_row(r->dataset);
  const bool plain = !r->options || r->options->n_numbers == 0;
  for (size_t i = 0; i < r->n_columns && !status; i++) {
    const emend_csv_field *field = &record->fields[i];
    size_t at = i * cells.step;
    if (!r->numeric[i]) {
      status = store_text(r, field, i, row, &cells.values[at], &cells.reasons[at], error);
      continue;
    }
    if (plain && field->length - 1u < 8) {
      uint64_t digits = emend_csv_digits_word(field->value, field->length);
      if (emend_csv_all_digits(digits)) {
        cells.values[at] = emend_csv_digits_value(digits);
        cells.reasons[at] = EMEND_OBSERVED;
        continue;
      }
    }
    status = store_number(r, field, i, &cells.values[at], &cells.reasons[at], error);
  }
  return status;
}

/* The second pass. */
static emend_status store_cells(reader *r, emend_error *error) {
  emend_csv_scanner scanner;
  emend_csv_record record = {0};
  emend_status status = emend_csv_scanner_open(r->source, &r->dialect, EMEND_CSV_WINDOW, &scanner, error);
  if (status)
    return status;
  scanner.n_columns = r->n_columns;
  int64_t row = 0;
  do {
    status = emend_csv_scanner_next(&scanner, &record, error);
    row = emend_csv_scanner_row(&scanner);
    if (!status && record.bytes && !record.blank && row > 0) {
      status = store_row(r, &record, row, error);
      if (status)
        emend_at_row(error, row);
    }
    if (!status)
      status = report(r, &scanner, 0.5, error);
  } while (!status && record.bytes);
  emend_csv_scanner_close(&scanner);
  if (!status && (uint64_t)row != r->n_rows)
    status = emend_fail(error, EMEND_IO_ERROR, "the file was changed while it was read");
  return status;
}

static emend_status warn_of_texts(reader *r, emend_error *error) {
  if (r->text.n_broken == 0)
    return EMEND_OK;
  char place[48] = "in the first line";
  if (r->broken_row)
    snprintf(place, sizeof place, "first in row %" PRId64, r->broken_row);
  return emend_dataset_add_warning(r->dataset, error,
                                   "%" PRIu64 " text%s bytes that are undefined in %s (%s), shown as U+FFFD: "
                                   "if another encoding is meant, add --encoding",
                                   r->text.n_broken, r->text.n_broken == 1 ? " has" : "s have", r->dialect.encoding, place);
}

static void release(reader *r) {
  for (size_t i = 0; r->header && i < r->n_columns; i++)
    free(r->header[i].value);
  free(r->header);
  emend_csv_columns_free(r->columns, r->n_columns);
  emend_csv_tokens_free(r->tokens);
  emend_csv_names_free(&r->names);
  emend_csv_text_close(&r->text);
  free(r->numeric);
  free(r->recent);
}

emend_status emend_csv_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  reader r = {.source = source, .options = options, .dataset = dataset};
  emend_status status = emend_csv_recognise(source, options, &r.dialect, error);
  if (!status)
    status = emend_csv_tokens_new(options, r.dialect.encoding, &r.tokens, error);
  if (!status)
    status = look_at_cells(&r, error);
  if (!status)
    status = settle(&r, error);
  if (!status)
    status = store_cells(&r, error);
  if (!status)
    status = warn_of_texts(&r, error);
  if (!status)
    status = emend_csv_warn_of_codes(dataset, error);
  release(&r);
  return status;
}
