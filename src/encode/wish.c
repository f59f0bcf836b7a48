/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "encode/code.h"
#include "encode/selection.h"

/* Parsing of --impute-codes and --keep-codes; the grammar is in encode/code.h. */

typedef struct wish_reader {
  const emend_dataset *dataset;
  emend_code_wishes *wishes;
  const char *option;
  bool fill;
  unsigned char *chosen; /* of the clause being read; NULL: all */
  emend_events *events;
  emend_error *error;
} wish_reader;

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/* The first of `characters` in [at, end) that stands in neither quotes nor backticks; `end` if there is none. */
static const char *find_bare(const char *at, const char *end, const char *characters) {
  char open = '\0';
  for (; at < end; at++) {
    if (open) {
      if (*at == open)
        open = '\0';
    } else if (*at == '"' || *at == '`') {
      open = *at;
    } else if (strchr(characters, *at)) {
      return at;
    }
  }
  return end;
}

static void trim(const char **at, const char **end) {
  while (*at < *end && is_blank(**at))
    ++*at;
  while (*end > *at && is_blank((*end)[-1]))
    --*end;
}

static emend_status add_wish(wish_reader *reader, const emend_code_wish *wish) {
  emend_code_wishes *wishes = reader->wishes;
  if (wishes->n == wishes->capacity) {
    size_t capacity = wishes->capacity ? 2 * wishes->capacity : 8;
    emend_code_wish *grown = emend_reallocate(wishes->wishes, capacity, sizeof *grown);
    if (!grown)
      return emend_fail_memory(reader->error);
    wishes->wishes = grown;
    wishes->capacity = capacity;
  }
  wishes->wishes[wishes->n++] = *wish;
  return EMEND_OK;
}

/* `.a` to `.z` (in any capitals) and `._`. */
static bool read_tag(const char *text, size_t length, emend_reason *tag) {
  if (length != 2 || text[0] != '.')
    return false;
  int letter = emend_ascii_lower((unsigned char)text[1]);
  if (letter == '_')
    *tag = EMEND_TAG_UNDERSCORE;
  else if (letter >= 'a' && letter <= 'z')
    *tag = (emend_reason)(EMEND_TAG_A + (letter - 'a'));
  else
    return false;
  return true;
}

static emend_status copy_choice(wish_reader *reader, emend_code_wish *wish) {
  if (!reader->chosen)
    return EMEND_OK;
  size_t n = emend_dataset_variables(reader->dataset);
  wish->chosen = emend_allocate(n, 1);
  if (!wish->chosen)
    return emend_fail_memory(reader->error);
  memcpy(wish->chosen, reader->chosen, n);
  return EMEND_OK;
}

static emend_status read_code(wish_reader *reader, const char *at, const char *end) {
  emend_code_wish wish = {.fill = reader->fill, .reason = EMEND_OBSERVED};
  bool quoted = end - at >= 2 && *at == '"' && end[-1] == '"';
  if (quoted)
    at++, end--;
  size_t length = (size_t)(end - at);
  if (length == 0)
    return emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: a code is empty", reader->option);
  if (!quoted && length == 1 && *at == '.') {
    emend_status status =
        emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: system-missing cells (.) are always filled", reader->option);
    emend_try(reader->error, "--targets to choose the variables that are filled");
    return status;
  }
  if (!quoted && read_tag(at, length, &wish.reason))
    ;
  else if (!quoted && emend_number_parse(at, length, '.', &wish.number))
    wish.reason = EMEND_USER_MISSING;
  wish.text = strndup(at, length);
  emend_status status = wish.text ? copy_choice(reader, &wish) : emend_fail_memory(reader->error);
  if (!status)
    status = add_wish(reader, &wish);
  if (status) {
    free(wish.text);
    free(wish.chosen);
  }
  return status;
}

static emend_status choose_variables(wish_reader *reader, const char *at, const char *end) {
  if (!reader->chosen && !(reader->chosen = emend_allocate(emend_dataset_variables(reader->dataset), 1)))
    return emend_fail_memory(reader->error);
  memset(reader->chosen, EMEND_NOT_CHOSEN, emend_dataset_variables(reader->dataset));
  return emend_selection_parse(reader->dataset, at, (size_t)(end - at), reader->option, reader->chosen, reader->events, reader->error);
}

/* `variables=code,code`; a further `=` begins again, so that a forgotten semicolon does no harm. */
static emend_status read_clause(wish_reader *reader, const char *at, const char *end) {
  emend_status status = EMEND_OK;
  free(reader->chosen);
  reader->chosen = NULL;
  while (!status && at < end) {
    const char *item_end = find_bare(at, end, ","), *from = at, *to = item_end;
    const char *equals = find_bare(from, to, "=");
    if (equals < to) {
      status = choose_variables(reader, from, equals);
      from = equals + 1;
    }
    trim(&from, &to);
    if (!status)
      status = read_code(reader, from, to);
    at = item_end < end ? item_end + 1 : end;
  }
  return status;
}

static emend_status read_list(wish_reader *reader, const char *list) {
  const char *end = list + strlen(list);
  emend_status status = EMEND_OK;
  bool any = false;
  for (const char *at = list; !status && at < end;) {
    const char *clause_end = find_bare(at, end, ";"), *from = at, *to = clause_end;
    trim(&from, &to);
    if (from < to) {
      status = read_clause(reader, from, to);
      any = true;
    }
    at = clause_end < end ? clause_end + 1 : end;
  }
  free(reader->chosen);
  reader->chosen = NULL;
  if (!status && !any)
    status = emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: the list names no code", reader->option);
  return status;
}

emend_status emend_code_wishes_parse(const emend_dataset *dataset, const char *impute, const char *keep, emend_code_wishes *wishes,
                                     emend_events *events, emend_error *error) {
  wish_reader reader = {.dataset = dataset, .wishes = wishes, .events = events, .error = error};
  emend_status status = EMEND_OK;
  *wishes = (emend_code_wishes){0};
  if (impute) {
    reader.fill = true;
    reader.option = "--impute-codes";
    status = read_list(&reader, impute);
  }
  if (!status && keep) {
    reader.fill = false;
    reader.option = "--keep-codes";
    status = read_list(&reader, keep);
  }
  if (status)
    emend_code_wishes_free(wishes);
  return status;
}

void emend_code_wishes_free(emend_code_wishes *wishes) {
  for (size_t i = 0; i < wishes->n; i++) {
    free(wishes->wishes[i].chosen);
    free(wishes->wishes[i].text);
  }
  free(wishes->wishes);
  *wishes = (emend_code_wishes){0};
}

emend_status emend_code_wishes_check(const emend_code_wishes *wishes, emend_error *error) {
  for (size_t i = 0; i < wishes->n; i++) {
    const emend_code_wish *wish = &wishes->wishes[i];
    if (wish->fitted)
      continue;
    const char *option = wish->fill ? "--impute-codes" : "--keep-codes";
    emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: %s is no missing code%s%s", option, wish->text,
                                     wish->reason == EMEND_OBSERVED ? ", nor the label of one" : "",
                                     wish->chosen ? ", of the variables before the =" : "");
    if (wish->chosen && wish->reason == EMEND_OBSERVED) /* "q7=98,Refused" means both for q7 */
      emend_try(error, "naming codes of all variables before those of some");
    if (wish->reason == EMEND_USER_MISSING)
      emend_try(error, "--missing=%s to make the number mean missing", wish->text);
    return status;
  }
  return EMEND_OK;
}
