/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPUTE_DERIVED_H
#define IMPUTE_DERIVED_H

#include "base/events.h"
#include "impute/imputation.h"

/* Once the rules are settled: a warning of each variable whose formula gives, in cells that it fills, what its answers never are: a
 * number that is no code of it, or is beyond its bounds or where no answer can be. Such values are written all the same, as a formula is kept exactly. */
void emend_derived_check(const emend_imputation *made, emend_events *events);

#endif
