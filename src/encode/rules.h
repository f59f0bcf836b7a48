/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_RULES_H
#define ENCODE_RULES_H

#include "base/events.h"
#include "data/dataset.h"
#include "encode/said.h"
#include "rule/rule.h"

/*
 * Skip logic and derived variables. A variable with a condition (--only-if) is filled only in rows where the condition is true; where it is
 * false, or can never be known, the cell is structurally missing. A variable with a formula is computed from others, and in no other way.
 */

/* What becomes of a missing cell of such a variable. Open: that depends on a value that is still to be imputed. */
typedef enum emend_fate { EMEND_FATE_KEEP, EMEND_FATE_FILL, EMEND_FATE_SKIP, EMEND_FATE_OPEN } emend_fate;

enum { EMEND_NO_RULE = -1 };

/* What the file says of a part of a formula where it does not apply: rows that are complete but for that, and those in which the others make
 * up the total. */
typedef struct emend_absence {
  size_t rows, fitting;
} emend_absence;
static inline bool emend_absence_is_nothing(const emend_absence *absence) {
  enum { FEWEST = 5, OF = 20 };
  return absence->rows >= FEWEST && OF * (absence->rows - absence->fitting) <= absence->rows;
}

typedef struct emend_ruled {
  size_t variable;
  ptrdiff_t condition, formula; /* indices of rules, or EMEND_NO_RULE */
  unsigned char *fates;         /* emend_fate per row; NULL if the variable has no cell to fill */
  emend_absence *absences;      /* per operand of the formula; NULL: not looked at, or no formula */
  char *why;                    /* of a formula: "computed: a + b" */
} emend_ruled;

typedef struct emend_rules {
  emend_rule **rules; /* one may hold for many variables */
  size_t n_rules;
  emend_ruled *items; /* in an order in which each comes after those that it speaks of */
  size_t n;
  ptrdiff_t *of; /* per variable: its item, or -1; NULL without rules */
} emend_rules;

/* Reads what was said. Errors: those of emend_said_assign and emend_rule_parse; EMEND_INVALID_ARGUMENT for rules that go in circles,
 * for a text variable that is to be computed, and for one that names the weight or the id (-1: none). */
emend_status emend_rules_read(const emend_dataset *dataset, const emend_said_list *said, ptrdiff_t weight, ptrdiff_t id, emend_rules *rules,
                              emend_events *events, emend_error *error);
void emend_rules_free(emend_rules *rules);
const emend_ruled *emend_rules_of(const emend_rules *rules, size_t variable); /* NULL if it has none */
const emend_rule *emend_ruled_condition(const emend_rules *rules, const emend_ruled *ruled); /* NULL if it has none */
const emend_rule *emend_ruled_formula(const emend_rules *rules, const emend_ruled *ruled);

/* Evaluates rules row by row; each only once in a row, since what it speaks of comes before all that speak of it. */
typedef struct emend_rule_row {
  const emend_rules *rules;
  void *context;
  /* The operand of a variable in the row; *unsure is set if it is still open whether it will have a value. */
  void (*load)(void *context, size_t row, size_t variable, emend_operand *operand, bool *unsure);
  bool (*absent)(void *context, size_t row, size_t variable); /* a missing operand does not apply in the row; NULL: nobody knows */
  size_t row, *row_of;     /* 1 + the row that `results` are of, by rule */
  struct emend_rule_result {
    double value;
    bool open, unsure, missing; /* of its operands, any */
  } *results;
  emend_operand *operands;
} emend_rule_row;
emend_status emend_rule_row_new(const emend_rules *rules, emend_rule_row *at, emend_error *error);
void emend_rule_row_free(emend_rule_row *at);
/* What the rules speak of has changed: nothing is known any more. */
void emend_rule_row_forget(emend_rule_row *at);
const struct emend_rule_result *emend_rule_row_evaluate(emend_rule_row *at, size_t row, ptrdiff_t rule);
/* The formula of an item: as above, but a part that does not apply counts as 0 where the file shows that it does, unless no part applies.
 * `operands` afterwards tell. */
struct emend_rule_result emend_rule_row_compute(emend_rule_row *at, size_t row, const emend_ruled *item);

/* What a text variable holds, observed or imputed: its text, or the date that this is in rules. */
void emend_operand_put_text(const emend_dataset *dataset, size_t variable, const char *text, emend_operand *operand);
/* A cell of the dataset as an operand, if it is observed. */
bool emend_operand_observed(const emend_dataset *dataset, size_t row, size_t variable, emend_operand *operand);

#endif
