/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_FLAG_H
#define ENCODE_FLAG_H

#include "data/added.h"
#include "emend/plan.h"

/* The indicators that --flags adds: one for each variable that is filled, behind the file's own. */
typedef struct emend_flags {
  emend_added_variable *added;
  size_t *of; /* the variable that each is about, ascending */
  size_t n;
  char **texts; /* names and labels */
  size_t n_texts;
} emend_flags;

/*
 * Describes them: NAME_imp, labelled "NAME was imputed", 0 observed, 1 imputed. A name that the file has (in any capitals) is followed by
 * 2, 3, ...; one that is too long for the file's format is cut before _imp, at the end of a character.
 */
emend_status emend_flags_describe(const emend_plan *plan, emend_flags *flags, emend_error *error);
/* The name of a variable's indicator, or NULL. */
const char *emend_flags_name(const emend_flags *flags, size_t variable);
void emend_flags_free(emend_flags *flags);

#endif
