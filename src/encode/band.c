/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/band.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/number.h"
#include "base/text.h"

/*
 * A text is read in two steps. First its numbers are taken out, and signs become words: "$10,000-$19,999" is " 0 to 1 ", where 0 and 1 are
 * places in the list of numbers. Then the words are read one after the other; a word that means nothing here names what is counted.
 */
enum { MOST_NUMBERS = 2, LONGEST = 120 };

typedef enum role {
  UNIT,
  TO,
  BELOW,   /* before a number: less than it */
  UP_TO,   /* ... not more */
  ABOVE,   /* ... more than it */
  FROM,    /* ... not less */
  OR_LESS, /* behind a number */
  OR_MORE,
  BETWEEN, /* before two */
  AND,
  NONE,
  ONE,
  TWO,
  THREE,
  FOUR,
  FIVE,
  ONE_OR_A, /* a number before what is counted, and means nothing elsewhere; between two numbers TO */
  PER,
  FILLER
} role;

/* Longer phrases of one beginning come first. In small letters, without accents. */
static const struct {
  role role;
  const char *phrases;
} words[] = {
    {OR_MORE,
     "or more/and more/or older/and older/or above/and above/or over/and over/and up/or higher/and higher/or greater/or longer/plus/"
     "und mehr/oder mehr/und alter/oder alter/und daruber/oder daruber/und langer/oder langer/und hoher/et plus/ou plus/et au dela/"
     "y mas/o mas/y mayores/o mayores/e mais/ou mais/e piu/o piu/ed oltre/e oltre/en ouder/of ouder/of meer/en meer/en hoger/of langer"},
    {OR_LESS,
     "or less/and less/or younger/and younger/or under/and under/or below/and below/or fewer/and fewer/or lower/or shorter/"
     "oder weniger/und weniger/oder junger/und junger/und darunter/oder darunter/et moins/ou moins/y menos/o menos/e menos/ou menos/"
     "e meno/o meno/of minder/en minder/of jonger/en jonger"},
    {BELOW, "less than/fewer than/smaller than/younger than/lower than/shorter than/not yet/weniger als/junger als/kleiner als/kurzer als/"
            "moins de/moins d/menos de/menor de/menores de/menor que/menos que/inferior a/meno di/meno d/minore di/inferiore a/minder dan/"
            "jonger dan/lager dan/under/below/unter/sous/debajo de/abaixo de/sotto i/sotto/onder"},
    {UP_TO, "up to/at most/no more than/not more than/maximum/max/bis zu/bis einschliesslich/hochstens/maximal/jusqu a/jusqu/au plus/hasta/"
            "como maximo/ate/no maximo/fino a/al massimo/al piu/hoogstens/maximaal"},
    {ABOVE,
     "more than/greater than/older than/longer than/higher than/mehr als/alter als/langer als/grosser als/plus de/plus d/mas de/"
     "mayor de/mayores de/mayor que/mas que/superior a/mais de/maior que/acima de/piu di/oltre i/oltre/superiore a/meer dan/ouder dan/"
     "langer dan/hoger dan/over/above/uber/boven"},
    {FROM, "at least/minimum/mindestens/minstens/au moins/a partir de/a partir d/al menos/desde/por lo menos/pelo menos/almeno/a partire "
           "da/minstens/"
           "ten minste/vanaf/from/ab"},
    {BETWEEN, "between/zwischen/entre/tussen/tra/fra/von/da/dai/van/de"},
    {TO, "to/through/thru/until/bis/au/al/ate/tot"},
    {AND, "and/und/et/y/e/en"},
    {NONE, "none at all/not at all/none/never/no/zero/nil/nothing/keine/keiner/keinen/kein/nie/niemals/nichts/aucune/aucun/jamais/rien/"
           "ninguno/ninguna/ningun/nunca/nada/nenhum/nenhuma/nessuno/nessuna/nessun/mai/niente/geen enkele/geen/nooit/niets"},
    {ONE, "once/one/einmal/eine/einer/einem/ein/une/uno/una/uma/eenmaal/een"},
    {TWO, "twice/two/zweimal/zwei/deux/dos/dois/duas/due/tweemaal/twee"},
    {THREE, "thrice/three/dreimal/drei/trois/tres/tre/driemaal/drie"},
    {FOUR, "four/vier/viermal/quatre/cuatro/quatro/quattro"},
    {FIVE, "five/funf/funfmal/cinq/cinco/cinque/vijf"},
    {ONE_OR_A, "a/an/un/um"},
    {PER, "per/pro/par/por/each/every/alla/all/la/in der/im/o"},
    {FILLER,
     "aged/age/ages/old/about/approximately/approx/ca/circa/of/of age/only/just/times/time/mal/fois/veces/vez/vezes/volta/volte/keer/x/"
     "usd/us/eur/euro/euros/chf/gbp/cad/aud/nzd/inr/sek/nok/dkk/pln/brl/mxn/zar/r/rs/dollars/pounds"},
};

/* What lasts how long, in minutes; by the beginnings of words of at most so many more letters. */
static const struct {
  double minutes;
  const char *beginnings;
} times[] = {
    {1, "minut/min"},
    {60, "hour/hr/stund/std/heure/hora/ora/ore/uur/uren/h"},
    {1440, "day/tag/tage/tagen/jour/dia/giorn/dag/dagen"},
    {10080, "week/weken/woche/semain/seman/settiman"},
    {43830, "month/monat/mois/mes/meses/mese/mesi/maand"},
    {525960, "year/yr/jahr/an/annee/anno/anni/ano/jaar/jaren"},
};

/* Whether a phrase of a list stands at the beginning of some words; its length, of the longest. */
static size_t phrase_at(const char *list, const char *at) {
  size_t longest = 0;
  for (const char *p = list; *p; p += *p == '/') {
    size_t n = strcspn(p, "/");
    if (n > longest && strncmp(at, p, n) == 0 && at[n] == ' ')
      longest = n;
    p += n;
  }
  return longest;
}

static role read_role(const char *at, size_t *length) {
  role found = UNIT;
  *length = 0;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    size_t n = phrase_at(words[i].phrases, at);
    if (n > *length)
      found = words[i].role, *length = n;
  }
  if (found == UNIT)
    *length = strcspn(at, " ");
  return found;
}

/* The minutes of a unit of time; 0: another word. */
static double time_of(const char *word, size_t length) {
  enum { ENDING = 3, SHORT = 4 };
  for (size_t i = 0; i < sizeof times / sizeof *times; i++)
    for (const char *p = times[i].beginnings; *p; p += *p == '/') {
      size_t n = strcspn(p, "/");
      if (n <= length && length <= n + (n < SHORT ? 1 : ENDING) && strncmp(word, p, n) == 0 &&
          (n == length || n >= SHORT || word[n] == 's'))
        return times[i].minutes;
      p += n;
    }
  return 0;
}

/* First step. */

typedef struct reader {
  const char *at, *end;
  double numbers[MOST_NUMBERS];
  bool thousands[MOST_NUMBERS]; /* "50k" */
  size_t n;
  emend_buffer plain;
} reader;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static size_t count_digits(const char *p, const char *end) {
  size_t n = 0;
  while (p + n < end && is_digit(p[n]))
    n++;
  return n;
}

/* The length of a mark between groups of three digits; 0: none. */
static size_t group_mark(const char *p, const char *end) {
  static const char *const marks[] = {",", ".", "'", " ", "\u00A0", "\u202F", "\u2019"};
  for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
    size_t n = strlen(marks[i]);
    if ((size_t)(end - p) > n && memcmp(p, marks[i], n) == 0 && count_digits(p + n, end) == 3)
      return n;
  }
  return 0;
}

/* 18, 1,000, 1.000.000, 10 000, 2.5, 0,75; 05, but not 007 or 01234. */
static bool take_number(reader *r) {
  char digits[32];
  size_t n = count_digits(r->at, r->end), kept = 0;
  bool zero = *r->at == '0';
  if (n > 15 || (zero && n > 2) || r->n == MOST_NUMBERS)
    return false;
  memcpy(digits, r->at, n), kept = n, r->at += n;
  for (size_t mark; !zero && n <= 3 && kept < 16 && (mark = group_mark(r->at, r->end)) > 0;) {
    memcpy(digits + kept, r->at + mark, 3);
    kept += 3, r->at += mark + 3;
  }
  if (r->at + 1 < r->end && (*r->at == '.' || *r->at == ',') && is_digit(r->at[1])) {
    size_t decimals = count_digits(r->at + 1, r->end);
    if (decimals > 6)
      return false;
    digits[kept++] = '.';
    memcpy(digits + kept, r->at + 1, decimals), kept += decimals, r->at += 1 + decimals;
  }
  return emend_number_parse(digits, kept, '.', &r->numbers[r->n]);
}

/* What may stand right behind a number: k for thousands, and units of a letter. */
static bool take_suffix(reader *r) {
  if (r->at < r->end && (*r->at == 'k' || *r->at == 'K') && !(r->at + 1 < r->end && is_ascii_letter(r->at[1])))
    r->thousands[r->n] = true, r->at++;
  else if (r->at < r->end && *r->at == 'h' && !(r->at + 1 < r->end && is_ascii_letter(r->at[1])))
    return true;
  return r->at == r->end || !is_ascii_letter(*r->at);
}

/* Signs, and the words that they stand for; others, such as a slash, have no place in a band. */
static const struct {
  const char *sign, *word;
} signs[] = {{"<=", "at most"}, {">=", "at least"}, {"<", "under"},   {">", "over"},    {"+", "plus"},         {"&", "and"},
             {"-", "to"},       {"~", "to"},        {"\u2010", "to"}, {"\u2011", "to"}, {"\u2012", "to"},      {"\u2013", "to"},
             {"\u2014", "to"},  {"\u2212", "to"},   {"\u301C", "to"}, {"\uFF5E", "to"}, {"\u2264", "at most"}, {"\u2265", "at least"}};

static const char *take_sign(reader *r) {
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    size_t n = strlen(signs[i].sign);
    if ((size_t)(r->end - r->at) >= n && memcmp(r->at, signs[i].sign, n) == 0) {
      r->at += n;
      return signs[i].word;
    }
  }
  return NULL;
}

static emend_status take_one(reader *r, bool *fits, emend_error *error) {
  bool glued = r->plain.length > 0 && is_ascii_letter(r->plain.bytes[r->plain.length - 1]);
  if (is_digit(*r->at)) {
    *fits = !glued && take_number(r) && take_suffix(r);
    return *fits ? emend_buffer_format(&r->plain, error, " %zu ", r->n++) : EMEND_OK;
  }
  const char *word = take_sign(r);
  if (word)
    return emend_buffer_format(&r->plain, error, " %s ", word);
  *fits = !strchr("/#@=*_:\\|[]{}\"!?", *r->at);
  return emend_buffer_append(&r->plain, r->at++, 1, error);
}

/* Second step. */

typedef struct sentence {
  const reader *numbers;
  double value[MOST_NUMBERS];
  bool from_word[MOST_NUMBERS];
  size_t n, n_to;
  role before, after; /* UNIT: none */
  bool below_last, between, none, per, timed, either; /* none: it begins with a word for 0; either: "1 or 2" */
  double scale;
  char unit[EMEND_BAND_UNIT];
} sentence;

static bool add_number(sentence *s, double value) {
  if (s->n == MOST_NUMBERS || s->after != UNIT || s->none || s->per)
    return false;
  s->value[s->n++] = value;
  return true;
}

/* Behind a number, or a word for none, stands what is counted; before it stands what is numbered ("Ward 1"). */
static bool add_unit(sentence *s, const char *word, size_t length) {
  double minutes = s->per ? 0 : time_of(word, length);
  size_t have = strlen(s->unit);
  if (s->n == 0 && !s->none)
    return false;
  if (minutes > 0) {
    bool same = !s->timed || s->scale == minutes; /* "6 months to 2 years" is more than is read here */
    s->timed = true, s->scale = minutes;
    return same;
  }
  if (have > 0 && s->n == 2 && s->n_to == 1 && length >= 3 && strncmp(s->unit, word, 3) == 0) /* "1 child - 2 children" */
    return true;
  if (have + length + 2 > sizeof s->unit)
    return false;
  if (have > 0)
    s->unit[have++] = ' ';
  memcpy(s->unit + have, word, length);
  s->unit[have + length] = '\0';
  return true;
}

static bool set_before(sentence *s, role found) {
  if (s->n == 1 && s->n_to == 1 && found == BELOW) { /* "1 to less than 5" */
    s->below_last = true;
    return true;
  }
  bool fits = s->n == 0 && (s->before == UNIT || (s->before == UP_TO && found == BELOW)); /* "bis unter 500" */
  s->before = found;
  return fits;
}

/* Whether a number follows; what stands in between may be a word for one. */
static bool number_follows(const char *at) { return is_digit(at[strspn(at, " ")]); }

static bool add_word(sentence *s, role found, const char *word, size_t length) {
  bool number_next = number_follows(word + length);
  if (s->none && found != UNIT && found != FILLER)
    return false;
  if (s->n == 1 && s->n_to == 0 && s->after == UNIT && number_next && phrase_at("or/oder/ou/of/o", word)) {
    s->either = s->n_to++ == 0;
    return true;
  }
  switch (found) {
  case TO:
    if (s->n == 0 && strncmp(word, "bis", 3) == 0)
      return set_before(s, UP_TO);
    if (s->n == 0 && strncmp(word, "ate", 3) == 0)
      return set_before(s, UP_TO);
    return s->n == 1 && s->after == UNIT && s->n_to++ == 0;
  case AND:
    return s->n == 1 && s->between && s->n_to++ == 0;
  case BELOW:
  case UP_TO:
  case ABOVE:
  case FROM:
    return found == UP_TO && s->n == 1 && strncmp(word, "ate", 3) == 0 ? s->n_to++ == 0 : set_before(s, found);
  case OR_LESS:
  case OR_MORE: {
    bool fits = s->n == 1 && s->n_to == 0 && s->before == UNIT && s->after == UNIT;
    s->after = found;
    return fits;
  }
  case BETWEEN:
    s->between = s->between || s->n == 0;
    return true;
  case NONE:
    s->none = true;
    return s->n == 0 && s->before == UNIT;
  case ONE:
  case TWO:
  case THREE:
  case FOUR:
  case FIVE:
    return add_number(s, 1 + (double)(found - ONE));
  case ONE_OR_A:
    if (s->n == 1 && s->after == UNIT && number_next)
      return s->n_to++ == 0;
    if (s->n > 0)
      s->per = true;
    return s->n > 0 || number_next || add_number(s, 1);
  case PER:
    s->per = s->per || s->n > 0;
    return s->n > 0;
  case FILLER:
    return true;
  case UNIT:
    break;
  }
  return add_unit(s, word, length);
}

static bool read_words(sentence *s, const char *folded) {
  size_t length;
  for (const char *at = folded + strspn(folded, " "); *at; at += length, at += strspn(at, " ")) {
    if (is_digit(*at)) {
      length = strcspn(at, " ");
      if (length != 1 || (size_t)(*at - '0') >= s->numbers->n) /* digits of another script, small ones */
        return false;
      if (!add_number(s, s->numbers->numbers[*at - '0'] * (s->numbers->thousands[*at - '0'] ? 1000 : 1)))
        return false;
      continue;
    }
    role found = read_role(at, &length);
    if (!add_word(s, found, at, length))
      return false;
  }
  return true;
}

static bool make_band(const sentence *s, emend_band *b) {
  *b = (emend_band){.scale = s->timed ? s->scale : 0, .none = s->none};
  memcpy(b->unit, s->unit, sizeof b->unit);
  if (s->none)
    return s->n == 0;
  if (s->n == 2) {
    double first = s->value[0];
    if (s->numbers->thousands[1] && !s->numbers->thousands[0]) /* "50-75k" */
      first *= 1000;
    b->lo = first, b->hi = s->value[1], b->above = s->before == ABOVE, b->below = s->below_last;
    return s->n_to == 1 && first < s->value[1] && (!s->either || s->value[1] == first + 1) &&
           (s->before == UNIT || s->before == ABOVE || s->before == FROM);
  }
  b->lo = b->hi = s->value[0];
  role said = s->before != UNIT ? s->before : s->after;
  if (said == BELOW || said == UP_TO || said == OR_LESS)
    b->lo = s->value[0] > 0 ? 0 : -HUGE_VAL, b->above = true, b->below = said == BELOW;
  else if (said == ABOVE || said == FROM || said == OR_MORE)
    b->hi = HUGE_VAL, b->above = said == ABOVE;
  return s->n == 1 && s->n_to == 0;
}

emend_status emend_band_read(const char *text, size_t length, emend_band *band, bool *is_band, emend_error *error) {
  reader r = {.at = text, .end = text + length};
  emend_buffer folded = {0};
  emend_status status = EMEND_OK;
  *is_band = length > 0 && length <= LONGEST;
  while (!status && *is_band && r.at < r.end)
    status = take_one(&r, is_band, error);
  if (!status && *is_band)
    status = emend_fold(r.plain.bytes, r.plain.length, &folded, error);
  if (!status && *is_band) {
    sentence s = {.numbers = &r, .before = UNIT, .after = UNIT};
    *is_band = read_words(&s, folded.bytes) && make_band(&s, band);
  }
  emend_buffer_free(&r.plain), emend_buffer_free(&folded);
  return status;
}

/* All bands together. */

/* "hour" and "hours", "employee" and "employees", "child" and "children". */
static bool is_same_unit(const char *a, const char *b) {
  enum { STEM = 3, LONG_STEM = 5 };
  size_t n = strlen(a), m = strlen(b), common = 0;
  while (common < n && a[common] == b[common])
    common++;
  size_t shorter = n < m ? n : m, ending = common >= LONG_STEM ? 3 : 2;
  return (n == m && common == n) || (common >= STEM && common + ending >= n && common + ending >= m && shorter >= STEM);
}

/* "No children" is none of what another band counts; "no opinion" and "no longer" are no number. */
static bool counts_what_others_do(const emend_band *bands, size_t n, const emend_band *none) {
  bool found = !none->unit[0] && none->scale == 0;
  for (size_t i = 0; i < n && !found; i++)
    found = !bands[i].none && (none->unit[0] ? is_same_unit(none->unit, bands[i].unit) : bands[i].scale > 0);
  return found;
}

/* Whatever names something counts the same; units of time become minutes. */
static bool share_units(emend_band *bands, size_t n) {
  const char *unit = NULL;
  double only = 0;
  bool timed = false, plain = false;
  for (size_t i = 0; i < n; i++) {
    emend_band *b = &bands[i];
    bool zero = b->lo == 0 && b->hi == 0;
    if ((b->unit[0] && unit && !is_same_unit(unit, b->unit)) || (b->none && !counts_what_others_do(bands, n, b)))
      return false;
    unit = b->unit[0] ? b->unit : unit;
    plain = plain || (b->scale == 0 && !zero);
    if (b->scale > 0 && timed && b->scale != only)
      only = NAN;
    else if (b->scale > 0 && !timed)
      only = b->scale;
    timed = timed || b->scale > 0;
  }
  if (timed && (unit || (isnan(only) && plain))) /* "1-2" among weeks and months */
    return false;
  for (size_t i = 0; i < n && timed && isnan(only); i++)
    bands[i].lo *= bands[i].scale > 0 ? bands[i].scale : 1, bands[i].hi *= bands[i].scale > 0 ? bands[i].scale : 1;
  return true;
}

static bool is_alike(const emend_band *a, const emend_band *b) {
  return a->lo == b->lo && a->hi == b->hi && a->above == b->above && a->below == b->below;
}

/* Whether a lies before b as a whole. Ranges may share an end, as 10-20 and 20-30 do. */
static bool is_before(const emend_band *a, const emend_band *b) {
  bool ranges = a->lo < a->hi && b->lo < b->hi;
  return a->hi < b->lo || (a->hi == b->lo && (a->below || b->above || ranges));
}

bool emend_bands_sort(emend_band *bands, size_t n, double *keys) {
  size_t wide = 0;
  if (!share_units(bands, n))
    return false;
  for (size_t i = 0; i < n; i++) {
    wide += bands[i].lo < bands[i].hi || (bands[i].none && bands[i].unit[0]); /* "no children", "1 child", "2 children" */
    keys[i] = 0;
    for (size_t k = 0; k < n; k++) {
      bool alike = is_alike(&bands[i], &bands[k]), before = is_before(&bands[k], &bands[i]), behind = is_before(&bands[i], &bands[k]);
      if (!alike && before == behind)
        return false;
      keys[i] += !alike && before;
    }
  }
  return wide > 0;
}
