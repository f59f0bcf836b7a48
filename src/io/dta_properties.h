/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_PROPERTIES_H
#define IO_DTA_PROPERTIES_H

#include "io/conversion.h"
#include "io/dta_target.h"

/*
 * What Stata keeps in characteristics: notes and characteristics as they were, SPSS's documents as notes and its attributes as
 * characteristics, and what has no other place: the weight (_dta[weight]) and the numbers that missing codes had (VARIABLE[missing_codes]).
 * `names` are those of all variables.
 */
emend_status dta_properties_put(dta_target *target, const emend_conversion *conversion, char *const *names, emend_losses *losses,
                                emend_error *error);

#endif
