/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_ALLOWED_H
#define ENCODE_ALLOWED_H

#include "data/dataset.h"

/* A closed interval that no imputed value may fall into. */
typedef struct emend_forbidden {
  double lo, hi;
} emend_forbidden;

/*
 * Which values a variable may receive: those of a list, or any number that its file can store and that does not mean missing there.
 */
typedef struct emend_allowed {
  const double *values; /* ascending; NULL: no list */
  size_t n_values;
  emend_forbidden *forbidden; /* ascending, disjoint; owned */
  size_t n_forbidden;
  double lo, hi; /* of the storage type */
  bool whole;    /* the storage type holds integers only */
  bool single;   /* ... single precision */
  double scale;  /* numbers are rounded to multiples of 1 / scale; 0: not */
} emend_allowed;

/* `storage` is that of the values to come, the variable's own or a wider one; `codes` are n_codes more numbers that mean missing, beside
 * what the variable declares. */
emend_status emend_allowed_new(const emend_dataset *dataset, size_t variable, emend_storage storage, const double *codes, size_t n_codes,
                               emend_allowed *allowed, emend_error *error);
/* Nothing below lo or above hi: the storage's own limits, if narrower, stay. */
void emend_allowed_cut(emend_allowed *allowed, double lo, double hi);
void emend_allowed_free(emend_allowed *allowed);

/*
 * The permitted value nearest to `wish`, of two equally near ones the lower. *moved says that the wish itself was not permitted: a
 * missing code, out of range, or a fraction where only integers can be stored. Being rounded to the list, or to single precision, is not a
 * move. NaN if nothing is permitted, or `wish` is NaN. Cost: the logarithm of the list's length.
 */
double emend_allowed_nearest(const emend_allowed *allowed, double wish, bool *moved);

#endif
