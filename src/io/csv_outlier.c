/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_outlier.h"

#include <inttypes.h>
#include <math.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/number.h"
#include "data/usual_code.h"

enum { N_CODES = EMEND_USUAL_CODES, MOST_WARNINGS = 20, DIGITS = 9 };
static const double *const codes = emend_usual_codes;

static bool is_code(double value) { return emend_usual_code(value) >= 0; }

typedef struct range {
  double low, high;
} range;

static void take_in(range *r, double value) {
  r->low = value < r->low ? value : r->low; /* false for NaN */
  r->high = value > r->high ? value : r->high;
}

/* Adds n values to a range. Eight ranges at a time: each waits for itself only. */
static void take_in_all(range *r, const double *values, size_t n) {
  size_t i = 0;
#ifdef __SSE2__ /* the second operand is the result where the first is NaN */
  __m128d low[4], high[4];
  for (int k = 0; k < 4; k++) {
    low[k] = _mm_set1_pd(r->low);
    high[k] = _mm_set1_pd(r->high);
  }
  for (; i + 8 <= n; i += 8) {
    __m128d a = _mm_loadu_pd(values + i), b = _mm_loadu_pd(values + i + 2);
    __m128d c = _mm_loadu_pd(values + i + 4), d = _mm_loadu_pd(values + i + 6);
    low[0] = _mm_min_pd(a, low[0]), low[1] = _mm_min_pd(b, low[1]), low[2] = _mm_min_pd(c, low[2]), low[3] = _mm_min_pd(d, low[3]);
    high[0] = _mm_max_pd(a, high[0]), high[1] = _mm_max_pd(b, high[1]), high[2] = _mm_max_pd(c, high[2]), high[3] = _mm_max_pd(d, high[3]);
  }
  for (int k = 0; k < 4; k++)
    for (int lane = 0; lane < 2; lane++) {
      r->low = fmin(r->low, ((double *)&low[k])[lane]);
      r->high = fmax(r->high, ((double *)&high[k])[lane]);
    }
#endif
  for (; i < n; i++)
    take_in(r, values[i]);
}

/* All values of a variable, codes that are missing included; low > high if there are none. */
static range range_of_all(const emend_dataset *dataset, size_t variable) {
  range all = {INFINITY, -INFINITY};
  size_t rows = emend_dataset_rows(dataset);
  for (size_t row = 0; row < rows;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    take_in_all(&all, run.values, run.n);
    row += run.n;
  }
  return all;
}

/* 97, 98, 99; 997 ...; -99. */
static bool is_run_of_nines(double code) {
  enum { FIRST = 97, SHORTEST = 100 };
  double ten = SHORTEST;
  while (ten <= fabs(code))
    ten *= 10;
  return fabs(code) >= FIRST && fabs(code) >= ten - 3;
}

/* The values that are no suspects. */
typedef struct answers {
  range range;
  double step; /* the largest distance between neighbours */
  bool few;    /* so few, beside the suspects, that these may be answers as well */
} answers;

/*
 * Next to the others (months 5, 6, 7, 8, 9) is not apart, nor is what is no farther than these are from each other (0, 33, 66, 99). A run
 * of nines that repeats (or one of its kind does: 996, 997, 998) needs half of their spread, since nothing but codes lies between: minutes
 * of 0 to 59, and 99.
 */
static bool stands_apart(double distance, double code, answers others, uint64_t count) {
  enum { NEXT_TO = 3, MANY = 5 };
  double spread = others.range.high - others.range.low;
  double times = others.few || count <= 1 ? 3 : count >= MANY && is_run_of_nines(code) ? 0.5 : 1;
  return distance >= NEXT_TO && distance > others.step && distance >= times * spread;
}

/* More values only widen the others: what does not stand apart from some does not from all. A code below zero need not be far. */
static bool may_stand_apart(range all, range others) {
  answers some = {.range = others};
  return (is_code(all.high) && stands_apart(all.high - others.high, all.high, some, UINT64_MAX)) ||
         (is_code(all.low) && (stands_apart(others.low - all.low, all.low, some, UINT64_MAX) || (all.low < 0 && others.low >= 0)));
}

/* The observed values of a variable without those that look like codes. False, soon, if none of the codes can be suspected. */
static bool range_of_others(const emend_dataset *dataset, size_t variable, range all, range *others) {
  *others = (range){INFINITY, -INFINITY};
  size_t rows = emend_dataset_rows(dataset);
  for (size_t row = 0; row < rows;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      double value = run.values[i];
      if ((value < others->low || value > others->high) && run.reasons[i] == EMEND_OBSERVED && !is_code(value))
        take_in(others, value);
    }
    row += run.n;
    if (others->low < others->high && !may_stand_apart(all, *others))
      return false;
  }
  return others->low <= others->high;
}

/*
 * The largest distance between neighbouring values of a range; distances below a 64th of it do not count. Of neighbours farther from each
 * other one ends what is in a bin, and the other begins what is in the next that is not empty.
 */
static double find_step(const emend_dataset *dataset, size_t variable, range others) {
  enum { BINS = 64 };
  range bins[BINS];
  double spread = others.high - others.low, last = others.low, step = 0;
  for (int i = 0; i < BINS; i++)
    bins[i] = (range){INFINITY, -INFINITY};
  size_t rows = emend_dataset_rows(dataset);
  for (size_t row = 0; row < rows && spread > 0;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++)
      if (run.reasons[i] == EMEND_OBSERVED && run.values[i] >= others.low && run.values[i] <= others.high) {
        int bin = (int)((run.values[i] - others.low) / spread * BINS);
        take_in(&bins[bin < BINS ? bin : BINS - 1], run.values[i]);
      }
    row += run.n;
  }
  for (int i = 0; i < BINS; i++) {
    if (bins[i].low > bins[i].high)
      continue;
    step = fmax(step, bins[i].low - last);
    last = bins[i].high;
  }
  return step;
}

/* How often each code outside a range occurs, positive and negative. */
typedef struct counts {
  uint64_t above[N_CODES], below[N_CODES];
  uint64_t others;            /* cells that are none of these */
  uint64_t steps[2 * DIGITS]; /* cells from 0 to below 1, from 1 to below 2 ... */
} counts;

static void count_cell(counts *n, double value, range others) {
  int code = value < others.low || value > others.high ? emend_usual_code(value) : -1;
  if (code >= 0)
    (value > 0 ? n->above : n->below)[code]++;
  else
    n->others++;
  if (value >= 0 && value < 2 * DIGITS)
    n->steps[(int)value]++;
}

static void count_codes(const emend_dataset *dataset, size_t variable, range others, counts *n) {
  size_t rows = emend_dataset_rows(dataset);
  for (size_t row = 0; row < rows;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++)
      if (run.reasons[i] == EMEND_OBSERVED)
        count_cell(n, run.values[i], others);
    row += run.n;
  }
}

/* How often a code occurs, and those as long; these alone do not count. */
static uint64_t count_kin(const uint64_t *side, int code) {
  double size = codes[code], ten = 10;
  while (ten <= size)
    ten *= 10;
  uint64_t kin = 0;
  for (int i = 0; i < N_CODES; i++)
    kin += codes[i] >= EMEND_CODE_LONG && codes[i] < ten && codes[i] >= ten / 10 ? side[i] : 0;
  return side[code] && size >= EMEND_CODE_LONG ? kin : side[code];
}

static void add(double code, uint64_t count, answers others, emend_outlier *found, size_t *n) {
  bool far = code > others.range.high || stands_apart(others.range.low - code, code, others, count);
  if (*n < EMEND_MOST_OUTLIERS)
    found[(*n)++] = (emend_outlier){.code = code, .count = count, .low = others.range.low, .high = others.range.high, .far = far};
}

static uint64_t sum(const uint64_t *n, int from, int to) {
  uint64_t all = 0;
  for (int i = from; i < to; i++)
    all += n[i];
  return all;
}

/* Fewer and fewer from the answers down to zero and below it, ever faster: the end of a distribution, such as of temperatures. */
static bool is_tail(const counts *n, uint64_t below, int kinds) {
  uint64_t first = sum(n->steps, 0, kinds), second = sum(n->steps, kinds, 2 * kinds);
  return below < first && first < second && (double)below * (double)second < (double)first * (double)first;
}

/*
 * -1, -2 ... may be the answers next to 0 and 1. They are not where no answer is so small, other than of a scale from -3 to 3 without 0, an
 * end of which may be unused, or of many steps; nor at the end of much larger ones, unless these thin out towards them or they are no
 * rarity; nor if -1 is missing itself. As many as a third of the others are answers.
 */
static bool steps_are_codes(const counts *n, range others) {
  enum { TIMES = 6, TEN = 10, HUNDRED = 100, SOME = 3 };
  int kinds = 0, lowest = 0;
  uint64_t below = sum(n->below, 0, DIGITS);
  for (int i = 0; i < DIGITS; i++)
    if (n->below[i] > 0)
      kinds++, lowest = i + 1;
  bool all = lowest == kinds, rare = TEN * below <= n->others, few = 3 * below <= n->others;
  if (below < 2 * (uint64_t)kinds || (all && !few))
    return false;
  if (others.low >= 1) {
    bool mirrored = all && (others.high == kinds || (kinds > 1 && kinds < others.high && others.high <= SOME && !rare));
    return kinds <= SOME ? !mirrored : rare || lowest > others.high;
  }
  bool scale = others.low == 0 && (others.high == TEN || others.high == HUNDRED);
  return others.high >= TIMES * kinds && few && (!n->below[0] || scale || (rare && !is_tail(n, below, kinds)));
}

/* Codes below zero where nothing else is (an age of -9); a single cell may be a slip of the pen. */
static bool only_codes_are_negative(const counts *n, range others) {
  bool steps = sum(n->below, 0, EMEND_CODE_LEAST - 1) > 0;
  return others.low >= 0 && sum(n->below, 0, N_CODES) > 1 && (!steps || steps_are_codes(n, others));
}

/* Beside one ordinary value alone a code must be rare: two answers are not far from each other. */
static bool is_lonely(const counts *n) {
  enum { TIMES = 20 };
  uint64_t codes_met = 0;
  for (int i = 0; i < N_CODES; i++)
    codes_met += n->above[i] + n->below[i];
  return n->others >= TIMES * codes_met;
}

/* A code that is an answer after all widens the others. */
static void widen(answers *others, double value) {
  others->step = fmax(others->step, fmax(value - others->range.high, others->range.low - value));
  take_in(&others->range, value);
}

/* Inside the range, and next to it, first: they widen it. */
static void take_in_answers(answers *others, const counts *n) {
  for (int i = 0; i < N_CODES; i++) {
    bool over = n->above[i] && codes[i] > others->range.high;
    if (over && !stands_apart(codes[i] - others->range.high, codes[i], *others, count_kin(n->above, i)))
      widen(others, codes[i]);
    if (n->above[i] && codes[i] < others->range.low)
      widen(others, codes[i]);
  }
  bool below_zero = only_codes_are_negative(n, others->range);
  for (int i = 0; i < N_CODES; i++) {
    bool under = n->below[i] && -codes[i] < others->range.low && !below_zero;
    if (under && !stands_apart(others->range.low + codes[i], -codes[i], *others, count_kin(n->below, i)))
      widen(others, -codes[i]);
    if (n->below[i] && -codes[i] > others->range.high)
      widen(others, -codes[i]);
  }
}

/* Outward from the ordinary values: a code that stands apart is suspected, any other is ordinary after all. */
static void examine(const emend_dataset *dataset, size_t variable, range all, emend_outlier *found, size_t *n_found) {
  answers others = {0};
  if (!range_of_others(dataset, variable, all, &others.range))
    return;
  counts n = {0};
  count_codes(dataset, variable, others.range, &n);
  if (others.range.low == others.range.high && !is_lonely(&n))
    return;
  others.step = find_step(dataset, variable, others.range);
  others.few = 2 * (sum(n.above, 0, N_CODES) + sum(n.below, 0, N_CODES)) > n.others;
  take_in_answers(&others, &n);
  for (int i = 0; i < N_CODES; i++) {
    if (n.below[i] && -codes[i] < others.range.low)
      add(-codes[i], n.below[i], others, found, n_found);
    if (n.above[i] && codes[i] > others.range.high)
      add(codes[i], n.above[i], others, found, n_found);
  }
}

size_t emend_outliers_find(const emend_dataset *dataset, size_t variable, emend_outlier found[EMEND_MOST_OUTLIERS]) {
  size_t n = 0;
  if (emend_variable_get_kind(dataset, variable) != EMEND_NUMERIC)
    return 0;
  range all = range_of_all(dataset, variable);
  if (all.low < all.high && (is_code(all.low) || is_code(all.high)))
    examine(dataset, variable, all, found, &n);
  return n;
}

static emend_status warn(emend_dataset *dataset, size_t variable, const emend_outlier *o, emend_error *error) {
  char value[EMEND_NUMBER_SIZE], low[EMEND_NUMBER_SIZE], high[EMEND_NUMBER_SIZE];
  emend_number_print(o->code, '.', value);
  emend_number_print(o->low, '.', low);
  emend_number_print(o->high, '.', high);
  return emend_dataset_add_warning(dataset, error,
                                   "%s has %" PRIu64 " cell%s of %s, %s the others (%s to %s): if %s missing, add --missing%s%s",
                                   emend_variable_name(dataset, variable), o->count, o->count == 1 ? "" : "s", value,
                                   o->far ? "far from" : "below zero, unlike", low, high, o->count == 1 ? "it means" : "they mean",
                                   o->code < 0 ? "=" : " ", value);
}

emend_status emend_csv_warn_of_codes(emend_dataset *dataset, emend_error *error) {
  size_t n_warnings = 0;
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < emend_dataset_variables(dataset) && !status; v++) {
    emend_outlier found[EMEND_MOST_OUTLIERS];
    size_t n = emend_outliers_find(dataset, v, found);
    for (size_t i = 0; i < n && !status; i++)
      if (n_warnings++ < MOST_WARNINGS)
        status = warn(dataset, v, &found[i], error);
  }
  if (!status && n_warnings > MOST_WARNINGS)
    status = emend_dataset_add_warning(dataset, error, "%zu more value%s like these, in this and other variables, %s far from the others",
                                       n_warnings - MOST_WARNINGS, n_warnings == MOST_WARNINGS + 1 ? "" : "s",
                                       n_warnings == MOST_WARNINGS + 1 ? "is" : "are");
  return status;
}
