/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

/* Keeps the nearest of the names offered to a word that was mistyped: begin, offer each, read `best` (NULL: none is near). */
typedef struct suggestion {
  const char *word, *best;
  size_t length, distance;
} suggestion;
suggestion suggestion_begin(const char *word, size_t length);
void suggestion_offer(suggestion *suggestion, const char *name);

#endif
