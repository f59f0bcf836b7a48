/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/window.h"

#include <stdlib.h>
#include <string.h>

enum { READ_ON = 1 << 20, AFTER_SEEK = 1 << 16 };

emend_status emend_window_open(emend_window *window, const emend_source *source, emend_error *error) {
  *window = (emend_window){.source = source, .error = error, .bytes = malloc(READ_ON)};
  return window->bytes ? EMEND_OK : emend_fail_memory(error);
}

void emend_window_close(emend_window *window) {
  free(window->bytes);
  free(window->overlay);
  *window = (emend_window){0};
}

static void lay_over(emend_window *window) {
  uint64_t from = window->overlay_offset, end = from + window->overlay_length;
  if (from < window->start)
    from = window->start;
  if (end > window->start + window->length)
    end = window->start + window->length;
  if (window->overlay && from < end)
    memcpy(window->bytes + (from - window->start), window->overlay + (from - window->overlay_offset), (size_t)(end - from));
}

/* Makes the position the window's first byte. */
static emend_status refill(emend_window *window) {
  bool reads_on = window->position == window->start + window->length;
  uint64_t left = window->source->size - window->position;
  size_t wanted = reads_on ? READ_ON : AFTER_SEEK;
  if (wanted > left)
    wanted = (size_t)left;
  window->status = emend_source_read(window->source, window->position, window->bytes, wanted, window->error);
  if (window->status)
    return window->status;
  window->start = window->position;
  window->length = wanted;
  lay_over(window);
  return EMEND_OK;
}

ssize_t emend_window_read(emend_window *window, void *bytes, size_t length) {
  size_t done = 0;
  while (done < length && window->position < window->source->size) {
    bool inside = window->position >= window->start && window->position - window->start < window->length;
    if (!inside && refill(window))
      return -1;
    size_t within = (size_t)(window->position - window->start), ready = window->length - within;
    if (ready > length - done)
      ready = length - done;
    memcpy((unsigned char *)bytes + done, window->bytes + within, ready);
    done += ready;
    window->position += ready;
  }
  return (ssize_t)done;
}

int64_t emend_window_seek(emend_window *window, int64_t offset, uint64_t from) {
  int64_t target;
  if (__builtin_add_overflow(offset, from, &target) || target < 0)
    return -1;
  window->position = (uint64_t)target;
  return target;
}
