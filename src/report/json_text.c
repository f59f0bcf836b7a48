/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "report/columns.h"
#include "report/line.h"
#include "report/number.h"

json_t *json_of_text(const char *text) {
  if (!text)
    return json_null();
  if (text_valid(text))
    return json_string(text);
  char *clean = text_clean(text);
  json_t *string = clean ? json_string(clean) : NULL;
  free(clean);
  return string;
}

json_t *json_of_number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

json_t *json_of_count(size_t count) { return json_integer((json_int_t)count); }

static bool print_value(const json_t *value, FILE *out, size_t depth);

static void new_line(FILE *out, size_t depth) {
  fputc('\n', out);
  print_repeated(out, "  ", depth);
}

static bool print_scalar(const json_t *value, FILE *out) {
  if (json_is_real(value)) {
    number_text text;
    fputs(number_exact(json_real_value(value), text), out);
    return true;
  }
  char *text = json_dumps(value, JSON_ENCODE_ANY);
  if (text)
    fputs(text, out);
  free(text);
  return text != NULL;
}

static bool print_array(const json_t *array, FILE *out, size_t depth) {
  size_t n = json_array_size(array);
  fputc('[', out);
  for (size_t i = 0; i < n; i++) {
    if (i)
      fputc(',', out);
    new_line(out, depth + 1);
    if (!print_value(json_array_get(array, i), out, depth + 1))
      return false;
  }
  if (n)
    new_line(out, depth);
  fputc(']', out);
  return true;
}

static bool print_object(const json_t *object, FILE *out, size_t depth) {
  bool first = true;
  fputc('{', out);
  /* json_object_iter asks for a non-const object, though it does not change it. */
  json_t *o = (json_t *)(uintptr_t)object;
  for (void *at = json_object_iter(o); at; at = json_object_iter_next(o, at)) {
    if (!first)
      fputc(',', out);
    first = false;
    new_line(out, depth + 1);
    json_t *key = json_string(json_object_iter_key(at));
    bool done = key && print_scalar(key, out);
    json_decref(key);
    fputs(": ", out);
    if (!done || !print_value(json_object_iter_value(at), out, depth + 1))
      return false;
  }
  if (!first)
    new_line(out, depth);
  fputc('}', out);
  return true;
}

static bool print_value(const json_t *value, FILE *out, size_t depth) {
  return json_is_object(value) ? print_object(value, out, depth)
         : json_is_array(value) ? print_array(value, out, depth)
                                : print_scalar(value, out);
}

bool json_print(const json_t *value, FILE *out) {
  bool done = value && print_value(value, out, 0);
  fputc('\n', out);
  return done;
}

char *json_document(json_t *document, size_t *length) {
  text_line line;
  if (!document || !line_open(&line)) {
    json_decref(document);
    return NULL;
  }
  bool done = json_print(document, line.stream);
  json_decref(document);
  line_close(&line);
  *length = line.length;
  if (done)
    return line.text;
  free(line.text);
  return NULL;
}
