/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/name_rule.h"

#include <stdio.h>
#include <string.h>

#include "io/name_set.h"

enum { LONGEST = 64 };

static const char *const spss_words[] = {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH", NULL};
static const char *const sas_words[] = {"_N_", "_ERROR_", "_NUMERIC_", "_CHARACTER_", "_ALL_", "_NULL_", "_INFILE_", NULL};

const emend_name_rule emend_spss_names = {LONGEST, false, false, "_.$#@", "@", spss_words};
const emend_name_rule emend_por_names = {8, true, true, "_.$#@", "@", spss_words};
const emend_name_rule emend_sas5_names = {8, true, true, "_", "_", sas_words};
const emend_name_rule emend_sas8_names = {32, true, false, "_", "_", sas_words};

static bool is_letter(int c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
static bool is_digit(int c) { return c >= '0' && c <= '9'; }

static bool is_reserved(const emend_name_rule *rule, const char *name) {
  for (const char *const *word = rule->reserved; word && *word; word++)
    if (emend_ascii_equal(*word, name))
      return true;
  return false;
}

static bool allowed(const emend_name_rule *rule, unsigned char c, bool first) {
  if (is_letter(c) || (c >= 0x80 && !rule->ascii))
    return true;
  return first ? c && strchr(rule->first, c) : is_digit(c) || (c && strchr(rule->marks, c));
}

static void cut(char *name, size_t bytes) {
  if (strlen(name) <= bytes)
    return;
  name[bytes] = '\0';
  emend_utf8_trim(name);
}

/* A name that the rule allows, whether or not others have it; `name` has room for LONGEST + 2 bytes. */
static void clean(const emend_name_rule *rule, const char *wanted, char *name) {
  size_t n = 0;
  if (!allowed(rule, (unsigned char)wanted[0], true) && (is_digit(wanted[0]) || strchr("_", wanted[0]) || !wanted[0]))
    name[n++] = rule->upper ? 'V' : 'v';
  for (const char *at = wanted; *at && n <= LONGEST; at++) {
    unsigned char c = (unsigned char)*at;
    if (rule->ascii && (c & 0xC0) == 0x80)
      continue; /* the rest of a character whose first byte became an underscore */
    bool first = n == 0;
    char kept = allowed(rule, c, first) ? *at : first ? (rule->upper ? 'V' : 'v') : '_';
    name[n++] = rule->upper && kept >= 'a' && kept <= 'z' ? (char)(kept - 'a' + 'A') : kept;
  }
  name[n] = '\0';
  cut(name, rule->bytes);
  for (n = strlen(name); n > 1 && name[n - 1] == '.';) /* ends a command in SPSS */
    name[--n] = '\0';
  if (is_reserved(rule, name)) {
    cut(name, rule->bytes - 1);
    strcat(name, "_");
  }
}

/* The first number that makes the name different from all others; goes on from where the same stem got to. */
static void number(const emend_name_rule *rule, const name_set *taken, char *name, char *stem, unsigned *last) {
  char digits[16], tried[LONGEST + 20];
  if (strcmp(stem, name) != 0) {
    strcpy(stem, name);
    *last = 1;
  }
  do {
    size_t length = (size_t)snprintf(digits, sizeof digits, "%u", ++*last);
    strcpy(tried, stem);
    cut(tried, rule->bytes - length);
    strcat(tried, digits);
  } while (name_set_has(taken, tried));
  strcpy(name, tried);
}

static emend_status make(const char *const *wanted, size_t n, const emend_name_rule *rule, text_pool *pool, const char **made,
                         name_set *taken, emend_error *error) {
  char name[LONGEST + 2], stem[LONGEST + 2] = "";
  unsigned last = 1;
  for (size_t i = 0; i < n; i++) { /* good names first: nobody else may take them */
    clean(rule, wanted[i], name);
    made[i] = NULL;
    if (strcmp(name, wanted[i]) == 0 && !name_set_has(taken, name)) {
      made[i] = text_pool_keep(pool, name, strlen(name));
      if (!made[i])
        return emend_fail_memory(error);
      name_set_add(taken, made[i]);
    }
  }
  for (size_t i = 0; i < n; i++) {
    if (made[i])
      continue;
    clean(rule, wanted[i], name);
    if (name_set_has(taken, name))
      number(rule, taken, name, stem, &last);
    made[i] = text_pool_keep(pool, name, strlen(name));
    if (!made[i])
      return emend_fail_memory(error);
    name_set_add(taken, made[i]);
  }
  return EMEND_OK;
}

emend_status emend_names_make(const char *const *wanted, size_t n, const emend_name_rule *rule, text_pool *pool, const char **made,
                              emend_error *error) {
  name_set taken;
  if (!name_set_new(&taken, n, true))
    return emend_fail_memory(error);
  emend_status status = make(wanted, n, rule, pool, made, &taken, error);
  name_set_free(&taken);
  return status;
}
