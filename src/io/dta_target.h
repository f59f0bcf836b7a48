/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_TARGET_H
#define IO_DTA_TARGET_H

#include "io/dta_inside.h"
#include "io/dta_text.h"
#include "io/dta_value.h"
#include "io/writer.h"

/*
 * A .dta file to be written, releases 113 to 119: its dictionary, held in memory section by section as it will stand in the file, and the
 * sizes of what is not held, rows and long strings. All places are known before the first byte is out, so that the output may be a pipe.
 */
typedef enum dta_part {
  DTA_FILE_LABEL,
  DTA_TIMESTAMP,
  DTA_TYPES,
  DTA_NAMES,
  DTA_SORT_LIST,
  DTA_FORMATS,
  DTA_LABEL_NAMES,
  DTA_LABELS,
  DTA_CHARACTERISTICS,
  DTA_VALUE_LABELS,
  DTA_PARTS
} dta_part;

typedef struct dta_target {
  unsigned release;
  bool big_endian, swap;
  bool utf8;
  dta_layout layout;
  emend_dta_variable *variables; /* without names */
  size_t n_variables, capacity;
  uint64_t n_rows, row_bytes;
  uint64_t strl_bytes; /* of all long strings */
  unsigned unmapped;   /* places of the map that stay 0, as emend_dta_dictionary has them */
  emend_buffer part[DTA_PARTS];
} dta_target;

void dta_target_begin(dta_target *target, unsigned release, bool big_endian);
void dta_target_free(dta_target *target);

/* The next column of the rows. */
emend_status dta_target_add_column(dta_target *target, emend_dta_type type, uint32_t width, emend_error *error);
/* A variable's entry in one of the sections with a field for each: names, formats, names of label sets, labels. */
emend_status dta_target_add_field(dta_target *target, dta_part part, const char *text, unsigned *loss, emend_error *error);
/* A name, label or format as that section would hold it: in characters and bytes. */
dta_limit dta_target_limit(const dta_target *target, dta_part part);
/* The codes of all columns' types, once they are all there. */
emend_status dta_target_set_types(dta_target *target, emend_error *error);

/* Label sets. Keys as dta_key_of_number and dta_key_of_reason make them. */
typedef struct dta_label {
  int32_t key;
  const char *text;
  size_t order; /* set by the sort */
} dta_label;
/* Ascending, and each key once: the first of several stays. Returns how many there are then. */
size_t dta_labels_sort(dta_label *labels, size_t n);
emend_status dta_target_add_label_set(dta_target *target, const char *name, const dta_label *labels, size_t n, unsigned *loss,
                                      emend_error *error);
/* A characteristic of a variable or "_dta". */
emend_status dta_target_add_characteristic(dta_target *target, const char *variable, const char *name, const char *text,
                                           emend_error *error);

/* EMEND_UNSUPPORTED if the release cannot hold so many rows or variables. */
emend_status dta_target_check(const dta_target *target, emend_error *error);
/* Everything before the rows; everything between rows and long strings; everything behind those. */
emend_status dta_target_write_head(const dta_target *target, emend_output *output, emend_error *error);
emend_status dta_target_write_middle(const dta_target *target, emend_output *output, emend_error *error);
emend_status dta_target_write_tail(const dta_target *target, emend_output *output, emend_error *error);

/* The bytes of a cell of a numeric column, in its place in `row`. EMEND_INTERNAL if its value does not fit. */
emend_status dta_target_put_cell(const dta_target *target, size_t column, const emend_cell *cell, unsigned char *row, emend_error *error);

#endif
