/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DATA_INSIDE_H
#define DATA_INSIDE_H

#include "data/dataset.h"

/* What dataset.c (reading), append.c (filling) and check.c share; for this room only. */

/* The first thing in the arena. */
typedef struct dataset_inside {
  uint64_t n_rows;
  uint64_t n_variables, variables_capacity;
  uint64_t n_label_sets, label_sets_capacity;
  uint64_t n_warnings, warnings_capacity;
  uint64_t n_blocks, blocks_capacity, block_rows;
  uint64_t n_properties, properties_capacity;
  uint64_t n_sets, sets_capacity;
  emend_offset variables, label_sets, warnings, blocks, properties, sets;
  emend_offset format, file_label;
  int64_t weight;
  uint64_t first_property, last_property; /* of the file, as in emend_variable */
  emend_file_facts facts;
  emend_csv_dialect dialect;
} dataset_inside;

struct emend_dataset {
  emend_arena *arena;
  emend_offset root;
  /* Of the process that fills it: the first cell of the last row, and how far its next column is. */
  double *row_values;
  unsigned char *row_reasons;
  size_t column_step;
  const emend_variable *variables;
  emend_doubt *doubts; /* of the process that plans */
  size_t n_doubts, doubts_capacity;
};

static inline dataset_inside *dataset_root(const emend_dataset *dataset) { return emend_arena_at(dataset->arena, dataset->root); }

static inline unsigned char *dataset_block(const emend_dataset *dataset, size_t index) {
  const emend_offset *blocks = emend_arena_at(dataset->arena, dataset_root(dataset)->blocks);
  return emend_arena_at(dataset->arena, blocks[index]);
}

/* Bytes of a block: a value and a reason for each cell. */
static inline uint64_t dataset_block_bytes(const dataset_inside *root) {
  return root->n_variables * root->block_rows * (sizeof(double) + 1);
}

#endif
