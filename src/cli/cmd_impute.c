/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/job.h"
#include "cli/recipe_options.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "report/columns.h"

static bool render_plan(const void *r, FILE *out) { return report_plan_text(r, out); }
static bool render_summary(const void *r, FILE *out) { return report_summary_text(r, out); }

static bool print_json(job *j) {
  size_t length;
  char *text = job_json(j, &length);
  if (text)
    fwrite(text, 1, length, stdout);
  free(text);
  return text != NULL;
}

/* What goes to stdout in the end (to stderr where stdout is the data's). */
static bool print_results(job *j) {
  const impute_arguments *a = &j->arguments;
  bool data_on_stdout = !a->dry_run && strcmp(a->output, "-") == 0;
  if (a->json && strcmp(a->json, "-") == 0)
    return print_json(j);
  FILE *to = data_on_stdout ? stderr : stdout;
  j->report.page = session_page(to);
  if (a->dry_run)
    return session_print(render_plan, &j->report, to);
  return a->quiet || session_print(render_summary, &j->report, to);
}

/* Warnings that no summary shows. */
static void print_warnings(job *j) {
  for (size_t i = 0, n = emend_events_warning_count(j->events); i < n && !j->arguments.quiet; i++)
    terminal_say(&j->terminal, "warning: %s", emend_events_warning(j->events, i));
}

/* The beginning of writing comes before the estimation. */
static emend_status prepare(job *j) {
  double began = terminal_clock();
  emend_status status = job_make_plan(j);
  double planned = terminal_clock();
  j->report.seconds_plan = planned - began;
  j->placing = !status;
  if (!status)
    status = job_choose_way(j);
  if (!status)
    status = job_open_outputs(j);
  j->placing = j->placing && status;
  j->report.seconds_write = terminal_clock() - planned;
  return status;
}

static emend_status work(job *j) {
  emend_status status = job_read(j);
  if (!status)
    status = prepare(j);
  if (!status && !j->arguments.dry_run)
    status = job_impute(j);
  return status ? status : job_write(j);
}

/* A name that the file does not have is wrong usage, though only the file could tell. */
static int failure_status(const job *j, emend_status status) {
  return status == EMEND_INVALID_ARGUMENT && j->planning ? EXIT_USAGE : EXIT_FAILED;
}

static int fail(job *j, emend_status status) {
  if (!j->placing) /* what is wrong with an output has nothing to do with the data */
    print_warnings(j);
  if (status == EMEND_CANCELLED && signals_pending())
    terminal_say(&j->terminal, "stopped by a signal (%s); nothing was written", strsignal(signals_pending()));
  else if (j->message[0])
    terminal_say(&j->terminal, "%s", j->message);
  else if (emend_error_status(j->error) != EMEND_OK && !*emend_error_file(j->error) && j->file)
    terminal_say(&j->terminal, "%s: %s", j->report.input, emend_error_text(j->error));
  else if (emend_error_status(j->error) != EMEND_OK)
    terminal_say(&j->terminal, "%s", emend_error_text(j->error));
  else
    terminal_say(&j->terminal, "%s: %s", j->input, emend_status_text(status));
  return failure_status(j, status);
}

static int succeed(job *j) {
  const impute_arguments *a = &j->arguments;
  bool text = !a->json || strcmp(a->json, "-") != 0;
  terminal_clear(&j->terminal);
  if (!print_results(j)) {
    terminal_say(&j->terminal, "out of memory for the report; the outputs are complete");
    return EXIT_FAILED;
  }
  if (!text)
    print_warnings(j);
  if (j->imputation && !a->quiet) {
    fflush(stdout);
    report_seconds_text(&j->report, stderr);
  }
  return command_close_stdout(j->imputation ? job_judge(j) : EXIT_DONE);
}

static int run_job(job *j) {
  if (!job_begin(j)) {
    terminal_say(&j->terminal, "out of memory");
    return EXIT_FAILED;
  }
  emend_status status = job_set_options(j);
  if (status)
    return status == EMEND_OUT_OF_MEMORY ? fail(j, status)
                                         : command_usage_error("impute", "%s", j->message[0] ? j->message : emend_error_text(j->error));
  status = work(j);
  return status ? fail(j, status) : succeed(j);
}

/* One INPUT, options before or behind it. */
static int run(const command *c, int argc, char **argv) {
  job j = {0};
  int n_operands, status;
  if (command_asks_help(argc, argv)) {
    command_print_help(c, stdout);
    return command_close_stdout(EXIT_DONE);
  }
  char **operands = malloc(((size_t)argc + 1) * sizeof *operands);
  option_defaults(c->options, &j.arguments);
  if (!operands)
    status = command_memory_error(c->name, EXIT_FAILED);
  else if (!recipe_parse(c->options, &j.arguments, sizeof j.arguments, &j.recipe, argc, argv, operands, &n_operands, j.message))
    status = command_options_error(c->name, j.message, EXIT_FAILED);
  else if (n_operands > 1)
    status = command_usage_error(c->name, "one file at a time: after %s, what is %s? The output is named with -o", operands[0],
                                 operands[1]);
  else if (!impute_check(&j.arguments, n_operands ? operands[0] : NULL, j.message))
    status = command_usage_error(c->name, "%s", j.message);
  else {
    j.input = operands[0];
    status = run_job(&j);
  }
  job_end(&j);
  option_release(c->options, &j.arguments);
  free(operands);
  signals_die();
  return status;
}

static void notes(FILE *out) {
  char text[1024] = "Always missing in text files: an empty field";
  size_t length = strlen(text);
  for (const char *const *token = emend_default_missing_tokens(); *token && length < sizeof text; token++)
    if (**token)
      length += (size_t)snprintf(text + length, sizeof text - length, ", %s", *token);
  fputc('\n', out);
  print_wrapped(out, text, 0, 0, REPORT_WIDTH);
  fputs("\nExit status\n"
        "  0  done\n"
        "  1  failed: nothing was written, earlier files are as they were\n"
        "  2  wrong usage: an option, or a variable that the file does not have\n"
        "  3  done, but a promised cell is still missing, nobody answered a variable\n"
        "     that was to be filled, or EM did not converge\n"
        "A run that is interrupted cleans up and ends with the signal's own status.\n",
        out);
}

static const char *const examples[] = {
    "What would be done, and why",
    "emend impute survey.sav --dry-run",
    "Complete it; only the filled cells change",
    "emend impute survey.sav -o completed.sav",
    "Some variables only; 99 and -1 mean missing; list every change",
    "emend impute survey.csv -o completed.csv --vars 'bill*,body_mass_g' --missing=99,-1 --audit changes.csv",
    "Plain expectations, as CSV, with a report for machines",
    "emend impute survey.sav -o completed2.csv --no-round --json=run.json",
    "Questions that not everybody was asked; a sum of others; a mark for every imputed cell",
    "emend impute survey.csv -o asked.csv --only-if 'bill_depth_mm = year >= 2008' --formula 'body_mass_g = 20 * flipper_length_mm' "
    "--flags",
    "The plan as a recipe to edit",
    "emend impute survey.csv --dry-run --write-recipe recipe.ini",
    "Impute by the recipe",
    "emend impute survey.csv -o cooked.csv --recipe recipe.ini",
    "Keep the estimate",
    "emend impute survey.csv -o first.csv --save-model model.json",
    "Complete with it",
    "emend impute survey.csv -o second.csv --model model.json",
    "In a pipe",
    "emend impute - --from csv -o - < survey.csv > piped.csv",
    NULL,
};

const command command_impute = {
    .name = "impute",
    .summary = "Fill the missing cells of a survey file",
    .usage = "emend impute INPUT -o OUTPUT [OPTION]...",
    .about = "Reads INPUT (.sav .zsav .por .dta .sas7bdat .xpt .csv .tsv; - is standard input), estimates means and covariances by "
             "EM over the missing-data patterns, fills the missing cells with their conditional expectation, writes the completed "
             "file, and says what it did.",
    .options = impute_options,
    .examples = examples,
    .notes = notes,
    .run = run,
};
