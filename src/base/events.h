/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_EVENTS_H
#define BASE_EVENTS_H

#include "base/error.h"
#include "emend/events.h"

/* Both accept NULL for `events`. */

/* Reports progress; returns EMEND_CANCELLED (and fills `error`) if the caller wishes to stop, EMEND_OUT_OF_MEMORY
 * if a warning was lost for want of it. Cheap enough for every iteration or 1,000 rows. */
emend_status emend_progress(emend_events *events, const char *stage, double fraction, const char *detail, emend_error *error);
/* Keeps the warning and passes it on; the same text once only. A warning that cannot be kept for lack of memory is still passed on. */
void emend_warn(emend_events *events, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
