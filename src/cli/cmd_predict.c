/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "cli/cluster_job.h"
#include "cli/signals.h"

static const option predict_options[] = {
    CLUSTER_OUTPUT_OPTIONS,
    READING_OPTIONS(cluster_arguments, reading),
    CHOOSING_OPTIONS(cluster_arguments, choosing),
    CLUSTER_QUIET_OPTION,
    {.name = NULL},
};

/* The words of the command line, then the work. */
static int run(const command *c, int argc, char **argv) {
  cluster_arguments a = {0};
  option_message message;
  int n, status;
  if (command_asks_help(argc, argv)) {
    command_print_help(c, stdout);
    return command_close_stdout(EXIT_DONE);
  }
  char **words = malloc(((size_t)argc + 1) * sizeof *words);
  option_defaults(c->options, &a);
  if (!words)
    status = command_memory_error(c->name, EXIT_FAILED);
  else if (!option_parse(c->options, &a, argc, argv, words, &n, message))
    status = command_usage_error(c->name, "%s", message);
  else if (n != 2)
    status = command_usage_error(c->name, n < 2 ? "a saved mixture and a file are needed: emend predict MODEL.json INPUT -o OUTPUT"
                                                : "one file at a time; the output is named with -o");
  else if (!a.output)
    status = command_usage_error(c->name, "where should the clusters go? Give -o OUTPUT");
  else if (!cluster_check(&a, message))
    status = command_usage_error(c->name, "%s", message);
  else
    status = cluster_job_run(c, &a, words[0], words[1]);
  option_release(c->options, &a);
  free(words);
  signals_die();
  return status;
}

static void notes(FILE *out) {
  fputs("\nExit status\n"
        "  0  done\n"
        "  1  failed: nothing was written, earlier files are as they were\n"
        "  2  wrong usage: an option, or a variable that the file does not have\n"
        "  3  done, but a cell that --complete promised is still missing\n",
        out);
}

static const char *const examples[] = {
    "Find clusters, and keep them",
    "emend cluster survey.csv -k 3 --save-model groups.json -o groups.csv",
    "Assign the rows of a file by them",
    "emend predict groups.json survey.csv -o labelled.csv",
    "And fill its holes",
    "emend predict groups.json survey.csv -o labelled2.csv --probabilities --complete",
    NULL,
};

const command command_predict = {
    .name = "predict",
    .summary = "Assign rows to clusters found before",
    .usage = "emend predict MODEL.json INPUT -o OUTPUT [OPTION]...",
    .about = "Assigns each row of INPUT to a cluster of the mixture that emend cluster --save-model kept in MODEL.json. Variables are found by "
             "their names; one that INPUT does not have counts as missing in every row, and is named. Nothing is estimated.",
    .options = predict_options,
    .examples = examples,
    .notes = notes,
    .run = run,
};
