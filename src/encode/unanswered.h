/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_UNANSWERED_H
#define ENCODE_UNANSWERED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True if a label, folded (base/fold.h), says nothing but that there is no answer, in one of the languages of the large surveys: "98 Don't
 * know", "Refused / no answer", "keine Angabe", "ns/nc". Numbers, "or" and the like around it do not count; any other word does: "Refused
 * to vote" is an answer.
 */
bool emend_folded_says_no_answer(const char *folded);
/* The same of labels that say that the question did not apply, without any other word but when that was. *clear: that it was not asked, or is not
 * applicable: "does not apply" may be the step of a scale. */
bool emend_folded_says_only_not_applicable(const char *folded, bool *clear);
/* A label that begins with the word filter and has a colon: "Filter: not employed". `folded` is the same label. */
bool emend_label_names_filter(const char *label, const char *folded);
/* The phrases, as folded texts without the blanks around them: for tests. */
const char *const *emend_no_answer_phrases(size_t *n);
const char *const *emend_not_applicable_phrases(size_t *n);
const char *const *emend_unasked_phrases(size_t *n);
const char *const *emend_not_applicable_fragments(size_t *n);

#endif
