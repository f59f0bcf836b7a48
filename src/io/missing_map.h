/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_MISSING_MAP_H
#define IO_MISSING_MAP_H

#include "data/dataset.h"

/*
 * How kinds of missing answers pass between programs that have codes for them (SPSS: numbers declared missing) and those that have letters
 * (Stata and SAS: .a to .z). One map per variable.
 *   To letters: the codes that are declared one by one, occur, or have a label, in ascending order, become .a, .b, ...; beyond 26 there
 *   is none left. To codes: the letters that occur or have a label become -1 (.a), -2 (.b), ... -27 (._), a multiple of 100 lower where the
 *   variable reaches so low itself.
 */
typedef struct emend_missing_pair {
  double code;
  emend_reason letter;
} emend_missing_pair;

enum { EMEND_LETTERS = 27 };

typedef struct emend_missing_map {
  emend_missing_pair pairs[EMEND_LETTERS]; /* n of them */
  size_t n;
  size_t n_beyond; /* codes left without a letter, or letters without a code */
} emend_missing_map;

void emend_missing_map_to_letters(const emend_dataset *dataset, size_t variable, emend_missing_map *map);
void emend_missing_map_to_codes(const emend_dataset *dataset, size_t variable, emend_missing_map *map);
/* EMEND_SYSTEM_MISSING if the code has no letter. */
emend_reason emend_missing_map_letter(const emend_missing_map *map, double code);
/* NaN if the letter has no code. */
double emend_missing_map_code(const emend_missing_map *map, emend_reason letter);

#endif
