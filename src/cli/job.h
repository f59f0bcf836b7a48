/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include "cli/impute_options.h"
#include "cli/recipe_options.h"
#include "cli/terminal.h"
#include "emend/emend.h"
#include "report/report.h"

/* One run of `emend impute`: everything it holds, from the arguments to the outputs. */
typedef struct job {
  impute_arguments arguments;
  recipe recipe; /* of --recipe: the arguments refer to it */
  const char *input;
  terminal terminal;
  emend_error *error;     /* what the library says went wrong */
  option_message message; /* what the program says went wrong; "" if it is the library */
  emend_events *events;
  emend_read_options *read_options;
  emend_plan_options *plan_options;
  emend_normal_options *normal_options;
  emend_method_options *method_options;
  emend_mixture_options *mixture_options; /* NULL without --components */
  emend_normal *model;    /* of --model; or */
  emend_mixture *mixture;
  emend_file *file;
  emend_plan *plan;
  emend_write_options *write_options;
  emend_write_plan *writing;
  emend_imputation *imputation;
  emend_outputs *outputs;
  emend_output *data, *audit, *json, *saved_model, *recipe_file; /* of `outputs`; NULL where not asked for */
  report report;
  bool planning; /* the plan is being made: a name that the file does not have is wrong usage */
  bool placing;  /* an output is looked for */
  int status;    /* the exit status, once known */
} job;

bool job_begin(job *job); /* false when out of memory */
void job_end(job *job);

/* The steps. Each returns EMEND_OK, or fills job->error or job->message. */
emend_status job_set_options(job *job);
emend_status job_read(job *job);
emend_status job_open_outputs(job *job);
emend_status job_make_plan(job *job);
emend_status job_choose_way(job *job);
emend_status job_impute(job *job);
/* Writes every output and lets all appear. */
emend_status job_write(job *job);
/* After the work: is a promise not kept? Says so on stderr and gives the exit status. */
int job_judge(job *job);
/* The JSON document as text; the caller frees it. NULL when out of memory. */
char *job_json(job *job, size_t *length);

#endif
