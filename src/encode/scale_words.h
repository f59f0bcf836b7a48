/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SCALE_WORDS_H
#define ENCODE_SCALE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True if all texts, as emend_fold leaves them, are steps of one family of words whose order is known, as "never", "sometimes", "always"
 * are; steps may be missing. The keys are the steps: two texts may have one. False also where two families know all texts and differ in
 * their order.
 */
bool scale_words_sort(const char *const *folded, size_t n, double *keys);

/* The families one after the other, for tests; NULL behind the last. */
const char *scale_words_family(size_t i);

#endif
