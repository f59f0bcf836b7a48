/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "emend/file.h"
#include "io/format.h"

/* The inside of emend_file. */
struct emend_file {
  emend_source *source;
  emend_dataset *dataset;
  const emend_format *format;
  bool keeps_tokens; /* in cells of texts */
};

#endif
