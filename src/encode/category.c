/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/category.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

void emend_categories_free(emend_categories *c) {
  free(c->numbers), free(c->texts), free(c->counts), free(c->weights), free(c->codes), free(c->table), free(c->levels);
  *c = (emend_categories){0};
}

static emend_status allocate(emend_categories *c, size_t n, bool texts, emend_error *error) {
  c->n = n;
  c->counts = emend_allocate(n, sizeof *c->counts);
  c->weights = emend_allocate(n, sizeof *c->weights);
  if (texts)
    c->texts = emend_allocate(n, sizeof *c->texts);
  else
    c->numbers = emend_allocate(n, sizeof *c->numbers);
  return c->counts && c->weights && (c->texts || c->numbers) ? EMEND_OK : emend_fail_memory(error);
}

/* Codes are mostly small whole numbers: then finding one takes no search. */
static emend_status make_table(emend_categories *c, emend_error *error) {
  enum { LONGEST = 4096 };
  double first = c->numbers[0], last = c->numbers[c->n - 1];
  if (!(last - first < LONGEST))
    return EMEND_OK;
  for (size_t i = 0; i < c->n; i++)
    if (floor(c->numbers[i]) != c->numbers[i])
      return EMEND_OK;
  c->table_length = (size_t)(last - first) + 1;
  c->table = emend_allocate(c->table_length, 1);
  if (!c->table)
    return emend_fail_memory(error);
  memset(c->table, EMEND_NO_CATEGORY, c->table_length);
  for (size_t i = 0; i < c->n; i++)
    c->table[(size_t)(c->numbers[i] - first)] = (unsigned char)i;
  return EMEND_OK;
}

size_t emend_categories_search(const emend_categories *c, double number) {
  size_t lo = 0, hi = c->n;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (c->numbers[middle] < number)
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo < c->n && c->numbers[lo] == number ? lo : EMEND_NO_CATEGORY;
}

static void weigh_numbers(const emend_dataset *dataset, size_t variable, const double *row_weights, emend_categories *c) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      size_t found = run.reasons[i] == EMEND_OBSERVED ? emend_categories_find(c, run.values[i]) : EMEND_NO_CATEGORY;
      if (found != EMEND_NO_CATEGORY)
        c->weights[found] += row_weights[row + i];
    }
  }
}

emend_status emend_categories_of_numbers(const emend_dataset *dataset, size_t variable, const double *values, const size_t *counts,
                                         size_t n, const double *row_weights, emend_categories *c, emend_error *error) {
  *c = (emend_categories){0};
  if (n == 0 || n > EMEND_MOST_CATEGORIES)
    return EMEND_OK;
  emend_status status = allocate(c, n, false, error);
  if (!status) {
    memcpy(c->numbers, values, n * sizeof *values);
    memcpy(c->counts, counts, n * sizeof *counts);
    status = make_table(c, error);
  }
  for (size_t i = 0; i < n && !status && !row_weights; i++)
    c->weights[i] = (double)counts[i];
  if (!status && row_weights)
    weigh_numbers(dataset, variable, row_weights, c);
  if (status)
    emend_categories_free(c);
  return status;
}

/* Texts met so far, in open addressing; at most EMEND_MOST_CATEGORIES. */
enum { SLOTS = 512 };
typedef struct text_table {
  const emend_dataset *dataset;
  emend_offset texts[EMEND_MOST_CATEGORIES];
  size_t lengths[EMEND_MOST_CATEGORIES], counts[EMEND_MOST_CATEGORIES];
  double weights[EMEND_MOST_CATEGORIES];
  unsigned char slots[SLOTS]; /* 1 + number; 0: free */
  size_t n;
} text_table;

static size_t hash(const char *text, size_t length) {
  uint64_t h = UINT64_C(1469598103934665603);
  for (size_t i = 0; i < length; i++)
    h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
  return (size_t)(h ^ h >> 29) % SLOTS;
}

/* The number of a text, new or known; EMEND_NO_CATEGORY if there is no more room. */
static size_t find_text(text_table *t, emend_offset offset) {
  const char *text = emend_dataset_text(t->dataset, offset);
  size_t length = emend_trimmed_length(text, emend_dataset_text_length(t->dataset, offset)), at = hash(text, length);
  for (; t->slots[at]; at = (at + 1) % SLOTS) {
    size_t i = t->slots[at] - 1u;
    if (t->lengths[i] == length && memcmp(emend_dataset_text(t->dataset, t->texts[i]), text, length) == 0)
      return i;
  }
  if (t->n == EMEND_MOST_CATEGORIES)
    return EMEND_NO_CATEGORY;
  t->texts[t->n] = offset;
  t->lengths[t->n] = length;
  t->slots[at] = (unsigned char)++t->n;
  return t->n - 1;
}

static bool read_texts(text_table *t, size_t variable, const double *row_weights, unsigned char *codes) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(t->dataset); row += run.n) {
    run = emend_dataset_run(t->dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      codes[row + i] = EMEND_NO_CATEGORY;
      if (run.reasons[i] != EMEND_OBSERVED)
        continue;
      emend_offset offset;
      memcpy(&offset, &run.values[i], sizeof offset);
      size_t found = find_text(t, offset);
      if (found == EMEND_NO_CATEGORY)
        return false;
      codes[row + i] = (unsigned char)found;
      t->counts[found]++;
      t->weights[found] += row_weights ? row_weights[row + i] : 1;
    }
  }
  return true;
}

static int compare_texts(const text_table *t, size_t a, size_t b) {
  size_t shorter = t->lengths[a] < t->lengths[b] ? t->lengths[a] : t->lengths[b];
  int order = memcmp(emend_dataset_text(t->dataset, t->texts[a]), emend_dataset_text(t->dataset, t->texts[b]), shorter);
  return order ? order : (t->lengths[a] > t->lengths[b]) - (t->lengths[a] < t->lengths[b]);
}

/* The place of each text in the order of their bytes, so that nothing depends on the order of the rows. */
static void rank_texts(const text_table *t, unsigned char *rank) {
  for (size_t a = 0; a < t->n; a++) {
    rank[a] = 0;
    for (size_t b = 0; b < t->n; b++)
      rank[a] = (unsigned char)(rank[a] + (b != a && compare_texts(t, b, a) < 0));
  }
}

static emend_status keep_texts(const text_table *t, emend_categories *c, emend_error *error) {
  unsigned char rank[256];
  memset(rank, EMEND_NO_CATEGORY, sizeof rank);
  emend_status status = allocate(c, t->n, true, error);
  if (status)
    return status;
  rank_texts(t, rank);
  for (size_t i = 0; i < t->n; i++) {
    c->texts[rank[i]] = t->texts[i];
    c->counts[rank[i]] = t->counts[i];
    c->weights[rank[i]] = t->weights[i];
  }
  for (size_t row = 0; row < emend_dataset_rows(t->dataset); row++)
    c->codes[row] = rank[c->codes[row]];
  return EMEND_OK;
}

emend_status emend_categories_of_texts(const emend_dataset *dataset, size_t variable, const double *row_weights, emend_categories *c,
                                       emend_error *error) {
  *c = (emend_categories){0};
  text_table *t = calloc(1, sizeof *t);
  c->codes = emend_allocate(emend_dataset_rows(dataset), 1);
  emend_status status = EMEND_OK;
  if (!t || !c->codes) {
    status = emend_fail_memory(error);
  } else {
    t->dataset = dataset;
    if (read_texts(t, variable, row_weights, c->codes) && t->n > 0)
      status = keep_texts(t, c, error);
  }
  free(t);
  if (status || c->n == 0)
    emend_categories_free(c);
  return status;
}

size_t emend_categories_most_frequent(const emend_categories *c) {
  size_t best = 0;
  for (size_t i = 1; i < c->n; i++)
    if (emend_categories_gives(c, i) && (!emend_categories_gives(c, best) || c->counts[i] > c->counts[best]))
      best = i;
  return best;
}

/* Room for all that there may be. */
static emend_status widen(emend_categories *c, bool texts, emend_error *error) {
  size_t n = EMEND_MOST_CATEGORIES;
  size_t *counts = reallocarray(c->counts, n, sizeof *counts);
  c->counts = counts ? counts : c->counts;
  double *weights = reallocarray(c->weights, n, sizeof *weights);
  c->weights = weights ? weights : c->weights;
  unsigned char *levels = c->levels ? reallocarray(c->levels, n, 1) : NULL;
  bool done = counts && weights && !levels == !c->levels;
  c->levels = levels ? levels : c->levels;
  void *values = reallocarray(texts ? (void *)c->texts : (void *)c->numbers, n, texts ? sizeof *c->texts : sizeof *c->numbers);
  if (values && texts)
    c->texts = values;
  else if (values)
    c->numbers = values;
  return done && values ? EMEND_OK : emend_fail_memory(error);
}

emend_status emend_categories_add_number(emend_categories *c, double number, emend_error *error) {
  if (c->n == EMEND_MOST_CATEGORIES || (c->n > 0 && emend_categories_find(c, number) != EMEND_NO_CATEGORY))
    return EMEND_OK;
  emend_status status = widen(c, false, error);
  if (status)
    return status;
  size_t at = c->n++;
  for (; at > 0 && c->numbers[at - 1] > number; at--) {
    c->numbers[at] = c->numbers[at - 1], c->counts[at] = c->counts[at - 1], c->weights[at] = c->weights[at - 1];
    if (c->levels)
      c->levels[at] = c->levels[at - 1];
  }
  c->numbers[at] = number, c->counts[at] = 0, c->weights[at] = 0;
  if (c->levels)
    c->levels[at] = EMEND_NO_CATEGORY;
  free(c->table);
  c->table = NULL;
  return make_table(c, error);
}

emend_status emend_categories_add_text(emend_categories *c, size_t n_rows, emend_offset text, emend_error *error) {
  if (c->n == EMEND_MOST_CATEGORIES)
    return EMEND_OK;
  emend_status status = widen(c, true, error);
  if (!status && !c->codes) {
    c->codes = emend_allocate(n_rows, 1);
    if (!c->codes)
      return emend_fail_memory(error);
    memset(c->codes, EMEND_NO_CATEGORY, n_rows);
  }
  if (status)
    return status;
  c->texts[c->n] = text, c->counts[c->n] = 0, c->weights[c->n] = 0;
  if (c->levels)
    c->levels[c->n] = EMEND_NO_CATEGORY;
  c->n++;
  return EMEND_OK;
}

/* Category i, where `at` is of those of its step. */
static void take_place(emend_categories *to, size_t at, const emend_categories *from, size_t i, size_t *most) {
  if (from->counts[i] > most[at] || to->texts[at] == 0)
    to->texts[at] = from->texts[i], most[at] = from->counts[i];
  to->counts[at] += from->counts[i];
  to->weights[at] += from->weights[i];
}

/* Where each step comes among those that a text has. */
static size_t count_steps(const emend_categories *c, const unsigned char *place, size_t n_steps, unsigned char *at, double *numbers) {
  size_t n = 0;
  for (size_t step = 0; step < n_steps; step++) {
    bool taken = false;
    for (size_t i = 0; i < c->n && !taken; i++)
      taken = place[i] == step;
    at[step] = (unsigned char)n;
    if (taken)
      numbers[n++] = (double)(step + 1);
  }
  return n;
}

emend_status emend_categories_arrange(emend_categories *c, size_t n_rows, const unsigned char *place, size_t n_steps, emend_error *error) {
  emend_categories made = {0};
  size_t most[EMEND_MOST_CATEGORIES] = {0};
  unsigned char at[EMEND_MOST_CATEGORIES];
  double numbers[EMEND_MOST_CATEGORIES];
  if (n_steps > EMEND_MOST_CATEGORIES)
    return emend_fail(error, EMEND_UNSUPPORTED, "an order of %zu texts is too long: %d are the most", n_steps, EMEND_MOST_CATEGORIES);
  size_t n = count_steps(c, place, n_steps, at, numbers);
  emend_status status = allocate(&made, n, true, error);
  if (!status && !(made.numbers = emend_allocate(n, sizeof *made.numbers)))
    status = emend_fail_memory(error);
  if (!status && n > 0) {
    memcpy(made.numbers, numbers, n * sizeof *numbers);
    status = make_table(&made, error);
  }
  if (status) {
    emend_categories_free(&made);
    return status;
  }
  for (size_t i = 0; i < c->n; i++)
    if (place[i] != EMEND_NO_CATEGORY)
      take_place(&made, at[place[i]], c, i, most);
  for (size_t row = 0; row < n_rows && c->codes; row++) {
    size_t i = c->codes[row], step = i < c->n ? place[i] : EMEND_NO_CATEGORY;
    c->codes[row] = step == EMEND_NO_CATEGORY ? EMEND_NO_CATEGORY : at[step];
  }
  made.codes = c->codes, c->codes = NULL;
  emend_categories_free(c);
  *c = made;
  return EMEND_OK;
}

void emend_categories_forget_order(emend_categories *c) {
  if (!c->texts)
    return;
  free(c->numbers), free(c->table);
  c->numbers = NULL, c->table = NULL, c->table_length = 0;
}

size_t emend_categories_of_level(const emend_categories *c, size_t level) {
  size_t best = SIZE_MAX;
  for (size_t i = 0; i < c->n; i++)
    if (c->levels[i] == level && (best == SIZE_MAX || c->counts[i] > c->counts[best]))
      best = i;
  return best;
}

/* How many cells a category needs to have a level of its own: a hundredth of the answers, but not less than 5 nor more than 30. */
static size_t needed(size_t n_observed) { return n_observed < 500 ? 5 : n_observed > 3000 ? 30 : n_observed / 100; }

/* True for categories that are among the `most` most frequent; of equal ones the first. */
static bool is_among_most(const emend_categories *c, size_t category, size_t most) {
  size_t before = 0;
  for (size_t i = 0; i < c->n; i++)
    before += c->counts[i] > c->counts[category] || (c->counts[i] == c->counts[category] && i < category);
  return before < most;
}

emend_status emend_categories_pool(emend_categories *c, size_t n_observed, size_t most_levels, emend_error *error) {
  enum { RARE = EMEND_NO_CATEGORY };
  size_t base = emend_categories_most_frequent(c);
  c->levels = emend_allocate(c->n, 1);
  if (!c->levels)
    return emend_fail_memory(error);
  size_t fewest = needed(n_observed), pooled = 0, n_rare = 0, next = 1;
  if (most_levels < 2 || c->n == 2)
    most_levels = 2;
  for (size_t i = 0; i < c->n; i++) {
    bool own = i == base || c->n == 2 || (c->counts[i] >= fewest && is_among_most(c, i, c->n <= most_levels ? c->n : most_levels - 1));
    c->levels[i] = own ? 0 : RARE;
    n_rare += !own;
    pooled += own ? 0 : c->counts[i];
  }
  for (size_t i = 0; i < c->n; i++)
    if (c->levels[i] != RARE && i != base)
      c->levels[i] = (unsigned char)next++;
  bool own_level = n_rare > 0 && (pooled >= fewest || next == 1);
  for (size_t i = 0; i < c->n; i++)
    if (c->levels[i] == RARE)
      c->levels[i] = (unsigned char)(own_level ? next : 0);
  c->n_levels = next + own_level;
  c->n_pooled = n_rare == 1 && own_level ? 0 : n_rare;
  return EMEND_OK;
}
