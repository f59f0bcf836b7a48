/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/flag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "encode/plan.h"
#include "io/name_set.h"

static const emend_added_label flag_labels[] = {{0, "observed"}, {1, "imputed"}};

/* Bytes of the longest name that the file's format knows. */
static size_t longest_name(const emend_dataset *dataset) {
  enum { SPSS = 64, OTHERS = 32 };
  const char *format = emend_dataset_format(dataset);
  bool short_names = strcmp(format, "dta") == 0 || strcmp(format, "xpt") == 0 || strcmp(format, "sas7bdat") == 0;
  return short_names ? OTHERS : SPSS;
}

/* `name`, cut so that the suffix fits behind it. */
static char *join(const char *name, const char *suffix, size_t longest) {
  size_t length = strlen(name), room = longest - strlen(suffix);
  char *text = malloc((length < room ? length : room) + strlen(suffix) + 1);
  if (!text)
    return NULL;
  memcpy(text, name, length < room ? length : room);
  text[length < room ? length : room] = '\0';
  if (length > room)
    emend_utf8_trim(text);
  return strcat(text, suffix);
}

static char *choose_name(const char *name, size_t longest, name_set *taken) {
  char suffix[24] = "_imp";
  for (unsigned i = 2;; i++) {
    char *text = join(name, suffix, longest);
    if (!text || name_set_add(taken, text))
      return text;
    free(text);
    snprintf(suffix, sizeof suffix, "_imp%u", i);
  }
}

static emend_status add(emend_flags *flags, const emend_dataset *dataset, size_t variable, name_set *taken, emend_error *error) {
  const char *name = emend_variable_name(dataset, variable);
  char *flag = choose_name(name, longest_name(dataset), taken), *label = NULL;
  if (!flag || asprintf(&label, "%s was imputed", name) < 0) {
    free(flag);
    return emend_fail_memory(error);
  }
  flags->texts[flags->n_texts++] = flag;
  flags->texts[flags->n_texts++] = label;
  flags->of[flags->n] = variable;
  flags->added[flags->n++] = (emend_added_variable){.name = flag,
                                                    .label = label,
                                                    .storage = EMEND_STORAGE_I8,
                                                    .measure = EMEND_NOMINAL,
                                                    .labels = flag_labels,
                                                    .n_labels = sizeof flag_labels / sizeof *flag_labels};
  return EMEND_OK;
}

emend_status emend_flags_describe(const emend_plan *plan, emend_flags *flags, emend_error *error) {
  size_t n = plan->n_variables;
  name_set taken;
  if (!name_set_new(&taken, 2 * n, true))
    return emend_fail_memory(error);
  for (size_t v = 0; v < n; v++)
    name_set_add(&taken, emend_variable_name(plan->dataset, v));
  flags->added = emend_allocate(n, sizeof *flags->added);
  flags->of = emend_allocate(n, sizeof *flags->of);
  flags->texts = emend_allocate(n, 2 * sizeof *flags->texts);
  emend_status status = flags->added && flags->of && flags->texts ? EMEND_OK : emend_fail_memory(error);
  for (size_t v = 0; v < n && !status; v++)
    if (plan->variables[v].missing.fill > 0)
      status = add(flags, plan->dataset, v, &taken, error);
  name_set_free(&taken);
  return status;
}

const char *emend_flags_name(const emend_flags *flags, size_t variable) {
  size_t lo = 0, hi = flags->n;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (flags->of[middle] < variable)
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo < flags->n && flags->of[lo] == variable ? flags->added[lo].name : NULL;
}

void emend_flags_free(emend_flags *flags) {
  for (size_t i = 0; i < flags->n_texts; i++)
    free(flags->texts[i]);
  free(flags->texts), free(flags->added), free(flags->of);
  *flags = (emend_flags){0};
}
