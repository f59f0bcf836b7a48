/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/allowed.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/*
 * Limits of Stata's types (what lies beyond means missing there; other formats with narrow types hold at least as much), of SAS's transport
 * files (IBM floating point), and of SPSS, whose last double but one on either side stand for HIGHEST and LOWEST and whose lowest is
 * system-missing.
 */
static void set_storage(emend_allowed *allowed, emend_storage storage, const char *format) {
  allowed->whole = storage == EMEND_STORAGE_I8 || storage == EMEND_STORAGE_I16 || storage == EMEND_STORAGE_I32;
  allowed->single = storage == EMEND_STORAGE_F32;
  switch (storage) {
  case EMEND_STORAGE_I8:
    allowed->lo = -127, allowed->hi = 100;
    break;
  case EMEND_STORAGE_I16:
    allowed->lo = -32767, allowed->hi = 32740;
    break;
  case EMEND_STORAGE_I32:
    allowed->lo = -2147483647, allowed->hi = 2147483620;
    break;
  case EMEND_STORAGE_F32:
    allowed->hi = (double)0x1.fffffep+126f;
    allowed->lo = -allowed->hi;
    break;
  default:
    if (strcmp(format, "dta") == 0)
      allowed->hi = 0x1.fffffffffffffp+1022;
    else if (strcmp(format, "xpt") == 0)
      allowed->hi = 7.2e75;
    else
      allowed->hi = nextafter(nextafter(DBL_MAX, 0), 0);
    allowed->lo = -allowed->hi;
  }
}

static int compare(const void *a, const void *b) {
  const emend_forbidden *x = a, *y = b;
  return (x->lo > y->lo) - (x->lo < y->lo);
}

static void merge(emend_allowed *allowed) {
  qsort(allowed->forbidden, allowed->n_forbidden, sizeof *allowed->forbidden, compare);
  size_t kept = 0;
  for (size_t i = 0; i < allowed->n_forbidden; i++) {
    const emend_forbidden next = allowed->forbidden[i];
    emend_forbidden *last = kept ? &allowed->forbidden[kept - 1] : NULL;
    if (!last || next.lo > last->hi)
      allowed->forbidden[kept++] = next;
    else if (next.hi > last->hi)
      last->hi = next.hi;
  }
  allowed->n_forbidden = kept;
}

emend_status emend_allowed_new(const emend_dataset *dataset, size_t variable, emend_storage storage, const double *codes, size_t n_codes,
                               emend_allowed *allowed, emend_error *error) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  *allowed = (emend_allowed){0};
  set_storage(allowed, storage, emend_dataset_format(dataset));
  size_t n_doubts = emend_dataset_doubts(dataset);
  if (v->n_missing == 0 && n_codes == 0 && n_doubts == 0)
    return EMEND_OK;
  allowed->forbidden = emend_allocate(EMEND_MISSING_RANGES + n_codes + n_doubts, sizeof *allowed->forbidden);
  if (!allowed->forbidden)
    return emend_fail_memory(error);
  for (uint32_t i = 0; i < v->n_missing && i < EMEND_MISSING_RANGES; i++)
    if (!v->missing[i].text && v->missing[i].lo <= v->missing[i].hi)
      allowed->forbidden[allowed->n_forbidden++] = (emend_forbidden){v->missing[i].lo, v->missing[i].hi};
  for (size_t i = 0; i < n_codes; i++)
    allowed->forbidden[allowed->n_forbidden++] = (emend_forbidden){codes[i], codes[i]};
  for (size_t i = 0; i < n_doubts; i++) {
    const emend_doubt *doubt = emend_dataset_doubt(dataset, i);
    if (doubt->variable == variable && !doubt->text)
      allowed->forbidden[allowed->n_forbidden++] = (emend_forbidden){doubt->value, doubt->value};
  }
  merge(allowed);
  return EMEND_OK;
}

void emend_allowed_cut(emend_allowed *allowed, double lo, double hi) {
  allowed->lo = lo > allowed->lo ? lo : allowed->lo;
  allowed->hi = hi < allowed->hi ? hi : allowed->hi;
}

void emend_allowed_free(emend_allowed *allowed) {
  free(allowed->forbidden);
  *allowed = (emend_allowed){0};
}

/* The interval that holds `value`, or NULL. */
static const emend_forbidden *find_forbidden(const emend_allowed *allowed, double value) {
  size_t lo = 0, hi = allowed->n_forbidden;
  if (hi == 0)
    return NULL;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (allowed->forbidden[middle].hi < value)
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo < allowed->n_forbidden && allowed->forbidden[lo].lo <= value ? &allowed->forbidden[lo] : NULL;
}

/* The storable number next above (direction 1) or below (-1) `value`. */
static double step(const emend_allowed *allowed, double value, int direction) {
  if (isinf(value))
    return value;
  if (allowed->whole)
    return direction > 0 ? floor(value) + 1 : ceil(value) - 1;
  if (!allowed->single)
    return nextafter(value, direction * HUGE_VAL);
  float single = (float)value;
  bool beyond = direction > 0 ? (double)single > value : (double)single < value;
  return beyond ? (double)single : (double)nextafterf(single, (float)direction * HUGE_VALF);
}

/* The first permitted number from `value` (storable) on in one direction, or NaN. */
static double walk(const emend_allowed *allowed, double value, int direction) {
  for (const emend_forbidden *at; (at = find_forbidden(allowed, value));) {
    value = step(allowed, direction > 0 ? at->hi : at->lo, direction);
    if (isinf(value))
      break;
  }
  return value >= allowed->lo && value <= allowed->hi ? value : NAN;
}

/* The nearer of two neighbours; ties down. Either may be NaN. */
static double nearer(double wish, double below, double above) {
  if (isnan(below) || isnan(above))
    return isnan(below) ? above : below;
  return above - wish < wish - below ? above : below;
}

static double nearest_listed(const emend_allowed *allowed, double wish) {
  size_t lo = 0, hi = allowed->n_values;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    if (allowed->values[middle] < wish)
      lo = middle + 1;
    else
      hi = middle;
  }
  double above = lo < allowed->n_values ? allowed->values[lo] : NAN, below = lo > 0 ? allowed->values[lo - 1] : NAN;
  return nearer(wish, below, above);
}

/* The multiple of 1 / scale that is nearest, or the next one if that lies out of bounds. */
static double rounded_within(const emend_allowed *allowed, double value) {
  static const double LARGEST = 1e15; /* beyond, all numbers are as whole as they get */
  double scaled = value * allowed->scale;
  if (!(fabs(scaled) < LARGEST))
    return value;
  double whole = rint(scaled), rounded = whole / allowed->scale;
  if (rounded > allowed->hi || rounded < allowed->lo)
    rounded = (rounded > allowed->hi ? whole - 1 : whole + 1) / allowed->scale;
  return rounded >= allowed->lo && rounded <= allowed->hi ? rounded : value;
}

static double storable(const emend_allowed *allowed, double value) {
  if (value < allowed->lo)
    value = allowed->lo;
  if (value > allowed->hi)
    value = allowed->hi;
  if (allowed->whole)
    return ceil(value - 0.5); /* ties down */
  if (allowed->scale > 0)
    value = rounded_within(allowed, value);
  return allowed->single ? (double)(float)value : value;
}

double emend_allowed_nearest(const emend_allowed *allowed, double wish, bool *moved) {
  *moved = false;
  if (isnan(wish))
    return NAN;
  if (allowed->values)
    return nearest_listed(allowed, wish);
  double value = storable(allowed, wish);
  *moved = wish < allowed->lo || wish > allowed->hi || (allowed->whole && value != wish);
  if (!find_forbidden(allowed, value))
    return value;
  *moved = true;
  return nearer(wish, walk(allowed, value, -1), walk(allowed, value, 1));
}
