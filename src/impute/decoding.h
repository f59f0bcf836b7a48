/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_DECODING_H
#define IMPUTE_DECODING_H

#include "impute/imputation.h"
#include "normal/complete.h"

/* Once the encoding is known: each variable's first column and its decoder. */
void emend_imputation_prepare(emend_imputation *made);
/* What completion has to bring for them; `wish` refers to the imputation. False: expectations are enough. */
bool emend_imputation_wish(const emend_imputation *made, emend_completion_wish *wish);
/* A value for a missing cell, drawn as said of emend_completion_wish. */
double emend_imputation_draw(const emend_imputation *made, size_t row, size_t column, double mean, double sd, const double *drawn,
                             const double *block);
/* After completion, before anything is decoded: variable by variable, in parallel. */
emend_status emend_imputation_calibrate(emend_imputation *made, emend_error *error);
/* True if cells are to hold expectations, or what is most probable: neither draws nor matches. */
bool emend_imputation_expects(const emend_imputation *made);
/* The conditional standard deviation of the one number of a cell; NaN: none is known. */
double emend_imputation_spread(const emend_imputation *made, size_t row, size_t variable);
/* True for the column of a number that enters the model in other units than its own, or cut: transformed or bounded. */
bool emend_imputation_comes_back(const emend_imputation *made, size_t column);
/* True if the answer to a cell of the variable depends on nothing but its completed value: emend_decoder_value says it, with any key. */
bool emend_imputation_is_plain(const emend_imputation *made, size_t variable);
/* Where the plan has an id that rows share: tells those rows apart, in the order of the file, and warns of it where draws hang on that. */
emend_status emend_imputation_number_ids(emend_imputation *made, emend_events *events, emend_error *error);
/* What tells a row from all others: its id, where the plan has one (and which of the rows with that id it is), else its place. */
uint64_t emend_imputation_key(const emend_imputation *made, size_t row);
/* The places of n rows (NULL: of the first n) in the order of what tells them apart; NULL: as they stand. The caller frees it. */
emend_status emend_imputation_order(const emend_imputation *made, const uint32_t *rows, size_t n, uint32_t **order, emend_error *error);

/* The categories that a cell may be filled with; *original: the plan's number of each, NULL: the same. */
const emend_categories *emend_imputation_categories(const emend_imputation *made, size_t row, size_t variable,
                                                    const unsigned char **original);
/*
 * As emend_imputation_decode, but only one of the admissible among those categories (one at least): of a nominal variable the most
 * probable, of a number that is nearest to what would come into the cell. Where that was drawn, or matched, one of a nominal variable by
 * chance, as often as it occurs.
 */
double emend_imputation_choose(const emend_imputation *made, size_t row, size_t variable, const unsigned char *admissible);

/* Numbers in (0, 1) for a choice about a cell, and to draw its code again. */
double emend_imputation_uniform(const emend_imputation *made, size_t row, size_t variable);
double emend_imputation_uniform_again(const emend_imputation *made, size_t row, size_t variable, size_t round);

#endif
