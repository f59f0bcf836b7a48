/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/blas.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

#include "normal/lapack.h"

/* What OpenBLAS maps for each caller, and something for ourselves beside it. */
static const size_t BUFFER = (size_t)128 << 20, OURS = (size_t)8 << 20;

/* Its buffers stay with the process, as this does: how many callers have had theirs. */
static atomic_uint served;

static emend_status refuse(size_t bytes, unsigned callers, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_OUT_OF_MEMORY, "linear algebra needs %zu MiB of address space, more than the system gives",
                                   bytes >> 20);
  emend_try(error, callers > 1 ? "--threads=1, or a higher limit (ulimit -v)" : "a higher limit (ulimit -v)");
  return status;
}

/* Address space that is taken and given back at once costs nothing (and is not held against the memory that there is: many callers never
 * have all theirs in use); the caller's own buffer is taken there and then. */
static emend_status reserve(unsigned callers, emend_error *error) {
  const size_t bytes = (callers - atomic_load(&served)) * BUFFER + OURS;
  void *space = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (space == MAP_FAILED)
    return refuse(bytes, callers, error);
  munmap(space, bytes);
  const int one = 1;
  int info;
  double unit = 1;
  dpotrf_("L", &one, &unit, &one, &info);
  atomic_store(&served, callers);
  return EMEND_OK;
}

emend_status emend_blas_begin(emend_blas *blas, unsigned callers, emend_error *error) {
  blas->threads = openblas_get_num_threads();
  openblas_set_num_threads(1);
  return atomic_load(&served) < callers ? reserve(callers, error) : EMEND_OK;
}

void emend_blas_end(const emend_blas *blas) { openblas_set_num_threads(blas->threads); }
