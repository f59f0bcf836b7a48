/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_INSIDE_H
#define IO_SAV_INSIDE_H

#include "io/sav_dictionary.h"
#include "io/walk.h"

/* What sav_dictionary.c (records), sav_extension.c (their payloads) and sav_blocks.c (the index of a .zsav) share. */

/* Extension record just listed: notes what matters for the data; the walk stands at its payload and may be left anywhere in it. */
void sav_extension_read(walk *w, emend_sav_dictionary *dictionary, const emend_sav_extension *extension);
/* After the last record: names and very long strings; joins their segments into one variable each. */
void sav_extensions_apply(walk *w, emend_sav_dictionary *dictionary);
/* The header, index and blocks of a .zsav's data section, at data_offset; fills expanded_bytes. */
void sav_blocks_read(walk *w, emend_sav_dictionary *dictionary);

#endif
