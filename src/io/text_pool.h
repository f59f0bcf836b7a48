/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_TEXT_POOL_H
#define IO_TEXT_POOL_H

#include <stddef.h>

/* Many small texts that live and die together. Zero-initialise. */
typedef struct text_pool {
  struct text_pool_block *blocks;
} text_pool;

void text_pool_free(text_pool *pool);
/* A copy, with a NUL behind it. NULL when out of memory. */
char *text_pool_keep(text_pool *pool, const char *bytes, size_t length);

#endif
