/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_SCALE_H
#define ENCODE_SCALE_H

#include "encode/category.h"

/*
 * True if the labels of at least half of the labelled categories speak of more or less, so that their codes are steps of a scale: words of
 * agreement, frequency, amount, quality or schooling in English, German, French, Spanish, Italian, Portuguese and Dutch, or numbers ("2-3
 * times").
 */
bool emend_labels_form_scale(const emend_dataset *dataset, size_t variable, const emend_categories *categories);
/* True if all labels are numbers and nothing else: they order the codes, and say nothing of more or less. */
bool emend_labels_are_numbers(const emend_dataset *dataset, size_t variable, const emend_categories *categories);
/* The same of the label of one code. */
bool emend_label_is_step(const char *label, double code);

#endif
