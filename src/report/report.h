/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "emend/emend.h"
#include "report/columns.h"

/* A finished run, or a planned one, as the reports see it. Nothing is owned. The reports compute nothing but totals of counts. */
typedef struct report {
  const char *input;         /* as in messages */
  const char *output;        /* path, "-", or NULL if none was named */
  const emend_write_plan *writing; /* how the output is, or would be, written */
  const char *model_file;    /* of --model, or NULL */
  bool keeps_model;          /* by --save-model */
  const emend_dataset *dataset;
  const emend_plan *plan;
  const emend_imputation *imputation; /* NULL: planned only */
  const emend_events *events;         /* for the warnings */
  const char *const *missing_tokens; /* beside the default list: as given, each perhaps several at commas */
  const char *const *missing_of; /* the variables of each, or NULL: all */
  size_t n_missing_tokens;
  double seconds_read, seconds_plan, seconds_write;
  text_page page;
} report;

/* Behind `before`: between what the imputed numbers of a variable lie, "at least 0". False, and nothing, if they may be any. */
bool report_bounds_text(const report *report, size_t variable, const char *before, FILE *out);
/* "patch" in words. */
const char *report_way(const emend_write_plan *writing);
/* True if the variable is widened in the Stata file that is written: the names of its types. */
bool report_recast(const report *report, size_t variable, const char **from, const char **to);
/* "Recast  age byte -> double, ..."; nothing if no variable is widened. False when out of memory. */
bool report_recast_text(const report *report, size_t label_width, FILE *out);
/* What the output will not say, a line each; nothing if nothing is lost. */
void report_losses_text(const emend_write_plan *writing, text_page page, FILE *out);
json_t *report_losses_json(const emend_write_plan *writing);
/* The model of a finished run, a normal or a mixture; NULL if there is none. */
const emend_normal *report_model(const report *report);
const emend_mixture *report_mixture(const report *report);
/* A finished run: is something that was promised not so? */
bool report_broken(const report *report);
bool report_converged(const report *report); /* true too where nothing had to converge */
const char *report_prior_name(emend_prior prior);

/* Text for people; the same for the same data and page. Returns false when out of memory. */
bool report_plan_text(const report *report, FILE *out);
bool report_summary_text(const report *report, FILE *out);
/* The warnings of a run, under a heading if there are any. */
void report_warnings_text(const emend_events *events, text_page page, FILE *out);
/* "completed.sav: sav, patched: ..." */
void report_output_text(const char *output, const emend_write_plan *writing, text_page page, FILE *out);
/* What follows the label EM: iterations, and how far the limit is (NaN: not known). */
void report_convergence_text(size_t iterations, bool converged, double distance, FILE *out);
void report_seconds_text(const report *report, FILE *out);

/* The JSON document (docs/json.md). `options` is taken over. NULL when out of memory. */
json_t *report_json(const report *report, json_t *options, int status);

/* CSV of every changed cell: row,id,variable,old,new. */
emend_status report_audit(const report *report, emend_output *output, emend_error *error);

/* A missing code as people write it: "98", ".a", "." for system-missing. `text` has room for a number_text. */
const char *report_code(double value, emend_reason reason, char *text);
/* The same of a code of the plan, which may be a text. */
const char *report_code_name(const emend_code *code, char *text);

/* The same, of a date or time variable the date. */
const char *report_code_or_date(const report *r, size_t variable, const emend_code *code, char *text);

/* The variable that identifies rows in the audit: that of --id, or else the only identifier that was recognised; -1 if there is none. */
ptrdiff_t report_id(const report *r);

#endif
