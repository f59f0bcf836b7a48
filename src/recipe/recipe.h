/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RECIPE_RECIPE_H
#define RECIPE_RECIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "report/report.h"

/*
 * A recipe as text: INI, read by libinih. Settings of the run come first; then a [section] per variable, range, pattern or list of
 * variables.
 * `#` and `;` begin a line of comment, and ` ;` a comment behind a value; a line that ends in \ goes on in the next. What keys there are is
 * not known here: cli/recipe_options takes them from a command's table of options.
 */
typedef struct recipe_entry {
  char *section; /* "": before the first section */
  char *key, *value;
  size_t line;
} recipe_entry;

typedef struct recipe_section {
  char *name;
  size_t line;
} recipe_section;

typedef struct recipe {
  char *path;
  recipe_entry *entries;
  size_t n_entries, entries_capacity;
  recipe_section *sections; /* those without entries too */
  size_t n_sections, sections_capacity;
  char **texts; /* that others made, and that live as long */
  size_t n_texts, texts_capacity;
} recipe;

enum { RECIPE_MESSAGE = 1024, RECIPE_LONGEST = 65536 };

/* Reads a file; false with "recipe.ini:12: ..." in `message`, or with an empty one when memory runs out. The caller frees the recipe in
 * either case. */
bool recipe_read(const char *path, recipe *recipe, char message[RECIPE_MESSAGE]);
/* The same from an open stream, which is named `path`. */
bool recipe_read_stream(FILE *file, const char *path, recipe *recipe, char message[RECIPE_MESSAGE]);
void recipe_free(recipe *recipe);
/* A text that lives as long as the recipe; NULL when out of memory. */
const char *recipe_keep(recipe *recipe, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes the sections of a plan: each variable with what is known of it as comment, its codes with their fates, its rules. */
void recipe_write_variables(const report *report, FILE *out);
/* The name of a variable as a section or list has it: in backticks if need be. */
void recipe_write_name(const char *name, FILE *out);

#endif
