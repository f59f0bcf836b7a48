/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_scanner.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/memory.h"

enum { BLOCK = 64 }; /* bytes looked at together */

/* Why a record could not be finished. */
typedef enum outcome { RECORD, NEED_MORE, NUL_BYTE, TOO_MANY, AFTER_QUOTE, OUT_OF_MEMORY } outcome;

emend_status emend_csv_scanner_open(const emend_source *source, const emend_csv_dialect *dialect, size_t window, emend_csv_scanner *scanner,
                                    emend_error *error) {
  *scanner = (emend_csv_scanner){.delimiter = dialect->delimiter, .header_rows = dialect->header_rows};
  return emend_csv_stream_open(source, dialect, window, &scanner->stream, error);
}

void emend_csv_scanner_close(emend_csv_scanner *scanner) {
  emend_csv_stream_close(&scanner->stream);
  free(scanner->fields);
  scanner->fields = NULL;
}

int64_t emend_csv_scanner_row(const emend_csv_scanner *scanner) {
  return scanner->n_records > scanner->header_rows ? (int64_t)(scanner->n_records - scanner->header_rows) : 0;
}

/*
 * Which of 64 bytes mean something: delimiters, and others: quote, CR, LF, and NUL, which stands behind the window. One bit each, so that
 * the fields are found by counting zeros and not by a branch per byte.
 */
typedef struct marks {
  uint64_t delimiters, others;
} marks;

#ifdef __SSE2__
static inline marks find_marks(const char *block, char delimiter) {
  const __m128i d = _mm_set1_epi8(delimiter), quote = _mm_set1_epi8('"'), cr = _mm_set1_epi8('\r'), lf = _mm_set1_epi8('\n');
  marks found = {0};
  for (int i = 0; i < 4; i++) {
    __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * i));
    __m128i lines = _mm_or_si128(_mm_cmpeq_epi8(b, cr), _mm_cmpeq_epi8(b, lf));
    __m128i others = _mm_or_si128(_mm_or_si128(lines, _mm_cmpeq_epi8(b, quote)), _mm_cmpeq_epi8(b, _mm_setzero_si128()));
    found.others |= (uint64_t)(uint32_t)_mm_movemask_epi8(others) << (16 * i);
    found.delimiters |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(b, d)) << (16 * i);
  }
  return found;
}
#else
static inline marks find_marks(const char *block, char delimiter) {
  marks found = {0};
  for (int i = 0; i < 64; i++) {
    char c = block[i];
    found.others |= (uint64_t)(c == '"' || c == '\r' || c == '\n' || c == '\0') << i;
    found.delimiters |= (uint64_t)(c == delimiter) << i;
  }
  return found;
}
#endif

static inline void look_at(emend_csv_scanner *s, const char *block) {
  marks found = find_marks(block, s->delimiter);
  s->block = block;
  s->specials = found.delimiters | found.others;
  s->others = found.others;
}

/* The next special byte; there always is one, since zeros follow the window. */
static inline const char *take_special(emend_csv_scanner *s) {
  while (s->specials == 0)
    look_at(s, s->block + BLOCK);
  const char *at = s->block + __builtin_ctzll(s->specials);
  s->specials &= s->specials - 1;
  return at;
}

static bool all_blank(const char *begin, const char *end) {
  while (begin < end && emend_csv_is_blank(*begin))
    begin++;
  return begin == end;
}

/* From behind an opening quote: finds the closing one and sets what is between; NUL_BYTE with *at there if the text ends first. */
static outcome scan_quoted(emend_csv_scanner *s, const char *limit, emend_csv_field *field, const char **at) {
  for (;;) {
    const char *q = take_special(s);
    if (*q == '"') {
      if (q[1] != '"') {
        field->length = (uint32_t)(q - field->value);
        *at = q + 1;
        return RECORD;
      }
      field->doubled = true;
      take_special(s);
    } else if (*q == '\0') {
      *at = q;
      return q < limit ? NUL_BYTE : NEED_MORE;
    }
  }
}

static bool make_room(emend_csv_scanner *s) {
  size_t capacity = s->capacity < 2 * BLOCK ? 2 * BLOCK : 2 * s->capacity;
  emend_csv_field *fields = emend_reallocate(s->fields, capacity, sizeof *fields);
  if (!fields)
    return false;
  s->fields = fields;
  s->capacity = capacity;
  return true;
}

/*
 * The rest of a field whose opening quote is at `open`: sets its value, and *end to what ends the field. On failure *at is the byte
 * concerned; for NEED_MORE the quote if it is not closed, else NULL.
 */
static outcome take_quoted(emend_csv_scanner *s, const char *open, emend_csv_field *field, const char **end, const char **at) {
  const char *limit = s->stream.bytes + s->stream.length, *after;
  field->quoted = true;
  field->value = open + 1;
  outcome quoted = scan_quoted(s, limit, field, &after);
  *at = quoted == NUL_BYTE ? after : open;
  if (quoted != RECORD)
    return quoted;
  *at = NULL;
  *end = take_special(s);
  if (**end != '"' && all_blank(after, *end))
    return RECORD;
  if (*end == limit && !s->stream.ended)
    return NEED_MORE;
  *at = after;
  return AFTER_QUOTE;
}

/* The end of the field that begins at `begin`: the special byte behind it. Quotes in an unquoted field are ordinary. */
static inline outcome take_field(emend_csv_scanner *s, const char *begin, emend_csv_field *field, const char **end, const char **at) {
  field->quoted = field->doubled = false;
  *end = take_special(s);
  while (__builtin_expect(**end == '"', 0)) {
    if (all_blank(begin, *end)) {
      outcome quoted = take_quoted(s, *end, field, end, at);
      if (quoted != RECORD)
        return quoted;
      break;
    }
    *end = take_special(s);
  }
  field->begin = begin;
  field->end = *end;
  if (!field->quoted) {
    field->value = begin;
    field->length = (uint32_t)(*end - begin);
  }
  return RECORD;
}

/* What a record ends with, from the special byte that is no delimiter: moves *end behind the line end. */
static outcome end_record(emend_csv_scanner *s, const char **end, const char **at) {
  const char *limit = s->stream.bytes + s->stream.length, *q = *end;
  if (*q == '\0') {
    if (q == limit)
      return s->stream.ended ? RECORD : NEED_MORE;
    *at = q;
    return NUL_BYTE;
  }
  *end = q + 1;
  if (*q == '\r') {
    if (*end == limit && !s->stream.ended)
      return NEED_MORE;
    if (*end < limit && **end == '\n')
      *end = take_special(s) + 1;
  }
  return RECORD;
}

/* The fields from `begin` on whose ends stand in the block at hand, before anything but delimiters; *begin moves behind them. */
static inline size_t take_plain_fields(emend_csv_scanner *s, const char **begin, emend_csv_field *fields) {
  uint64_t passed = s->others & s->specials; /* what is left, */
  uint64_t ends = s->specials & ((passed & -passed) - 1); /* before the first that is no delimiter */
  s->specials ^= ends;
  size_t n = 0;
  for (const char *from = *begin; ends; ends &= ends - 1, n++, from = *begin) {
    const char *end = s->block + __builtin_ctzll(ends);
    fields[n] = (emend_csv_field){.begin = from, .end = end, .value = from, .length = (uint32_t)(end - from)};
    *begin = end + 1;
  }
  return n;
}

/* Finds the fields of the record that begins at `begin`, and its end in *end; *at as take_quoted. */
static outcome scan_record(emend_csv_scanner *s, const char *begin, size_t *n_fields, const char **end, const char **at) {
  *at = NULL;
  for (size_t n = 0;; begin = *end + 1) {
    if (n + BLOCK >= s->capacity && !make_room(s))
      return OUT_OF_MEMORY;
    n += take_plain_fields(s, &begin, s->fields + n);
    outcome field = take_field(s, begin, &s->fields[n++], end, at);
    if (field != RECORD)
      return field;
    if (n > EMEND_CSV_MAX_COLUMNS)
      return TOO_MANY;
    if (**end != s->delimiter) {
      *n_fields = n;
      return end_record(s, end, at);
    }
  }
}

static emend_status fail_at(emend_csv_scanner *s, const char *byte, emend_error *error, emend_status status) {
  int64_t row = (int64_t)s->n_records - s->header_rows + 1;
  if (row > 0)
    emend_at_row(error, row);
  emend_at_byte(error, emend_csv_stream_source_byte(&s->stream, byte));
  return status;
}

static emend_status say_why(emend_csv_scanner *s, outcome why, const char *begin, const char *at, emend_error *error) {
  emend_status status;
  switch (why) {
  case NUL_BYTE:
    status = emend_fail(error, EMEND_MALFORMED, "a NUL byte: this is not plain text");
    emend_try(error, "--from with the file's real format, or --encoding UTF-16LE if it is UTF-16 without a mark");
    return fail_at(s, at, error, status);
  case TOO_MANY:
    status = emend_fail(error, EMEND_LIMIT_EXCEEDED, "more than %d fields in one line", EMEND_CSV_MAX_COLUMNS);
    emend_try(error, "--delimiter, if fields are separated by something else");
    return fail_at(s, begin, error, status);
  case AFTER_QUOTE:
    status = emend_fail(error, EMEND_MALFORMED, "text follows a closing quote");
    emend_try(error, "doubling the quotes inside the field (\"\"), or --delimiter if fields are separated by something else");
    return fail_at(s, at, error, status);
  case NEED_MORE:
    if (at) {
      status =
          emend_fail(error, s->stream.ended ? EMEND_MALFORMED : EMEND_LIMIT_EXCEEDED,
                     s->stream.ended ? "a quote is opened here and never closed" : "a quote is opened here and not closed within 64 MiB");
      emend_try(error, "closing it, or doubling it if it is part of the text");
      return fail_at(s, at, error, status);
    }
    status = emend_fail(error, EMEND_LIMIT_EXCEEDED, "a line of more than 64 MiB");
    emend_try(error, "--from with the file's real format");
    return fail_at(s, begin, error, status);
  default:
    return emend_fail_memory(error);
  }
}

/* Scans the record at `next`, widening the window until it holds the whole of it. */
static emend_status scan_whole(emend_csv_scanner *s, emend_csv_record *record, emend_error *error) {
  for (;;) {
    const char *begin = s->stream.bytes + s->next, *end = NULL, *at = NULL;
    outcome found = NEED_MORE;
    if (s->next < s->stream.length) {
      /* Continues the block at hand when the record begins in it. */
      if (!s->block)
        look_at(s, begin);
      found = scan_record(s, begin, &record->n_fields, &end, &at);
    }
    if (found == RECORD) {
      record->bytes = begin;
      record->length = (size_t)(end - begin);
      record->fields = s->fields;
      s->next += record->length;
      return EMEND_OK;
    }
    if (found == NEED_MORE && s->stream.ended && s->next == s->stream.length)
      return EMEND_OK; /* the end: record->bytes stays NULL */
    if (found != NEED_MORE || s->stream.ended || s->stream.length - s->next >= EMEND_CSV_MAX_RECORD)
      return say_why(s, found, begin, at, error);
    emend_status status = emend_csv_stream_advance(&s->stream, s->next, error);
    if (status)
      return status;
    s->next = 0;
    s->block = NULL;
  }
}

static emend_status check_count(emend_csv_scanner *s, const emend_csv_record *record, emend_error *error) {
  if (s->n_columns == 0) {
    s->n_columns = record->n_fields;
    return EMEND_OK;
  }
  if (record->n_fields == s->n_columns)
    return EMEND_OK;
  emend_status status = emend_fail(error, EMEND_MALFORMED, "%zu field%s where the first line has %zu", record->n_fields,
                                   record->n_fields == 1 ? "" : "s", s->n_columns);
  emend_try(error, "--delimiter, if fields are separated by something other than %s, or quotes around fields that contain it",
            s->delimiter == '\t' ? "tabs" : (char[]){'"', s->delimiter, '"', '\0'});
  return fail_at(s, record->bytes, error, status);
}

emend_status emend_csv_scanner_next(emend_csv_scanner *scanner, emend_csv_record *record, emend_error *error) {
  *record = (emend_csv_record){0};
  emend_status status = scan_whole(scanner, record, error);
  if (status || !record->bytes)
    return status;
  if (record->n_fields == 1 && !record->fields[0].quoted && (scanner->n_columns != 1 || scanner->n_records == 0))
    record->blank = all_blank(record->fields[0].begin, record->fields[0].end);
  if (record->blank)
    return EMEND_OK;
  status = check_count(scanner, record, error);
  if (!status)
    scanner->n_records++;
  return status;
}
