/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_EMEND_H
#define EMEND_EMEND_H

/*
 * emend fills the holes in survey files. The data flow through these headers one way:
 *   file.h (read) -> dataset.h, dictionary.h -> plan.h (who takes part) -> impute.h (estimate, complete) -> write.h, output.h (write)
 * cluster.h puts rows to the components of a mixture;
 * compare.h tells what differs between two datasets; normal.h and mixture.h serve callers who have a plain matrix.
 */
#include "emend/cluster.h"
#include "emend/compare.h"
#include "emend/dataset.h"
#include "emend/dictionary.h"
#include "emend/events.h"
#include "emend/file.h"
#include "emend/impute.h"
#include "emend/mixture.h"
#include "emend/normal.h"
#include "emend/output.h"
#include "emend/plan.h"
#include "emend/status.h"
#include "emend/words.h"
#include "emend/write.h"

EMEND_BEGIN

EMEND_API const char *emend_version(void); /* "0.1.0" */

EMEND_END

#endif
