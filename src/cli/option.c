/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/option.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/suggest.h"

const option *option_find(const option *table, const char *name, size_t length) {
  for (const option *o = table; o->name; o++)
    if (strlen(o->name) == length && memcmp(o->name, name, length) == 0)
      return o;
  return NULL;
}

const option *option_find_letter(const option *table, char letter) {
  for (const option *o = table; o->name && letter; o++)
    if (o->letter == letter)
      return o;
  return NULL;
}

static bool complain(char *message, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool complain(char *message, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, OPTION_MESSAGE_SIZE, format, arguments);
  va_end(arguments);
  return false;
}

/* An empty message says that memory ran out. */
static bool run_out(char *message) {
  message[0] = '\0';
  return false;
}

/* The whole text as a number in decimal notation. The program never sets LC_NUMERIC, so strtod reads a point. */
static bool read_number(const char *text, double *value) {
  if (!*text || strspn(text, "+-.0123456789eE") != strlen(text))
    return false;
  char *end;
  *value = strtod(text, &end);
  return !*end && isfinite(*value);
}

static bool in_range(const option *o, double value, const char *text, char *message) {
  if (o->minimum == o->maximum || (value >= o->minimum && value <= o->maximum))
    return true;
  if (isinf(o->maximum))
    return complain(message, "--%s: %s is too small: the least is %.15g", o->name, text, o->minimum);
  return complain(message, "--%s: %s is not between %.15g and %.15g", o->name, text, o->minimum, o->maximum);
}

static bool set_integer(const option *o, int64_t *field, const char *text, char *message) {
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  if (!*text || strspn(text, "+-0123456789") != strlen(text) || *end)
    return complain(message, "--%s: \"%s\" is not a whole number", o->name, text);
  if (errno == ERANGE)
    return complain(message, "--%s: %s is out of range", o->name, text);
  *field = value;
  return in_range(o, (double)value, text, message);
}

static bool set_real(const option *o, double *field, const char *text, char *message) {
  if (!read_number(text, field))
    return complain(message, "--%s: \"%s\" is not a number", o->name, text);
  return in_range(o, *field, text, message);
}

/* A number with a unit of 1024s: K, M, G or T, perhaps followed by B or iB. */
static bool set_size(const option *o, uint64_t *field, const char *text, char *message) {
  size_t digits = strspn(text, ".0123456789");
  char number[32];
  double value;
  const char *unit = text + digits;
  static const char units[] = "KMGT";
  if (digits > 0 && digits < sizeof number) {
    memcpy(number, text, digits);
    number[digits] = '\0';
    if (read_number(number, &value)) {
      const char *which = *unit ? strchr(units, *unit >= 'a' ? *unit - 'a' + 'A' : *unit) : NULL;
      if (which) {
        value = ldexp(value, 10 * (int)(which - units + 1));
        unit++;
      }
      bool known = !*unit || strcmp(unit, "B") == 0 || (which && strcmp(unit, "iB") == 0);
      if (known && value >= 1 && value < 0x1p62) {
        *field = (uint64_t)value;
        return true;
      }
    }
  }
  return complain(message, "--%s: \"%s\" is not a size; write 500M or 2G", o->name, text);
}

static bool set_choice(const option *o, int *field, const char *text, char *message) {
  char list[256] = "";
  for (int i = 0; o->choices[i]; i++) {
    if (strcmp(o->choices[i], text) == 0) {
      *field = i;
      return true;
    }
    size_t used = strlen(list);
    snprintf(list + used, sizeof list - used, "%s%s", !i ? "" : o->choices[i + 1] ? ", " : " or ", o->choices[i]);
  }
  return complain(message, "--%s: \"%s\" is not one of %s", o->name, text, list);
}

/* Room for one more string. */
static bool grow(const char ***strings, size_t count) {
  const char **grown = realloc(*strings, (count + 1) * sizeof *grown);
  if (grown)
    *strings = grown;
  return grown != NULL;
}

static bool add_item(const option *o, option_list *list, const char *text, const char *section, const char *where, char *message) {
  if (!where && list->n_recipe == list->count && o->scope != OPTION_OF_VARIABLE)
    list->count = list->n_recipe = 0;
  if (!grow(&list->items, list->count) || !grow(&list->sections, list->count) || !grow(&list->wheres, list->count))
    return run_out(message);
  list->items[list->count] = text;
  list->sections[list->count] = section;
  list->wheres[list->count++] = where;
  list->n_recipe += where != NULL;
  return true;
}

static bool set_flag(const option *o, bool *field, const char *text, char *message) {
  static const char *const words[] = {"no", "yes", "false", "true", "off", "on", "0", "1"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (!text || strcmp(text, words[i]) == 0) {
      *field = !text || i % 2;
      return true;
    }
  return complain(message, "--%s: \"%s\" is neither yes nor no", o->name, text);
}

/* Stores the value `text` (of a flag perhaps NULL) in the option's field. */
static bool set(const option *o, void *arguments, const char *text, char *message) {
  void *field = (char *)arguments + o->offset;
  switch (o->type) {
  case OPTION_FLAG:
    return set_flag(o, field, text, message);
  case OPTION_TEXT:
  case OPTION_FILE:
    if (!*text)
      return complain(message, "--%s: the value is empty", o->name);
    *(const char **)field = text;
    return true;
  case OPTION_LIST:
    return add_item(o, field, text, NULL, NULL, message);
  case OPTION_INTEGER:
    return set_integer(o, field, text, message);
  case OPTION_REAL:
    return set_real(o, field, text, message);
  case OPTION_SIZE:
    return set_size(o, field, text, message);
  case OPTION_CHOICE:
    return set_choice(o, field, text, message);
  }
  return false;
}

bool option_set(const option *o, void *arguments, const char *value, const char *section, const char *where, option_message message) {
  void *field = (char *)arguments + o->offset;
  return o->type == OPTION_LIST ? add_item(o, field, value, section, where, message) : set(o, arguments, value, message);
}

void option_defaults(const option *table, void *arguments) {
  for (const option *o = table; o->name; o++) {
    option_message message;
    void *field = (char *)arguments + o->offset;
    if (o->type == OPTION_REAL)
      *(double *)field = NAN;
    else if (o->type == OPTION_CHOICE)
      *(int *)field = -1;
    if (o->initial && !set(o, arguments, o->initial, message)) {
      fprintf(stderr, "emend: default of %s\n", message);
      abort();
    }
  }
}

void option_release(const option *table, void *arguments) {
  for (const option *o = table; o->name; o++)
    if (o->type == OPTION_LIST) {
      option_list *list = (option_list *)(void *)((char *)arguments + o->offset);
      free(list->items), free(list->sections), free(list->wheres);
      *list = (option_list){0};
    }
}

/* The words still to be read. */
typedef struct words {
  char **at, **end;
} words;

/* True if the word is written like an option that the table has. */
static bool is_option(const option *table, const char *word) {
  if (strncmp(word, "--", 2) == 0)
    return !word[2] || option_find(table, word + 2, strcspn(word + 2, "="));
  return word[0] == '-' && word[1] && option_find_letter(table, word[1]);
}

/* The value of an option that needs one, from the next word. */
static bool next_value(const option *table, const option *o, words *w, const char **value, char *message) {
  if (w->at == w->end)
    return complain(message, "--%s needs a value: --%s %s", o->name, o->name, o->argument);
  if (is_option(table, *w->at))
    return complain(message, "--%s needs a value, and %s is an option; if it is meant as the value, write --%s=%s", o->name, *w->at,
                    o->name, *w->at);
  *value = *w->at++;
  return true;
}

static bool unknown(const option *table, const char *name, size_t length, char *message) {
  suggestion near = suggestion_begin(name, length);
  for (const option *o = table; o->name; o++)
    suggestion_offer(&near, o->name);
  if (near.best)
    return complain(message, "unknown option --%.*s; did you mean --%s?", (int)length, name, near.best);
  return complain(message, "unknown option --%.*s", (int)length, name);
}

static bool parse_long(const option *table, void *arguments, const char *word, words *w, char *message) {
  size_t length = strcspn(word, "=");
  const option *o = option_find(table, word, length);
  if (!o)
    return unknown(table, word, length, message);
  const char *value = word[length] ? word + length + 1 : NULL;
  if (o->value_optional && !value)
    value = "-";
  if (o->type != OPTION_FLAG && !value && !next_value(table, o, w, &value, message))
    return false;
  return set(o, arguments, value, message);
}

static bool parse_letters(const option *table, void *arguments, const char *letters, words *w, char *message) {
  for (const char *p = letters; *p; p++) {
    const option *o = option_find_letter(table, *p);
    if (!o && letters[1])
      return complain(message, "unknown option -%c in -%s; names of several letters take two dashes", *p, letters);
    if (!o)
      return complain(message, "unknown option -%c", *p);
    if (o->type == OPTION_FLAG) {
      set(o, arguments, NULL, message);
      continue;
    }
    const char *value = p[1] ? p + 1 : NULL;
    return (value || next_value(table, o, w, &value, message)) && set(o, arguments, value, message);
  }
  return true;
}

bool option_parse(const option *table, void *arguments, int argc, char **argv, char **operands, int *n_operands, option_message message) {
  words w = {argv, argv + argc};
  bool options = true;
  *n_operands = 0;
  while (w.at < w.end) {
    char *word = *w.at++;
    if (!options || word[0] != '-' || !word[1])
      operands[(*n_operands)++] = word;
    else if (strcmp(word, "--") == 0)
      options = false;
    else if (word[1] == '-' && !parse_long(table, arguments, word + 2, &w, message))
      return false;
    else if (word[1] != '-' && !parse_letters(table, arguments, word + 1, &w, message))
      return false;
  }
  return true;
}
