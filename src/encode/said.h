/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SAID_H
#define ENCODE_SAID_H

#include <stdbool.h>

#include "emend/plan.h"

/* What the data show, in terms of what was said, beats it. */
enum { EMEND_LAST_LAYER = 1000 };

/* What was said of some variables: one sentence of the command line, of a recipe or of a caller. Kept as written until a plan is made. */
typedef enum emend_said_kind {
  EMEND_SAID_IMPUTE_CODES,
  EMEND_SAID_KEEP_CODES,
  EMEND_SAID_ONLY_IF,
  EMEND_SAID_FORMULA,
  EMEND_SAID_TRANSFORM,
  EMEND_SAID_BOUNDS,
  EMEND_SAID_ORDER
} emend_said_kind;

typedef struct emend_said {
  emend_said_kind kind;
  unsigned layer;  /* what is said in a higher one beats it */
  char *variables; /* a selection; NULL: all, or `value` says which */
  char *value;
  char *where; /* for messages: "--keep-codes", "recipe.ini:12: keep_codes" */
  bool named;  /* `where` was given, that is, it is no option of a command line */
} emend_said;

typedef struct emend_said_list {
  emend_said *items;
  size_t n, capacity;
} emend_said_list;

/* Copies the strings; `variables` and `where` may be NULL. */
emend_status emend_said_add(emend_said_list *list, emend_said_kind kind, unsigned layer, const char *variables, const char *value,
                            const char *where, emend_error *error);
/* Forgets what was said of a kind without naming variables, in one layer. */
void emend_said_forget(emend_said_list *list, emend_said_kind kind, unsigned layer);
void emend_said_free(emend_said_list *list);

/* In reading clauses: the first `wanted` in [at, end) outside backticks; `end` if there is none. */
const char *emend_said_find(const char *at, const char *end, char wanted);

#endif
