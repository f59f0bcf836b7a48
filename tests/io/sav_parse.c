/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sav_parse.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "support/support.h"

uint32_t sav_seen_word(const sav_seen *s, size_t at) {
  uint32_t value = 0;
  ck_assert_uint_le(at + 4, s->length);
  for (size_t i = 0; i < 4; i++)
    value |= (uint32_t)s->bytes[at + i] << 8 * (s->big_endian ? 3 - i : i);
  return value;
}

static uint64_t long_word(const sav_seen *s, size_t at) {
  uint64_t first = sav_seen_word(s, at), second = sav_seen_word(s, at + 4);
  return s->big_endian ? first << 32 | second : second << 32 | first;
}

double sav_seen_number(const sav_seen *s, const unsigned char *bytes) {
  uint64_t bits = 0;
  double value;
  for (size_t i = 0; i < 8; i++)
    bits |= (uint64_t)bytes[i] << 8 * (s->big_endian ? 7 - i : i);
  memcpy(&value, &bits, sizeof value);
  return value;
}

const sav_seen_record *sav_seen_find(const sav_seen *s, uint32_t type, uint32_t subtype) {
  const sav_seen_record *found = NULL;
  for (size_t i = 0; i < s->n_records; i++)
    if (s->records[i].type == type && (type != 7 || s->records[i].subtype == subtype))
      found = &s->records[i];
  return found;
}

/* Bytes of a record behind its type. */
static size_t record_length(sav_seen *s, uint32_t type, size_t at) {
  size_t end = at;
  switch (type) {
  case 2:
    s->n_elements++;
    end += 28;
    if (sav_seen_word(s, at + 4))
      end += 4 + (sav_seen_word(s, end) + 3) / 4 * 4;
    return end + 8 * (size_t)abs((int32_t)sav_seen_word(s, at + 8)) - at;
  case 3:
    end += 4;
    for (uint32_t n = sav_seen_word(s, at); n > 0; n--)
      end += 8 + (s->bytes[end + 8] + 1u + 7) / 8 * 8;
    return end - at;
  case 4: return 4 + 4 * (size_t)sav_seen_word(s, at);
  case 6: return 4 + 80 * (size_t)sav_seen_word(s, at);
  default: ck_assert_uint_eq(type, 7); return 12 + (size_t)sav_seen_word(s, at + 4) * sav_seen_word(s, at + 8);
  }
}

static void parse_records(sav_seen *s) {
  size_t at = 176;
  for (uint32_t type; (type = sav_seen_word(s, at)) != 999;) {
    s->records = realloc(s->records, (s->n_records + 1) * sizeof *s->records);
    sav_seen_record *r = &s->records[s->n_records++];
    *r = (sav_seen_record){.type = type, .subtype = sav_seen_word(s, at + 4), .offset = at};
    r->length = 4 + record_length(s, type, at + 4);
    at += r->length;
    ck_assert_uint_le(at + 8, s->length);
  }
  s->data_offset = at + 8;
}

static void add_element(sav_seen *s, size_t *n, unsigned char code, const unsigned char *raw) {
  unsigned char *to = s->rows + 8 * *n;
  double value = code == 255 ? -DBL_MAX : code - s->bias;
  if (code == 0 || code == 253)
    memcpy(to, raw, 8);
  else if (code == 254)
    memset(to, ' ', 8);
  else
    for (size_t i = 0; i < 8; i++) {
      uint64_t bits;
      memcpy(&bits, &value, sizeof bits);
      to[i] = (unsigned char)(bits >> 8 * (s->big_endian ? 7 - i : i));
    }
  s->codes[(*n)++] = code;
}

static void expand(sav_seen *s, const unsigned char *from, size_t length) {
  size_t n = 0;
  bool padding = false;
  s->rows = malloc(8 * length + 8);
  s->codes = malloc(length + 1);
  if (s->compression == 0)
    for (size_t at = 0; at + 8 <= length; at += 8)
      add_element(s, &n, 0, from + at);
  for (size_t at = 0; s->compression && at < length && !s->has_end;) {
    size_t codes = at, n_codes = length - at < 8 ? length - at : 8;
    at += n_codes;
    for (size_t i = 0; i < n_codes && !s->has_end; i++) {
      unsigned char code = from[codes + i];
      s->has_end = code == 252;
      padding = padding || code == 0;
      if (code == 0 || code == 252)
        continue;
      s->padded = padding;
      ck_assert(code != 253 || at + 8 <= length);
      add_element(s, &n, code, from + at);
      at += code == 253 ? 8 : 0;
    }
  }
  s->n_rows = s->n_elements ? n / s->n_elements : 0;
}

/* All blocks inflated: they lie end to end, full but for the last, and index and header agree. */
static void inflate_blocks(sav_seen *s) {
  size_t index = long_word(s, s->data_offset + 8), n = sav_seen_word(s, index + 20), most = sav_seen_word(s, index + 16);
  size_t at = s->data_offset + 24, done = 0;
  unsigned char *stream = malloc(n * most + 1);
  ck_assert_uint_eq(long_word(s, s->data_offset), s->data_offset);
  ck_assert_uint_eq(long_word(s, s->data_offset + 16), 24 * (n + 1));
  ck_assert((double)(int64_t)long_word(s, index) == -s->bias);
  for (size_t i = 0, entry = index + 24; i < n; i++, entry += 24) {
    uLongf length = sav_seen_word(s, entry + 16);
    ck_assert_uint_eq(long_word(s, entry), s->data_offset + done);
    ck_assert_uint_eq(long_word(s, entry + 8), at);
    ck_assert(length == most || i + 1 == n);
    ck_assert_int_eq(uncompress(stream + done, &length, s->bytes + at, sav_seen_word(s, entry + 20)), Z_OK);
    ck_assert_uint_eq(length, sav_seen_word(s, entry + 16));
    done += length;
    at += sav_seen_word(s, entry + 20);
  }
  ck_assert_uint_eq(at, index);
  s->n_blocks = n;
  expand(s, stream, done);
  free(stream);
}

sav_seen sav_parse(unsigned char *bytes, size_t length) {
  sav_seen s = {.bytes = bytes, .length = length};
  ck_assert_uint_gt(length, 184);
  s.big_endian = bytes[64] == 0;
  s.compression = sav_seen_word(&s, 72);
  s.n_cases = (int32_t)sav_seen_word(&s, 80);
  s.bias = sav_seen_number(&s, bytes + 84);
  parse_records(&s);
  if (s.compression == 2)
    inflate_blocks(&s);
  else
    expand(&s, bytes + s.data_offset, length - s.data_offset);
  return s;
}

void sav_seen_free(sav_seen *s) {
  free(s->bytes);
  free(s->records);
  free(s->rows);
  free(s->codes);
}
