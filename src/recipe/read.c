/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "recipe/recipe.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ENTRIES = 100000 };
static const char BYTE_ORDER_MARK[] = "\xEF\xBB\xBF"; /* editors put it before the first line */

/* libinih splits lines; where each begins, how long it may be and how its section is called is kept here, since libinih tells the first to
 * nobody and cuts the second and third at what it was built for. */
typedef struct recipe_reader {
  FILE *file;
  recipe *recipe;
  size_t line, next_line; /* of the file: of the line at hand, and behind it */
  char *section;
  char *logical; /* the line at hand, continued lines joined, blanks before it gone */
  size_t length, capacity;
  char *message;
  bool failed;
} recipe_reader;

static bool fail(recipe_reader *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
static bool fail(recipe_reader *r, const char *format, ...) {
  va_list arguments;
  if (r->failed)
    return false; /* the first mistake counts */
  int used = snprintf(r->message, RECIPE_MESSAGE, "%s:%zu: ", r->recipe->path, r->line);
  va_start(arguments, format);
  if (used >= 0 && used < RECIPE_MESSAGE)
    vsnprintf(r->message + used, RECIPE_MESSAGE - (size_t)used, format, arguments);
  va_end(arguments);
  r->failed = true;
  return false;
}

/* An empty message says that memory ran out. */
static bool run_out(recipe_reader *r) {
  if (!r->failed)
    r->message[0] = '\0';
  r->failed = true;
  return false;
}

/* Room for one more item; *items may move. */
static bool reserve(void *items, size_t n, size_t *capacity, size_t size) {
  void **list = items;
  if (n < *capacity)
    return true;
  size_t wanted = *capacity ? 2 * *capacity : 16;
  void *grown = realloc(*list, wanted * size);
  if (!grown)
    return false;
  *list = grown;
  *capacity = wanted;
  return true;
}

static bool append(recipe_reader *r, const char *text, size_t length) {
  if (r->length + length + 2 > r->capacity) {
    size_t capacity = 2 * (r->length + length) + 256;
    char *grown = realloc(r->logical, capacity);
    if (!grown)
      return run_out(r);
    r->logical = grown;
    r->capacity = capacity;
  }
  memcpy(r->logical + r->length, text, length);
  r->length += length;
  r->logical[r->length] = '\0';
  return r->length < RECIPE_LONGEST || fail(r, "the line is longer than %d bytes", RECIPE_LONGEST);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/* Adds one line of the file to the logical line; *more if it ends in a backslash. False at the end of the file, or failed. */
static bool add_line(recipe_reader *r, bool *more) {
  char *text = NULL;
  size_t size = 0;
  errno = 0;
  ssize_t got = getline(&text, &size, r->file);
  bool done = got >= 0;
  *more = false;
  if (!done && errno == ENOMEM)
    run_out(r);
  else if (!done && ferror(r->file))
    fail(r, "%s", strerror(errno ? errno : EIO));
  if (done) {
    size_t length = (size_t)got, start = 0;
    if (r->next_line++ == 0 && strncmp(text, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
      start = strlen(BYTE_ORDER_MARK);
    if (memchr(text, '\0', length))
      done = fail(r, "the line holds a NUL byte: this is no recipe");
    while (length > 0 && is_blank(text[length - 1]))
      length--;
    while (start < length && is_blank(text[start]))
      start++;
    *more = length > start && text[length - 1] == '\\' && text[start] != '#' && text[start] != ';';
    length -= *more;
    while (*more && length > start && is_blank(text[length - 1]))
      length--;
    done = done && (r->length == 0 || append(r, " ", 1)) && append(r, text + start, length - start);
  }
  free(text);
  return done;
}

/* "[name]": remembered whole. */
static bool take_section(recipe_reader *r) {
  recipe *to = r->recipe;
  char *end = strrchr(r->logical, ']');
  if (!end)
    return fail(r, "] is missing behind the name of the section");
  char *start = r->logical + 1;
  while (start < end && is_blank(*start))
    start++;
  while (end > start && is_blank(end[-1]))
    end--;
  if (start == end)
    return fail(r, "the section has no name; settings of the run stand before the first section");
  if (!reserve(&to->sections, to->n_sections, &to->sections_capacity, sizeof *to->sections))
    return run_out(r);
  char *name = strndup(start, (size_t)(end - start));
  if (!name)
    return run_out(r);
  to->sections[to->n_sections++] = (recipe_section){name, r->line};
  r->section = name;
  return to->n_sections < MOST_ENTRIES || fail(r, "the recipe has too many sections");
}

/* What libinih calls for a line. A section is handed to it under a name of one letter: it need not know. */
static char *next_line(char *text, int size, void *stream) {
  recipe_reader *r = stream;
  bool more = true;
  r->line = r->next_line + 1;
  r->length = 0;
  if (r->failed)
    return NULL;
  while (more)
    if (!add_line(r, &more)) {
      if (r->failed || r->length == 0)
        return NULL;
      break;
    }
  const char *line = r->logical;
  if (*line == '[') {
    if (!take_section(r))
      return NULL;
    line = "[s]";
  }
  bool speaks = *line && *line != '#' && *line != ';' && *line != '[';
  if (speaks && !strpbrk(line, "=:")) {
    fail(r, "\"%.60s\" is neither a [section] nor a setting, key = value", line);
    return NULL;
  }
  if (strlen(line) + 2 > (size_t)size) {
    fail(r, "the line is longer than the %d bytes that this libinih takes", size - 2);
    return NULL;
  }
  strcpy(text, line);
  return strcat(text, "\n");
}

static int take_entry(void *user, const char *section, const char *key, const char *value) {
  recipe_reader *r = user;
  recipe *to = r->recipe;
  (void)section;
  if (to->n_entries == MOST_ENTRIES)
    return fail(r, "the recipe is too long");
  if (!reserve(&to->entries, to->n_entries, &to->entries_capacity, sizeof *to->entries))
    return run_out(r);
  recipe_entry *entry = &to->entries[to->n_entries++];
  *entry = (recipe_entry){strdup(r->section ? r->section : ""), strdup(key), strdup(value), r->line};
  if (!entry->section || !entry->key || !entry->value)
    return run_out(r);
  return 1;
}

/* Some builds of libinih, Debian's among them, can be told while they run how long a line may be; of others these are not there. */
extern bool ini_use_stack __attribute__((weak));
extern int ini_initial_alloc __attribute__((weak)), ini_max_line __attribute__((weak));

static void allow_long_lines(void) {
  if (!&ini_use_stack || !&ini_initial_alloc || !&ini_max_line)
    return;
  ini_use_stack = false;
  ini_initial_alloc = ini_max_line = RECIPE_LONGEST + 16;
}

bool recipe_read_stream(FILE *file, const char *path, recipe *to, char message[RECIPE_MESSAGE]) {
  *to = (recipe){.path = strdup(path)};
  recipe_reader r = {.file = file, .recipe = to, .message = message, .line = 1};
  if (!to->path)
    return run_out(&r);
  allow_long_lines();
  int wrong = ini_parse_stream(next_line, &r, take_entry, &r);
  if (wrong < 0)
    run_out(&r);
  else if (wrong)
    fail(&r, "the line is not understood");
  free(r.logical);
  return wrong == 0 && !r.failed;
}

bool recipe_read(const char *path, recipe *to, char message[RECIPE_MESSAGE]) {
  FILE *file = fopen(path, "re");
  if (!file) {
    *to = (recipe){0};
    if (errno == ENOMEM)
      message[0] = '\0';
    else
      snprintf(message, RECIPE_MESSAGE, "%s: %s", path, strerror(errno));
    return false;
  }
  bool done = recipe_read_stream(file, path, to, message);
  fclose(file);
  return done;
}

const char *recipe_keep(recipe *to, const char *format, ...) {
  va_list arguments;
  char *text = NULL;
  if (!reserve(&to->texts, to->n_texts, &to->texts_capacity, sizeof *to->texts))
    return NULL;
  va_start(arguments, format);
  int length = vasprintf(&text, format, arguments);
  va_end(arguments);
  if (length < 0)
    return NULL;
  to->texts[to->n_texts++] = text;
  return text;
}

void recipe_free(recipe *to) {
  for (size_t i = 0; i < to->n_entries; i++)
    free(to->entries[i].section), free(to->entries[i].key), free(to->entries[i].value);
  for (size_t i = 0; i < to->n_sections; i++)
    free(to->sections[i].name);
  for (size_t i = 0; i < to->n_texts; i++)
    free(to->texts[i]);
  free(to->entries), free(to->sections), free(to->texts), free(to->path);
  *to = (recipe){0};
}
