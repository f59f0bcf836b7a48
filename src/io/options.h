/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_OPTIONS_H
#define IO_OPTIONS_H

#include <stdbool.h>

#include "emend/file.h"

/* The inside of emend_read_options. Strings are NULL or owned; '\0' means "recognise". */
struct emend_read_options {
  const char *format; /* a name of the format table */
  bool isolated;
  uint64_t max_memory; /* 0: half of the machine's memory */
  char **missing;      /* n_missing tokens beside the default list */
  size_t n_missing;
  char delimiter, decimal;
  char *encoding;
  bool no_header;
};

/* True if `value` is one of the numeric tokens of --missing: such numbers mean missing in every format. NULL has none. */
bool emend_read_options_number_is_missing(const emend_read_options *options, double value);

#endif
