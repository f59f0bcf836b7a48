/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_INFO_H
#define REPORT_INFO_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "emend/emend.h"
#include "report/columns.h"

/* What `emend info` shows. Nothing is owned. */
typedef struct info_report {
  const char *input; /* as in messages */
  const emend_file *file;
  const emend_dataset *dataset;
  const unsigned char *chosen;     /* per variable: shown if not 0 */
  const emend_cell_counts *counts; /* per variable */
  bool all;                        /* every variable is chosen */
  const emend_events *events;      /* for the warnings */
  text_page page;
} info_report;

/* Text for people. Returns false when out of memory. */
bool info_text(const info_report *report, FILE *out);
/* One screen: the file, counts and names. */
bool info_short_text(const info_report *report, FILE *out);
/* The JSON document (docs/json.md). `options` is taken over. NULL when out of memory. */
json_t *info_json(const info_report *report, json_t *options);

/* The parts of info_text. */
bool info_file_text(const info_report *report, FILE *out);
bool info_variables_text(const info_report *report, FILE *out);
bool info_labels_text(const info_report *report, FILE *out);
bool info_sets_text(const info_report *report, FILE *out);
/* Attributes, notes, characteristics of the chosen variables; the file's (variable -1) are printed by info_file_text. */
bool info_properties_text(const info_report *report, FILE *out);

/* Missing cells, all kinds. */
size_t info_missing(const emend_cell_counts *counts);

#endif
