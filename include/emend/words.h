/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_WORDS_H
#define EMEND_WORDS_H

#include "emend/dictionary.h"

EMEND_BEGIN

/* The field's words for what a dictionary says, the same in every text and JSON document; static, "" for what is not known. */
EMEND_API const char *emend_kind_word(emend_variable_kind kind);          /* numeric, text, date, time, datetime */
EMEND_API const char *emend_measure_word(emend_measure measure);          /* nominal, ordinal, scale */
EMEND_API const char *emend_usage_word(emend_usage usage);                /* input, target, both, none, partition, split */
EMEND_API const char *emend_alignment_word(emend_alignment alignment);    /* left, right, centre */
EMEND_API const char *emend_byte_order_word(emend_byte_order order);      /* little-endian, big-endian */
EMEND_API const char *emend_compression_word(emend_compression compression); /* none, rows, blocks */
EMEND_API const char *emend_set_kind_word(emend_set_kind kind);           /* variables, categories, dichotomies */
EMEND_API const char *emend_property_kind_word(emend_property_kind kind); /* note, attribute, characteristic */

/* How the values lie in the file, in the words of its programs: "numeric", "string 12"; "byte", "str5", "strL"; "character 8"; "text". */
enum { EMEND_STORAGE_WORD = 32 };
EMEND_API const char *emend_storage_word(const emend_dataset *dataset, size_t variable, char text[EMEND_STORAGE_WORD]);

/* The declared missing values of a variable: "8; 9", "90 to HIGHEST", "LOWEST to 0; 99", "\"zzz\"". The caller frees it with free(); NULL when out
 * of memory. */
EMEND_API char *emend_declared_missing_text(const emend_dataset *dataset, size_t variable);

EMEND_END

#endif
