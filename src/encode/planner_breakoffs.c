/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/planner.h"

#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "data/rows.h"

/* Tells of interviews that were broken off: from some question on, none of the later ones has an answer. Their answers are invented from the
 * first ones, and nobody has said that these rows should be in the file. */

enum { FEWEST_QUESTIONS = 8, FEWEST_BLANK = 3, FEWEST_ROWS = 20, ROWS_FOR_ONE = 20, FEWEST_ENDS = 5 };

typedef struct interviews {
  const planner *p;
  size_t *questions; /* in file order, of those that are to be filled and that some leave blank */
  size_t n;
  size_t *ends;   /* how many rows are broken off before each question */
  size_t *blanks; /* of a question in rows that are, before their end */
  size_t *after;  /* ... and behind it */
  size_t n_broken;
} interviews;

static size_t blanks_of(const planner *p, size_t v) {
  const size_t *by_reason = p->plan->variables[v].observed.by_reason;
  return by_reason[EMEND_SYSTEM_MISSING] + by_reason[EMEND_EMPTY_TEXT];
}

/* "finished == 1", found where rows are broken off before the last questions. */
static bool hangs_on_paradata(const planner *p, size_t v) {
  const char *condition = emend_plan_only_if(p->plan, v);
  for (size_t u = 0; p->plan->variables[v].only_if_found && condition && u < p->plan->n_variables; u++) {
    const char *name = emend_variable_name(p->dataset, u);
    size_t length = strlen(name);
    if (p->wanted.paradata[u] && strncmp(condition, name, length) == 0 && condition[length] == ' ')
      return true;
  }
  return false;
}

/* Any other condition says of its own who is not asked. */
static bool is_question(const planner *p, size_t v) {
  const emend_planned *planned = &p->plan->variables[v];
  bool ruled = emend_rules_of(&p->plan->rules, v) && !hangs_on_paradata(p, v);
  return planned->role == EMEND_ROLE_FILL && planned->fills && !planned->keeps_system && !ruled &&
         2 * ROWS_FOR_ONE * blanks_of(p, v) >= emend_dataset_rows(p->dataset);
}

static bool is_blank(const interviews *i, size_t row, size_t question) {
  unsigned char reason = emend_cell_reason(i->p->dataset, row, i->questions[question]);
  return reason == EMEND_SYSTEM_MISSING || reason == EMEND_EMPTY_TEXT;
}

/* Behind the questions there may be what is known of everybody. */
static void list_questions(interviews *i) {
  const planner *p = i->p;
  for (size_t v = 0; v < p->plan->n_variables; v++)
    if (is_question(p, v))
      i->questions[i->n++] = v;
  while (i->n > 0 && ROWS_FOR_ONE * blanks_of(p, i->questions[i->n - 1]) < emend_dataset_rows(p->dataset))
    i->n--;
}

static void look_at_row(interviews *i, size_t row) {
  size_t end = i->n;
  while (end > 0 && is_blank(i, row, end - 1))
    end--;
  if (end == 0 || i->n - end < FEWEST_BLANK)
    return;
  i->n_broken++, i->ends[end]++;
  for (size_t q = 0; q < end; q++)
    i->blanks[q] += is_blank(i, row, q);
  for (size_t q = end; q < i->n; q++)
    i->after[q]++;
}

/* Up to their end these rows are about as complete as the others: who leaves much blank all over may do so at the end, too. */
static bool are_complete_before(const interviews *i) {
  double blank = 0, expected = 0, cells = 0, rows = (double)emend_dataset_rows(i->p->dataset), others = rows - (double)i->n_broken;
  for (size_t q = 0; q < i->n; q++) {
    double asked = (double)(i->n_broken - i->after[q]);
    double share = ((double)blanks_of(i->p, i->questions[q]) - (double)i->blanks[q] - (double)i->after[q]) / others;
    blank += (double)i->blanks[q], expected += asked * share, cells += asked;
  }
  return others > 0 && blank <= 1.5 * expected + 0.05 * cells;
}

/* If blanks came by chance alone, the last questions would be blank together in far fewer rows. */
static bool are_more_than_chance(const interviews *i) {
  double rows = (double)emend_dataset_rows(i->p->dataset), chance = rows;
  for (size_t q = i->n - FEWEST_BLANK; q < i->n; q++)
    chance *= (double)blanks_of(i->p, i->questions[q]) / rows;
  return (double)i->n_broken >= 2 * chance + FEWEST_ROWS;
}

/* A block that was put to some alone ends all of the others at one place. */
static bool end_here_and_there(const interviews *i) {
  size_t n = 0, most = 0;
  for (size_t q = 0; q < i->n; q++) {
    n += i->ends[q] > 0;
    most = i->ends[q] > most ? i->ends[q] : most;
  }
  return n >= FEWEST_ENDS && 5 * most <= 3 * i->n_broken;
}

static size_t find_median_end(const interviews *i) {
  size_t q = 0, before = i->ends[0];
  while (2 * before < i->n_broken)
    before += i->ends[++q];
  return q;
}

static bool is_plain(const char *name) {
  return *name && !name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789")];
}

/* What a survey service knows of it. */
static ptrdiff_t find_finished(const planner *p) {
  for (size_t v = 0; v < p->plan->n_variables; v++)
    if (emend_ascii_equal(emend_variable_name(p->dataset, v), "finished") && p->plan->variables[v].type == EMEND_TYPE_BINARY)
      return (ptrdiff_t)v;
  return -1;
}

static emend_status warn(const interviews *i) {
  const planner *p = i->p;
  const char *first = emend_variable_name(p->dataset, i->questions[0]), *last = emend_variable_name(p->dataset, i->questions[i->n - 1]);
  emend_buffer example = {0};
  ptrdiff_t finished = find_finished(p);
  emend_status status = EMEND_OK;
  if (finished >= 0 && is_plain(first) && is_plain(last)) {
    char number[EMEND_NUMBER_SIZE];
    emend_number_print(p->plan->variables[finished].observed.max, '.', number);
    status = emend_buffer_format(&example, p->error, ", as by --only-if '%s-%s = %s == %s'", first, last,
                                 emend_variable_name(p->dataset, (size_t)finished), number);
  }
  p->plan->breaks_off = true;
  if (!status)
    emend_warn(p->events,
               "%zu rows (%.0f %%) break off: from some question on all later ones are blank, for half of them before %s. What no condition "
               "leaves is filled from the answers before; --only-if with a condition for who came so far leaves it%s, and so does taking these rows out of the file",
               i->n_broken, 100 * (double)i->n_broken / (double)emend_dataset_rows(p->dataset),
               emend_variable_name(p->dataset, i->questions[find_median_end(i)]), example.length ? example.bytes : "");
  emend_buffer_free(&example);
  return status;
}

emend_status planner_tell_breakoffs(const planner *p) {
  size_t n = p->plan->n_variables, rows = emend_dataset_rows(p->dataset);
  interviews i = {.p = p, .questions = emend_allocate(n, sizeof *i.questions), .ends = emend_allocate(n + 1, sizeof *i.ends)};
  i.blanks = emend_allocate(n, sizeof *i.blanks), i.after = emend_allocate(n, sizeof *i.after);
  emend_status status = i.questions && i.ends && i.blanks && i.after ? EMEND_OK : emend_fail_memory(p->error);
  if (!status)
    list_questions(&i);
  for (size_t row = 0; row < rows && i.n >= FEWEST_QUESTIONS; row++)
    look_at_row(&i, row);
  bool enough = i.n_broken >= FEWEST_ROWS && ROWS_FOR_ONE * i.n_broken >= rows;
  if (!status && enough && are_more_than_chance(&i) && end_here_and_there(&i) && are_complete_before(&i))
    status = warn(&i);
  free(i.questions), free(i.ends), free(i.blanks), free(i.after);
  return status;
}
