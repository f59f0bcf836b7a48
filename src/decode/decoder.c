/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode/decoder.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "decode/calibrate.h"
#include "encode/type.h"

/* Whole numbers that have no labels and are a scale of steps all the same: from 0 or 1 to at most so many, none left out, and nobody says
 * that they are a quantity. Others are counts: what matters is their sum. */
enum { MOST_STEPS = 7 };
/* With more, draws go to the nearest value: thresholds between so many change little, and take their time. */
enum { MOST_DRAWN = 40 };

/* So are few amounts far apart (a bonus of 0, 500, 1000 or 2000) that many rows have: what lies between never comes. */
enum { LEAST_GAP = 5, ROWS_PER_STEP = 20 };

static bool is_scale(const emend_planned *planned) {
  const emend_categories *c = &planned->categories;
  if (planned->quantity || c->n < 2 || c->n > MOST_STEPS)
    return false;
  bool from_start = c->numbers[0] == 0 || c->numbers[0] == 1, apart = planned->observed.n >= ROWS_PER_STEP * c->n;
  for (size_t i = 1; i < c->n; i++) {
    from_start = from_start && c->numbers[i] == c->numbers[0] + (double)i;
    apart = apart && c->numbers[i] - c->numbers[i - 1] >= LEAST_GAP;
  }
  return from_start || apart;
}

emend_decoder emend_decoder_of(const emend_planned *planned, bool scores) {
  const emend_categories *c = &planned->categories;
  emend_decoder decoder = {.kind = EMEND_DECODE_NEAREST, .planned = planned};
  if (c->n_levels && !scores)
    decoder.kind = EMEND_DECODE_LEVELS;
  else if (planned->spiked && !scores)
    decoder.kind = EMEND_DECODE_SPIKED;
  else if (planned->rounds && planned->type == EMEND_TYPE_INTEGER && planned->allowed.values &&
           (!is_scale(planned) || planned->bounded || planned->transform.kind))
    decoder.kind = EMEND_DECODE_WHOLE;
  else if (planned->rounds && planned->allowed.values && c->n > 1 &&
           (planned->type == EMEND_TYPE_INTEGER || planned->type == EMEND_TYPE_ORDINAL || planned->type == EMEND_TYPE_BINARY))
    decoder.kind = EMEND_DECODE_SHARES;
  return decoder;
}

emend_decoder emend_decoder_of_mode(const emend_planned *planned, bool scores) {
  emend_decoder decoder = emend_decoder_of(planned, scores);
  if (decoder.kind == EMEND_DECODE_SHARES && planned->type != EMEND_TYPE_INTEGER)
    decoder.kind = EMEND_DECODE_STEPS;
  else if (decoder.kind == EMEND_DECODE_SHARES || decoder.kind == EMEND_DECODE_WHOLE)
    decoder.kind = EMEND_DECODE_NEAREST;
  return decoder;
}

void emend_decoder_free(emend_decoder *decoder) {
  free(decoder->cuts), free(decoder->grades), free(decoder->thresholds);
  decoder->cuts = NULL, decoder->grades = NULL, decoder->thresholds = NULL;
  decoder->n_cuts = decoder->n_grades = 0;
}

emend_status emend_decoder_set_thresholds(emend_decoder *decoder, const double *thresholds, emend_error *error) {
  size_t n = decoder->planned->categories.n - 1;
  if (!decoder->thresholds)
    decoder->thresholds = emend_allocate(n, sizeof *decoder->thresholds);
  if (!decoder->thresholds)
    return emend_fail_memory(error);
  memcpy(decoder->thresholds, thresholds, n * sizeof *thresholds);
  return EMEND_OK;
}

double emend_decoder_spread(const emend_decoder *decoder, double mean, double sd) {
  const emend_categories *c = &decoder->planned->categories;
  double below[EMEND_MOST_CATEGORIES], squares = 0;
  if (!decoder->thresholds)
    return sd;
  emend_curve_shares(c, decoder->thresholds, mean, sd, below);
  for (size_t i = 0; i < c->n; i++)
    squares += ((i + 1 < c->n ? below[i] : 1) - (i > 0 ? below[i - 1] : 0)) * (c->numbers[i] - mean) * (c->numbers[i] - mean);
  return sqrt(squares);
}

/* Two categories with an indicator between them are as any two codes. (Of a kept model, one may have no level.) */
static bool is_pair(const emend_decoder *decoder) {
  if (decoder->kind != EMEND_DECODE_LEVELS)
    return false;
  const emend_categories *c = &decoder->planned->categories;
  return c->n == 2 && c->n_levels == 2 && c->levels[0] + c->levels[1] == 1;
}

bool emend_decoder_calibrates(const emend_decoder *decoder) {
  return is_pair(decoder) || decoder->kind == EMEND_DECODE_SHARES || decoder->kind == EMEND_DECODE_WHOLE || decoder->kind == EMEND_DECODE_SPIKED;
}

bool emend_decoder_grades(const emend_decoder *decoder) { return decoder->kind == EMEND_DECODE_SHARES || is_pair(decoder); }

bool emend_decoder_draws_codes(const emend_decoder *decoder) {
  size_t n = decoder->planned->categories.n;
  return decoder->kind == EMEND_DECODE_SHARES || (decoder->kind == EMEND_DECODE_WHOLE && n > 1 && n <= MOST_DRAWN);
}

bool emend_decoder_ends(const emend_decoder *decoder, double *lo, double *hi) {
  const emend_planned *planned = decoder->planned;
  const emend_allowed *allowed = &planned->allowed;
  *lo = -HUGE_VAL, *hi = HUGE_VAL;
  if (decoder->kind == EMEND_DECODE_WHOLE && allowed->n_values > 1) {
    *lo = allowed->values[0] - (allowed->values[1] - allowed->values[0]) / 2;
    *hi = allowed->values[allowed->n_values - 1] + (allowed->values[allowed->n_values - 1] - allowed->values[allowed->n_values - 2]) / 2;
  } else if (planned->keeps_plausible) {
    *lo = planned->observed.weighing_min > planned->plausible_lo ? planned->plausible_lo : -HUGE_VAL;
    *hi = planned->observed.weighing_max < planned->plausible_hi ? planned->plausible_hi : HUGE_VAL;
  }
  return isfinite(*lo) || isfinite(*hi);
}

emend_status emend_decoder_calibrate(emend_decoder *decoder, emend_uncertain *cells, size_t n, emend_error *error) {
  if (decoder->kind == EMEND_DECODE_SHARES)
    return emend_calibrate_shares(decoder, cells, n, error);
  if (is_pair(decoder))
    return emend_calibrate_pair(decoder, cells, n, error);
  if (decoder->kind == EMEND_DECODE_SPIKED)
    return emend_calibrate_spike(cells, n, &decoder->cuts, &decoder->n_cuts, error);
  if (decoder->kind == EMEND_DECODE_WHOLE)
    return emend_calibrate_whole(&decoder->planned->allowed, cells, n, &decoder->cuts, &decoder->n_cuts, error);
  return EMEND_OK;
}

/* The cuts for a cell that is known so well. */
static const emend_cut *cuts_for(const emend_decoder *decoder, double sd) {
  size_t i = 0;
  if (decoder->n_grades > 1)
    for (int grade = emend_grade_of(sd); i + 1 < decoder->n_grades && decoder->grades[i] < grade;)
      i++;
  return decoder->cuts + i * decoder->n_cuts;
}

static bool is_beyond(double at, double key, emend_cut cut) { return at > cut.at || (at == cut.at && key >= cut.key); }

static double by_shares(const emend_decoder *decoder, double mean, double sd, double key) {
  const emend_cut *cuts = cuts_for(decoder, sd);
  size_t lo = 0, hi = decoder->n_cuts;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (is_beyond(mean, key, cuts[middle]))
      lo = middle + 1;
    else
      hi = middle;
  }
  return decoder->planned->categories.numbers[lo];
}

static double below_threshold(double threshold, double mean, double sd) {
  return sd > 0 ? gsl_cdf_ugaussian_P((threshold - mean) / sd) : threshold >= mean;
}

/* The probabilities of a code up to each but the last. */
static void find_below(const emend_decoder *decoder, double mean, double sd, double *below) {
  const emend_categories *c = &decoder->planned->categories;
  if (decoder->thresholds) {
    emend_curve_shares(c, decoder->thresholds, mean, sd, below);
    return;
  }
  emend_latent_thresholds(c, below);
  for (size_t i = 0; i + 1 < c->n; i++)
    below[i] = below_threshold(below[i], mean, sd);
}

double emend_decoder_step(const emend_decoder *decoder, double mean, double sd) {
  const emend_categories *c = &decoder->planned->categories;
  double shares[EMEND_MOST_CATEGORIES], before = 0, most = -1;
  size_t best = 0;
  if (c->n == 2)
    return c->numbers[mean > (c->numbers[0] + c->numbers[1]) / 2];
  find_below(decoder, mean, sd, shares);
  for (size_t i = 0; i < c->n; i++) {
    double below = i + 1 < c->n ? shares[i] : 1;
    if (below - before > most)
      most = below - before, best = i;
    before = below;
  }
  return c->numbers[best];
}

static double by_sum(const emend_decoder *decoder, double mean) {
  double below, above, fraction = emend_between(&decoder->planned->allowed, mean, &below, &above);
  return fraction >= decoder->cuts[0].at ? above : below;
}

static double value_of(const emend_categories *c, size_t category) { return c->numbers ? c->numbers[category] : (double)category; }

/* The probabilities of the levels, clipped; they need not add up to 1 to be compared. */
static double level_probability(const emend_categories *c, const double *means, size_t level) {
  double p = 1;
  if (level > 0)
    p = means[level - 1];
  else
    for (size_t l = 1; l < c->n_levels; l++)
      p -= means[l - 1];
  return p > 0 ? p : 0;
}

static double level_weight(const emend_categories *c, size_t level) {
  double sum = 0;
  for (size_t i = 0; i < c->n; i++)
    sum += c->levels[i] == level ? c->weights[i] : 0;
  return sum;
}

double emend_decoder_probability(const emend_decoder *decoder, const double *means, size_t category) {
  const emend_categories *c = &decoder->planned->categories;
  size_t level = c->levels[category];
  if (!emend_categories_gives(c, category))
    return 0;
  double weight = level_weight(c, level);
  return (weight > 0 ? c->weights[category] / weight : 1) * level_probability(c, means, level);
}

static double most_probable(const emend_decoder *decoder, const double *means) {
  const emend_categories *c = &decoder->planned->categories;
  size_t best = emend_categories_most_frequent(c);
  double most = -1;
  for (size_t level = 0; level < c->n_levels; level++) {
    size_t category = emend_categories_of_level(c, level);
    if (category == SIZE_MAX) /* a level of a given model, of which these data have no category */
      continue;
    double p = emend_decoder_probability(decoder, means, category);
    if (p > most)
      most = p, best = category;
  }
  return value_of(c, best);
}

static double by_pair(const emend_decoder *decoder, double mean, double sd, double key) {
  const emend_categories *c = &decoder->planned->categories;
  return value_of(c, emend_categories_of_level(c, is_beyond(mean, key, *cuts_for(decoder, sd))));
}

double emend_decoder_drawn_level(const emend_decoder *decoder, const double *indicators, double key) {
  const emend_categories *c = &decoder->planned->categories;
  size_t level = 0;
  for (size_t l = 1; l < c->n_levels; l++)
    level = indicators[l - 1] > 0.5 ? l : level;
  double left = key * level_weight(c, level);
  size_t last = emend_categories_of_level(c, level);
  if (last == SIZE_MAX)
    return value_of(c, emend_categories_most_frequent(c));
  for (size_t i = 0; i < c->n; i++) {
    if (c->levels[i] != level || c->weights[i] <= 0)
      continue;
    last = i;
    left -= c->weights[i];
    if (left < 0)
      break;
  }
  return value_of(c, last);
}

static double nearest(const emend_planned *planned, double wish, bool *moved) {
  double lo = planned->plausible_lo, hi = planned->plausible_hi;
  if (planned->keeps_plausible)
    wish = wish < lo ? lo : wish > hi ? hi : wish;
  return emend_allowed_nearest(&planned->allowed, wish, moved);
}

double emend_decoder_drawn_amount(const emend_decoder *decoder, const double *drawn, bool *moved) {
  *moved = false;
  return drawn[0] > 0.5 ? nearest(decoder->planned, drawn[1], moved) : decoder->planned->spike;
}

/* Without cuts the more probable one. */
static bool has_amount(const emend_decoder *decoder, double probability, double key) {
  return decoder->cuts ? emend_spike_rank(probability, key) >= decoder->cuts[0].at : probability > 0.5;
}

double emend_decoder_value(const emend_decoder *decoder, const double *means, double sd, double key, bool *moved) {
  *moved = false;
  if (!isfinite(means[0]))
    return NAN;
  if (decoder->kind == EMEND_DECODE_LEVELS && decoder->cuts)
    return by_pair(decoder, means[0], sd, key);
  if (decoder->kind == EMEND_DECODE_LEVELS)
    return most_probable(decoder, means);
  if (decoder->kind == EMEND_DECODE_SPIKED)
    return emend_decoder_drawn_amount(decoder, (double[]){has_amount(decoder, means[0], key), means[1]}, moved);
  if (decoder->kind == EMEND_DECODE_SHARES && decoder->cuts)
    return by_shares(decoder, means[0], sd, key);
  if (decoder->kind == EMEND_DECODE_WHOLE && decoder->cuts)
    return by_sum(decoder, means[0]);
  return nearest(decoder->planned, means[0], moved);
}
