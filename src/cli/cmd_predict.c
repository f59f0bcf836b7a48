/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "cli/cluster_job.h"

static const option predict_options[] = {
    CLUSTER_OUTPUT_OPTIONS,
    READ_RECIPE_OPTION(cluster_arguments),
    READING_OPTIONS(cluster_arguments, reading),
    CHOOSING_OPTIONS(cluster_arguments, choosing),
    CLUSTER_QUIET_OPTION,
    {.name = NULL},
};

static int predict_words(const command *c, void *context, char **words, int n) {
  const cluster_context *given = context;
  const cluster_arguments *a = &given->arguments;
  option_message message;
  if (n < 2)
    return command_usage_error(c->name, "a saved mixture and a file are needed: emend predict MODEL.json INPUT -o OUTPUT");
  if (n > 2)
    return command_usage_error(c->name, "one file at a time; the output is named with -o");
  if (!a->output)
    return command_usage_error(c->name, "where should the clusters go? Give -o OUTPUT");
  return cluster_check(a, message) ? cluster_job_run(c, a, &given->recipe, words[0], words[1])
                                   : command_usage_error(c->name, "%s", message);
}

static int run(const command *c, int argc, char **argv) {
  cluster_context given = {0};
  int status =
      command_run_recipe(c, argc, argv, &given.arguments, sizeof given.arguments, &given.recipe, EXIT_FAILED, predict_words, &given);
  recipe_free(&given.recipe);
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
    .about =
        "Assigns each row of INPUT to a cluster of the mixture that emend cluster --save-model kept in MODEL.json. Variables are found by "
        "their names; one that INPUT does not have counts as missing in every row, and is named. Nothing is estimated.",
    .options = predict_options,
    .examples = examples,
    .notes = notes,
    .run = run,
};
