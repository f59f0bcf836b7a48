/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/not_applicable.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/memory.h"
#include "encode/code.h"
#include "encode/unanswered.h"

enum { SAYS_SO = 1, MAY_SAY_SO };

static unsigned char meaning_of(const emend_code *code, const char *folded) {
  if (code->reason == EMEND_SYSTEM_MISSING)
    return 0;
  if (emend_folded_says_not_applicable(folded))
    return SAYS_SO;
  return *code->label && emend_folded_may_say_who(folded) && !emend_folded_speaks_of_answers(folded) ? MAY_SAY_SO : 0;
}

/* Most variables of a file have the same few labels. */
enum { REMEMBERED = 16 };
typedef struct meanings {
  struct {
    const char *text;
    bool is_system, is_label;
    unsigned char meaning;
  } known[REMEMBERED];
  size_t n;
  emend_buffer folded;
} meanings;

static emend_status find_meaning(meanings *m, const emend_code *code, unsigned char *meaning, emend_error *error) {
  bool is_system = code->reason == EMEND_SYSTEM_MISSING, is_label = code->label && *code->label;
  const char *text = is_label ? code->label : code->text ? code->text : "";
  for (size_t i = 0; i < m->n; i++)
    if (m->known[i].is_system == is_system && m->known[i].is_label == is_label && strcmp(m->known[i].text, text) == 0) {
      *meaning = m->known[i].meaning;
      return EMEND_OK;
    }
  emend_status status = emend_fold(text, strlen(text), &m->folded, error);
  *meaning = status ? 0 : meaning_of(code, m->folded.bytes);
  if (!status && m->n < REMEMBERED) {
    m->known[m->n].text = text, m->known[m->n].is_system = is_system, m->known[m->n].is_label = is_label;
    m->known[m->n++].meaning = *meaning;
  }
  return status;
}

static emend_status look(const emend_planned *planned, unsigned char **says, meanings *known, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < planned->n_codes && !status; i++) {
    unsigned char meaning = 0;
    status = find_meaning(known, &planned->codes[i], &meaning, error);
    if (meaning && !*says && !(*says = emend_allocate(planned->n_codes, 1)))
      status = emend_fail_memory(error);
    if (meaning && *says)
      (*says)[i] = meaning;
  }
  return status;
}

emend_status emend_not_applicable_find(emend_plan *plan, emend_error *error) {
  meanings known = {.n = 0};
  plan->says_not_applicable = emend_allocate(plan->n_variables, sizeof *plan->says_not_applicable);
  emend_status status = plan->says_not_applicable ? EMEND_OK : emend_fail_memory(error);
  for (size_t v = 0; v < plan->n_variables && !status; v++)
    status = look(&plan->variables[v], &plan->says_not_applicable[v], &known, error);
  emend_buffer_free(&known.folded);
  return status;
}

static unsigned char meaning_of_cell(const emend_plan *plan, size_t row, size_t variable) {
  emend_run cell = emend_dataset_run(plan->dataset, variable, row);
  const unsigned char *says = plan->says_not_applicable[variable];
  if (*cell.reasons == EMEND_STRUCTURAL)
    return SAYS_SO;
  if (!says || *cell.reasons == EMEND_OBSERVED)
    return 0;
  const emend_planned *planned = &plan->variables[variable];
  const emend_code *code = emend_plan_code_of_cell(plan, row, variable, *cell.reasons, *cell.values);
  unsigned char meaning = code ? says[code - planned->codes] : 0;
  return meaning == MAY_SAY_SO && code->fill ? 0 : meaning;
}

bool emend_not_applicable_says(const emend_plan *plan, size_t row, size_t variable) {
  return meaning_of_cell(plan, row, variable) == SAYS_SO;
}

bool emend_not_applicable_may_say(const emend_plan *plan, size_t row, size_t variable) { return meaning_of_cell(plan, row, variable) != 0; }
