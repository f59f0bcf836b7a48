/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/skip_branch.h"

/* Whether two variables are observed together in any row at all. */
static bool share_a_row(const emend_dataset *dataset, size_t a, size_t b) {
  emend_run x, y;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += x.n) {
    x = emend_dataset_run(dataset, a, row), y = emend_dataset_run(dataset, b, row);
    for (size_t i = 0; i < x.n; i++)
      if (x.reasons[i] == EMEND_OBSERVED && y.reasons[i] == EMEND_OBSERVED)
        return true;
  }
  return false;
}

/* Whether any other variable of the model is observed in a row together with this one: first of those looked at, then of all. */
static bool has_company(const skip_rows *s, size_t v) {
  bool all = s->step == 1;
  for (int look = 0; look < (all ? 1 : 2); look++)
    for (size_t u = 0; u < s->plan->n_variables; u++) {
      if (u == v || s->plan->variables[u].n_columns == 0 || !s->seen[u])
        continue;
      if (look == 0 ? !skip_share_few(s, s->seen[u], s->seen[v], 0) : share_a_row(s->plan->dataset, u, v))
        return true;
    }
  return false;
}

bool skip_is_branch(const skip_rows *s, size_t v) {
  enum { FEWEST = 10 };
  size_t n_columns = 0;
  for (size_t u = 0; u < s->plan->n_variables; u++)
    n_columns += s->plan->variables[u].n_columns > 0;
  return n_columns > 1 && s->plan->variables[v].observed.n >= FEWEST && !has_company(s, v);
}
