/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_UNANSWERED_H
#define ENCODE_UNANSWERED_H

#include <stdbool.h>

/* What labels of codes say of answers, in the languages of encode/phrases.c. `folded` is a label as emend_fold leaves it (base/fold.h). */

/*
 * True if it says nothing but that there is no answer: "98 Don't know", "Refused / no answer", "keine Angabe", "ns/nc". Numbers, "or" and the
 * like around it do not count; any other word does: "Refused to vote" is an answer.
 */
bool emend_folded_says_no_answer(const char *folded);
/* The same of what is an answer in the midst of others, such as "not sure", or "no opinion", or "omitted". */
bool emend_folded_says_unsure(const char *folded);
/* True if it says among other things that somebody gave no answer, or nothing but what may be none. */
bool emend_folded_speaks_of_answers(const char *folded);
/* Of labels of "not applicable": one that is no step of a scale behind the others, unlike "does not apply". */
bool emend_folded_leaves_scale(const char *folded);
/* What may also be an answer behind others that are listed and no scale: "error", "invalid", "skipped". */
bool emend_folded_may_be_listed(const char *folded);
/* A label, of a declared code, that begins as one would that says who was not asked: "No partner", "Under 16", "Form B". */
bool emend_folded_may_say_who(const char *folded);
/* The same of labels that say that the question did not apply, without any other word but when that was. *clear: that it was not asked, or is not
 * applicable: "does not apply" may be the step of a scale. */
bool emend_folded_says_only_not_applicable(const char *folded, bool *clear);
/* A label that begins with the word filter and has a colon: "Filter: not employed". `folded` is the same label. */
bool emend_label_names_filter(const char *label, const char *folded);
/* True if it says among other things that the question did not concern the person: not applicable, skip(ped), IAP, entfällt, sans objet ... */
bool emend_folded_says_not_applicable(const char *folded);

#endif
