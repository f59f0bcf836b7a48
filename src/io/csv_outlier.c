/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_outlier.h"

#include <inttypes.h>
#include <math.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/number.h"

/* The numbers that surveys use for "no answer", without their sign, ascending. */
static const double codes[] = {7,     8,      9,      77,     88,     97,     98,      99,      777,      888,      997,
                               998,   999,    7777,   8888,   9997,   9998,   9999,    77777,   88888,    99997,    99998,
                               99999, 777777, 888888, 999997, 999998, 999999, 9999998, 9999999, 99999999, 999999999};
enum { N_CODES = sizeof codes / sizeof *codes, MOST_WARNINGS = 20 };

static int find_code(double value) {
  for (int i = 0; i < N_CODES; i++)
    if (codes[i] == value)
      return i;
  return -1;
}

static bool is_code(double value) { return find_code(fabs(value)) >= 0; }

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

/* Next to the others (months 5, 6, 7, 8, 9) is not apart. */
static bool stands_apart(double distance, range others, uint64_t count) {
  enum { NEXT_TO = 3 };
  double spread = others.high - others.low;
  return distance >= NEXT_TO && distance >= (count > 1 ? 1 : 3) * spread;
}

/* More values only widen the others: what does not stand apart from some does not from all. A code below zero need not be far. */
static bool may_stand_apart(range all, range others) {
  return (is_code(all.high) && stands_apart(all.high - others.high, others, 2)) ||
         (is_code(all.low) && (stands_apart(others.low - all.low, others, 2) || (all.low < 0 && others.low >= 0)));
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

/* How often each code outside a range occurs, positive and negative. */
typedef struct counts {
  uint64_t above[N_CODES], below[N_CODES];
  uint64_t others; /* cells that are none of these */
} counts;

static void count_codes(const emend_dataset *dataset, size_t variable, range others, counts *n) {
  size_t rows = emend_dataset_rows(dataset);
  for (size_t row = 0; row < rows;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      double value = run.values[i];
      bool outside = (value < others.low || value > others.high) && run.reasons[i] == EMEND_OBSERVED;
      int code = outside ? find_code(fabs(value)) : -1;
      n->others += code < 0 && run.reasons[i] == EMEND_OBSERVED;
      if (code >= 0)
        (value > 0 ? n->above : n->below)[code]++;
    }
    row += run.n;
  }
}

static void add(double code, uint64_t count, range others, emend_outlier *found, size_t *n) {
  bool far = stands_apart(code > others.high ? code - others.high : others.low - code, others, count);
  if (*n < EMEND_MOST_OUTLIERS)
    found[(*n)++] = (emend_outlier){.code = code, .count = count, .low = others.low, .high = others.high, .far = far};
}

/* Codes below zero where nothing else is (an age of -9); a single cell may be a slip of the pen. */
static bool only_codes_are_negative(const counts *n, range others) {
  uint64_t negative = 0;
  for (int i = 0; i < N_CODES; i++)
    negative += n->below[i];
  return others.low >= 0 && negative > 1;
}

/* Beside one ordinary value alone a code must be rare: two answers are not far from each other. */
static bool is_lonely(const counts *n) {
  enum { TIMES = 20 };
  uint64_t codes_met = 0;
  for (int i = 0; i < N_CODES; i++)
    codes_met += n->above[i] + n->below[i];
  return n->others >= TIMES * codes_met;
}

/* Outward from the ordinary values: a code that stands apart is suspected, any other is ordinary after all. */
static void examine(const emend_dataset *dataset, size_t variable, range all, emend_outlier *found, size_t *n_found) {
  range others;
  if (!range_of_others(dataset, variable, all, &others))
    return;
  counts n = {0};
  count_codes(dataset, variable, others, &n);
  if (others.low == others.high && !is_lonely(&n))
    return;
  bool below_zero = only_codes_are_negative(&n, others);
  for (int i = 0; i < N_CODES; i++) { /* inside the range, and next to it, first: they widen it */
    if (n.above[i] && codes[i] > others.high && !stands_apart(codes[i] - others.high, others, n.above[i]))
      others.high = codes[i];
    if (n.above[i] && codes[i] < others.low)
      others.low = codes[i];
    if (n.below[i] && -codes[i] < others.low && !below_zero && !stands_apart(others.low + codes[i], others, n.below[i]))
      others.low = -codes[i];
    if (n.below[i] && -codes[i] > others.high)
      others.high = -codes[i];
  }
  for (int i = 0; i < N_CODES; i++) {
    if (n.below[i] && -codes[i] < others.low)
      add(-codes[i], n.below[i], others, found, n_found);
    if (n.above[i] && codes[i] > others.high)
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
    status = emend_dataset_add_warning(dataset, error, "%zu more values like these, in this and other variables, are far from the others",
                                       n_warnings - MOST_WARNINGS);
  return status;
}
