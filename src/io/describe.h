/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DESCRIBE_H
#define IO_DESCRIBE_H

#include "data/dataset.h"
#include "io/decode.h"
#include "io/dta_dictionary.h"
#include "io/sav_dictionary.h"

/*
 * What ReadStat does not deliver, from our own walks, into a dataset that has been read: true widths of texts, write formats, alignment,
 * display widths, roles, attributes, documents, multiple-response and variable sets; Stata's notes, characteristics and sort list; product,
 * release, byte order, times. Texts are decoded from `encoding` (an iconv name; "": UTF-8 where valid, else
 * Windows-1252). What cannot be understood is a warning of the dataset: the file was read.
 */
emend_status emend_sav_describe(const emend_source *source, const emend_sav_dictionary *dictionary, const char *encoding,
                                emend_dataset *dataset, emend_error *error);
emend_status emend_dta_describe(const emend_source *source, const emend_dta_dictionary *dictionary, const char *encoding,
                                emend_dataset *dataset, emend_error *error);

/* The format of a variable record as text: F8.2, A12, DATE11; "" if there is none of its number. */
enum { EMEND_FORMAT_TEXT = 24 };
void emend_sav_format_text(uint32_t format, char text[EMEND_FORMAT_TEXT]);

/* "31 Jan 24" or "31 Jan 2024", "17:05:00" or "17:05" as 2024-01-31T17:05:00; "" if the date is none. Years of two digits are 1970 to 2069.
 */
enum { EMEND_TIME_TEXT = 24 };
void emend_time_text(const char *date, const char *time, char text[EMEND_TIME_TEXT]);

/* Decodes `length` bytes and puts them into the arena. */
emend_status emend_describe_text(emend_decoder *decoder, emend_dataset *dataset, const char *bytes, size_t length, emend_offset *offset,
                                 emend_error *error);

#endif
