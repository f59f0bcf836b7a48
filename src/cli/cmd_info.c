/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/session.h"
#include "report/columns.h"
#include "report/info.h"

typedef struct info_arguments {
  reading_arguments reading;
  option_list variables;
  bool brief, force;
  const char *json;
} info_arguments;

#define FIELD(name) .offset = offsetof(info_arguments, name)
#define SHOWN .section = "What is shown"

static const option info_options[] = {
    {"vars", 'v', OPTION_LIST, "LIST", SHOWN, FIELD(variables),
     .help = "These variables only: names, ranges q1-q12 in file order, patterns inc*; names with blanks or commas in backticks. The same "
             "as naming them behind the file."},
    {"short", 's', OPTION_FLAG, NULL, SHOWN, FIELD(brief), .help = "One screen: the file, what it holds, the names of the variables."},
    {"json", 0, OPTION_FILE, "FILE", SHOWN, FIELD(json), .value_optional = true,
     .help = "One JSON document with everything (docs/json.md) in FILE, or on standard output in place of the text."},
    {"force", 0, OPTION_FLAG, NULL, SHOWN, FIELD(force), .help = "Replace FILE of --json if it exists."},
    READING_OPTIONS(info_arguments, reading),
    {.name = NULL},
};

/* One run. */
typedef struct inspection {
  info_arguments arguments;
  char **words; /* the file, then lists of variables */
  int n_words;
  session session;
  emend_file *file;
  unsigned char *chosen;
  emend_cell_counts *counts;
  info_report report;
} inspection;

static emend_status choose(inspection *i) {
  size_t n = emend_dataset_variables(i->report.dataset);
  emend_status status = EMEND_OK;
  i->chosen = calloc(n + 1, 1);
  if (!i->chosen)
    return EMEND_OUT_OF_MEMORY;
  i->report.all = i->n_words == 1 && i->arguments.variables.count == 0;
  if (i->report.all)
    memset(i->chosen, 1, n);
  for (int w = 1; w < i->n_words && !status; w++)
    status = emend_select_variables(i->report.dataset, i->words[w], "variables", i->chosen, i->session.events, i->session.error);
  for (size_t l = 0; l < i->arguments.variables.count && !status; l++)
    status = emend_select_variables(i->report.dataset, i->arguments.variables.items[l], "--vars", i->chosen, i->session.events,
                                    i->session.error);
  return status;
}

static emend_status count(inspection *i) {
  size_t n = emend_dataset_variables(i->report.dataset);
  i->counts = calloc(n + 1, sizeof *i->counts);
  if (!i->counts)
    return EMEND_OUT_OF_MEMORY;
  for (size_t v = 0; v < n; v++)
    if (i->chosen[v])
      i->counts[v] = emend_variable_cell_counts(i->report.dataset, v);
  return EMEND_OK;
}

static bool render_text(const void *report, FILE *out) { return info_text(report, out); }
static bool render_short(const void *report, FILE *out) { return info_short_text(report, out); }

static emend_status show(inspection *i) {
  info_report *r = &i->report;
  r->input = emend_file_name(i->file);
  r->file = i->file;
  r->chosen = i->chosen;
  r->counts = i->counts;
  r->events = i->session.events;
  r->page = session_page(stdout);
  if (i->arguments.json)
    return session_print_json(&i->session, info_json(r, option_echo(info_options, &i->arguments)), i->arguments.json, i->arguments.force,
                              &i->file, 1);
  return session_print(i->arguments.brief ? render_short : render_text, r, stdout) ? EMEND_OK : EMEND_OUT_OF_MEMORY;
}

static int inspect(inspection *i) {
  if (!session_begin(&i->session, false))
    return EXIT_FAILED;
  emend_status status = session_read(&i->session, &i->arguments.reading, i->words[0], &i->file);
  bool asked = false; /* what the user asked for may not be in the file */
  if (!status) {
    i->report.dataset = emend_file_dataset(i->file);
    status = choose(i);
    asked = status == EMEND_INVALID_ARGUMENT;
  }
  if (!status)
    status = count(i);
  if (!status)
    status = show(i);
  if (status)
    session_complain(&i->session, status);
  int result = !status                                                   ? command_close_stdout(EXIT_DONE)
               : asked || (status == EMEND_INVALID_ARGUMENT && !i->file) ? EXIT_USAGE
                                                                         : EXIT_FAILED;
  emend_file_close(i->file);
  free(i->chosen);
  free(i->counts);
  session_end(&i->session);
  return result;
}

static int inspect_words(const command *c, void *context, char **words, int n) {
  inspection *i = context;
  i->words = words, i->n_words = n;
  return n == 0 ? command_usage_error(c->name, "which file? - is standard input") : inspect(i);
}

static int run(const command *c, int argc, char **argv) {
  inspection i = {0};
  return command_run(c, argc, argv, &i.arguments, EXIT_FAILED, inspect_words, &i);
}

static void notes(FILE *out) {
  fputs("\nExit status\n"
        "  0  done\n"
        "  1  failed: the file cannot be read\n"
        "  2  wrong usage: an option, or a variable that the file does not have\n",
        out);
}

static const char *const examples[] = {
    "Everything that the file says of itself",
    "emend info survey.sav",
    "One screen",
    "emend info survey.sav --short",
    "Some variables, with their value labels and missing values",
    "emend info survey.csv 'bill*' body_mass_g",
    "For machines",
    "emend info survey.sav --json=survey-info.json",
    NULL,
};

const command command_info = {
    .name = "info",
    .alias = "describe",
    .summary = "Show all that a file says of itself and its variables",
    .usage = "emend info FILE [VARIABLE]... [OPTION]...",
    .about = "Reads FILE (.sav .zsav .por .dta .sas7bdat .xpt .csv .tsv; - is standard input) and shows its dictionary: format, "
             "encoding, times, weight, notes; of every variable type, format, measure, missing cells by kind, declared missing values, "
             "role, width, value labels; sets of variables, attributes and characteristics. \"emend describe\" is the same.",
    .options = info_options,
    .examples = examples,
    .notes = notes,
    .run = run,
};
