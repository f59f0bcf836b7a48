/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/suggest.h"

#include <stdint.h>
#include <string.h>

enum { LONGEST = 40 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
static size_t distance(const char *a, size_t n, const char *b, size_t m) {
  size_t rows[3][LONGEST + 1];
  size_t *before = rows[0], *above = rows[1], *row = rows[2];
  for (size_t j = 0; j <= m; j++)
    above[j] = j;
  for (size_t i = 1; i <= n; i++) {
    row[0] = i;
    for (size_t j = 1; j <= m; j++) {
      row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = least(row[j], before[j - 2] + 1);
    }
    size_t *free_row = before;
    before = above, above = row, row = free_row;
  }
  return above[m];
}

suggestion suggestion_begin(const char *word, size_t length) {
  return (suggestion){.word = word, .length = length, .distance = SIZE_MAX};
}

void suggestion_offer(suggestion *s, const char *name) {
  size_t m = strlen(name);
  if (s->length == 0 || s->length > LONGEST || m > LONGEST)
    return;
  /* A word cut short ("iterations" apart, "miss" for "missing") is near too, if enough of it is there. */
  size_t d = s->length >= 3 && strncmp(s->word, name, s->length) == 0 ? 1 : distance(s->word, s->length, name, m);
  size_t allowed = s->length <= 3 ? 1 : s->length <= 6 ? 2 : 3;
  if (d <= allowed && d < s->distance) {
    s->best = name;
    s->distance = d;
  }
}
