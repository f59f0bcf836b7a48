/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_VALUE_H
#define IO_SAV_VALUE_H

#include "data/dataset.h"
#include "io/patch_text.h"
#include "io/sav_dictionary.h"

/* What patching and rebuilding a .sav share: numbers, and whether a dataset is that file's. */

/* The eight bytes of a number, in the file's byte order. */
void sav_put_number(const emend_sav_dictionary *dictionary, double value, unsigned char *bytes);
double sav_get_number(const emend_sav_dictionary *dictionary, const unsigned char *bytes);
/* True if the number stands for system-missing, LOWEST or HIGHEST: readers take all three for missing. */
bool sav_is_reserved(const emend_sav_dictionary *dictionary, double value);
/* That an imputed value is an answer of this variable: finite, and none of the numbers that mean something else. */
emend_status sav_check_imputed(const emend_sav_dictionary *dictionary, const emend_dataset *dataset, size_t variable, size_t row,
                               double value, emend_error *error);
/*
 * A text as the elements of a case hold it: segments of 255 bytes, each followed by as many blanks as fill up its last element. `field` has
 * room for the variable's elements.
 */
emend_status sav_put_text(const emend_sav_dictionary *dictionary, const emend_dataset *dataset, size_t variable, emend_offset text,
                          patch_text *work, unsigned char *field, emend_error *error);
/* The opcode of one of its elements. */
unsigned char sav_text_opcode(const unsigned char *element);
/* The dataset may have been read by another program's parser: that it has this file's variables and rows is not taken for granted. */
emend_status sav_check_dataset(const emend_sav_dictionary *dictionary, const emend_source *source, const emend_dataset *dataset,
                               emend_error *error);

#endif
