/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a delimited text again with only the imputed fields replaced: the file is scanned once more, as it was read, and everything
 * between those fields is copied. A quoted field stays quoted, blanks around a value stay, and the decimal mark is the file's. Rebuilt,
 * each line also gets the fields of added variables at its end, as the others are written, and stacked copies follow one another.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/csv_amount.h"
#include "io/csv_dialect.h"
#include "io/csv_number.h"
#include "io/encoder.h"
#include "io/format.h"
#include "io/patch_copy.h"
#include "io/patch_text.h"

typedef struct csv_patcher {
  emend_writer writer; /* first */
  const emend_source *source;
  const emend_dataset *dataset;
  emend_output *output;
  emend_csv_scanner scanner;
  emend_csv_dialect dialect;
  size_t n_columns;
  bool delimits_numbers; /* the delimiter can occur in a number */
  bool begun;
  emend_buffer line;   /* a changed line */
  patch_text text;
  emend_csv_manner **manners; /* by column, NULL where numbers are plain; NULL if all are */
  emend_encoder encoder;      /* of amounts */
  emend_buffer amount;
  unsigned char *wide; /* a line in UTF-16 */
  size_t wide_room;
  /* Of a rebuild. */
  const emend_added_variable *added;
  size_t n_added, n_source_rows, n_rows, row;
  bool again;       /* in a further copy, before its first row: nothing is written */
  char line_end[3]; /* of the lines seen so far */
} csv_patcher;

enum { QUOTES = 2 };

static emend_status write_utf16(csv_patcher *p, const char *bytes, size_t length, emend_error *error) {
  if (length > p->wide_room / 2) {
    free(p->wide);
    p->wide_room = 4 * length;
    p->wide = malloc(p->wide_room);
    if (!p->wide) {
      p->wide_room = 0;
      return emend_fail_memory(error);
    }
  }
  size_t written = emend_csv_to_utf16(p->scanner.stream.unit, bytes, length, p->wide);
  return emend_output_write(p->output, p->wide, written, error);
}

static emend_status put(csv_patcher *p, const char *bytes, size_t length, emend_error *error) {
  if (length == 0)
    return EMEND_OK;
  return p->scanner.stream.unit == EMEND_CSV_BYTES ? emend_output_write(p->output, bytes, length, error)
                                                   : write_utf16(p, bytes, length, error);
}

static emend_status does_not_match(const csv_patcher *p, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "the file is not what was read from it");
  emend_at_row(error, emend_csv_scanner_row(&p->scanner));
  return status;
}

/* The mark, and the first line if it holds the names. */
static emend_status begin(csv_patcher *p, emend_error *error) {
  unsigned char mark[8];
  p->begun = true;
  emend_status status = emend_source_read(p->source, 0, mark, p->dialect.bom_bytes, error);
  return status ? status : emend_output_write(p->output, mark, p->dialect.bom_bytes, error);
}

static void append(emend_buffer *line, const char *bytes, size_t length) {
  memcpy(line->bytes + line->length, bytes, length);
  line->length += length;
}

static const char *end_of_fields(const emend_csv_record *record) {
  return record->n_fields ? record->fields[record->n_fields - 1].end : record->bytes;
}

static bool converts_texts(const csv_patcher *p) { return p->dialect.converted && p->scanner.stream.unit == EMEND_CSV_BYTES; }

/* A name as the file's other names are written. */
static emend_status append_name(csv_patcher *p, const char *name, bool quoted, emend_error *error) {
  bool converts = converts_texts(p);
  bool quotes = quoted || strchr(name, p->dialect.delimiter) || strpbrk(name, "\"\r\n");
  emend_encoder encoder = {.open = false};
  emend_buffer encoded = {0};
  emend_encoding_loss loss;
  if (converts)
    emend_encoder_open(&encoder, p->dialect.encoding);
  emend_status status = converts ? emend_encode(&encoder, name, SIZE_MAX, '_', &encoded, &loss, error)
                                 : emend_buffer_append(&encoded, name, strlen(name), error);
  if (!status)
    status = emend_buffer_reserve(&p->line, 2 * encoded.length + QUOTES + 1, error);
  if (!status) {
    append(&p->line, &p->dialect.delimiter, 1);
    append(&p->line, "\"", quotes);
    for (size_t i = 0; i < encoded.length; i++) {
      append(&p->line, "\"", quotes && encoded.bytes[i] == '"');
      append(&p->line, encoded.bytes + i, 1);
    }
    append(&p->line, "\"", quotes);
  }
  emend_encoder_close(&encoder);
  emend_buffer_free(&encoded);
  return status;
}

/* The line of names, with those of the added variables; a second one, with texts, has their labels, and further ones nothing. */
static emend_status put_names(csv_patcher *p, const emend_csv_record *record, emend_error *error) {
  const char *end = end_of_fields(record);
  uint64_t line = p->scanner.n_records;
  emend_buffer_clear(&p->line);
  emend_status status = emend_buffer_append(&p->line, record->bytes, (size_t)(end - record->bytes), error);
  for (size_t i = 0; i < p->n_added && !status; i++)
    status = append_name(p, line == 1 ? p->added[i].name : line == 2 ? p->added[i].label : "",
                         record->n_fields && record->fields[record->n_fields - 1].quoted, error);
  if (!status)
    status = emend_buffer_append(&p->line, end, (size_t)(record->bytes + record->length - end), error);
  return status ? status : put(p, p->line.bytes, p->line.length, error);
}

/* Copies what stands before the next data row, and stops there; record->bytes is NULL when there is none. */
static emend_status next_row(csv_patcher *p, emend_csv_record *record, emend_error *error) {
  emend_status status = p->begun ? EMEND_OK : begin(p, error);
  while (!status) {
    status = emend_csv_scanner_next(&p->scanner, record, error);
    if (status || !record->bytes || (!record->blank && emend_csv_scanner_row(&p->scanner) > 0))
      break;
    if (!p->again)
      status = record->blank || p->n_added == 0 ? put(p, record->bytes, record->length, error) : put_names(p, record, error);
  }
  p->again = false;
  return status;
}

/* A field that holds a number was not missing when the file was read, unless the number means missing. */
static bool was_missing(const csv_patcher *p, const char *value, size_t length, emend_reason reason) {
  double number;
  return reason == EMEND_USER_MISSING || length == 0 || !emend_csv_number(value, length, p->dialect.decimal, &number) || !isfinite(number);
}

/* Adds to the line, which has room, what stands from *from up to the field's value, then the new value; moves *from behind the old one. */
static emend_status replace(csv_patcher *p, const emend_csv_field *field, const emend_cell *cell, const char **from, emend_error *error) {
  char text[EMEND_NUMBER_SIZE];
  size_t length = emend_number_print(cell->value, p->dialect.decimal, text), old_length = field->length;
  const char *old = field->value;
  if (!isfinite(cell->value))
    return emend_fail(error, EMEND_INTERNAL, "an imputed value is not finite");
  emend_csv_trim(&old, &old_length);
  if (!was_missing(p, old, old_length, cell->reason))
    return does_not_match(p, error);
  if (old_length == 0) { /* nothing but blanks: they were the value */
    old = field->value;
    old_length = field->length;
  }
  size_t quote = p->delimits_numbers && !field->quoted && memchr(text, p->dialect.delimiter, length);
  append(&p->line, *from, (size_t)(old - *from));
  append(&p->line, "\"", quote);
  append(&p->line, text, length);
  append(&p->line, "\"", quote);
  *from = old + old_length;
  return EMEND_OK;
}

static void append_quoted(csv_patcher *p, const char *text, size_t length) {
  char quote = p->dialect.quote;
  append(&p->line, &quote, 1);
  for (size_t i = 0; i < length; i++)
    append(&p->line, text[i] == quote ? (char[]){quote, quote} : &text[i], 1u + (text[i] == quote));
  append(&p->line, &quote, 1);
}

/* True if a text has to stand in quotes: it would not be read as it is, or as missing. */
static bool needs_quotes(const csv_patcher *p, const char *text, size_t length) {
  return length == 0 || text[0] == ' ' || text[length - 1] == ' ' || memchr(text, p->dialect.delimiter, length) ||
         memchr(text, p->dialect.quote, length) || memchr(text, '\n', length) || memchr(text, '\r', length);
}

/* True if the record's texts stand in quotes that they would not need: then a new one does, too. */
static bool quotes_texts(const csv_patcher *p, const emend_csv_record *record) {
  for (size_t i = 0; i < record->n_fields; i++)
    if (record->fields[i].quoted && !needs_quotes(p, record->fields[i].value, record->fields[i].length))
      return true;
  return false;
}

/* Room in the line for `length` more bytes, and for the numbers of the columns that follow. */
static emend_status make_room(csv_patcher *p, const emend_csv_record *record, size_t variable, const char *from, size_t length,
                              emend_error *error) {
  size_t rest = (size_t)(record->bytes + record->length - from);
  size_t numbers = (p->n_columns - variable + p->n_added) * (EMEND_NUMBER_SIZE + QUOTES + 1);
  return emend_buffer_reserve(&p->line, rest + numbers + length, error);
}

/* The same for a text, in quotes where the field has some, or it needs them, or others have them without need. */
static emend_status replace_text(csv_patcher *p, const emend_csv_record *record, size_t variable, const emend_cell *cell, const char **from,
                                 emend_error *error) {
  const emend_csv_field *field = &record->fields[variable];
  const char *text = emend_dataset_text(p->dataset, cell->text);
  size_t length = emend_dataset_text_length(p->dataset, cell->text), width = 4 * length + 1;
  unsigned char *bytes = malloc(width);
  if (!bytes)
    return emend_fail_memory(error);
  memcpy(bytes, text, length);
  bool converts = converts_texts(p);
  emend_status status = converts ? patch_text_put(&p->text, p->dataset, variable, cell->text, bytes, width, '\0', error) : EMEND_OK;
  if (!status && converts)
    length = strnlen((char *)bytes, width);
  if (!status)
    status = make_room(p, record, variable, *from, 2 * length + QUOTES, error);
  if (!status) {
    size_t quotes = field->quoted;
    append(&p->line, *from, (size_t)(field->value - *from) - quotes);
    if (field->quoted || needs_quotes(p, (char *)bytes, length) || quotes_texts(p, record))
      append_quoted(p, (char *)bytes, length);
    else
      append(&p->line, (char *)bytes, length);
    *from = field->value + field->length + quotes;
  }
  free(bytes);
  return status;
}

/* The number as its column writes it, in the file's encoding, into p->amount. */
static emend_status print_amount(csv_patcher *p, const emend_csv_manner *manner, double value, emend_error *error) {
  char text[EMEND_CSV_PICTURE];
  emend_encoding_loss loss;
  size_t length = emend_csv_manner_print(manner, value, text);
  emend_buffer_clear(&p->amount);
  if (!converts_texts(p))
    return emend_buffer_append(&p->amount, text, length, error);
  if (!p->encoder.open)
    emend_encoder_open(&p->encoder, p->dialect.encoding);
  return emend_encode(&p->encoder, text, SIZE_MAX, '?', &p->amount, &loss, error);
}

/* What was there is no such number: a token, or one that means missing. Blanks around it stay. */
static emend_status replace_amount(csv_patcher *p, const emend_csv_record *record, size_t variable, const emend_cell *cell,
                                   const char **from, emend_error *error) {
  const emend_csv_field *field = &record->fields[variable];
  const char *old = field->value;
  size_t old_length = field->length;
  if (!isfinite(cell->value))
    return emend_fail(error, EMEND_INTERNAL, "an imputed value is not finite");
  emend_status status = print_amount(p, p->manners[variable], cell->value, error);
  if (!status)
    status = make_room(p, record, variable, *from, 2 * p->amount.length + QUOTES, error);
  if (status)
    return status;
  emend_csv_trim(&old, &old_length);
  emend_csv_amount amount;
  if (cell->reason != EMEND_USER_MISSING && emend_csv_amount_parse(old, old_length, &amount))
    return does_not_match(p, error);
  if (old_length == 0) {
    old = field->value;
    old_length = field->length;
  }
  append(&p->line, *from, (size_t)(old - *from));
  if (!field->quoted && (needs_quotes(p, p->amount.bytes, p->amount.length) || quotes_texts(p, record)))
    append_quoted(p, p->amount.bytes, p->amount.length);
  else
    append(&p->line, p->amount.bytes, p->amount.length);
  *from = old + old_length;
  return EMEND_OK;
}

/* True if the file's numbers are quoted: as those of this line are, or if it has none, as all its fields are. */
static bool quotes_numbers(const csv_patcher *p, const emend_csv_record *record) {
  for (size_t i = 0; i < p->n_columns; i++)
    if (emend_variable_get_kind(p->dataset, i) != EMEND_TEXT && record->fields[i].length > 0)
      return record->fields[i].quoted;
  bool all = true;
  for (size_t i = 0; i < p->n_columns && all; i++)
    all = record->fields[i].quoted;
  return all;
}

/* The line has room. A missing value is an empty field. */
static emend_status append_added(csv_patcher *p, const emend_csv_record *record, const emend_cell *cells, emend_error *error) {
  bool all = quotes_numbers(p, record);
  for (size_t i = 0; i < p->n_added; i++) {
    char text[EMEND_NUMBER_SIZE];
    if (isinf(cells[i].value)) {
      emend_status status = emend_fail(error, EMEND_INTERNAL, "the value of an added variable is not finite");
      emend_at_variable(error, p->added[i].name);
      return status;
    }
    text[0] = '\0';
    size_t length = isnan(cells[i].value) ? 0 : emend_number_print(cells[i].value, p->dialect.decimal, text);
    bool quotes = all || (p->delimits_numbers && memchr(text, p->dialect.delimiter, length));
    append(&p->line, &p->dialect.delimiter, 1);
    append(&p->line, "\"", quotes);
    append(&p->line, text, length);
    append(&p->line, "\"", quotes);
  }
  return EMEND_OK;
}

static emend_status change(csv_patcher *p, const emend_csv_record *record, const emend_cell *cells, size_t first, emend_error *error) {
  const char *from = record->bytes, *end = end_of_fields(record);
  emend_buffer_clear(&p->line);
  size_t n_changed = p->n_columns - first + p->n_added;
  emend_status status = emend_buffer_reserve(&p->line, record->length + n_changed * (EMEND_NUMBER_SIZE + QUOTES + 1), error);
  for (size_t i = first; i < p->n_columns && !status; i++) {
    if (!cells[i].imputed)
      continue;
    if (emend_variable_get_kind(p->dataset, i) == EMEND_TEXT)
      status = replace_text(p, record, i, &cells[i], &from, error);
    else if (p->manners && p->manners[i])
      status = replace_amount(p, record, i, &cells[i], &from, error);
    else
      status = replace(p, &record->fields[i], &cells[i], &from, error);
    if (status)
      emend_at_variable(error, emend_variable_name(p->dataset, i));
  }
  if (!status && p->n_added) {
    append(&p->line, from, (size_t)(end - from));
    from = end;
    status = append_added(p, record, cells + p->n_columns, error);
  }
  if (status)
    return status;
  append(&p->line, from, (size_t)(record->bytes + record->length - from));
  return put(p, p->line.bytes, p->line.length, error);
}

static emend_status open_scanner(csv_patcher *p, emend_error *error) {
  emend_status status = emend_csv_scanner_open(p->source, &p->dialect, EMEND_CSV_WINDOW, &p->scanner, error);
  if (!status)
    p->scanner.n_columns = p->n_columns;
  return status;
}

/* From the file's first row once more. */
static emend_status begin_copy(csv_patcher *p, emend_error *error) {
  emend_csv_scanner_close(&p->scanner);
  p->scanner = (emend_csv_scanner){0};
  p->again = true;
  return open_scanner(p, error);
}

/* What follows the last row of a copy, another copy, begins with a line of its own. */
static emend_status end_copy(csv_patcher *p, bool ended, emend_error *error) {
  const char *end = p->line_end[0] ? p->line_end : "\n";
  return ended ? EMEND_OK : put(p, end, strlen(end), error);
}

static void note_line_end(csv_patcher *p, const char *end, size_t length) {
  if (length > 0 && length < sizeof p->line_end) {
    memcpy(p->line_end, end, length);
    p->line_end[length] = '\0';
  }
}

static emend_status patch_row(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  csv_patcher *p = (csv_patcher *)writer;
  emend_csv_record record;
  emend_status status = p->row > 0 && p->n_source_rows && p->row % p->n_source_rows == 0 ? begin_copy(p, error) : EMEND_OK;
  if (!status)
    status = next_row(p, &record, error);
  if (status)
    return status;
  if (!record.bytes)
    return does_not_match(p, error);
  const char *end = end_of_fields(&record);
  size_t first = 0, rest = (size_t)(record.bytes + record.length - end);
  note_line_end(p, end, rest);
  while (first < p->n_columns && !cells[first].imputed)
    first++;
  bool same = first == p->n_columns && p->n_added == 0;
  status = same ? put(p, record.bytes, record.length, error) : change(p, &record, cells, first, error);
  p->row++;
  return !status && p->row < p->n_rows && p->row % p->n_source_rows == 0 ? end_copy(p, rest > 0, error) : status;
}

static emend_status patch_close(emend_writer *writer, emend_error *error) {
  csv_patcher *p = (csv_patcher *)writer;
  emend_csv_record record;
  emend_status status = next_row(p, &record, error);
  return !status && record.bytes ? does_not_match(p, error) : status;
}

static void patch_free(emend_writer *writer) {
  csv_patcher *p = (csv_patcher *)writer;
  emend_csv_scanner_close(&p->scanner);
  emend_buffer_free(&p->line);
  patch_text_free(&p->text);
  emend_encoder_close(&p->encoder);
  emend_buffer_free(&p->amount);
  for (size_t i = 0; p->manners && i < p->n_columns; i++)
    free(p->manners[i]);
  free(p->manners);
  free(p->wide);
  free(p);
}

/* How amounts are written; most files have none. */
static emend_status read_manners(csv_patcher *p, emend_error *error) {
  for (size_t i = 0; i < p->n_columns; i++) {
    emend_offset picture = emend_dataset_variable(p->dataset, i)->picture;
    if (!picture)
      continue;
    if (!p->manners)
      p->manners = emend_allocate(p->n_columns, sizeof *p->manners);
    emend_csv_manner *manner = p->manners ? malloc(sizeof *manner) : NULL;
    if (!manner)
      return emend_fail_memory(error);
    p->manners[i] = manner;
    if (!emend_csv_manner_parse(emend_dataset_text(p->dataset, picture), manner))
      return emend_fail(error, EMEND_INTERNAL, "how the numbers of a column are written is not known");
    if (!manner->decimal) /* whole numbers so far */
      manner->decimal = *manner->group != p->dialect.decimal ? p->dialect.decimal : p->dialect.decimal == ',' ? '.' : ',';
  }
  return EMEND_OK;
}

static emend_status open_copy(const emend_source *source, const emend_rows *rows, emend_output *output, emend_writer **writer,
                              emend_error *error) {
  csv_patcher *p = calloc(1, sizeof *p);
  if (!p)
    return emend_fail_memory(error);
  p->writer = (emend_writer){.row = patch_row, .close = patch_close, .free = patch_free};
  p->source = source;
  p->dataset = rows->dataset;
  p->output = output;
  p->dialect = *emend_dataset_get_dialect(rows->dataset);
  p->n_columns = emend_dataset_variables(rows->dataset);
  p->n_source_rows = emend_dataset_rows(rows->dataset);
  p->n_rows = rows->n_rows;
  p->added = rows->added;
  p->n_added = rows->n_added;
  p->delimits_numbers = p->dialect.delimiter == p->dialect.decimal || memchr("0123456789+-eE", p->dialect.delimiter, 14);
  emend_status status = open_scanner(p, error);
  if (!status)
    status = read_manners(p, error);
  if (status)
    patch_free(&p->writer);
  else
    *writer = &p->writer;
  return status;
}

emend_status emend_csv_open_patch(const emend_source *source, const emend_dataset *dataset, emend_output *output, emend_writer **writer,
                                  emend_error *error) {
  emend_rows rows = emend_dataset_as_rows(dataset);
  *writer = NULL;
  return open_copy(source, &rows, output, writer, error);
}

/* Without anything to add there is nothing to rebuild: written anew, a text gets the common dialect. */
emend_status emend_csv_open_rebuild(const emend_source *source, const emend_rows *rows, emend_losses *losses, emend_output *output,
                                    emend_writer **writer, emend_error *error) {
  size_t n = emend_dataset_rows(rows->dataset);
  const emend_csv_dialect *dialect = emend_dataset_get_dialect(rows->dataset);
  *writer = NULL;
  if ((rows->n_added == 0 && rows->n_rows == n) || !dialect->delimiter)
    return emend_fail(error, EMEND_UNSUPPORTED, "nothing is added to the text");
  emend_status status = patch_check_copies(rows, error);
  if (status)
    return status;
  emend_names nameless = {0};
  for (size_t i = 0; i < rows->n_added && !dialect->header_rows; i++)
    emend_names_add(&nameless, rows->added[i].name);
  status = emend_losses_add_names(losses, &nameless, "added variable has no name in a text without a line of names",
                                               "added variables have no names in a text without a line of names", error);
  return status ? status : open_copy(source, rows, output, writer, error);
}
