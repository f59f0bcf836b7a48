/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "compare/compare.h"
#include "emend/plan.h"
#include "encode/selection.h"
#include "io/name_index.h"

/* Which variable of A is which of B, and which row. */

static emend_status add_single(singles *s, size_t item, emend_error *error) {
  if ((s->count & (s->count - 1)) == 0) { /* at powers of two */
    size_t *longer = emend_reallocate(s->items, s->count ? 2 * s->count : 1, sizeof *longer);
    if (!longer)
      return emend_fail_memory(error);
    s->items = longer;
  }
  s->items[s->count++] = item;
  return EMEND_OK;
}

/* Variables. */

static const char *name_of(const void *context, size_t index) { return emend_variable_name(context, index); }

/* For each variable of A that of B, or n_b: exact names first, then those that differ in capitals only and are unique in both. */
static emend_status pair_names(const emend_comparison *c, size_t *partner, bool *taken, emend_error *error) {
  size_t n_a = emend_dataset_variables(c->data[0]), n_b = emend_dataset_variables(c->data[1]);
  emend_name_index exact = {.name = name_of, .context = c->data[1], .n = n_b}, folded = exact, own = exact;
  folded.fold = own.fold = true;
  own.context = c->data[0];
  own.n = n_a;
  emend_status status = emend_name_index_sort(&exact, error);
  if (!status)
    status = emend_name_index_sort(&folded, error);
  if (!status)
    status = emend_name_index_sort(&own, error);
  for (size_t v = 0; v < n_a && !status; v++) {
    const char *name = emend_variable_name(c->data[0], v);
    partner[v] = emend_name_index_find(&exact, name, strlen(name));
    if (partner[v] < n_b && taken[partner[v]])
      partner[v] = n_b;
    if (partner[v] < n_b)
      taken[partner[v]] = true;
  }
  for (size_t v = 0; v < n_a && !status; v++) {
    const char *name = emend_variable_name(c->data[0], v);
    if (partner[v] < n_b || emend_name_index_find(&own, name, strlen(name)) != v)
      continue;
    size_t found = emend_name_index_find(&folded, name, strlen(name));
    if (found < n_b && !taken[found]) {
      partner[v] = found;
      taken[found] = true;
    }
  }
  emend_name_index_free(&exact);
  emend_name_index_free(&folded);
  emend_name_index_free(&own);
  return status;
}

/* One item of a list, chosen in A, in B or in both. */
static emend_status choose_item(const emend_comparison *c, const char *item, size_t length, unsigned char *chosen[2],
                                emend_events *events, emend_error *error) {
  emend_status in_a = emend_selection_parse(c->data[0], item, length, "--vars", chosen[0], events, error);
  if (in_a && in_a != EMEND_INVALID_ARGUMENT)
    return in_a;
  emend_status in_b = emend_selection_parse(c->data[1], item, length, "--vars", chosen[1], in_a ? events : NULL, in_a ? NULL : error);
  if (in_b && in_b != EMEND_INVALID_ARGUMENT)
    return in_b;
  if (in_a && in_b)
    return in_a;
  emend_error_clear(error);
  return EMEND_OK;
}

/* Splits at commas and blanks outside backticks. */
static emend_status choose_list(const emend_comparison *c, const char *list, unsigned char *chosen[2], emend_events *events,
                                emend_error *error) {
  emend_status status = EMEND_OK;
  bool any = false;
  for (const char *at = list; *at && !status;) {
    size_t n = 0;
    for (bool quoted = false; at[n] && (quoted || !strchr(", \t\n", at[n])); n++)
      quoted ^= at[n] == '`';
    if (n)
      status = choose_item(c, at, n, chosen, events, error);
    any |= n > 0;
    at += n + (at[n] != '\0');
  }
  return status || any ? status : emend_fail(error, EMEND_INVALID_ARGUMENT, "--vars: the list names no variable");
}

static emend_status choose(const emend_comparison *c, const emend_compare_options *options, unsigned char *chosen[2], emend_events *events,
                           emend_error *error) {
  emend_status status = EMEND_OK;
  bool all = !options || options->n_lists == 0;
  for (int side = 0; side < 2; side++) {
    size_t n = emend_dataset_variables(c->data[side]);
    chosen[side] = emend_allocate(n, 1);
    if (!chosen[side])
      return emend_fail_memory(error);
    memset(chosen[side], all, n);
  }
  for (size_t i = 0; !all && i < options->n_lists && !status; i++)
    status = choose_list(c, options->lists[i], chosen, events, error);
  return status;
}

static bool is_text(const emend_dataset *dataset, size_t variable) {
  return emend_variable_get_kind(dataset, variable) == EMEND_TEXT;
}

static bool is_float(const emend_dataset *dataset, size_t variable) {
  return emend_variable_storage(dataset, variable) == EMEND_STORAGE_F32;
}

static void describe_pair(const emend_comparison *c, pair *p) {
  const emend_dataset *a = c->data[0], *b = c->data[1];
  bool text_a = is_text(a, p->facts.a), text_b = is_text(b, p->facts.b);
  bool delimited = text_a ? c->family[0] == EMEND_FAMILY_NONE : c->family[1] == EMEND_FAMILY_NONE;
  p->way = text_a && text_b ? PAIR_TEXTS : text_a == text_b ? PAIR_NUMBERS : delimited ? PAIR_PRINTED : PAIR_NOT;
  p->facts.compared = p->way != PAIR_NOT;
  p->floats = !text_a && !text_b && is_float(a, p->facts.a) != is_float(b, p->facts.b);
  if (p->way == PAIR_NUMBERS)
    p->translation = emend_translate(c->family[0], a, p->facts.a, c->family[1]);
}

static emend_status keep_pairs(emend_comparison *c, const size_t *partner, const bool *taken, unsigned char *chosen[2],
                               emend_error *error) {
  size_t n_a = emend_dataset_variables(c->data[0]), n_b = emend_dataset_variables(c->data[1]), last = 0;
  emend_status status = EMEND_OK;
  c->pairs = emend_allocate(n_a, sizeof *c->pairs);
  if (!c->pairs)
    return emend_fail_memory(error);
  for (size_t v = 0; v < n_a && !status; v++) {
    size_t w = partner[v];
    if (w == n_b) {
      status = chosen[0][v] ? add_single(&c->variables[0], v, error) : EMEND_OK;
    } else if (chosen[0][v] || chosen[1][w]) {
      pair *p = &c->pairs[c->n_pairs++];
      p->facts = (emend_compared_variable){.a = v, .b = w};
      describe_pair(c, p);
      c->variables_moved |= w < last;
      last = w;
    }
  }
  for (size_t w = 0; w < n_b && !status; w++)
    if (!taken[w] && chosen[1][w])
      status = add_single(&c->variables[1], w, error);
  return status;
}

static emend_status find_id(emend_comparison *c, const char *name, const size_t *partner, emend_events *events, emend_error *error) {
  size_t id;
  emend_status status = emend_selection_one(c->data[0], name, "--id", &id, events, error);
  if (status)
    return status;
  size_t other = partner[id];
  if (other == emend_dataset_variables(c->data[1]))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "--id: the second file has no variable %s", emend_variable_name(c->data[0], id));
  if (is_text(c->data[0], id) != is_text(c->data[1], other))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "--id: %s is text in one file and a number in the other", name);
  c->id[0] = (ptrdiff_t)id;
  c->id[1] = (ptrdiff_t)other;
  return EMEND_OK;
}

emend_status compare_match_variables(emend_comparison *c, const emend_compare_options *options, emend_events *events, emend_error *error) {
  size_t *partner = emend_allocate(emend_dataset_variables(c->data[0]), sizeof *partner);
  bool *taken = emend_allocate(emend_dataset_variables(c->data[1]), sizeof *taken);
  unsigned char *chosen[2] = {NULL, NULL};
  emend_status status = partner && taken ? pair_names(c, partner, taken, error) : emend_fail_memory(error);
  if (!status)
    status = choose(c, options, chosen, events, error);
  if (!status)
    status = keep_pairs(c, partner, taken, chosen, error);
  if (!status && options && options->id)
    status = find_id(c, options->id, partner, events, error);
  free(chosen[0]);
  free(chosen[1]);
  free(partner);
  free(taken);
  return status;
}

/* Rows. */

/* The rows of a side in the order of their ids; equal ids in the order of the file. */
typedef struct row_order {
  const emend_dataset *dataset;
  size_t id;
  bool text;
  const emend_translation *translation; /* of A's numbers; NULL: as they are */
} row_order;

static double id_number(const row_order *o, size_t row) {
  double value = emend_cell_value(o->dataset, row, o->id);
  return o->translation ? emend_translate_value(o->translation, value) : value;
}

/* Missing ids come last, and are equal. */
static int compare_ids(const row_order *x, size_t i, const row_order *y, size_t j) {
  if (x->text) {
    const char *a = emend_cell_text(x->dataset, i, x->id), *b = emend_cell_text(y->dataset, j, y->id);
    size_t n = emend_trimmed_length(a, strlen(a)), m = emend_trimmed_length(b, strlen(b));
    int order = memcmp(a, b, n < m ? n : m);
    return order ? order : n < m ? -1 : n > m;
  }
  double a = id_number(x, i), b = id_number(y, j);
  if (isnan(a) || isnan(b))
    return isnan(a) - isnan(b);
  return a < b ? -1 : a > b;
}

static int compare_rows(const void *a, const void *b, void *context) {
  size_t i = *(const size_t *)a, j = *(const size_t *)b;
  int order = compare_ids(context, i, context, j);
  return order ? order : i < j ? -1 : i > j;
}

static size_t *sorted_rows(const row_order *o) {
  size_t n = emend_dataset_rows(o->dataset), *rows = emend_allocate(n, sizeof *rows);
  for (size_t i = 0; rows && i < n; i++)
    rows[i] = i;
  if (rows)
    qsort_r(rows, n, sizeof *rows, compare_rows, (void *)(uintptr_t)o);
  return rows;
}

/* Merges both orders: partner[row of A] is the row of B, or n_b. */
static void merge(const row_order orders[2], size_t *const sorted[2], size_t *partner, bool *taken) {
  size_t n_a = emend_dataset_rows(orders[0].dataset), n_b = emend_dataset_rows(orders[1].dataset);
  for (size_t i = 0, j = 0; i < n_a;) {
    int order = j < n_b ? compare_ids(&orders[0], sorted[0][i], &orders[1], sorted[1][j]) : -1;
    if (order > 0) {
      j++;
      continue;
    }
    partner[sorted[0][i]] = order == 0 ? sorted[1][j] : n_b;
    if (order == 0)
      taken[sorted[1][j++]] = true;
    i++;
  }
}

static emend_status keep_rows(emend_comparison *c, const size_t *partner, const bool *taken, emend_error *error) {
  size_t n_a = emend_dataset_rows(c->data[0]), n_b = emend_dataset_rows(c->data[1]), last = 0;
  emend_status status = EMEND_OK;
  c->matched[0] = emend_allocate(n_a, sizeof(size_t));
  c->matched[1] = emend_allocate(n_a, sizeof(size_t));
  if (!c->matched[0] || !c->matched[1])
    return emend_fail_memory(error);
  for (size_t row = 0; row < n_a && !status; row++) {
    if (partner[row] == n_b) {
      status = add_single(&c->rows[0], row, error);
      continue;
    }
    c->rows_moved |= partner[row] < last;
    last = partner[row];
    c->matched[0][c->n_matched] = row;
    c->matched[1][c->n_matched++] = partner[row];
  }
  for (size_t row = 0; row < n_b && !status; row++)
    if (!taken[row])
      status = add_single(&c->rows[1], row, error);
  return status;
}

static emend_status say_repeated(emend_comparison *c, const row_order *o, const size_t *sorted, emend_side side, emend_error *error) {
  size_t repeated = 0;
  for (size_t i = 1; i < emend_dataset_rows(o->dataset); i++)
    repeated += compare_ids(o, sorted[i - 1], o, sorted[i]) == 0;
  return repeated ? compare_add_remark(c, error,
                                       "%s does not tell the rows of %s apart: %zu have the value of an earlier one; of equal values "
                                       "the first is matched with the first",
                                       emend_variable_name(o->dataset, o->id), side == EMEND_SIDE_A ? "A" : "B", repeated)
                  : EMEND_OK;
}

static emend_status match_by_id(emend_comparison *c, emend_error *error) {
  emend_translation translation = {0};
  row_order orders[2] = {{.dataset = c->data[0], .id = (size_t)c->id[0]}, {.dataset = c->data[1], .id = (size_t)c->id[1]}};
  orders[0].text = orders[1].text = is_text(c->data[0], (size_t)c->id[0]);
  if (!orders[0].text) {
    translation = emend_translate(c->family[0], c->data[0], (size_t)c->id[0], c->family[1]);
    orders[0].translation = &translation;
  }
  size_t *sorted[2] = {sorted_rows(&orders[0]), sorted_rows(&orders[1])};
  size_t *partner = emend_allocate(emend_dataset_rows(c->data[0]), sizeof *partner);
  bool *taken = emend_allocate(emend_dataset_rows(c->data[1]), sizeof *taken);
  emend_status status = sorted[0] && sorted[1] && partner && taken ? EMEND_OK : emend_fail_memory(error);
  if (!status) {
    merge(orders, sorted, partner, taken);
    status = keep_rows(c, partner, taken, error);
  }
  for (int side = 0; side < 2 && !status; side++)
    status = say_repeated(c, &orders[side], sorted[side], (emend_side)side, error);
  free(sorted[0]);
  free(sorted[1]);
  free(partner);
  free(taken);
  return status;
}

emend_status compare_match_rows(emend_comparison *c, emend_error *error) {
  if (c->id[0] >= 0)
    return match_by_id(c, error);
  size_t n[2] = {emend_dataset_rows(c->data[0]), emend_dataset_rows(c->data[1])};
  c->n_matched = n[0] < n[1] ? n[0] : n[1];
  emend_status status = EMEND_OK;
  for (int side = 0; side < 2; side++)
    for (size_t row = c->n_matched; row < n[side] && !status; row++)
      status = add_single(&c->rows[side], row, error);
  if (!status && n[0] != n[1])
    status =
        compare_add_remark(c, error, "rows are matched by their position, though there are more in %c; a variable can match them (--id)",
                           n[0] > n[1] ? 'A' : 'B');
  return status;
}
