/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/share.h"

#include <math.h>

static bool is_nothing(double x, double scale) { return fabs(x) <= 1e-9 * fmax(1, scale); }

static bool takes(const emend_part *p, bool all) { return (all || p->unit == 0) && p->slope != 0; }

/* Moves the parts (or those without a unit) by `left` altogether. A part that reaches a bound stays there for good, so each round settles
 * one at least. */
static bool move(emend_part *parts, size_t n, double left, bool all, double scale) {
  for (size_t round = 0; round <= n && !is_nothing(left, scale); round++) {
    double sum = 0, rest = left;
    for (size_t i = 0; i < n; i++) {
      bool free = takes(&parts[i], all) && (left * parts[i].slope > 0 ? parts[i].value < parts[i].hi : parts[i].value > parts[i].lo);
      sum += free ? parts[i].slope * parts[i].slope * parts[i].variance : 0;
    }
    if (!(sum > 0))
      return false;
    for (size_t i = 0; i < n; i++) {
      emend_part *p = &parts[i];
      if (!takes(p, all))
        continue;
      double before = p->value, wish = before + p->slope * p->variance * left / sum;
      p->value = wish < p->lo ? fmin(p->lo, before) : wish > p->hi ? fmax(p->hi, before) : wish;
      rest -= p->slope * (p->value - before);
    }
    left = rest;
  }
  return is_nothing(left, scale);
}

/* A unit up or down for the part that it brings nearest to its ideal value; false if none may take it. */
static bool step(emend_part *parts, const double *ideal, size_t n, double *left, double scale) {
  emend_part *best = NULL;
  double least = HUGE_VAL;
  for (size_t i = 0; i < n; i++) {
    emend_part *p = &parts[i];
    double by = *left * p->slope > 0 ? p->unit : -p->unit, value = p->value + by, gain = fabs(*left) - fabs(*left - p->slope * by);
    double loss = (fabs(value - ideal[i]) - fabs(p->value - ideal[i])) / p->unit;
    if (p->unit > 0 && gain > 0 && !is_nothing(gain, scale) && value >= p->lo && value <= p->hi && loss < least)
      best = p, least = loss;
  }
  if (!best)
    return false;
  double by = *left * best->slope > 0 ? best->unit : -best->unit;
  best->value += by;
  *left -= best->slope * by;
  return true;
}

static double to_unit(const emend_part *p) {
  double x = rint(p->value / p->unit) * p->unit;
  return x < p->lo ? ceil(p->lo / p->unit) * p->unit : x > p->hi ? floor(p->hi / p->unit) * p->unit : x;
}

bool emend_parts_share(emend_part *parts, size_t n, double left) {
  enum { MOST = 64, MOST_STEPS = 4 * MOST };
  double ideal[MOST], scale = fabs(left), rounded = 0;
  bool plain = false;
  if (n > MOST)
    return false;
  for (size_t i = 0; i < n; i++)
    scale = fmax(scale, fabs(parts[i].slope * parts[i].value));
  if (!move(parts, n, left, true, scale))
    return false;
  for (size_t i = 0; i < n; i++) {
    emend_part *p = &parts[i];
    ideal[i] = p->value;
    plain = plain || (p->unit == 0 && p->slope != 0);
    if (p->unit > 0)
      p->value = to_unit(p);
    rounded += p->slope * (ideal[i] - p->value);
  }
  if (plain)
    return move(parts, n, rounded, false, scale);
  for (size_t steps = 0; steps < MOST_STEPS && !is_nothing(rounded, scale) && step(parts, ideal, n, &rounded, scale); steps++)
    ;
  for (size_t i = 0; i < n && !is_nothing(rounded, scale); i++) /* the sum has more decimals than its parts: one of them takes those */
    if (!parts[i].whole) {
      parts[i].unit = 0;
      return move(parts, n, rounded, false, scale);
    }
  return is_nothing(rounded, scale);
}
