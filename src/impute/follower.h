/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_FOLLOWER_H
#define IMPUTE_FOLLOWER_H

#include "impute/imputation.h"

/* The inside of a follower, for follow.c, which keeps relations between two variables, and recompute.c, which keeps computations. */

typedef enum emend_told_by { EMEND_TOLD_BY_NOTHING, EMEND_TOLD_BY_SOURCE, EMEND_TOLD_BY_INPUTS } emend_told_by;

struct emend_follower {
  emend_imputation *made;
  const emend_relations *relations;
  const emend_computations *computations;
  size_t *variables, n_variables; /* of which they speak */
  bool *listed;                   /* per variable: among these */
  emend_told_by *told;            /* per variable: whose target it is */
  bool *filters;                  /* per variable: conditions speak of it */
  size_t *contrary;               /* per relation: rows in which it does not hold, though one of both was filled */
  size_t *differ, *differ_row;    /* per computation: rows in which it does not hold, though some of it was filled; the first of them */
  size_t row;                     /* the one at hand */
  bool holes;                     /* of it: something of which they speak is no answer */
  size_t *touched, n_touched;     /* of it: computations of which something is no answer, the others have nothing to tell */
};

/* A cell as relations see it: an answer or something settled, whose key is known; to be filled; or neither. */
typedef struct emend_followed {
  enum { EMEND_FOLLOWED_NONE, EMEND_FOLLOWED_OPEN, EMEND_FOLLOWED_KNOWN } state;
  double key;
} emend_followed;

typedef struct emend_interval {
  double lo, hi;
} emend_interval;

/* With `all`, what formulas give is known, too, and filters may be told. */
emend_followed emend_follower_look(const struct emend_follower *f, size_t row, size_t v, bool all);
/* A value for a cell that is open; NaN: none. *told: there was one. */
emend_status emend_follower_settle(struct emend_follower *f, size_t row, size_t v, double value, bool *told, emend_error *error);
/* What the model says of it. */
emend_status emend_follower_take(struct emend_follower *f, size_t row, size_t v, bool *told, emend_error *error);
/* A number in an interval, where what the model says is outside; NaN: there is none that the cell may hold. */
double emend_follower_move_inside(const struct emend_follower *f, size_t row, size_t v, double wish, emend_interval into);

#endif
