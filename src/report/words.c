/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/report.h"

#define WORD(table, index) ((size_t)(index) < sizeof(table) / sizeof *(table) ? (table)[index] : "")

const char *measure_word(emend_measure measure) {
  static const char *const words[] = {"", "nominal", "ordinal", "scale"};
  return WORD(words, measure);
}

const char *kind_word(emend_variable_kind kind) {
  static const char *const words[] = {"numeric", "text", "date", "time", "datetime"};
  return WORD(words, kind);
}

const char *usage_word(emend_usage usage) {
  static const char *const words[] = {"", "input", "target", "both", "none", "partition", "split"};
  return WORD(words, usage);
}

const char *alignment_word(emend_alignment alignment) {
  static const char *const words[] = {"", "left", "right", "centre"};
  return WORD(words, alignment);
}

const char *byte_order_word(emend_byte_order order) {
  static const char *const words[] = {"", "little-endian", "big-endian"};
  return WORD(words, order);
}

const char *compression_word(emend_compression compression) {
  static const char *const words[] = {"", "none", "rows", "blocks"};
  return WORD(words, compression);
}

const char *set_kind_word(emend_set_kind kind) {
  static const char *const words[] = {"variables", "multiple responses, categories", "multiple responses, dichotomies"};
  return WORD(words, kind);
}

const char *property_kind_word(emend_property_kind kind) {
  static const char *const words[] = {"note", "attribute", "characteristic"};
  return WORD(words, kind);
}

static bool is_stata(const emend_dataset *dataset) { return strcmp(emend_dataset_format(dataset), "dta") == 0; }

static bool is_sas(const emend_dataset *dataset) {
  return strcmp(emend_dataset_format(dataset), "xpt") == 0 || strcmp(emend_dataset_format(dataset), "sas7bdat") == 0;
}

const char *storage_word(const emend_dataset *dataset, size_t variable, char text[STORAGE_TEXT]) {
  static const char *const stata[] = {"double", "float", "long", "int", "byte", "str", "strL"};
  emend_storage storage = emend_variable_storage(dataset, variable);
  size_t width = emend_variable_width(dataset, variable);
  const char *word = is_stata(dataset) ? WORD(stata, storage)
                     : storage < EMEND_STORAGE_TEXT || emend_variable_get_kind(dataset, variable) != EMEND_TEXT
                         ? "numeric"
                         : is_sas(dataset) ? "character" : emend_dataset_delimiter(dataset) ? "text" : "string";
  const char *gap = is_stata(dataset) ? "" : " ";
  if (storage == EMEND_STORAGE_TEXT && width)
    snprintf(text, STORAGE_TEXT, "%s%s%zu", word, gap, width);
  else
    snprintf(text, STORAGE_TEXT, "%s", word);
  return text;
}

char *declared_missing_text(emend_declared_missing m) {
  char *text = NULL;
  size_t length;
  number_text lo, hi;
  FILE *out = open_memstream(&text, &length);
  if (!out)
    return NULL;
  number_exact(m.lo, lo);
  number_exact(m.hi, hi);
  if (m.text)
    fprintf(out, "\"%s\"", m.text);
  else if (m.lo == m.hi)
    fputs(lo, out);
  else
    fprintf(out, "%s to %s", isinf(m.lo) ? "LOWEST" : lo, isinf(m.hi) ? "HIGHEST" : hi);
  if (fclose(out) == 0)
    return text;
  free(text);
  return NULL;
}

const char *value_text(const emend_dataset *dataset, size_t variable, double value, char text[VALUE_TEXT]) {
  return emend_variable_date_text(dataset, variable, value, text) ? text : number_exact(value, text);
}
