/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_IMPUTATION_H
#define IMPUTE_IMPUTATION_H

#include "base/events.h"
#include "decode/decoder.h"
#include "data/rows.h"
#include "emend/impute.h"
#include "encode/matrix.h"
#include "pattern/completed.h"
#include "impute/cut_off.h"
#include "impute/settle.h"
#include "pattern/patterns.h"

struct emend_method_options {
  emend_method method;
  uint64_t seed;
  size_t donors;
};

typedef struct emend_group_decoder emend_group_decoder; /* impute/group_decoders.h */
typedef struct emend_links emend_links;                 /* impute/links.h */

/* The inside of an imputation: values for the missing cells. No second copy of the data. */
struct emend_imputation {
  const emend_plan *plan;
  const emend_normal *model; /* fitted, or the caller's */
  emend_normal *fitted;      /* NULL: none, or the caller's */
  const emend_mixture *mixture; /* instead of a normal model */
  emend_mixture *fitted_mixture;
  emend_encoding encoding;
  emend_completed *completed; /* NULL without a normal model */
  bool decoded;               /* its cells hold answers: for a variable in its first column, NaN where the cell stays missing */
  emend_patterns *patterns;   /* of a mixture: all rows, completed; else NULL */
  unsigned threads;
  struct emend_method_options method;
  uint32_t *occurrences;    /* per row: how many rows before it have the same id; NULL: no rows share one, or there are no ids */
  unsigned char *follows;   /* per column: of the same nominal variable as the column before it */
  ptrdiff_t *column_of;     /* per variable: its first column, or -1 */
  emend_decoder *decoders;  /* per variable */
  emend_links *links;       /* of the model at work; NULL: none */
  emend_imputed_variable *variables;
  emend_cut_off *cut_off; /* per variable */
  emend_imputed_group *groups; /* of --by */
  size_t n_groups;
  unsigned char *group_of;              /* per row: its group, if that has a model of its own; else EMEND_NO_CATEGORY. NULL without --by */
  emend_group_decoder **group_decoders; /* groups x variables */
  emend_settled settled; /* what rules came to */
  size_t broken;
  double seconds_estimate, seconds_impute; /* curves are estimates, too */
};

/* Without model and patterns yet; NULL when out of memory. */
emend_imputation *emend_imputation_new(const emend_plan *plan);
/* After completion: counts what became of each variable's cells, and warns of what went otherwise than planned. */
/* What is known of each column of the model beyond its numbers (EMEND_TOLD_), for its estimation; the caller frees it. NULL: no memory. */
unsigned *emend_imputation_told(const emend_imputation *imputation);
emend_status emend_imputation_tell(emend_imputation *imputation, emend_events *events, emend_error *error);
/* As emend_impute_mixture; without `fill` the mixture is estimated or adopted, and nothing is filled or said of cells. A model's variables
 * may be absent: they count as missing. */
emend_status emend_imputation_of_mixture(const emend_plan *plan, const emend_mixture *model, const emend_mixture_options *options,
                                         bool fill, emend_events *events, emend_imputation **imputation, emend_error *error);

/* Before rules are settled: true for a cell that is filled, or would be if its condition held. */
static inline bool emend_imputation_may_fill(const emend_imputation *imputation, size_t row, size_t variable, unsigned char reason,
                                             double value) {
  emend_fate fate = reason == EMEND_OBSERVED ? EMEND_FATE_KEEP : emend_plan_fate(imputation->plan, row, variable, reason, value);
  return fate == EMEND_FATE_FILL || fate == EMEND_FATE_OPEN;
}
/* What becomes of a cell that is not observed, as far as it is settled; open: that has not been decided yet. */
emend_fate emend_imputation_fate(const emend_imputation *imputation, size_t row, size_t variable, unsigned char reason, double value);
/* True for a cell that is filled as far as the rules go: the plan says so, and what was open has turned out so. */
bool emend_imputation_fills(const emend_imputation *imputation, size_t row, size_t variable, unsigned char reason, double value);
/* The value for such a cell: of a text the number of its category; NaN if there is none. */
double emend_imputation_decode(const emend_imputation *imputation, size_t row, size_t variable, bool *moved);
/* After completion and calibration: decodes every cell that is filled, keeps the answers, and counts what became of each variable's cells.
 */
emend_status emend_imputation_decode_all(emend_imputation *imputation, emend_events *events, emend_error *error);
/* After that: what comes into a cell that was not observed, as emend_imputation_decode says it; NaN: it stays missing. */
double emend_imputation_answer(const emend_imputation *imputation, size_t row, size_t variable, unsigned char reason, double value);
/* One completed row: the dataset's own variables. */
void emend_imputation_read_row(const emend_imputation *imputation, size_t row, emend_cell *cells);
/* Warns of what a reader of the numbers should know about them: constants spread, values beyond all observed, variables that are mostly
 * filled. */
emend_status emend_imputation_note(const emend_imputation *imputation, emend_events *events, emend_error *error);
/* The shape of the completed dataset, known before anything is estimated: no `read` yet. Refers to the plan. */
emend_rows emend_plan_as_rows(const emend_plan *plan);
/* The completed dataset as a writer wants it, of the plan's shape; refers to the imputation. */
emend_rows emend_imputation_as_rows(const emend_imputation *imputation);

#endif
