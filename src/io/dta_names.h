/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_NAMES_H
#define IO_DTA_NAMES_H

#include "base/text.h"

/*
 * Names as Stata allows them: up to 32 letters, digits and underscores, no digit first, no word that Stata keeps for itself, all different
 * (in their case, too). Letters beyond ASCII only from release 118 on.
 */
bool dta_name_valid(const char *name, bool utf8);

typedef struct dta_names {
  char **items;
  size_t n;
} dta_names;

/* The first n_fixed names stay as they are. Of the others, those that are good names and come first keep theirs; what a name may not have
 * becomes an underscore, and repeated ones get a number at their end. */
emend_status dta_names_new(const char *const *wanted, size_t n, size_t n_fixed, bool utf8, dta_names *names, emend_error *error);
void dta_names_free(dta_names *names);

#endif
