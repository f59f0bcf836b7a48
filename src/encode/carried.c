/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/carried.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/memory.h"
#include "base/sort.h"
#include "base/text.h"
#include "encode/plan.h"

static const double EVIDENCE = 20; /* minus the log of the probability that answers are equal by chance */

/* Rows in the order of an identifier; those that share it have the same group. */
typedef struct group_row {
  double group;
  double row;
} group_row;

typedef struct search {
  const emend_plan *plan;
  group_row *rows;
  size_t n_rows, id;
  double *answers; /* per row: of the variable at hand; NaN: none */
  emend_carried *carried;
  emend_buffer names;
  size_t n_names, n_carried, n_following; /* cells that have an answer elsewhere, and cells that share an estimate */
  emend_error *error;
} search;

static bool is_shared_identifier(const emend_plan *plan, size_t v) {
  const emend_planned *planned = &plan->variables[v];
  return planned->role == EMEND_ROLE_ID && planned->observed.n > 1 && !planned->observed.distinct;
}

static emend_offset text_at(const emend_dataset *dataset, size_t variable, size_t row) {
  emend_offset offset;
  emend_run cell = emend_dataset_run(dataset, variable, row);
  memcpy(&offset, cell.values, sizeof offset);
  return offset;
}

/* A number for each text, the same for the same: a hash, of which doubles hold 52 bits. */
static double number_of_text(const char *text) { return (double)(emend_bits_hash(text, emend_trimmed_length(text, strlen(text))) >> 12); }

static void sort_rows(search *s) {
  const emend_dataset *dataset = s->plan->dataset;
  bool text = emend_variable_get_kind(dataset, s->id) == EMEND_TEXT;
  s->n_rows = 0;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row++) {
    emend_run cell = emend_dataset_run(dataset, s->id, row);
    if (*cell.reasons == EMEND_OBSERVED)
      s->rows[s->n_rows++] =
          (group_row){text ? number_of_text(emend_dataset_text(dataset, text_at(dataset, s->id, row))) : *cell.values, (double)row};
  }
  emend_sort_by_numbers(s->rows, s->n_rows, sizeof *s->rows, offsetof(group_row, group), offsetof(group_row, row));
}

/* Answers as numbers: of texts those of their steps, or of their categories. */
static void read_answers(search *s, size_t v) {
  const emend_planned *planned = &s->plan->variables[v];
  const emend_dataset *dataset = s->plan->dataset;
  const emend_categories *c = &planned->categories;
  bool text = emend_variable_get_kind(dataset, v) == EMEND_TEXT;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, v, row);
    for (size_t i = 0; i < run.n; i++) {
      size_t k = text ? emend_categories_of_cell(c, row + i, run.reasons[i], 0) : 0;
      double answer = !text ? run.values[i] : k < c->n ? (c->numbers ? c->numbers[k] : (double)k) : NAN;
      s->answers[row + i] = run.reasons[i] == EMEND_OBSERVED ? answer : NAN;
    }
  }
}

/* Where the rows end that share the identifier of the i-th. */
static size_t end_of_group(const search *s, size_t i) {
  size_t end = i + 1;
  while (end < s->n_rows && s->rows[end].group == s->rows[i].group)
    end++;
  return end;
}

/* The answer of the rows that share an identifier; NaN: none. *n: how many have it; false if they differ. */
static bool answer_of_group(const search *s, size_t from, size_t to, double *answer, size_t *n) {
  *answer = NAN, *n = 0;
  for (size_t i = from; i < to; i++) {
    double value = s->answers[(size_t)s->rows[i].row];
    if (isnan(value))
      continue;
    if ((*n)++ > 0 && value != *answer)
      return false;
    *answer = value;
  }
  return true;
}

/* The log of the probability that the answers of two identifiers are equal, of those that have any. NaN when there is no memory. */
static double log_equal(const search *s) {
  double *answers = emend_allocate(s->n_rows, sizeof *answers), answer, sum = 0;
  size_t n = 0, n_answers;
  for (size_t i = 0, end; i < s->n_rows && answers; i = end) {
    end = end_of_group(s, i);
    if (answer_of_group(s, i, end, &answer, &n_answers) && n_answers > 0)
      answers[n++] = answer;
  }
  if (answers)
    qsort(answers, n, sizeof *answers, emend_compare_numbers);
  for (size_t i = 0, end; i < n && answers; i = end) {
    for (end = i; end < n && answers[end] == answers[i];)
      end++;
    sum += (double)(end - i) * (double)(end - i) / ((double)n * (double)n);
  }
  double log_sum = answers ? log(sum) : NAN;
  free(answers);
  return log_sum;
}

/* Whether the variable is constant within the identifier, beyond chance. */
static emend_status is_constant(const search *s, bool *constant) {
  size_t repeated = 0, n;
  double answer;
  *constant = false;
  for (size_t i = 0, end; i < s->n_rows; i = end) {
    end = end_of_group(s, i);
    if (!answer_of_group(s, i, end, &answer, &n))
      return EMEND_OK;
    repeated += n > 1 ? n - 1 : 0;
  }
  double log_same = repeated > 0 ? log_equal(s) : 0;
  *constant = -(double)repeated * log_same >= EVIDENCE;
  return isnan(log_same) ? emend_fail_memory(s->error) : EMEND_OK;
}

static bool is_open(const search *s, size_t v, size_t row) {
  emend_run cell = emend_dataset_run(s->plan->dataset, v, row);
  emend_fate fate = *cell.reasons == EMEND_OBSERVED ? EMEND_FATE_KEEP : emend_plan_fate(s->plan, row, v, *cell.reasons, *cell.values);
  return fate == EMEND_FATE_FILL || fate == EMEND_FATE_OPEN;
}

/* The cells of one group: all get its answer, or but the first that one's estimate. */
static emend_status carry_group(search *s, size_t v, size_t from, size_t to, bool answered, double answer) {
  size_t leader = SIZE_MAX;
  for (size_t k = from; k < to; k++) {
    size_t row = (size_t)s->rows[k].row;
    if (!isnan(s->answers[row]) || !is_open(s, v, row))
      continue;
    if (!answered && leader == SIZE_MAX) {
      leader = row;
      continue;
    }
    if (!emend_reserve(&s->carried->cells, s->carried->n, &s->carried->capacity, sizeof *s->carried->cells))
      return emend_fail_memory(s->error);
    s->carried->cells[s->carried->n++] = (emend_carried_cell){row, v, answered ? answer : 0, leader};
    s->n_carried += answered, s->n_following += !answered;
  }
  return EMEND_OK;
}

static emend_status carry(search *s, size_t v) {
  const emend_planned *planned = &s->plan->variables[v];
  size_t before = s->carried->n, n;
  emend_status status = EMEND_OK;
  double answer;
  for (size_t i = 0, end; i < s->n_rows && !status; i = end) {
    end = end_of_group(s, i);
    answer_of_group(s, i, end, &answer, &n);
    if (n == 0 || !(planned->bounded && (answer < planned->lo || answer > planned->hi)))
      status = carry_group(s, v, i, end, n > 0, answer);
  }
  if (status || s->carried->n == before)
    return status;
  return s->n_names++ < 8 ? emend_buffer_format(&s->names, s->error, "%s%s", s->n_names > 1 ? ", " : "",
                                                emend_variable_name(s->plan->dataset, v))
                          : EMEND_OK;
}

static bool may_be_carried(const emend_plan *plan, size_t v) {
  const emend_planned *planned = &plan->variables[v];
  bool answers = emend_variable_get_kind(plan->dataset, v) != EMEND_TEXT || planned->categories.n > 1;
  return planned->missing.fill > 0 && planned->role == EMEND_ROLE_FILL && answers && !emend_plan_formula(plan, v);
}

static void warn(const search *s, emend_events *events) {
  char text[EMEND_OTHERS_TEXT];
  const char *id = emend_variable_name(s->plan->dataset, s->id), *others = emend_others(s->n_names, 8, text);
  char carried[100] = "", following[100] = "";
  if (s->n_carried > 0)
    snprintf(carried, sizeof carried, "%zu missing cell%s the answer of another such row", s->n_carried, s->n_carried == 1 ? " gets" : "s get");
  if (s->n_following > 0)
    snprintf(following, sizeof following, "%zu%s where none has it %s another's estimate", s->n_following,
             s->n_carried > 0 ? "" : s->n_following == 1 ? " cell" : " cells", s->n_following == 1 ? "shares" : "share");
  emend_warn(events, "%s%s: the same in all rows that share %s, so %s%s%s (--exclude %s estimates each)", s->names.bytes, others, id, carried,
             s->n_carried > 0 && s->n_following > 0 ? ", and " : "", following, id);
}

/* A variable that one identifier explains is not asked about another. */
static emend_status search_within(search *s, unsigned char *done, emend_events *events) {
  emend_status status = EMEND_OK;
  emend_buffer_clear(&s->names);
  s->n_names = s->n_carried = s->n_following = 0;
  sort_rows(s);
  for (size_t v = 0; v < s->plan->n_variables && !status; v++) {
    bool constant = false;
    if (done[v] || !may_be_carried(s->plan, v))
      continue;
    read_answers(s, v);
    status = is_constant(s, &constant);
    if (constant)
      done[v] = 1, status = carry(s, v);
  }
  if (!status && s->n_carried + s->n_following > 0)
    warn(s, events);
  return status;
}

static int compare_cells(const void *a, const void *b) {
  const emend_carried_cell *x = a, *y = b;
  if (x->row != y->row)
    return x->row < y->row ? -1 : 1;
  return (x->variable > y->variable) - (x->variable < y->variable);
}

emend_status emend_carried_find(const emend_plan *plan, emend_carried *carried, emend_events *events, emend_error *error) {
  size_t n = emend_dataset_rows(plan->dataset), n_ids = 0;
  *carried = (emend_carried){0};
  for (size_t v = 0; v < plan->n_variables; v++)
    n_ids += is_shared_identifier(plan, v);
  if (n_ids == 0)
    return EMEND_OK;
  search s = {.plan = plan, .carried = carried, .error = error};
  unsigned char *done = emend_allocate(plan->n_variables, 1);
  s.rows = emend_allocate(n, sizeof *s.rows), s.answers = emend_allocate(n, sizeof *s.answers);
  emend_status status = done && s.rows && s.answers ? EMEND_OK : emend_fail_memory(error);
  for (s.id = 0; s.id < plan->n_variables && !status; s.id++)
    if (is_shared_identifier(plan, s.id))
      status = search_within(&s, done, events);
  if (carried->n > 1)
    qsort(carried->cells, carried->n, sizeof *carried->cells, compare_cells);
  emend_buffer_free(&s.names);
  free(s.rows), free(s.answers), free(done);
  return status;
}

void emend_carried_free(emend_carried *carried) {
  free(carried->cells);
  *carried = (emend_carried){0};
}
