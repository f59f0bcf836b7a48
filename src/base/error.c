/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

struct emend_error {
  emend_error_record record;
  char text[2560];
};

emend_error *emend_error_new(void) { return calloc(1, sizeof(emend_error)); }

void emend_error_free(emend_error *error) { free(error); }

void emend_error_clear(emend_error *error) {
  if (error)
    memset(error, 0, sizeof *error);
}

/* Writes the whole sentence anew after each addition: `file: variable, row 3, at byte 80: message; try remedy`. */
static void compose(emend_error *error) {
  const emend_error_record *r = &error->record;
  char place[384] = "";
  size_t n = 0;
  if (r->variable[0])
    n += (size_t)snprintf(place + n, sizeof place - n, "%s%s", n ? ", " : "", r->variable);
  if (r->row > 0 && n < sizeof place)
    n += (size_t)snprintf(place + n, sizeof place - n, "%srow %" PRId64, n ? ", " : "", r->row);
  if (r->has_byte && n < sizeof place)
    n += (size_t)snprintf(place + n, sizeof place - n, "%sat byte %" PRIu64, n ? ", " : "", r->byte);
  snprintf(error->text, sizeof error->text, "%s%s%s%s%s%s%s", r->file, r->file[0] ? ": " : "", place, place[0] ? ": " : "",
           r->message, r->remedy[0] ? "; try " : "", r->remedy);
  emend_utf8_trim(error->text);
}

emend_status emend_fail(emend_error *error, emend_status status, const char *format, ...) {
  if (!error)
    return status;
  /* The arguments may be strings of this very error: format first, clear after. */
  char message[sizeof error->record.message];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  emend_utf8_trim(message);
  memset(&error->record, 0, sizeof error->record);
  error->record.status = status;
  memcpy(error->record.message, message, sizeof message);
  compose(error);
  return status;
}

emend_status emend_fail_memory(emend_error *error) { return emend_fail(error, EMEND_OUT_OF_MEMORY, "out of memory"); }

emend_status emend_fail_errno(emend_error *error, const char *what) {
  char words[128];
  int number = errno;
  const char *said = strerror_r(number, words, sizeof words);
  return emend_fail(error, number == ENOMEM ? EMEND_OUT_OF_MEMORY : EMEND_IO_ERROR, "%s: %s", what, said);
}

static void set(char *field, size_t size, const char *text) {
  snprintf(field, size, "%s", text ? text : "");
  emend_utf8_trim(field);
}

void emend_at_file(emend_error *error, const char *name) {
  if (!error)
    return;
  set(error->record.file, sizeof error->record.file, name);
  compose(error);
}

void emend_at_variable(emend_error *error, const char *name) {
  if (!error)
    return;
  set(error->record.variable, sizeof error->record.variable, name);
  compose(error);
}

void emend_at_row(emend_error *error, int64_t row) {
  if (!error)
    return;
  error->record.row = row;
  compose(error);
}

void emend_at_byte(emend_error *error, uint64_t offset) {
  if (!error)
    return;
  error->record.byte = offset;
  error->record.has_byte = 1;
  compose(error);
}

void emend_try(emend_error *error, const char *format, ...) {
  if (!error)
    return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(error->record.remedy, sizeof error->record.remedy, format, arguments);
  va_end(arguments);
  emend_utf8_trim(error->record.remedy);
  compose(error);
}

void emend_error_export(const emend_error *error, emend_error_record *record) {
  if (error)
    *record = error->record;
  else
    memset(record, 0, sizeof *record);
}

void emend_error_import(emend_error *error, const emend_error_record *record) {
  if (!error)
    return;
  error->record = *record;
  error->record.message[sizeof record->message - 1] = '\0';
  error->record.file[sizeof record->file - 1] = '\0';
  error->record.variable[sizeof record->variable - 1] = '\0';
  error->record.remedy[sizeof record->remedy - 1] = '\0';
  compose(error);
}

emend_status emend_error_status(const emend_error *error) { return error ? error->record.status : EMEND_OK; }
const char *emend_error_text(const emend_error *error) { return error ? error->text : ""; }
const char *emend_error_message(const emend_error *error) { return error ? error->record.message : ""; }
const char *emend_error_file(const emend_error *error) { return error ? error->record.file : ""; }
const char *emend_error_variable(const emend_error *error) { return error ? error->record.variable : ""; }
const char *emend_error_remedy(const emend_error *error) { return error ? error->record.remedy : ""; }
int64_t emend_error_row(const emend_error *error) { return error ? error->record.row : 0; }

const char *emend_status_text(emend_status status) {
  static const char *const words[] = {
      [EMEND_OK] = "ok",
      [EMEND_INVALID_ARGUMENT] = "invalid argument",
      [EMEND_OUT_OF_MEMORY] = "out of memory",
      [EMEND_LIMIT_EXCEEDED] = "limit exceeded",
      [EMEND_IO_ERROR] = "input/output error",
      [EMEND_MALFORMED] = "malformed file",
      [EMEND_UNSUPPORTED] = "unsupported",
      [EMEND_OUTPUT_EXISTS] = "output exists",
      [EMEND_READER_DIED] = "reader died",
      [EMEND_NOT_POSITIVE_DEFINITE] = "not positive definite",
      [EMEND_CANCELLED] = "cancelled",
      [EMEND_INTERNAL] = "internal error",
  };
  return (size_t)status < sizeof words / sizeof *words ? words[status] : "unknown status";
}
