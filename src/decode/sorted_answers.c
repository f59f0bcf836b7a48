/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/sorted_answers.h"

#include <stdlib.h>

#include "base/memory.h"

static size_t rounded_up(size_t n) { return (n + EMEND_ANSWERS_TOGETHER - 1) / EMEND_ANSWERS_TOGETHER * EMEND_ANSWERS_TOGETHER; }

static void put(emend_sorted_answers *sorted, size_t place, const double *x, double weight) {
  for (size_t k = 0; k < sorted->n_coordinates; k++)
    sorted->x[k * sorted->n + place] = x[k];
  sorted->weight[place] = weight;
}

static void count(const emend_answers *answers, size_t *counts) {
  for (size_t i = 0; answers && i < answers->n; i++)
    counts[answers->code[i]]++;
}

/* next: where the next answer of each code is put. */
static void sort(const emend_answers *answers, const size_t *counts, size_t *next, emend_sorted_answers *sorted) {
  size_t d = sorted->n_coordinates;
  for (size_t i = 0; answers && i < answers->n; i++) {
    size_t code = answers->code[i], place = next[code]++;
    put(sorted, place, answers->x + i * d, answers->weight[i]);
    if (next[code] == sorted->begin[code] + counts[code])
      for (place++; place < sorted->begin[code + 1]; place++)
        put(sorted, place, answers->x + i * d, 0);
  }
}

emend_status emend_sorted_answers_new(const emend_answers *answers, const emend_answers *added, size_t n_codes, emend_sorted_answers *sorted,
                                      emend_error *error) {
  size_t counts[EMEND_MOST_CATEGORIES] = {0}, next[EMEND_MOST_CATEGORIES];
  *sorted = (emend_sorted_answers){.n_codes = n_codes, .n_coordinates = answers->n_coordinates};
  count(answers, counts), count(added, counts);
  for (size_t c = 0; c < n_codes; c++) {
    next[c] = sorted->begin[c];
    sorted->begin[c + 1] = sorted->begin[c] + rounded_up(counts[c]);
  }
  sorted->n = sorted->begin[n_codes];
  sorted->x = emend_allocate(sorted->n, answers->n_coordinates * sizeof *sorted->x);
  sorted->weight = emend_allocate(sorted->n, sizeof *sorted->weight);
  if (!sorted->x || !sorted->weight) {
    emend_sorted_answers_free(sorted);
    return emend_fail_memory(error);
  }
  sort(answers, counts, next, sorted), sort(added, counts, next, sorted);
  return EMEND_OK;
}

void emend_sorted_answers_free(emend_sorted_answers *sorted) {
  free(sorted->x), free(sorted->weight);
  *sorted = (emend_sorted_answers){0};
}
