/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "encode/code.h"
#include "encode/plan.h"
#include "encode/selection.h"

/* Parsing of --impute-codes and --keep-codes; the grammar is in encode/code.h. */

typedef struct wish_reader {
  const emend_dataset *dataset;
  emend_code_wishes *wishes;
  const emend_said *said; /* the list being read */
  unsigned char *chosen; /* of the clause being read; NULL: all */
  emend_events *events;
  emend_error *error;
} wish_reader;

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

static emend_status add_wish(wish_reader *reader, const emend_code_wish *wish) {
  emend_code_wishes *wishes = reader->wishes;
  if (!emend_reserve(&wishes->wishes, wishes->n, &wishes->capacity, sizeof *wishes->wishes))
    return emend_fail_memory(reader->error);
  wishes->wishes[wishes->n++] = *wish;
  return EMEND_OK;
}

static bool read_tag(const char *text, size_t length, emend_reason *tag) {
  *tag = emend_tag_of_text(text, length);
  return *tag != EMEND_OBSERVED;
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

/* `.a` or `.a-.f`. */
static bool read_tags(const char *text, size_t length, emend_code_wish *wish) {
  wish->general = length == 5 && text[2] == '-';
  if (!read_tag(text, wish->general ? 2 : length, &wish->first))
    return false;
  wish->last = wish->first;
  return !wish->general || (read_tag(text + 3, 2, &wish->last) && wish->first <= wish->last);
}

/* A number, or the word for an open end. */
static bool read_end(const char *text, size_t length, const char *open, const char *word, double infinity, double *end) {
  *end = infinity;
  return emend_ascii_equal_n(text, length, open, strlen(open)) || emend_ascii_equal_n(text, length, word, strlen(word)) ||
         emend_number_parse(text, length, '.', end);
}

/* `97-99`, `9-hi`, `lo--1`; also with the words of SPSS. */
static bool read_range(const char *text, size_t length, emend_code_wish *wish) {
  for (size_t at = 1; at + 1 < length; at++)
    if (text[at] == '-' && read_end(text, at, "lo", "lowest", -INFINITY, &wish->lo) &&
        read_end(text + at + 1, length - at - 1, "hi", "highest", INFINITY, &wish->hi))
      return wish->lo <= wish->hi;
  return false;
}

/* What a bare word names, other than a label. */
static bool read_kind(const char *text, size_t length, emend_code_wish *wish) {
  wish->general = true;
  if (emend_text_equal(text, length, ".") || emend_text_equal(text, length, "system")) {
    wish->kind = EMEND_WISH_SYSTEM;
  } else if (emend_text_equal(text, length, "user")) {
    wish->kind = EMEND_WISH_USER;
  } else if (emend_text_equal(text, length, "tagged")) {
    wish->kind = EMEND_WISH_TAGS;
    wish->first = EMEND_TAG_A, wish->last = EMEND_TAG_UNDERSCORE;
  } else if (read_tags(text, length, wish)) {
    wish->kind = EMEND_WISH_TAGS;
  } else if (read_range(text, length, wish)) {
    wish->kind = EMEND_WISH_RANGE;
  } else {
    wish->general = false;
    if (!emend_number_parse(text, length, '.', &wish->number))
      return false;
    wish->kind = EMEND_WISH_NUMBER;
  }
  return true;
}

static emend_status fold_label(wish_reader *reader, emend_code_wish *wish) {
  emend_buffer folded = {0};
  wish->kind = EMEND_WISH_LABEL;
  emend_status status = emend_fold(wish->text, strlen(wish->text), &folded, reader->error);
  wish->folded = folded.bytes;
  return status;
}

static void release(emend_code_wish *wish) { free(wish->chosen), free(wish->text), free(wish->folded); }

static emend_status read_code(wish_reader *reader, const char *at, const char *end) {
  const emend_said *said = reader->said;
  bool fill = said->kind == EMEND_SAID_IMPUTE_CODES, quoted = end - at >= 2 && *at == '"' && end[-1] == '"';
  emend_code_wish wish = {.fill = fill, .layer = said->layer, .where = said->where, .section = said->variables != NULL};
  wish.why = said->named ? (fill ? "impute_codes" : "keep_codes") : fill ? "--impute-codes" : "--keep-codes";
  if (quoted)
    at++, end--;
  if (at == end)
    return emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: a code is empty", said->where);
  wish.text = strndup(at, (size_t)(end - at));
  emend_status status = wish.text ? copy_choice(reader, &wish) : emend_fail_memory(reader->error);
  if (!status && (quoted || !read_kind(at, (size_t)(end - at), &wish)))
    status = fold_label(reader, &wish);
  if (!status)
    status = add_wish(reader, &wish);
  if (status)
    release(&wish);
  return status;
}

static emend_status choose_variables(wish_reader *reader, const char *at, const char *end) {
  if (!reader->chosen && !(reader->chosen = emend_allocate(emend_dataset_variables(reader->dataset), 1)))
    return emend_fail_memory(reader->error);
  memset(reader->chosen, EMEND_NOT_CHOSEN, emend_dataset_variables(reader->dataset));
  return emend_selection_parse(reader->dataset, at, (size_t)(end - at), reader->said->where, reader->chosen, reader->events, reader->error);
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
    emend_text_trim(&from, &to);
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
    emend_text_trim(&from, &to);
    if (from < to) {
      status = read_clause(reader, from, to);
      any = true;
    }
    at = clause_end < end ? clause_end + 1 : end;
  }
  free(reader->chosen);
  reader->chosen = NULL;
  if (!status && !any)
    status = emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: the list names no code", reader->said->where);
  return status;
}

/* Where the variables are said apart, the list is one of codes alone. */
static emend_status read_codes_of(wish_reader *reader) {
  const emend_said *said = reader->said;
  const char *end = said->value + strlen(said->value), *stray = find_bare(said->value, end, "=;");
  if (stray < end)
    return emend_fail(reader->error, EMEND_INVALID_ARGUMENT, "%s: codes are separated by commas; what is \"%c\"?", said->where, *stray);
  emend_status status = choose_variables(reader, said->variables, said->variables + strlen(said->variables));
  for (const char *at = said->value; !status && at <= end;) {
    const char *item_end = find_bare(at, end, ","), *from = at, *to = item_end;
    emend_text_trim(&from, &to);
    status = read_code(reader, from, to);
    at = item_end + 1;
  }
  free(reader->chosen);
  reader->chosen = NULL;
  return status;
}

emend_status emend_code_wishes_parse(const emend_dataset *dataset, const emend_said_list *said, emend_code_wishes *wishes,
                                     emend_events *events, emend_error *error) {
  wish_reader reader = {.dataset = dataset, .wishes = wishes, .events = events, .error = error};
  emend_status status = EMEND_OK;
  *wishes = (emend_code_wishes){0};
  for (size_t i = 0; i < said->n && !status; i++) {
    reader.said = &said->items[i];
    if (reader.said->kind != EMEND_SAID_IMPUTE_CODES && reader.said->kind != EMEND_SAID_KEEP_CODES)
      continue;
    status = reader.said->variables ? read_codes_of(&reader) : read_list(&reader, reader.said->value);
  }
  if (status)
    emend_code_wishes_free(wishes);
  return status;
}

void emend_code_wishes_free(emend_code_wishes *wishes) {
  for (size_t i = 0; i < wishes->n; i++)
    release(&wishes->wishes[i]);
  free(wishes->wishes);
  *wishes = (emend_code_wishes){0};
}

/* How far a code is from the text that was to name it: not at all if its label or text, unless it is long, has the same words. */
static size_t distance_of(const emend_code_wish *wish, const char *says, emend_buffer *folded) {
  enum { LONG = 100 };
  if (strlen(says) > LONG || emend_fold(says, strlen(says), folded, NULL))
    return SIZE_MAX;
  return strlen(wish->folded) > 1 && strstr(folded->bytes, wish->folded) ? 0 : emend_edit_distance(wish->folded, folded->bytes);
}

/* The label, or text, of a missing code that is most like the one named; NULL if none is. */
static const char *find_near(const emend_code_wish *wish, const emend_plan *plan) {
  size_t nearest = 1 + strlen(wish->text) / 3;
  const char *suggestion = NULL;
  emend_buffer folded = {0};
  for (size_t v = 0; v < plan->n_variables; v++)
    for (size_t i = 0; i < plan->variables[v].n_codes && (!wish->chosen || wish->chosen[v]); i++) {
      const emend_code *code = &plan->variables[v].codes[i];
      const char *says = *code->label ? code->label : code->text ? code->text : "";
      size_t distance = *says ? distance_of(wish, says, &folded) : SIZE_MAX;
      if (distance < nearest || (distance == nearest && !suggestion))
        nearest = distance, suggestion = says;
    }
  emend_buffer_free(&folded);
  return suggestion;
}

emend_status emend_code_wishes_check(const emend_code_wishes *wishes, const emend_plan *plan, emend_error *error) {
  for (size_t i = 0; i < wishes->n; i++) {
    const emend_code_wish *wish = &wishes->wishes[i];
    if (wish->fitted || (wish->general && wish->kind != EMEND_WISH_RANGE))
      continue;
    bool label = wish->kind == EMEND_WISH_LABEL;
    const char *near = label ? find_near(wish, plan) : NULL;
    emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "%s: %s is no missing code%s%s%s%s%s", wish->where, wish->text,
                                     label ? ", nor the label of one" : "", wish->chosen ? ", of the variables named with it" : "",
                                     near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    if (wish->chosen && label && !near) /* "q7=98,Refused" means both for q7 */
      emend_try(error, "naming codes of all variables before those of some");
    if (wish->kind == EMEND_WISH_NUMBER)
      emend_try(error, wish->chosen ? "--missing 'VARIABLE=%s' to make the number mean missing there" : "--missing=%s to make the number mean missing",
                wish->text);
    return status;
  }
  return EMEND_OK;
}
