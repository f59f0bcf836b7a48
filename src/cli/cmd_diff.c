/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/session.h"
#include "report/diff.h"

/* As diff(1). */
enum { EXIT_SAME = 0, EXIT_DIFFER = 1, EXIT_TROUBLE = 2 };

typedef struct diff_arguments {
  reading_arguments reading;
  const char *id, *json;
  option_list variables;
  double tolerance;
  int64_t limit; /* -1: 20 in text, all in JSON */
  bool quiet, force;
} diff_arguments;

#define FIELD(name) .offset = offsetof(diff_arguments, name)
#define COMPARED .section = "What is compared"
#define SHOWN .section = "What is shown"

static const option diff_options[] = {
    {"id", 0, OPTION_TEXT, "NAME", COMPARED, FIELD(id),
     .help = "Match rows by the values of this variable. Without it, by position: the first with the first."},
    {"vars", 'v', OPTION_LIST, "LIST", COMPARED, FIELD(variables),
     .help = "These variables only: names, ranges q1-q12 in file order, patterns inc*; names with blanks or commas in backticks."},
    {"tolerance", 0, OPTION_REAL, "X", COMPARED, FIELD(tolerance), .initial = "0", .minimum = 0, .maximum = 1e300,
     .help = "Numbers count as equal if they differ by at most X times the larger of 1 and their size."},
    {"limit", 'n', OPTION_INTEGER, "N", SHOWN, FIELD(limit), .initial = "-1", .minimum = -1, .maximum = 9e18,
     .help = "List at most N cells and rows; the totals are always shown. -1 is 20 in text, and all in JSON."},
    {"quiet", 'q', OPTION_FLAG, NULL, SHOWN, FIELD(quiet), .help = "Print nothing: the exit status tells."},
    {"json", 0, OPTION_FILE, "FILE", SHOWN, FIELD(json), .value_optional = true,
     .help = "One JSON document (docs/json.md) in FILE, or on standard output in place of the text."},
    {"force", 0, OPTION_FLAG, NULL, SHOWN, FIELD(force), .help = "Replace FILE of --json if it exists."},
    READING_OPTIONS(diff_arguments, reading),
    {.name = NULL},
};

/* One run. */
typedef struct matching {
  diff_arguments arguments;
  char **words; /* A and B */
  int n_words;
  session session;
  emend_file *files[2];
  emend_compare_options *options;
  emend_comparison *comparison;
} matching;

static emend_status set_options(matching *m) {
  const diff_arguments *a = &m->arguments;
  m->options = emend_compare_options_new();
  if (!m->options)
    return EMEND_OUT_OF_MEMORY;
  emend_status status = emend_compare_options_set_tolerance(m->options, a->tolerance, m->session.error);
  if (!status && a->id)
    status = emend_compare_options_set_id(m->options, a->id, m->session.error);
  for (size_t i = 0; i < a->variables.count && !status; i++)
    status = emend_compare_options_add_variables(m->options, a->variables.items[i], m->session.error);
  return status;
}

static emend_status compare(matching *m) {
  emend_status status = EMEND_OK;
  for (int side = 0; side < 2 && !status; side++)
    status = session_read(&m->session, &m->arguments.reading, m->words[side], &m->files[side]);
  if (status)
    return status;
  m->session.input = NULL;
  status = set_options(m);
  if (!status)
    status = emend_compare(emend_file_dataset(m->files[0]), emend_file_dataset(m->files[1]), m->options, m->session.events, &m->comparison,
                           m->session.error);
  return status;
}

static bool render(const void *report, FILE *out) { return diff_text(report, out); }

static emend_status show(matching *m, int result) {
  enum { LISTED = 20 };
  const diff_arguments *a = &m->arguments;
  diff_report r = {.comparison = m->comparison, .events = m->session.events, .page = session_page(stdout)};
  for (int side = 0; side < 2; side++) {
    r.names[side] = emend_file_name(m->files[side]);
    r.data[side] = emend_file_dataset(m->files[side]);
  }
  r.limit = a->limit >= 0 ? (size_t)a->limit : a->json ? (size_t)-1 : LISTED;
  if (a->json)
    return session_print_json(&m->session, diff_json(&r, option_echo(diff_options, a), result), a->json, a->force, m->files, 2);
  return a->quiet || session_print(render, &r, stdout) ? EMEND_OK : EMEND_OUT_OF_MEMORY;
}

static int run_matching(matching *m) {
  int result = EXIT_TROUBLE;
  if (!session_begin(&m->session, m->arguments.quiet))
    return result;
  emend_status status = compare(m);
  if (!status) {
    result = emend_comparison_same(m->comparison) ? EXIT_SAME : EXIT_DIFFER;
    status = show(m, result);
  }
  if (status) {
    session_complain(&m->session, status);
    result = EXIT_TROUBLE;
  } else if (command_close_stdout(EXIT_SAME) != EXIT_SAME) {
    result = EXIT_TROUBLE;
  }
  emend_comparison_free(m->comparison);
  emend_compare_options_free(m->options);
  emend_file_close(m->files[0]);
  emend_file_close(m->files[1]);
  session_end(&m->session);
  return result;
}

static int compare_words(const command *c, void *context, char **words, int n) {
  matching *m = context;
  m->words = words, m->n_words = n;
  if (n != 2)
    return command_usage_error(c->name, "two files are compared, %d given", n);
  if (is_dash(words[0]) && is_dash(words[1]))
    return command_usage_error(c->name, "only one of the files can be standard input");
  return run_matching(m);
}

static int run(const command *c, int argc, char **argv) {
  matching m = {0};
  return command_run(c, argc, argv, &m.arguments, EXIT_TROUBLE, compare_words, &m);
}

static void notes(FILE *out) {
  fputs("\nIn the table of cells, A and B are the values before and after, with their labels and kind of missing. How a file is laid out\n"
        "(encoding, compression, byte order, release, product, times) is no difference.\n"
        "\nExit status\n"
        "  0  nothing differs\n"
        "  1  something differs\n"
        "  2  trouble: a file cannot be read, or wrong usage\n",
        out);
}

static const char *const examples[] = {
    "What did emend impute change?",
    "emend diff survey.sav completed.sav",
    "Rows matched by a variable; some variables only",
    "emend diff survey.sav completed.sav --id year --vars age,rincome",
    "Across formats; small differences do not count",
    "emend diff completed.sav completed2.csv --tolerance 1e-6",
    "For a script: the exit status tells",
    "emend diff survey.sav completed.sav --quiet",
    NULL,
};

const command command_diff = {
    .name = "diff",
    .summary = "Show what differs between two files: dictionary and cells",
    .usage = "emend diff A B [OPTION]...",
    .about = "Compares two files of any formats (.sav .zsav .por .dta .sas7bdat .xpt .csv .tsv; one may be -, standard input): variables "
             "and rows that appear or vanish, what the dictionaries say, and every cell, with the old kind of missing and the new "
             "value. Only what both formats can hold is compared, and what is left out is said.",
    .options = diff_options,
    .examples = examples,
    .notes = notes,
    .run = run,
};
