/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fold.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>
#include <unistr.h>

/* Letters with a stroke and the like, which Unicode does not take for a letter and an accent. */
static const char *plain_letter(ucs4_t c) {
  static const struct {
    ucs4_t letter;
    const char *plain;
  } letters[] = {{0xE6, "ae"}, {0xF0, "d"}, {0xF8, "o"}, {0xFE, "th"}, {0x111, "d"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}};
  for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
    if (letters[i].letter == c)
      return letters[i].plain;
  return NULL;
}

static bool is_accent(ucs4_t c) {
  enum { TATWEEL = 0x640 }; /* only stretches an Arabic word */
  int class = uc_combining_class(c);
  return (class != UC_CCC_NR && class != UC_CCC_KV) || c == TATWEEL;
}

static bool is_letter(ucs4_t c) { return uc_is_alnum(c) || uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M); }

static emend_status add(emend_buffer *folded, ucs4_t c, const char *bytes, size_t length, emend_error *error) {
  if (is_accent(c))
    return EMEND_OK;
  if (!is_letter(c))
    return folded->bytes[folded->length - 1] == ' ' ? EMEND_OK : emend_buffer_append(folded, " ", 1, error);
  const char *plain = plain_letter(c);
  return plain ? emend_buffer_append(folded, plain, strlen(plain), error) : emend_buffer_append(folded, bytes, length, error);
}

/* Accents gone, what Unicode can compose is composed again, so that words of every script are written as people write them. */
static emend_status compose(emend_buffer *folded, emend_error *error) {
  size_t length;
  uint8_t *composed = u8_normalize(UNINORM_NFC, (const uint8_t *)folded->bytes, folded->length, NULL, &length);
  if (!composed)
    return emend_fail_memory(error);
  emend_buffer_clear(folded);
  emend_status status = emend_buffer_append(folded, composed, length, error);
  free(composed);
  return status;
}

static emend_status fold_letters(const char *text, size_t length, emend_buffer *folded, emend_error *error) {
  size_t n;
  uint8_t *apart = u8_casefold((const uint8_t *)text, length, NULL, UNINORM_NFKD, NULL, &n);
  if (!apart)
    return emend_fail_memory(error);
  emend_status status = EMEND_OK;
  for (size_t at = 0; at < n && !status;) {
    ucs4_t c;
    int bytes = u8_mbtouc(&c, apart + at, n - at);
    status = add(folded, c, (const char *)apart + at, (size_t)bytes, error);
    at += (size_t)bytes;
  }
  free(apart);
  return status ? status : compose(folded, error);
}

static bool is_ascii(const char *text, size_t length) {
  unsigned char all = 0;
  for (size_t i = 0; i < length; i++)
    all |= (unsigned char)text[i];
  return all < 0x80;
}

/* Most texts: nothing to take apart or to compose. */
static emend_status fold_ascii(const char *text, size_t length, emend_buffer *folded, emend_error *error) {
  emend_status status = emend_buffer_reserve(folded, length, error);
  if (status)
    return status;
  char *last = folded->bytes + folded->length - 1;
  for (size_t i = 0; i < length; i++) {
    char c = (char)emend_ascii_lower((unsigned char)text[i]);
    bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter || *last != ' ')
      *++last = letter ? c : ' ';
  }
  last[1] = '\0';
  folded->length = (size_t)(last + 1 - folded->bytes);
  return EMEND_OK;
}

emend_status emend_fold(const char *text, size_t length, emend_buffer *folded, emend_error *error) {
  emend_buffer_clear(folded);
  emend_status status = emend_buffer_append(folded, " ", 1, error);
  if (!status && length > 0)
    status = (is_ascii(text, length) ? fold_ascii : fold_letters)(text, length, folded, error);
  if (!status && folded->bytes[folded->length - 1] != ' ')
    status = emend_buffer_append(folded, " ", 1, error);
  return status;
}
