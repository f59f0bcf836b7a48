/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SAS_CATALOG_H
#define IO_SAS_CATALOG_H

#include "data/dataset.h"

/*
 * Gives the variables of a SAS file the dataset's label sets, which come from a catalog of formats: a variable whose format is GENDER8. has
 * the labels of GENDER; a text's are those of $GENDER. A warning of the dataset says so if no variable has any.
 */
emend_status emend_sas_catalog_assign(emend_dataset *dataset, emend_error *error);

#endif
