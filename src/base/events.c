/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/events.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

struct emend_events {
  emend_progress_function progress;
  emend_warning_function warning;
  void *progress_context, *warning_context;
  char **warnings;
  size_t n_warnings, capacity;
  bool lost; /* a warning that there was no memory for */
};

emend_events *emend_events_new(void) { return calloc(1, sizeof(emend_events)); }

void emend_events_free(emend_events *events) {
  if (!events)
    return;
  for (size_t i = 0; i < events->n_warnings; i++)
    free(events->warnings[i]);
  free(events->warnings);
  free(events);
}

void emend_events_on_progress(emend_events *events, emend_progress_function function, void *context) {
  if (!events)
    return;
  events->progress = function;
  events->progress_context = context;
}

void emend_events_on_warning(emend_events *events, emend_warning_function function, void *context) {
  if (!events)
    return;
  events->warning = function;
  events->warning_context = context;
}

size_t emend_events_warning_count(const emend_events *events) { return events ? events->n_warnings : 0; }

const char *emend_events_warning(const emend_events *events, size_t index) {
  return events && index < events->n_warnings ? events->warnings[index] : "";
}

emend_status emend_progress(emend_events *events, const char *stage, double fraction, const char *detail, emend_error *error) {
  if (events && events->lost)
    return emend_fail_memory(error);
  if (!events || !events->progress || events->progress(events->progress_context, stage, fraction, detail) == 0)
    return EMEND_OK;
  return emend_fail(error, EMEND_CANCELLED, "cancelled during %s", stage);
}

/* False when out of memory. */
static bool keep(emend_events *events, const char *text) {
  if (!emend_reserve(&events->warnings, events->n_warnings, &events->capacity, sizeof *events->warnings))
    return false;
  char *copy = strdup(text);
  if (copy)
    events->warnings[events->n_warnings++] = copy;
  return copy != NULL;
}

/* Of each of several groups the same may be true. */
static bool is_said(const emend_events *events, const char *text) {
  for (size_t i = 0; i < events->n_warnings; i++)
    if (strcmp(events->warnings[i], text) == 0)
      return true;
  return false;
}

void emend_warn(emend_events *events, const char *format, ...) {
  if (!events)
    return;
  char text[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  emend_utf8_trim(text);
  if (is_said(events, text))
    return;
  events->lost = !keep(events, text) || events->lost;
  if (events->warning)
    events->warning(events->warning_context, text);
}
