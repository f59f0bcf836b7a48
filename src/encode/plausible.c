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

void emend_plausible_look(const emend_dataset *dataset, size_t variable, emend_planned *planned) {
  const char *name = emend_variable_name(dataset, variable), *label = emend_variable_label(dataset, variable);
  double min = planned->observed.weighing_min, max = planned->observed.weighing_max;
  planned->plausible_lo = min >= 0 ? 0 : -HUGE_VAL;
  planned->plausible_hi = max <= 0 ? 0 : HUGE_VAL;
  if (!(min >= 0 && max > 0))
    return;
  bool percent = says_percent(label) || says_percent(name);
  if (max == 100 || (max < 100 && percent))
    planned->plausible_hi = 100;
  else if (max <= 1 && says(label, EMEND_SAYS_SHARE))
    planned->plausible_hi = 1;
}
