/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SKIP_SEARCH_H
#define ENCODE_SKIP_SEARCH_H

/* The search for skip patterns, for the files that make it: skip.c looks for conditions, skip_near.c for those of blocks that few rows
 * tell, skip_evidence.c says what counts as missing and weighs what was found (and planner_unasked.c what only looks like one). */
#include "encode/not_applicable.h"
#include "encode/skip_condition.h"
#include "encode/skip_limit.h"
#include "encode/skip_rows.h"

enum { FEWEST_MISSING = 10, FEWEST_OF_BLOCK = 5 }; /* cells of a variable, and of them where it was not asked */

typedef struct searcher {
  const emend_plan *plan;
  skip_rows rows;
  skip_orders orders;
  skip_word *missing, *skipped, *other, *left;
  skip_word *known; /* whether a condition holds there is known */
  skip_word *said; /* of the missing: that they do not apply is what their code says */
  unsigned char *may_limit;   /* per variable: it is a number that others may hang on by a limit */
  skip_condition *conditions; /* per variable: found; n 0: none */
  bool block;                 /* the variable at hand is blank in the same rows as its neighbours, as no single questions are */
  bool nonresponse;           /* looking for skips beside which cells are missing for other reasons */
  emend_error *error;
} searcher;

/* How many cells a condition is to account for at least: of a block each row has several. */
size_t skip_fewest(const searcher *s);
/* Cells of a variable that stay because their code says that the question did not apply. */
size_t skip_count_said(const searcher *s, size_t v);
/* The cells of a variable that may not have been asked. With `codes` those that say so are among them, and other codes, which then mean
 * something else, are not. */
void skip_find_missing(searcher *s, size_t v, bool codes);
/* That it is not chance by which all answers lie elsewhere: the hypergeometric probability, had the missing cells been any of the rows in
 * `known`, times the number of ways in which a condition might have been found; `log_ways` is its log. What is not known cannot tell
 * against it. Of a block less is asked: people leave out single questions, and not always the same of a row. */
bool skip_is_evident(const searcher *s, size_t v, size_t n_skipped, double log_ways);
/* The log of the number of ways to choose k of n. */
double skip_log_choose(size_t n, size_t k);
/* Whether `v` may have a condition on a filter: that one must not hang on it. */
bool skip_may_hang_on(const searcher *s, size_t v, size_t filter);
/* A condition on a filter that stands just before the block of `v` (skip_near.c). */
bool skip_find_near(searcher *s, size_t v, skip_condition *c);
/* In how many ways limits, or as many of the answers, of a filter could be chosen; the log. */
double skip_log_ways_of_part(const searcher *s, const skip_part *p);
/* In how many ways filters could be chosen, and of their values as many; the log. */
double skip_log_ways(const searcher *s, const skip_condition *c);
/* Whether most of those who were asked answered: in the rows that `rows` has (or has not), and in which the first filter is known. */
bool skip_is_mostly_answered(const searcher *s, size_t v, const skip_word *rows, bool has, size_t filter);
/* Whether the codes that say so lie where the condition does: else they have other reasons, and tell nothing of the filter. As above. */
bool skip_is_said_there(const searcher *s, const skip_word *rows, bool has, size_t filter);
/* Whether answers just get rarer along the steps of a scale, until there are none, in the rows that are left. */
bool skip_is_gradual(const searcher *s, size_t v, const skip_condition *c);

#endif
