/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "impute/beyond.h"
#include "impute/blank_rows.h"
#include "impute/decoding.h"
#include "impute/imputation.h"
#include "impute/uneven.h"

/* A note is about all variables of one kind together. */
typedef bool (*of_kind)(const emend_imputation *made, size_t v);
typedef size_t (*cells_of)(const emend_imputation *made, size_t v);

static bool got_its_constant(const emend_imputation *made, size_t v) {
  return made->plan->variables[v].role == EMEND_ROLE_CONSTANT && made->column_of[v] < 0 && made->variables[v].filled > 0;
}
static size_t beyond_by_model(const emend_imputation *made, size_t v) {
  return made->plan->variables[v].observed.n > 0 ? made->variables[v].outside - made->variables[v].told_outside : 0;
}
static size_t beyond_as_told(const emend_imputation *made, size_t v) {
  return made->plan->variables[v].observed.n > 0 ? made->variables[v].told_outside : 0;
}
static bool goes_beyond(const emend_imputation *made, size_t v) { return beyond_by_model(made, v) > 0; }
static bool is_told_beyond(const emend_imputation *made, size_t v) { return beyond_as_told(made, v) > 0; }
static bool is_mostly_filled(const emend_imputation *made, size_t v) {
  return !got_its_constant(made, v) && 2 * made->variables[v].filled > emend_dataset_rows(made->plan->dataset);
}
static bool has_uneven_levels(const emend_imputation *made, size_t v) {
  emend_uneven uneven;
  return emend_uneven_levels(made, v, &uneven);
}
static bool has_uneven_steps(const emend_imputation *made, size_t v) {
  emend_uneven uneven;
  return emend_uneven_steps(made, v, &uneven);
}

/* Of a number that many have at one end (0 days, no income) hardly any filled cell is there: an expectation lies between it and an amount. */
static bool lost_its_heap(const emend_imputation *made, size_t v) {
  enum { FEWEST_CELLS = 30 };
  const emend_planned *planned = &made->plan->variables[v];
  size_t there = 0;
  emend_run run;
  if (!emend_imputation_expects(made) || planned->heap_share <= 0 || made->variables[v].filled < FEWEST_CELLS)
    return false;
  for (size_t row = 0; row < emend_dataset_rows(made->plan->dataset); row += run.n) {
    run = emend_dataset_run(made->plan->dataset, v, row);
    for (size_t i = 0; i < run.n; i++)
      there += run.reasons[i] != EMEND_OBSERVED &&
               emend_imputation_answer(made, row + i, v, run.reasons[i], run.values[i]) == planned->heap;
  }
  return 2 * (double)there < planned->heap_share * (double)made->variables[v].filled;
}
static size_t filled(const emend_imputation *made, size_t v) { return made->variables[v].filled; }

typedef struct note {
  emend_buffer names; /* "a, b and 3 others" */
  size_t count, cells;
} note;

static emend_status gather(const emend_imputation *made, of_kind wanted, cells_of cells, note *n, emend_error *error) {
  enum { MOST_NAMES = 12 };
  char others[EMEND_OTHERS_TEXT];
  size_t named = 0;
  emend_status status = EMEND_OK;
  *n = (note){0};
  bool *those = emend_allocate(made->plan->n_variables, sizeof *those); /* asked once: some look at all rows */
  if (!those)
    return emend_fail_memory(error);
  for (size_t v = 0; v < made->plan->n_variables; v++) {
    those[v] = wanted(made, v);
    n->count += those[v];
    n->cells += those[v] ? cells(made, v) : 0;
  }
  size_t most = n->count > MOST_NAMES + 1 ? MOST_NAMES : n->count; /* one more takes no more room than "and 1 other" */
  for (size_t v = 0; v < made->plan->n_variables && named < most && !status; v++)
    if (those[v]) {
      status = emend_buffer_format(&n->names, error, "%s%s", named == 0 ? "" : named + 1 == n->count ? " and " : ", ",
                                   emend_variable_name(made->plan->dataset, v));
      named++;
    }
  if (!status && named < n->count)
    status = emend_buffer_format(&n->names, error, "%s", emend_others(n->count, named, others));
  free(those);
  return status;
}

static emend_status note_constants(const emend_imputation *made, emend_events *events, emend_error *error) {
  note n;
  emend_status status = gather(made, got_its_constant, filled, &n, error);
  if (!status && n.count > 0)
    emend_warn(events, "%s %s one value wherever observed: %s %zu missing cell%s received it", n.names.bytes, n.count > 1 ? "have" : "has",
               n.count > 1 ? "their" : "its", n.cells, n.cells == 1 ? "" : "s");
  emend_buffer_free(&n.names);
  return status;
}

/* Those of the model, or those that others of their rows tell. */
static emend_status note_values_beyond(const emend_imputation *made, bool told, emend_events *events, emend_error *error) {
  note n;
  emend_buffer cells = {0};
  emend_status status =
      told ? gather(made, is_told_beyond, beyond_as_told, &n, error) : gather(made, goes_beyond, beyond_by_model, &n, error);
  if (!status && n.count > 0)
    status = emend_beyond_tell(made, told, n.cells, &cells, error);
  if (!status && n.count > 0)
    emend_warn(events, "%s received %zu value%s below or above all observed ones%s%s%s: %s", n.names.bytes, n.cells,
               n.cells == 1 ? "" : "s",
               !cells.length                 ? ""
               : n.cells > EMEND_BEYOND_EACH ? " (furthest in "
                                             : " (",
               cells.length ? cells.bytes : "", cells.length ? ")" : "",
               told ? "that follows from other values of these rows" : "the normal model knows no bounds (--bounds)");
  emend_buffer_free(&n.names), emend_buffer_free(&cells);
  return status;
}

/* The first few of them, each with the category that shows it. */
static emend_status append_shares(const emend_imputation *made, bool (*are_uneven)(const emend_imputation *, size_t, emend_uneven *),
                                  size_t count, emend_buffer *shares, emend_error *error) {
  enum { MOST_SHARES = 3 };
  emend_status status = EMEND_OK;
  size_t told = 0;
  for (size_t v = 0; v < made->plan->n_variables && told < MOST_SHARES && told < count && !status; v++) {
    emend_uneven uneven;
    if (are_uneven(made, v, &uneven))
      status = emend_uneven_append(made, v, &uneven, shares, error), told++;
  }
  return status || told == count ? status : emend_buffer_format(shares, error, "; ...");
}

/* The most probable category of each cell leaves rare ones out. */
static emend_status note_uneven_levels(const emend_imputation *made, emend_events *events, emend_error *error) {
  note n;
  emend_buffer shares = {0};
  emend_status status = gather(made, has_uneven_levels, filled, &n, error);
  if (!status && n.count > 0)
    status = append_shares(made, emend_uneven_levels, n.count, &shares, error);
  if (!status && n.count > 0)
    emend_warn(events,
               "%s: the shares of categories in %zu filled cells are far from those of the answers, as each cell has its most probable one "
               "(%s): for shares take --method draw or match",
               n.names.bytes, n.cells, shares.bytes);
  emend_buffer_free(&n.names), emend_buffer_free(&shares);
  return status;
}

/* A quantity's expectation lies amid the answers, where they are few numbers that may be steps. */
static emend_status note_uneven_steps(const emend_imputation *made, emend_events *events, emend_error *error) {
  note n;
  emend_buffer shares = {0};
  emend_status status = gather(made, has_uneven_steps, filled, &n, error);
  if (!status && n.count > 0)
    status = append_shares(made, emend_uneven_steps, n.count, &shares, error);
  if (!status && n.count > 0)
    emend_warn(events,
               "%s: %zu cell%s filled with the number nearest to what is expected, and hardly one with what many answered (%s): for shares "
               "take --ordinal, if these are steps, or --method draw or match",
               n.names.bytes, n.cells, n.cells == 1 ? " is" : "s are", shares.bytes);
  emend_buffer_free(&n.names), emend_buffer_free(&shares);
  return status;
}

static emend_status note_heaps(const emend_imputation *made, emend_events *events, emend_error *error) {
  note n;
  emend_status status = gather(made, lost_its_heap, filled, &n, error);
  if (!status && n.count > 0)
    emend_warn(events,
               "%s: what many answered (0, or another end of the range) is much rarer in the %zu filled cells, as an expectation lies "
               "between it and an amount: for shares take --semicontinuous, or --method draw or match",
               n.names.bytes, n.cells);
  emend_buffer_free(&n.names);
  return status;
}

/* The usual cause is a question that was skipped, and nothing in the file says so. */
static emend_status note_mostly_filled(const emend_imputation *made, emend_events *events, emend_error *error) {
  note n;
  emend_status status = gather(made, is_mostly_filled, filled, &n, error);
  if (!status && n.count > 0)
    emend_warn(
        events,
        "%s %s more filled cells than answers: where a question did not apply, keep its cells with --only-if, --exclude or --keep-codes",
        n.names.bytes, n.count > 1 ? "have" : "has");
  emend_buffer_free(&n.names);
  return status;
}

/* Variables with holes, whose answers tell whether somebody took part at all; what everybody has (a wave, a region) does not. */
static bool has_holes(const emend_imputation *made, size_t v) {
  return made->column_of[v] >= 0 && made->plan->variables[v].missing.fill > 0;
}

/* Leaves of the rows those in which the variable holds no answer. */
static size_t without_answer(const emend_dataset *dataset, size_t v, size_t *rows, size_t n) {
  size_t left = 0;
  emend_run run = {0};
  for (size_t i = 0, first = 0; i < n; i++) {
    if (run.n == 0 || rows[i] >= first + run.n)
      first = rows[i], run = emend_dataset_run(dataset, v, first);
    if (run.reasons[rows[i] - first] != EMEND_OBSERVED)
      rows[left++] = rows[i];
  }
  return left;
}

/* Leaves those of which something is filled. */
static size_t with_filled_cell(const emend_imputation *made, size_t *rows, size_t n) {
  size_t left = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t v = 0; v < made->plan->n_variables; v++) {
      if (!has_holes(made, v))
        continue;
      emend_run run = emend_dataset_run(made->plan->dataset, v, rows[i]);
      if (emend_imputation_fills(made, rows[i], v, run.reasons[0], run.values[0])) {
        rows[left++] = rows[i];
        break;
      }
    }
  return left;
}

/* Persons who did not take part in a wave of a panel have a row in it all the same. */
static emend_status note_empty_rows(const emend_imputation *made, emend_events *events, bool *told, emend_error *error) {
  enum { FEWEST_VARIABLES = 5, FEWEST_ROWS = 3, ONE_ROW_OF = 100, HOLES_PER_WHOLE = 4, FEWEST_IN_MODEL = 3 };
  size_t n = emend_dataset_rows(made->plan->dataset), all = n, n_variables = 0, n_whole = 0;
  size_t *rows = emend_allocate(n, sizeof *rows);
  if (!rows)
    return emend_fail_memory(error);
  for (size_t row = 0; row < n; row++)
    rows[row] = row;
  for (size_t v = 0; v < made->plan->n_variables && n > 0; v++) {
    n_whole += made->column_of[v] >= 0 && !has_holes(made, v);
    if (has_holes(made, v))
      n_variables++, n = without_answer(made->plan->dataset, v, rows, n);
  }
  bool wave = n_variables >= FEWEST_VARIABLES && n_variables >= HOLES_PER_WHOLE * n_whole && n >= FEWEST_ROWS && n * ONE_ROW_OF >= all;
  bool nothing = n_whole == 0 && n_variables >= FEWEST_IN_MODEL; /* the model has nothing to go by, however few they are */
  n = wave || nothing ? with_filled_cell(made, rows, n) : 0;
  *told = n >= FEWEST_ROWS || (nothing && n > 0);
  if (*told)
    emend_warn(events,
               "%zu row%s hold%s no answer to any of the %zu variables that are filled, and %s filled from %s: leave out rows of people who "
               "did not take part, as in some waves of a panel",
               n, n == 1 ? "" : "s", n == 1 ? "s" : "", n_variables, n == 1 ? "is" : "are",
               n_whole ? "the few complete variables alone" : "nothing");
  free(rows);
  return EMEND_OK;
}

emend_status emend_imputation_note(const emend_imputation *made, emend_events *events, emend_error *error) {
  emend_status status = note_constants(made, events, error);
  if (!status)
    status = note_values_beyond(made, false, events, error);
  if (!status)
    status = note_values_beyond(made, true, events, error);
  if (!status)
    status = emend_cut_off_tell(made, events, error);
  if (!status)
    status = note_uneven_levels(made, events, error);
  if (!status)
    status = note_uneven_steps(made, events, error);
  if (!status)
    status = note_heaps(made, events, error);
  if (!status)
    status = note_mostly_filled(made, events, error);
  bool empty_told = false;
  if (!status)
    status = note_empty_rows(made, events, &empty_told, error);
  return status || made->plan->breaks_off ? status : emend_blank_rows_tell(made, empty_told, events, error);
}
