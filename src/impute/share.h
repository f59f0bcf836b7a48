/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_SHARE_H
#define IMPUTE_SHARE_H

#include <stdbool.h>
#include <stddef.h>

/* A missing part of an observed sum. */
typedef struct emend_part {
  size_t variable;
  double slope;    /* how much the sum grows with it */
  double value;    /* what the model says, and then its share */
  double variance; /* how little the model knows of it */
  double lo, hi;   /* between which it has to stay */
  double unit;     /* of which it is a multiple; 0: of none */
  bool whole;      /* and nothing else will do */
} emend_part;

/*
 * Moves the values so that sum(slope * value) grows by `left`: each part in proportion to slope * variance, as the expectation given the
 * sum does where the parts' errors are not correlated; what would pass a bound stops there, and the others take the rest. Values become
 * multiples of their units, and what rounding leaves goes to parts without one, or by single units to those that lose least. False: the
 * bounds, or the units, leave no way; the values are undefined then.
 */
bool emend_parts_share(emend_part *parts, size_t n, double left);

#endif
