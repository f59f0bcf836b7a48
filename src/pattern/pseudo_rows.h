/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PATTERN_PSEUDO_ROWS_H
#define PATTERN_PSEUDO_ROWS_H

#include <stddef.h>

/* Replaces any number of rows (1, x), weighted, by at most o + 1 rows with the same sum of products (c, x)(c, x)'. */

/* Into `rows`, each o + 1 long: (root of the weight) (1, mean), and (0, column of a factor of the scatter) for each pivot that is not 0.
 * `products` is the lower triangle of the sum, (o + 1) x stride, the constant first; destroyed. Returns the number of rows. */
size_t emend_pseudo_rows(size_t o, size_t stride, double *products, double *rows);

#endif
