/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_BYTECODE_H
#define IO_SAV_BYTECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/source.h"

/*
 * The bytecode of compressed .sav data: groups of eight opcodes, each group followed by eight raw bytes for each 253 in it. An opcode
 * stands for one 8-byte element, but for 0 (padding) and 252 (the end).
 */
enum {
  SAV_PADDING = 0,
  SAV_END = 252,
  SAV_RAW = 253,
  SAV_BLANKS = 254,
  SAV_SYSTEM_MISSING = 255,
  SAV_GROUP_CODES = 8,
  SAV_GROUP_MOST = 72
};

/* A group, where it lies in the window. At the end of the file it may be incomplete. */
typedef struct sav_group {
  const unsigned char *codes; /* n_codes of them, then the raw bytes */
  unsigned n_codes, n_raw;    /* complete raw elements present */
  size_t length;              /* bytes of the group; at the end of the file: all that is left */
  uint64_t offset;            /* of the group */
} sav_group;

/* Where bytecode comes from: `length` bytes from `offset`; offsets ascend without gaps. */
typedef emend_status (*sav_read)(void *state, uint64_t offset, void *bytes, size_t length, emend_error *error);

typedef struct sav_groups {
  sav_read read;
  void *state;
  uint64_t end; /* offset behind the last byte */
  unsigned char *window;
  uint64_t offset;      /* of window[begin] */
  size_t begin, length; /* window[begin, length) is still to be read */
} sav_groups;

/* The bytecode from `offset` to the end of a file. */
emend_status sav_groups_new(const emend_source *source, uint64_t offset, sav_groups *groups, emend_error *error);
/* Bytecode that something else supplies: `length` bytes from 0 on. */
emend_status sav_groups_from(sav_read read, void *state, uint64_t length, sav_groups *groups, emend_error *error);
void sav_groups_free(sav_groups *groups);
/* True if the next group lies in the window; else sav_groups_refill must come first, which moves what the window holds. */
bool sav_groups_ready(const sav_groups *groups);
emend_status sav_groups_refill(sav_groups *groups, emend_error *error);
/* The next group; false at the end of the file. */
bool sav_groups_next(sav_groups *groups, sav_group *group);

/*
 * The opcode for `value`: 1 to 251 if value + bias is such a whole number, else SAV_RAW.
 */
unsigned char sav_opcode(double value, double bias);

/* Counts the elements of the bytecode from `offset` to its end. */
emend_status sav_bytecode_count(const emend_source *source, uint64_t offset, uint64_t *n_elements, emend_error *error);

#endif
