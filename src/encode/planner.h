/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_PLANNER_H
#define ENCODE_PLANNER_H

/* A plan in the making, for the files that make it: planner_wishes.c reads what is wanted, planner_look.c looks at the data,
 * planner_decide.c decides about each variable, planner_doubts.c tells of codes that nobody declared, planner_skips.c finds conditions that
 * nobody stated. plan.c calls them in this order. What takes time of each variable by itself is work for the team. */
#include "base/team.h"
#include "encode/code.h"
#include "encode/plan.h"
#include "encode/role.h"
#include "encode/shape.h"
#include "encode/steps.h"

/* What making a plan needs and the plan does not keep. */
typedef struct planner {
  const emend_dataset *dataset;
  const emend_plan_options *options;
  emend_plan *plan;
  emend_wanted wanted;
  emend_code_wishes wishes;
  emend_shape_wish *shapes;
  emend_order_wish *orders; /* of texts */
  double *given; /* numbers that mean missing though no variable that holds them declares them: from --missing */
  size_t n_given, given_capacity;
  unsigned char *apart; /* per variable: filled by the model alone; NULL: not read yet */
  emend_team *team; /* NULL: few cells, or one thread */
  emend_events *events;
  emend_error *error;
} planner;

/* A variable in rows from everywhere in the file, in their order. */
enum { PLANNER_SAMPLED = 512 };
typedef struct planner_sample {
  double values[PLANNER_SAMPLED];
  unsigned char reasons[PLANNER_SAMPLED];
} planner_sample;

/* The i-th of n rows from everywhere in the file. */
size_t planner_sampled_row(size_t i, size_t n, size_t rows);
/* Of n rows, at most PLANNER_SAMPLED. */
void planner_take_sample(const planner *p, size_t variable, size_t n, planner_sample *sample);
/* Whether any cell is to be filled. */
bool planner_fills_any(const planner *p);

emend_status planner_read_wishes(planner *p);
/* What there is to know of every variable, before anything is decided. */
emend_status planner_look_at_all(planner *p);
/* What blanks mean where a question may have several answers. */
emend_status planner_find_multiple(planner *p);
/* What survey services have added about the interview. */
emend_status planner_find_paradata(planner *p);
emend_status planner_decide(planner *p, size_t variable);
/* How the numbers are distributed that are to be in the model: once all has been decided. */
emend_status planner_look_at_distributions(planner *p);
/* Codes that were set aside though the file does not declare them, each with the variables that have them, and what becomes of them. */
emend_status planner_tell_doubts(const planner *p);
/* Skip patterns that nobody declared. */
emend_status planner_find_skips(planner *p);
/* Conditions that were found, each with the variables that hang on it. */
emend_status planner_tell_skips(planner *p);
/* Numbers behind a scale that may mean no answer. */
emend_status planner_tell_codes(const planner *p);
/* Rankings and constant sums. */
emend_status planner_tell_sets(const planner *p);
/* Variables that --apart names. */
emend_status planner_list_apart(planner *p);
/* Numbers that were computed from two others by multiplying or dividing. */
emend_status planner_find_products(planner *p);
/* Whether what is filled of it is to agree with it: no part of it is apart. */
bool planner_keeps_computation(const planner *p, const emend_computation *computation);
emend_status planner_add_computation(planner *p, const emend_computation *computation);
/* Tells of one that is kept: "bmi is wgt / hgt^2 in all 20 rows ..." for the `text` that says what it is. */
void planner_tell_computation(const planner *p, const emend_computation *computation, const char *text);
/* What follows from other variables, in every row. */
emend_status planner_find_relations(planner *p);
emend_status planner_tell_relations(const planner *p);
/* Scores that are the sum or the mean of neighbours in the file. */
emend_status planner_find_totals(planner *p);
/* Interviews that were broken off. */
emend_status planner_tell_breakoffs(const planner *p);
/* Warns where all cells of a variable that are filled lie where another one has one answer. */
emend_status planner_tell_unasked(const planner *p);
/* Two variables hang together, and with all that either does: of such, `set` is the same number. */
void planner_join_sets(const planner *p, size_t a, size_t b);
/* Warns where each row is a unit in a year, and the model knows nothing of the years around it. */
emend_status planner_tell_panels(const planner *p);

#endif
