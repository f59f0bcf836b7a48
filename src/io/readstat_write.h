/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_READSTAT_WRITE_H
#define IO_READSTAT_WRITE_H

#include "io/format.h"

/*
 * Writers for the format table, through the library ReadStat: any dataset as an SPSS system file (compressed by rows, or by blocks), an
 * SPSS portable file (ASCII only, and only on request), or a SAS transport file (version 5 if names, labels and texts are short enough,
 * else 8). EMEND_UNSUPPORTED says why a dataset cannot be written so.
 */
emend_status emend_sav_open_writer(const emend_rows *, emend_losses *, emend_output *, emend_writer **, emend_error *);
emend_status emend_zsav_open_writer(const emend_rows *, emend_losses *, emend_output *, emend_writer **, emend_error *);
emend_status emend_por_open_writer(const emend_rows *, emend_losses *, emend_output *, emend_writer **, emend_error *);
emend_status emend_xpt_open_writer(const emend_rows *, emend_losses *, emend_output *, emend_writer **, emend_error *);

#endif
