/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SKIP_CONDITION_H
#define ENCODE_SKIP_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "encode/plan.h"

enum { SKIP_MOST_PARTS = 3 };

/* A part of a condition: the variable is (or is not) one of some categories, or a number above or below a limit. */
typedef struct skip_part {
  size_t variable;
  unsigned char skipped[EMEND_MOST_CATEGORIES]; /* categories where the question is not asked */
  bool number, above;                           /* not asked above (below) the limit */
  double limit;
} skip_part;

typedef struct skip_condition {
  skip_part parts[SKIP_MOST_PARTS];
  size_t n;
  bool all; /* not asked where all parts say so; else where any does */
} skip_condition;

/* The name of a variable as a rule writes it. Appended to `text`. */
emend_status skip_name_print(const emend_plan *plan, size_t variable, emend_buffer *text, emend_error *error);
/* The condition in the words of a rule (docs/recipes.md): when the question is asked. Appended to `text`. */
emend_status skip_condition_print(const emend_plan *plan, const skip_condition *condition, emend_buffer *text, emend_error *error);
/* Of two variables the nearer one before v, where people are asked what decides, then the nearer one behind it: whether that is `a`. */
bool skip_is_nearer(size_t v, size_t a, size_t b);

#endif
