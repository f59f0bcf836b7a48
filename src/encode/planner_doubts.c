/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "encode/code.h"

/* Tells of the codes that encode/doubt.c set aside, and of declared ones that may say who was not asked, and what becomes of their cells. */

typedef enum told { STAY, ARE_FILLED, MAY_SAY_WHO, TOLD } told;

typedef struct teller {
  const planner *p;
  told what;          /* which is being told */
  emend_buffer codes; /* of a variable */
  emend_buffer said;  /* what the warning being gathered says of codes */
  emend_buffer names; /* and of which variables */
  size_t n_names, cells, n_warnings, n_untold;
} teller;

/* "-7, 9 (Refused)" or "\"refused\"". */
static emend_status name_code(teller *t, const emend_code *code) {
  char number[EMEND_NUMBER_SIZE];
  const char *separator = t->codes.length ? ", " : "";
  if (code->text)
    return emend_buffer_format(&t->codes, t->p->error, "%s\"%s\"", separator, code->text);
  emend_number_print(code->value, '.', number);
  if (*code->label)
    return emend_buffer_format(&t->codes, t->p->error, "%s%s (%.60s)", separator, number, code->label);
  return emend_buffer_format(&t->codes, t->p->error, "%s%s", separator, number);
}

static const char *fate_of(const teller *t) {
  if (t->what == ARE_FILLED)
    return t->cells == 1 ? "cell counts as no answer, and is filled as other missing ones are ("
                         : "cells count as no answers, and are filled as other missing ones are (";
  return t->cells == 1 ? "cell stays as it is, and counts as no answer (--impute-codes fills it, "
                       : "cells stay as they are, and count as no answers (--impute-codes fills them, ";
}

static void warn(teller *t) {
  enum { MOST_WARNINGS = 20 };
  char text[EMEND_OTHERS_TEXT];
  const char *others = emend_others(t->n_names, 8, text);
  if (t->n_names && t->n_warnings++ >= MOST_WARNINGS) {
    t->n_untold += t->n_names;
  } else if (t->n_names) {
    if (t->what == MAY_SAY_WHO)
      emend_warn(t->p->events, "%s%s: the label of %s may say who was not asked: %zu %s)", t->names.bytes, others, t->said.bytes, t->cells,
                 t->cells == 1 ? "cell stays as it is (--impute-codes fills it" : "cells stay as they are (--impute-codes fills them");
    else
      emend_warn(t->p->events, "%s%s: %s taken for missing codes that the file does not declare: %zu %s--answers says that they are answers)",
                 t->names.bytes, others, t->said.bytes, t->cells, fate_of(t));
  }
  emend_buffer_clear(&t->names);
  t->n_names = t->cells = 0;
}

/* Variables with the same codes share a warning. */
static emend_status gather(teller *t, size_t variable, size_t cells) {
  bool same = t->n_names && strcmp(t->said.bytes, t->codes.bytes) == 0;
  emend_status status = EMEND_OK;
  if (!same) {
    warn(t);
    emend_buffer_clear(&t->said);
    status = emend_buffer_format(&t->said, t->p->error, "%s", t->codes.bytes);
  }
  if (!status && t->n_names++ < 8)
    status = emend_buffer_format(&t->names, t->p->error, "%s%s", t->n_names > 1 ? ", " : "", emend_variable_name(t->p->dataset, variable));
  t->cells += cells;
  return status;
}

static bool is_told(const teller *t, size_t variable, const emend_code *code) {
  if (code->count == 0 || code->reason != EMEND_USER_MISSING)
    return false;
  if (t->what == MAY_SAY_WHO)
    return code->why == emend_why_who;
  return (code->fill != 0) == (t->what == ARE_FILLED) && emend_dataset_find_doubt(t->p->dataset, variable, code->value, code->text);
}

static emend_status look_at(teller *t, size_t variable) {
  const emend_planned *planned = &t->p->plan->variables[variable];
  size_t cells = 0;
  emend_status status = EMEND_OK;
  emend_buffer_clear(&t->codes);
  for (size_t i = 0; i < planned->n_codes && !status; i++) {
    const emend_code *code = &planned->codes[i];
    if (!is_told(t, variable, code))
      continue;
    status = name_code(t, code);
    cells += code->count;
  }
  return !status && cells > 0 ? gather(t, variable, cells) : status;
}

emend_status planner_tell_doubts(const planner *p) {
  teller t = {.p = p};
  emend_status status = EMEND_OK;
  for (t.what = STAY; t.what < TOLD; t.what++) {
    t.n_warnings = 0;
    for (size_t v = 0; v < p->plan->n_variables && !status; v++)
      status = look_at(&t, v);
    if (!status)
      warn(&t);
  }
  if (t.n_untold > 0)
    emend_warn(p->events, "%zu more variable%s with codes that count as no answers or may say who was not asked (--dry-run lists them)",
               t.n_untold, t.n_untold == 1 ? "" : "s");
  emend_buffer_free(&t.codes), emend_buffer_free(&t.said), emend_buffer_free(&t.names);
  return status;
}
