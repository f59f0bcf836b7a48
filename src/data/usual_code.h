/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef DATA_USUAL_CODE_H
#define DATA_USUAL_CODE_H

#include <stdbool.h>

/*
 * The numbers that surveys use for "no answer", "not applicable" and the like, without their sign, ascending. Those below EMEND_CODE_LEAST
 * are so only below zero; those from EMEND_CODE_LONG on are so large and of such digits that no scale of answers leads there step by step.
 */
enum { EMEND_USUAL_CODES = 89, EMEND_CODE_LEAST = 7, EMEND_CODE_LONG = 66 };
extern const double emend_usual_codes[EMEND_USUAL_CODES];

/* The place of a number in the list, whatever its sign; -1: it is none of them. */
int emend_usual_code(double value);
/* 66, 97, 998. */
bool emend_is_long_code(double value);

#endif
