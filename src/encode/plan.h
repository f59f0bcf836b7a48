/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_PLAN_H
#define ENCODE_PLAN_H

#include "base/team.h"
#include "emend/plan.h"
#include "encode/allowed.h"
#include "encode/carried.h"
#include "encode/category.h"
#include "encode/computation.h"
#include "encode/flag.h"
#include "encode/observe.h"
#include "encode/relation.h"
#include "encode/rules.h"
#include "encode/said.h"
#include "encode/transform.h"

/* The inside of a plan, for encode and impute. */

struct emend_plan_options {
  char *variables, *targets, *exclude, *id, *weight; /* NULL: default */
  char *spikes, *by, *asked, *apart;
  int weight_kind; /* -1: by the weights */
  char *types[EMEND_TYPE_NOMINAL + 1]; /* lists of variables by type; NULL: none */
  char **model_columns;
  size_t n_model_columns;
  emend_said_list said; /* of codes and of variables, in the order in which it was said */
  unsigned layer, threads; /* threads: 0: the cores this process may use */
  bool no_round, flags, scores_only, chooses_transforms, chooses_spikes;
};

/* A variable as the plan sees it. */
typedef struct emend_planned {
  emend_role role;
  const char *why;  /* static */
  bool fills;       /* a target: its cells are filled as its codes say, or that is promised in vain */
  bool may_model;   /* a given model may use it: it stands aside for lack of data or as an identifier, not by wish or type */
  bool rounds;
  bool adopted;      /* its levels are those of a given model, some perhaps without a category here */
  bool only_if_found; /* its condition was found in the data */
  bool only_if_joined; /* ... beside one that was said: both hold */
  bool keeps_system; /* system-missing cells stay, by wish */
  unsigned set;      /* the ranking or constant sum that it is of, counted from 1: told, with what keeps it (encode/planner_sets.c); 0: none */
  bool on_demand;    /* not filled because few rows answer it: --targets beside '*' fills it */
  emend_type type;
  const char *type_why; /* static */
  bool order_named;     /* of texts that are ordinal, by an option */
  bool quantity;        /* whole numbers that somebody says are no codes: the file declares them scale, or --integer */
  int decimals;         /* that imputed numbers are rounded to; -1: not rounded */
  emend_transform transform; /* of the column, if the variable enters as a number */
  double plausible_lo, plausible_hi; /* of a number: the ends that encode/plausible.h finds */
  bool keeps_plausible;              /* nothing is filled beyond them */
  double skewness;           /* for which it got a transform that nobody asked for; else 0 */
  double heap, heap_share;   /* an end of the range that is a value of its own (no income), and its share of the answers; share 0: none */
  bool bounded, spiked;      /* spiked: many cells hold `spike`: an indicator of all other values, and the amount where it is another */
  bool spike_chosen;         /* because of a heap, unasked */
  double lo, hi, spike;
  size_t n_columns;     /* of the matrix; 0: not in the model */
  emend_categories categories; /* of whole or labelled numbers and of texts; with levels if it is nominal and in the model */
  emend_observed observed; /* numbers only; by_reason for text too */
  emend_missing_counts missing;
  emend_code *codes; /* system-missing if a wish is about it, numbers ascending, then tags */
  size_t n_codes;
  emend_storage storage; /* that holds the values to come: the file's, or a wider one */
  emend_allowed allowed; /* list of values from observed.values */
} emend_planned;

/* In the model, and neither a constant of it nor computed. */
static inline bool emend_planned_takes_part(const emend_planned *planned) {
  return planned->role == EMEND_ROLE_FILL || planned->role == EMEND_ROLE_PREDICT;
}

struct emend_plan {
  const emend_dataset *dataset;
  size_t n_variables;
  emend_planned *variables;
  emend_storage *storages; /* of all variables, for writers */
  unsigned char *fills;    /* EMEND_FILLS_, for writers */
  emend_rules rules;       /* skip logic and formulas */
  emend_flags flags;       /* none without --flags */
  emend_carried carried;   /* cells that another row has the answer of */
  emend_relations relations; /* what follows from other variables */
  emend_computations computations;     /* what was computed from them */
  unsigned char **says_not_applicable; /* of each variable's codes, see not_applicable.h; NULL: none says so */
  ptrdiff_t weight, id, by; /* -1: none */
  double *weights; /* one per row, finite, not negative; NULL: unweighted */
  emend_weight_kind weight_kind;
  bool breaks_off; /* it was told that interviews break off */
  unsigned threads; /* for what is done with it; 0: the cores this process may use */
};

/* Without rules: true if the plan fills (or promises to fill) a cell of this variable that holds `reason` and, for a user-missing code,
 * `value`. */
bool emend_plan_fills_code(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value);
/* The code that the cell holds; NULL if it holds none. */
const emend_code *emend_plan_code_of_cell(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value);
/* True if an option decided what becomes of the cell's code. */
bool emend_plan_wishes_code(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value);
/* With the rules of the variable: what will become of a cell that is not observed. */
emend_fate emend_plan_fate(const emend_plan *plan, size_t row, size_t variable, unsigned char reason, double value);
/* Applies the rules to every row: sets their fates and the counts of the variables. */
emend_status emend_plan_decide_fates(emend_plan *plan, emend_team *team, emend_events *events, emend_error *error);

#endif
