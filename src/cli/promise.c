/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/promise.h"

#include <stdio.h>

#include "report/number.h"

typedef struct outcome {
  const char *input;
  const emend_dataset *dataset;
  const emend_plan *plan;
  const emend_imputation *made;
} outcome;

typedef size_t (*cells_of)(const outcome *o, size_t variable);

static size_t broken_cells(const outcome *o, size_t v) { return emend_imputation_variable(o->made, v).broken; }
static size_t unanswered_cells(const outcome *o, size_t v) { return emend_plan_missing(o->plan, v).unanswered; }

/* "file: 6 cells were promised, but still missing: z 6" */
static void say_cells(terminal *t, const outcome *o, cells_of cells, const char *one, const char *many, const char *what) {
  char names[512] = "";
  number_text count;
  size_t used = 0, all = 0;
  for (size_t i = 0, p = emend_dataset_variables(o->dataset); i < p; i++) {
    size_t n = cells(o, i);
    all += n;
    if (n && used < sizeof names)
      used += (size_t)snprintf(names + used, sizeof names - used, "%s%s %s", used ? ", " : "", emend_variable_name(o->dataset, i),
                               number_count(n, count));
  }
  if (all)
    terminal_say(t, "%s: %s %s: %s", o->input, number_of(all, one, many, count), what, names);
}

void promise_judge(terminal *t, const char *input, const emend_dataset *dataset, const emend_plan *plan, const emend_imputation *made) {
  outcome o = {input, dataset, plan, made};
  say_cells(t, &o, broken_cells, "cell was", "cells were", "promised, but still missing");
  say_cells(t, &o, unanswered_cells, "cell stays", "cells stay", "missing, as nobody answered (--exclude)");
}
