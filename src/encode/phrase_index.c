/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <string.h>

#include "base/text.h"
#include "encode/phrases.h"

/*
 * Every word of every label, text and name is asked what it says. The phrases lie sorted by the two bytes with which they begin (a blank
 * follows the only one), put there once by whichever thread asks first, and from then on read only.
 */
enum { HEADS = 1024, MOST_PHRASES = 4096 }; /* a test finds those beyond */
typedef struct entry {
  const char *text;
  unsigned meaning, length;
} entry;
static struct {
  entry entries[MOST_PHRASES];
  unsigned short first[HEADS + 1]; /* of the entries with each head, and behind the last */
} table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static unsigned head_of(const char *text, size_t length) {
  unsigned a = (unsigned)emend_ascii_lower((unsigned char)text[0]), b = length > 1 ? (unsigned)emend_ascii_lower((unsigned char)text[1]) : ' ';
  return (a * 37 + b) % HEADS;
}

/* Counts the phrases of each head, and then puts them there: the counts go down to where each head begins. */
static void make_table(void) {
  const unsigned sets[] = {~(unsigned)EMEND_SECOND_SET, ~0U};
  for (int pass = 0; pass < 2; pass++) {
    size_t n = 0;
    for (size_t set = 0; set < 2; set++)
      for (emend_phrase p = {0}; emend_phrase_next(&p, sets[set]) && n < MOST_PHRASES; n++) {
        unsigned length = (unsigned)strlen(p.text);
        unsigned short *first = &table.first[head_of(p.text, length)];
        if (pass == 0)
          ++*first;
        else
          table.entries[--*first] = (entry){p.text, p.meaning, length};
      }
    for (size_t head = 1; head <= HEADS && pass == 0; head++)
      table.first[head] = (unsigned short)(table.first[head] + table.first[head - 1]);
  }
}

/* The phrases that may stand where a text begins that is not empty: from *first to before what is returned. */
static const entry *candidates(const char *text, size_t length, const entry **first) {
  pthread_once(&table_once, make_table);
  unsigned head = head_of(text, length);
  *first = table.entries + table.first[head];
  return table.entries + table.first[head + 1];
}

/* Scripts without blanks between words: a phrase may end anywhere. */
static bool is_dense(const char *phrase) { return (unsigned char)phrase[0] >= 0xE3; }

size_t emend_phrase_at(const char *at, unsigned meanings) {
  size_t longest = 0;
  if (!*at)
    return 0;
  const entry *e, *end = candidates(at, 2, &e);
  for (; e < end; e++)
    if (e->length > longest && emend_meanings_share(e->meaning, meanings) && strncmp(at, e->text, e->length) == 0 &&
        (at[e->length] == ' ' || is_dense(e->text)))
      longest = e->length;
  return longest;
}

bool emend_phrase_begins(const char *text, size_t length, unsigned meanings) {
  if (length == 0)
    return false;
  const entry *e, *end = candidates(text, length, &e);
  for (; e < end; e++)
    if (e->length <= length && emend_meanings_share(e->meaning, meanings) && emend_ascii_equal_n(text, e->length, e->text, e->length))
      return true;
  return false;
}

bool emend_phrase_is(const char *word, size_t length, unsigned meanings) {
  if (length == 0)
    return false;
  const entry *e, *end = candidates(word, length, &e);
  for (; e < end; e++)
    if (e->length == length && emend_meanings_share(e->meaning, meanings) && emend_ascii_equal_n(word, length, e->text, length))
      return true;
  return false;
}
