/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_OUTPUT_H
#define IO_OUTPUT_H

#include "emend/output.h"

/* As on file systems without O_TMPFILE: outputs opened from now on have hidden names from the start. */
void emend_outputs_avoid_unnamed(emend_outputs *outputs);
/* As with large files: outputs opened from now on are written by so many bytes at a time, or more. */
void emend_outputs_write_pieces(emend_outputs *outputs, size_t bytes);

#endif
