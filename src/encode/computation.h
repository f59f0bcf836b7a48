/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_COMPUTATION_H
#define ENCODE_COMPUTATION_H

#include <stdbool.h>
#include <stddef.h>

/* What somebody computed one number (the target) as, from its inputs, in every row that has them all. */
typedef enum emend_computed_form {
  EMEND_COMPUTED_PRODUCT, /* factor * x * y */
  EMEND_COMPUTED_RATIO,   /* factor * x / y */
  EMEND_COMPUTED_SQUARE,  /* factor * x / y^2 */
  EMEND_COMPUTED_SUM,     /* of neighbours in the file */
  EMEND_COMPUTED_MEAN
} emend_computed_form;

/* To the target's decimals: rounded, or cut off, or raised; always in the same way. Sums are as they are. */
typedef enum emend_computed_end { EMEND_END_ROUNDED, EMEND_END_CUT, EMEND_END_RAISED, EMEND_N_ENDS } emend_computed_end;

enum { EMEND_MOST_INPUTS = 60, EMEND_MOST_LEFT_OUT = 6 };

typedef struct emend_computation {
  emend_computed_form form;
  emend_computed_end end;
  size_t target;
  size_t x, y;       /* of sums and means: the first and the last input */
  double factor;     /* of products */
  size_t rows;       /* that have all, and in which it holds */
  size_t left_out[EMEND_MOST_LEFT_OUT], n_left_out; /* of sums and means: variables between x and y that are no inputs, ascending */
  size_t of_answers; /* rows in which inputs are missing and an observed target is the sum or mean of the others: it does not tell them */
} emend_computation;

typedef struct emend_computations {
  emend_computation *items;
  size_t n, capacity;
} emend_computations;

size_t emend_computation_inputs(const emend_computation *c);
size_t emend_computation_input(const emend_computation *c, size_t i);
/* What the inputs give, before it is written with the target's decimals; not finite where they give nothing. */
double emend_computation_value(const emend_computation *c, const double *inputs);
/* The value as it is written with so many decimals; -1: as it is. */
double emend_computation_written(const emend_computation *c, int decimals, double value);
/* How a warning says what became of further decimals: " (further decimals were cut off)"; "" where they were rounded. */
const char *emend_computation_end_words(const emend_computation *c);
/* Between which values lies what was written as z; decimals -1: more than can be told. */
void emend_computation_limits(const emend_computation *c, int decimals, double z, double *lo, double *hi);
/* Input i, of which inputs[i] does not count, where they give `value`; not finite where there is none. */
double emend_computation_solve(const emend_computation *c, const double *inputs, size_t i, double value);

#endif
