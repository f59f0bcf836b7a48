/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_STEPS_H
#define ENCODE_STEPS_H

#include "encode/plan.h"

/*
 * Texts as steps of a scale: the order of the answers of a text variable. It is found where it is certain (all answers are bands of numbers
 * that do not overlap, or words of one family with a known order), or somebody names it.
 */

/* What somebody said of a variable's order: texts separated by commas. `list` NULL: nothing. */
typedef struct emend_order_wish {
  const char *list;
  size_t length;
  const char *where; /* what messages call the place */
  unsigned char by;  /* EMEND_CHOSEN_: how it came to be wished */
} emend_order_wish;

/* Reads what was said of orders ("income=Low,Medium,High; q*=...") into one wish per variable. A name beats a pattern, and of equals the
 * later one holds. `said` must outlive the wishes. The caller frees *wishes. */
emend_status emend_orders_parse(const emend_dataset *dataset, const emend_said_list *said, emend_order_wish **wishes, emend_events *events,
                                emend_error *error);

/* The step of each category of a text variable, from 0 on, if the texts show their order; *n_steps 0: they do not. */
emend_status emend_steps_find(const emend_dataset *dataset, const emend_categories *categories, unsigned char *place, size_t *n_steps,
                              emend_error *error);
/* Arranges the categories as the texts show, or as a wish says (with a list). *found: false if they do not show it. */
emend_status emend_steps_arrange(const emend_dataset *dataset, size_t variable, const emend_order_wish *wish, size_t fewest,
                                 emend_planned *planned, bool *found, emend_error *error);
/* What there is to know of the steps as numbers, of arranged texts: sets `observed` but for the counts. */
emend_status emend_steps_observe(emend_planned *planned, emend_weight_kind kind, emend_error *error);

#endif
