/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/groups.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* A pattern on its way into a group. */
typedef struct member {
  uint32_t pattern;
  uint32_t size; /* of its system: active columns missing, or observed */
  bool score;
} member;

typedef struct builder {
  const emend_reduced *reduced;
  const bool *active;
  double factor;
  emend_form form;
  size_t n_lanes;
  emend_groups *made;
  member *members, *sorted;
  size_t n_members;
  uint32_t *list;   /* scratch for a pattern's columns */
  uint32_t *columns; /* next free */
  double *entries;
  double *costs; /* of each group, precision form first */
} builder;

void emend_groups_free(emend_groups *g) {
  if (!g)
    return;
  free(g->precision), free(g->score), free(g->chunks), free(g->is_score), free(g->columns), free(g->entries), free(g);
}

emend_form emend_form_choose(void) {
  const char *wanted = getenv("EMEND_KERNEL"), *comma = wanted ? strchr(wanted, ',') : NULL;
  if (comma && strcmp(comma + 1, "precision") == 0)
    return EMEND_FORM_PRECISION;
  return comma && strcmp(comma + 1, "score") == 0 ? EMEND_FORM_SCORE : EMEND_FORM_CHEAPER;
}

/* Multiply-adds; those along whole rows take half the time of those side by side. */
static double cost_of_precision(double m, double p, double rows) { return m * m * m / 2 + m * m + rows * (m * p + 1.5 * m * m); }
static double cost_of_score(double o, double rows) { return o * o * o / 2 + o * o + rows * (1.5 * o * o + o); }

static bool choose_score(const builder *b, size_t m, size_t o, size_t n_stored) {
  if (b->form != EMEND_FORM_CHEAPER)
    return b->form == EMEND_FORM_SCORE;
  return cost_of_score((double)o, (double)n_stored) < cost_of_precision((double)m, (double)b->reduced->n_columns, (double)n_stored);
}

static size_t count_active(const builder *b, const uint32_t *columns, size_t n) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++)
    count += b->active[columns[i]];
  return count;
}

/* What every pattern adds to the totals, and the members that need a group. */
static void sort_out(builder *b, size_t n_active) {
  const emend_reduced *reduced = b->reduced;
  emend_groups *made = b->made;
  made->complete = true;
  for (size_t s = 0; s < reduced->n_patterns; s++) {
    const emend_reduced_pattern *q = &reduced->patterns[s];
    size_t m = count_active(b, q->missing, q->n_missing), o = n_active - m;
    double weight = q->weight * b->factor;
    if (o == 0 || weight == 0)
      continue;
    bool score = m > 0 && choose_score(b, m, o, q->n_stored);
    made->is_score[s] = score;
    made->n_rows += q->n_rows;
    *(score ? &made->score_weight : &made->precision_weight) += weight;
    *(score ? &made->score_observed : &made->precision_observed) += weight * (double)o;
    if (m == 0)
      continue;
    made->complete = false;
    made->precision_missing += score ? 0 : weight * (double)m;
    size_t size = score ? o : m;
    made->largest = size > made->largest ? size : made->largest;
    b->members[b->n_members++] = (member){.pattern = (uint32_t)s, .size = (uint32_t)size, .score = score};
  }
}

typedef size_t (*key_of)(const builder *b, const member *m);

static size_t stored_rows(const builder *b, const member *m) { return b->reduced->patterns[m->pattern].n_stored; }
static size_t form_and_size(const builder *b, const member *m) { return m->score * (b->reduced->n_columns + 1) + m->size; }

/* A stable sort by a small key. `start` holds n_keys + 1 zeros. */
static void sort_by(builder *b, key_of key, size_t *start) {
  for (size_t i = 0; i < b->n_members; i++)
    start[key(b, &b->members[i]) + 1]++;
  for (size_t i = 0, sum = 0; i < 2 * (b->reduced->n_columns + 2); i++)
    sum += start[i], start[i] = sum;
  for (size_t i = 0; i < b->n_members; i++)
    b->sorted[start[key(b, &b->members[i])]++] = b->members[i];
  member *sorted = b->sorted;
  b->sorted = b->members;
  b->members = sorted;
}

static emend_status sort_members(builder *b, emend_error *error) {
  size_t n = 2 * (b->reduced->n_columns + 2) + 1;
  size_t *start = emend_allocate(n, sizeof *start);
  if (!start)
    return emend_fail_memory(error);
  sort_by(b, stored_rows, start);
  memset(start, 0, n * sizeof *start);
  sort_by(b, form_and_size, start);
  free(start);
  return EMEND_OK;
}

static size_t lanes_of(const builder *b, const member *m) { return m->size <= EMEND_MOST_SIDE_BY_SIDE ? b->n_lanes : 1; }

/* How many members from `first` on make one group. */
static size_t group_length(const builder *b, size_t first) {
  const member *m = &b->members[first];
  size_t n = 1, most = lanes_of(b, m);
  while (n < most && first + n < b->n_members && m[n].size == m->size && m[n].score == m->score)
    n++;
  return n;
}

/* Counts groups, and the room that their columns and entries take. */
static emend_status allocate_groups(builder *b, emend_error *error) {
  emend_groups *made = b->made;
  size_t n_columns = 0, n_entries = 0;
  for (size_t i = 0, n; i < b->n_members; i += n) {
    const member *m = &b->members[i];
    size_t lanes = lanes_of(b, m);
    n = group_length(b, i);
    n_columns += m->size * lanes;
    if (m->score)
      n_entries += stored_rows(b, &m[n - 1]) * (m->size + 1) * lanes; /* the last has the most rows */
    *(m->score ? &made->n_score : &made->n_precision) += 1;
  }
  made->precision = emend_allocate(made->n_precision, sizeof *made->precision);
  made->score = emend_allocate(made->n_score, sizeof *made->score);
  b->columns = made->columns = emend_allocate(n_columns, sizeof *made->columns);
  b->entries = made->entries = emend_allocate_aligned(n_entries, sizeof *made->entries);
  b->costs = emend_allocate(made->n_precision + made->n_score, sizeof *b->costs);
  return made->precision && made->score && made->columns && made->entries && b->costs ? EMEND_OK : emend_fail_memory(error);
}

/* The active columns of a member's system into lane l. */
static void fill_columns(builder *b, const member *m, size_t lanes, size_t l, uint32_t *columns) {
  const emend_reduced_pattern *q = &b->reduced->patterns[m->pattern];
  const uint32_t *list = q->missing;
  size_t n = q->n_missing, count = 0;
  if (m->score) {
    n = emend_reduced_observed(b->reduced, q, b->list);
    list = b->list;
  }
  for (size_t i = 0; i < n; i++)
    if (b->active[list[i]])
      columns[count++ * lanes + l] = list[i];
}

static void fill_entries(const builder *b, const emend_group *g, const member *m, size_t l, double *entries) {
  const emend_reduced *reduced = b->reduced;
  const emend_reduced_pattern *q = &reduced->patterns[m->pattern];
  for (size_t r = 0; r < q->n_stored; r++) {
    const double *row = reduced->rows + (q->first + r) * reduced->stride;
    double *to = entries + r * (g->size + 1) * g->n_lanes + l;
    for (size_t i = 0; i < g->size; i++)
      to[i * g->n_lanes] = row[g->columns[i * g->n_lanes + l]];
    to[g->size * g->n_lanes] = row[reduced->n_columns];
  }
}

static double fill_group(builder *b, const member *members, size_t n, emend_group *g) {
  const emend_reduced *reduced = b->reduced;
  size_t size = members->size, lanes = lanes_of(b, members);
  double rows = 0;
  *g = (emend_group){.size = size, .n_patterns = n, .n_lanes = lanes, .columns = b->columns, .entries = b->entries};
  for (size_t l = 0; l < lanes; l++) {
    const member *m = &members[l < n ? l : 0];
    const emend_reduced_pattern *q = &reduced->patterns[m->pattern];
    fill_columns(b, m, lanes, l, b->columns);
    if (l >= n)
      continue;
    g->weight[l] = q->weight * b->factor;
    g->rows[l] = reduced->rows + q->first * reduced->stride;
    g->n_rows[l] = q->n_stored;
    g->most_rows = q->n_stored > g->most_rows ? q->n_stored : g->most_rows;
    rows += (double)q->n_stored;
    if (m->score)
      fill_entries(b, g, m, l, b->entries);
  }
  b->columns += size * lanes;
  b->entries += members->score ? g->most_rows * (size + 1) * lanes : 0;
  double s = (double)size, each = members->score ? cost_of_score(s, 0) : cost_of_precision(s, (double)reduced->n_columns, 0);
  return (double)n * each + (members->score ? cost_of_score(s, rows) : cost_of_precision(s, (double)reduced->n_columns, rows)) - each;
}

/* Chunks are worth their own statistics when they have many times as much to do as adding those up. */
static emend_status cut(builder *b, emend_error *error) {
  enum { MOST_CHUNKS = 32, WORTH = 200000, WORTH_OF_STATISTICS = 50 };
  emend_groups *made = b->made;
  const emend_reduced *reduced = b->reduced;
  size_t n = made->n_precision + made->n_score;
  double total = 0, statistics = (double)(reduced->n_columns * reduced->stride), sum = 0;
  for (size_t g = 0; g < n; g++)
    total += b->costs[g];
  double chunks = total / WORTH, by_statistics = total / (WORTH_OF_STATISTICS * statistics);
  chunks = chunks < by_statistics ? chunks : by_statistics;
  chunks = chunks < 1 ? 1 : chunks > MOST_CHUNKS ? MOST_CHUNKS : chunks;
  made->n_chunks = (size_t)chunks; /* an even share for two threads, and for four */
  made->n_chunks -= made->n_chunks > 4 ? made->n_chunks % 4 : made->n_chunks > 2 ? made->n_chunks % 2 : 0;
  made->chunks = emend_allocate(made->n_chunks, sizeof *made->chunks);
  if (!made->chunks)
    return emend_fail_memory(error);
  for (size_t g = 0; g < n; g++) {
    size_t c = (size_t)(sum / total * (double)made->n_chunks);
    emend_chunk *chunk = &made->chunks[c < made->n_chunks ? c : made->n_chunks - 1];
    sum += b->costs[g];
    if (g < made->n_precision && chunk->n_precision++ == 0)
      chunk->first_precision = g;
    if (g >= made->n_precision && chunk->n_score++ == 0)
      chunk->first_score = g - made->n_precision;
  }
  return EMEND_OK;
}

static emend_status build(builder *b, emend_error *error) {
  size_t n_active = 0, p = b->reduced->n_columns, precision = 0, score = 0;
  for (size_t j = 0; j < p; j++)
    n_active += b->active[j];
  sort_out(b, n_active);
  emend_status status = sort_members(b, error);
  if (!status)
    status = allocate_groups(b, error);
  for (size_t i = 0, n; i < b->n_members && !status; i += n) {
    n = group_length(b, i);
    bool is_score = b->members[i].score;
    emend_group *g = is_score ? &b->made->score[score] : &b->made->precision[precision];
    size_t number = is_score ? b->made->n_precision + score++ : precision++;
    b->costs[number] = fill_group(b, &b->members[i], n, g);
  }
  return status ? status : cut(b, error);
}

emend_status emend_groups_new(const emend_reduced *reduced, const bool *active, double factor, emend_form form, size_t n_lanes,
                              emend_groups **groups, emend_error *error) {
  *groups = NULL;
  builder b = {
      .reduced = reduced, .active = active, .factor = factor, .form = form, .n_lanes = n_lanes, .made = emend_allocate(1, sizeof *b.made)};
  b.members = emend_allocate(reduced->n_patterns, sizeof *b.members);
  b.sorted = emend_allocate(reduced->n_patterns, sizeof *b.sorted);
  b.list = emend_allocate(reduced->n_columns, sizeof *b.list);
  bool ok = b.made && b.members && b.sorted && b.list;
  if (ok)
    ok = (b.made->is_score = emend_allocate(reduced->n_patterns, sizeof(bool))) != NULL;
  emend_status status = ok ? build(&b, error) : emend_fail_memory(error);
  free(b.members), free(b.sorted), free(b.list), free(b.costs);
  if (status)
    emend_groups_free(b.made);
  else
    *groups = b.made;
  return status;
}
