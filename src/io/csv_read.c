/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a delimited text. The types are decided on whole columns, but mostly the first rows tell them: so they are guessed from a
 * sample, and one pass over the file both looks at every cell and fills the dataset. Where the decision differs from the guess, or a
 * cell does not fit it, the dataset is emptied and filled by a second pass. All scan windows of the file; none holds more of it than
 * a line.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "io/csv_amounts.h"
#include "io/csv_dialect.h"
#include "io/csv_fill.h"
#include "io/csv_oddity.h"
#include "io/csv_outlier.h"
#include "io/format.h"

typedef struct reader {
  const emend_source *source;
  const emend_read_options *options;
  emend_dataset *dataset;
  emend_csv_dialect dialect;
  emend_csv_tokens *tokens;
  emend_csv_raw_name *header; /* the first line's fields, or NULL */
  emend_csv_raw_name *labels; /* those of a second line of the header, or NULL */
  size_t n_columns;
  uint64_t n_rows;
  bool valid;              /* the bytes are UTF-8 */
  int64_t invalid_row;     /* where they first are not: 0 is the header */
  uint64_t invalid_byte;   /* in the source */
  emend_csv_filler filler; /* its notes are those of the pass that looks at every cell */
  bool begun;              /* the dataset has variables */
  bool filling;            /* and rows so far as they were scanned */
  double shown;            /* progress so far */
} reader;

static emend_status keep_fields(const emend_csv_record *record, emend_csv_raw_name **fields, emend_error *error) {
  emend_csv_raw_name *kept = *fields = emend_allocate(record->n_fields, sizeof *kept);
  if (!kept)
    return emend_fail_memory(error);
  for (size_t i = 0; i < record->n_fields; i++) {
    const emend_csv_field *field = &record->fields[i];
    char *copy = malloc((size_t)field->length + 1);
    if (!copy)
      return emend_fail_memory(error);
    memcpy(copy, field->value, field->length);
    copy[field->length] = '\0';
    kept[i] = (emend_csv_raw_name){.value = copy, .length = field->length, .doubled = field->doubled};
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

static emend_status was_changed(emend_error *error) { return emend_fail(error, EMEND_IO_ERROR, "the file was changed while it was read"); }

/* The first record tells how many columns there are. */
static emend_status begin_columns(reader *r, const emend_csv_record *record, emend_error *error) {
  if (r->n_columns && record->n_fields != r->n_columns)
    return was_changed(error);
  r->n_columns = record->n_fields;
  r->filler.columns = emend_csv_columns_new(r->n_columns);
  if (!r->filler.columns)
    return emend_fail_memory(error);
  return EMEND_OK;
}

/* The first line has the names, the second the texts. */
static emend_status take_header(reader *r, const emend_csv_scanner *scanner, const emend_csv_record *record, emend_error *error) {
  if (scanner->n_records == 1 && !r->header)
    return keep_fields(record, &r->header, error);
  return scanner->n_records == 2 && !r->labels ? keep_fields(record, &r->labels, error) : EMEND_OK;
}

/* Nothing that is written down yet depends on bytes that are not UTF-8. */
static bool is_sound(const reader *r) { return r->valid || (r->dialect.encoding[0] && !emend_csv_is_utf8(r->dialect.encoding)); }

/* Fills the dataset as long as that goes well; why it does not is no matter, since the second pass will meet it again. */
static emend_status take_row(reader *r, const emend_csv_record *record, emend_error *error) {
  emend_csv_filler *f = &r->filler;
  size_t noted = 0;
  if (r->filling) {
    f->n_noted = 0;
    r->filling = is_sound(r) && emend_csv_fill_row(f, record, (int64_t)r->n_rows, NULL) == EMEND_OK;
    noted = f->n_noted;
  }
  return r->filling || emend_csv_note_row(f->columns, r->tokens, record, noted, (int64_t)r->n_rows) ? EMEND_OK : emend_fail_memory(error);
}

static emend_status take_record(reader *r, const emend_csv_scanner *scanner, const emend_csv_record *record, emend_error *error) {
  if (r->valid)
    check_utf8(r, scanner, record);
  if (!r->filler.columns) {
    emend_status status = begin_columns(r, record, error);
    if (status)
      return status;
  }
  if (emend_csv_scanner_row(scanner) == 0)
    return take_header(r, scanner, record, error);
  r->n_rows++;
  return take_row(r, record, error);
}

/* From `begin` on a pass takes half of the time; all of it while the dataset is filled in the first. */
static emend_status report(reader *r, const emend_csv_scanner *scanner, double begin, emend_error *error) {
  enum { EVERY = 1024 };
  if (scanner->n_records % EVERY != 0)
    return EMEND_OK;
  double share = (double)scanner->stream.source_next / (double)r->source->size;
  double reached = begin == 0 && r->filling ? share : begin + 0.5 * share;
  r->shown = reached > r->shown ? reached : r->shown;
  emend_status status = r->begun && begin == 0 ? emend_dataset_expect_share(r->dataset, r->n_rows, share, error) : EMEND_OK;
  return status ? status : emend_read_progress(r->options, r->shown, error);
}

/* Looks at the records, at most `most` of them. */
static emend_status look_at_records(reader *r, uint64_t most, emend_error *error) {
  emend_csv_scanner scanner;
  emend_csv_record record = {0};
  emend_status status = emend_csv_scanner_open(r->source, &r->dialect, EMEND_CSV_WINDOW, &scanner, error);
  if (status)
    return status;
  r->valid = true;
  r->n_rows = 0;
  do {
    status = emend_csv_scanner_next(&scanner, &record, error);
    if (!status && record.bytes && !record.blank)
      status = take_record(r, &scanner, &record, error);
    if (!status)
      status = report(r, &scanner, 0, error);
  } while (!status && record.bytes && r->n_rows < most);
  emend_csv_scanner_close(&scanner);
  if (!status && !r->filler.columns)
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
                                   "the text is not UTF-8 (%s, byte %" PRIu64
                                   ") and is read as Windows-1252: if names or texts look wrong, "
                                   "add --encoding with the right one",
                                   place, r->invalid_byte);
}

static emend_status warn_of_names(reader *r, emend_error *error) {
  const emend_csv_names *names = &r->filler.names;
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

/* The text of a question, in one line. */
static emend_status add_label(reader *r, const emend_csv_raw_name *field, emend_offset *label, emend_error *error) {
  const char *value = field->value, *bytes;
  size_t length = field->length;
  emend_csv_trim(&value, &length);
  emend_status status = emend_csv_text_value(&r->filler.text, value, length, field->doubled, &bytes, &length, error);
  char *line = status ? NULL : malloc(length + 1);
  if (!line)
    return status ? status : emend_fail_memory(error);
  for (size_t i = 0; i < length; i++)
    line[i] = bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t' ? ' ' : bytes[i];
  status = length ? emend_dataset_add_text(r->dataset, line, length, label, error) : EMEND_OK;
  free(line);
  return status;
}

static emend_status add_variable(reader *r, size_t index, emend_error *error) {
  const char *name = r->filler.names.names[index];
  bool numeric = r->filler.numeric[index];
  emend_variable variable = {.kind = numeric ? EMEND_NUMERIC : EMEND_TEXT, .label_set = -1};
  variable.storage = numeric ? EMEND_STORAGE_F64 : EMEND_STORAGE_LONG_TEXT;
  emend_status status = emend_dataset_add_text(r->dataset, name, strlen(name), &variable.name, error);
  if (!status && r->labels)
    status = add_label(r, &r->labels[index], &variable.label, error);
  return status ? status : emend_dataset_add_variable(r->dataset, &variable, NULL, error);
}

/* From the dialect and the notes to a dataset ready for rows. */
static emend_status begin_filling(reader *r, emend_error *error) {
  emend_csv_filler *f = &r->filler;
  emend_status status = emend_csv_text_open(&r->dialect, r->valid, &f->text, error);
  r->begun = true;
  f->dataset = r->dataset, f->tokens = r->tokens, f->options = r->options;
  f->decimal = r->dialect.decimal, f->n_columns = r->n_columns;
  if (!status)
    status = emend_csv_names_new(r->header, r->n_columns, &f->text, &f->names, error);
  f->numeric = emend_allocate(r->n_columns, sizeof *f->numeric);
  f->recent = emend_allocate(r->n_columns, sizeof *f->recent);
  if (!status && (!f->numeric || !f->recent))
    status = emend_fail_memory(error);
  for (size_t i = 0; i < r->n_columns && !status; i++) {
    emend_csv_type type;
    status = emend_csv_column_decide(&f->columns[i], f->names.names[i], f->decimal, f->options, &type, error);
    f->numeric[i] = type.numeric;
    if (status)
      emend_at_variable(error, f->names.names[i]);
    else
      status = add_variable(r, i, error);
  }
  return status;
}

static emend_status stop_filling(reader *r, emend_error *error) {
  emend_csv_filler *f = &r->filler;
  emend_csv_text_close(&f->text);
  emend_csv_names_free(&f->names);
  free(f->numeric);
  free(f->recent);
  *f = (emend_csv_filler){.columns = f->columns};
  bool begun = r->begun;
  r->begun = r->filling = false;
  return begun ? emend_dataset_reset(r->dataset, error) : EMEND_OK;
}

/* Guesses the types from the first rows. Whatever goes wrong, the pass over all of them will tell. */
static emend_status guess(reader *r, emend_error *error) {
  enum { SAMPLE = 500 };
  emend_csv_dialect told = r->dialect;
  emend_status status = look_at_records(r, SAMPLE, NULL);
  if (status == EMEND_OUT_OF_MEMORY)
    return emend_fail_memory(error);
  bool looked = status == EMEND_OK && is_sound(r);
  if (looked && !r->dialect.encoding[0])
    strcpy(r->dialect.encoding, "UTF-8");
  if (looked && !r->dialect.decimal)
    r->dialect.decimal = emend_csv_choose_decimal(r->filler.columns, r->n_columns, r->dialect.delimiter);
  r->filling = looked && begin_filling(r, NULL) == EMEND_OK;
  r->dialect = told;
  emend_csv_columns_free(r->filler.columns, r->n_columns);
  r->filler.columns = NULL;
  return r->filling ? EMEND_OK : stop_filling(r, error);
}

static bool guess_holds(const reader *r) {
  const emend_csv_filler *f = &r->filler;
  bool holds = r->filling && is_sound(r) && f->decimal == r->dialect.decimal;
  for (size_t i = 0; i < r->n_columns && holds; i++) {
    emend_csv_type type;
    holds = emend_csv_column_decide(&f->columns[i], f->names.names[i], f->decimal, f->options, &type, NULL) == EMEND_OK && type.numeric == f->numeric[i];
  }
  return holds;
}

/* Where nobody said how many lines the header has, those beyond the first; else, where nothing is left behind them. */
static emend_status warn_of_header_rows(reader *r, emend_error *error) {
  uint32_t n = r->dialect.header_rows;
  bool told = r->options && r->options->header_told;
  if (n < 2 || (told && r->n_rows > 0))
    return EMEND_OK;
  if (told)
    return emend_dataset_add_warning(r->dataset, error, "no row is left: all lines of the file are header (--header-rows %" PRIu32 ")", n);
  const char *which = n == 2 ? "the second line is" : n == 3 ? "the second and third line are" : "the lines below the first are";
  return emend_dataset_add_warning(r->dataset, error,
                                   "%s taken for header, too, and not for answers of somebody: the data begin in line %" PRIu32
                                   " (--header-rows 1 says that only the first line is header)",
                                   which, n + 1);
}

static emend_status describe_types(reader *r, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < r->n_columns && !status; i++) {
    emend_csv_type type;
    emend_offset format = 0;
    status = emend_csv_column_decide(&r->filler.columns[i], r->filler.names.names[i], r->dialect.decimal, r->filler.options, &type, error);
    if (!status)
      status = emend_dataset_add_text(r->dataset, type.format, strlen(type.format), &format, error);
    emend_dataset_edit_variable(r->dataset, i)->format = format;
  }
  return status;
}

/* Of columns that have stayed texts, not being amounts either. */
static emend_status doubt_texts(reader *r, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < r->n_columns && !status; i++) {
    emend_csv_type type;
    if (emend_variable_get_kind(r->dataset, i) != EMEND_TEXT)
      continue;
    status = emend_csv_column_decide(&r->filler.columns[i], r->filler.names.names[i], r->dialect.decimal, r->filler.options, &type, error);
    if (!status && type.postponed) {
      status = emend_csv_column_refuse(&r->filler.columns[i], r->dialect.decimal, error);
      emend_at_variable(error, r->filler.names.names[i]);
    } else if (!status && type.doubt[0]) {
      status = emend_dataset_add_warning(r->dataset, error, "%s %s", r->filler.names.names[i], type.doubt);
    }
  }
  return status;
}

/* From what the pass over all cells saw: the rest of the dialect, the names, the types. */
static emend_status settle(reader *r, emend_error *error) {
  if (!r->dialect.decimal)
    r->dialect.decimal = emend_csv_choose_decimal(r->filler.columns, r->n_columns, r->dialect.delimiter);
  r->filling = guess_holds(r);
  emend_status status = r->filling ? EMEND_OK : stop_filling(r, error);
  if (!status)
    status = settle_encoding(r, error);
  if (!status && !r->filling)
    status = begin_filling(r, error);
  *emend_dataset_dialect(r->dataset) = r->dialect;
  if (!status)
    status = warn_of_names(r, error);
  if (!status)
    status = warn_of_header(r, error);
  if (!status)
    status = warn_of_header_rows(r, error);
  return status ? status : describe_types(r, error);
}

/* The second pass, where the first has not filled the dataset. */
static emend_status fill(reader *r, emend_error *error) {
  emend_csv_scanner scanner;
  emend_csv_record record = {0};
  emend_status status = emend_csv_scanner_open(r->source, &r->dialect, EMEND_CSV_WINDOW, &scanner, error);
  if (status)
    return status;
  scanner.n_columns = r->n_columns;
  int64_t row = 0;
  status = emend_dataset_expect_rows(r->dataset, r->n_rows, error);
  while (!status) {
    status = emend_csv_scanner_next(&scanner, &record, error);
    row = emend_csv_scanner_row(&scanner);
    if (!status && record.bytes && !record.blank && row > 0) {
      status = emend_csv_fill_row(&r->filler, &record, row, error);
      if (status)
        emend_at_row(error, row);
    }
    if (!status)
      status = report(r, &scanner, 0.5, error);
    if (!record.bytes)
      break;
  }
  emend_csv_scanner_close(&scanner);
  if (!status && (uint64_t)row != r->n_rows)
    status = was_changed(error);
  return status;
}

static emend_status warn_of_texts(reader *r, emend_error *error) {
  if (r->filler.text.n_broken == 0)
    return EMEND_OK;
  emend_buffer places = {0};
  emend_status status = emend_text_places_print(&r->filler.undecoded, r->filler.text.n_broken, r->dataset, &places, error);
  if (!status)
    status = emend_dataset_add_warning(r->dataset, error,
                                       "%" PRIu64 " text%s bytes that are undefined in %s (%s), shown as U+FFFD: "
                                       "if another encoding is meant, add --encoding",
                                       r->filler.text.n_broken, r->filler.text.n_broken == 1 ? " has" : "s have", r->dialect.encoding,
                                       places.bytes);
  emend_buffer_free(&places);
  return status;
}

static void free_fields(emend_csv_raw_name *fields, size_t n) {
  for (size_t i = 0; fields && i < n; i++)
    free(fields[i].value);
  free(fields);
}

static void release(reader *r) {
  emend_csv_filler *f = &r->filler;
  free_fields(r->header, r->n_columns);
  free_fields(r->labels, r->n_columns);
  emend_csv_columns_free(f->columns, r->n_columns);
  emend_csv_tokens_free(r->tokens);
  emend_csv_names_free(&f->names);
  emend_csv_text_close(&f->text);
  free(f->numeric);
  free(f->recent);
}

emend_status emend_csv_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  reader r = {.source = source, .options = options, .dataset = dataset};
  emend_status status = emend_csv_recognise(source, options, &r.dialect, error);
  if (!status)
    status = emend_csv_tokens_new(options, r.dialect.encoding, &r.tokens, error);
  if (!status)
    status = guess(&r, error);
  if (!status)
    status = look_at_records(&r, UINT64_MAX, error);
  if (!status)
    status = settle(&r, error);
  if (!status && !r.filling)
    status = fill(&r, error);
  if (!status)
    emend_dataset_dialect(dataset)->na_in_numbers = r.filler.na_in_numbers;
  if (!status)
    status = emend_csv_read_amounts(dataset, r.filler.columns, r.tokens, options, error);
  if (!status)
    status = doubt_texts(&r, error);
  if (!status)
    status = warn_of_texts(&r, error);
  if (!status)
    status = emend_csv_warn_of_oddities(dataset, r.filler.columns, r.tokens, options, r.dialect.decimal, error);
  if (!status && !(options && options->keeps_codes))
    status = emend_csv_warn_of_codes(dataset, error);
  release(&r);
  return status;
}
