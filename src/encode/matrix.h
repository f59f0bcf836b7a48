/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_MATRIX_H
#define ENCODE_MATRIX_H

#include <stdint.h>

#include "base/text.h"
#include "encode/plan.h"
#include "pattern/matrix.h"

#define EMEND_NO_VARIABLE SIZE_MAX

/* How the cells of a variable become those of one column. A missing cell is missing in all of its variable's columns. */
typedef enum emend_coding_kind {
  EMEND_CODING_SCORE, /* the number itself */
  EMEND_CODING_LEVEL, /* 1 if the answer is of this level, else 0 */
  EMEND_CODING_VALUE, /* the number transformed */
  EMEND_CODING_SOME,  /* 1 if the number is not the spike, else 0 */
  EMEND_CODING_AMOUNT /* the number transformed; missing if it is the spike */
} emend_coding_kind;

typedef struct emend_coding {
  emend_coding_kind kind;
  unsigned char level;
} emend_coding;

/*
 * The variables of a plan's dataset that take part as a matrix, every kind of missing as NaN. Holds no cells. The columns of one variable
 * stand together, in the order of their levels. The plan must outlive it. A copy of the struct is good as long as `columns`.
 */
typedef struct emend_encoding {
  const emend_plan *plan;
  size_t *columns; /* variable of each column, or EMEND_NO_VARIABLE: missing in every row; owned */
  emend_coding *codings; /* of each column; owned */
  size_t n_columns;
} emend_encoding;

/* Room for n_columns columns, to be filled in by the caller: scores, unless codings are set. */
emend_status emend_encoding_new(const emend_plan *plan, size_t n_columns, emend_encoding *encoding, emend_error *error);
void emend_encoding_free(emend_encoding *encoding);
/* Columns: the variables that fill or predict, in file order. */
emend_status emend_encoding_of_plan(const emend_plan *plan, emend_encoding *encoding, emend_error *error);
/* A column's name: of a score that of its variable, of a level "region=3" or, where several categories share it, "region=3|7", of a
 * transform "log(income)", of a spiked number "income!=0" and "income"; appended to `name`. */
emend_status emend_encoding_name(const emend_encoding *encoding, size_t column, emend_buffer *name, emend_error *error);
/* The categories without a column, as "1|2"; of a text with an order its texts in that order; nothing for a number. */
emend_status emend_encoding_base(const emend_encoding *encoding, size_t column, emend_buffer *base, emend_error *error);
/* What one of these, or another, says of every column, in one piece of memory with the list; NULL where it says nothing. The caller frees the
 * list; NULL on failure. */
typedef emend_status (*emend_column_text)(const emend_encoding *encoding, size_t column, emend_buffer *text, emend_error *error);
emend_status emend_encoding_texts(const emend_encoding *encoding, emend_column_text say, const char ***texts, emend_error *error);
/* The matrix, with the plan's weights; refers to `encoding`. */
emend_matrix emend_encoding_matrix(const emend_encoding *encoding);

#endif
