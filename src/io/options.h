/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_OPTIONS_H
#define IO_OPTIONS_H

#include <stdbool.h>

#include "emend/file.h"
#include "io/source.h"

typedef struct emend_read_watch emend_read_watch;

/* The inside of emend_read_options. Strings are NULL or owned; '\0' means "recognise". */
struct emend_read_options {
  const char *format; /* a name of the format table */
  bool isolated;
  uint64_t max_memory; /* 0: half of the machine's memory */
  char **missing;      /* n_missing tokens beside the default list */
  size_t n_missing;
  double *numbers;     /* those of them that are numbers */
  size_t n_numbers;
  char **missing_of;   /* n_missing_of tokens of some variables, */
  char **of;           /* and which: names or patterns, as they were said */
  size_t n_missing_of;
  char delimiter, decimal;
  char *encoding;
  bool header_told;
  uint32_t header_rows; /* if told */
  bool first_is_data;   /* as told, not by a number */
  bool keeps_tokens; /* in cells of texts, for emend_set_aside_codes: with the reason of an empty one */
  bool keeps_codes; /* no warning of values that look like missing codes */
  char *catalog;
  const emend_source *catalog_source; /* the catalog, held open for the time of one read */
  const emend_read_watch *watch; /* set for the time of one read; NULL: nobody watches */
};

/* Who wants to know how far a reader is. In a child process the fraction travels through shared memory, and stopping is the parent's
 * affair. */
struct emend_read_watch {
  emend_events *events;      /* in the same process, or NULL */
  _Atomic double *fraction;  /* in shared memory, or NULL */
};

/* For readers, every thousand rows or so: EMEND_CANCELLED when the caller wants to stop. `fraction` is in [0, 1]. `options` may be NULL. */
emend_status emend_read_progress(const emend_read_options *options, double fraction, emend_error *error);

/* True if `value` is one of the numeric tokens of --missing: such numbers mean missing in every format. NULL has none. */
bool emend_read_options_number_is_missing(const emend_read_options *options, double value);
/* True if a text is a token of some variables, and `variable` one of them as far as can be told before all names are known: it is named, or
 * there is a pattern or a range. NULL has none. */
bool emend_read_options_names(const emend_read_options *options, const char *variable, const char *text, size_t length);

#endif
