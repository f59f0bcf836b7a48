/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_CATEGORY_H
#define ENCODE_CATEGORY_H

#include <math.h>

#include "data/dataset.h"

enum { EMEND_MOST_CATEGORIES = 100, EMEND_NO_CATEGORY = 255 };

/*
 * The few different answers of a variable, and the levels at which they enter the model: level 0 has no indicator, the others one each. A
 * level holds one category, or several that are too rare to be told apart.
 */
typedef struct emend_categories {
  size_t n;              /* 0: none found, or more than EMEND_MOST_CATEGORIES */
  double *numbers;       /* ascending; of texts 1, 2 ... if they have an order, or NULL */
  emend_offset *texts;   /* without trailing blanks, in their order, or that of their bytes; NULL of numbers */
  size_t *counts;        /* observed cells */
  double *weights;       /* their weight */
  unsigned char *codes;  /* of texts: the category of each row, or EMEND_NO_CATEGORY */
  unsigned char *table;  /* of whole numbers from numbers[0] on: category, or EMEND_NO_CATEGORY; NULL if they lie too far apart */
  size_t table_length;
  unsigned char *levels; /* of each category, once emend_categories_pool has been called */
  size_t n_levels, n_pooled; /* n_pooled: categories that share their level */
} emend_categories;

/* From the distinct values, ascending, and how many cells hold each. `row_weights` NULL: a cell weighs 1. */
emend_status emend_categories_of_numbers(const emend_dataset *dataset, size_t variable, const double *values, const size_t *counts,
                                         size_t n, const double *row_weights, emend_categories *categories, emend_error *error);
/* Of the observed cells of a text variable; n stays 0 if there are none, or too many. */
emend_status emend_categories_of_texts(const emend_dataset *dataset, size_t variable, const double *row_weights,
                                       emend_categories *categories, emend_error *error);
void emend_categories_free(emend_categories *categories);

/* The category of a number, or EMEND_NO_CATEGORY; by the table where there is one. */
size_t emend_categories_search(const emend_categories *categories, double number);
static inline size_t emend_categories_find(const emend_categories *categories, double number) {
  if (!categories->table)
    return emend_categories_search(categories, number);
  double place = number - categories->numbers[0];
  if (!(place >= 0 && place < (double)categories->table_length))
    return EMEND_NO_CATEGORY;
  size_t whole = (size_t)place;
  return (double)whole == place ? categories->table[whole] : EMEND_NO_CATEGORY;
}
/* A given model may not know all of them (levels EMEND_NO_CATEGORY): those are nobody's to give. */
static inline bool emend_categories_gives(const emend_categories *categories, size_t category) {
  return !categories->levels || categories->levels[category] != EMEND_NO_CATEGORY;
}
/* The category of a cell: that of its number, or of a text that of its row; EMEND_NO_CATEGORY where it holds no answer. */
static inline size_t emend_categories_of_cell(const emend_categories *categories, size_t row, unsigned char reason, double value) {
  if (reason != EMEND_OBSERVED)
    return EMEND_NO_CATEGORY;
  return categories->codes ? categories->codes[row] : emend_categories_find(categories, value);
}
/* The category of a value that a cell may receive: a number or, of texts without an order, the category itself. */
static inline size_t emend_categories_of_value(const emend_categories *categories, double value) {
  return categories->numbers ? emend_categories_find(categories, value) : (size_t)value;
}
/* The number by which a cell enters a model: its own, or the step of its text; NaN where it holds no answer, or a text without a step. */
static inline double emend_categories_number(const emend_categories *categories, size_t row, unsigned char reason, double value) {
  if (reason != EMEND_OBSERVED)
    return NAN;
  if (!categories->codes)
    return value;
  size_t category = categories->codes[row];
  return category < categories->n && categories->numbers ? categories->numbers[category] : NAN;
}
/*
 * Puts texts in an order of n_steps: place[i] is the step of category i, from 0 on, and one more its number. Of texts that share a step the
 * most frequent one stands for all of them; cells whose text has none (EMEND_NO_CATEGORY) hold no category any more; steps that no text has
 * are left out. Levels are forgotten.
 */
emend_status emend_categories_arrange(emend_categories *categories, size_t n_rows, const unsigned char *place, size_t n_steps,
                                      emend_error *error);
/* Of texts: they are categories again, in whatever order. */
void emend_categories_forget_order(emend_categories *categories);
/* Gives every category its level. Rare ones share one; those left over when more than `most_levels` would remain, too. At least two remain.
 */
emend_status emend_categories_pool(emend_categories *categories, size_t n_observed, size_t most_levels, emend_error *error);
/* Categories that nobody here answered, of a given model; nothing if it is there, or there is no more room. A number keeps the order, a text
 * comes behind the others. */
emend_status emend_categories_add_number(emend_categories *categories, double number, emend_error *error);
emend_status emend_categories_add_text(emend_categories *categories, size_t n_rows, emend_offset text, emend_error *error);
/* A category that has the level to itself, or the most frequent one of those that share it. */
size_t emend_categories_of_level(const emend_categories *categories, size_t level);
/* Of those that the model knows. */
size_t emend_categories_most_frequent(const emend_categories *categories);

#endif
