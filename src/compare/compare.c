/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare/compare.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Options. */

emend_compare_options *emend_compare_options_new(void) { return calloc(1, sizeof(emend_compare_options)); }

void emend_compare_options_free(emend_compare_options *options) {
  if (!options)
    return;
  for (size_t i = 0; i < options->n_lists; i++)
    free(options->lists[i]);
  free(options->lists);
  free(options->id);
  free(options);
}

emend_status emend_compare_options_set_id(emend_compare_options *options, const char *name, emend_error *error) {
  char *copy = name ? strdup(name) : NULL;
  if (name && !copy)
    return emend_fail_memory(error);
  free(options->id);
  options->id = copy;
  return EMEND_OK;
}

emend_status emend_compare_options_add_variables(emend_compare_options *options, const char *list, emend_error *error) {
  char **longer = emend_reallocate(options->lists, options->n_lists + 1, sizeof *longer);
  if (longer)
    options->lists = longer;
  char *copy = longer ? strdup(list) : NULL;
  if (!copy)
    return emend_fail_memory(error);
  options->lists[options->n_lists++] = copy;
  return EMEND_OK;
}

emend_status emend_compare_options_set_tolerance(emend_compare_options *options, double tolerance, emend_error *error) {
  if (!(tolerance >= 0) || isinf(tolerance))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "a tolerance is a number from 0 on");
  options->tolerance = tolerance;
  return EMEND_OK;
}

/* Comparing. */

emend_status compare_add_difference(emend_comparison *c, ptrdiff_t variable, const char *property, const char *before, const char *after,
                                    emend_error *error) {
  if (strcmp(before, after) == 0)
    return EMEND_OK;
  if (!emend_reserve(&c->differences, c->n_differences, &c->differences_capacity, sizeof *c->differences))
    return emend_fail_memory(error);
  difference d = {.variable = variable, .property = strdup(property), .before = strdup(before), .after = strdup(after)};
  c->differences[c->n_differences++] = d;
  return d.property && d.before && d.after ? EMEND_OK : emend_fail_memory(error);
}

emend_status compare_add_remark(emend_comparison *c, emend_error *error, const char *format, ...) {
  char **longer = emend_reallocate(c->remarks, c->n_remarks + 1, sizeof *longer);
  if (!longer)
    return emend_fail_memory(error);
  c->remarks = longer;
  va_list arguments;
  va_start(arguments, format);
  int length = vasprintf(&c->remarks[c->n_remarks], format, arguments);
  va_end(arguments);
  if (length < 0)
    return emend_fail_memory(error);
  c->n_remarks++;
  return EMEND_OK;
}

void emend_comparison_free(emend_comparison *c) {
  if (!c)
    return;
  for (size_t i = 0; i < c->n_differences; i++) {
    free(c->differences[i].property);
    free(c->differences[i].before);
    free(c->differences[i].after);
  }
  for (size_t i = 0; i < c->n_remarks; i++)
    free(c->remarks[i]);
  for (int side = 0; side < 2; side++) {
    free(c->variables[side].items);
    free(c->rows[side].items);
    free(c->matched[side]);
  }
  free(c->differences);
  free(c->remarks);
  free(c->pairs);
  free(c);
}

/* Stata and SAS know the same letters; codes of SPSS become letters there, and delimited text knows one kind of missing only. */
static bool share_kinds(const emend_comparison *c) {
  unsigned shared = compare_says(c->data[0]) & compare_says(c->data[1]);
  return (shared & (SAYS_MISSING | SAYS_TAGS)) || (c->family[0] == c->family[1]);
}

static emend_status remark_cells(emend_comparison *c, emend_error *error) {
  emend_status status = EMEND_OK;
  if (c->unlike)
    status =
        compare_add_remark(c, error, "%zu cell%s missing in both files; of which kind, %s and %s do not say in the same way", c->unlike,
                           c->unlike == 1 ? " is" : "s are", emend_dataset_format(c->data[0]), emend_dataset_format(c->data[1]));
  for (size_t i = 0; i < c->n_pairs && !status; i++)
    if (c->pairs[i].way == PAIR_NOT)
      status = compare_add_remark(c, error, "the cells of %s are not compared: numbers in one file, text in the other",
                                  emend_variable_name(c->data[0], c->pairs[i].facts.a));
  return status;
}

emend_status emend_compare(const emend_dataset *a, const emend_dataset *b, const emend_compare_options *options, emend_events *events,
                           emend_comparison **comparison, emend_error *error) {
  *comparison = NULL;
  emend_comparison *c = calloc(1, sizeof *c);
  if (!c)
    return emend_fail_memory(error);
  c->data[0] = a;
  c->data[1] = b;
  c->id[0] = c->id[1] = -1;
  for (int side = 0; side < 2; side++)
    c->family[side] = emend_family_of(emend_dataset_format(c->data[side]));
  c->kinds_shared = share_kinds(c);
  c->tolerance = options ? options->tolerance : 0;
  emend_status status = compare_match_variables(c, options, events, error);
  if (!status)
    status = compare_match_rows(c, error);
  if (!status)
    status = compare_dictionaries(c, error);
  if (!status)
    compare_cells(c);
  if (!status)
    status = remark_cells(c, error);
  if (status)
    emend_comparison_free(c);
  else
    *comparison = c;
  return status;
}

/* Results. */

size_t emend_comparison_variables(const emend_comparison *c) { return c->n_pairs; }
emend_compared_variable emend_comparison_variable(const emend_comparison *c, size_t index) { return c->pairs[index].facts; }
size_t emend_comparison_single_variables(const emend_comparison *c, emend_side side) { return c->variables[side].count; }
size_t emend_comparison_single_variable(const emend_comparison *c, emend_side side, size_t index) {
  return c->variables[side].items[index];
}
int emend_comparison_variables_moved(const emend_comparison *c) { return c->variables_moved; }

size_t emend_comparison_rows(const emend_comparison *c) { return c->n_matched; }
size_t emend_comparison_single_rows(const emend_comparison *c, emend_side side) { return c->rows[side].count; }
size_t emend_comparison_single_row(const emend_comparison *c, emend_side side, size_t index) { return c->rows[side].items[index]; }
int emend_comparison_rows_moved(const emend_comparison *c) { return c->rows_moved; }
ptrdiff_t emend_comparison_id(const emend_comparison *c, emend_side side) { return c->id[side]; }

size_t emend_comparison_differences(const emend_comparison *c) { return c->n_differences; }

emend_difference emend_comparison_difference(const emend_comparison *c, size_t index) {
  const difference *d = &c->differences[index];
  return (emend_difference){.variable = d->variable, .property = d->property, .before = d->before, .after = d->after};
}

size_t emend_comparison_remarks(const emend_comparison *c) { return c->n_remarks; }
const char *emend_comparison_remark(const emend_comparison *c, size_t index) { return c->remarks[index]; }

size_t emend_comparison_cells(const emend_comparison *c, emend_change change) {
  size_t n = 0;
  for (size_t i = 0; i < c->n_pairs; i++)
    n += c->pairs[i].facts.cells[change];
  return n;
}

int emend_comparison_same(const emend_comparison *c) {
  bool same = c->n_differences == 0 && !c->variables_moved && !c->rows_moved;
  for (int side = 0; side < 2; side++)
    same = same && c->variables[side].count == 0 && c->rows[side].count == 0;
  for (int change = 0; change < EMEND_CHANGES; change++)
    same = same && emend_comparison_cells(c, (emend_change)change) == 0;
  return same;
}
