/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* UTF-8 in no locale. */

/* Cuts an incomplete last character off a string that was cut at a byte. */
void emend_utf8_trim(char *text);
/* True if the bytes are valid UTF-8 (no overlong forms, no surrogates). */
bool emend_utf8_valid(const char *bytes, size_t length);
/* Columns that the text takes on a terminal (East Asian wide characters count 2, combining marks 0). */
size_t emend_utf8_columns(const char *text);

#endif
