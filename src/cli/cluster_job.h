/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CLUSTER_JOB_H
#define CLI_CLUSTER_JOB_H

#include "cli/choosing.h"
#include "cli/command.h"
#include "cli/mixing.h"
#include "cli/reading.h"
#include "cli/recipe_options.h"

/* The options of `emend cluster` and `emend predict`, as given; the latter has fewer. */
typedef struct cluster_arguments {
  const char *output, *json, *save_model, *name, *recipe;
  bool force, quiet, strict, rewrite, probabilities, complete;
  int to; /* index into reading_formats; -1: not given */
  reading_arguments reading;
  choosing_arguments choosing;
  mixing_arguments mixing;
  mixing_control control;
} cluster_arguments;

/* Rows that both tables have. */
#define CLUSTER_FIELD(name) .offset = offsetof(cluster_arguments, name)
#define CLUSTER_OUTPUT_OPTIONS                                                                                                              \
  {"output", 'o', OPTION_FILE, "FILE", .section = "Output", CLUSTER_FIELD(output),                                                          \
   .help = "The file with the clusters beside all that it had; - is standard output, which then carries nothing else."},                    \
      {"to", 0, OPTION_CHOICE, "FORMAT", .section = "Output", CLUSTER_FIELD(to), .choices = writing_formats,                                \
       .help = "Format of the output. Without it, what the name of the output says, else that of the input."},                              \
      {"name", 0, OPTION_TEXT, "NAME", .section = "Output", CLUSTER_FIELD(name), .initial = "cluster",                                      \
       .help = "Name of the variable that is added; NAME_probability stands beside it."},                                                   \
      {"probabilities", 'p', OPTION_FLAG, NULL, .section = "Output", CLUSTER_FIELD(probabilities),                                          \
       .help = "Add the probability of each cluster too: NAME_1, NAME_2, ..."},                                                             \
      {"complete", 'c', OPTION_FLAG, NULL, .section = "Output", CLUSTER_FIELD(complete),                                                    \
       .help = "Fill the missing cells too, as emend impute would, by their expectations under the mixture."},                              \
      {"strict", 0, OPTION_FLAG, NULL, .section = "Output", CLUSTER_FIELD(strict),                                                          \
       .help = "Fail, before anything is written, if the output would lose something that the input says."},                                \
      {"rewrite", 0, OPTION_FLAG, NULL, .section = "Output", CLUSTER_FIELD(rewrite),                                                        \
       .help = "Lay the file out anew; added variables make that necessary anyway."},                                                       \
      {"force", 0, OPTION_FLAG, NULL, .section = "Output", CLUSTER_FIELD(force),                                                            \
       .help = "Replace outputs that exist. The input is never replaced."},                                                                 \
      {"json", 0, OPTION_FILE, "FILE", .section = "Output", CLUSTER_FIELD(json), .value_optional = true,                                    \
       .help = "One JSON document about the run (docs/json.md) in FILE, or on standard output in place of the text."}
#define CLUSTER_QUIET_OPTION                                                                                                                \
  {"quiet", 'q', OPTION_FLAG, NULL, .section = "Running", CLUSTER_FIELD(quiet), .help = "No summary, progress, timings or warnings; errors only."}

/* Does the work: reads `input`, fits a mixture or, with `model`, reads one from that file, assigns and writes. Gives the exit status. */
int cluster_job_run(const command *command, const cluster_arguments *arguments, const recipe *recipe, const char *model, const char *input);
/* What the commands hand to their work. */
typedef struct cluster_context {
  cluster_arguments arguments;
  recipe recipe;
} cluster_context;
/* A sentence in `message`, and false, for what makes no sense together. */
bool cluster_check(const cluster_arguments *arguments, option_message message);

#endif
