/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_DTA_ADDED_H
#define IO_DTA_ADDED_H

#include "io/dta_target.h"
#include "io/losses.h"

/* Texts that had to be changed on their way into a .dta file, by what they are. Zero-initialise. */
typedef struct dta_losses {
  emend_names names, labels, formats, set_names, value_labels, characters;
} dta_losses;

/* Notes what became of a text of variable or label set `name`. */
void dta_losses_note(dta_losses *losses, emend_names *cut, unsigned loss, const char *name);
emend_status dta_losses_tell(const dta_losses *losses, emend_losses *sink, emend_error *error);

/*
 * The variables that a command adds: columns, fields and label sets behind what the target has. `names` and `set_names` are theirs, as
 * dta_names made them; the label set of a variable without labels has no meaning.
 */
emend_status dta_added_put(dta_target *target, const emend_rows *rows, char *const *names, char *const *set_names, dta_losses *losses,
                           emend_error *error);

#endif
