/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "recipe/recipe.h"
#include "report/number.h"

/* The variables of a plan, as sections to edit. */

void recipe_write_name(const char *name, FILE *out) {
  if (!name[strcspn(name, " \t,-*?`;#=[]")]) {
    fputs(name, out);
    return;
  }
  fputc('`', out);
  for (; *name; name++) {
    if (*name == '`')
      fputc('`', out);
    fputc(*name, out);
  }
  fputc('`', out);
}

/* In a comment, whatever a stranger's label holds stays on its line. */
static void write_comment(const char *text, FILE *out) {
  for (; *text; text++)
    fputc((unsigned char)*text < ' ' || *text == 127 ? ' ' : *text, out);
}

static void write_codes(const report *r, size_t variable, FILE *out) {
  for (size_t k = 0, n = emend_plan_codes(r->plan, variable); k < n; k++) {
    emend_code code = emend_plan_code(r->plan, variable, k);
    number_text text, count;
    fputs("#   ", out);
    write_comment(report_code_name(&code, text), out);
    fputc(' ', out);
    if (*code.label) {
      fputc('"', out);
      write_comment(code.label, out);
      fputs("\" ", out);
    }
    fprintf(out, "%s, %s: %s\n", number_of(code.count, "cell", "cells", count), code.fill ? "filled" : "stays", code.why);
  }
}

/* `keep_codes = 97,99`, if there are any of that fate. */
static void write_fates(const report *r, size_t variable, int fill, FILE *out) {
  size_t written = 0;
  for (size_t k = 0, n = emend_plan_codes(r->plan, variable); k < n; k++) {
    emend_code code = emend_plan_code(r->plan, variable, k);
    number_text text;
    if (!code.fill != !fill)
      continue;
    fputs(written++ ? "," : fill ? "impute_codes = " : "keep_codes = ", out);
    fprintf(out, code.text ? "\"%s\"" : "%s", report_code_name(&code, text));
  }
  if (written)
    fputc('\n', out);
}

static void write_counts(const report *r, size_t variable, FILE *out) {
  emend_missing_counts c = emend_plan_missing(r->plan, variable);
  number_text observed, missing, fill, skipped;
  fprintf(out, "# %s observed, %s missing: %s to be filled", number_count(c.observed, observed), number_count(c.fill + c.keep, missing),
          number_count(c.fill, fill));
  if (c.skipped)
    fprintf(out, ", %s not applicable", number_count(c.skipped, skipped));
  fputc('\n', out);
}

static const char *role_words(emend_role role) {
  static const char *const words[] = {[EMEND_ROLE_FILL] = "in the model, filled",
                                      [EMEND_ROLE_PREDICT] = "in the model, not filled",
                                      [EMEND_ROLE_CONSTANT] = "not in the model, constant",
                                      [EMEND_ROLE_WEIGHT] = "the weight",
                                      [EMEND_ROLE_ID] = "not in the model, an identifier",
                                      [EMEND_ROLE_EXCLUDED] = "not in the model, unchanged",
                                      [EMEND_ROLE_DERIVED] = "not in the model"};
  return (size_t)role < sizeof words / sizeof *words ? words[role] : "";
}

/* True where the codes are decided one by one, and not because the variable is left alone. */
static bool decides_codes(const report *r, size_t variable) {
  emend_role role = emend_plan_role(r->plan, variable);
  bool fills = role == EMEND_ROLE_FILL || role == EMEND_ROLE_CONSTANT;
  for (size_t k = 0, n = emend_plan_codes(r->plan, variable); k < n && fills; k++)
    fills = strcmp(emend_plan_code(r->plan, variable, k).why, "the variable is not filled") != 0;
  return fills;
}

/* A text as a list of texts has it: without the blanks at its end, in backticks if need be. */
static void write_text(const char *text, FILE *out) {
  size_t length = strlen(text);
  while (length > 0 && text[length - 1] == ' ')
    length--;
  bool plain = length > 0 && text[0] != ' ' && strcspn(text, ",`;#=") >= length;
  if (!plain)
    fputc('`', out);
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '`')
      fputc('`', out);
    fputc(text[i], out);
  }
  if (!plain)
    fputc('`', out);
}

/* A line of a recipe cannot hold a line end, nor what begins a comment. */
static bool fits_line(const char *text) {
  for (const char *p = text; *p; p++)
    if ((unsigned char)*p < ' ' || (*p == ';' && p > text && p[-1] == ' '))
      return false;
  return true;
}

/* The order of texts: a comment to edit where the texts themselves show it, as a variable that is named for it takes part whatever it is
 * called. */
static void write_order(const report *r, size_t variable, FILE *out) {
  bool named = emend_plan_order_named(r->plan, variable);
  size_t n = emend_plan_steps(r->plan, variable);
  for (size_t k = 0; k < n; k++)
    if (!fits_line(emend_plan_step(r->plan, variable, k))) {
      fputs("# its order cannot stand in a recipe, as a text has \" ;\" or a line end: ", out);
      fputs(named ? "give --order on the command line\n" : "the texts show it\n", out);
      return;
    }
  for (size_t k = 0; k < n; k++) {
    fputs(k > 0 ? ", " : named ? "order = " : "# order = ", out);
    write_text(emend_plan_step(r->plan, variable, k), out);
  }
  if (n > 0)
    fputc('\n', out);
}

static void write_variable(const report *r, size_t variable, FILE *out) {
  const char *label = emend_variable_label(r->dataset, variable), *condition = emend_plan_only_if(r->plan, variable);
  const char *formula = emend_plan_formula(r->plan, variable);
  fputs("\n[", out);
  recipe_write_name(emend_variable_name(r->dataset, variable), out);
  fputs("]\n", out);
  if (*label) {
    fputs("# ", out);
    write_comment(label, out);
    fputc('\n', out);
  }
  fprintf(out, "# %s (", emend_type_word(emend_plan_type(r->plan, variable)));
  write_comment(emend_plan_type_why(r->plan, variable), out);
  fprintf(out, "); %s: ", role_words(emend_plan_role(r->plan, variable)));
  write_comment(emend_plan_why(r->plan, variable), out);
  fputc('\n', out);
  write_counts(r, variable, out);
  if (report_bounds_text(r, variable, "# what is filled is ", out))
    fputs(" (bounds)\n", out);
  write_codes(r, variable, out);
  if (decides_codes(r, variable)) {
    write_fates(r, variable, 0, out);
    write_fates(r, variable, 1, out);
  }
  write_order(r, variable, out);
  if (emend_plan_skewness(r->plan, variable) != 0) {
    fprintf(out, "# enters as %s, as it is skewed (%.1f); none: as it is\n", emend_plan_transform(r->plan, variable),
            emend_plan_skewness(r->plan, variable));
    fputs("transform = auto\n", out);
  }
  if (emend_plan_spike_chosen(r->plan, variable))
    fputs("# many answers are one value: enters as whether it is another, and as the amount\nsemicontinuous = yes\n", out);
  if (condition)
    fprintf(out, "only_if = %s\n", condition);
  if (formula)
    fprintf(out, "formula = %s\n", formula);
}

void recipe_write_variables(const report *r, FILE *out) {
  for (size_t v = 0, n = emend_dataset_variables(r->dataset); v < n; v++)
    write_variable(r, v, out);
}
