/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cluster_job.h"

#include <stdlib.h>
#include <string.h>

#include "cli/model_file.h"
#include "cli/promise.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "report/cluster.h"
#include "report/json_text.h"
#include "report/line.h"
#include "report/number.h"

/* One run, from the arguments to the outputs. */
typedef struct job {
  const command *command;
  const cluster_arguments *arguments;
  const recipe *recipe;
  session session;
  option_message message; /* what the program says went wrong; "" if it is the library */
  bool asked;             /* what was asked for is not in the file, or makes no sense: wrong usage */
  emend_mixture *model;   /* of `emend predict` */
  emend_mixture_options *mixture_options;
  emend_plan_options *plan_options;
  emend_write_options *write_options;
  emend_file *file;
  emend_plan *plan;
  emend_clustering *clustering;
  emend_write_plan *writing;
  emend_outputs *outputs;
  emend_output *data, *json, *saved_model; /* of `outputs`; NULL where not asked for */
  cluster_report report;
  int status;
} job;

bool cluster_check(const cluster_arguments *a, option_message message) {
  const char *wrong = NULL;
  if (is_dash(a->output) && is_dash(a->json))
    wrong = "with -o - standard output carries only the data; write --json=FILE";
  else if (is_dash(a->save_model))
    wrong = "--save-model needs the name of a file";
  else if (!a->output && (a->complete || a->probabilities))
    wrong = "--complete and --probabilities are about the file that is written: name it with -o";
  if (wrong)
    strcpy(message, wrong);
  return !wrong;
}

static emend_status set_options(job *j) {
  const cluster_arguments *a = j->arguments;
  emend_status status = choosing_options(&a->choosing, &j->plan_options, j->session.error);
  if (!status) { /* clusters by categories are for those who ask for them (--nominal) */
    emend_plan_options_set_scores_only(j->plan_options, 1);
    emend_plan_options_set_threads(j->plan_options, (unsigned)a->control.threads);
  }
  if (!status && !j->report.model_file)
    status = mixing_options(&a->mixing, &a->control, &j->mixture_options, j->session.error, j->message);
  if (!status && !(j->write_options = emend_write_options_new()))
    status = EMEND_OUT_OF_MEMORY;
  if (!status) {
    emend_write_options_set_strict(j->write_options, a->strict);
    emend_write_options_set_rewrite(j->write_options, a->rewrite);
    status = emend_write_options_set_format(j->write_options, reading_format(a->to), j->session.error);
  }
  j->asked = status == EMEND_INVALID_ARGUMENT;
  return status;
}

static emend_status read_input(job *j, const char *input) {
  double began = terminal_clock();
  emend_status status =
      j->report.model_file ? model_file_read_mixture(j->report.model_file, &j->model, j->session.error, j->message) : EMEND_OK;
  if (!status)
    j->session.sets_aside = true;
  if (!status)
    status = session_read(&j->session, &j->arguments->reading, input, &j->file);
  j->report.seconds_read = terminal_clock() - began;
  if (status)
    return status;
  j->report.input = emend_file_name(j->file);
  j->report.dataset = emend_file_dataset(j->file);
  return EMEND_OK;
}

static emend_status open_one(job *j, const char *path, emend_output **output) {
  return path ? emend_outputs_open(j->outputs, path, j->arguments->force, output, j->session.error) : EMEND_OK;
}

/* Before the estimation: that an output cannot be written is better heard before the work than after it. */
static emend_status open_outputs(job *j) {
  const cluster_arguments *a = j->arguments;
  j->outputs = emend_outputs_new();
  if (!j->outputs)
    return EMEND_OUT_OF_MEMORY;
  emend_status status = emend_outputs_protect(j->outputs, j->file, j->session.error);
  if (!status && j->report.model_file)
    status = emend_outputs_protect_path(j->outputs, j->report.model_file, j->session.error);
  if (!status)
    status = open_one(j, a->output, &j->data);
  if (!status)
    status = open_one(j, a->save_model, &j->saved_model);
  return status ? status : open_one(j, is_dash(a->json) ? NULL : a->json, &j->json);
}

static emend_status plan_writing(job *j) {
  emend_write_plan_free(j->writing);
  j->writing = NULL;
  emend_status status = j->data ? emend_clustering_write_plan_new(j->file, j->clustering, j->arguments->output, j->write_options,
                                                                  &j->writing, j->session.error)
                                : EMEND_OK;
  j->report.writing = j->writing;
  return status;
}

static bool has_variable(const emend_dataset *dataset, const char *name) {
  for (size_t v = 0; v < emend_dataset_variables(dataset); v++)
    if (strcmp(emend_variable_name(dataset, v), name) == 0)
      return true;
  return false;
}

/* A kept mixture says by the names of its columns, like region=3, which variables it knows as categories. */
static emend_status use_models_categories(job *j) {
  text_line list;
  size_t count = 0;
  if (!j->model)
    return EMEND_OK;
  if (!line_open(&list))
    return EMEND_OUT_OF_MEMORY;
  for (size_t i = 0; i < emend_mixture_columns(j->model); i++) {
    const char *name = emend_mixture_name(j->model, i), *equals = strchr(name, '=');
    if (!equals || has_variable(j->report.dataset, name))
      continue;
    char *variable = strndup(name, (size_t)(equals - name));
    if (variable && has_variable(j->report.dataset, variable))
      fprintf(list.stream, "%s`%s`", count++ ? "," : "", variable);
    free(variable);
  }
  line_close(&list);
  emend_status status = !list.text ? EMEND_OUT_OF_MEMORY
                        : count    ? emend_plan_options_set_type(j->plan_options, EMEND_TYPE_NOMINAL, list.text, j->session.error)
                                   : EMEND_OK;
  free(list.text);
  return status;
}

static emend_status make_plan(job *j) {
  const cluster_arguments *a = j->arguments;
  emend_status status = recipe_check(j->recipe, j->command->options, j->report.dataset, j->session.error);
  if (!status)
    status = use_models_categories(j);
  if (!status)
    status = choosing_set_aside(&a->choosing, j->file, j->session.events, j->session.error);
  if (!status)
    status = emend_plan_new(j->report.dataset, j->plan_options, j->session.events, &j->plan, j->session.error);
  if (!status)
    status = emend_clustering_new(j->plan, a->name, &j->clustering, j->session.error);
  j->asked = status == EMEND_INVALID_ARGUMENT;
  if (!status)
    status = emend_plan_adopt(j->plan, NULL, j->model, j->session.events, j->session.error);
  if (status)
    return status;
  emend_clustering_set_probabilities(j->clustering, a->probabilities);
  emend_clustering_set_complete(j->clustering, a->complete);
  j->report.clustering = j->clustering;
  return plan_writing(j);
}

static emend_status assign(job *j) {
  emend_status status = j->model ? emend_clustering_predict(j->clustering, j->model, j->session.events, j->session.error)
                                 : emend_clustering_fit(j->clustering, j->mixture_options, j->session.events, j->session.error);
  return status ? status : plan_writing(j);
}

/* A saved estimate is not judged again. */
static int judge(const job *j) {
  const emend_imputation *made = emend_clustering_imputation(j->clustering);
  bool kept = !made || (emend_imputation_broken(made) == 0 && emend_plan_unanswered(j->plan) == 0);
  return kept && (j->model || emend_mixture_converged(emend_clustering_mixture(j->clustering))) ? EXIT_DONE : EXIT_INCOMPLETE;
}

static emend_status write_json(job *j) {
  size_t length;
  char *text = json_document(cluster_json(&j->report, option_echo(j->command->options, j->arguments), j->status), &length);
  emend_status status = text ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  if (text && j->json)
    status = emend_output_write(j->json, text, length, j->session.error);
  else if (text)
    fwrite(text, 1, length, stdout);
  free(text);
  return status;
}

static emend_status write_outputs(job *j) {
  double began = terminal_clock() - j->report.seconds_write; /* that opening them took */
  emend_status status =
      j->data ? emend_clustering_write(j->writing, j->clustering, j->data, j->session.events, j->session.error) : EMEND_OK;
  if (!status && j->saved_model)
    status = model_file_write_mixture(emend_clustering_mixture(j->clustering), j->saved_model, j->session.error);
  j->report.seconds_write = terminal_clock() - began;
  j->status = judge(j);
  if (!status && j->json)
    status = write_json(j);
  if (!status && signals_pending())
    status = EMEND_CANCELLED;
  if (!status)
    status = emend_outputs_publish(j->outputs, j->session.error);
  j->report.seconds_write = terminal_clock() - began; /* with what the report in JSON, itself one of the outputs, cannot know of */
  return status;
}

static emend_status work(job *j, const char *input) {
  emend_status status = set_options(j);
  if (!status)
    status = read_input(j, input);
  double began = terminal_clock();
  if (!status)
    status = open_outputs(j);
  double opened = terminal_clock();
  j->report.seconds_write = opened - began;
  if (!status)
    status = make_plan(j);
  j->report.seconds_plan = terminal_clock() - opened;
  if (!status)
    status = assign(j);
  return status ? status : write_outputs(j);
}

static void print_warnings(job *j) {
  for (size_t i = 0, n = emend_events_warning_count(j->session.events); i < n && !j->arguments->quiet; i++)
    terminal_say(&j->session.terminal, "warning: %s", emend_events_warning(j->session.events, i));
}

static int fail(job *j, emend_status status) {
  if (j->message[0] && j->asked)
    return command_usage_error(j->command->name, "%s", j->message);
  print_warnings(j);
  if (j->message[0])
    terminal_say(&j->session.terminal, "%s", j->message);
  else
    session_complain(&j->session, status);
  return j->asked ? EXIT_USAGE : EXIT_FAILED;
}

static bool render_text(const void *report, FILE *out) { return cluster_text(report, out); }

static void say_status(job *j) {
  const emend_imputation *made = emend_clustering_imputation(j->clustering);
  const emend_mixture *m = emend_clustering_mixture(j->clustering);
  number_text iterations;
  if (made)
    promise_judge(&j->session.terminal, j->report.input, j->report.dataset, j->plan, made);
  if (!j->model && !emend_mixture_converged(m))
    terminal_say(&j->session.terminal, "%s: EM did not converge after %s (tolerance %g); try --max-iterations or --ridge", j->report.input,
                 number_of(emend_mixture_iterations(m), "iteration", "iterations", iterations), j->arguments->control.tolerance);
}

/* Text goes to stderr where stdout is the data's. */
static int succeed(job *j) {
  const cluster_arguments *a = j->arguments;
  terminal_clear(&j->session.terminal);
  bool done = true;
  FILE *to = is_dash(a->output) ? stderr : stdout;
  j->report.page = session_page(to);
  if (is_dash(a->json))
    done = write_json(j) == EMEND_OK;
  else if (!a->quiet)
    done = session_print(render_text, &j->report, to);
  if (!done) {
    terminal_say(&j->session.terminal, "out of memory for the report; the outputs are complete");
    return EXIT_FAILED;
  }
  if (is_dash(a->json))
    print_warnings(j);
  fflush(stdout);
  if (!a->quiet)
    cluster_seconds_text(&j->report, stderr);
  say_status(j);
  return command_close_stdout(j->status);
}

static void job_end(job *j) {
  emend_outputs_free(j->outputs);
  emend_write_plan_free(j->writing);
  emend_clustering_free(j->clustering);
  emend_plan_free(j->plan);
  emend_file_close(j->file);
  emend_write_options_free(j->write_options);
  emend_plan_options_free(j->plan_options);
  emend_mixture_options_free(j->mixture_options);
  emend_mixture_free(j->model);
  session_end(&j->session);
}

int cluster_job_run(const command *c, const cluster_arguments *a, const recipe *recipe, const char *model, const char *input) {
  job j = {.command = c, .arguments = a, .recipe = recipe};
  if (!session_begin(&j.session, a->quiet))
    return EXIT_FAILED;
  j.report = (cluster_report){.command = c->name,
                              .output = a->output,
                              .model_file = model,
                              .events = j.session.events,
                              .criterion = (emend_criterion)a->mixing.select};
  emend_status status = work(&j, input);
  int result = status ? fail(&j, status) : succeed(&j);
  job_end(&j);
  return result;
}
