/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_RECIPE_OPTIONS_H
#define CLI_RECIPE_OPTIONS_H

#include "cli/option.h"
#include "emend/emend.h"
#include "recipe/recipe.h"

/* What a recipe says, as options of a command: whatever stands in its table can be said in both. */

/* The rows of the table, for arguments with the fields `recipe` and `write_recipe`. */
#define READ_RECIPE_OPTION(arguments)                                                                                                 \
  {"recipe", 0, OPTION_FILE, "FILE", .section = "Recipe", .offset = offsetof(arguments, recipe),                                      \
   .help = "Read options from a recipe (docs/recipes.md): those of the run first, then a [section] per variable, range or pattern. "  \
           "The command line wins."}
#define RECIPE_OPTIONS(arguments)                                                                                                     \
  READ_RECIPE_OPTION(arguments),                                                                                                      \
      {"write-recipe", 0, OPTION_FILE, "FILE", .section = "Recipe", .offset = offsetof(arguments, write_recipe),                      \
       .help = "Write the plan as a recipe to edit: every variable with its reason, its codes with labels and counts."}

/*
 * The command line into `arguments` (of `size` bytes, their defaults set); then, if it names a recipe, the recipe and the command line
 * again, which so has the last word. `recipe` must outlive the arguments.
 */
bool recipe_parse(const option *table, void *arguments, size_t size, recipe *recipe, int argc, char **argv, char **operands,
                  int *n_operands, option_message message);
/* Sets the options of `table` that the recipe names; false with a sentence that begins with file and line. The recipe must outlive
 * `arguments`. */
bool recipe_apply(recipe *recipe, const option *table, void *arguments, option_message message);
/* EMEND_INVALID_ARGUMENT, naming file and line, for a section or a list of variables that `dataset` does not have. */
emend_status recipe_check(const recipe *recipe, const option *table, const emend_dataset *dataset, emend_error *error);
/* An error of a plan, which is about a variable, with the places of the recipe that say what part this takes: first of `message`. Nothing where
 * the recipe says none. `input` is the file's name. */
void recipe_place(const recipe *recipe, const option *table, const emend_dataset *dataset, const char *input, const emend_error *error,
                  option_message message);
/* The whole recipe: options that differ from their defaults, then the variables of the plan. */
void recipe_write(const option *table, const void *arguments, const report *report, FILE *out);

#endif
