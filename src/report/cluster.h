/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CLUSTER_H
#define REPORT_CLUSTER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "emend/emend.h"
#include "report/columns.h"

/* A finished run of `emend cluster` or `emend predict`, as its reports see it. Nothing is owned. */
typedef struct cluster_report {
  const char *command; /* "cluster" or "predict" */
  const char *input, *output;
  const char *model_file; /* of `emend predict`; NULL: estimated here */
  const emend_dataset *dataset;
  const emend_clustering *clustering;
  const emend_write_plan *writing; /* NULL: nothing is written */
  const emend_events *events;
  emend_criterion criterion;
  double seconds_read, seconds_plan, seconds_write;
  text_page page;
} cluster_report;

const char *cluster_criterion_name(emend_criterion criterion); /* "BIC" */
/* "one covariance for all clusters" */
const char *cluster_structure_words(emend_structure structure);

/* Text for people. Returns false when out of memory. */
bool cluster_text(const cluster_report *report, FILE *out);
void cluster_seconds_text(const cluster_report *report, FILE *out);
/* The JSON document (docs/json.md). `options` is taken over. NULL when out of memory. */
json_t *cluster_json(const cluster_report *report, json_t *options, int status);
/* What a mixture is and how it came about, as part of another document: the lines and the object. */
void mixture_text(const emend_mixture *mixture, size_t variables, const char *model_file, size_t label_width, FILE *out);
/* "8 variables", or "8 variables as 37 columns". */
void print_columns(size_t columns, size_t variables, FILE *out);
json_t *mixture_json(const emend_mixture *mixture);

#endif
