/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "encode/phrases.h"

/*
 * Every word of every label, text and name is asked what it says. The phrases hang together by the two bytes with which they begin (a blank
 * follows the only one), since whichever thread asked first; from then on they are read only.
 */
enum { HEADS = 1024, MOST_PHRASES = 4096 }; /* a test finds those beyond */
typedef struct entry {
  const char *text;
  unsigned meaning;
  unsigned short length, next; /* as `first` */
} entry;
static struct {
  entry entries[MOST_PHRASES];
  unsigned short first[HEADS]; /* one more than the place of an entry; 0: none */
} table;
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static unsigned head_of(const char *text, size_t length) {
  unsigned a = (unsigned)emend_ascii_lower((unsigned char)text[0]), b = length > 1 ? (unsigned)emend_ascii_lower((unsigned char)text[1]) : ' ';
  return (a * 37 + b) % HEADS;
}

static void make_table(void) {
  const unsigned sets[] = {~(unsigned)EMEND_SECOND_SET, ~0U};
  unsigned short n = 0;
  emend_make_resident(&table, sizeof table);
  for (size_t set = 0; set < 2; set++)
    for (emend_phrase p = {0}; emend_phrase_next(&p, sets[set]) && n < MOST_PHRASES;) {
      size_t length = strlen(p.text);
      unsigned short *first = &table.first[head_of(p.text, length)];
      table.entries[n] = (entry){p.text, p.meaning, (unsigned short)length, *first};
      *first = ++n;
    }
}

/* The phrases that may stand where a text begins that is not empty, one after the other; NULL behind the last. */
static const entry *next_of(unsigned short place) { return place ? &table.entries[place - 1] : NULL; }

static const entry *first_of(const char *text, size_t length) {
  pthread_once(&table_once, make_table);
  return next_of(table.first[head_of(text, length)]);
}

/* Scripts without blanks between words: a phrase may end anywhere. */
static bool is_dense(const char *phrase) { return (unsigned char)phrase[0] >= 0xE3; }

size_t emend_phrase_at(const char *at, unsigned meanings) {
  size_t longest = 0;
  if (!*at)
    return 0;
  for (const entry *e = first_of(at, 2); e; e = next_of(e->next))
    if (e->length > longest && emend_meanings_share(e->meaning, meanings) && strncmp(at, e->text, e->length) == 0 &&
        (at[e->length] == ' ' || is_dense(e->text)))
      longest = e->length;
  return longest;
}

bool emend_phrase_begins(const char *text, size_t length, unsigned meanings) {
  if (length == 0)
    return false;
  for (const entry *e = first_of(text, length); e; e = next_of(e->next))
    if (e->length <= length && emend_meanings_share(e->meaning, meanings) && emend_ascii_equal_n(text, e->length, e->text, e->length))
      return true;
  return false;
}

bool emend_phrase_is(const char *word, size_t length, unsigned meanings) {
  if (length == 0)
    return false;
  for (const entry *e = first_of(word, length); e; e = next_of(e->next))
    if (e->length == length && emend_meanings_share(e->meaning, meanings) && emend_ascii_equal_n(word, length, e->text, length))
      return true;
  return false;
}
