/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_fill.h"

#include <math.h>
#include <string.h>

#include "io/csv_number.h"

bool emend_csv_note_row(emend_csv_column *columns, const emend_csv_tokens *tokens, const emend_csv_record *record, size_t first,
                        int64_t row) {
  for (size_t i = first; i < record->n_fields; i++) {
    const emend_csv_field *field = &record->fields[i];
    if (field->length - 1u < 8 && field->value[0] != '0' && emend_csv_is_short_integer(field->value, field->length))
      columns[i].count[EMEND_CSV_INTEGER]++;
    else if (!emend_csv_column_note(&columns[i], tokens, field, row))
      return false;
  }
  return true;
}

static emend_status refuse_cell(const emend_csv_filler *f, size_t column, const char *value, size_t length, emend_error *error) {
  double number;
  bool infinite = emend_csv_number(value, length, f->decimal, &number);
  int shown = length < 60 ? (int)length : 60;
  emend_status status = infinite ? emend_fail(error, EMEND_MALFORMED, "\"%.*s\" is too large for a number", shown, value)
                                 : emend_fail(error, EMEND_IO_ERROR, "the file was changed while it was read");
  if (infinite) {
    emend_at_variable(error, f->names.names[column]);
    emend_try(error, "--missing%s%.*s, if it means missing", value[0] == '-' ? "=" : " ", shown, value);
  }
  return status;
}

/* By a hash of the bytes, taken in words; what stands behind the last is left out. */
static size_t slot_of(const char *bytes, size_t length) {
  const uint64_t factor = UINT64_C(0x9E3779B97F4A7C15);
  uint64_t h = length;
  for (; length > 8; bytes += 8, length -= 8)
    h = ((h ^ emend_csv_word(bytes)) * factor) ^ (h >> 29);
  if (length > 0)
    h = (h ^ emend_csv_digits_word(bytes, length)) * factor;
  return (size_t)((h >> 32) * EMEND_CSV_RECENT >> 32); /* the high bits depend on all others */
}

static bool is_stored(const emend_dataset *dataset, emend_offset text, const char *bytes, size_t length) {
  return text && emend_dataset_text_length(dataset, text) == length && memcmp(emend_dataset_text(dataset, text), bytes, length) == 0;
}

static void put_text(emend_offset text, emend_reason kind, double *cell, unsigned char *reason) {
  memcpy(cell, &text, sizeof text);
  *reason = (unsigned char)kind;
}

/* Converts and stores; the same text that came lately is not stored again. */
static emend_status keep_text(emend_csv_filler *f, const emend_csv_field *field, size_t column, int64_t row, emend_csv_recent *recent,
                              emend_offset *text, emend_error *error) {
  const char *bytes;
  size_t length;
  uint64_t n_broken = f->text.n_broken;
  emend_status status = emend_csv_text_value(&f->text, field->value, field->length, field->doubled, &bytes, &length, error);
  if (status)
    return status;
  if (f->text.n_broken > n_broken)
    emend_text_places_note(&f->undecoded, column, (size_t)row - 1);
  if (recent && is_stored(f->dataset, recent->text, bytes, length)) {
    *text = recent->text;
    return EMEND_OK;
  }
  return emend_dataset_add_text(f->dataset, bytes, length, text, error);
}

static emend_status fill_text(emend_csv_filler *f, const emend_csv_field *field, size_t column, int64_t row, double *cell,
                              unsigned char *reason, emend_error *error) {
  enum { LONGEST = 40 }; /* longer ones hardly repeat */
  emend_csv_recent *recent = field->length <= LONGEST ? &f->recent[column][slot_of(field->value, field->length)] : NULL;
  bool stored_as_it_is = !field->doubled && !f->text.converts && !f->text.repairs;
  if (recent && stored_as_it_is && is_stored(f->dataset, recent->text, field->value, field->length)) {
    put_text(recent->text, recent->reason, cell, reason);
    f->columns[column].count[recent->class]++;
    return EMEND_OK;
  }
  const char *value = field->value;
  size_t length = field->length;
  emend_csv_trim(&value, &length);
  emend_csv_class class = emend_csv_classify(f->tokens, value, length);
  bool may_be_token = class == EMEND_CSV_MISSING || emend_csv_is_number(class); /* numbers are looked for before tokens */
  bool token = may_be_token && emend_csv_tokens_match(f->tokens, value, length) == EMEND_CSV_TOKEN;
  if (!token || (f->options && f->options->keeps_tokens && length > 0)) {
    emend_offset text;
    emend_reason kind = token ? EMEND_EMPTY_TEXT : EMEND_OBSERVED;
    emend_status status = keep_text(f, field, column, row, recent, &text, error);
    if (status) {
      emend_at_variable(error, f->names.names[column]);
      return status;
    }
    if (recent)
      *recent = (emend_csv_recent){.text = text, .class = class, .reason = kind};
    put_text(text, kind, cell, reason);
  } /* else an empty text, as the new row has it */
  return emend_csv_column_count(&f->columns[column], class, value, length, row) ? EMEND_OK : emend_fail_memory(error);
}

static inline emend_csv_class class_of(const emend_csv_parts *parts, bool zero_first, char decimal) {
  if (parts->marked)
    return decimal == '.' ? EMEND_CSV_POINT : EMEND_CSV_COMMA;
  return zero_first && parts->n_whole > 1 ? EMEND_CSV_CODE : EMEND_CSV_INTEGER;
}

/* False for a text that means missing, or is no number that a column of numbers can hold. */
static inline bool take_number(const emend_csv_filler *f, const char *value, size_t length, emend_csv_class *class, double *number) {
  emend_csv_parts parts;
  if (emend_csv_take_apart(value, length, f->decimal, &parts) && emend_csv_put_together(&parts, number)) {
    *class = class_of(&parts, *(value + length - parts.n_digits) == '0', f->decimal);
    return true;
  }
  *class = emend_csv_classify(f->tokens, value, length);
  return emend_csv_is_number(*class) && emend_number_parse(value, length, f->decimal, number) && isfinite(*number);
}

static emend_status fill_number(emend_csv_filler *f, const emend_csv_field *field, size_t column, int64_t row, double *cell,
                                unsigned char *reason, emend_error *error) {
  const char *value = field->value;
  size_t length = field->length;
  emend_csv_class class;
  emend_csv_trim(&value, &length);
  if (take_number(f, value, length, &class, cell)) {
    *reason = f->options && emend_read_options_number_is_missing(f->options, *cell) ? EMEND_USER_MISSING : EMEND_OBSERVED;
  } else {
    emend_reason tag = emend_tag_of_text(value, length);
    *cell = NAN; /* and system-missing, as the new row has it */
    f->na_in_numbers = f->na_in_numbers || (length == 2 && memcmp(value, "NA", 2) == 0);
    if (tag && class == EMEND_CSV_LOOSELY_MISSING)
      *reason = (unsigned char)tag;
    if (class != EMEND_CSV_MISSING && class != EMEND_CSV_LOOSELY_MISSING && !emend_csv_tokens_match(f->tokens, value, length))
      return refuse_cell(f, column, value, length, error);
  }
  return emend_csv_column_count(&f->columns[column], class, value, length, row) ? EMEND_OK : emend_fail_memory(error);
}

/* Most cells of a survey: a code of one digit, or of some without a leading zero, in a column of numbers. */
static inline bool fill_code(const emend_csv_field *field, double *cell, unsigned char *reason) {
  if (field->length == 1) {
    unsigned digit = (unsigned char)*field->value - (unsigned)'0';
    if (digit > 9)
      return false;
    *cell = digit;
    *reason = EMEND_OBSERVED;
    return true;
  }
  if (field->length > 8 || field->value[0] == '0')
    return false;
  uint64_t digits = emend_csv_digits_word(field->value, field->length);
  if (!emend_csv_all_digits(digits))
    return false;
  *cell = emend_csv_digits_value(digits);
  *reason = EMEND_OBSERVED;
  return true;
}

/* And most others: up to eight characters behind a sign, of a class that the column has had. */
static inline bool fill_short_number(const emend_csv_field *field, char decimal, emend_csv_column *column, double *cell,
                                     unsigned char *reason) {
  bool negative = *field->value == '-';
  const char *value = field->value + negative;
  size_t length = field->length - negative;
  emend_csv_parts parts = {.negative = negative};
  if (length - 1 >= sizeof(uint64_t) || !emend_csv_take_word_apart(value, length, decimal, &parts))
    return false;
  emend_csv_class class = class_of(&parts, *value == '0', decimal);
  if (column->count[class] == 0 || class == EMEND_CSV_CODE)
    return false;
  column->count[class]++;
  *reason = EMEND_OBSERVED;
  return emend_csv_put_together(&parts, cell);
}

emend_status emend_csv_fill_row(emend_csv_filler *f, const emend_csv_record *record, int64_t row, emend_error *error) {
  f->n_noted = 0;
  emend_status status = emend_dataset_add_row(f->dataset, error);
  if (status)
    return status;
  const emend_row_cells cells = emend_dataset_last_row(f->dataset);
  const bool plain = !f->options || f->options->n_numbers == 0, *numeric = f->numeric;
  const emend_csv_field *field = record->fields;
  emend_csv_column *column = f->columns;
  double *cell = cells.values;
  unsigned char *reason = cells.reasons;
  const size_t n = f->n_columns;
  for (size_t i = 0; i < n; i++, field++, column++, cell += cells.step, reason += cells.step) {
    if (field->length == 0) {
      column->count[EMEND_CSV_MISSING]++;
    } else if (numeric[i] && plain && fill_code(field, cell, reason)) {
      column->count[EMEND_CSV_INTEGER]++;
    } else if (!numeric[i] || !plain || !fill_short_number(field, f->decimal, column, cell, reason)) {
      status = numeric[i] ? fill_number(f, field, i, row, cell, reason, error) : fill_text(f, field, i, row, cell, reason, error);
      f->n_noted = i;
      if (status)
        return status;
    }
  }
  f->n_noted = n;
  return EMEND_OK;
}
