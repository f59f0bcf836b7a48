/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_READSTAT_H
#define IO_READSTAT_H

#include "io/format.h"

/*
 * Readers for the format table, through the library ReadStat: dictionary, value labels, declared missing values, weight and cells go
 * into the dataset. ReadStat trusts what it reads and can crash on crafted files: run these in a child process (isolate.h) unless the
 * file is trusted. What a pre-scan of ours covers (.sav, .zsav, .dta) has been walked and bounds-checked before.
 */
emend_status emend_sav_read(const emend_source *, const emend_read_options *, emend_dataset *, emend_error *);
emend_status emend_por_read(const emend_source *, const emend_read_options *, emend_dataset *, emend_error *);
emend_status emend_dta_read(const emend_source *, const emend_read_options *, emend_dataset *, emend_error *);
emend_status emend_sas7bdat_read(const emend_source *, const emend_read_options *, emend_dataset *, emend_error *);
emend_status emend_xpt_read(const emend_source *, const emend_read_options *, emend_dataset *, emend_error *);

#endif
