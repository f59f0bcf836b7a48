/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_RELATION_H
#define ENCODE_RELATION_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What one variable (the target) is wherever another one (its source) has certain answers, in every row that has both: an age group, of
 * the age; a region, of the state; an income of 0, of those who do not work. A linear model keeps none of these.
 */
typedef enum emend_relation_kind {
  EMEND_RELATION_BANDS,   /* intervals of a number, each with one answer of the target */
  EMEND_RELATION_CODES,   /* each code of the source goes with one answer of the target */
  EMEND_RELATION_CONSTANT /* at some codes the target is one value; elsewhere it may be anything */
} emend_relation_kind;

/* Answers are keys: numbers, or of texts the offset of the text, which no order given to the categories later changes. */
typedef struct emend_relation_piece {
  double from, to; /* of bands: what belongs to the piece, from <= x < to, by the roundest limit between the answers on both sides */
  double lo, hi;   /* the ends of the answers seen there; of a code both are its key */
  double target;   /* the key of what the target is there */
  size_t rows;     /* that have both */
} emend_relation_piece;

typedef struct emend_relation {
  emend_relation_kind kind;
  size_t source, target;
  size_t rows; /* that have both, and in which it holds */
  emend_relation_piece *pieces; /* ascending */
  size_t n;
} emend_relation;

typedef struct emend_relations {
  emend_relation *items; /* by source, in the order of the file */
  size_t n, capacity;
} emend_relations;

/* The piece that an answer of the source lies in; NULL: none. */
const emend_relation_piece *emend_relation_find(const emend_relation *relation, double source);
/* Whether an answer of the source (its key) may stand beside one of the target. */
bool emend_relation_admits(const emend_relation *relation, double source, double target);
/* Where what belongs above begins, if answers below end at `below` and those above begin at `above`: at the roundest number between, which is
 * above (from 30 on) unless `below` itself is rounder than all (above 30). */
double emend_relation_limit(double below, double above);
void emend_relations_free(emend_relations *relations);

#endif
