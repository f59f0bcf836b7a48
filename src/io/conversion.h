/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CONVERSION_H
#define IO_CONVERSION_H

#include "data/rows.h"
#include "io/losses.h"
#include "io/missing_map.h"
#include "io/name_rule.h"
#include "io/text_pool.h"
#include "io/translate.h"

/*
 * A dataset as it will stand in a file of another format: every name, label, format, missing code and label set in the words of that
 * format's family and within its limits, and the translation of every cell. What gets lost on the way is told once, when the
 * conversion is made. Writers only have to put it into bytes.
 */

/* Longest texts: bytes, characters; 0 is no limit. */
typedef struct emend_limit {
  size_t bytes, characters;
} emend_limit;

/* What a format can say. */
typedef struct emend_ability {
  emend_family family;
  const char *file;            /* "a .xpt file", for sentences */
  const emend_name_rule *name; /* NULL: any name */
  emend_limit label, value_label, file_label;
  size_t text_bytes;           /* of a text cell */
  double largest;              /* magnitude of a number; 0: any finite one */
  bool codes;                  /* declared missing codes; else letters */
  bool letters;                /* .a to .z; with neither, codes stay plain numbers */
  bool underscore;             /* ._ too */
  bool labels, text_labels;    /* of numbers; of texts */
  bool formats, labels_variables, weight, measure, notes;
  bool ascii;                  /* nothing but ASCII */
  bool inexact;                /* fractions may come back with other last digits */
  size_t short_text;           /* texts of more bytes have no value labels and no declared missing values; 0: no such limit */
} emend_ability;

typedef struct emend_converted_variable {
  const char *name, *label, *format;
  bool text;
  size_t width; /* bytes of a text: of the longest, or as declared if that is more; at least 1 */
  emend_storage storage;
  emend_measure measure;
  emend_missing_range missing[EMEND_MISSING_RANGES]; /* in the target's units; text: offset in the dataset */
  uint32_t n_missing;
  ptrdiff_t set; /* -1: none */
  emend_translation translation;
  emend_missing_map map;
} emend_converted_variable;

typedef struct emend_converted_label {
  emend_key_kind kind;
  emend_reason tag;
  double number;
  const char *key, *text;
} emend_converted_label;

typedef struct emend_converted_set {
  bool text; /* its keys are texts */
  emend_converted_label *labels;
  size_t n;
} emend_converted_set;

typedef struct emend_conversion {
  const emend_ability *ability;
  const emend_dataset *dataset;
  const emend_added_variable *added;
  size_t n_own, n_variables, n_rows;
  emend_converted_variable *variables; /* the dataset's, then the added ones */
  emend_converted_set *sets;
  size_t n_sets;
  const char *file_label;
  ptrdiff_t weight;
  text_pool pool;
} emend_conversion;

/* What `shape` points to must outlive *conversion, which the caller frees. */
emend_status emend_conversion_new(const emend_rows *shape, const emend_ability *ability, emend_losses *losses,
                                  emend_conversion **conversion, emend_error *error);
void emend_conversion_free(emend_conversion *conversion);

/* A cell as the target has it: a number that is finite and in range; or, with NaN, why there is none (EMEND_SYSTEM_MISSING or a letter). */
double emend_conversion_number(const emend_conversion *conversion, size_t variable, const emend_cell *cell, emend_reason *reason);
/* Bytes of a text cell that fit. */
size_t emend_conversion_text(const emend_conversion *conversion, size_t variable, const emend_cell *cell, const char **text);

/* Bytes of the longest beginning within the limit that ends with a whole character. */
size_t emend_limit_fit(emend_limit limit, const char *text, size_t length);

/* For the files of the conversion itself. */
emend_status emend_conversion_labels(emend_conversion *conversion, emend_losses *losses, emend_error *error);
emend_status emend_conversion_losses(const emend_conversion *conversion, emend_losses *losses, emend_error *error);

#endif
