/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include <stdint.h>

/* The bits of a word that are set; the compiler's own is a call where every processor must do. */
static inline unsigned emend_bits_count(uint64_t bits) {
  bits -= bits >> 1 & UINT64_C(0x5555555555555555);
  bits = (bits & UINT64_C(0x3333333333333333)) + (bits >> 2 & UINT64_C(0x3333333333333333));
  bits = (bits + (bits >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
  return (unsigned)(bits * UINT64_C(0x0101010101010101) >> 56);
}

#endif
