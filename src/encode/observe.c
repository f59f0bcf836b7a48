/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/observe.h"

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"
#include "encode/gathered.h"

/* Doubles up to here are whole without telling anything. */
static const double LARGEST_INTEGER = 9007199254740992.0;

/* So many different fractions may be a scale. */
enum { MOST_FRACTIONS = 20 };

/* As rint and floor, which without a processor's own instruction are calls for each cell. */
static inline double nearest_whole(double x) {
  static const double FRACTIONLESS = 0x1.8p52; /* what is added to it loses its fraction */
  return fabs(x) < 0x1p51 ? x + FRACTIONLESS - FRACTIONLESS : rint(x);
}

static inline bool is_whole(double x) { return fabs(x) <= LARGEST_INTEGER && nearest_whole(x) == x; }

emend_status emend_observe_work_new(emend_observe_work *work, emend_error *error) {
  work->values = emend_tally_new();
  work->codes = emend_tally_new();
  if (work->values && work->codes)
    return EMEND_OK;
  emend_observe_work_free(work);
  return emend_fail_memory(error);
}

void emend_observe_work_free(emend_observe_work *work) {
  emend_tally_free(work->values);
  emend_tally_free(work->codes);
  *work = (emend_observe_work){0};
}

/* Most cells are observed: eight of them are counted at once. */
void emend_observe_reasons(const emend_dataset *dataset, size_t variable, size_t by_reason[EMEND_TAG_UNDERSCORE + 1]) {
  enum { AT_ONCE = 8, SIDE_BY_SIDE = 4 }; /* counts of the same reason need not wait for each other */
  _Static_assert(EMEND_OBSERVED == 0, "so that a word of observed cells is 0");
  size_t counts[SIDE_BY_SIDE][UCHAR_MAX + 1] = {{0}};
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n;) {
      uint64_t word = 1;
      if (run.n - i >= AT_ONCE)
        memcpy(&word, run.reasons + i, sizeof word);
      if (word == 0)
        counts[0][EMEND_OBSERVED] += AT_ONCE, i += AT_ONCE;
      else
        for (size_t k = 0; k < AT_ONCE && i < run.n; k++, i++)
          counts[k % SIDE_BY_SIDE][run.reasons[i]]++;
    }
  }
  for (size_t reason = 0; reason <= EMEND_TAG_UNDERSCORE; reason++)
    by_reason[reason] = counts[0][reason] + counts[1][reason] + counts[2][reason] + counts[3][reason];
}

bool emend_observed_is_count(const emend_observed *observed) {
  enum { FEW = 10 };
  return observed->integers && observed->n_distinct < FEW;
}

double emend_decimal_scale(int decimals) {
  static const double scales[EMEND_MOST_WRITTEN + 1] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
  return scales[decimals];
}

/* True if a decimal number of so many digits is what the value was read from: then it is the nearest number to it, in single precision
 * where that is stored. */
static bool has_decimals(double value, int decimals, bool single) {
  double scale = emend_decimal_scale(decimals), whole = nearest_whole(value * scale);
  if (fabs(whole) > LARGEST_INTEGER)
    return false;
  return single ? (double)(float)(whole / scale) == value : whole / scale == value;
}

/* The decimals after one more value. */
static int more_decimals(int decimals, double value, bool single) {
  while (decimals >= 0 && !has_decimals(value, decimals, single))
    decimals = decimals < EMEND_MOST_DECIMALS ? decimals + 1 : -1;
  return decimals;
}

typedef struct observer {
  emend_observed *observed;
  emend_tally *values, *codes;
  bool collects;        /* still adding to `values` */
  bool single;          /* stored in single precision */
  bool all;             /* the values are wanted, however many */
  bool ascends;         /* each value is larger than the one before: none comes twice */
  size_t labels_limit;  /* more distinct fractional values than this cannot be mostly labelled, nor are they few */
  double weight, sum;   /* of the finite observed cells that weigh something, and how many they are */
  size_t n_weighing;
  emend_error *error;
} observer;

static emend_status collect(observer *o, double value) {
  emend_observed *observed = o->observed;
  size_t before = emend_tally_distinct(o->values);
  if (o->ascends && before > EMEND_MOST_CATEGORIES) {
    o->collects = false;
    return EMEND_OK;
  }
  if (!observed->integers && before > o->labels_limit) {
    o->collects = false;
    return EMEND_OK;
  }
  emend_status status = emend_tally_add(o->values, value, o->error);
  /* A long list that is not wanted only tells whether a value comes twice. */
  observed->distinct = observed->distinct && emend_tally_distinct(o->values) > before;
  o->collects = o->all || observed->distinct || before <= EMEND_MOST_CATEGORIES;
  return status;
}

/* Numbers whose values are no longer told apart: of reals nearly all. */
static size_t observe_reals(observer *o, const emend_gathered *g, size_t from) {
  emend_observed *observed = o->observed;
  for (size_t i = from; i < g->n && observed->decimals >= 0; i++)
    observed->decimals = more_decimals(observed->decimals, g->values[i], o->single);
  return g->n;
}

static emend_status observe_value(observer *o, double value) {
  emend_observed *observed = o->observed;
  bool whole = is_whole(value);
  observed->integers = observed->integers && whole;
  if (observed->decimals > 0 || (observed->decimals == 0 && !whole))
    observed->decimals = more_decimals(observed->decimals, value, o->single);
  return o->collects ? collect(o, value) : EMEND_OK;
}

/* Codes, all at once; false if one by one has to be looked at. Within so narrow a range none is one too many. */
static bool observe_codes(observer *o, const emend_gathered *g) {
  emend_observed *observed = o->observed;
  size_t before = emend_tally_distinct(o->values);
  bool collects = o->collects && (o->all || observed->max - observed->min < EMEND_MOST_CATEGORIES);
  if (!observed->integers || !collects || !emend_tally_add_small(o->values, g->values, g->n))
    return false;
  observed->distinct = observed->distinct && emend_tally_distinct(o->values) == before + g->n;
  return true;
}

static void sum_up(observer *o, const emend_gathered *g) {
  double min = o->observed->min, max = o->observed->max, weight = o->weight, sum = o->sum;
  for (size_t i = 0; i < g->n; i++) {
    double value = g->values[i];
    if (!(value >= min))
      min = value;
    if (!(value <= max))
      max = value;
    weight += g->weights[i];
    sum += g->weights[i] * value;
    o->n_weighing += g->weights[i] > 0;
  }
  o->observed->min = min, o->observed->max = max, o->weight = weight, o->sum = sum;
}

/* The ends of what rows hold that weigh something. */
static void find_weighing_ends(observer *o, const emend_gathered *g) {
  emend_observed *observed = o->observed;
  for (size_t i = 0; i < g->n; i++)
    if (g->weights[i] > 0) {
      observed->weighing_min = fmin(observed->weighing_min, g->values[i]);
      observed->weighing_max = fmax(observed->weighing_max, g->values[i]);
    }
}

static emend_status observe_gathered(observer *o, const emend_gathered *g, const double *weights) {
  emend_status status = EMEND_OK;
  sum_up(o, g);
  if (weights)
    find_weighing_ends(o, g);
  for (size_t i = observe_codes(o, g) ? g->n : 0; i < g->n && !status;)
    if (o->collects || o->observed->integers)
      status = observe_value(o, g->values[i++]);
    else
      i = observe_reals(o, g, i);
  return status;
}

/* Codes that mean missing, and where a value is infinite: of few variables. */
static emend_status observe_others(observer *o, emend_run run, size_t row) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < run.n && !status; i++) {
    if (run.reasons[i] == EMEND_USER_MISSING)
      status = emend_tally_add(o->codes, run.values[i], o->error);
    else if (run.reasons[i] == EMEND_OBSERVED && isinf(run.values[i]) && !o->observed->infinite_row)
      o->observed->infinite_row = row + i + 1;
  }
  return status;
}

typedef struct powers {
  double second, third;
} powers;

/* A function of its own: inside of a large one the sums wait for memory. */
__attribute__((noinline)) static powers add_powers(powers sum, const emend_gathered *g, double mean) {
  for (size_t i = 0; i < g->n; i++) {
    double distance = g->values[i] - mean, square = g->weights[i] * distance * distance;
    sum.second += square, sum.third += square * distance;
  }
  return sum;
}

/* The second pass: powers of distances from the mean, which the first pass cannot have without cancellation. */
static powers sum_powers(const emend_dataset *dataset, size_t variable, const double *weights, double mean) {
  emend_gathered g = {0};
  powers sum = {0};
  for (size_t row = 0; row < emend_dataset_rows(dataset);) {
    row = emend_gathered_take(&g, dataset, variable, row, weights);
    sum = add_powers(sum, &g, mean);
  }
  return sum;
}

static void take_moments(const observer *o, const emend_dataset *dataset, size_t variable, const double *weights, emend_weight_kind kind) {
  static const double FARTHEST = 1e6; /* from zero, in sd, that the rounding of the mean does not matter */
  emend_observed *observed = o->observed;
  if (!(o->weight > 0))
    return;
  observed->mean = o->sum / o->weight;
  powers sum = sum_powers(dataset, variable, weights, observed->mean);
  double n = kind == EMEND_FREQUENCY_WEIGHTS ? o->weight : (double)o->n_weighing, variance = sum.second / o->weight;
  if (n > 1)
    observed->sd = sqrt(variance * (n / (n - 1)));
  if (variance > 0 && fabs(observed->mean) < FARTHEST * sqrt(variance))
    observed->skewness = sum.third / o->weight / (variance * sqrt(variance));
}

/* The labelled numbers of a label set that the variable does not declare missing, ascending. */
static emend_status labelled_values(const emend_dataset *dataset, size_t variable, double **values, size_t *n, emend_error *error) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  *n = 0;
  *values = NULL;
  if (v->label_set < 0)
    return EMEND_OK;
  const emend_label_set *set = emend_dataset_label_set(dataset, (size_t)v->label_set);
  *values = emend_allocate((size_t)set->n_labels, sizeof **values);
  if (!*values)
    return emend_fail_memory(error);
  for (size_t i = 0; i < set->n_labels; i++) {
    const emend_label *label = emend_dataset_label(dataset, set, i);
    if (label->kind == EMEND_KEY_NUMBER && !emend_variable_declares_missing(v, label->number))
      (*values)[(*n)++] = label->number;
  }
  qsort(*values, *n, sizeof **values, emend_compare_numbers);
  return EMEND_OK;
}

static emend_status count_values(observer *o) {
  emend_observed *observed = o->observed;
  observed->counts = emend_allocate(observed->n_values, sizeof *observed->counts);
  for (size_t i = 0; i < observed->n_values && observed->counts; i++)
    observed->counts[i] = emend_tally_count(o->values, observed->values[i]);
  return observed->counts ? EMEND_OK : emend_fail_memory(o->error);
}

/* Fractions that come again and again are steps of a scale, like grades. */
static bool are_few(const emend_observed *observed) {
  enum { CELLS_EACH = 10 };
  return !observed->infinite_row && observed->n_distinct <= MOST_FRACTIONS && observed->n_distinct * CELLS_EACH <= observed->n;
}

/* Numbers in order, as identifiers often are. */
static bool is_ascending(const emend_dataset *dataset, size_t variable) {
  double last = -HUGE_VAL;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; last = run.values[i++])
      if (!(run.values[i] > last))
        return false;
  }
  return true;
}

/* Decides `labelled`, and keeps the list of values where it is of use. */
static emend_status keep_values(observer *o, bool wanted, const double *labels, size_t n_labels) {
  emend_observed *observed = o->observed;
  bool all_differ = o->ascends && !o->collects;
  observed->n_distinct = all_differ ? observed->n : observed->integers || o->collects ? emend_tally_distinct(o->values) : 0;
  bool few_fractions = !observed->integers && are_few(observed);
  if (!o->collects || (!n_labels && !observed->integers && !few_fractions)) {
    observed->n_distinct = observed->integers || n_labels ? observed->n_distinct : 0;
    return EMEND_OK;
  }
  double *values;
  emend_status status = emend_tally_values(o->values, &values, o->error);
  if (status)
    return status;
  size_t n = emend_tally_distinct(o->values), n_labelled = 0;
  for (size_t i = 0; i < n && n_labels; i++)
    n_labelled += bsearch(&values[i], labels, n_labels, sizeof *labels, emend_compare_numbers) != NULL;
  observed->labelled = 2 * n_labelled > n;
  bool few = n <= EMEND_MOST_CATEGORIES;
  if ((wanted || few) && (observed->integers || observed->labelled || few_fractions)) {
    observed->values = values;
    observed->n_values = n;
    return few ? count_values(o) : EMEND_OK;
  }
  free(values);
  return EMEND_OK;
}

emend_status emend_observe(const emend_dataset *dataset, size_t variable, const double *weights, emend_weight_kind kind, bool wanted,
                           emend_observe_work *work, emend_observed *observed, emend_error *error) {
  size_t n_rows = emend_dataset_rows(dataset), n_labels;
  double *labels;
  emend_status status = labelled_values(dataset, variable, &labels, &n_labels, error);
  if (status)
    return status;
  *observed = (emend_observed){.min = NAN, .max = NAN, .weighing_min = NAN, .weighing_max = NAN, .mean = NAN, .sd = NAN, .skewness = NAN};
  emend_observe_reasons(dataset, variable, observed->by_reason);
  observed->n = observed->by_reason[EMEND_OBSERVED];
  bool complete = observed->n == n_rows;
  observed->integers = observed->n > 0;
  observed->distinct = complete && observed->n > 0;
  emend_tally_clear(work->values);
  emend_tally_clear(work->codes);
  observer o = {.observed = observed,
                .values = work->values,
                .codes = work->codes,
                .collects = true,
                .single = emend_dataset_variable(dataset, variable)->storage == EMEND_STORAGE_F32,
                .all = (wanted && !complete) || n_labels,
                .ascends = complete && !n_labels && is_ascending(dataset, variable),
                .labels_limit = 2 * n_labels > MOST_FRACTIONS ? 2 * n_labels : MOST_FRACTIONS,
                .error = error};
  emend_gathered g = {0};
  size_t n_finite = 0;
  for (size_t row = 0; !status && row < n_rows; n_finite += g.n) {
    row = emend_gathered_take(&g, dataset, variable, row, weights);
    status = observe_gathered(&o, &g, weights);
  }
  emend_run run;
  bool others = observed->by_reason[EMEND_USER_MISSING] > 0 || n_finite < observed->n;
  for (size_t row = 0; !status && others && row < n_rows; row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    status = observe_others(&o, run, row);
  }
  if (!weights)
    observed->weighing_min = observed->min, observed->weighing_max = observed->max;
  observed->distinct = observed->distinct && observed->integers && !observed->infinite_row;
  observed->integers = observed->integers && !isnan(observed->min);
  if (!status)
    status = keep_values(&o, wanted && !complete, labels, n_labels);
  if (!status)
    take_moments(&o, dataset, variable, weights, kind);
  free(labels);
  return status;
}
