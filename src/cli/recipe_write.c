/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/recipe_options.h"
#include "report/number.h"

/* The options in force, as a recipe says them. */

/* Names of files, and whether to write at all, are not what a recipe is for; what is said of single variables stands in their sections. */
static bool is_written(const option *o) {
  static const char *const others[] = {"dry-run", "force", "quiet", "impute-codes", "keep-codes", "only-if", "formula", "order"};
  if (o->type == OPTION_FILE)
    return false;
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (strcmp(o->name, others[i]) == 0)
      return false;
  return true;
}

static void print_key(const char *name, FILE *out) {
  for (; *name; name++)
    fputc(*name == '-' ? '_' : *name, out);
  fputs(" = ", out);
}

static void print_setting(const option *o, const char *value, FILE *out) {
  bool quotes = o->type == OPTION_TEXT && (strpbrk(value, ";\"") || value[0] == ' ');
  print_key(o->name, out);
  fprintf(out, quotes ? "\"%s\"\n" : "%s\n", value);
}

/* Lists: one line per item, except that those of a section stand in one again. */
static void print_list(const option *o, const option_list *list, FILE *out) {
  for (size_t i = 0; i < list->count; i++)
    if (!list->sections[i])
      print_setting(o, list->items[i], out);
}

static void print_number(const option *o, double value, double initial, FILE *out) {
  number_text text;
  if (!isnan(value) && value != initial)
    print_setting(o, number_exact(value, text), out);
}

static double initial_number(const option *o) { return o->initial ? strtod(o->initial, NULL) : NAN; }

static void print_option(const option *o, const void *arguments, FILE *out) {
  const void *field = (const char *)arguments + o->offset;
  char text[32];
  switch (o->type) {
  case OPTION_FLAG:
    if (*(const bool *)field)
      print_setting(o, "yes", out);
    break;
  case OPTION_TEXT:
  case OPTION_FILE: {
    const char *value = *(const char *const *)field;
    if (value && !(o->initial && strcmp(o->initial, value) == 0))
      print_setting(o, value, out);
    break;
  }
  case OPTION_LIST:
    print_list(o, field, out);
    break;
  case OPTION_INTEGER:
    if (!o->initial || *(const int64_t *)field != strtoll(o->initial, NULL, 10)) {
      snprintf(text, sizeof text, "%" PRId64, *(const int64_t *)field);
      print_setting(o, text, out);
    }
    break;
  case OPTION_REAL:
    print_number(o, *(const double *)field, initial_number(o), out);
    break;
  case OPTION_SIZE:
    if (*(const uint64_t *)field) {
      snprintf(text, sizeof text, "%" PRIu64, *(const uint64_t *)field);
      print_setting(o, text, out);
    }
    break;
  case OPTION_CHOICE: {
    int choice = *(const int *)field;
    if (choice >= 0 && !(o->initial && strcmp(o->initial, o->choices[choice]) == 0))
      print_setting(o, o->choices[choice], out);
    break;
  }
  }
}

/* What is said of variables by options that the plan does not resolve: as sections of their own. */
static void print_sections(const option *o, const option_list *list, FILE *out) {
  for (size_t i = 0; i < list->count; i++)
    if (list->sections[i]) {
      fprintf(out, "\n[%s]\n", list->sections[i]);
      print_setting(o, list->items[i], out);
    }
}

void recipe_write(const option *table, const void *arguments, const report *r, FILE *out) {
  fputs("# A recipe of emend: emend impute INPUT -o OUTPUT --recipe THIS_FILE\n"
        "# Settings of the run come first, then a [section] for a variable, a range q1-q12, a pattern inc* or a list of them.\n"
        "# Any option of the command line can stand here; the command line wins. A ; behind a blank begins a comment.\n\n",
        out);
  for (const option *o = table; o->name; o++)
    if (is_written(o))
      print_option(o, arguments, out);
  for (const option *o = table; o->name; o++)
    if (is_written(o) && o->type == OPTION_LIST && o->scope == OPTION_OF_VARIABLE)
      print_sections(o, (const option_list *)(const void *)((const char *)arguments + o->offset), out);
  recipe_write_variables(r, out);
}
