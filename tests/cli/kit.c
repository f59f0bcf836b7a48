/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kit.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "support/support.h"

int run(const char *format, ...) {
  char line[4096], whole[8192];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  snprintf(whole, sizeof whole, "cd '%s' && '%s' %s", support_scratch("."), support_program(), line);
  int status = system(whole);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

json_t *json_of(const char *name) {
  char *text = (char *)support_read(support_scratch(name), NULL);
  json_error_t error;
  json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(document != NULL, "%s: line %d: %s", name, error.line, error.text);
  free(text);
  return document;
}

json_int_t integer(const json_t *object, const char *key) { return json_integer_value(json_object_get(object, key)); }

void assert_documented(const json_t *value, const char *documentation) {
  const char *key;
  json_t *item;
  size_t index;
  if (json_is_array(value)) {
    json_array_foreach((json_t *)(uintptr_t)value, index, item) assert_documented(item, documentation);
    return;
  }
  json_object_foreach((json_t *)(uintptr_t)value, key, item) {
    char quoted[128];
    snprintf(quoted, sizeof quoted, "`%s`", key);
    ck_assert_msg(strstr(documentation, quoted) != NULL, "docs/json.md does not describe \"%s\"", key);
    if (strcmp(key, "options") != 0)
      assert_documented(item, documentation);
  }
}

size_t each_line(const char *class_, void (*visit)(char **field)) {
  if (!support_shared("data"))
    return 0;
  char *text = (char *)support_read(support_shared("data/INDEX.tsv"), NULL), *rest = text;
  size_t n = 0;
  strsep(&rest, "\n");
  for (char *line; (line = strsep(&rest, "\n")) && *line;) {
    char *field[FIELDS];
    for (int i = 0; i < FIELDS; i++)
      field[i] = strsep(&line, "\t");
    if (strcmp(field[CLASS], class_) != 0)
      continue;
    visit(field);
    n++;
  }
  free(text);
  return n;
}

const char *shared(const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "data/%s", name);
  return support_shared(path);
}
