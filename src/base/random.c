/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>

/* 64 bits of seed and 32 of stream into Philox's 64-bit key: the stream is mixed in by one application of the cipher to the seed. */
static philox4x32_key_t make_key(uint64_t seed, uint32_t stream) {
  philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
  philox4x32_ctr_t counter = {{stream, 0, 0, UINT32_C(0x6b657900)}};
  philox4x32_ctr_t mixed = philox4x32(counter, key);
  return (philox4x32_key_t){{mixed.v[0], mixed.v[1]}};
}

double emend_random_uniform(uint64_t seed, uint32_t stream, uint64_t row, uint64_t column) {
  philox4x32_ctr_t counter = {{(uint32_t)row, (uint32_t)(row >> 32), (uint32_t)column, (uint32_t)(column >> 32)}};
  philox4x32_ctr_t block = philox4x32(counter, make_key(seed, stream));
  uint64_t bits = (uint64_t)block.v[0] << 32 | block.v[1];
  return ((double)(bits >> 12) + 0.5) * 0x1p-52;
}

double emend_random_normal(uint64_t seed, uint32_t stream, uint64_t row, uint64_t column) {
  return gsl_cdf_ugaussian_Pinv(emend_random_uniform(seed, stream, row, column));
}
