/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PROMISE_H
#define CLI_PROMISE_H

#include "cli/terminal.h"
#include "emend/emend.h"

/* On stderr: how many cells were promised but are still missing, and how many nobody answered, with their variables. */
void promise_judge(terminal *terminal, const char *input, const emend_dataset *dataset, const emend_plan *plan,
                   const emend_imputation *made);

#endif
