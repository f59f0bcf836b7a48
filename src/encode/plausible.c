/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/plausible.h"

#include <math.h>
#include <string.h>

#include "encode/name.h"
#include "encode/phrases.h"

static bool says(const char *text, unsigned meanings) {
  for (size_t n; *text; text += n ? n : 1) {
    n = emend_name_word_length(text);
    if (n > 0 && emend_phrase_is(text, n, meanings))
      return true;
  }
  return false;
}

static bool says_percent(const char *text) { return strchr(text, '%') || says(text, EMEND_SAYS_PERCENT); }

/* Several answers of exactly this size, in rows that weigh something: an end at which they pile up, not the largest of them by chance. */
static bool pile_up(const emend_dataset *dataset, size_t variable, const double *weights, double end) {
  enum { SEVERAL = 3 };
  size_t n = 0;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset) && n < SEVERAL; row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++)
      n += run.reasons[i] == EMEND_OBSERVED && run.values[i] == end && (!weights || weights[row + i] > 0);
  }
  return n >= SEVERAL;
}

void emend_plausible_look(const emend_dataset *dataset, size_t variable, const double *weights, emend_planned *planned) {
  const char *name = emend_variable_name(dataset, variable), *label = emend_variable_label(dataset, variable);
  double min = planned->observed.weighing_min, max = planned->observed.weighing_max;
  planned->plausible_lo = min >= 0 ? 0 : -HUGE_VAL;
  planned->plausible_hi = max <= 0 ? 0 : HUGE_VAL;
  if (!(min >= 0 && max > 0))
    return;
  const char *picture = emend_dataset_text(dataset, emend_dataset_variable(dataset, variable)->picture); /* 12.5% */
  bool percent = says_percent(label) || says_percent(name) || strchr(picture, '%'), share = says(label, EMEND_SAYS_SHARE);
  if (max <= 100 && percent)
    planned->plausible_hi = 100;
  else if (max <= 1 && share)
    planned->plausible_hi = 1;
  else if (max == 100 && (share || pile_up(dataset, variable, weights, max)))
    planned->plausible_hi = 100;
}
