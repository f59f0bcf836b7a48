/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_LOSSES_H
#define IO_LOSSES_H

#include <stddef.h>

#include "base/error.h"

/* What a file that is to be written cannot say although the dataset does: one sentence for each kind of loss. Zero-initialise. */
typedef struct emend_losses {
  char **sentences;
  size_t count;
} emend_losses;

void emend_losses_free(emend_losses *losses);
/* `losses` may be NULL: nobody wants to know. */
emend_status emend_losses_add(emend_losses *losses, emend_error *error, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Names of the variables, label sets ... that one kind of loss concerns: all are counted, the first few are kept. Zero-initialise. */
typedef struct emend_names {
  size_t count, shown, length;
  char text[240];
} emend_names;

void emend_names_add(emend_names *names, const char *name);
/*
 * Adds "1 variable label is cut to 80 characters: income" or "12 variable labels are cut ...: a, b, c and 9 more", where `one` and
 * `many` follow the count; nothing if there are no names.
 */
emend_status emend_losses_add_names(emend_losses *losses, const emend_names *names, const char *one, const char *many, emend_error *error);

#endif
