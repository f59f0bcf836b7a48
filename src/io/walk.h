/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_WALK_H
#define IO_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/source.h"

/*
 * A walk through the bytes of a source that never leaves them. The first failure stays in `status` (and in the caller's error, with the
 * byte); from then on every read gives zeros. So a walk may read a whole record and look at the status once; but a number
 * that sizes a loop or an allocation is checked against walk_left first.
 */
typedef struct walk {
  const emend_source *source;
  uint64_t offset;    /* of the next byte */
  bool swap;          /* numbers are in the other byte order than this machine's */
  const char *within; /* what is being read, for messages: "the header" */
  emend_status status;
  emend_error *error;
  uint64_t window_offset;
  size_t window_length;
  unsigned char window[1 << 13];
} walk;

void walk_begin(walk *w, const emend_source *source, emend_error *error);
/* Goes on at `offset`, which may not lie behind the end. */
void walk_seek(walk *w, uint64_t offset);
uint64_t walk_left(const walk *w);

void walk_bytes(walk *w, void *bytes, size_t length);
void walk_skip(walk *w, uint64_t length);
/* Skips count * size bytes, whose product is checked. */
void walk_skip_items(walk *w, uint64_t count, uint64_t size);
/* As walk_bytes, and stops at the first NUL: `text` has room for length + 1 bytes. */
void walk_text(walk *w, char *text, size_t length);
uint8_t walk_u8(walk *w);
uint16_t walk_u16(walk *w);
uint32_t walk_u32(walk *w);
uint64_t walk_u64(walk *w);
int32_t walk_i32(walk *w);
double walk_f64(walk *w);
/* The bytes must be these. */
void walk_expect(walk *w, const char *literal);
/* True, and the bytes passed over, if they come next. */
bool walk_accept(walk *w, const char *literal);

/* EMEND_MALFORMED at byte `offset`, unless the walk has failed before. Returns the walk's status. */
emend_status walk_malformed(walk *w, uint64_t offset, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same with another status. */
emend_status walk_fail(walk *w, emend_status status, uint64_t offset, const char *format, ...) __attribute__((format(printf, 4, 5)));
/* EMEND_OUT_OF_MEMORY if `block` is NULL. */
bool walk_got(walk *w, const void *block);

/* True where numbers of this machine have their least significant byte first. */
static inline bool walk_little_endian_machine(void) {
  const uint16_t one = 1;
  return *(const unsigned char *)&one == 1;
}

#endif
