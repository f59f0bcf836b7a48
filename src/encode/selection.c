/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/selection.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "emend/plan.h"

/* One item of a list, backticks removed. `quoted` marks the characters that stood in backticks, '1' or '0'. */
typedef struct list_item {
  emend_buffer text, quoted;
} list_item;

typedef struct list_reader {
  const emend_dataset *dataset;
  const char *list, *option;
  size_t length, at;
  unsigned char *chosen;
  emend_events *events;
  emend_error *error;
} list_reader;

static bool separates(char c) { return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static emend_status add_character(list_reader *reader, list_item *item, char c, bool quoted) {
  emend_status status = emend_buffer_append(&item->text, &c, 1, reader->error);
  return status ? status : emend_buffer_append(&item->quoted, quoted ? "1" : "0", 1, reader->error);
}

/* Reads the next item; *found is false at the end of the list. */
static emend_status next_item(list_reader *reader, list_item *item, bool *found) {
  const char *list = reader->list;
  emend_buffer_clear(&item->text);
  emend_buffer_clear(&item->quoted);
  while (reader->at < reader->length && separates(list[reader->at]))
    reader->at++;
  *found = reader->at < reader->length;
  bool quoted = false;
  for (; reader->at < reader->length && (quoted || !separates(list[reader->at])); reader->at++) {
    char c = list[reader->at];
    bool doubled = quoted && c == '`' && reader->at + 1 < reader->length && list[reader->at + 1] == '`';
    if (c == '`' && !doubled) {
      quoted = !quoted;
      continue;
    }
    reader->at += doubled;
    emend_status status = add_character(reader, item, c, quoted);
    if (status)
      return status;
  }
  if (quoted)
    return emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: a backtick is not closed", reader->option);
  return EMEND_OK;
}

static ptrdiff_t find_exact(const emend_dataset *dataset, const char *name, size_t length) {
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    if (emend_text_equal(name, length, emend_variable_name(dataset, v)))
      return (ptrdiff_t)v;
  return -1;
}

/* The only variable of that name but for capitals; -1 if there is none or more than one. */
static ptrdiff_t find_folded(const emend_dataset *dataset, const char *name, size_t length) {
  ptrdiff_t found = -1;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++) {
    const char *other = emend_variable_name(dataset, v);
    if (!emend_ascii_equal_n(name, length, other, strlen(other)))
      continue;
    if (found >= 0)
      return -1;
    found = (ptrdiff_t)v;
  }
  return found;
}

/* Exact, else folded; says so when capitals differ. */
static ptrdiff_t find_name(list_reader *reader, const char *name, size_t length) {
  ptrdiff_t found = find_exact(reader->dataset, name, length);
  if (found < 0 && (found = find_folded(reader->dataset, name, length)) >= 0)
    emend_warn(reader->events, "%s: %.*s is taken as %s", reader->option, (int)length, name,
               emend_variable_name(reader->dataset, (size_t)found));
  return found;
}

static void choose(list_reader *reader, size_t variable, unsigned char how) {
  if (reader->chosen[variable] < how)
    reader->chosen[variable] = how;
}

/* Splits at each bare hyphen; *split receives the place of the only one with a name on either side, or 0. */
static emend_status find_range(list_reader *reader, const list_item *item, size_t *split) {
  const char *text = item->text.bytes;
  size_t length = item->text.length;
  *split = 0;
  for (int folded = 0; folded < 2 && !*split; folded++) {
    ptrdiff_t (*find)(const emend_dataset *, const char *, size_t) = folded ? find_folded : find_exact;
    for (size_t i = 1; i + 1 < length; i++) {
      if (text[i] != '-' || item->quoted.bytes[i] == '1')
        continue;
      if (find(reader->dataset, text, i) < 0 || find(reader->dataset, text + i + 1, length - i - 1) < 0)
        continue;
      if (*split) {
        emend_status status =
            emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: the range %s can be read in two ways", reader->option, text);
        emend_try(reader->error, "backticks round the names");
        return status;
      }
      *split = i;
    }
  }
  return EMEND_OK;
}

static emend_status choose_range(list_reader *reader, const list_item *item, size_t split) {
  const char *text = item->text.bytes;
  ptrdiff_t first = find_name(reader, text, split), last = find_name(reader, text + split + 1, item->text.length - split - 1);
  if (first < 0 || last < 0) /* one end exact in one capitalisation, ambiguous in the other */
    return emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: the range %s has an ambiguous end", reader->option, text);
  if (first > last) {
    const char *a = emend_variable_name(reader->dataset, (size_t)first), *b = emend_variable_name(reader->dataset, (size_t)last);
    emend_status status = emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: %s comes after %s in the file", reader->option, a, b);
    emend_try(reader->error, "%s-%s", b, a);
    return status;
  }
  for (ptrdiff_t v = first; v <= last; v++)
    choose(reader, (size_t)v, EMEND_CHOSEN_BY_PATTERN);
  return EMEND_OK;
}

static size_t character_length(const char *text) {
  size_t n = 1;
  while (((unsigned char)text[n] & 0xC0) == 0x80)
    n++;
  return n;
}

/* Iterative, with one point to fall back to: linear in practice, never worse than length x length. */
static bool glob_fits(const list_item *glob, const char *name) {
  const char *pattern = glob->text.bytes, *quoted = glob->quoted.bytes;
  size_t length = glob->text.length, p = 0, star = SIZE_MAX;
  const char *resume = NULL;
  while (*name) {
    bool bare = p < length && quoted[p] == '0';
    if (bare && pattern[p] == '*') {
      star = p++;
      resume = name;
    } else if (bare && pattern[p] == '?') {
      p++;
      name += character_length(name);
    } else if (p < length && pattern[p] == *name) {
      p++;
      name++;
    } else if (star != SIZE_MAX) {
      p = star + 1;
      resume += character_length(resume);
      name = resume;
    } else {
      return false;
    }
  }
  while (p < length && pattern[p] == '*' && quoted[p] == '0')
    p++;
  return p == length;
}

static bool is_glob(const list_item *item) {
  for (size_t i = 0; i < item->text.length; i++)
    if ((item->text.bytes[i] == '*' || item->text.bytes[i] == '?') && item->quoted.bytes[i] == '0')
      return true;
  return false;
}

static bool is_star(const list_item *item) {
  return strspn(item->text.bytes, "*") == item->text.length && !memchr(item->quoted.bytes, '1', item->text.length);
}

static emend_status choose_glob(list_reader *reader, const list_item *item) {
  unsigned char how = is_star(item) ? EMEND_CHOSEN_BY_STAR : EMEND_CHOSEN_BY_PATTERN;
  bool any = false;
  for (size_t v = 0; v < emend_dataset_variables(reader->dataset); v++) {
    if (!glob_fits(item, emend_variable_name(reader->dataset, v)))
      continue;
    choose(reader, v, how);
    any = true;
  }
  if (any)
    return EMEND_OK;
  return emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: no variable's name fits %s", reader->option, item->text.bytes);
}

size_t emend_edit_distance(const char *a, const char *b) {
  enum { LONGEST = 96 };
  size_t n = strlen(a), m = strlen(b), row[LONGEST + 1];
  if (n > LONGEST || m > LONGEST)
    return SIZE_MAX;
  for (size_t j = 0; j <= m; j++)
    row[j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t best = diagonal + (emend_ascii_lower((unsigned char)a[i - 1]) != emend_ascii_lower((unsigned char)b[j - 1]));
      diagonal = row[j];
      if (row[j] + 1 < best)
        best = row[j] + 1;
      if (row[j - 1] + 1 < best)
        best = row[j - 1] + 1;
      row[j] = best;
    }
  }
  return row[m];
}

/* The name most like it; NULL if none is. */
static const char *find_near(const emend_dataset *dataset, const char *name) {
  size_t nearest = 1 + strlen(name) / 3;
  const char *suggestion = NULL;
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++) {
    const char *other = emend_variable_name(dataset, v);
    size_t distance = emend_edit_distance(name, other);
    if (distance < nearest || (distance == nearest && !suggestion)) {
      nearest = distance;
      suggestion = other;
    }
  }
  return suggestion;
}

emend_status emend_selection_name(const emend_dataset *dataset, const char *name, size_t *variable, emend_error *error) {
  ptrdiff_t found = emend_dataset_find_variable(dataset, name);
  if (found < 0)
    found = find_folded(dataset, name, strlen(name));
  *variable = (size_t)found;
  if (found >= 0)
    return EMEND_OK;
  const char *suggestion = find_near(dataset, name);
  return emend_fail(error, EMEND_INVALID_ARGUMENT, "there is no variable %s%s%s%s", name, suggestion ? "; did you mean " : "",
                    suggestion ? suggestion : "", suggestion ? "?" : "");
}

static emend_status fail_unknown(list_reader *reader, const char *name) {
  const char *suggestion = find_near(reader->dataset, name);
  if (!suggestion)
    return emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: there is no variable %s", reader->option, name);
  return emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: there is no variable %s; did you mean %s?", reader->option, name,
                    suggestion);
}

/* Partly in backticks and partly bare: then a bare hyphen means a range even where the whole would be a name. */
static bool is_mixed(const list_item *item) {
  const char *quoted = item->quoted.bytes;
  return quoted && strchr(quoted, '0') && strchr(quoted, '1');
}

static emend_status choose_item(list_reader *reader, const list_item *item) {
  const char *text = item->text.bytes ? item->text.bytes : "";
  ptrdiff_t exact = is_mixed(item) ? -1 : find_exact(reader->dataset, text, item->text.length);
  if (exact >= 0) {
    choose(reader, (size_t)exact, EMEND_CHOSEN_BY_NAME);
    return EMEND_OK;
  }
  size_t split = 0;
  emend_status status = find_range(reader, item, &split);
  if (status)
    return status;
  if (split)
    return choose_range(reader, item, split);
  if (is_glob(item))
    return choose_glob(reader, item);
  ptrdiff_t folded = find_name(reader, text, item->text.length);
  if (folded < 0)
    return fail_unknown(reader, text);
  choose(reader, (size_t)folded, EMEND_CHOSEN_BY_NAME);
  return EMEND_OK;
}

emend_status emend_selection_parse(const emend_dataset *dataset, const char *list, size_t length, const char *option, unsigned char *chosen,
                                   emend_events *events, emend_error *error) {
  list_reader reader = {
      .dataset = dataset, .list = list, .length = length, .option = option, .chosen = chosen, .events = events, .error = error};
  list_item item = {0};
  bool found = false, any = false;
  emend_status status;
  while (!(status = next_item(&reader, &item, &found)) && found) {
    status = choose_item(&reader, &item);
    if (status)
      break;
    any = true;
  }
  if (!status && !any)
    status = emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: the list names no variable", option);
  emend_buffer_free(&item.text);
  emend_buffer_free(&item.quoted);
  return status;
}

emend_status emend_select_variables(const emend_dataset *dataset, const char *list, const char *option, unsigned char *chosen,
                                    emend_events *events, emend_error *error) {
  return emend_selection_parse(dataset, list, strlen(list), option, chosen, events, error);
}

emend_status emend_selection_one(const emend_dataset *dataset, const char *name, const char *option, size_t *variable, emend_events *events,
                                 emend_error *error) {
  size_t n_variables = emend_dataset_variables(dataset), count = 0;
  /* A name alone needs no backticks here. */
  ptrdiff_t exact = emend_dataset_find_variable(dataset, name);
  if (exact >= 0) {
    *variable = (size_t)exact;
    return EMEND_OK;
  }
  unsigned char *chosen = emend_allocate(n_variables, 1);
  if (!chosen)
    return emend_fail_memory(error);
  emend_status status = emend_selection_parse(dataset, name, strlen(name), option, chosen, events, error);
  for (size_t v = 0; !status && v < n_variables; v++)
    if (chosen[v]) {
      *variable = v;
      count++;
    }
  if (!status && count != 1)
    status = emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: \"%s\" names %zu variables, but one is wanted", option, name, count);
  free(chosen);
  return status;
}
