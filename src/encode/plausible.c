/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/plausible.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "encode/name.h"

static const char *const percentages[] = {"percent", "percentage", "pct", "prozent", "pourcentage", "porcentaje", NULL};
static const char *const shares[] = {"share", "proportion", "fraction", "anteil", NULL};

static bool says(const char *text, const char *const *words) {
  for (size_t n; *text; text += n ? n : 1) {
    n = emend_name_word_length(text);
    for (const char *const *word = words; n > 0 && *word; word++)
      if (emend_ascii_equal_n(text, n, *word, strlen(*word)))
        return true;
  }
  return false;
}

static bool says_percent(const char *text) { return strchr(text, '%') || says(text, percentages); }

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
  else if (max <= 1 && says(label, shares))
    planned->plausible_hi = 1;
}
