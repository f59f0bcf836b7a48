/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/reading.h"

#include <stdlib.h>
#include <string.h>

const char *const reading_formats[] = {"sav", "zsav", "por", "dta", "xpt", "csv", "tsv", "sas7bdat", NULL};
const char *const writing_formats[] = {"sav", "zsav", "por", "dta", "xpt", "csv", "tsv", NULL};

const char *reading_format(int index) { return index < 0 ? NULL : reading_formats[index]; }

/* One token of a list at commas, without the blanks around it. */
static emend_status add_token(emend_read_options *options, const char *token, size_t length, emend_error *error) {
  while (length && *token == ' ')
    token++, length--;
  while (length && token[length - 1] == ' ')
    length--;
  if (!length) /* empty cells are missing anyway */
    return EMEND_OK;
  char *copy = strndup(token, length);
  emend_status status = copy ? emend_read_options_add_missing(options, copy, error) : EMEND_OUT_OF_MEMORY;
  free(copy);
  return status;
}

const char *reading_named(const char *item) {
  const char *equals = strchr(item + (*item == '='), '=');
  while (equals && equals > item && *item != '`' && equals[-1] != ',')
    equals--;
  return equals && *item == '`' ? item : equals;
}

/* A token that ends at a comma or semicolon, or that stands in quotes; *end is behind it. */
static const char *take_token(const char *p, size_t *length, const char **end) {
  p += strspn(p, " ");
  const char *quote = *p == '"' ? strchr(p + 1, '"') : NULL;
  *length = quote ? (size_t)(quote - p - 1) : strcspn(p, ",;");
  *end = quote ? quote + 1 : p + *length;
  p += quote != NULL;
  while (!quote && *length && p[*length - 1] == ' ')
    --*length;
  return p;
}

/* Those of some variables, so that a column of numbers is not refused for them: "q7=98, none; q8=x" names q7 twice. */
static emend_status add_named(emend_read_options *options, const char *section, const char *codes, emend_error *error) {
  emend_status status = EMEND_OK;
  char *variables = section ? strdup(section) : NULL;
  for (const char *p = codes; p && *p && !status;) {
    size_t n = strcspn(p, "\",;="), length;
    if (!section && p[n] == '=' && n > 0) {
      free(variables);
      variables = strndup(p, n), p += n + 1;
    }
    const char *token = take_token(p, &length, &p);
    char *copy = strndup(token, length);
    status = !copy || !variables ? EMEND_OUT_OF_MEMORY : emend_read_options_add_missing_of(options, variables, copy, error);
    free(copy);
    p += strspn(p, ",; ");
  }
  free(variables);
  return status;
}

/* Those of all variables, which stand before the first that is named. */
static emend_status add_tokens(emend_read_options *options, const option_list *list, emend_error *error) {
  for (size_t i = 0; i < list->count; i++) {
    emend_status named = add_named(options, list->sections[i], list->sections[i] ? list->items[i] : reading_named(list->items[i]), error);
    if (named)
      return named;
    for (const char *p = list->items[i], *end = reading_named(p); *p && p != end && !list->sections[i];) {
      size_t n = strcspn(p, ",");
      emend_status status = add_token(options, p, n, error);
      if (status)
        return status;
      p += n + (p[n] == ',');
    }
  }
  return EMEND_OK;
}

emend_status reading_declare(const reading_arguments *a, emend_file *file, emend_events *events, emend_error *error) {
  const option_list *list = &a->missing;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < list->count && !status; i++) {
    const char *codes = list->sections[i] ? list->items[i] : reading_named(list->items[i]);
    if (codes)
      status = emend_declare_missing(file, list->sections[i], codes, list->wheres[i] ? list->wheres[i] : "--missing", events, error);
  }
  return status;
}

emend_status reading_options(const reading_arguments *a, emend_read_options **made, emend_error *error) {
  emend_read_options *o = *made = emend_read_options_new();
  if (!o)
    return EMEND_OUT_OF_MEMORY;
  emend_read_options_set_isolated(o, 1);
  emend_read_options_set_max_memory(o, a->max_memory);
  emend_read_options_set_header(o, !a->no_header);
  emend_status status = EMEND_OK;
  if (a->header_rows > 0)
    status = emend_read_options_set_header_rows(o, (uint32_t)a->header_rows, error);
  if (!status)
    status = emend_read_options_set_format(o, reading_format(a->from), error);
  if (!status && a->delimiter)
    status = emend_read_options_set_delimiter(o, a->delimiter, error);
  if (!status && a->decimal)
    status = emend_read_options_set_decimal(o, a->decimal, error);
  if (!status && a->encoding)
    status = emend_read_options_set_encoding(o, a->encoding, error);
  if (!status && a->catalog)
    status = emend_read_options_set_catalog(o, a->catalog, error);
  if (!status)
    status = add_tokens(o, &a->missing, error);
  if (status) {
    emend_read_options_free(o);
    *made = NULL;
  }
  return status;
}
