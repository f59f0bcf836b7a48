/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_MATCH_H
#define IMPUTE_MATCH_H

#include "encode/matrix.h"

/* The names of a model's columns. */
typedef struct emend_model_names {
  size_t n_columns;
  const void *model;
  const char *(*name)(const void *model, size_t column);
  const char *(*base)(const void *model, size_t column); /* emend_mixture_base, or emend_normal_coding; NULL: the model does not say */
} emend_model_names;

/*
 * The columns of a given model among the variables of a plan, by name and in the model's order. Variables that stand aside for lack of
 * data are taken too, since the model knows what these data do not tell.
 *   may_lack   a variable that the file lacks is EMEND_NO_VARIABLE, missing in every row, and named in a warning; but one of them must
 *              be there
 * Errors: EMEND_INVALID_ARGUMENT, naming the variable, if the file lacks it, if it is text, or if the user's lists leave it out; or
 * if two columns of the model have one name. Warns of variables that the plan would have used and the model does not know.
 */
emend_status emend_match_names(const emend_plan *plan, const emend_model_names *names, bool may_lack, emend_encoding *encoding,
                               emend_events *events, emend_error *error);

#endif
