/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_COMPARE_H
#define EMEND_COMPARE_H

#include "emend/dataset.h"
#include "emend/events.h"
#include "emend/status.h"

EMEND_BEGIN

/*
 * What differs between two datasets, A (before) and B (after), which may come from files of different formats: variables, rows, what the
 * dictionaries say, cells. Only what both formats can hold is compared; what is left out is a remark. How a file is laid out (encoding,
 * compression, byte order, release, product, times) is no difference.
 */
typedef struct emend_comparison emend_comparison;

/* Defaults: every variable; rows matched by position; numbers equal only if they are the same. */
typedef struct emend_compare_options emend_compare_options;
EMEND_API emend_compare_options *emend_compare_options_new(void); /* NULL only when out of memory */
EMEND_API void emend_compare_options_free(emend_compare_options *options);
/* Rows are matched by the values of this variable; of equal values the first with the first, and so on. */
EMEND_API emend_status emend_compare_options_set_id(emend_compare_options *options, const char *name, emend_error *error);
/* A list of variables as plan.h explains it; each item must name something in A or in B. May be called again. */
EMEND_API emend_status emend_compare_options_add_variables(emend_compare_options *options, const char *list, emend_error *error);
/* Numbers a, b count as equal if |a - b| <= tolerance * max(1, |a|, |b|). */
EMEND_API emend_status emend_compare_options_set_tolerance(emend_compare_options *options, double tolerance, emend_error *error);

/* Compares. The datasets must outlive *comparison, which the caller frees. `options`, `events` may be NULL. EMEND_INVALID_ARGUMENT for names
 * that the files do not have. Cost: one pass through the cells; sorting of the rows if there is an id. */
EMEND_API emend_status emend_compare(const emend_dataset *a, const emend_dataset *b, const emend_compare_options *options,
                                     emend_events *events, emend_comparison **comparison, emend_error *error);
EMEND_API void emend_comparison_free(emend_comparison *comparison);
EMEND_API int emend_comparison_same(const emend_comparison *comparison); /* non-zero: nothing differs */

typedef enum emend_side { EMEND_SIDE_A, EMEND_SIDE_B } emend_side;

/* What happened to a cell from A to B. */
typedef enum emend_change {
  EMEND_CELL_FILLED,   /* missing before, an answer now */
  EMEND_CELL_EMPTIED,  /* an answer before, missing now */
  EMEND_CELL_CHANGED,  /* another answer */
  EMEND_CELL_RECODED   /* missing in another way: system-missing, another code, another letter */
} emend_change;
enum { EMEND_CHANGES = EMEND_CELL_RECODED + 1 };

/* Variables in both, in the order of A. Names are matched exactly, else but for capitals where that is unique. */
typedef struct emend_compared_variable {
  size_t a, b;                 /* their indices */
  int compared;                /* zero: their cells cannot be compared (numbers with text) */
  size_t cells[EMEND_CHANGES]; /* that differ, by emend_change */
} emend_compared_variable;
EMEND_API size_t emend_comparison_variables(const emend_comparison *comparison);
EMEND_API emend_compared_variable emend_comparison_variable(const emend_comparison *comparison, size_t index);
/* Variables in one of them only, in its order. */
EMEND_API size_t emend_comparison_single_variables(const emend_comparison *comparison, emend_side side);
EMEND_API size_t emend_comparison_single_variable(const emend_comparison *comparison, emend_side side, size_t index);
EMEND_API int emend_comparison_variables_moved(const emend_comparison *comparison); /* those in both are in another order */

/* Rows in both, and in one of them only (in its order; counted from 0). */
EMEND_API size_t emend_comparison_rows(const emend_comparison *comparison);
EMEND_API size_t emend_comparison_single_rows(const emend_comparison *comparison, emend_side side);
EMEND_API size_t emend_comparison_single_row(const emend_comparison *comparison, emend_side side, size_t index);
EMEND_API int emend_comparison_rows_moved(const emend_comparison *comparison);
EMEND_API ptrdiff_t emend_comparison_id(const emend_comparison *comparison, emend_side side); /* variable, or -1 */

/* Differences of the dictionaries. */
typedef struct emend_difference {
  ptrdiff_t variable;        /* of A; -1: of the file */
  const char *property;      /* "label", "format", "value label 8", "attribute Unit" ... */
  const char *before, *after; /* "" where it says nothing */
} emend_difference;
EMEND_API size_t emend_comparison_differences(const emend_comparison *comparison);
EMEND_API emend_difference emend_comparison_difference(const emend_comparison *comparison, size_t index);
/* Sentences about what could not be compared, and why. */
EMEND_API size_t emend_comparison_remarks(const emend_comparison *comparison);
EMEND_API const char *emend_comparison_remark(const emend_comparison *comparison, size_t index);

/* Cells that differ. */
typedef struct emend_changed_cell {
  size_t row_a, row_b, variable_a, variable_b;
  emend_change change;
} emend_changed_cell;
EMEND_API size_t emend_comparison_cells(const emend_comparison *comparison, emend_change change);
/* Calls `visit` for each in the order of A's rows and variables, until it returns non-zero. */
typedef int (*emend_cell_function)(void *context, const emend_changed_cell *cell);
EMEND_API void emend_comparison_visit_cells(const emend_comparison *comparison, emend_cell_function visit, void *context);

EMEND_END

#endif
