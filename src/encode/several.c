/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/several.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/bits.h"

const char emend_why_several[] = "several answers in one cell";

enum { MOST_ANSWERS = 2000, FEWEST_ANSWERS = 20, MOST_PIECES = 160, MOST_KNOWN = 60, MOST_SETS = 256 };

/* A separator is one if one of SHARE answers has several pieces; that it is none shows after the first answers, if one of SOON has not. */
enum { SHARE = 5, SHOWS = 100, SOON = 10 };

/* Pieces few enough to look at all of their combinations. */
enum { FEW_PIECES = 3 };

/* What stands between two separators, and how often it comes. */
typedef struct piece {
  const char *text;
  size_t length, count;
  bool first, later; /* it stands first in an answer of several, or alone; ... behind another */
  bool alone;
} piece;

typedef struct look {
  piece pieces[MOST_PIECES];
  uint64_t sets[MOST_SETS];                                     /* hashes of different answers of several pieces */
  size_t n_pieces, n_sets, n_answers, n_several, n_long, n_all; /* long: of three pieces or more; all: pieces, each time */
  size_t n_repeats;                                             /* answers that hold a piece twice: lists do not */
  bool before[FEW_PIECES][FEW_PIECES], turns; /* of the first pieces: which stand before which; some in either order */
} look;

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static piece *find_piece(look *l, const char *text, size_t length) {
  for (size_t i = 0; i < l->n_pieces; i++)
    if (l->pieces[i].length == length && memcmp(l->pieces[i].text, text, length) == 0)
      return &l->pieces[i];
  if (l->n_pieces == MOST_PIECES)
    return NULL;
  piece *made = &l->pieces[l->n_pieces++];
  *made = (piece){.text = text, .length = length};
  return made;
}

/* Digits and signs of numbers, nothing else. */
static bool is_number(const piece *p) {
  size_t digits = 0, i = 0;
  for (; i < p->length && memchr("0123456789+-.%", p->text[i], sizeof "0123456789+-.%" - 1); i++)
    digits += p->text[i] >= '0' && p->text[i] <= '9';
  return digits > 0 && i == p->length;
}

/* One letter, or one word that begins with a capital: a name or its initial. */
static bool is_name(const piece *p) {
  size_t length = p->length - (p->length == 2 && p->text[1] == '.');
  bool capital = p->text[0] >= 'A' && p->text[0] <= 'Z';
  return length == 1 ? capital : capital && !memchr(p->text, ' ', p->length) && length <= 20;
}

static void add_set(look *l, const char *text) {
  uint64_t hash = emend_bits_hash(text, strlen(text));
  for (size_t i = 0; i < l->n_sets; i++)
    if (l->sets[i] == hash)
      return;
  if (l->n_sets < MOST_SETS)
    l->sets[l->n_sets++] = hash;
}

/* Where the next separator begins; the end of the text if there is none. */
static const char *next_separator(const char *at, const char *separator) {
  const char *found = strstr(at, separator);
  return found ? found : at + strlen(at);
}

static void note_order(look *l, const piece *one, const piece *next) {
  size_t a = (size_t)(one - l->pieces), b = (size_t)(next - l->pieces);
  if (a >= FEW_PIECES || b >= FEW_PIECES)
    return;
  l->before[a][b] = true;
  l->turns = l->turns || l->before[b][a];
}

/* False: too many different pieces. */
static bool add_answer(look *l, const char *text, const char *separator) {
  size_t n = 0;
  bool repeats = false;
  piece *met[MOST_KNOWN];
  for (const char *at = text, *end; *at; at = *end ? end + strlen(separator) : end) {
    end = next_separator(at, separator);
    const char *from = at, *to = end;
    while (from < to && is_blank(*from))
      from++;
    while (to > from && is_blank(to[-1]))
      to--;
    if (from == to)
      continue;
    piece *p = find_piece(l, from, (size_t)(to - from));
    if (!p || n == MOST_KNOWN)
      return false;
    for (size_t i = 0; i < n; i++)
      repeats = repeats || met[i] == p;
    p->count++, p->first = p->first || n == 0, p->later = p->later || n > 0;
    if (n > 0)
      note_order(l, met[n - 1], p);
    met[n++] = p;
  }
  if (n == 1)
    met[0]->alone = true;
  l->n_answers++, l->n_all += n, l->n_several += n > 1, l->n_long += n > 2, l->n_repeats += repeats;
  if (n > 1)
    add_set(l, text);
  return true;
}

/* "1,5" beside "2" and "k.A.": the pieces are what decimal commas leave. */
static bool are_decimals(const look *l) {
  size_t numbers = 0, all = 0;
  for (size_t i = 0; i < l->n_pieces; i++)
    numbers += is_number(&l->pieces[i]) ? l->pieces[i].count : 0, all += l->pieces[i].count;
  return l->n_long == 0 && 2 * numbers > all;
}

/* "Kim, Lee", "N, E": two names or initials each, never one alone or three. */
static bool are_names(const look *l) {
  bool all = l->n_long == 0 && l->n_several == l->n_answers;
  for (size_t i = 0; i < l->n_pieces && all; i++)
    all = is_name(&l->pieces[i]);
  return all;
}

/* Of three words nearly all combinations, each in one order only, as a form that lists them writes it: "radio tv web", "radio web". */
static bool are_all_combinations(const look *l, size_t known) {
  enum { FEWEST_SETS = 3 }; /* of several words: four are possible */
  bool alone = known == FEW_PIECES && l->n_pieces == FEW_PIECES;
  for (size_t i = 0; i < l->n_pieces && alone; i++)
    alone = l->pieces[i].alone && l->pieces[i].length > 1;
  return alone && l->n_sets >= FEWEST_SETS && l->n_long > 0 && !l->turns;
}

/* Words of one text are pieces as well: of blanks more is asked. */
static bool judge(const look *l, const char *separator) {
  bool blank = separator[0] == ' ';
  enum { OFTEN = 3, FEWEST_KNOWN = 3, FEWEST_SETS = 3, COVERED = 10, RARELY = 50 };
  size_t known = 0, covered = 0, both = 0;
  for (size_t i = 0; i < l->n_pieces; i++) {
    const piece *p = &l->pieces[i];
    if (p->count < OFTEN)
      continue;
    known++, covered += p->count, both += p->first && p->later;
  }
  bool enough = l->n_answers >= FEWEST_ANSWERS && SHARE * l->n_several >= l->n_answers && RARELY * l->n_repeats <= l->n_answers;
  bool recurs = known >= FEWEST_KNOWN && known <= MOST_KNOWN && COVERED * (l->n_all - covered) <= l->n_all;
  bool mixes = l->n_sets >= FEWEST_SETS && 2 * both >= known && both >= 2;
  bool many = !blank || are_all_combinations(l, known) || (l->n_sets >= 2 * known && SHARE * l->n_long >= l->n_several && 2 * l->n_several >= l->n_answers);
  bool refused = (separator[0] == ',' && are_decimals(l)) || are_names(l);
  return enough && recurs && mixes && many && !refused;
}

/* After some answers it shows whether the separator is one. */
static bool is_idle(const look *l) { return l->n_answers == SHOWS && SOON * l->n_several < l->n_answers; }

/* Of the first answers, how many have a byte. */
typedef struct first_answers {
  size_t with[UCHAR_MAX + 1], n;
} first_answers;

static void count_bytes(first_answers *first, const char *text) {
  unsigned char seen[UCHAR_MAX + 1] = {0};
  for (const char *at = text; *at; at++) {
    unsigned char byte = (unsigned char)*at;
    first->with[byte] += !seen[byte];
    seen[byte] = 1;
  }
  first->n++;
}

static void look_at_first(const emend_dataset *dataset, size_t v, first_answers *first) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset) && first->n < SHOWS; row += run.n) {
    run = emend_dataset_run(dataset, v, row);
    for (size_t i = 0; i < run.n && first->n < SHOWS; i++) {
      emend_offset text;
      memcpy(&text, &run.values[i], sizeof text);
      if (run.reasons[i] == EMEND_OBSERVED)
        count_bytes(first, emend_dataset_text(dataset, text));
    }
  }
}

/* Too few of the first answers have its first byte. */
static bool hardly_separates(const first_answers *first, const char *separator) {
  return (first->n == SHOWS ? SOON : SHARE) * first->with[(unsigned char)separator[0]] < first->n;
}

static bool is_separated_by(const emend_dataset *dataset, size_t v, const char *separator) {
  look l = {0};
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, v, row);
    for (size_t i = 0; i < run.n && l.n_answers < MOST_ANSWERS; i++) {
      emend_offset text;
      memcpy(&text, &run.values[i], sizeof text);
      if (run.reasons[i] == EMEND_OBSERVED && (!add_answer(&l, emend_dataset_text(dataset, text), separator) || is_idle(&l)))
        return false;
    }
  }
  return judge(&l, separator);
}

bool emend_holds_several_answers(const emend_dataset *dataset, size_t variable) {
  static const char *const separators[] = {";", "|", ", ", ",", "\n", "┋", "；", "、", "，", " "};
  bool found = false;
  first_answers first = {.n = 0};
  look_at_first(dataset, variable, &first);
  for (size_t i = 0; i < sizeof separators / sizeof *separators && !found; i++)
    found = !hardly_separates(&first, separators[i]) && is_separated_by(dataset, variable, separators[i]);
  return found;
}
