/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_dialect.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "io/csv_header.h"
#include "io/csv_tokens.h"

bool emend_csv_is_utf8(const char *encoding) { return emend_ascii_equal(encoding, "UTF-8") || emend_ascii_equal(encoding, "UTF8"); }

typedef struct mark {
  const char *bytes;
  uint32_t length;
  const char *encoding;
} mark;

/* The longer marks first: UTF-32's begins like UTF-16's. */
static const mark *find_mark(const unsigned char *head, size_t length) {
  static const mark marks[] = {
      {"\xFF\xFE\0\0", 4, "UTF-32LE"}, {"\0\0\xFE\xFF", 4, "UTF-32BE"}, {"\xEF\xBB\xBF", 3, "UTF-8"},
      {"\xFF\xFE", 2, "UTF-16LE"},     {"\xFE\xFF", 2, "UTF-16BE"},
  };
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
    if (length >= marks[i].length && memcmp(head, marks[i].bytes, marks[i].length) == 0)
      return &marks[i];
  return NULL;
}

/* Random bytes have about 10 % of these. */
static bool is_control(unsigned char c) { return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v'; }

static emend_status check_text(const unsigned char *head, size_t length, emend_error *error) {
  size_t controls = 0, first = 0;
  for (size_t i = 0; i < length; i++)
    if (is_control(head[i]) && controls++ == 0)
      first = i;
  if (controls * 50 <= length)
    return EMEND_OK;
  emend_status status =
      emend_fail(error, EMEND_MALFORMED, "%zu of the first %zu bytes are control characters: this is not plain text", controls, length);
  emend_at_byte(error, first);
  emend_try(error, "--from with the file's real format, or --encoding UTF-16LE if it is UTF-16 without a mark");
  return status;
}

/* Converts one or two bytes on their own; returns the bytes of UTF-8 written, 0 if they are no character. */
static size_t convert_alone(iconv_t converter, const char *bytes, size_t length, char *out) {
  char copy[2] = {bytes[0], length > 1 ? bytes[1] : '\0'}, *from = copy, *to = out;
  size_t left = length, room = 8;
  iconv(converter, NULL, NULL, NULL, NULL);
  size_t done = iconv(converter, &from, &left, &to, &room);
  return done == (size_t)-1 || left > 0 ? 0 : 8 - room;
}

/* In every encoding that we scan as bytes, ASCII stands for itself, and no other character contains the delimiter. */
static emend_status check_encoding(const char *encoding, char delimiter, emend_error *error) {
  iconv_t converter = iconv_open("UTF-8", encoding);
  if (converter == (iconv_t)-1 && errno == ENOMEM)
    return emend_fail_memory(error);
  if (converter == (iconv_t)-1)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "\"%s\" is not an encoding that this machine knows", encoding);
  bool plain = true, ambiguous = false;
  char out[8];
  for (int c = 1; c < 0x80; c++)
    if (c != '\\' && c != '~') /* a yen sign and an overline in Shift-JIS */
      plain = plain && convert_alone(converter, (char[]){(char)c}, 1, out) == 1 && out[0] == c;
  for (int c = 0x80; delimiter && c < 0x100; c++)
    ambiguous = ambiguous || (convert_alone(converter, (char[]){(char)c}, 1, out) == 0 &&
                              convert_alone(converter, (char[]){(char)c, delimiter}, 2, out) > 0);
  iconv_close(converter);
  if (plain && !ambiguous)
    return EMEND_OK;
  emend_status status =
      plain ? emend_fail(error, EMEND_UNSUPPORTED, "in %s, characters can contain the delimiter \"%c\"", encoding, delimiter)
            : emend_fail(error, EMEND_UNSUPPORTED, "files in %s cannot be read as they are", encoding);
  emend_try(error, "a copy of the file in UTF-8 (iconv -f %s -t UTF-8)", encoding);
  return status;
}

static emend_status choose_encoding(const emend_source *source, const emend_read_options *options, emend_csv_dialect *dialect,
                                    emend_error *error) {
  unsigned char head[4096];
  size_t length = source->size < sizeof head ? (size_t)source->size : sizeof head;
  emend_status status = emend_source_read(source, 0, head, length, error);
  if (status)
    return status;
  const mark *found = find_mark(head, length);
  const char *told = options ? options->encoding : NULL;
  snprintf(dialect->encoding, sizeof dialect->encoding, "%s", told ? told : found ? found->encoding : "");
  if (told && emend_csv_unit_of(told) != EMEND_CSV_BYTES) { /* the mark knows the order of bytes that "UTF-16" leaves open */
    bool wide = found && found->length == 2;
    snprintf(dialect->encoding, sizeof dialect->encoding, "%s",
             wide                                            ? found->encoding
             : emend_csv_unit_of(told) == EMEND_CSV_UTF16_BE ? "UTF-16BE"
                                                             : "UTF-16LE");
    dialect->bom_bytes = wide ? 2 : 0;
  } else if (found && (!told || emend_csv_is_utf8(found->encoding))) {
    dialect->bom_bytes = found->length;
  }
  if (found && found->length == 4 && !told) {
    status = emend_fail(error, EMEND_UNSUPPORTED, "the file is %s", found->encoding);
    emend_try(error, "a copy of the file in UTF-8 (iconv -f UTF-32 -t UTF-8)");
    return status;
  }
  dialect->converted = dialect->encoding[0] && !emend_csv_is_utf8(dialect->encoding);
  if (emend_csv_unit_of(dialect->encoding) != EMEND_CSV_BYTES)
    return EMEND_OK;
  status = check_text(head, length, error);
  return status || !dialect->converted ? status : check_encoding(dialect->encoding, dialect->delimiter, error);
}

/* How well a delimiter explains the first lines. */
typedef struct fit {
  size_t n_columns;    /* of the first line */
  size_t lines, alike; /* after the first; with as many fields as it */
  size_t single;       /* with one field */
  size_t cells, plain; /* of lines that are alike; numbers or missing */
} fit;

static bool is_plain(const emend_csv_field *field, char delimiter) {
  const char *value = field->value;
  size_t length = field->length;
  emend_csv_trim(&value, &length);
  double number;
  return length == 0 || emend_number_parse(value, length, '.', &number) ||
         (delimiter != ',' && emend_number_parse(value, length, ',', &number)) || emend_csv_is_default_token(value, length);
}

static void judge(fit *f, const emend_csv_record *record, char delimiter) {
  if (f->n_columns == 0) {
    f->n_columns = record->n_fields;
    return;
  }
  f->lines++;
  f->single += record->n_fields == 1;
  if (record->n_fields != f->n_columns)
    return;
  f->alike++;
  for (size_t i = 0; i < record->n_fields; i++) {
    f->cells++;
    f->plain += is_plain(&record->fields[i], delimiter);
  }
}

/* A text that cannot be scanned with this delimiter ends the sample there; *error is left for the reading itself to fill. */
static emend_status try_delimiter(const emend_source *source, emend_csv_dialect dialect, char delimiter, fit *f, emend_error *error) {
  enum { SAMPLE_LINES = 500, SAMPLE_CELLS = 100000 };
  *f = (fit){0};
  dialect.delimiter = delimiter;
  emend_csv_scanner scanner;
  emend_status status = emend_csv_scanner_open(source, &dialect, EMEND_CSV_WINDOW, &scanner, error);
  if (status)
    return status;
  while (f->lines < SAMPLE_LINES && f->cells < SAMPLE_CELLS) {
    emend_csv_record record;
    scanner.n_columns = 0;
    status = emend_csv_scanner_next(&scanner, &record, NULL);
    if (status || !record.bytes)
      break;
    if (!record.blank)
      judge(f, &record, delimiter);
  }
  emend_csv_scanner_close(&scanner);
  if (status == EMEND_OUT_OF_MEMORY)
    return emend_fail_memory(error);
  if (status && f->n_columns > 0)
    f->lines++; /* the line that broke counts against it */
  else if (status == EMEND_LIMIT_EXCEEDED)
    f->n_columns = EMEND_CSV_MAX_COLUMNS + 1; /* refused when it is read */
  return EMEND_OK;
}

/* a / b > c / d, where 0 / 0 is 1. */
static int compare_shares(size_t a, size_t b, size_t c, size_t d) {
  double first = b ? (double)a / (double)b : 1, second = d ? (double)c / (double)d : 1;
  return first > second ? 1 : first < second ? -1 : 0;
}

/* More than one column beats one, unless the delimiter occurs in the first line only (a name that contains it). */
static int rank(const fit *f) {
  return f->n_columns == 0 ? 0 : f->n_columns == 1 ? 1 : f->alike == 0 && f->lines > 0 && f->single == f->lines ? 0 : 2;
}

static bool is_better(const fit *f, const fit *best) {
  if (rank(f) != rank(best))
    return rank(f) > rank(best);
  int alike = compare_shares(f->alike, f->lines, best->alike, best->lines);
  return alike > 0 || (alike == 0 && compare_shares(f->plain, f->cells, best->plain, best->cells) > 0);
}

static bool ends_with(const char *text, const char *end) {
  size_t length = text ? strlen(text) : 0, n = strlen(end);
  return length > n && emend_ascii_equal(text + length - n, end);
}

static emend_status choose_delimiter(const emend_source *source, emend_csv_dialect *dialect, emend_error *error) {
  bool tabs_first = ends_with(source->path, ".tsv") || ends_with(source->path, ".tab");
  const char *candidates = tabs_first ? "\t,;|" : ",;\t|";
  fit best = {0};
  dialect->delimiter = candidates[0];
  for (const char *c = candidates; *c; c++) {
    fit f;
    emend_status status = try_delimiter(source, *dialect, *c, &f, error);
    if (status)
      return status;
    if (is_better(&f, &best)) {
      best = f;
      dialect->delimiter = *c;
    }
  }
  return EMEND_OK;
}

emend_status emend_csv_recognise(const emend_source *source, const emend_read_options *options, emend_csv_dialect *dialect,
                                 emend_error *error) {
  *dialect = (emend_csv_dialect){.quote = '"', .header_rows = options && options->header_told ? options->header_rows : 1};
  if (options) {
    dialect->decimal = options->decimal;
    bool tabs = options->format && emend_ascii_equal(options->format, "tsv");
    dialect->delimiter = options->delimiter ? options->delimiter : tabs ? '\t' : '\0';
  }
  if (source->size == 0)
    return emend_fail(error, EMEND_MALFORMED, "the file is empty");
  emend_status status = choose_encoding(source, options, dialect, error);
  if (!status && !dialect->delimiter) {
    status = choose_delimiter(source, dialect, error);
    if (!status && dialect->converted && emend_csv_unit_of(dialect->encoding) == EMEND_CSV_BYTES)
      status = check_encoding(dialect->encoding, dialect->delimiter, error);
  }
  return status || (options && options->header_told) ? status : emend_csv_find_header(source, dialect, error);
}
