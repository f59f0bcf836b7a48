/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DATA_ADDED_H
#define DATA_ADDED_H

#include "data/dataset.h"

/* A numeric variable that a command adds behind those of the file: a flag, a cluster, a probability. Nothing is owned. */
typedef struct emend_added_label {
  double value;
  const char *text;
} emend_added_label;

typedef struct emend_added_variable {
  const char *name;  /* unlike every other variable's, in any case of letters */
  const char *label; /* "" if none */
  emend_storage storage;
  emend_measure measure;
  unsigned decimals; /* shown; of the display format */
  const emend_added_label *labels;
  size_t n_labels;
} emend_added_variable;

#endif
