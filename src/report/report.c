/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/report.h"

#include <string.h>

#include "report/number.h"

const char *report_way(const emend_write_plan *writing) {
  const char *way = emend_write_plan_way(writing);
  if (strcmp(way, "patch") == 0)
    return "patched: the input's own bytes, only the filled cells replaced";
  if (strcmp(way, "rebuild") == 0)
    return "rebuilt: laid out anew in the input's format";
  return "converted: written anew in another format";
}

const emend_normal *report_model(const report *r) { return r->imputation ? emend_imputation_model(r->imputation) : NULL; }

const emend_mixture *report_mixture(const report *r) { return r->imputation ? emend_imputation_mixture(r->imputation) : NULL; }

bool report_broken(const report *r) { return r->imputation && emend_imputation_broken(r->imputation) > 0; }

bool report_converged(const report *r) {
  const emend_normal *model = report_model(r);
  if (report_mixture(r))
    return emend_mixture_converged(report_mixture(r));
  return !model || emend_normal_converged(model);
}

const char *report_prior_name(emend_prior prior) {
  static const char *const names[] = {
      [EMEND_PRIOR_NONE] = "none",     [EMEND_PRIOR_JEFFREYS] = "jeffreys", [EMEND_PRIOR_RIDGE] = "ridge",
      [EMEND_PRIOR_SHRINK] = "shrink", [EMEND_PRIOR_GIVEN] = "given",
  };
  return (size_t)prior < sizeof names / sizeof *names ? names[prior] : "unknown";
}

const char *report_code(double value, emend_reason reason, char *text) {
  if (reason >= EMEND_TAG_A && reason <= EMEND_TAG_Z)
    return strcpy(text, (char[]){'.', (char)('a' + (reason - EMEND_TAG_A)), '\0'});
  if (reason == EMEND_TAG_UNDERSCORE)
    return strcpy(text, "._");
  if (reason == EMEND_SYSTEM_MISSING)
    return strcpy(text, ".");
  return number_exact(value, text);
}

ptrdiff_t report_id(const report *r) {
  ptrdiff_t id = emend_plan_id(r->plan), complete = -1;
  size_t n = emend_plan_count(r->plan, EMEND_ROLE_ID), n_complete = 0;
  for (size_t v = 0; id < 0 && v < emend_dataset_variables(r->dataset) && n > 0; v++) {
    if (emend_plan_role(r->plan, v) != EMEND_ROLE_ID)
      continue;
    if (n == 1)
      return (ptrdiff_t)v;
    if (emend_plan_missing(r->plan, v).observed == emend_dataset_rows(r->dataset))
      n_complete++, complete = (ptrdiff_t)v;
  }
  return n_complete == 1 ? complete : id;
}

const char *report_code_name(const emend_code *code, char *text) {
  return code->text ? code->text : report_code(code->value, code->reason, text);
}

_Static_assert((int)NUMBER_SIZE >= (int)EMEND_DATE_TEXT, "room for every date");

const char *report_code_or_date(const report *r, size_t variable, const emend_code *code, char *text) {
  bool date = code->reason == EMEND_USER_MISSING && emend_variable_date_text(r->dataset, variable, code->value, text) > 0;
  return date ? text : report_code_name(code, text);
}
