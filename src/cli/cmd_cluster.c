/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "cli/cluster_job.h"

static const option cluster_options[] = {
    CLUSTER_OUTPUT_OPTIONS,
    {"save-model", 0, OPTION_FILE, "FILE", .section = "Output", CLUSTER_FIELD(save_model),
     .help = "Keep the mixture as JSON, for emend predict and emend impute --model."},
    READ_RECIPE_OPTION(cluster_arguments),
    READING_OPTIONS(cluster_arguments, reading),
    CHOOSING_OPTIONS(cluster_arguments, choosing),
    TYPE_OPTIONS(cluster_arguments, choosing),
    MIXING_OPTIONS(cluster_arguments, mixing),
    {"ridge", 0, OPTION_REAL, "X", .section = "Mixture", CLUSTER_FIELD(control.ridge), .minimum = 0, .maximum = 1e12,
     .help = "Rows of a prior that keeps covariances from vanishing. Without it, 1 where most starts end so, and said; else none."},
    {"tolerance", 0, OPTION_REAL, "X", .section = "Mixture", CLUSTER_FIELD(control.tolerance), .initial = "1e-6", .minimum = 1e-14,
     .maximum = 1, .help = "Stop when the estimated distance to the limit is below X standard deviations."},
    {"max-iterations", 0, OPTION_INTEGER, "N", .section = "Mixture", CLUSTER_FIELD(control.max_iterations), .initial = "10000",
     .minimum = 1, .maximum = 1e9, .help = "Give up after N iterations; what was reached is used, and the exit status is 3."},
    {"threads", 0, OPTION_INTEGER, "N", .section = "Running", CLUSTER_FIELD(control.threads), .initial = "0", .minimum = 0, .maximum = 4096,
     .help = "Threads; 0 is one per core that the program may use. The answer does not depend on it."},
    {"seed", 0, OPTION_INTEGER, "N", .section = "Running", CLUSTER_FIELD(control.seed), .initial = "1", .minimum = 0, .maximum = 9e18,
     .help = "Start of the random numbers of the starts."},
    CLUSTER_QUIET_OPTION,
    {.name = NULL},
};

static int cluster_words(const command *c, void *context, char **words, int n) {
  const cluster_context *given = context;
  const cluster_arguments *a = &given->arguments;
  option_message message;
  if (n == 0)
    return command_usage_error(c->name, "which file? INPUT is missing; - is standard input");
  if (n > 1)
    return command_usage_error(c->name, "one file at a time: after %s, what is %s? The output is named with -o", words[0], words[1]);
  return cluster_check(a, message) ? cluster_job_run(c, a, &given->recipe, NULL, words[0]) : command_usage_error(c->name, "%s", message);
}

static int run(const command *c, int argc, char **argv) {
  cluster_context given = {0};
  int status =
      command_run_recipe(c, argc, argv, &given.arguments, sizeof given.arguments, &given.recipe, EXIT_FAILED, cluster_words, &given);
  recipe_free(&given.recipe);
  return status;
}

static void notes(FILE *out) {
  fputs("\nExit status\n"
        "  0  done\n"
        "  1  failed: nothing was written, earlier files are as they were\n"
        "  2  wrong usage: an option, or a variable that the file does not have\n"
        "  3  done, but EM did not converge, or a cell that --complete promised is still missing\n",
        out);
}

static const char *const examples[] = {
    "Three clusters, whatever the rows miss",
    "emend cluster survey.csv -k 3 -o clusters.csv",
    "How many? Only a report: 1 to 6 clusters, all covariance structures, the best by BIC",
    "emend cluster survey.csv -k 1:6 --covariance all",
    "Some variables; the probability of every cluster; the holes filled as well",
    "emend cluster survey.csv -k 2:4 --vars 'bill*,body_mass_g' --probabilities --complete -o filled.csv",
    "Keep the mixture, and assign other rows by it",
    "emend cluster survey.csv -k 3 --save-model mixture.json -o kept.csv",
    "The other rows",
    "emend predict mixture.json survey.csv -o assigned.csv",
    NULL,
};

const command command_cluster = {
    .name = "cluster",
    .summary = "Find clusters among rows that miss some answers",
    .usage = "emend cluster INPUT [-k K] [-o OUTPUT] [OPTION]...",
    .about =
        "Fits a mixture of normals to INPUT by EM. No row is dropped for a missing answer and nothing is filled in first: what a row "
        "does say decides. Writes all that the file had and, behind it, the cluster that each row most probably belongs to, 1 being the "
        "largest, and its probability; and reports the clusters, how sure the assignment is, and which variables tell them apart. "
        "Numbers enter as they are; codes or texts that --nominal names enter as indicators of their categories. "
        "Without -k, 1 to 9 clusters are tried. Without -o, only the report.",
    .options = cluster_options,
    .examples = examples,
    .notes = notes,
    .run = run,
};
