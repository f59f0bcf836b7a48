/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAV_ADDED_H
#define IO_SAV_ADDED_H

#include "base/text.h"
#include "data/rows.h"
#include "io/losses.h"
#include "io/sav_dictionary.h"

/*
 * The bytes of a .sav's dictionary, header included, for more variables or another number of rows: those of the source with the new
 * variables' records behind the last of its own, their display parameters and long names behind the last in the records that hold these,
 * and the counts of cases and elements set. All other bytes are the source's. `dictionary` is the source's.
 */
emend_status sav_added_dictionary(const emend_source *source, const emend_sav_dictionary *dictionary, const emend_rows *rows,
                                  emend_losses *losses, emend_buffer *bytes, emend_error *error);

#endif
