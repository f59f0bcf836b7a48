/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/blas.h"

#include <pthread.h>
#include <sys/mman.h>

void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work, const int *lwork,
            int *info);
void dgeev_(const char *left, const char *right, const int *n, double *a, const int *lda, double *real, double *imaginary, double *vl,
            const int *ldvl, double *vr, const int *ldvr, double *work, const int *lwork, int *info);
void dgemm_(const char *transa, const char *transb, const int *m, const int *n, const int *k, const double *alpha, const double *a,
            const int *lda, const double *b, const int *ldb, const double *beta, double *c, const int *ldc);
void dsyrk_(const char *uplo, const char *trans, const int *n, const int *k, const double *alpha, const double *a, const int *lda,
            const double *beta, double *c, const int *ldc);
void dsymm_(const char *side, const char *uplo, const int *m, const int *n, const double *alpha, const double *a, const int *lda,
            const double *b, const int *ldb, const double *beta, double *c, const int *ldc);
int openblas_get_num_threads(void);
void openblas_set_num_threads(int n);

/* The library's state is the process's, and so is what guards it. */
static struct {
  pthread_mutex_t mutex;
  bool has_space;
  unsigned users; /* between begin and end */
  int threads;    /* of its own before the first of them */
} blas = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static const int ONE = 1;
static const double UNIT = 1, ZERO = 0;

static void enter(void) { pthread_mutex_lock(&blas.mutex); }

static void leave(void) { pthread_mutex_unlock(&blas.mutex); }

/* Address space that is taken and given back at once costs nothing: what OpenBLAS will map, and something for ourselves beside it. It takes
 * its own there and then. */
static emend_status reserve(emend_error *error) {
  const size_t bytes = (size_t)(128 + 8) << 20;
  void *space = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (space == MAP_FAILED) {
    emend_status status =
        emend_fail(error, EMEND_OUT_OF_MEMORY, "linear algebra needs 136 MiB of address space, more than the system gives");
    emend_try(error, "a higher limit (ulimit -v)");
    return status;
  }
  munmap(space, bytes);
  int info;
  double unit = 1;
  dpotrf_("L", &ONE, &unit, &ONE, &info);
  blas.has_space = true;
  return EMEND_OK;
}

emend_status emend_blas_begin(emend_error *error) {
  enter();
  emend_status status = blas.has_space ? EMEND_OK : reserve(error);
  if (!status && blas.users++ == 0) {
    blas.threads = openblas_get_num_threads();
    openblas_set_num_threads(1);
  }
  leave();
  return status;
}

void emend_blas_end(void) {
  enter();
  if (--blas.users == 0)
    openblas_set_num_threads(blas.threads);
  leave();
}

bool emend_blas_factorise(size_t n, double *matrix) {
  int order = (int)n, info = 0;
  enter();
  dpotrf_("L", &order, matrix, &order, &info);
  leave();
  return info == 0;
}

bool emend_blas_invert_factor(size_t n, double *factor) {
  int order = (int)n, info = 0;
  enter();
  dpotri_("L", &order, factor, &order, &info);
  leave();
  return info == 0;
}

void emend_blas_square(size_t n, const double *a, double *product) {
  int order = (int)n;
  enter();
  dsyrk_("L", "N", &order, &order, &UNIT, a, &order, &ZERO, product, &order);
  leave();
}

void emend_blas_multiply(size_t n, const double *a, const double *b, double *product) {
  int order = (int)n;
  enter();
  dgemm_("N", "N", &order, &order, &order, &UNIT, a, &order, b, &order, &ZERO, product, &order);
  leave();
}

void emend_blas_sandwich(size_t n, const double *s, double *a, double *work) {
  int order = (int)n;
  enter();
  dsymm_("L", "L", &order, &order, &UNIT, s, &order, a, &order, &ZERO, work, &order);
  dsymm_("R", "L", &order, &order, &UNIT, s, &order, work, &order, &ZERO, a, &order);
  leave();
}

bool emend_blas_eigen(size_t n, double *matrix, double *values, double *work) {
  int order = (int)n, length = (int)(n * n + 3 * n), info = 0;
  enter();
  dsyev_("V", "L", &order, matrix, &order, values, work, &length, &info);
  leave();
  return info == 0;
}

bool emend_blas_eigenvalues(size_t n, size_t stride, double *matrix, double *real, double *imaginary, double *work) {
  int order = (int)n, apart = (int)stride, length = (int)(8 * n), info = 0;
  double none[1];
  enter();
  dgeev_("N", "N", &order, matrix, &apart, real, imaginary, none, &ONE, none, &ONE, work, &length, &info);
  leave();
  return info == 0;
}
