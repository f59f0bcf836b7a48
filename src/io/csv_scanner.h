/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_SCANNER_H
#define IO_CSV_SCANNER_H

#include "io/csv_stream.h"

/*
 * Splits a delimited text into records and fields and says where each stands. RFC 4180 quoting: a field may be quoted, a quote in it is
 * doubled, and delimiters and line ends in it are text; a quote in the middle of an unquoted field is an ordinary character. Blanks
 * around a quoted field are allowed. Lines end in LF, CRLF or CR; the last may lack its end.
 *
 * A record without any field, or with nothing but blanks, is `blank`: readers skip it, copiers copy it. In a file of one column a
 * blank line is a missing value instead, so there only the lines before the first record are blank.
 */
typedef struct emend_csv_field {
  const char *begin, *end; /* as it stands, quotes and the blanks around them included */
  const char *value;       /* inside the quotes, doubled quotes still doubled */
  uint32_t length;         /* of value */
  bool quoted, doubled;
} emend_csv_field;

typedef struct emend_csv_record {
  const char *bytes; /* NULL: there are no more records */
  size_t length;     /* with its line end, so that the records of a file make up its text */
  const emend_csv_field *fields;
  size_t n_fields;
  bool blank;
} emend_csv_record;

/* Limits against files that are not what they seem. */
enum { EMEND_CSV_MAX_COLUMNS = 32767, EMEND_CSV_MAX_RECORD = 1 << 26, EMEND_CSV_WINDOW = 1 << 18 };

typedef struct emend_csv_scanner {
  emend_csv_stream stream;
  char delimiter;
  uint32_t header_rows;
  size_t n_columns;   /* that every record must have; 0: not yet known, the first record tells */
  uint64_t n_records; /* returned so far, blank ones not counted */
  size_t next;        /* in the window: where the next record begins */
  const char *block;  /* the 64 bytes under examination, */
  uint64_t specials;  /* which of them mean something, those already passed cleared, */
  uint64_t others;    /* and which mean something else than the end of a field */
  emend_csv_field *fields;
  size_t capacity;
} emend_csv_scanner;

/* `window`: bytes to begin with (EMEND_CSV_WINDOW). */
emend_status emend_csv_scanner_open(const emend_source *source, const emend_csv_dialect *dialect, size_t window, emend_csv_scanner *scanner,
                                    emend_error *error);
void emend_csv_scanner_close(emend_csv_scanner *scanner);
/*
 * The next record; its pointers live until the next call. Errors (row and byte named): EMEND_MALFORMED for a quote never closed, text
 * after a closing quote, a NUL byte, a number of fields other than n_columns; EMEND_LIMIT_EXCEEDED.
 * Cost: one pass, about 1 ns per byte.
 */
emend_status emend_csv_scanner_next(emend_csv_scanner *scanner, emend_csv_record *record, emend_error *error);
/* The number of the data row last returned, from 1; 0 for a row of the header. */
int64_t emend_csv_scanner_row(const emend_csv_scanner *scanner);

/* The value without the blanks around it. */
static inline bool emend_csv_is_blank(char c) { return c == ' ' || c == '\t'; }
static inline void emend_csv_trim(const char **value, size_t *length) {
  while (*length > 0 && emend_csv_is_blank(**value)) {
    ++*value;
    --*length;
  }
  while (*length > 0 && emend_csv_is_blank((*value)[*length - 1]))
    --*length;
}

#endif
