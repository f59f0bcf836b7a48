/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_BLAS_H
#define BASE_BLAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * What we use of BLAS and LAPACK; square matrices of n x n doubles by columns. OpenBLAS without threads of its own hands out its work space
 * without a lock: two threads that call it at a time can get the same one, and wrong numbers with it. So one call waits for the other here,
 * and what threads are to do side by side (the patterns of an E-step) does not come here at all.
 */

/*
 * Within an entry point of the library OpenBLAS uses one thread per call: its own would fight ours, and spin while they wait. Its work
 * space, 128 MiB of address space, is taken when it is first called, and it waits for ever for what it cannot have:
 * EMEND_OUT_OF_MEMORY here. After EMEND_OK, end it.
 */
emend_status emend_blas_begin(emend_error *error);
void emend_blas_end(void);

/* dpotrf: the lower triangle of a symmetric matrix becomes that of its Cholesky factor. False if it is not positive definite. */
bool emend_blas_factorise(size_t n, double *matrix);
/* dpotri: the lower triangle of the factor becomes that of the matrix's inverse. */
bool emend_blas_invert_factor(size_t n, double *factor);
/* dsyrk: the lower triangle of product = a a'. */
void emend_blas_square(size_t n, const double *a, double *product);
/* dgemm: product = a b. */
void emend_blas_multiply(size_t n, const double *a, const double *b, double *product);
/* dsymm: s a s of a symmetric s, of which the lower triangle is read, in place of a; `work` holds n n. */
void emend_blas_sandwich(size_t n, const double *s, double *a, double *work);
/* dsyev: eigenvectors in place of a symmetric matrix, of which the lower triangle is read, and eigenvalues, ascending; `work` holds
 * n n + 3 n. */
bool emend_blas_eigen(size_t n, double *matrix, double *values, double *work);
/* dgeev: eigenvalues of any matrix, columns `stride` apart, which is overwritten; `work` holds 8 n. */
bool emend_blas_eigenvalues(size_t n, size_t stride, double *matrix, double *real, double *imaginary, double *work);

#endif
