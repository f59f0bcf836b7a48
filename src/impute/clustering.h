/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_CLUSTERING_H
#define IMPUTE_CLUSTERING_H

#include "data/rows.h"
#include "emend/cluster.h"
#include "impute/imputation.h"

/* The inside of a clustering: an imputation that knows the mixture and where each row lies, and the responsibilities in the same order. */
struct emend_clustering {
  const emend_plan *plan;
  char *name;
  bool probabilities, complete;
  emend_imputation *imputation; /* NULL before fitting; completed only if that was wanted */
  double *responsibilities;     /* rows x K, as the imputation's patterns lie */
  unsigned char *empty;         /* per row of the patterns: nothing is observed */
  size_t *counts;               /* K */
  size_t ambiguous, unassigned;
  double entropy, seconds_assign;
  /* What is added to the file. */
  emend_added_variable *added;
  size_t n_added;
  emend_added_label *labels; /* K */
  char **texts;              /* names and labels that `added` and `labels` refer to */
  size_t n_texts, texts_capacity;
};

/* Describes the variables that are added; before fitting those whose number is known. */
emend_status emend_clustering_describe(emend_clustering *clustering, emend_error *error);
void emend_clustering_forget(emend_clustering *clustering);
/* The rows as a writer wants them; without `read` before fitting. */
emend_rows emend_clustering_as_rows(const emend_clustering *clustering);

#endif
