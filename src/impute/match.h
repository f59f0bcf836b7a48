/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_MATCH_H
#define IMPUTE_MATCH_H

#include "encode/matrix.h"

/*
 * The columns of a given model among the variables of a plan, by name and in the model's order. Variables that stand aside for lack of
 * data are taken too, since the model knows what these data do not tell.
 * Errors: EMEND_INVALID_ARGUMENT, naming the variable, if the file lacks it, if it is text, or if the user's lists leave it out; or if
 * two columns of the model have one name. Warns of variables that the plan would have used and the model does not know.
 */
emend_status emend_match_model(const emend_plan *plan, const emend_normal *model, emend_encoding *encoding, emend_events *events,
                               emend_error *error);

#endif
