/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DECODE_DECODER_H
#define DECODE_DECODER_H

#include "encode/plan.h"

/*
 * From what a model says of a missing cell to a value that the variable may hold (docs/methods.md section 6). What the model says is a
 * conditional mean and standard deviation for each of the variable's columns.
 */
typedef enum emend_decoding {
  EMEND_DECODE_NEAREST, /* the permitted number nearest to the mean */
  EMEND_DECODE_SHARES,  /* few codes: by cuts in the order of the means, so that each code comes as often as the model expects: among cells that
                           are known about equally well */
  EMEND_DECODE_WHOLE,   /* many: up or down to a neighbour, so that the sum is the one that the model expects */
  EMEND_DECODE_LEVELS,  /* the most probable category; one of two by a cut, as often as the model expects */
  EMEND_DECODE_STEPS,   /* few codes: the most probable one */
  EMEND_DECODE_SPIKED   /* the spike, or the amount, as often as the model expects */
} emend_decoding;

/* A place in the order of the cells: by `at`, cells that are equal there by their random `key`. */
typedef struct emend_cut {
  double at, key;
} emend_cut;

typedef struct emend_decoder {
  emend_decoding kind;
  const emend_planned *planned;
  emend_cut *cuts; /* for each grade SHARES: n - 1, ascending; LEVELS: none, or one of the indicator; WHOLE: one, of the fraction; SPIKED: one,
                      of the rank */
  size_t n_cuts;   /* for each grade */
  int *grades;     /* of SHARES and LEVELS: how well cells are known, ascending from the best; NULL: all alike */
  size_t n_grades;
  double *thresholds; /* of codes by a curve, n - 1: what they cut is normal about a place such that the expected code is a cell's mean; its sd
                         is in their units. NULL: the latent ones of the shares */
} emend_decoder;

/* A cell to be filled. */
typedef struct emend_uncertain {
  double mean, sd; /* of a variable with one column, or its indicator; sd NaN or 0: none is known. By a curve, sd is of what its thresholds cut */
  double key;      /* uniform in (0, 1), its own */
} emend_uncertain;

/* How the cells of a planned variable are decoded. `scores`: it entered as the one number that it holds, whatever its type. */
emend_decoder emend_decoder_of(const emend_planned *planned, bool scores);
/* The same where each cell is to be right as often as possible, whatever becomes of the shares: nothing is calibrated. */
emend_decoder emend_decoder_of_mode(const emend_planned *planned, bool scores);
void emend_decoder_free(emend_decoder *decoder);
/* Copies the n - 1 thresholds of a curve, in the place of those before. */
emend_status emend_decoder_set_thresholds(emend_decoder *decoder, const double *thresholds, emend_error *error);
/* The standard deviation of the code of a cell, in its own units. */
double emend_decoder_spread(const emend_decoder *decoder, double mean, double sd);
/* True if the decoder has to see all cells before it can decode one. */
bool emend_decoder_calibrates(const emend_decoder *decoder);
/* True if then the cells' standard deviations tell how well each is known. */
bool emend_decoder_grades(const emend_decoder *decoder);
/* True if draws are codes, each with a probability of its own, and not the nearest value to a normal draw: SHARES, and whole numbers of few
 * values. */
bool emend_decoder_draws_codes(const emend_decoder *decoder);
/* The ends between which draws of a number lie that are not codes: half a step beyond the values that occur, or a plausible end at which no
 * answer lies. Cut there, not moved there, they do not heap at an end. False if there are none. */
bool emend_decoder_ends(const emend_decoder *decoder, double *lo, double *hi);
/* Finds the cuts from all cells that will be decoded; reorders them. */
emend_status emend_decoder_calibrate(emend_decoder *decoder, emend_uncertain *cells, size_t n, emend_error *error);
/*
 * The value for a cell: a number that the variable may hold; of a text, the number of its category. NaN if there is none.
 *   means   of the variable's columns, an amount or other number in its own units
 *   sd      as in emend_uncertain, of what is graded
 *   key     as in emend_uncertain
 *   moved   as emend_allowed_nearest tells it
 */
double emend_decoder_value(const emend_decoder *decoder, const double *means, double sd, double key, bool *moved);
/* STEPS: the code with the largest probability; `sd` NaN or 0: the one between whose thresholds the mean lies. */
double emend_decoder_step(const emend_decoder *decoder, double mean, double sd);
/* LEVELS: the probability of a category, its share of that of its level; clipped, and not made to add up to 1. */
double emend_decoder_probability(const emend_decoder *decoder, const double *means, size_t category);
/* The value for an indicator that was drawn, and the amount beside it. */
double emend_decoder_drawn_amount(const emend_decoder *decoder, const double *drawn, bool *moved);
/* The value for indicators that were drawn, of which at most one is 1; `key` chooses among categories that share a level. */
double emend_decoder_drawn_level(const emend_decoder *decoder, const double *indicators, double key);

#endif
