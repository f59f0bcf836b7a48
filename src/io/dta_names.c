/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_names.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/dta_text.h"
#include "io/name_set.h"

enum { CHARACTERS = 32, BYTES = 128 };

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static bool is_reserved(const char *name) {
  static const char *const words[] = {"_all", "_b",   "byte",  "_coef", "_cons", "double", "float", "if",   "in",  "int",
                                      "long", "_n",   "_N",    "_pi",   "_pred", "_rc",    "_skip", "strL", "using", "with"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(name, words[i]) == 0)
      return true;
  return strncmp(name, "str", 3) == 0 && name[3] && strspn(name + 3, "0123456789") == strlen(name + 3);
}

/* Where Unicode has punctuation, symbols, blanks, controls and private characters; everything else above ASCII is taken for a letter. */
static bool is_symbol(uint32_t c) {
  static const struct {
    uint32_t first, last;
  } ranges[] = {{0x80, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB9},     {0xBB, 0xBF},     {0xD7, 0xD7},
                {0xF7, 0xF7},     {0x2000, 0x206F}, {0x20A0, 0x20CF}, {0x2190, 0x2BFF}, {0x2E00, 0x2E7F},
                {0x3000, 0x3004}, {0x3008, 0x3020}, {0xE000, 0xF8FF}, {0xFE30, 0xFE6F}, {0xFEFF, 0xFEFF},
                {0xFF00, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF}, {0x1F000, 0x1FAFF}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
    if (c >= ranges[i].first && c <= ranges[i].last)
      return true;
  return c >= 0xE0000;
}

/* The character of valid UTF-8 at `text`, and how many bytes it takes. */
static uint32_t character_at(const char *text, size_t *length) {
  const unsigned char *p = (const unsigned char *)text;
  size_t n = *p < 0x80 ? 1 : *p < 0xE0 ? 2 : *p < 0xF0 ? 3 : 4, i = 1;
  uint32_t c = n == 1 ? *p : *p & (0xFFu >> (n + 1));
  for (; i < n && (p[i] & 0xC0) == 0x80; i++)
    c = c << 6 | (p[i] & 0x3F);
  *length = i;
  return c;
}

static bool permitted(const char *text, bool utf8, size_t *length) {
  uint32_t c = character_at(text, length);
  return c < 0x80 ? is_ascii_letter(*text) || is_digit(*text) || *text == '_' : utf8 && !is_symbol(c);
}

bool dta_name_valid(const char *name, bool utf8) {
  size_t length = strlen(name), n;
  if (length == 0 || is_digit(name[0]) || is_reserved(name) || dta_text_fit(name, length, (dta_limit){CHARACTERS, BYTES}) < length)
    return false;
  for (const char *at = name; *at; at += n)
    if (!permitted(at, utf8, &n))
      return false;
  return true;
}

/* A good name that is as like the wanted one as can be; room for BYTES + 2 in `name`. */
static void make_valid(const char *wanted, bool utf8, char *name) {
  size_t length = 0, n;
  if (is_digit(wanted[0]) || !wanted[0])
    name[length++] = '_';
  for (const char *at = wanted; *at && length + 4 < BYTES; at += n) {
    if (permitted(at, utf8, &n)) {
      memcpy(name + length, at, n);
      length += n;
    } else {
      name[length++] = '_';
    }
  }
  name[length] = '\0';
  name[dta_text_fit(name, length, (dta_limit){CHARACTERS, BYTES})] = '\0';
  if (is_reserved(name) || strcmp(name, "_") == 0)
    strcat(name, "_"); /* none of them is long */
}

/* name, name_2, name_3 ..., cut where the number needs the room. */
static char *make_unique(const name_set *taken, const char *name) {
  char made[BYTES + 32];
  snprintf(made, sizeof made, "%s", name);
  for (unsigned long i = 2; name_set_has(taken, made); i++) {
    char number[24];
    int digits = snprintf(number, sizeof number, "_%lu", i);
    size_t fit = dta_text_fit(name, strlen(name), (dta_limit){(size_t)(CHARACTERS - digits), (size_t)(BYTES - digits)});
    snprintf(made, sizeof made, "%.*s%s", (int)fit, name, number);
  }
  return strdup(made);
}

static emend_status settle(const char *const *wanted, size_t n_fixed, bool utf8, dta_names *names, name_set *taken, emend_error *error) {
  for (size_t i = 0; i < names->n; i++) {
    if (i >= n_fixed && (!dta_name_valid(wanted[i], utf8) || name_set_has(taken, wanted[i])))
      continue;
    names->items[i] = strdup(wanted[i]);
    if (!names->items[i])
      return emend_fail_memory(error);
    name_set_add(taken, names->items[i]);
  }
  for (size_t i = n_fixed; i < names->n; i++) {
    char name[BYTES + 8];
    if (names->items[i])
      continue;
    make_valid(wanted[i], utf8, name);
    names->items[i] = make_unique(taken, name);
    if (!names->items[i])
      return emend_fail_memory(error);
    name_set_add(taken, names->items[i]);
  }
  return EMEND_OK;
}

emend_status dta_names_new(const char *const *wanted, size_t n, size_t n_fixed, bool utf8, dta_names *names, emend_error *error) {
  name_set taken;
  *names = (dta_names){.items = emend_allocate(n, sizeof *names->items), .n = n};
  bool ready = name_set_new(&taken, n, false) && names->items;
  emend_status status = ready ? settle(wanted, n_fixed, utf8, names, &taken, error) : emend_fail_memory(error);
  name_set_free(&taken);
  return status;
}

void dta_names_free(dta_names *names) {
  for (size_t i = 0; names->items && i < names->n; i++)
    free(names->items[i]);
  free(names->items);
  *names = (dta_names){0};
}
