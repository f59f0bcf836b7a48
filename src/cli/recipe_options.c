/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/recipe_options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/suggest.h"

/* Entries one after the other, with the place for messages. */
typedef struct applying {
  recipe *recipe;
  const option *table;
  void *arguments;
  size_t *line_of; /* per option of the table: where it was set for the run; 0: not yet */
  char *message;
} applying;

static bool fail(const applying *a, const recipe_entry *entry, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool fail(const applying *a, const recipe_entry *entry, const char *format, ...) {
  va_list arguments;
  int used = snprintf(a->message, OPTION_MESSAGE_SIZE, "%s:%zu: ", a->recipe->path, entry->line);
  va_start(arguments, format);
  if (used >= 0 && used < OPTION_MESSAGE_SIZE)
    vsnprintf(a->message + used, OPTION_MESSAGE_SIZE - (size_t)used, format, arguments);
  va_end(arguments);
  return false;
}

/* Keys are the options' names; people write them with underscores. */
static bool is_key(const char *key, const char *name) {
  for (; *key && *name; key++, name++)
    if (*key != *name && !(*key == '_' && *name == '-'))
      return false;
  return !*key && !*name;
}

/* What concerns the recipe itself is said on the command line only. */
static bool is_open(const option *o) { return strcmp(o->name, "recipe") != 0 && strcmp(o->name, "write-recipe") != 0; }

static const option *find_key(const option *table, const char *key) {
  for (const option *o = table; o->name; o++)
    if (is_open(o) && is_key(key, o->name))
      return o;
  return NULL;
}

static bool unknown_key(const applying *a, const recipe_entry *entry) {
  char word[64];
  snprintf(word, sizeof word, "%s", entry->key);
  for (char *p = word; *p; p++)
    *p = *p == '_' ? '-' : *p;
  suggestion near = suggestion_begin(word, strlen(word));
  for (const option *o = a->table; o->name; o++)
    if (is_open(o) && (!*entry->section || o->scope != OPTION_OF_RUN))
      suggestion_offer(&near, o->name);
  if (!near.best)
    return fail(a, entry, "unknown key %s", entry->key);
  snprintf(word, sizeof word, "%s", near.best);
  for (char *p = word; *p; p++)
    *p = *p == '-' ? '_' : *p;
  return fail(a, entry, "unknown key %s; did you mean %s?", entry->key, word);
}

/* Texts may stand in quotes, which keep blanks and ; as they are. */
static const char *unquote(applying *a, const option *o, const char *value) {
  size_t length = strlen(value);
  bool quoted = (o->type == OPTION_TEXT || o->type == OPTION_FILE) && length >= 2 && value[0] == '"' && value[length - 1] == '"';
  return quoted ? recipe_keep(a->recipe, "%.*s", (int)(length - 2), value + 1) : value;
}

/* The parser's messages begin with --name: here the place stands before it. */
static bool set(applying *a, const option *o, const recipe_entry *entry, const char *value, const char *section) {
  option_message why;
  const char *where = recipe_keep(a->recipe, "%s:%zu: %s", a->recipe->path, entry->line, entry->key);
  why[0] = '\0'; /* out of memory */
  if (where && value && option_set(o, a->arguments, value, section, where, why))
    return true;
  if (*why)
    return fail(a, entry, "%s", strncmp(why, "--", 2) == 0 ? why + 2 : why);
  a->message[0] = '\0';
  return false;
}

static bool set_for_run(applying *a, const option *o, const recipe_entry *entry) {
  size_t *line = &a->line_of[o - a->table];
  if (*line && o->type != OPTION_LIST)
    return fail(a, entry, "%s is set already, in line %zu", entry->key, *line);
  *line = entry->line;
  return set(a, o, entry, unquote(a, o, entry->value), NULL);
}

/* `exclude = yes`: the section's variables join the list. */
static bool join_list(applying *a, const option *o, const recipe_entry *entry) {
  if (strcmp(entry->value, "no") == 0)
    return true;
  if (strcmp(entry->value, "yes") != 0)
    return fail(a, entry, "in a section %s is yes or no, not %s", entry->key, entry->value);
  return set(a, o, entry, entry->section, NULL);
}

static bool set_for_variables(applying *a, const option *o, const recipe_entry *entry) {
  if (o->scope == OPTION_MEMBERS)
    return join_list(a, o, entry);
  if (o->scope == OPTION_OF_VARIABLE)
    return set(a, o, entry, entry->value, entry->section);
  return fail(a, entry, "%s is no setting of variables; it stands before the first [section]", entry->key);
}

static bool apply_entry(applying *a, const recipe_entry *entry) {
  const option *o = find_key(a->table, entry->key);
  if (!o)
    return unknown_key(a, entry);
  if (!*entry->value)
    return fail(a, entry, "%s has no value (a ; behind a blank begins a comment)", entry->key);
  return *entry->section ? set_for_variables(a, o, entry) : set_for_run(a, o, entry);
}

static size_t count_options(const option *table) {
  size_t n = 0;
  while (table[n].name)
    n++;
  return n;
}

bool recipe_apply(recipe *r, const option *table, void *arguments, option_message message) {
  applying a = {.recipe = r, .table = table, .arguments = arguments, .message = message};
  a.line_of = calloc(count_options(table) + 1, sizeof *a.line_of);
  bool done = a.line_of != NULL;
  if (!done)
    message[0] = '\0'; /* out of memory */
  for (size_t i = 0; i < r->n_entries && done; i++)
    done = apply_entry(&a, &r->entries[i]);
  free(a.line_of);
  return done;
}

/* The file that an option of the name gives; NULL without one. */
static const char *recipe_path(const option *table, const void *arguments) {
  for (const option *o = table; o->name; o++)
    if (strcmp(o->name, "recipe") == 0)
      return *(const char *const *)(const void *)((const char *)arguments + o->offset);
  return NULL;
}

bool recipe_parse(const option *table, void *arguments, size_t size, recipe *recipe, int argc, char **argv, char **operands,
                  int *n_operands, option_message message) {
  if (!option_parse(table, arguments, argc, argv, operands, n_operands, message))
    return false;
  const char *path = recipe_path(table, arguments);
  if (!path)
    return true;
  if (!recipe_read(path, recipe, message))
    return false;
  option_release(table, arguments);
  memset(arguments, 0, size);
  option_defaults(table, arguments);
  return recipe_apply(recipe, table, arguments, message) && option_parse(table, arguments, argc, argv, operands, n_operands, message);
}

/* Whether the value of a setting of the run names variables. */
static bool names_variables(const option *o, const char *value) {
  static const char *const or_none[] = {"id", "weight", "by", "semicontinuous"};
  for (size_t i = 0; o && i < sizeof or_none / sizeof *or_none; i++)
    if (strcmp(o->name, or_none[i]) == 0)
      return strcmp(value, "none") != 0;
  return o && o->type == OPTION_LIST && o->scope == OPTION_MEMBERS;
}

static emend_status check_names(const recipe *r, size_t line, const char *what, const char *names, const emend_dataset *dataset,
                                unsigned char *chosen, emend_error *error) {
  char where[OPTION_MESSAGE_SIZE];
  snprintf(where, sizeof where, "%s:%zu: %.200s", r->path, line, what);
  return emend_select_variables(dataset, names, where, chosen, NULL, error);
}

emend_status recipe_check(const recipe *r, const option *table, const emend_dataset *dataset, emend_error *error) {
  unsigned char *chosen = calloc(emend_dataset_variables(dataset) + 1, 1);
  emend_status status = chosen ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  for (size_t i = 0; i < r->n_sections && !status; i++) {
    char name[256];
    snprintf(name, sizeof name, "[%.200s]", r->sections[i].name);
    status = check_names(r, r->sections[i].line, name, r->sections[i].name, dataset, chosen, error);
  }
  for (size_t i = 0; i < r->n_entries && !status; i++) {
    const recipe_entry *entry = &r->entries[i];
    if (!*entry->section && names_variables(find_key(table, entry->key), entry->value))
      status = check_names(r, entry->line, entry->key, entry->value, dataset, chosen, error);
  }
  free(chosen);
  return status;
}

/* Whether the entry says what part variable v takes, or what it is. */
static bool decides_part(const recipe_entry *entry, const option *table, const emend_dataset *dataset, size_t v, unsigned char *chosen) {
  static const char *const others[] = {"answers", "apart", "asked", "by"};
  const option *o = find_key(table, entry->key);
  bool member = o && *entry->section && o->scope == OPTION_MEMBERS && strcmp(entry->value, "yes") == 0;
  for (size_t i = 0; o && i < sizeof others / sizeof *others; i++)
    if (strcmp(o->name, others[i]) == 0)
      return false;
  if (!member && (*entry->section || !names_variables(o, entry->value)))
    return false;
  memset(chosen, 0, emend_dataset_variables(dataset));
  return emend_select_variables(dataset, *entry->section ? entry->section : entry->value, "", chosen, NULL, NULL) == EMEND_OK && chosen[v];
}

static int print_place(const recipe *r, const recipe_entry *entry, char *text, size_t size) {
  return *entry->section ? snprintf(text, size, "%s:%zu: [%.100s] %s", r->path, entry->line, entry->section, entry->key)
                         : snprintf(text, size, "%s:%zu: %s", r->path, entry->line, entry->key);
}

void recipe_place(const recipe *r, const option *table, const emend_dataset *dataset, const char *input, const emend_error *error,
                  option_message message) {
  size_t v = 0, n = emend_dataset_variables(dataset);
  while (v < n && strcmp(emend_variable_name(dataset, v), emend_error_variable(error)) != 0)
    v++;
  unsigned char *chosen = calloc(n + 1, 1);
  char places[OPTION_MESSAGE_SIZE] = "";
  size_t used = 0;
  for (size_t i = 0; i < r->n_entries && chosen && v < n; i++) {
    if (!decides_part(&r->entries[i], table, dataset, v, chosen) || used + 2 >= sizeof places)
      continue;
    if (used > 0)
      used += (size_t)snprintf(places + used, sizeof places - used, ", ");
    int printed = print_place(r, &r->entries[i], places + used, sizeof places - used);
    used += printed > 0 ? (size_t)printed : 0;
  }
  if (used > 0)
    snprintf(message, OPTION_MESSAGE_SIZE, "%s: %s: %s", input, places, emend_error_text(error));
  free(chosen);
}
