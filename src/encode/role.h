/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_ROLE_H
#define ENCODE_ROLE_H

#include "encode/plan.h"

/* What the user asked for, resolved to variables. The tables hold EMEND_CHOSEN_*; NULL: not given. */
typedef struct emend_wanted {
  unsigned char *variables, *targets, *exclude;
  unsigned char *types, *type_chosen; /* the emend_type that a list names, and how it came to be chosen */
  unsigned char *multiple;            /* emend_multiple */
  unsigned char *paradata;            /* 1: about the interview itself */
  unsigned char *known;               /* to a model that is given: as EMEND_KNOWN_ */
  bool scores_only; /* but for those that `types` has as nominal */
  ptrdiff_t weight, id; /* -1: none */
  bool weight_named;    /* by --weight, not by the file */
  bool weight_kind_named;
} emend_wanted;

/* How a model knows a variable. */
enum { EMEND_NOT_KNOWN, EMEND_KNOWN_AS_NUMBER, EMEND_KNOWN_AS_CATEGORIES };

/* Whether the variable enters as the number that it holds, whatever its type. */
bool emend_wanted_as_score(const emend_wanted *wanted, size_t variable);
/* EMEND_INVALID_ARGUMENT for wishes that contradict each other or the kinds: a weight in the model, a target that is excluded ... */
emend_status emend_wanted_check(const emend_dataset *dataset, const emend_wanted *wanted, emend_error *error);
/* False if no data could give the variable a place in the model or make it filled. */
bool emend_wanted_may_fill(const emend_dataset *dataset, const emend_wanted *wanted, size_t variable);

/* Sets role, why, fills, may_model from the wishes, planned->type and planned->observed. EMEND_INVALID_ARGUMENT for a text that is wanted
 * in the model and is no category. */
emend_status emend_role_decide(const emend_dataset *dataset, const emend_wanted *wanted, emend_weight_kind weight_kind, size_t variable,
                               emend_planned *planned, emend_error *error);

/* True of a variable that stands aside because it is named or labelled like a survey weight. */
bool emend_role_suspects_weight(const emend_planned *planned);
bool emend_role_is_labelled_weight(const emend_planned *planned); /* by its label */

/* True of a text whose answers are many and that is named like an identifier, which people may share. */
bool emend_text_is_identifier(const emend_dataset *dataset, size_t variable, size_t n_values, size_t n_observed);

#endif
