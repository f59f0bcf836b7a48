/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/job.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/model_file.h"
#include "cli/promise.h"
#include "cli/signals.h"
#include "report/groups.h"
#include "report/json_text.h"
#include "report/line.h"
#include "report/number.h"

bool job_begin(job *j) {
  terminal_begin(&j->terminal, j->arguments.quiet);
  j->error = emend_error_new();
  j->events = emend_events_new();
  if (j->events)
    emend_events_on_progress(j->events, terminal_progress, &j->terminal);
  return j->error && j->events;
}

void job_end(job *j) {
  emend_outputs_free(j->outputs);
  emend_imputation_free(j->imputation);
  emend_write_plan_free(j->writing);
  emend_write_options_free(j->write_options);
  emend_plan_free(j->plan);
  emend_normal_free(j->model);
  emend_mixture_free(j->mixture);
  if (j->file)
    emend_file_close(j->file);
  emend_normal_options_free(j->normal_options);
  emend_mixture_options_free(j->mixture_options);
  emend_method_options_free(j->method_options);
  emend_plan_options_free(j->plan_options);
  emend_read_options_free(j->read_options);
  emend_events_free(j->events);
  emend_error_free(j->error);
  recipe_free(&j->recipe);
}

emend_status job_set_options(job *j) {
  emend_status status = reading_options(&j->arguments.reading, &j->read_options, j->error);
  if (!status)
    emend_read_options_set_warn_of_codes(j->read_options, 0), emend_read_options_set_keep_tokens(j->read_options, 1); /* they are set aside, and that is said */
  if (!status)
    status = choosing_options(&j->arguments.choosing, &j->plan_options, j->error);
  if (!status) {
    /* a model has transforms of its own; a mixture cannot take an expectation back through one */
    emend_plan_options_set_choose_transforms(j->plan_options, !j->arguments.model && !j->arguments.mixing.components);
    emend_plan_options_set_choose_spikes(j->plan_options, !j->arguments.model && !j->arguments.mixing.components &&
                                                              j->arguments.method > 0); /* the first is the expectation */
    emend_plan_options_set_flags(j->plan_options, j->arguments.flags);
    emend_plan_options_set_threads(j->plan_options, (unsigned)j->arguments.threads);
  }
  if (!status)
    status = impute_normal_options(&j->arguments, &j->normal_options, j->error);
  if (!status)
    status = impute_method_options(&j->arguments, &j->method_options);
  if (!status)
    status = impute_mixture_options(&j->arguments, &j->mixture_options, j->error, j->message);
  if (!status)
    status = impute_write_options(&j->arguments, &j->write_options, j->error);
  return status;
}

/* Whether it can be written is asked before the estimation. A dry run that names no output is about the input's own format, or else CSV. */
emend_status job_choose_way(job *j) {
  const impute_arguments *a = &j->arguments;
  bool open = !a->output && a->to < 0;
  emend_status status = emend_write_plan_new(j->file, j->plan, a->output ? a->output : "-", j->write_options, &j->writing, j->error);
  if (status == EMEND_UNSUPPORTED && open) {
    emend_error_clear(j->error);
    status = emend_write_options_set_format(j->write_options, "csv", j->error);
    if (!status)
      status = emend_write_plan_new(j->file, j->plan, "-", j->write_options, &j->writing, j->error);
  }
  j->report.writing = j->writing;
  return status;
}

emend_status job_read(job *j) {
  const impute_arguments *a = &j->arguments;
  report *r = &j->report;
  double began = terminal_clock();
  emend_status status = a->model ? model_file_read(a->model, &j->model, &j->mixture, j->error, j->message) : EMEND_OK;
  if (!status)
    status = emend_file_read(j->input, j->read_options, j->events, &j->file, j->error);
  r->seconds_read = terminal_clock() - began;
  if (status)
    return status;
  r->input = emend_file_name(j->file);
  r->dataset = emend_file_dataset(j->file);
  r->events = j->events;
  r->model_file = a->model;
  r->keeps_model = a->save_model != NULL;
  r->output = a->output;
  r->missing_tokens = a->reading.missing.items;
  r->missing_of = a->reading.missing.sections;
  r->n_missing_tokens = a->reading.missing.count;
  return EMEND_OK;
}

static emend_status open_one(job *j, const char *path, emend_output **output) {
  return path ? emend_outputs_open(j->outputs, path, j->arguments.force, output, j->error) : EMEND_OK;
}

/* Before the estimation: that an output cannot be written is better heard before an hour's work than after it. */
emend_status job_open_outputs(job *j) {
  const impute_arguments *a = &j->arguments;
  const char *json = a->json && strcmp(a->json, "-") != 0 ? a->json : NULL;
  bool write = !a->dry_run;
  j->outputs = emend_outputs_new();
  if (!j->outputs)
    return EMEND_OUT_OF_MEMORY;
  emend_status status = emend_outputs_protect(j->outputs, j->file, j->error);
  if (!status && a->model)
    status = emend_outputs_protect_path(j->outputs, a->model, j->error);
  if (!status && write)
    status = open_one(j, a->output, &j->data);
  if (!status && a->recipe)
    status = emend_outputs_protect_path(j->outputs, a->recipe, j->error);
  if (!status)
    status = open_one(j, a->write_recipe, &j->recipe_file);
  if (!status && write)
    status = open_one(j, a->audit, &j->audit);
  if (!status && write)
    status = open_one(j, a->save_model, &j->saved_model);
  return status ? status : open_one(j, json, &j->json);
}

/* What the model knows decides about types, before a plan looks at what may be a few rows. */
static emend_status tell_model(job *j) {
  size_t n = j->model ? emend_normal_columns(j->model) : j->mixture ? emend_mixture_columns(j->mixture) : 0;
  const char **names = n > 0 ? malloc(n * sizeof *names) : NULL;
  if (n == 0)
    return EMEND_OK;
  if (!names)
    return EMEND_OUT_OF_MEMORY;
  for (size_t i = 0; i < n; i++)
    names[i] = j->model ? emend_normal_name(j->model, i) : emend_mixture_name(j->mixture, i);
  emend_status status = emend_plan_options_set_model_columns(j->plan_options, names, n, j->error);
  free(names);
  return status;
}

emend_status job_make_plan(job *j) {
  j->planning = true;
  if (j->mixture && j->arguments.choosing.by) {
    snprintf(j->message, sizeof j->message, "--by estimates a model for each group; with a mixture, --components K in place of --model");
    return EMEND_INVALID_ARGUMENT;
  }
  emend_status status = recipe_check(&j->recipe, impute_options, j->report.dataset, j->error);
  if (!status)
    status = reading_declare(&j->arguments.reading, j->file, j->events, j->error);
  if (!status)
    status = choosing_set_aside(&j->arguments.choosing, j->file, j->events, j->error);
  if (!status)
    status = tell_model(j);
  if (!status)
    status = emend_plan_new(j->report.dataset, j->plan_options, j->events, &j->plan, j->error);
  if (status == EMEND_INVALID_ARGUMENT)
    recipe_place(&j->recipe, impute_options, j->report.dataset, j->report.input, j->error, j->message);
  j->planning = status != EMEND_OK;
  j->report.plan = j->plan;
  return status ? status : emend_plan_adopt(j->plan, j->model, j->mixture, j->events, j->error);
}

emend_status job_impute(job *j) {
  emend_status status = j->mixture || j->mixture_options
                            ? emend_impute_mixture(j->plan, j->mixture, j->mixture_options, j->events, &j->imputation, j->error)
                            : emend_impute_by(j->plan, j->model, j->normal_options, j->method_options, j->events, &j->imputation, j->error);
  j->report.imputation = j->imputation;
  return status;
}

char *job_json(job *j, size_t *length) {
  return json_document(report_json(&j->report, option_echo(impute_options, &j->arguments), j->status), length);
}

static emend_status write_json(job *j) {
  size_t length;
  char *text = job_json(j, &length);
  emend_status status = text ? emend_output_write(j->json, text, length, j->error) : EMEND_OUT_OF_MEMORY;
  free(text);
  return status;
}

static emend_status write_recipe(job *j) {
  text_line text;
  if (!line_open(&text))
    return EMEND_OUT_OF_MEMORY;
  recipe_write(impute_options, &j->arguments, &j->report, text.stream);
  emend_status status = line_close(&text) ? emend_output_write(j->recipe_file, text.text, text.length, j->error) : EMEND_OUT_OF_MEMORY;
  free(text.text);
  return status;
}

static bool is_incomplete(const report *r) {
  return report_broken(r) || emend_plan_unanswered(r->plan) > 0 || (!r->model_file && !report_converged(r)) || !report_groups_converged(r);
}

emend_status job_write(job *j) {
  double began = terminal_clock() - j->report.seconds_write; /* that preparing it took */
  emend_status status = EMEND_OK;
  j->status = j->imputation && is_incomplete(&j->report) ? EXIT_INCOMPLETE : EXIT_DONE;
  if (j->data)
    status = emend_write(j->writing, j->imputation, j->data, j->events, j->error);
  if (!status && j->audit)
    status = report_audit(&j->report, j->audit, j->error);
  if (!status && j->saved_model)
    status = report_mixture(&j->report)
                 ? model_file_write_mixture(report_mixture(&j->report), j->saved_model, j->error)
                 : model_file_write(report_model(&j->report), j->report.input, j->saved_model, j->error, j->message);
  if (!status && j->recipe_file)
    status = write_recipe(j);
  j->report.seconds_write = terminal_clock() - began;
  if (!status && j->json)
    status = write_json(j);
  if (!status && signals_pending())
    status = EMEND_CANCELLED;
  if (!status)
    status = emend_outputs_publish(j->outputs, j->error);
  j->report.seconds_write = terminal_clock() - began; /* with what the report in JSON, itself one of the outputs, cannot know of */
  return status;
}

/* It gave up at the limit on iterations, or before it where rounding lets it come no nearer. */
static void say_not_converged(job *j) {
  const emend_normal *m = report_model(&j->report);
  const emend_mixture *mixture = report_mixture(&j->report);
  size_t n = mixture ? emend_mixture_iterations(mixture) : emend_normal_iterations(m);
  double left = mixture ? emend_mixture_distance(mixture) : emend_normal_distance(m);
  number_text iterations;
  char remedy[64], distance[32] = "an unknown distance";
  if (!isnan(left))
    snprintf(distance, sizeof distance, "about %.1e sd", left);
  if (n >= (size_t)j->arguments.max_iterations)
    snprintf(remedy, sizeof remedy, "--max-iterations=%zu%s", 10 * n, mixture ? "" : ", or --prior=ridge");
  else
    snprintf(remedy, sizeof remedy, "a larger --tolerance%s", mixture ? "" : ", or --prior=ridge");
  terminal_say(&j->terminal, "%s: EM did not converge: after %s it is %s from its limit (tolerance %g); try %s", j->report.input,
               number_of(n, "iteration", "iterations", iterations), distance, j->arguments.tolerance, remedy);
}

int job_judge(job *j) {
  promise_judge(&j->terminal, j->report.input, j->report.dataset, j->report.plan, j->report.imputation);
  if (!j->report.model_file && !report_converged(&j->report))
    say_not_converged(j);
  else if (!report_groups_converged(&j->report))
    terminal_say(&j->terminal, "%s: EM did not converge in every group; try --max-iterations=%" PRId64, j->report.input,
                 10 * j->arguments.max_iterations);
  return j->status;
}
