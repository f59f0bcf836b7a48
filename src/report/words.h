/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "emend/emend.h"
#include "report/number.h"

/* The field's words for what a dictionary says: the same in text and JSON. "" for what is not known. */
const char *measure_word(emend_measure measure);
const char *kind_word(emend_variable_kind kind); /* numeric, text, date, time, datetime */
const char *usage_word(emend_usage usage);
const char *alignment_word(emend_alignment alignment);
const char *byte_order_word(emend_byte_order order);
const char *compression_word(emend_compression compression);
const char *set_kind_word(emend_set_kind kind);
const char *property_kind_word(emend_property_kind kind);

/* How the values lie in the file, in the words of its programs: "numeric", "string 12"; "byte", "str5", "strL"; "character 8"; "text". */
enum { STORAGE_TEXT = 32 };
const char *storage_word(const emend_dataset *dataset, size_t variable, char text[STORAGE_TEXT]);

/* A declared missing value or range: "8", "90 to HIGHEST", "LOWEST to 0", "\"zzz\"". The caller frees it; NULL when out of memory. */
char *declared_missing_text(emend_declared_missing missing);

/* A number as it is meant: a date, or the shortest digits. */
enum { VALUE_TEXT = NUMBER_SIZE };
_Static_assert((int)VALUE_TEXT >= (int)EMEND_DATE_TEXT, "room for a date");
const char *value_text(const emend_dataset *dataset, size_t variable, double value, char text[VALUE_TEXT]);

#endif
