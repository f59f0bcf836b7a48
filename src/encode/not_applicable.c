/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/not_applicable.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/memory.h"
#include "encode/code.h"
#include "encode/unanswered.h"

static unsigned char meaning_of(const emend_code *code, const char *folded) {
  if (code->reason == EMEND_SYSTEM_MISSING)
    return 0;
  if (emend_folded_says_not_applicable(folded))
    return EMEND_SAYS_SO;
  bool who = !code->fill && *code->label && emend_folded_may_say_who(folded) && !emend_folded_speaks_of_answers(folded);
  return who ? EMEND_MAY_SAY_SO : 0;
}

static emend_status look(const emend_planned *planned, unsigned char **says, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < planned->n_codes && !status; i++) {
    const emend_code *code = &planned->codes[i];
    const char *text = code->label && *code->label ? code->label : code->text ? code->text : "";
    emend_buffer folded = {0};
    status = emend_fold(text, strlen(text), &folded, error);
    unsigned char meaning = status ? 0 : meaning_of(code, folded.bytes);
    if (meaning && !*says && !(*says = emend_allocate(planned->n_codes, 1)))
      status = emend_fail_memory(error);
    if (meaning && *says)
      (*says)[i] = meaning;
    emend_buffer_free(&folded);
  }
  return status;
}

emend_status emend_not_applicable_new(const emend_plan *plan, emend_not_applicable *table, emend_error *error) {
  *table = (emend_not_applicable){.plan = plan, .codes = emend_allocate(plan->n_variables, sizeof *table->codes)};
  emend_status status = table->codes ? EMEND_OK : emend_fail_memory(error);
  for (size_t v = 0; v < plan->n_variables && !status; v++)
    status = look(&plan->variables[v], &table->codes[v], error);
  return status;
}

void emend_not_applicable_free(emend_not_applicable *table) {
  for (size_t v = 0; table->codes && v < table->plan->n_variables; v++)
    free(table->codes[v]);
  free(table->codes);
  *table = (emend_not_applicable){0};
}

static unsigned char meaning_of_cell(const emend_not_applicable *table, size_t row, size_t variable) {
  emend_run cell = emend_dataset_run(table->plan->dataset, variable, row);
  if (*cell.reasons == EMEND_STRUCTURAL)
    return EMEND_SAYS_SO;
  if (!table->codes[variable] || *cell.reasons == EMEND_OBSERVED)
    return 0;
  const emend_code *code = emend_plan_code_of_cell(table->plan, row, variable, *cell.reasons, *cell.values);
  return code ? table->codes[variable][code - table->plan->variables[variable].codes] : 0;
}

bool emend_not_applicable_says(const emend_not_applicable *table, size_t row, size_t variable) {
  return meaning_of_cell(table, row, variable) == EMEND_SAYS_SO;
}

bool emend_not_applicable_may_say(const emend_not_applicable *table, size_t row, size_t variable) {
  return meaning_of_cell(table, row, variable) != 0;
}
