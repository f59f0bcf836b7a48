/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"

csv_text csv_open(const char *path, const emend_read_options *options) {
  csv_text text = {.error = emend_error_new()};
  snprintf(text.path, sizeof text.path, "%s", path);
  text.status = emend_source_open(path, &text.source, text.error);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  ck_assert_int_eq(emend_dataset_new(UINT64_C(1) << 32, false, &text.dataset, text.error), EMEND_OK);
  text.status = emend_csv_read(text.source, options, text.dataset, text.error);
  if (text.status) {
    ck_assert_str_ne(emend_error_message(text.error), "");
    emend_dataset_free(text.dataset);
    text.dataset = NULL;
  } else {
    ck_assert_msg(emend_dataset_check(text.dataset, text.error) == EMEND_OK, "%s", emend_error_text(text.error));
  }
  return text;
}

csv_text csv_open_bytes(const void *bytes, size_t length, const emend_read_options *options) {
  static unsigned number;
  char name[32];
  snprintf(name, sizeof name, "text%u.csv", number++);
  const char *path = support_scratch(name);
  support_write(path, bytes, length);
  csv_text text = csv_open(path, options);
  unlink(path); /* the source holds it open */
  return text;
}

csv_text csv_open_text(const char *text, const emend_read_options *options) { return csv_open_bytes(text, strlen(text), options); }

void csv_close(csv_text *text) {
  emend_dataset_free(text->dataset);
  emend_source_close(text->source);
  emend_error_free(text->error);
  *text = (csv_text){0};
}

emend_read_options *csv_options(const char *delimiter, const char *decimal, const char *encoding, const char *missing) {
  emend_read_options *options = emend_read_options_new();
  emend_status status = emend_read_options_set_delimiter(options, delimiter, NULL);
  if (!status)
    status = emend_read_options_set_decimal(options, decimal, NULL);
  if (!status)
    status = emend_read_options_set_encoding(options, encoding, NULL);
  char *copy = strdup(missing ? missing : "");
  for (char *state = NULL, *token = strtok_r(copy, " ", &state); token && !status; token = strtok_r(NULL, " ", &state))
    status = emend_read_options_add_missing(options, token, NULL);
  free(copy);
  ck_assert_int_eq(status, EMEND_OK);
  return options;
}

size_t csv_count(const emend_dataset *dataset, emend_reason reason) {
  size_t count = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    for (size_t row = 0; row < emend_dataset_rows(dataset); row++) {
      emend_reason found = emend_cell_reason(dataset, row, v);
      count += found == reason || (reason == EMEND_SYSTEM_MISSING && found == EMEND_EMPTY_TEXT);
    }
  return count;
}

size_t csv_count_texts(const emend_dataset *dataset) {
  size_t count = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    count += emend_variable_get_kind(dataset, v) == EMEND_TEXT;
  return count;
}

bool csv_warns(const emend_dataset *dataset, const char *part) {
  for (size_t i = 0; i < emend_dataset_warnings(dataset); i++)
    if (strstr(emend_dataset_warning(dataset, i), part))
      return true;
  return false;
}

double csv_fill(size_t row, size_t variable) {
  switch ((row + variable) % 5) {
  case 0:
    return (double)(row + 100 * variable);
  case 1:
    return -0.1 * (double)(row + 1);
  case 2:
    return 1.0 / (3.0 + (double)row);
  case 3:
    return 1e300 / (1.0 + (double)row);
  default:
    return 12345.678 + (double)variable;
  }
}

static void read_filled(const void *state, size_t row, emend_cell *cells) {
  const emend_dataset *dataset = state;
  emend_dataset_read_row(dataset, row, cells);
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    if (cells[v].reason == EMEND_SYSTEM_MISSING) {
      cells[v].imputed = true;
      cells[v].value = csv_fill(row, v);
    }
}

static char *pour(emend_writer *(*open)(const void *, emend_output *, emend_error *), const void *context, const emend_rows *rows,
                  size_t *length) {
  static unsigned number;
  char name[32];
  snprintf(name, sizeof name, "written%u", number++);
  const char *path = support_scratch(name);
  emend_error *error = emend_error_new();
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_status status = emend_outputs_open(outputs, path, 0, &output, error);
  ck_assert_msg(!status, "%s", emend_error_text(error));
  emend_writer *writer = open(context, output, error);
  ck_assert_msg(writer != NULL, "%s", emend_error_text(error));
  status = emend_writer_pour(writer, rows, NULL, error);
  if (!status)
    status = emend_outputs_publish(outputs, error);
  ck_assert_msg(!status, "%s", emend_error_text(error));
  writer->free(writer);
  emend_outputs_free(outputs);
  emend_error_free(error);
  char *bytes = (char *)support_read(path, length);
  unlink(path);
  return bytes;
}

static emend_writer *open_patch(const void *context, emend_output *output, emend_error *error) {
  const csv_text *text = context;
  emend_writer *writer;
  emend_csv_open_patch(text->source, text->dataset, output, &writer, error);
  return writer;
}

char *csv_patched(const csv_text *text, bool fill, size_t *length) {
  emend_rows rows = emend_dataset_as_rows(text->dataset);
  if (fill)
    rows.read = read_filled;
  return pour(open_patch, text, &rows, length);
}

typedef struct anew {
  const emend_dataset *dataset;
  char delimiter;
} anew;

static emend_writer *open_anew(const void *context, emend_output *output, emend_error *error) {
  const anew *how = context;
  emend_writer *writer;
  emend_rows rows = emend_dataset_as_rows(how->dataset);
  emend_csv_open_delimited(&rows, how->delimiter, output, &writer, error);
  return writer;
}

char *csv_written(const emend_dataset *dataset, char delimiter, size_t *length) {
  emend_rows rows = emend_dataset_as_rows(dataset);
  return pour(open_anew, &(anew){dataset, delimiter}, &rows, length);
}

static void add_piece(csv_pieces *pieces, csv_piece piece) {
  if ((pieces->n & (pieces->n - 1)) == 0) {
    pieces->items = realloc(pieces->items, (pieces->n ? 2 * pieces->n : 1) * sizeof piece);
    ck_assert_ptr_nonnull(pieces->items);
  }
  pieces->items[pieces->n++] = piece;
}

static bool only_blanks(const char *text, size_t begin, size_t end) {
  for (; begin < end; begin++)
    if (text[begin] != ' ' && text[begin] != '\t')
      return false;
  return true;
}

/* The end of the field that begins at `at`: a delimiter, a line end, or the end of the text. */
static size_t end_of_field(const char *text, size_t length, size_t at, char delimiter) {
  size_t i = at;
  while (i < length && text[i] != delimiter && (text[i] == ' ' || text[i] == '\t'))
    i++;
  if (i < length && text[i] == '"') {
    i++;
    while (i < length && (text[i] != '"' || (i + 1 < length && text[i + 1] == '"')))
      i += text[i] == '"' ? 2 : 1;
    i++;
  }
  while (i < length && text[i] != delimiter && text[i] != '\n' && text[i] != '\r')
    i++;
  return i;
}

csv_pieces csv_split(const char *text, size_t length, char delimiter, bool one_column) {
  csv_pieces pieces = {0};
  for (size_t at = 0; at < length;) {
    size_t end = end_of_field(text, length, at, delimiter);
    bool single = end == length || text[end] != delimiter;
    if (!single || !only_blanks(text, at, end) || (one_column && pieces.rows > 0)) {
      add_piece(&pieces, (csv_piece){pieces.rows, 0, at, end});
      for (size_t column = 1; end < length && text[end] == delimiter; column++) {
        at = end + 1;
        end = end_of_field(text, length, at, delimiter);
        add_piece(&pieces, (csv_piece){pieces.rows, column, at, end});
      }
      pieces.rows++;
    }
    at = end < length && text[end] == '\r' && end + 1 < length && text[end + 1] == '\n' ? end + 2 : end + 1;
  }
  return pieces;
}

static bool same(const char *a, size_t a_length, const char *b, size_t b_length) {
  return a_length == b_length && memcmp(a, b, a_length) == 0;
}

/* The number in a field, without blanks, quotes, and blanks again. */
static double number_in(const char *text, size_t begin, size_t end, char decimal) {
  while (begin < end && strchr(" \t\"", text[begin]))
    begin++;
  while (begin < end && strchr(" \t\"", text[end - 1]))
    end--;
  double value;
  return emend_number_parse(text + begin, end - begin, decimal, &value) ? value : NAN;
}

void csv_check_patch(const csv_text *text, const char *before, size_t before_length, const char *after, size_t after_length) {
  const emend_csv_dialect *dialect = emend_dataset_get_dialect(text->dataset);
  size_t columns = emend_dataset_variables(text->dataset), skip = dialect->header_rows;
  csv_pieces old = csv_split(before, before_length, dialect->delimiter, columns == 1),
             new = csv_split(after, after_length, dialect->delimiter, columns == 1);
  ck_assert_uint_eq(old.rows, emend_dataset_rows(text->dataset) + skip);
  ck_assert_uint_eq(old.n, old.rows * columns);
  ck_assert_uint_eq(new.n, old.n);
  size_t old_at = 0, new_at = 0;
  for (size_t i = 0; i < old.n; i++) {
    const csv_piece *o = &old.items[i], *n = &new.items[i];
    ck_assert_uint_eq(o->row, n->row);
    ck_assert_uint_eq(o->column, n->column);
    ck_assert_msg(same(before + old_at, o->begin - old_at, after + new_at, n->begin - new_at), "what stands before row %zu column %zu",
                  o->row, o->column);
    bool filled = o->row >= skip && emend_variable_get_kind(text->dataset, o->column) == EMEND_NUMERIC &&
                  emend_cell_reason(text->dataset, o->row - skip, o->column) == EMEND_SYSTEM_MISSING;
    if (filled) {
      ck_assert_double_eq(number_in(after, n->begin, n->end, dialect->decimal), csv_fill(o->row - skip, o->column));
      bool was_quoted = memchr(before + o->begin, '"', o->end - o->begin), is_quoted = memchr(after + n->begin, '"', n->end - n->begin);
      ck_assert(was_quoted ? is_quoted : !is_quoted || dialect->delimiter == dialect->decimal);
    } else {
      ck_assert_msg(same(before + o->begin, o->end - o->begin, after + n->begin, n->end - n->begin), "row %zu column %zu", o->row,
                    o->column);
    }
    old_at = o->end;
    new_at = n->end;
  }
  ck_assert(same(before + old_at, before_length - old_at, after + new_at, after_length - new_at));
  free(old.items);
  free(new.items);
}
