/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/calibrate.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
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
static void expect_shares(const emend_categories *c, const emend_uncertain *cells, size_t n, double *shares) {
  enum { MOST = 512 };
  panel p = {.cells = cells, .n = n, .used = n < MOST ? n : MOST};
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
  double shift = find_shift(&p, c, thresholds, wanted);
  for (size_t i = 0; i + 1 < c->n; i++)
    shares[i] = share_below(&p, thresholds[i] + shift);
}

/* The cut behind a share of the cells, which are in order. */
static emend_cut cut_behind(const emend_uncertain *cells, size_t n, double share) {
  size_t rank = (size_t)llround(clip(share, 0, 1) * (double)n);
  return rank < n ? (emend_cut){cells[rank].mean, cells[rank].key} : (emend_cut){HUGE_VAL, 0};
}

/* The same by a curve. */
static void expect_curve_shares(const emend_categories *c, const double *thresholds, const emend_uncertain *cells, size_t n,
                                double *shares) {
  enum { MOST = 512 };
  panel p = {.cells = cells, .n = n, .used = n < MOST ? n : MOST};
  double below[EMEND_MOST_CATEGORIES];
  memset(shares, 0, (c->n - 1) * sizeof *shares);
  for (size_t i = 0; i < p.used; i++) {
    const emend_uncertain *cell = panel_cell(&p, i);
    emend_curve_shares(c, thresholds, cell->mean, cell->sd, below);
    for (size_t k = 0; k + 1 < c->n; k++)
      shares[k] += below[k] / (double)p.used;
  }
}

emend_status emend_calibrate_shares(const emend_categories *c, const double *thresholds, emend_uncertain *cells, size_t n,
                                    emend_cut **cuts, size_t *n_cuts, emend_error *error) {
  double shares[EMEND_MOST_CATEGORIES];
  *n_cuts = 0;
  *cuts = NULL;
  if (n == 0)
    return EMEND_OK;
  *cuts = emend_allocate(c->n - 1, sizeof **cuts);
  if (!*cuts)
    return emend_fail_memory(error);
  sort_cells(cells, n);
  if (thresholds && c->n > 2)
    expect_curve_shares(c, thresholds, cells, n, shares);
  else
    expect_shares(c, cells, n, shares);
  *n_cuts = c->n - 1;
  for (size_t i = 0; i < *n_cuts; i++)
    (*cuts)[i] = cut_behind(cells, n, shares[i]);
  return EMEND_OK;
}

emend_status emend_calibrate_pair(emend_uncertain *cells, size_t n, emend_cut **cuts, size_t *n_cuts, emend_error *error) {
  double expected = 0;
  *n_cuts = 0;
  *cuts = NULL;
  if (n == 0)
    return EMEND_OK;
  *cuts = emend_allocate(1, sizeof **cuts);
  if (!*cuts)
    return emend_fail_memory(error);
  sort_cells(cells, n);
  for (size_t i = 0; i < n; i++)
    expected += clip(cells[i].mean, 0, 1);
  *n_cuts = 1;
  **cuts = cut_behind(cells, n, 1 - expected / (double)n);
  return EMEND_OK;
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
