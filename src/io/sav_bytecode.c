/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_bytecode.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW_BYTES = 1 << 20 };

static emend_status read_source(void *state, uint64_t offset, void *bytes, size_t length, emend_error *error) {
  return emend_source_read(state, offset, bytes, length, error);
}

emend_status sav_groups_new(const emend_source *source, uint64_t offset, sav_groups *groups, emend_error *error) {
  emend_status status = sav_groups_from(read_source, (void *)source, source->size, groups, error);
  groups->offset = offset;
  return status;
}

emend_status sav_groups_from(sav_read read, void *state, uint64_t length, sav_groups *groups, emend_error *error) {
  *groups = (sav_groups){.read = read, .state = state, .end = length, .window = malloc(WINDOW_BYTES)};
  return groups->window ? EMEND_OK : emend_fail_memory(error);
}

void sav_groups_free(sav_groups *groups) {
  free(groups->window);
  groups->window = NULL;
}

/* Bytes that the window does not hold yet. */
static uint64_t beyond(const sav_groups *groups) {
  uint64_t end = groups->offset + (groups->length - groups->begin);
  return end < groups->end ? groups->end - end : 0;
}

bool sav_groups_ready(const sav_groups *groups) { return groups->length - groups->begin >= SAV_GROUP_MOST || beyond(groups) == 0; }

emend_status sav_groups_refill(sav_groups *groups, emend_error *error) {
  size_t kept = groups->length - groups->begin;
  uint64_t more = beyond(groups);
  size_t room = WINDOW_BYTES - kept;
  size_t wanted = more < room ? (size_t)more : room;
  memmove(groups->window, groups->window + groups->begin, kept);
  groups->begin = 0;
  groups->length = kept;
  emend_status status = groups->read(groups->state, groups->offset + kept, groups->window + kept, wanted, error);
  if (!status)
    groups->length += wanted;
  return status;
}

bool sav_groups_next(sav_groups *groups, sav_group *group) {
  size_t left = groups->length - groups->begin;
  if (left == 0)
    return false;
  group->codes = groups->window + groups->begin;
  group->offset = groups->offset;
  group->n_codes = left < SAV_GROUP_CODES ? (unsigned)left : SAV_GROUP_CODES;
  unsigned raw = 0;
  for (unsigned i = 0; i < group->n_codes && group->codes[i] != SAV_END; i++)
    raw += group->codes[i] == SAV_RAW;
  size_t wanted = group->n_codes + 8 * (size_t)raw;
  group->length = wanted < left ? wanted : left;
  group->n_raw = (unsigned)((group->length - group->n_codes) / 8);
  groups->begin += group->length;
  groups->offset += group->length;
  return true;
}

unsigned char sav_opcode(double value, double bias) {
  double code = value + bias;
  if (!(code >= 1 && code <= 251))
    return SAV_RAW;
  unsigned char rounded = (unsigned char)code;
  return (double)rounded == code && (double)rounded - bias == value ? rounded : SAV_RAW;
}

/* Elements of a group, up to the first whose raw bytes are missing; *ended: nothing after it counts. */
static unsigned count_group(const sav_group *group, bool *ended) {
  unsigned elements = 0, raw = 0;
  for (unsigned i = 0; i < group->n_codes && !*ended; i++) {
    unsigned char code = group->codes[i];
    if (code == SAV_END || (code == SAV_RAW && raw++ == group->n_raw))
      *ended = true;
    else
      elements += code != SAV_PADDING;
  }
  return elements;
}

emend_status sav_bytecode_count(const emend_source *source, uint64_t offset, uint64_t *n_elements, emend_error *error) {
  sav_groups groups;
  emend_status status = sav_groups_new(source, offset, &groups, error);
  uint64_t elements = 0;
  for (bool ended = false; !status && !ended;) {
    sav_group group;
    if (!sav_groups_ready(&groups))
      status = sav_groups_refill(&groups, error);
    else if (sav_groups_next(&groups, &group))
      elements += count_group(&group, &ended);
    else
      ended = true;
  }
  sav_groups_free(&groups);
  *n_elements = elements;
  return status;
}
