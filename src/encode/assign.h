/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_ASSIGN_H
#define ENCODE_ASSIGN_H

#include "base/events.h"
#include "data/dataset.h"
#include "encode/said.h"

/*
 * Which sentence of a kind holds for each variable, where only one can: of those that name it the one of the highest layer, then one that
 * names it rather than one whose range or glob sweeps it up, then the last. `which` receives, per variable, 1 + the index of the sentence;
 * 0: none. A sentence without variables says them itself: `variables = value`, split at the first `=` outside of backticks; *value of a
 * sentence is told by emend_said_value. Errors: those of emend_selection_parse; EMEND_INVALID_ARGUMENT where that `=` is missing.
 */
emend_status emend_said_assign(const emend_dataset *dataset, const emend_said_list *said, emend_said_kind kind, size_t *which,
                               emend_events *events, emend_error *error);
/* What a sentence says, without its variables. */
const char *emend_said_value(const emend_said *said);

#endif
