/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_EVENTS_H
#define EMEND_EVENTS_H

#include <stddef.h>

#include "emend/export.h"

EMEND_BEGIN

/*
 * What happens while the library works: progress, warnings, and the wish to stop. The library prints nothing; it calls the functions
 * given here, on the thread that called it. Warnings are also kept, in order. Functions that take events accept NULL.
 */
typedef struct emend_events emend_events;

/* `stage` is "read", "estimate", "impute" or "write"; `fraction` is in [0, 1], or negative when the length is not known;
 * `detail` is a short text ("iteration 12, log-likelihood -1126.3") or "". Return non-zero to cancel: the call then fails
 * with EMEND_CANCELLED and leaves nothing behind. */
typedef int (*emend_progress_function)(void *context, const char *stage, double fraction, const char *detail);
typedef void (*emend_warning_function)(void *context, const char *text);

EMEND_API emend_events *emend_events_new(void); /* NULL only when out of memory */
EMEND_API void emend_events_free(emend_events *events);
EMEND_API void emend_events_on_progress(emend_events *events, emend_progress_function function, void *context);
EMEND_API void emend_events_on_warning(emend_events *events, emend_warning_function function, void *context);
EMEND_API size_t emend_events_warning_count(const emend_events *events);
EMEND_API const char *emend_events_warning(const emend_events *events, size_t index);

EMEND_END

#endif
