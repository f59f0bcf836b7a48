/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_READSTAT_READING_H
#define IO_READSTAT_READING_H

/*
 * A file on its way through ReadStat: for readstat*.c only, which alone know ReadStat. One call of a parse function reads a whole file and
 * calls back for what it finds (readstat_deliver.c); the order differs by format (.dta: value labels last), so label sets are found by name
 * whether their variables or their labels come first.
 */
#include <readstat.h>
#include <stdbool.h>

#include "io/decode.h"
#include "io/describe.h"
#include "io/dta_long_text.h"
#include "io/kind.h"
#include "io/readstat.h"
#include "io/sav_cells.h"
#include "io/window.h"

typedef readstat_error_t (*readstat_parse)(readstat_parser_t *parser, const char *path, void *context);

/* A format as ReadStat has it. */
typedef struct readstat_traits {
  emend_family family;
  readstat_parse parse;
  bool utc;        /* its times come as they stand in the file; else as local time */
  bool compresses; /* its files say whether they are compressed */
  bool notes;      /* its notes are taken from here, not from a walk of our own */
} readstat_traits;

/* `context` of everything that ReadStat calls. */
typedef struct readstat_reading {
  const emend_read_options *options;
  emend_dataset *dataset;
  emend_error *error;
  emend_status status; /* the first failure of our own, while ReadStat unwinds */
  const readstat_traits *traits;
  emend_family family;
  emend_window window;
  dta_long_texts *strls; /* whose long strings are read here; NULL: by ReadStat */
  emend_decoder decoder;
  int64_t declared_rows; /* -1: the file does not say */
  int64_t expected_rows; /* at least, by our own walk; -1: not known */
  bool began;            /* the dictionary was delivered: ReadStat reports success for some files without reading any of it */
  int row;               /* ReadStat's index of the last row begun; -1 before the first */
  size_t n_variables;
  size_t last_set;       /* label set found last: the next is often the same one or its neighbour */
  size_t cut_texts;      /* cells whose last byte ReadStat may have dropped */
  const emend_sav_dictionary *sav; /* of a .sav whose cells are read here; NULL: by ReadStat */
  size_t n_nuls;
  emend_text_places undecoded;
} readstat_reading;

/* What our own walk has found, for ReadStat not to find. */
typedef struct readstat_walked {
  int64_t n_rows;      /* -1: not known */
  int64_t least_rows;  /* where n_rows is not known */
  unsigned char *head; /* stands in for the file's first bytes; handed over */
  size_t head_length;
  dta_long_texts *strls;
  const emend_sav_dictionary *sav;
} readstat_walked;

/* Has the parser deliver dictionary and cells (no cells where they are read from `sav`) to the dataset. */
void readstat_deliver(readstat_parser_t *parser, const readstat_reading *reading);
/* A value label into its set, as readstat_set_value_label_handler wants it. */
int readstat_take_label(const char *set_name, readstat_value_t value, const char *text, void *context);

/* A parser that reads the window and delivers; `raw`: texts as they are. NULL: out of memory. */
readstat_parser_t *readstat_parser_of(readstat_reading *reading, bool raw);
/* True if the error means that a text could not be converted: then it has to come raw. */
bool readstat_wants_raw(readstat_error_t code);
/* A whole file. */
emend_status readstat_read_file(const readstat_traits *traits, const emend_source *source, const emend_read_options *options,
                                const readstat_walked *walked, emend_dataset *dataset, emend_error *error);
/* What the decoder had to repair, as a warning: `what` it was, and where. */
emend_status readstat_warn_of_undefined(emend_dataset *dataset, const emend_decoder *decoder, const char *what,
                                        const emend_text_places *places, emend_error *error);
/* Everything about a reading that is worth a warning. */
emend_status readstat_add_warnings(readstat_reading *reading);
/* Value labels of SAS files come from a file of their own, if one is named. */
emend_status readstat_read_catalog(const emend_read_options *options, emend_dataset *dataset, emend_error *error);

#endif
