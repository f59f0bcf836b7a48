/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_VALUE_H
#define IO_DTA_VALUE_H

#include "data/dataset.h"
#include "io/dta_dictionary.h"

/* Numbers and missing values as the cells of .dta files hold them, from release 113 on. */

/* The type that holds every value of a storage; only numeric ones. */
emend_dta_type dta_type_of(emend_storage storage);
uint32_t dta_type_width(emend_dta_type type); /* not of a string */

/* True if the type holds this value as an answer: in its range, and whole where it must be. Single precision rounds. */
bool dta_value_fits(emend_dta_type type, double value);
/* The same in a release, which before 113 had one missing value only, the largest of each type. */
bool dta_value_fits_release(emend_dta_type type, double value, unsigned release);
/* The bytes of a value that fits. */
void dta_value_put(emend_dta_type type, double value, bool swap, unsigned char *bytes);
/* The bytes of . or .a to .z; every other reason is written as . */
void dta_missing_put(emend_dta_type type, emend_reason reason, bool swap, unsigned char *bytes);

/* The key of a value label: a whole number, or a letter's. False if Stata has no such key. */
bool dta_key_of_number(double value, int32_t *key);
bool dta_key_of_reason(emend_reason reason, int32_t *key);

#endif
