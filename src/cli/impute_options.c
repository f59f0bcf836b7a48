/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/impute_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/recipe_options.h"

static const char *const accelerations[] = {"anderson", "squarem", "none", NULL};
static const char *const methods[] = {"expectation", "mode", "draw", "match", NULL};
static const char *const priors[] = {"none", "jeffreys", "ridge", "shrink", NULL};

#define FIELD(name) .offset = offsetof(impute_arguments, name)
#define OUTPUT .section = "Output"
#define ESTIMATION .section = "Estimation"
#define METHOD .section = "Method"
#define RUNNING .section = "Running"

const option impute_options[] = {
    {"output", 'o', OPTION_FILE, "FILE", OUTPUT, FIELD(output),
     .help = "The completed file; - is standard output, which then carries nothing else. Same format as the input: the input's own bytes "
             "with only the filled cells replaced. Any input can also be written in another format; its name tells which."},
    {"to", 0, OPTION_CHOICE, "FORMAT", OUTPUT, FIELD(to), .choices = writing_formats,
     .help = "Format of the output. Without it, what the name of the output says, else that of the input."},
    {"strict", 0, OPTION_FLAG, NULL, OUTPUT, FIELD(strict),
     .help = "Fail, before anything is written, if the output would lose something that the input says."},
    {"rewrite", 0, OPTION_FLAG, NULL, OUTPUT, FIELD(rewrite),
     .help = "Lay the file out anew even where the input's own bytes could be patched."},
    {"flags", 0, OPTION_FLAG, NULL, OUTPUT, FIELD(flags),
     .help = "Add a variable NAME_imp for each variable that is filled: 1 where it was imputed, else 0. The file is laid out anew."},
    {"force", 0, OPTION_FLAG, NULL, OUTPUT, FIELD(force), .help = "Replace outputs that exist. The input is never replaced."},
    {"dry-run", 'n', OPTION_FLAG, NULL, OUTPUT, FIELD(dry_run),
     .help = "Print the plan (each variable, each missing code, what would be done and why) and write no data."},
    {"json", 0, OPTION_FILE, "FILE", OUTPUT, FIELD(json), .value_optional = true,
     .help = "One JSON document about the run (docs/json.md) in FILE, or on standard output in place of the text."},
    {"audit", 0, OPTION_FILE, "FILE", OUTPUT, FIELD(audit),
     .help = "CSV of every changed cell: row, id, variable, old kind of missing, new value."},
    {"save-model", 0, OPTION_FILE, "FILE", OUTPUT, FIELD(save_model),
     .help = "Keep the estimate (means, covariances) as JSON, for --model."},

    RECIPE_OPTIONS(impute_arguments),

    READING_OPTIONS(impute_arguments, reading),

    CHOOSING_OPTIONS(impute_arguments, choosing),

    TYPE_OPTIONS(impute_arguments, choosing),

    {"method", 0, OPTION_CHOICE, "NAME", METHOD, FIELD(method), .choices = methods, .initial = "expectation",
     .help = "What a missing cell receives: its expectation, as a value that the variable can hold: ordered codes, and one of two categories, "
             "as often as the model expects them, of more categories the most probable; the same with the most probable code for each cell "
             "(mode); a draw from its distribution, which keeps the shares of categories, too; or the answer of another row that the model "
             "predicts nearly the same for (match). Expectations serve totals and shares; for correlations, regressions and spreads take a draw or a "
             "match, as expectations make relations look stronger than they are."},
    {"donors", 0, OPTION_INTEGER, "N", METHOD, FIELD(donors), .initial = "5", .minimum = 1, .maximum = 1000,
     .help = "Of how many rows with the nearest predictions a match takes one."},

    {"prior", 0, OPTION_CHOICE, "NAME", ESTIMATION, FIELD(prior), .choices = priors, .initial = "none",
     .help = "Prior of the covariances. Where none leaves the answer open, the smallest ridge that settles it is used, and said."},
    {"ridge", 0, OPTION_REAL, "X", ESTIMATION, FIELD(ridge), .minimum = 0, .maximum = 1e12,
     .help = "Strength of --prior ridge or shrink, in observations; 1 if not given."},
    {"tolerance", 0, OPTION_REAL, "X", ESTIMATION, FIELD(tolerance), .initial = "1e-6", .minimum = 1e-14, .maximum = 1,
     .help = "Stop when the estimated distance to the limit is below X standard deviations."},
    {"max-iterations", 0, OPTION_INTEGER, "N", ESTIMATION, FIELD(max_iterations), .initial = "100000", .minimum = 1, .maximum = 1e9,
     .help = "Give up after N iterations; what was reached is used, and the exit status is 3."},
    {"accelerate", 0, OPTION_CHOICE, "NAME", ESTIMATION, FIELD(accelerate), .choices = accelerations, .initial = "anderson",
     .help = "How EM is made faster where it is slow. The answer is the same; none shows the plain steps."},
    {"model", 0, OPTION_FILE, "FILE", ESTIMATION, FIELD(model),
     .help = "Complete with an estimate kept by --save-model, of this command or of emend cluster, instead of estimating. With --by "
             "it takes the place of the estimate from all rows."},

    MIXING_OPTIONS(impute_arguments, mixing),

    {"threads", 0, OPTION_INTEGER, "N", RUNNING, FIELD(threads), .initial = "0", .minimum = 0, .maximum = 4096,
     .help = "Threads; 0 is one per core that the program may use. The answer does not depend on it."},
    {"seed", 0, OPTION_INTEGER, "N", RUNNING, FIELD(seed), .initial = "1", .minimum = 0, .maximum = 9e18,
     .help = "Start of the random numbers: of draws, of choices among equals, and where a ridge is chosen by hiding cells."},
    {"quiet", 'q', OPTION_FLAG, NULL, RUNNING, FIELD(quiet), .help = "No summary, progress, timings or warnings; errors only."},
    {.name = NULL},
};

static bool complain(char *message, const char *text) {
  strcpy(message, text);
  return false;
}

bool impute_check(const impute_arguments *a, const char *input, option_message message) {
  if (!input)
    return complain(message, "which file? INPUT is missing; - is standard input");
  if (!a->output && !a->dry_run)
    return complain(message, "where should the completed file go? Give -o OUTPUT, or --dry-run to see what would be done");
  if (is_dash(a->output) && is_dash(a->json) && !a->dry_run)
    return complain(message, "with -o - standard output carries only the data; write --json=FILE");
  if (is_dash(a->audit) || is_dash(a->save_model))
    return complain(message, "--audit and --save-model need the name of a file; only -o and --json can be -");
  if (is_dash(a->write_recipe))
    return complain(message, "--write-recipe needs the name of a file");
  if (!isnan(a->ridge) && strcmp(priors[a->prior], "ridge") != 0 && strcmp(priors[a->prior], "shrink") != 0)
    return complain(message, "--ridge is the strength of --prior ridge or --prior shrink; name one of them");
  if (a->mixing.components && (a->prior != 0 || a->model))
    return complain(message,
                    "--components asks for a mixture, to be estimated, and knows neither --prior nor --model; leave one of them out");
  if (!a->mixing.components && a->mixing.covariance.count)
    return complain(message, "--covariance is about the components of a mixture; say how many with --components");
  if (a->mixing.components && a->method > 1)
    return complain(message, "--method draw and match need the normal model; leave --components out");
  if (a->model && (a->prior != 0))
    return complain(message, "--model brings an estimate, so --prior has nothing to do; leave one of them out");
  return true;
}

emend_status impute_write_options(const impute_arguments *a, emend_write_options **made, emend_error *error) {
  emend_write_options *o = *made = emend_write_options_new();
  if (!o)
    return EMEND_OUT_OF_MEMORY;
  emend_write_options_set_strict(o, a->strict);
  emend_write_options_set_rewrite(o, a->rewrite);
  return emend_write_options_set_format(o, reading_format(a->to), error);
}

emend_status impute_method_options(const impute_arguments *a, emend_method_options **made) {
  static const emend_method values[] = {EMEND_METHOD_EXPECTATION, EMEND_METHOD_MODE, EMEND_METHOD_DRAW, EMEND_METHOD_MATCH};
  emend_method_options *o = *made = emend_method_options_new();
  if (!o)
    return EMEND_OUT_OF_MEMORY;
  emend_method_options_set_method(o, values[a->method]);
  emend_method_options_set_seed(o, (uint64_t)a->seed);
  return emend_method_options_set_donors(o, (size_t)a->donors, NULL);
}

emend_status impute_mixture_options(const impute_arguments *a, emend_mixture_options **made, emend_error *error, option_message message) {
  mixing_control control = {
      .ridge = NAN, .tolerance = a->tolerance, .max_iterations = a->max_iterations, .threads = a->threads, .seed = a->seed};
  *made = NULL;
  return a->mixing.components ? mixing_options(&a->mixing, &control, made, error, message) : EMEND_OK;
}

emend_status impute_normal_options(const impute_arguments *a, emend_normal_options **made, emend_error *error) {
  static const emend_prior values[] = {EMEND_PRIOR_NONE, EMEND_PRIOR_JEFFREYS, EMEND_PRIOR_RIDGE, EMEND_PRIOR_SHRINK};
  emend_normal_options *o = *made = emend_normal_options_new();
  if (!o)
    return EMEND_OUT_OF_MEMORY;
  static const emend_acceleration kinds[] = {EMEND_ACCELERATE_ANDERSON, EMEND_ACCELERATE_SQUAREM, EMEND_ACCELERATE_NONE};
  emend_normal_options_set_prior(o, values[a->prior]);
  emend_normal_options_set_acceleration(o, kinds[a->accelerate]);
  emend_normal_options_set_threads(o, (unsigned)a->threads);
  emend_normal_options_set_seed(o, (uint64_t)a->seed);
  emend_status status = isnan(a->ridge) ? EMEND_OK : emend_normal_options_set_ridge(o, a->ridge, error);
  if (!status)
    status = emend_normal_options_set_tolerance(o, a->tolerance, error);
  if (!status)
    status = emend_normal_options_set_max_iterations(o, (size_t)a->max_iterations, error);
  if (status) {
    emend_normal_options_free(o);
    *made = NULL;
  }
  return status;
}
