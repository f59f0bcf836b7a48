/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/text.h"

/*
 * A text as people compare it: capitals, accents, the width of letters, punctuation and the number of blanks do not count. What is left is
 * words in small letters, a blank before and behind each: "Ne s'applique PAS!" is " ne s applique pas ". Voicing marks of kana are letters,
 * not accents. A text without a letter or digit is " ". Bytes that are no UTF-8 are as punctuation.
 */
emend_status emend_fold(const char *text, size_t length, emend_buffer *folded, emend_error *error);

#endif
