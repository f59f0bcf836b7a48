/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SKIP_BRANCH_H
#define ENCODE_SKIP_BRANCH_H

#include "encode/skip_rows.h"

/* True if no row at all, also of those not looked at, answers the variable together with another one of the model. */
bool skip_is_branch(const skip_rows *rows, size_t variable);

#endif
