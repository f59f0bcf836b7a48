/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_IMPUTE_OPTIONS_H
#define CLI_IMPUTE_OPTIONS_H

#include "cli/choosing.h"
#include "cli/mixing.h"
#include "cli/option.h"
#include "cli/reading.h"
#include "emend/emend.h"

/* The options of `emend impute`, as given. */
typedef struct impute_arguments {
  const char *output, *json, *audit, *model, *save_model, *recipe, *write_recipe;
  bool dry_run, force, quiet, strict, rewrite, flags;
  int to; /* index into reading_formats; -1: not given */
  reading_arguments reading;
  choosing_arguments choosing;
  mixing_arguments mixing;
  int prior, accelerate, method;
  double ridge; /* NaN: not given */
  double tolerance;
  int64_t max_iterations, threads, seed, donors;
} impute_arguments;

extern const option impute_options[];

/* Combinations that make no sense: a sentence in `message`, and false. `input` NULL: none was given. */
bool impute_check(const impute_arguments *arguments, const char *input, option_message message);

/* The library's option objects from the arguments. The caller frees each; *made is NULL on failure. */
emend_status impute_write_options(const impute_arguments *arguments, emend_write_options **made, emend_error *error);
/* *made is NULL too without --components. */
emend_status impute_mixture_options(const impute_arguments *arguments, emend_mixture_options **made, emend_error *error,
                                    option_message message);
emend_status impute_method_options(const impute_arguments *arguments, emend_method_options **made);
emend_status impute_normal_options(const impute_arguments *arguments, emend_normal_options **made, emend_error *error);

#endif
