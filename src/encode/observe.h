/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_OBSERVE_H
#define ENCODE_OBSERVE_H

#include "data/dataset.h"
#include "encode/category.h"
#include "emend/normal.h"
#include "encode/tally.h"

enum {
  EMEND_MOST_DECIMALS = 6, /* that are counted */
  EMEND_MOST_WRITTEN = 12  /* of a number that is imputed */
};

/* What there is to know of a numeric column before anything is decided about it. */
typedef struct emend_observed {
  size_t by_reason[EMEND_TAG_UNDERSCORE + 1]; /* cells by emend_reason */
  size_t n;              /* observed cells */
  double min, max;       /* of them; NaN without any */
  double weighing_min, weighing_max; /* of those in rows that weigh something */
  double mean, sd;       /* weighted; sd with divisor n - 1; NaN where there is nothing to average */
  double skewness;       /* as good as exact; NaN where it might not be */
  size_t infinite_row;   /* data row, from 1, of the first infinite cell; 0: none. Such cells count in n and in nothing else */
  bool integers;         /* all observed values are whole */
  int decimals;          /* the least number, up to EMEND_MOST_DECIMALS, with which all observed values can be written; -1: more */
  bool distinct;         /* complete, whole, and no value twice */
  bool labelled;         /* most of the distinct observed values have value labels */
  double *values; /* the distinct observed values, ascending, of an `integers` or `labelled` column, if they were wanted or are few; of
                   * fractions that are so few that each comes again and again */
  size_t n_values;
  size_t n_distinct; /* different whole, labelled or few values; more than EMEND_MOST_CATEGORIES may stand for still more */
  size_t *counts;        /* how many cells hold each value, if they are few: EMEND_MOST_CATEGORIES */
} emend_observed;

/* The two tables that emend_observe works with; made once for all columns. */
typedef struct emend_observe_work {
  emend_tally *values, *codes;
} emend_observe_work;
emend_status emend_observe_work_new(emend_observe_work *work, emend_error *error);
void emend_observe_work_free(emend_observe_work *work);

/*
 * Looks at a column that is not text, in two passes over its cells.
 *   weights  one per row, finite and not negative, or NULL
 *   wanted   keep the list of distinct values where cells are missing; it takes 8 bytes per distinct value
 *   work     work->codes afterwards holds the user-missing values met
 * The caller frees observed->values and ->counts.
 */
emend_status emend_observe(const emend_dataset *dataset, size_t variable, const double *weights, emend_weight_kind kind, bool wanted,
                           emend_observe_work *work, emend_observed *observed, emend_error *error);
/* 10 to the power of `decimals`, from 0 to EMEND_MOST_WRITTEN. */
double emend_decimal_scale(int decimals);
/* Whole numbers of few different values, such as persons. */
bool emend_observed_is_count(const emend_observed *observed);
/* Cells by reason alone, for any variable. */
void emend_observe_reasons(const emend_dataset *dataset, size_t variable, size_t by_reason[EMEND_TAG_UNDERSCORE + 1]);

#endif
