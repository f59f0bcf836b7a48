/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include <stdbool.h>

#include "data/arena.h"
#include "emend/dataset.h"
#include "emend/dictionary.h"

/*
 * The dataset's inside. All of it (variables, labels, cells, text) lives in one arena and points by offset; it is filled through the
 * appender below and read-only afterwards. Cells lie in blocks of `block_rows` rows, in a block column after column:
 * the values of a column, then, behind all values, one reason byte per cell. The number of rows need not be known in advance.
 */

/* A declared missing value or range of a numeric variable (lo == hi: one value; infinities for LOWEST and HIGHEST), or of a text variable.
 */
typedef struct emend_missing_range {
  double lo, hi;
  emend_offset text; /* 0 for numbers; trailing blanks do not count */
} emend_missing_range;

enum { EMEND_MISSING_RANGES = 4 };

typedef struct emend_variable {
  emend_offset name, label, format;
  emend_offset write_format; /* SPSS, where it differs from `format`; else 0 */
  emend_offset short_name;   /* SPSS, where it differs from `name`; else 0 */
  emend_offset picture;      /* delimited text: how its numbers are written (io/csv_amount.h); 0: plainly */
  emend_variable_kind kind;
  emend_storage storage;
  emend_measure measure;
  emend_alignment alignment;
  emend_usage usage;      /* SPSS's role */
  int32_t label_set;      /* index, or -1 */
  uint32_t width;         /* bytes of a text variable in its file; 0 unknown */
  uint32_t display_width; /* 0 unknown */
  uint32_t n_missing;
  emend_missing_range missing[EMEND_MISSING_RANGES];
  uint64_t first_property, last_property; /* 1 + index into the properties; 0: none. Set by emend_dataset_add_property */
} emend_variable;

typedef enum emend_key_kind { EMEND_KEY_NUMBER, EMEND_KEY_TEXT, EMEND_KEY_TAG } emend_key_kind;

typedef struct emend_label {
  emend_key_kind kind;
  emend_reason tag;  /* EMEND_KEY_TAG */
  double number;     /* EMEND_KEY_NUMBER */
  emend_offset key;  /* EMEND_KEY_TEXT, without trailing blanks */
  emend_offset text; /* the label */
} emend_label;

typedef struct emend_label_set {
  emend_offset name;
  emend_offset labels;
  uint64_t n_labels, capacity;
} emend_label_set;

/* What the dictionary says of the file; offsets of texts and enumerations as emend/dictionary.h explains them. */
typedef struct emend_file_facts {
  emend_offset text[EMEND_FILE_TABLE_NAME + 1]; /* by emend_file_text */
  emend_byte_order byte_order;
  emend_compression compression;
  int32_t release;
  emend_offset sort_keys; /* n_sort_keys variable indices, uint32_t */
  uint64_t n_sort_keys;
} emend_file_facts;

/* A note, attribute or characteristic. Those of one variable (or of the file) are chained in the order in which they were added. */
struct emend_property {
  emend_property_kind kind;
  uint32_t number;   /* see emend_property_number */
  emend_offset name; /* 0 for notes */
  emend_offset value;
  uint64_t next;     /* 1 + index, larger than its own; 0: the last */
};

/* A variable set or multiple-response set. */
typedef struct emend_variable_set {
  emend_offset name, label, counted;
  emend_set_kind kind;
  unsigned char categories_from_labels, label_from_variable; /* 0 or 1 */
  emend_offset members; /* n_members variable indices, uint32_t */
  uint64_t n_members;
} emend_variable_set;

/* How a delimited text file is written; found when it is read, needed again to patch it. */
typedef struct emend_csv_dialect {
  char delimiter, quote, decimal;
  uint32_t header_rows; /* lines before the first row of data: 0, or 1 of names, and others of texts and the like behind it */
  bool converted;       /* not UTF-8 on disk: the bytes were converted from `encoding` */
  char encoding[40];    /* iconv name of the file's encoding */
  uint32_t bom_bytes;   /* length of the byte-order mark, 0 if none */
  bool na_in_numbers;   /* NA stands in a column of numbers, as R writes it */
} emend_csv_dialect;

/* Appender. A dataset is made, given its variables, then its rows; label sets, notes and the rest at any time before the end. */
emend_status emend_dataset_new(uint64_t max_bytes, bool shared, emend_dataset **dataset, emend_error *error);
/* Forgets everything but the format: for a reader that must begin again. */
emend_status emend_dataset_reset(emend_dataset *dataset, emend_error *error);
emend_status emend_dataset_set_format(emend_dataset *dataset, const char *format, emend_error *error);
emend_status emend_dataset_set_file_label(emend_dataset *dataset, const char *label, emend_error *error);
void emend_dataset_set_weight(emend_dataset *dataset, ptrdiff_t variable);
/* The facts of the file, to be filled; the pointer lives as long as the dataset. */
emend_file_facts *emend_dataset_edit_facts(emend_dataset *dataset);
emend_status emend_dataset_set_file_text(emend_dataset *dataset, emend_file_text which, const char *text, emend_error *error);
/* Indices of variables, kept for sort keys and members of sets. */
emend_status emend_dataset_add_indices(emend_dataset *dataset, const uint32_t *indices, size_t count, emend_offset *offset,
                                       emend_error *error);
/* `property` (its texts already in the arena, `next` ignored) of a variable, or of the file: -1. */
emend_status emend_dataset_add_property(emend_dataset *dataset, ptrdiff_t variable, const emend_property *property, emend_error *error);
emend_status emend_dataset_add_variable_set(emend_dataset *dataset, const emend_variable_set *set, emend_error *error);
/* A sentence for the user about the reading ("3 cells had undefined characters"); delivered as events after the read. */
emend_status emend_dataset_add_warning(emend_dataset *dataset, emend_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Copies `text` into the arena; "" and NULL give 0. Text is NUL-terminated; its length precedes it. */
emend_status emend_dataset_add_text(emend_dataset *dataset, const char *bytes, size_t length, emend_offset *offset, emend_error *error);
/* Adds a variable like *variable (its text offsets already in the arena). Only before the first row. */
emend_status emend_dataset_add_variable(emend_dataset *dataset, const emend_variable *variable, size_t *index, emend_error *error);
/* For readers that learn label sets or types late. The pointer lives until the next variable is added. */
emend_variable *emend_dataset_edit_variable(emend_dataset *dataset, size_t index);
emend_status emend_dataset_add_label_set(emend_dataset *dataset, const char *name, size_t *index, emend_error *error);
emend_status emend_dataset_add_label(emend_dataset *dataset, size_t set, const emend_label *label, emend_error *error);
ptrdiff_t emend_dataset_find_label_set(const emend_dataset *dataset, const char *name); /* -1 if none */
/* Before the first row: EMEND_LIMIT_EXCEEDED, with an estimate, if the cells of so many rows have no room in memory (texts come on top). */
emend_status emend_dataset_expect_rows(const emend_dataset *dataset, uint64_t n_rows, emend_error *error);
/* The same while rows come, when `n_rows` have taken the share `done` of the file: refused where not even half of what that promises has
 * room. */
emend_status emend_dataset_expect_share(const emend_dataset *dataset, uint64_t n_rows, double done, emend_error *error);
/* A new last row, every cell system-missing (text: empty). */
emend_status emend_dataset_add_row(emend_dataset *dataset, emend_error *error);
/* Cells of the last row. emend_dataset_put_number keeps the value for EMEND_OBSERVED and EMEND_USER_MISSING, else stores NaN.
 * A value that the variable declares missing gets EMEND_USER_MISSING by itself. */
void emend_dataset_put_number(emend_dataset *dataset, size_t variable, double value, emend_reason reason);
emend_status emend_dataset_put_text(emend_dataset *dataset, size_t variable, const char *bytes, size_t length, emend_error *error);
/* The cells of emend_dataset_run, for a reader that gives a variable another type after its rows. */
typedef struct emend_run_cells {
  double *values;
  unsigned char *reasons;
  size_t n;
} emend_run_cells;
emend_run_cells emend_dataset_edit_run(emend_dataset *dataset, size_t variable, size_t row);
/* Where the cells of the last row lie, for readers that fill whole rows: variable v has values[v * step] and reasons[v * step], which
 * must agree (NaN unless observed or user-missing; texts by emend_dataset_put_text). Valid until the next row is added. */
typedef struct emend_row_cells {
  double *values;
  unsigned char *reasons;
  size_t step;
} emend_row_cells;
emend_row_cells emend_dataset_last_row(emend_dataset *dataset);
emend_csv_dialect *emend_dataset_dialect(emend_dataset *dataset);

/* While the child process that has filled the dataset ends: makes its pages resident in this one. */
void emend_dataset_adopt(const emend_dataset *dataset);
/* After a child process has filled the dataset: every offset and count is checked against the arena. */
emend_status emend_dataset_check(const emend_dataset *dataset, emend_error *error);

/* Reading. */
const emend_variable *emend_dataset_variable(const emend_dataset *dataset, size_t index);
ptrdiff_t emend_dataset_find_variable(const emend_dataset *dataset, const char *name); /* exact; -1 if none */
const emend_label_set *emend_dataset_label_set(const emend_dataset *dataset, size_t index);
const emend_label *emend_dataset_label(const emend_dataset *dataset, const emend_label_set *set, size_t index);
/* The label of a number or tag under the variable's label set, or NULL. */
const char *emend_dataset_label_of(const emend_dataset *dataset, size_t variable, double value, emend_reason reason);
const char *emend_dataset_text(const emend_dataset *dataset, emend_offset offset); /* "" for 0 */
size_t emend_dataset_text_length(const emend_dataset *dataset, emend_offset offset);
const emend_csv_dialect *emend_dataset_get_dialect(const emend_dataset *dataset);
const emend_file_facts *emend_dataset_facts(const emend_dataset *dataset);
const emend_variable_set *emend_dataset_variable_set(const emend_dataset *dataset, size_t index);
size_t emend_dataset_warnings(const emend_dataset *dataset);
const char *emend_dataset_warning(const emend_dataset *dataset, size_t index);
bool emend_variable_declares_missing(const emend_variable *variable, double value);
/* The same of a text without blanks at its end. */
bool emend_variable_declares_text_missing(const emend_dataset *dataset, size_t variable, const char *bytes, size_t length);

/*
 * The cells of one column from `row` to the end of its block: *n cells, values and reasons side by side. Text cells hold an
 * emend_offset in place of the value. Loop: for (row = 0; row < rows; row += n) { run = emend_dataset_run(d, v, row); n = run.n; ... }
 */
typedef struct emend_run {
  const double *values;
  const unsigned char *reasons;
  size_t n;
} emend_run;
emend_run emend_dataset_run(const emend_dataset *dataset, size_t variable, size_t row);
/*
 * A code that its variable does not declare missing, but that is taken for one, or that the user declares: `text` NULL is the number `value`. Its observed cells
 * become user-missing (what they hold stays); *count is how many. Of the process that calls it; `text` is copied, `why` is static.
 */
typedef struct emend_doubt {
  size_t variable;
  double value;
  char *text;
  const char *why;
  bool declared; /* by the user: a code like those that the file declares */
} emend_doubt;
emend_status emend_dataset_set_aside(emend_dataset *dataset, const emend_doubt *doubt, size_t *count, emend_error *error);
/* The same of a text that a token read as missing has left in empty cells (emend_read_options_set_keep_tokens). */
emend_status emend_dataset_set_token_aside(emend_dataset *dataset, const emend_doubt *doubt, size_t *count, emend_error *error);
/* What was set aside of a variable is no longer known as such; its cells stay as they are. */
void emend_dataset_forget_doubts(emend_dataset *dataset, size_t variable);
/* Cells of a variable that only --missing or such a token makes missing hold answers after all. */
void emend_dataset_take_as_answers(emend_dataset *dataset, size_t variable);
/* Whether one has left this text there. */
bool emend_dataset_has_token(const emend_dataset *dataset, size_t variable, const char *text);
/* What is left of such tokens is forgotten. */
void emend_dataset_forget_tokens(emend_dataset *dataset);
/* What was set aside, variable after variable. */
size_t emend_dataset_doubts(const emend_dataset *dataset);
const emend_doubt *emend_dataset_doubt(const emend_dataset *dataset, size_t index);
/* That of a number (`text` NULL) or text of a variable that nobody declares; NULL if there is none. */
const emend_doubt *emend_dataset_find_doubt(const emend_dataset *dataset, size_t variable, double value, const char *text);
/* The label of a text under the variable's label set, or NULL; blanks at its end do not count. */
const char *emend_dataset_label_of_text(const emend_dataset *dataset, size_t variable, const char *text);
/* True if two texts are the same but for blanks at their ends. */
bool emend_dataset_same_text(const char *a, const char *b);

/* Bytes of memory that the dataset takes. */
uint64_t emend_dataset_bytes(const emend_dataset *dataset);

/* The tag that a text writes, `.a` to `.z` (in any capitals) or `._`; EMEND_OBSERVED if it writes none. */
emend_reason emend_tag_of_text(const char *text, size_t length);

#endif
