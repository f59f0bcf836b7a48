/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/paradata.h"

#include <string.h>

#include "base/text.h"
#include "encode/name.h"
#include "encode/phrases.h"

const char emend_why_paradata[] = "about the interview, as survey services add it: left as it is (--vars takes it in)";
const char emend_why_blank_paradata[] = "about the interview, as survey services add it: nobody answered it";

/* Services know these of everybody, or nearly. */
static bool is_hardly_missing(const emend_plan *plan, size_t v) {
  enum { ROWS = 20 };
  size_t rows = emend_dataset_rows(plan->dataset), n = plan->variables[v].observed.n;
  return n > 0 && ROWS * (rows - n) <= rows;
}

static bool is_named(const emend_plan *plan, size_t v, const char *name) {
  const char *own = emend_variable_name(plan->dataset, v);
  return emend_ascii_equal(own, name);
}

static bool is_number(const emend_plan *plan, size_t v) { return emend_variable_get_kind(plan->dataset, v) == EMEND_NUMERIC; }

/* Percent, and somebody came to the end. */
static bool is_progress(const emend_plan *plan, size_t v) {
  const emend_observed *o = &plan->variables[v].observed;
  return is_named(plan, v, "progress") && is_number(plan, v) && is_hardly_missing(plan, v) && o->integers && o->min >= 0 && o->max == 100;
}

static bool is_finished(const emend_plan *plan, size_t v) {
  size_t n = plan->variables[v].categories.n;
  return is_named(plan, v, "finished") && is_hardly_missing(plan, v) && n >= 1 && n <= 2;
}

static bool is_surely_added(const emend_plan *plan, size_t v) {
  return emend_name_is_joined(emend_variable_name(plan->dataset, v), EMEND_NAMES_SERVICE);
}

/* Q12Time, groupTime3: LimeSurvey's, beside its interviewtime. */
static bool is_time_of_page(const emend_plan *plan, size_t v) {
  const char *name = emend_variable_name(plan->dataset, v), *at = strstr(name, "Time");
  return is_number(plan, v) && at && at > name && !at[4 + strspn(at + 4, "0123456789")];
}

/* What nobody wrote beside "other": Q4_other, Q4[other], Q4_7_TEXT. */
static bool is_blank_other(const emend_plan *plan, size_t v) {
  static const char *const ends[] = {"_other", "[other]", "_text"};
  const char *name = emend_variable_name(plan->dataset, v);
  size_t length = strlen(name);
  bool named = false;
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    size_t n = strlen(ends[i]);
    named = named || (length > n && emend_ascii_equal(name + length - n, ends[i]));
  }
  return named && plan->variables[v].observed.n == 0;
}

/* The values of a service's column; or none: services keep columns for what nobody gave them, a name, an address. */
static bool fits(const emend_plan *plan, size_t v) {
  const emend_observed *o = &plan->variables[v].observed;
  if (o->n == 0)
    return true;
  if (is_named(plan, v, "progress"))
    return is_progress(plan, v);
  if (is_named(plan, v, "finished"))
    return is_finished(plan, v);
  return is_hardly_missing(plan, v) && (!is_number(plan, v) || o->min >= 0);
}

void emend_paradata_find(const emend_plan *plan, unsigned char *paradata) {
  bool sure = false, progress = false, finished = false, times = false;
  for (size_t v = 0; v < plan->n_variables; v++) {
    paradata[v] = is_surely_added(plan, v);
    sure = sure || paradata[v];
    times = times || is_named(plan, v, "interviewtime");
    progress = progress || is_progress(plan, v), finished = finished || is_finished(plan, v);
  }
  if (!sure && !(progress && finished))
    return;
  for (size_t v = 0; v < plan->n_variables; v++) {
    bool named = emend_name_is_joined(emend_variable_name(plan->dataset, v), EMEND_NAMES_SERVICE_UNSURE);
    paradata[v] = paradata[v] || is_blank_other(plan, v) || (named && fits(plan, v)) || (times && is_time_of_page(plan, v));
  }
}
