/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_GROUPS_H
#define REPORT_GROUPS_H

#include "report/report.h"

/* The groups of a finished run: a table, nothing if there are none; false when out of memory. */
bool report_groups_text(const report *report, FILE *out);
json_t *report_groups_json(const report *report);
bool report_groups_converged(const report *report);

#endif
