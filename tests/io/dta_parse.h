/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_IO_DTA_PARSE_H
#define TESTS_IO_DTA_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A reader of .dta files 113 to 119 for tests alone, written from Stata's published layout: it shares nothing with emend's walk or with
 * ReadStat, and fails the test at anything that the layout does not allow (tags, the map, lengths, texts without an end).
 */
typedef struct dta_seen_variable {
  const char *name, *format, *set, *label; /* in the file's bytes */
  char kind;                               /* b i l f d s L */
  size_t offset, width;
  uint64_t sort; /* entry of the sort list at this place */
} dta_seen_variable;

typedef struct dta_seen_characteristic {
  const char *variable, *name, *text;
} dta_seen_characteristic;

typedef struct dta_seen_label {
  const char *set;
  int32_t key;
  const char *text;
} dta_seen_label;

typedef struct dta_seen_strl {
  uint64_t variable, row;
  const unsigned char *bytes;
  size_t length;
  bool binary;
} dta_seen_strl;

typedef struct dta_seen {
  const unsigned char *bytes;
  size_t length;
  unsigned release;
  bool big_endian;
  size_t n_variables, n_rows, row_bytes, data;
  char file_label[400], timestamp[64];
  dta_seen_variable *variables;
  uint64_t last_sort; /* the entry behind the last variable's */
  dta_seen_characteristic *characteristics;
  dta_seen_label *labels;
  dta_seen_strl *strls;
  size_t n_characteristics, n_labels, n_strls;
  bool ascending; /* the keys of every label set */
} dta_seen;

dta_seen dta_see(const unsigned char *bytes, size_t length);
void dta_forget(dta_seen *seen);

/* A cell: '#' value, '.' or 'a' to 'z' missing, 's' text (of a string or long string, in *text and *n). */
char dta_seen_cell(const dta_seen *seen, size_t row, size_t variable, double *value, const char **text, size_t *n);
/* NULL if there is none. */
const char *dta_seen_label_of(const dta_seen *seen, const char *set, int32_t key);
const char *dta_seen_characteristic_of(const dta_seen *seen, const char *variable, const char *name);
/* The key of a letter's label: ' ' for the point. */
int32_t dta_letter_key(char letter);

#endif
