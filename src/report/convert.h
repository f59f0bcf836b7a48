/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CONVERT_H
#define REPORT_CONVERT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "emend/emend.h"
#include "report/columns.h"

/* A file written in another format, or about to be. Nothing is owned. */
typedef struct convert_report {
  const char *input;  /* as in messages */
  const char *output; /* path, "-", or NULL: a dry run that names none */
  bool dry_run;
  const emend_dataset *dataset;
  const emend_write_plan *writing;
  const emend_events *events; /* for the warnings */
  text_page page;
} convert_report;

bool convert_text(const convert_report *report, FILE *out);
/* `options` is taken over. NULL when out of memory. */
json_t *convert_json(const convert_report *report, json_t *options);

#endif
