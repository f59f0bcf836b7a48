/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emend/words.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "data/dataset.h"

#define WORD(table, index) ((size_t)(index) < sizeof(table) / sizeof *(table) ? (table)[index] : "")

const char *emend_kind_word(emend_variable_kind kind) {
  static const char *const words[] = {"numeric", "text", "date", "time", "datetime"};
  return WORD(words, kind);
}

const char *emend_measure_word(emend_measure measure) {
  static const char *const words[] = {"", "nominal", "ordinal", "scale"};
  return WORD(words, measure);
}

const char *emend_usage_word(emend_usage usage) {
  static const char *const words[] = {"", "input", "target", "both", "none", "partition", "split"};
  return WORD(words, usage);
}

const char *emend_alignment_word(emend_alignment alignment) {
  static const char *const words[] = {"", "left", "right", "centre"};
  return WORD(words, alignment);
}

const char *emend_byte_order_word(emend_byte_order order) {
  static const char *const words[] = {"", "little-endian", "big-endian"};
  return WORD(words, order);
}

const char *emend_compression_word(emend_compression compression) {
  static const char *const words[] = {"", "none", "rows", "blocks"};
  return WORD(words, compression);
}

const char *emend_set_kind_word(emend_set_kind kind) {
  static const char *const words[] = {"variables", "categories", "dichotomies"};
  return WORD(words, kind);
}

const char *emend_property_kind_word(emend_property_kind kind) {
  static const char *const words[] = {"note", "attribute", "characteristic"};
  return WORD(words, kind);
}

/* What a format's programs call a text. */
static const char *text_word(const emend_dataset *dataset) {
  const char *format = emend_dataset_format(dataset);
  if (strcmp(format, "xpt") == 0 || strcmp(format, "sas7bdat") == 0)
    return "character";
  return emend_dataset_delimiter(dataset) ? "text" : "string";
}

const char *emend_storage_word(const emend_dataset *dataset, size_t variable, char text[EMEND_STORAGE_WORD]) {
  static const char *const stata[] = {"double", "float", "long", "int", "byte", "str", "strL"};
  emend_storage storage = emend_variable_storage(dataset, variable);
  size_t width = emend_variable_width(dataset, variable);
  bool is_stata = strcmp(emend_dataset_format(dataset), "dta") == 0;
  bool is_text = emend_variable_get_kind(dataset, variable) == EMEND_TEXT;
  const char *word = is_stata ? WORD(stata, storage) : is_text ? text_word(dataset) : "numeric";
  if (storage == EMEND_STORAGE_TEXT && is_text && width)
    snprintf(text, EMEND_STORAGE_WORD, "%s%s%zu", word, is_stata ? "" : " ", width);
  else
    snprintf(text, EMEND_STORAGE_WORD, "%s", word);
  return text;
}

static void print_declared(FILE *out, emend_declared_missing m) {
  char lo[EMEND_NUMBER_SIZE], hi[EMEND_NUMBER_SIZE];
  emend_number_print(m.lo, '.', lo);
  emend_number_print(m.hi, '.', hi);
  if (m.text)
    fprintf(out, "\"%s\"", m.text);
  else if (m.lo == m.hi)
    fputs(lo, out);
  else
    fprintf(out, "%s to %s", isinf(m.lo) ? "LOWEST" : lo, isinf(m.hi) ? "HIGHEST" : hi);
}

char *emend_declared_missing_text(const emend_dataset *dataset, size_t variable) {
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  if (!out)
    return NULL;
  for (size_t i = 0; i < emend_variable_declared(dataset, variable); i++) {
    fputs(i ? "; " : "", out);
    print_declared(out, emend_variable_declared_missing(dataset, variable, i));
  }
  bool whole = !ferror(out);
  if (fclose(out) == 0 && whole)
    return text;
  free(text);
  return NULL;
}

emend_reason emend_tag_of_text(const char *text, size_t length) {
  if (length != 2 || text[0] != '.')
    return EMEND_OBSERVED;
  int letter = emend_ascii_lower((unsigned char)text[1]);
  if (letter == '_')
    return EMEND_TAG_UNDERSCORE;
  return letter >= 'a' && letter <= 'z' ? (emend_reason)(EMEND_TAG_A + (letter - 'a')) : EMEND_OBSERVED;
}
