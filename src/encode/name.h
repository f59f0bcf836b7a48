/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_NAME_H
#define ENCODE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* What the names of variables tell, by whole words: a word is a run of letters that begins anew at each change from small to capital.
 * Otherwise capitals do not count. A name alone decides nothing: encode/role.c looks at the values, too. */

/* The letters from `at` on, up to a capital behind a small one: pctUrban is two words. 0: there is none. */
size_t emend_name_word_length(const char *at);
/* What people call identifiers: id, caseid, RESP_NO, serialno, hhid, key ... */
bool emend_name_is_identifier(const char *name);
/* Those of them that several rows may share, as the waves of a panel do, or the persons of a household: not case, resp, record or key, which
 * are much else. */
bool emend_name_is_shared_identifier(const char *name);
/* The label of a variable ends with such a word, or is nothing but "household number" and the like. */
bool emend_label_says_identifier(const char *label);
/* A telephone number, or what one spends on it. */
bool emend_name_is_phone(const char *name);
/* zip, plz, postal_code ...; *unsure: a name that is much else (cp). */
bool emend_name_is_postcode(const char *name, bool *unsure);
/* First names and surnames; unsure: names of anything. */
bool emend_name_is_person(const char *name, bool *unsure);
/* Strata and sampling units. */
bool emend_name_is_design(const char *name);
/* Survey weights; *unsure: what people weigh may be called the same. */
bool emend_name_is_weight(const char *name, bool *unsure);
/* A word of the name, or its beginning or end, is one that weights have among much else: lweight, wtssall, w. */
bool emend_name_may_be_weight(const char *name);
/* The last word of the name ends like one for weights: TOTWGT, dnrweight. */
bool emend_name_ends_like_weight(const char *name);
/* A word of the name says that somebody was weighed: weight_kg, birthwt. */
bool emend_name_says_body(const char *name);
/* A word of the name is a phrase of these meanings (encode/phrases.h): LocationLatitude. */
bool emend_name_has_word(const char *name, unsigned meanings);
/* Nothing but such a word, whether or not two letters at most of a wave stand before it (a_pno) or a number behind it: village, district_no. */
bool emend_name_is_word(const char *name, unsigned meanings);
/* The next one of a numbered series: cod_9 and cod_10, m01 and m02. */
bool emend_name_is_next(const char *name, const char *next);
/* The letters of the name, or of its last two words, are such a phrase: RecordedDate, Q1_Page Submit. */
bool emend_name_is_joined(const char *name, unsigned meanings);
/* The line of a roster where another person stands: mother_line, spouse_pno. */
bool emend_name_is_pointer(const char *name);
/* The label speaks of the weights of persons, households or samples, which somebody may have weighed all the same. */
bool emend_label_says_weight_of(const char *label);
/* The label of a variable speaks of weighting. */
bool emend_label_says_weight(const char *label);
/* ... so that it cannot be misunderstood, whatever the name is. */
bool emend_label_says_survey_weight(const char *label);
/* A word of the label is one for what people weigh; *body: somebody was weighed. */
bool emend_label_may_say_weight(const char *label, bool *body);
/* ... and that word is no other one, as factor is. */
bool emend_label_has_weight(const char *label);

#endif
