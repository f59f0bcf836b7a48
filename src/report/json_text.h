/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_JSON_TEXT_H
#define REPORT_JSON_TEXT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/*
 * JSON values from untrusted strings and from any double, and a printer whose reals are the shortest that read back (Jansson's are the
 * 17 digits: 0.10000000000000001).
 */
json_t *json_of_text(const char *text);   /* bytes that are no UTF-8 become U+FFFD; null for NULL */
json_t *json_of_number(double value);     /* null unless finite */
json_t *json_of_count(size_t count);
/* Indented by two blanks, a line end behind. Returns false when out of memory. */
bool json_print(const json_t *value, FILE *out);

/* The document (taken over; NULL: out of memory) as json_print prints it; the caller frees it. NULL when out of memory. */
char *json_document(json_t *document, size_t *length);

#endif
