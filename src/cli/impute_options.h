/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_IMPUTE_OPTIONS_H
#define CLI_IMPUTE_OPTIONS_H

#include "cli/option.h"
#include "emend/emend.h"

/* The options of `emend impute`, as given. */
typedef struct impute_arguments {
  const char *output, *json, *audit, *model, *save_model;
  bool dry_run, force, quiet, strict, rewrite;
  int from, to; /* index into impute_formats; -1: not given */
  option_list missing;
  const char *delimiter, *decimal, *encoding;
  bool no_header;
  uint64_t max_memory; /* 0: the library's default */
  option_list variables, targets, exclude, impute_codes, keep_codes;
  const char *id, *weight;
  bool no_round;
  int prior;
  double ridge; /* NaN: not given */
  double tolerance;
  int64_t max_iterations, threads, seed;
} impute_arguments;

extern const option impute_options[];
extern const char *const impute_formats[];
const char *impute_format(int index); /* NULL for -1 */

/* Combinations that make no sense: a sentence in `message`, and false. `input` NULL: none was given. */
bool impute_check(const impute_arguments *arguments, const char *input, option_message message);

/* The library's option objects from the arguments. The caller frees each; *made is NULL on failure. */
emend_status impute_read_options(const impute_arguments *arguments, emend_read_options **made, emend_error *error);
emend_status impute_plan_options(const impute_arguments *arguments, emend_plan_options **made, emend_error *error);
emend_status impute_write_options(const impute_arguments *arguments, emend_write_options **made, emend_error *error);
emend_status impute_normal_options(const impute_arguments *arguments, emend_normal_options **made, emend_error *error);

#endif
