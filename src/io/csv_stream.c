/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { RAW_CHUNK = 1 << 16 };

emend_csv_unit emend_csv_unit_of(const char *encoding) {
  if (emend_ascii_equal(encoding, "UTF-16LE") || emend_ascii_equal(encoding, "UTF16LE") || emend_ascii_equal(encoding, "UTF-16") ||
      emend_ascii_equal(encoding, "UTF16"))
    return EMEND_CSV_UTF16_LE;
  if (emend_ascii_equal(encoding, "UTF-16BE") || emend_ascii_equal(encoding, "UTF16BE"))
    return EMEND_CSV_UTF16_BE;
  return EMEND_CSV_BYTES;
}

emend_status emend_csv_stream_open(const emend_source *source, const emend_csv_dialect *dialect, size_t window, emend_csv_stream *stream,
                                   emend_error *error) {
  *stream = (emend_csv_stream){.source = source, .unit = emend_csv_unit_of(dialect->encoding), .capacity = window};
  stream->window_source = stream->source_next = dialect->bom_bytes;
  if (dialect->bom_bytes > source->size)
    return emend_fail(error, EMEND_MALFORMED, "the file is shorter than its byte-order mark");
  if (stream->unit != EMEND_CSV_BYTES && (source->size - dialect->bom_bytes) % 2 != 0) {
    emend_status status = emend_fail(error, EMEND_MALFORMED, "the file is UTF-16 but ends in the middle of a character");
    emend_at_byte(error, source->size - 1);
    emend_try(error, "another copy of the file: this one is cut");
    return status;
  }
  stream->bytes = calloc(1, window + EMEND_CSV_PADDING);
  if (stream->unit != EMEND_CSV_BYTES)
    stream->raw = malloc(RAW_CHUNK);
  if (!stream->bytes || (stream->unit != EMEND_CSV_BYTES && !stream->raw)) {
    emend_csv_stream_close(stream);
    return emend_fail_memory(error);
  }
  return EMEND_OK;
}

void emend_csv_stream_close(emend_csv_stream *stream) {
  free(stream->bytes);
  free(stream->raw);
  stream->bytes = NULL;
  stream->raw = NULL;
}

/* Bytes that UTF-8 text takes in the source: a character outside the basic plane is four bytes in both, the others two bytes. */
static uint64_t source_length(emend_csv_unit unit, const char *bytes, size_t length) {
  if (unit == EMEND_CSV_BYTES)
    return length;
  uint64_t total = 0;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)bytes[i];
    total += c >= 0xF0 ? 4 : (c & 0xC0) != 0x80 ? 2 : 0;
  }
  return total;
}

uint64_t emend_csv_stream_source_byte(const emend_csv_stream *stream, const char *byte) {
  return stream->window_source + source_length(stream->unit, stream->bytes, (size_t)(byte - stream->bytes));
}

static emend_status read_bytes(emend_csv_stream *stream, size_t room, emend_error *error) {
  uint64_t left = stream->source->size - stream->source_next;
  size_t take = left < room ? (size_t)left : room;
  emend_status status = emend_source_read(stream->source, stream->source_next, stream->bytes + stream->length, take, error);
  if (status)
    return status;
  stream->length += take;
  stream->source_next += take;
  return EMEND_OK;
}

static unsigned take_unit(const emend_csv_stream *stream, size_t at) {
  const unsigned char *p = stream->raw + at;
  return stream->unit == EMEND_CSV_UTF16_LE ? p[0] | (unsigned)p[1] << 8 : p[1] | (unsigned)p[0] << 8;
}

static bool is_high_surrogate(unsigned unit) { return unit >= 0xD800 && unit < 0xDC00; }
static bool is_low_surrogate(unsigned unit) { return unit >= 0xDC00 && unit < 0xE000; }

static size_t put_utf8(uint32_t c, char *out) {
  if (c < 0x80) {
    out[0] = (char)c;
    return 1;
  }
  size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  for (size_t i = n - 1; i > 0; i--, c >>= 6)
    out[i] = (char)(0x80 | (c & 0x3F));
  out[0] = (char)(c | (0xF00u >> n & 0xFF));
  return n;
}

static emend_status broken_utf16(uint64_t byte, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "half of a UTF-16 character stands alone");
  emend_at_byte(error, byte);
  emend_try(error, "--encoding, if the file is not UTF-16");
  return status;
}

/* Converts up to a chunk; a pair of units that the chunk cuts is left for the next one. */
static emend_status read_utf16(emend_csv_stream *stream, size_t room, emend_error *error) {
  uint64_t left = stream->source->size - stream->source_next;
  size_t take = room / 3 * 2; /* two bytes become three at most */
  take = take < RAW_CHUNK ? take : RAW_CHUNK;
  take = left < take ? (size_t)left : take;
  emend_status status = emend_source_read(stream->source, stream->source_next, stream->raw, take, error);
  if (status)
    return status;
  size_t at = 0;
  while (at < take) {
    uint32_t c = take_unit(stream, at);
    size_t width = 2;
    if (is_high_surrogate(c)) {
      if (at + 2 == take && left > take)
        break;
      unsigned low = at + 2 < take ? take_unit(stream, at + 2) : 0;
      if (!is_low_surrogate(low))
        return broken_utf16(stream->source_next + at, error);
      c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
      width = 4;
    } else if (is_low_surrogate(c)) {
      return broken_utf16(stream->source_next + at, error);
    }
    stream->length += put_utf8(c, stream->bytes + stream->length);
    at += width;
  }
  stream->source_next += at;
  return EMEND_OK;
}

static emend_status widen(emend_csv_stream *stream, emend_error *error) {
  if (stream->capacity > SIZE_MAX / 4)
    return emend_fail_memory(error);
  char *bytes = realloc(stream->bytes, 2 * stream->capacity + EMEND_CSV_PADDING);
  if (!bytes)
    return emend_fail_memory(error);
  stream->bytes = bytes;
  stream->capacity *= 2;
  return EMEND_OK;
}

emend_status emend_csv_stream_advance(emend_csv_stream *stream, size_t keep_from, emend_error *error) {
  enum { LEAST_ROOM = 64 };
  stream->window_source += source_length(stream->unit, stream->bytes, keep_from);
  stream->length -= keep_from;
  memmove(stream->bytes, stream->bytes + keep_from, stream->length);
  if (stream->capacity - stream->length < LEAST_ROOM) {
    emend_status status = widen(stream, error);
    if (status)
      return status;
  }
  size_t room = stream->capacity - stream->length;
  emend_status status = stream->unit == EMEND_CSV_BYTES ? read_bytes(stream, room, error) : read_utf16(stream, room, error);
  if (status)
    return status;
  memset(stream->bytes + stream->length, 0, EMEND_CSV_PADDING);
  stream->ended = stream->source_next == stream->source->size;
  return EMEND_OK;
}

size_t emend_csv_to_utf16(emend_csv_unit unit, const char *bytes, size_t length, unsigned char *out) {
  const unsigned char *p = (const unsigned char *)bytes, *end = p + length;
  size_t n = 0, low = unit == EMEND_CSV_UTF16_LE ? 0 : 1, high = 1 - low;
  while (p < end) {
    size_t width = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4;
    uint32_t c = width == 1 ? *p : *p & (0x7Fu >> width);
    for (size_t i = 1; i < width && p + i < end; i++)
      c = c << 6 | (p[i] & 0x3F);
    p += width;
    unsigned units[2] = {c, 0};
    if (c >= 0x10000) {
      units[0] = 0xD800 + ((c - 0x10000) >> 10);
      units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
    }
    for (size_t i = 0; i < (c >= 0x10000 ? 2u : 1u); i++, n += 2) {
      out[n + low] = (unsigned char)units[i];
      out[n + high] = (unsigned char)(units[i] >> 8);
    }
  }
  return n;
}
