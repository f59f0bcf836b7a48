/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/calibrate.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"

/* By their means, and by their keys where those are equal. */
static void sort_cells(emend_uncertain *cells, size_t n) {
  emend_sort_by_numbers(cells, n, sizeof *cells, offsetof(emend_uncertain, mean), offsetof(emend_uncertain, key));
}

static double clip(double x, double lo, double hi) { return x < lo ? lo : x > hi ? hi : x; }

void emend_latent_thresholds(const emend_categories *c, double *thresholds) {
  double weight = 0, sum = 0, squares = 0, below = 0;
  for (size_t i = 0; i < c->n; i++)
    weight += c->weights[i], sum += c->weights[i] * c->numbers[i];
  double mean = weight > 0 ? sum / weight : c->numbers[0];
  for (size_t i = 0; i < c->n; i++)
    squares += c->weights[i] * (c->numbers[i] - mean) * (c->numbers[i] - mean);
  double sd = weight > 0 ? sqrt(squares / weight) : 0;
  for (size_t i = 0; i + 1 < c->n; i++) {
    below += c->weights[i];
    double share = weight > 0 ? clip(below / weight, 1e-9, 1 - 1e-9) : 0.5;
    thresholds[i] = mean + sd * gsl_cdf_ugaussian_Pinv(share);
  }
}

/* The mean of the codes that the thresholds give one cell, and how fast it falls as they rise. */
static double mean_code(const emend_categories *c, const double *thresholds, double mean, double sd, double shift, double *slope) {
  double expected = c->numbers[c->n - 1];
  *slope = 0;
  for (size_t i = 0; i + 1 < c->n; i++) {
    double z = (thresholds[i] + shift - mean) / sd, step = c->numbers[i + 1] - c->numbers[i];
    expected -= step * gsl_cdf_ugaussian_P(z);
    *slope += step * gsl_ran_ugaussian_pdf(z) / sd;
  }
  return expected;
}

/* The shift of the thresholds at which a cell's mean code is its mean: Newton's method, kept between bounds. */
static double find_own_shift(const emend_categories *c, const double *thresholds, double mean, double sd) {
  double reach = c->numbers[c->n - 1] - c->numbers[0] + 12 * sd, lo = -2 * reach, hi = 2 * reach, shift = 0, slope;
  for (int i = 0; i < 60; i++) {
    double excess = mean_code(c, thresholds, mean, sd, shift, &slope) - mean;
    if (fabs(excess) < 1e-9 * reach)
      break;
    *(excess > 0 ? &lo : &hi) = shift;
    double next = slope > 0 ? shift + excess / slope : lo;
    shift = next > lo && next < hi ? next : (lo + hi) / 2;
  }
  return shift;
}

/* Where what the thresholds cut lies if the mean code is `mean`, between the lowest and the highest: the further, the more steps. */
static double find_place(const emend_categories *c, const double *thresholds, double mean, double sd) {
  double lo = thresholds[0] - 40 * sd, hi = thresholds[c->n - 2] + 40 * sd, place = (thresholds[0] + thresholds[c->n - 2]) / 2, slope;
  for (int i = 0; i < 60; i++) {
    double excess = mean_code(c, thresholds, place, sd, 0, &slope) - mean;
    if (fabs(excess) < 1e-10 * (c->numbers[c->n - 1] - c->numbers[0]))
      break;
    *(excess > 0 ? &hi : &lo) = place;
    double next = slope > 0 ? place - excess / slope : lo;
    place = next > lo && next < hi ? next : (lo + hi) / 2;
  }
  return place;
}

void emend_curve_shares(const emend_categories *c, const double *thresholds, double mean, double sd, double *below) {
  double lowest = c->numbers[0], highest = c->numbers[c->n - 1], place;
  sd = sd > 0 ? sd : 1;
  place = c->n > 2 && mean > lowest && mean < highest ? find_place(c, thresholds, mean, sd) : NAN;
  for (size_t i = 0; i + 1 < c->n; i++)
    below[i] = isnan(place) ? clip((highest - mean) / (highest - lowest), 0, 1) : gsl_cdf_ugaussian_P((thresholds[i] - place) / sd);
}

double emend_draw_code(const emend_categories *c, double mean, double sd, double u) {
  double thresholds[EMEND_MOST_CATEGORIES], lowest = c->numbers[0], highest = c->numbers[c->n - 1], least = 1e-3 * (highest - lowest);
  if (!(mean > lowest) || mean >= highest)
    return mean > lowest ? highest : lowest;
  emend_latent_thresholds(c, thresholds);
  sd = sd > least ? sd : least;
  double shift = find_own_shift(c, thresholds, mean, sd);
  size_t i = 0;
  while (i + 1 < c->n && u > gsl_cdf_ugaussian_P((thresholds[i] + shift - mean) / sd))
    i++;
  return c->numbers[i];
}

/* The cells whose probabilities stand for all: of many, one of every so many in the order of their means. */
typedef struct panel {
  const emend_uncertain *cells;
  size_t n, used;
} panel;

static panel panel_of(const emend_uncertain *cells, size_t n) {
  enum { MOST = 256 };
  return (panel){.cells = cells, .n = n, .used = n < MOST ? n : MOST};
}

static const emend_uncertain *panel_cell(const panel *p, size_t i) { return &p->cells[(2 * i + 1) * p->n / (2 * p->used)]; }

/* The share of cells up to a threshold. */
static double share_below(const panel *p, double threshold) {
  double sum = 0;
  for (size_t i = 0; i < p->used; i++) {
    const emend_uncertain *cell = panel_cell(p, i);
    sum += cell->sd > 0 ? gsl_cdf_ugaussian_P((threshold - cell->mean) / cell->sd) : threshold >= cell->mean;
  }
  return sum / (double)p->used;
}

static double expected_mean(const panel *p, const emend_categories *c, const double *thresholds, double shift) {
  double mean = c->numbers[c->n - 1];
  for (size_t i = 0; i + 1 < c->n; i++)
    mean -= (c->numbers[i + 1] - c->numbers[i]) * share_below(p, thresholds[i] + shift);
  return mean;
}

/* The shift of all thresholds at which the expected mean is `wanted`: it falls as they rise. */
static double find_shift(const panel *p, const emend_categories *c, const double *thresholds, double wanted) {
  double reach = 2 * (c->numbers[c->n - 1] - c->numbers[0]), lo = -reach, hi = reach;
  for (int i = 0; i < 24; i++) {
    double middle = (lo + hi) / 2;
    *(expected_mean(p, c, thresholds, middle) > wanted ? &lo : &hi) = middle;
  }
  return (lo + hi) / 2;
}

/* The expected share of cells below each step, into `shares`. */
static void expect_shares(const emend_categories *c, const panel *p, double *shares) {
  const emend_uncertain *cells = p->cells;
  size_t n = p->n;
  double lowest = c->numbers[0], highest = c->numbers[c->n - 1], sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += clip(cells[i].mean, lowest, highest);
  double wanted = sum / (double)n;
  if (c->n == 2) {
    shares[0] = (highest - wanted) / (highest - lowest);
    return;
  }
  double thresholds[EMEND_MOST_CATEGORIES];
  emend_latent_thresholds(c, thresholds);
  double shift = find_shift(p, c, thresholds, wanted);
  for (size_t i = 0; i + 1 < c->n; i++)
    shares[i] = share_below(p, thresholds[i] + shift);
}

/* The same by a curve. */
static void expect_curve_shares(const emend_categories *c, const double *thresholds, const panel *p, double *shares) {
  double below[EMEND_MOST_CATEGORIES];
  memset(shares, 0, (c->n - 1) * sizeof *shares);
  for (size_t i = 0; i < p->used; i++) {
    const emend_uncertain *cell = panel_cell(p, i);
    emend_curve_shares(c, thresholds, cell->mean, cell->sd, below);
    for (size_t k = 0; k + 1 < c->n; k++)
      shares[k] += below[k] / (double)p->used;
  }
}

/* What is calibrated: codes, or (NULL) an indicator. */
typedef struct shared {
  const emend_categories *categories;
  const double *thresholds;
  size_t n_cuts;
} shared;

static void share_out(const shared *what, const panel *p, double *shares) {
  double expected = 0;
  if (what->categories && what->thresholds && what->n_cuts > 1)
    expect_curve_shares(what->categories, what->thresholds, p, shares);
  else if (what->categories)
    expect_shares(what->categories, p, shares);
  else {
    for (size_t i = 0; i < p->n; i++)
      expected += clip(p->cells[i].mean, 0, 1);
    shares[0] = 1 - expected / (double)p->n;
  }
}

int emend_grade_of(double sd) {
  static const double STEP = 1.25;
  return sd > 0 && isfinite(sd) ? (int)floor(log(sd) / log(STEP)) : INT_MIN;
}

/* The cells in the order of how well they are known, if there is more than one grade. */
static void sort_by_grade(emend_uncertain *cells, size_t n) {
  bool differ = false;
  for (size_t i = 0; i < n; i++) {
    cells[i].sd = cells[i].sd > 0 && isfinite(cells[i].sd) ? cells[i].sd : 0;
    differ = differ || emend_grade_of(cells[i].sd) != emend_grade_of(cells[0].sd);
  }
  if (differ)
    emend_sort_by_numbers(cells, n, sizeof *cells, offsetof(emend_uncertain, sd), offsetof(emend_uncertain, key));
}

/* The cuts of one grade, whose cells become ordered; `left`: what rounding has left over at each cut. */
static void cut_grade(const shared *what, emend_uncertain *cells, size_t n, double *left, emend_cut *cuts) {
  double shares[EMEND_MOST_CATEGORIES];
  sort_cells(cells, n);
  panel p = panel_of(cells, n);
  share_out(what, &p, shares);
  size_t before = 0;
  for (size_t k = 0; k < what->n_cuts; k++) {
    double wanted = clip(shares[k], 0, 1) * (double)n + left[k];
    size_t rank = (size_t)llround(clip(wanted, (double)before, (double)n));
    left[k] = wanted - (double)rank, before = rank;
    cuts[k] = rank < n ? (emend_cut){cells[rank].mean, cells[rank].key} : (emend_cut){HUGE_VAL, 0};
  }
}

static size_t end_of_grade(const emend_uncertain *cells, size_t n, size_t first) {
  size_t end = first + 1;
  while (end < n && emend_grade_of(cells[end].sd) == emend_grade_of(cells[first].sd))
    end++;
  return end;
}

static emend_status calibrate(const shared *what, emend_decoder *decoder, emend_uncertain *cells, size_t n, emend_error *error) {
  double left[EMEND_MOST_CATEGORIES] = {0};
  size_t n_grades = 0;
  if (n == 0)
    return EMEND_OK;
  sort_by_grade(cells, n);
  for (size_t first = 0; first < n; first = end_of_grade(cells, n, first))
    n_grades++;
  decoder->n_cuts = what->n_cuts;
  decoder->cuts = emend_allocate(n_grades, what->n_cuts * sizeof *decoder->cuts);
  decoder->grades = emend_allocate(n_grades, sizeof *decoder->grades);
  if (!decoder->cuts || !decoder->grades)
    return emend_fail_memory(error);
  for (size_t first = 0, end; first < n; first = end) {
    end = end_of_grade(cells, n, first);
    decoder->grades[decoder->n_grades] = emend_grade_of(cells[first].sd);
    cut_grade(what, cells + first, end - first, left, decoder->cuts + decoder->n_grades++ * what->n_cuts);
  }
  return EMEND_OK;
}

emend_status emend_calibrate_shares(emend_decoder *decoder, emend_uncertain *cells, size_t n, emend_error *error) {
  const emend_categories *c = &decoder->planned->categories;
  return calibrate(&(shared){c, decoder->thresholds, c->n - 1}, decoder, cells, n, error);
}

emend_status emend_calibrate_pair(emend_decoder *decoder, emend_uncertain *cells, size_t n, emend_error *error) {
  return calibrate(&(shared){NULL, NULL, 1}, decoder, cells, n, error);
}

double emend_spike_rank(double probability, double key) {
  double p = clip(probability, 1e-12, 1 - 1e-12);
  return log(p / (1 - p)) - log(key / (1 - key));
}

emend_status emend_calibrate_spike(emend_uncertain *cells, size_t n, emend_cut **cuts, size_t *n_cuts, emend_error *error) {
  double expected = 0;
  *n_cuts = 1;
  *cuts = emend_allocate(1, sizeof **cuts);
  if (!*cuts)
    return emend_fail_memory(error);
  for (size_t i = 0; i < n; i++) {
    expected += clip(cells[i].mean, 0, 1);
    cells[i].mean = emend_spike_rank(cells[i].mean, cells[i].key);
  }
  sort_cells(cells, n);
  size_t amounts = (size_t)llround(expected);
  (*cuts)->at = amounts > 0 ? cells[n - amounts].mean : HUGE_VAL;
  return EMEND_OK;
}

double emend_between(const emend_allowed *allowed, double mean, double *below, double *above) {
  size_t lo = 0, hi = allowed->n_values;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (allowed->values[middle] <= mean)
      lo = middle + 1;
    else
      hi = middle;
  }
  *below = allowed->values[lo > 0 ? lo - 1 : 0];
  *above = allowed->values[lo < allowed->n_values ? lo : allowed->n_values - 1];
  return *above > *below ? (mean - *below) / (*above - *below) : 0;
}

/* One cut of the fractions: those that are raised, from the largest on, make up for what all others lose by being lowered. Equal ones go
 * the same way. */
emend_status emend_calibrate_whole(const emend_allowed *allowed, emend_uncertain *cells, size_t n, emend_cut **cuts, size_t *n_cuts,
                                   emend_error *error) {
  double below, above, lost = 0;
  *n_cuts = 1;
  *cuts = emend_allocate(1, sizeof **cuts);
  if (!*cuts)
    return emend_fail_memory(error);
  for (size_t i = 0; i < n; i++) { /* `sd` gives its place to the gap between the neighbours */
    double fraction = emend_between(allowed, cells[i].mean, &below, &above);
    cells[i] = (emend_uncertain){.mean = fraction, .sd = above - below, .key = cells[i].key};
    lost += fraction * cells[i].sd;
  }
  sort_cells(cells, n);
  **cuts = (emend_cut){HUGE_VAL, 0};
  for (size_t i = n, first; i > 0; i = first) {
    double gained = 0;
    for (first = i; first > 0 && cells[first - 1].mean == cells[i - 1].mean; first--)
      gained += cells[first - 1].sd;
    if (lost <= gained / 2)
      break;
    lost -= gained;
    (*cuts)->at = cells[first].mean;
  }
  return EMEND_OK;
}
