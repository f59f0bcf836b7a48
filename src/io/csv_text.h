/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_TEXT_H
#define IO_CSV_TEXT_H

#include <iconv.h>

#include "base/text.h"
#include "io/csv_scanner.h"

/* Turns the values of fields into clean UTF-8: quotes undoubled, the file's encoding converted, what is undefined shown as U+FFFD. */
typedef struct emend_csv_text {
  iconv_t converter;
  bool converts; /* from an encoding other than UTF-8 */
  bool repairs;  /* from UTF-8 that is known to be broken somewhere */
  emend_buffer undoubled, converted;
  uint64_t n_broken; /* values with undefined bytes so far */
} emend_csv_text;

/* `valid`: the file is known to be valid in its encoding, when that is UTF-8. */
emend_status emend_csv_text_open(const emend_csv_dialect *dialect, bool valid, emend_csv_text *text, emend_error *error);
void emend_csv_text_close(emend_csv_text *text);
/* *bytes lives until the next call or as long as `value`. */
emend_status emend_csv_text_value(emend_csv_text *text, const char *value, size_t value_length, bool doubled, const char **bytes,
                                  size_t *length, emend_error *error);

/* A first byte of 0x80 or more in bytes[0..length), or NULL. */
const char *emend_csv_beyond_ascii(const char *bytes, size_t length);

#endif
