/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_CODE_H
#define ENCODE_CODE_H

#include "base/events.h"
#include "emend/plan.h"
#include "encode/observe.h"

/*
 * What the user wishes for missing codes: the lists of --impute-codes and --keep-codes. A list is clauses separated by `;`, a clause
 * `variables=codes` or just `codes` (for all variables); `variables` is a selection (encode/selection.h), codes are separated by
 * commas: a number, a tag (`.a` to `.z`, `._`), or the text of a label, capitals ignored. What stands in double quotes is label text.
 */
typedef struct emend_code_wish {
  bool fill;             /* from --impute-codes; else --keep-codes */
  unsigned char *chosen; /* per variable; NULL: all variables */
  emend_reason reason;   /* EMEND_USER_MISSING: `number`; a tag; EMEND_OBSERVED: the label `text` */
  double number;
  char *text;  /* as written */
  bool fitted; /* some code answered to it */
} emend_code_wish;

typedef struct emend_code_wishes {
  emend_code_wish *wishes;
  size_t n, capacity;
} emend_code_wishes;

/* `impute` and `keep` may be NULL. */
emend_status emend_code_wishes_parse(const emend_dataset *dataset, const char *impute, const char *keep, emend_code_wishes *wishes,
                                     emend_events *events, emend_error *error);
void emend_code_wishes_free(emend_code_wishes *wishes);
/* EMEND_INVALID_ARGUMENT if a wish fitted no code of any variable. */
emend_status emend_code_wishes_check(const emend_code_wishes *wishes, emend_error *error);

/*
 * Every missing code of a numeric column: those declared one by one, those met (`observed`, and `met` for the numbers), numbers first,
 * ascending, then tags (which a label declares). The fate follows the wishes (one for named variables beats one for all), else the label, else the rule that numbers
 * are filled and tags stay. The caller frees *codes.
 */
emend_status emend_codes_find(const emend_dataset *dataset, size_t variable, const emend_observed *observed, const emend_tally *met,
                              emend_code_wishes *wishes, emend_code **codes, size_t *n_codes, emend_error *error);

/* True if the words of a label say that the question did not concern the person: not applicable, inapplicable, skip(ped), IAP, NAP. */
bool emend_label_says_not_applicable(const char *label);

#endif
