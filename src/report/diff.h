/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "emend/emend.h"
#include "report/columns.h"

/* What `emend diff` shows. Nothing is owned. */
typedef struct diff_report {
  const char *names[2]; /* of A and B, as in messages */
  const emend_dataset *data[2];
  const emend_comparison *comparison;
  const emend_events *events; /* for the warnings */
  size_t limit;               /* cells and rows listed at most */
  text_page page;
} diff_report;

/* Text for people: the summary, then the details. Returns false when out of memory. */
bool diff_text(const diff_report *report, FILE *out);
/* The JSON document (docs/json.md). `options` is taken over. NULL when out of memory. */
json_t *diff_json(const diff_report *report, json_t *options, int status);

/* The table of cells that differ, part of diff_text. */
bool diff_cells_text(const diff_report *report, FILE *out);

/* Cells that differ. */
size_t diff_cell_count(const diff_report *report);
const char *diff_change_word(emend_change change); /* filled, emptied, changed, recoded */
/* The label of a value or letter of a numeric variable, or NULL. */
const char *diff_label(const emend_dataset *dataset, size_t variable, emend_reason reason, double value);

#endif
