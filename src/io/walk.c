/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/walk.h"

#include <byteswap.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void walk_begin(walk *w, const emend_source *source, emend_error *error) {
  w->source = source;
  w->offset = 0;
  w->swap = false;
  w->within = "the header";
  w->status = EMEND_OK;
  w->error = error;
  w->window_offset = 0;
  w->window_length = 0;
}

uint64_t walk_left(const walk *w) { return w->offset < w->source->size ? w->source->size - w->offset : 0; }

static emend_status fail_at(walk *w, emend_status status, uint64_t offset, const char *format, va_list arguments) {
  if (w->status)
    return w->status;
  char message[512];
  vsnprintf(message, sizeof message, format, arguments);
  w->status = emend_fail(w->error, status, "%s", message);
  emend_at_byte(w->error, offset);
  return w->status;
}

emend_status walk_fail(walk *w, emend_status status, uint64_t offset, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fail_at(w, status, offset, format, arguments);
  va_end(arguments);
  return w->status;
}

emend_status walk_malformed(walk *w, uint64_t offset, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fail_at(w, EMEND_MALFORMED, offset, format, arguments);
  va_end(arguments);
  return w->status;
}

bool walk_got(walk *w, const void *block) {
  if (!block && !w->status)
    w->status = emend_fail_memory(w->error);
  return block != NULL;
}

static void ends_early(walk *w, uint64_t wanted) {
  if (wanted <= INT32_MAX)
    walk_malformed(w, w->offset, "the file ends within %s: %" PRIu64 " bytes should follow, and %" PRIu64 " do", w->within, wanted,
                   walk_left(w));
  else
    walk_malformed(w, w->offset, "%s claims more bytes than the file has", w->within);
}

void walk_seek(walk *w, uint64_t offset) {
  if (w->status)
    return;
  if (offset > w->source->size)
    walk_malformed(w, w->offset, "%s points to byte %" PRIu64 ", behind the end of the file", w->within, offset);
  else
    w->offset = offset;
}

void walk_skip(walk *w, uint64_t length) {
  if (w->status)
    return;
  if (length > walk_left(w))
    ends_early(w, length);
  else
    w->offset += length;
}

void walk_skip_items(walk *w, uint64_t count, uint64_t size) {
  if (w->status)
    return;
  if (size && count > walk_left(w) / size)
    ends_early(w, count > UINT64_MAX / size ? UINT64_MAX : count * size);
  else
    w->offset += count * size;
}

/* Brings the bytes at the offset into the window; long reads go past it. */
static void fill(walk *w) {
  uint64_t left = walk_left(w);
  w->window_offset = w->offset;
  w->window_length = left < sizeof w->window ? (size_t)left : sizeof w->window;
  w->status = emend_source_read(w->source, w->offset, w->window, w->window_length, w->error);
}

void walk_bytes(walk *w, void *bytes, size_t length) {
  if (!w->status && length > walk_left(w))
    ends_early(w, length);
  if (!w->status && length > sizeof w->window) {
    w->status = emend_source_read(w->source, w->offset, bytes, length, w->error);
  } else if (!w->status) {
    if (w->offset < w->window_offset || w->offset - w->window_offset > w->window_length ||
        length > w->window_length - (size_t)(w->offset - w->window_offset))
      fill(w);
    if (!w->status)
      memcpy(bytes, w->window + (w->offset - w->window_offset), length);
  }
  if (w->status)
    memset(bytes, 0, length);
  else
    w->offset += length;
}

void walk_text(walk *w, char *text, size_t length) {
  walk_bytes(w, text, length);
  text[length] = '\0';
}

uint8_t walk_u8(walk *w) {
  uint8_t value;
  walk_bytes(w, &value, sizeof value);
  return value;
}

uint16_t walk_u16(walk *w) {
  uint16_t value;
  walk_bytes(w, &value, sizeof value);
  return w->swap ? bswap_16(value) : value;
}

uint32_t walk_u32(walk *w) {
  uint32_t value;
  walk_bytes(w, &value, sizeof value);
  return w->swap ? bswap_32(value) : value;
}

uint64_t walk_u64(walk *w) {
  uint64_t value;
  walk_bytes(w, &value, sizeof value);
  return w->swap ? bswap_64(value) : value;
}

int32_t walk_i32(walk *w) { return (int32_t)walk_u32(w); }

double walk_f64(walk *w) {
  uint64_t bits = walk_u64(w);
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

bool walk_accept(walk *w, const char *literal) {
  char bytes[64];
  size_t length = strlen(literal);
  if (w->status || length > sizeof bytes || length > walk_left(w))
    return false;
  walk_bytes(w, bytes, length);
  if (!w->status && memcmp(bytes, literal, length) == 0)
    return true;
  if (!w->status)
    w->offset -= length;
  return false;
}

void walk_expect(walk *w, const char *literal) {
  if (!w->status && strlen(literal) > walk_left(w))
    ends_early(w, strlen(literal));
  else if (!walk_accept(w, literal))
    walk_malformed(w, w->offset, "\"%s\" should stand here", literal);
}
