/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_CODE_H
#define ENCODE_CODE_H

#include "base/events.h"
#include "emend/plan.h"
#include "encode/observe.h"
#include "encode/said.h"

/*
 * What the user wishes for missing codes: the lists of --impute-codes and --keep-codes. A list is clauses separated by `;`, a clause
 * `variables=codes` or just `codes` (for all variables); `variables` is a selection (encode/selection.h), codes are separated by
 * commas: a number, a tag (`.a` to `.z`, `._`), a range of tags (`.a-.f`) or numbers (`97-99`, `9-hi`, `lo--1`), a date as plans show it (`1900-01-01`), the text of a label (as
 * emend_fold compares), or a kind: `system` (also `.`), `user`, `tagged`. What stands in double quotes is label text.
 */
typedef enum emend_wish_kind { EMEND_WISH_NUMBER, EMEND_WISH_RANGE, EMEND_WISH_TAGS, EMEND_WISH_LABEL, EMEND_WISH_USER, EMEND_WISH_SYSTEM } emend_wish_kind;

typedef struct emend_code_wish {
  bool fill;             /* from --impute-codes; else --keep-codes */
  unsigned layer;
  unsigned char *chosen; /* per variable; NULL: all variables */
  emend_wish_kind kind;
  double number;
  double lo, hi;            /* of a range of numbers; infinite: open */
  emend_reason first, last; /* of the tags */
  bool section;             /* said of variables apart: a name among them beats a pattern, and a later one an earlier one */
  bool general;             /* a kind or a range: one code beats it; a kind, or a range of tags, need not fit any */
  char *text;               /* as written */
  char *folded;             /* of a label */
  const char *where, *why;  /* of the list said; `why` static */
  bool fitted;              /* some code answered to it */
} emend_code_wish;

typedef struct emend_code_wishes {
  emend_code_wish *wishes;
  size_t n, capacity;
} emend_code_wishes;

/* Reads what was said of codes, which must outlive the wishes. */
emend_status emend_code_wishes_parse(const emend_dataset *dataset, const emend_said_list *said, emend_code_wishes *wishes,
                                     emend_events *events, emend_error *error);
void emend_code_wishes_free(emend_code_wishes *wishes);
/* EMEND_INVALID_ARGUMENT if a wish fitted no code of any variable, of which the plan has all by now: the nearest label is suggested. */
emend_status emend_code_wishes_check(const emend_code_wishes *wishes, const emend_plan *plan, emend_error *error);

/*
 * Every missing code of a numeric column: system-missing first if a wish is about it, then those declared one by one and those met
 * (`observed`, and `met` for the numbers), numbers ascending, then tags (which a label declares). The fate follows the wishes (one of a
 * higher layer, then one for named variables, then one for a single code beats others), else the label, else the rule that numbers are
 * filled and tags stay. The caller frees *codes.
 */
emend_status emend_codes_find(const emend_dataset *dataset, size_t variable, const emend_observed *observed, const emend_tally *met,
                              emend_code_wishes *wishes, emend_code **codes, size_t *n_codes, emend_error *error);

/* Why a declared code stays of which it is not sure. */
extern const char emend_why_who[];

/* The same of a text variable: the texts that it declares missing, or that were set aside. Where a wish is about system-missing cells,
 * empty ones stand for them. */
emend_status emend_codes_find_texts(const emend_dataset *dataset, size_t variable, const emend_observed *observed,
                                    emend_code_wishes *wishes, emend_code **codes, size_t *n_codes, emend_error *error);

#endif
