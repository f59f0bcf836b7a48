/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_NAME_RULE_H
#define IO_NAME_RULE_H

#include "base/text.h"
#include "io/text_pool.h"

/* What a name of a variable may be in a family's files. No two are alike, letters of either case being the same. */
typedef struct emend_name_rule {
  size_t bytes;                /* the longest, at most 64 */
  bool ascii;                  /* no letters beyond ASCII */
  bool upper;                  /* letters in upper case only */
  const char *marks;           /* allowed beside letters and digits: "_" */
  const char *first;           /* of the marks, those that may come first */
  const char *const *reserved; /* words that are no names, NULL-terminated; may be NULL */
} emend_name_rule;

extern const emend_name_rule emend_spss_names, emend_por_names, emend_sas5_names, emend_sas8_names;

/*
 * The n names as the rule allows them, kept in `pool`. Good names stay as they are, if no earlier one is alike; in others, what a name may
 * not have becomes an underscore, what is too long is cut at the end of a character, and repeated ones get a number at their end.
 */
emend_status emend_names_make(const char *const *wanted, size_t n, const emend_name_rule *rule, text_pool *pool, const char **made,
                              emend_error *error);

#endif
