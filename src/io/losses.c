/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/losses.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void emend_losses_free(emend_losses *losses) {
  for (size_t i = 0; i < losses->count; i++)
    free(losses->sentences[i]);
  free(losses->sentences);
  *losses = (emend_losses){0};
}

emend_status emend_losses_add(emend_losses *losses, emend_error *error, const char *format, ...) {
  if (!losses)
    return EMEND_OK;
  char **larger = emend_reallocate(losses->sentences, losses->count + 1, sizeof *larger), *sentence = NULL;
  if (!larger)
    return emend_fail_memory(error);
  losses->sentences = larger;
  va_list arguments;
  va_start(arguments, format);
  int length = vasprintf(&sentence, format, arguments);
  va_end(arguments);
  if (length < 0)
    return emend_fail_memory(error);
  larger[losses->count++] = sentence;
  return EMEND_OK;
}

/* The first names that fit, whole; never only some of a few. */
void emend_names_add(emend_names *names, const char *name) {
  enum { MOST = 8 };
  size_t length = strlen(name);
  if (names->count++ != names->shown || names->shown == MOST || names->length + length + 3 > sizeof names->text)
    return;
  names->length += (size_t)sprintf(names->text + names->length, "%s%s", names->shown ? ", " : "", name);
  names->shown++;
}

emend_status emend_losses_add_names(emend_losses *losses, const emend_names *names, const char *one, const char *many, emend_error *error) {
  if (names->count == 0)
    return EMEND_OK;
  const char *what = names->count == 1 ? one : many;
  if (names->shown == 0)
    return emend_losses_add(losses, error, "%zu %s", names->count, what);
  if (names->shown < names->count)
    return emend_losses_add(losses, error, "%zu %s: %s and %zu more", names->count, what, names->text, names->count - names->shown);
  return emend_losses_add(losses, error, "%zu %s: %s", names->count, what, names->text);
}
