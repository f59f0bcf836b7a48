/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/options.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/events.h"
#include "base/memory.h"
#include "base/number.h"
#include "io/format.h"

emend_read_options *emend_read_options_new(void) { return calloc(1, sizeof(emend_read_options)); }

void emend_read_options_free(emend_read_options *options) {
  if (!options)
    return;
  for (size_t i = 0; i < options->n_missing; i++)
    free(options->missing[i]);
  for (size_t i = 0; i < options->n_missing_of; i++)
    free(options->missing_of[i]), free(options->of[i]);
  free(options->missing), free(options->missing_of), free(options->of);
  free(options->numbers);
  free(options->encoding);
  free(options->catalog);
  free(options);
}

emend_status emend_read_options_set_format(emend_read_options *options, const char *format, emend_error *error) {
  const emend_format *found = format ? emend_format_by_name(format) : NULL;
  if (format && !found) {
    emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "\"%s\" is not a format that emend reads", format);
    emend_try(error, "sav, zsav, por, dta, sas7bdat, xpt, csv or tsv");
    return status;
  }
  options->format = found ? found->name : NULL;
  return EMEND_OK;
}

void emend_read_options_set_isolated(emend_read_options *options, int isolated) { options->isolated = isolated != 0; }
void emend_read_options_set_max_memory(emend_read_options *options, uint64_t bytes) { options->max_memory = bytes; }
void emend_read_options_set_warn_of_codes(emend_read_options *options, int warn) { options->keeps_codes = warn == 0; }
void emend_read_options_set_keep_tokens(emend_read_options *options, int keep) { options->keeps_tokens = keep != 0; }
void emend_read_options_set_header(emend_read_options *options, int header) {
  options->header_told = options->first_is_data = header == 0;
  options->header_rows = 0;
}

emend_status emend_read_options_set_header_rows(emend_read_options *options, uint32_t rows, emend_error *error) {
  enum { MOST = 100 };
  if (rows > MOST)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "%u header rows are more than %d", (unsigned)rows, MOST);
  if (rows > 0 && options->first_is_data)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "--no-header and --header-rows %u contradict each other: leave one of them out",
                      (unsigned)rows);
  options->header_told = true;
  options->header_rows = rows;
  return EMEND_OK;
}

/* A token written with the decimal mark of the user's language is the same number. */
static bool token_number(const char *token, double *value) {
  size_t length = strlen(token);
  return emend_number_parse(token, length, '.', value) || emend_number_parse(token, length, ',', value);
}

static emend_status add_text(char ***list, size_t *n, const char *text, emend_error *error) {
  if (!text)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "a token that means missing is wanted");
  char **longer = emend_reallocate(*list, *n + 1, sizeof *longer);
  if (longer)
    *list = longer;
  char *copy = longer ? strdup(text) : NULL;
  if (!copy)
    return emend_fail_memory(error);
  longer[(*n)++] = copy;
  return EMEND_OK;
}

emend_status emend_read_options_add_missing(emend_read_options *options, const char *token, emend_error *error) {
  double *numbers = emend_reallocate(options->numbers, options->n_numbers + 1, sizeof *numbers);
  if (!numbers)
    return emend_fail_memory(error);
  options->numbers = numbers;
  emend_status status = add_text(&options->missing, &options->n_missing, token, error);
  if (!status && token_number(token, &options->numbers[options->n_numbers]))
    options->n_numbers++;
  return status;
}

emend_status emend_read_options_add_missing_of(emend_read_options *options, const char *variables, const char *token, emend_error *error) {
  size_t n = options->n_missing_of;
  emend_status status = add_text(&options->missing_of, &n, token, error);
  if (status)
    return status;
  n = options->n_missing_of;
  status = add_text(&options->of, &n, variables, error);
  if (status)
    free(options->missing_of[options->n_missing_of]);
  else
    options->n_missing_of++;
  return status;
}

bool emend_read_options_names(const emend_read_options *options, const char *variable, const char *text, size_t length) {
  bool names = false;
  for (size_t i = 0; options && i < options->n_missing_of && !names; i++) {
    const char *token = options->missing_of[i], *of = options->of[i];
    bool may_be = strpbrk(of, "*?-") || strcasestr(of, variable);
    names = may_be && strlen(token) == length && memcmp(token, text, length) == 0;
  }
  return names;
}

static bool is_printable_ascii(char c) { return c >= ' ' && c < 0x7F; }

emend_status emend_read_options_set_delimiter(emend_read_options *options, const char *delimiter, emend_error *error) {
  char c = '\0';
  if (delimiter) {
    bool tab = strcmp(delimiter, "\\t") == 0 || strcmp(delimiter, "\t") == 0;
    c = tab ? '\t' : delimiter[0] && !delimiter[1] && is_printable_ascii(delimiter[0]) ? delimiter[0] : '\0';
    if (!c || c == '"' || c == '-' || c == '+' || (c >= '0' && c <= '9')) {
      emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT,
                                       "\"%s\" cannot separate fields: one character is wanted, no quote, sign or digit", delimiter);
      emend_try(error, "\",\", \";\", \"|\" or \"\\t\"");
      return status;
    }
  }
  options->delimiter = c;
  return EMEND_OK;
}

emend_status emend_read_options_set_decimal(emend_read_options *options, const char *decimal, emend_error *error) {
  if (decimal && strcmp(decimal, ".") != 0 && strcmp(decimal, ",") != 0) {
    emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "\"%s\" is not a decimal mark that emend reads", decimal);
    emend_try(error, "\".\" or \",\"");
    return status;
  }
  options->decimal = decimal ? decimal[0] : '\0';
  return EMEND_OK;
}

emend_status emend_read_options_set_encoding(emend_read_options *options, const char *encoding, emend_error *error) {
  char *copy = NULL;
  if (encoding) {
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1 && errno == ENOMEM)
      return emend_fail_memory(error);
    if (converter == (iconv_t)-1) {
      emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "\"%s\" is not an encoding that this machine knows", encoding);
      emend_try(error, "a name that \"iconv -l\" lists, such as WINDOWS-1252");
      return status;
    }
    iconv_close(converter);
    if (strlen(encoding) >= sizeof((emend_csv_dialect *)0)->encoding)
      return emend_fail(error, EMEND_INVALID_ARGUMENT, "the name of the encoding is too long");
    copy = strdup(encoding);
    if (!copy)
      return emend_fail_memory(error);
  }
  free(options->encoding);
  options->encoding = copy;
  return EMEND_OK;
}

emend_status emend_read_options_set_catalog(emend_read_options *options, const char *path, emend_error *error) {
  char *copy = path ? strdup(path) : NULL;
  if (path && !copy)
    return emend_fail_memory(error);
  free(options->catalog);
  options->catalog = copy;
  return EMEND_OK;
}

bool emend_read_options_number_is_missing(const emend_read_options *options, double value) {
  for (size_t i = 0; options && i < options->n_numbers; i++)
    if (options->numbers[i] == value)
      return true;
  return false;
}

emend_status emend_read_progress(const emend_read_options *options, double fraction, emend_error *error) {
  const emend_read_watch *watch = options ? options->watch : NULL;
  if (watch && watch->fraction)
    *watch->fraction = fraction;
  return watch ? emend_progress(watch->events, "read", fraction, "", error) : EMEND_OK;
}
