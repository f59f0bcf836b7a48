/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SHAPE_H
#define ENCODE_SHAPE_H

#include "encode/plan.h"

enum { EMEND_SHAPE_TRANSFORM, EMEND_SHAPE_BOUNDS, EMEND_SHAPE_SPIKE };

/* "2007-11-11", as written; text NULL: none. */
typedef struct emend_shape_day {
  const char *text;
  size_t length;
} emend_shape_day;

/* A list of spikes that says: none, unless asked for. */
#define EMEND_NO_SPIKES "none"

/* What the user asked for of a number: a transform (or the choice of one), bounds (or the observed ones), a spike. */
typedef struct emend_shape_wish {
  emend_transform_kind transform;
  bool choose, observed_bounds, bounded, spiked;
  double lo, hi;
  emend_shape_day first, last; /* in place of lo, hi */
  unsigned char by[3]; /* EMEND_CHOSEN_: how the transform, the bounds, the spike came to be wished */
  const char *where[3]; /* and what messages call the place */
} emend_shape_wish;

/*
 * Reads what was said of transforms ("income=log; q*=auto") and bounds ("share=0:1; income=0:; x*=observed"), and a list of variables with
 * a spike, into one wish per variable; the list may be NULL. A name beats a pattern, and of equals the later one holds. `said` must outlive
 * the wishes. The caller frees *wishes.
 */
emend_status emend_shapes_parse(const emend_dataset *dataset, const emend_said_list *said, const char *spikes, emend_shape_wish **wishes,
                                emend_events *events, emend_error *error);
/*
 * Gives a number that takes part its shape. What a pattern swept up and does not fit stays as it is; a name is an error then: a variable
 * that is no number, values that the transform does not take, or that lie outside the bounds. `weights` are of the rows, or NULL.
 */
emend_status emend_shape_decide(const emend_dataset *dataset, size_t variable, const double *weights, const emend_shape_wish *wish,
                                emend_planned *planned, emend_error *error);

/* The transform that helps most, if one does, of a number of which nobody said anything. */
emend_status emend_shape_choose(const emend_dataset *dataset, size_t variable, const double *weights, emend_planned *planned,
                                emend_error *error);

#endif
