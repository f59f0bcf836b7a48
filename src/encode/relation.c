/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/relation.h"

#include <math.h>
#include <stdlib.h>

const emend_relation_piece *emend_relation_find(const emend_relation *relation, double source) {
  bool bands = relation->kind == EMEND_RELATION_BANDS;
  size_t lo = 0, hi = relation->n;
  while (lo < hi) {
    size_t middle = lo + (hi - lo) / 2;
    const emend_relation_piece *p = &relation->pieces[middle];
    if (bands ? p->to <= source : p->hi < source)
      lo = middle + 1;
    else
      hi = middle;
  }
  if (lo == relation->n || isnan(source))
    return NULL;
  const emend_relation_piece *found = &relation->pieces[lo];
  return bands || found->lo == source ? found : NULL;
}

bool emend_relation_admits(const emend_relation *relation, double source, double target) {
  const emend_relation_piece *piece = emend_relation_find(relation, source);
  return piece ? piece->target == target : relation->kind == EMEND_RELATION_CONSTANT;
}

/* The number of fewest digits in [lo, hi]; *unit: the power of ten that it is a multiple of, or half of that. */
static double roundest(double lo, double hi, double *unit) {
  *unit = HUGE_VAL;
  if (lo <= 0 && hi >= 0)
    return 0;
  for (int power = (int)floor(log10(fmax(fabs(lo), fabs(hi)))) + 1, digits = 0; digits < 17; digits++, power--) {
    double ten = pow(10, abs(power)), whole = power >= 0 ? ceil(lo / ten) * ten : ceil(lo * ten) / ten;
    double half = power >= 0 ? ceil(lo / ten * 2) * ten / 2 : ceil(lo * ten * 2) / ten / 2;
    *unit = pow(10, power);
    if (whole >= lo && whole <= hi)
      return whole;
    *unit /= 2;
    if (power > 0 && half >= lo && half <= hi) /* 25 before 24 */
      return half;
  }
  *unit = 0;
  return hi;
}

double emend_relation_limit(double below, double above) {
  double unit_of_below, unit, next = nextafter(below, HUGE_VAL), limit = roundest(next, above, &unit);
  return roundest(below, above, &unit_of_below) == below && unit_of_below > unit ? next : limit;
}

void emend_relations_free(emend_relations *relations) {
  for (size_t i = 0; i < relations->n; i++)
    free(relations->items[i].pieces);
  free(relations->items);
  *relations = (emend_relations){0};
}
