/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SELECTION_H
#define ENCODE_SELECTION_H

#include "base/events.h"
#include "data/dataset.h"

/* How a variable came to be chosen by a list. A name is a clear wish; a range or glob may sweep up what nobody thought of; a bare `*` says
 * nothing of any. */
enum { EMEND_NOT_CHOSEN = 0, EMEND_CHOSEN_BY_STAR, EMEND_CHOSEN_BY_PATTERN, EMEND_CHOSEN_BY_NAME };

/*
 * Lists of variables, separated by commas or blanks. An item is, in this order of precedence: the exact name of a variable;
 * a range `first-last` in file order; a glob (`*` any text, `?` one character); a name in other capitals, if only one variable fits
 * (an event says so). Backticks take away the meaning of blanks, commas, hyphens, `*` and `?`; two backticks inside stand for one. `a`-`b`
 * is a range even if a variable is called a-b.
 *
 *   list     length bytes
 *   option   for messages: "--vars"
 *   chosen   one entry per variable: raised to EMEND_CHOSEN_BY_*, never lowered
 *
 * Errors: EMEND_INVALID_ARGUMENT for an unknown name (the remedy suggests the nearest), an ambiguous or backward range, a glob that fits
 * nothing, an unclosed backtick, an empty list.
 */
emend_status emend_selection_parse(const emend_dataset *dataset, const char *list, size_t length, const char *option, unsigned char *chosen,
                                   emend_events *events, emend_error *error);

/* The variable of this name, in other capitals if only one fits. EMEND_INVALID_ARGUMENT: "there is no variable NAME; did you mean OTHER?"
 */
emend_status emend_selection_name(const emend_dataset *dataset, const char *name, size_t *variable, emend_error *error);

/* The one variable that `name` names, written as an item of a list. */
emend_status emend_selection_one(const emend_dataset *dataset, const char *name, const char *option, size_t *variable, emend_events *events,
                                 emend_error *error);

/* Levenshtein distance of bytes, capitals ignored; SIZE_MAX where one is longer than 96 bytes: too far from everything. */
size_t emend_edit_distance(const char *a, const char *b);

#endif
