/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WRITE_PLAN_H
#define IO_WRITE_PLAN_H

#include "emend/write.h"
#include "io/file.h"

struct emend_write_options {
  const char *format; /* a name of the format table, or NULL */
  bool rewrite, strict;
};

/* `shape` has no `read`: it says which rows will come. Its dataset is the file's; what it points to must outlive the plan. */
struct emend_write_plan {
  const emend_file *file;
  const emend_format *format;
  const char *way;
  bool carries; /* by the format's open_rebuild */
  emend_rows shape;
  emend_losses losses;
};

/* emend_write_plan_new for rows of any shape: added variables, wider storage, another number of rows. `options` may be NULL. */
emend_status emend_write_plan_make(const emend_file *file, const emend_rows *shape, const char *path, const emend_write_options *options,
                                   emend_write_plan **plan, emend_error *error);
/* Writes rows of the planned shape: opens the writer, pours, closes. */
emend_status emend_write_plan_pour(const emend_write_plan *plan, const emend_rows *rows, emend_output *output, emend_events *events,
                                   emend_error *error);

#endif
