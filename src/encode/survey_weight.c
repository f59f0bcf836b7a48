/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/survey_weight.h"

#include "encode/name.h"
#include "encode/role.h"

static const char BY_NAME[] = "named like a weight: not filled (--weight takes it for one)";
static const char BY_LABEL[] = "labelled like a weight: not filled (--weight takes it for one)";

static bool is_hardly_missing(const emend_dataset *dataset, const emend_observed *observed) {
  enum { ROWS = 20 };
  return ROWS * (emend_dataset_rows(dataset) - observed->n) <= emend_dataset_rows(dataset);
}

/* Fractions, one on average but for what cases left out have done to that, in nearly every row: hardly anything else is. */
static bool has_values_of_weights(const emend_dataset *dataset, const emend_observed *observed) {
  return is_hardly_missing(dataset, observed) && !observed->integers && observed->mean >= 0.9 && observed->mean <= 1.1;
}

/* Finer than people are weighed, and about one: what a laboratory weighs is as fine, but seldom that. */
static bool is_too_fine_for_scales(const emend_dataset *dataset, const emend_observed *observed) {
  enum { DECIMALS = 3 };
  bool fine = observed->decimals < 0 || observed->decimals >= DECIMALS;
  return is_hardly_missing(dataset, observed) && fine && !observed->integers && observed->mean >= 0.5 && observed->mean <= 2;
}

/* As many kilograms or pounds as people weigh, and as alike as people are; or how much weight somebody gives to something. */
static bool may_be_answers(const emend_observed *observed) {
  bool body = observed->mean >= 2 && observed->mean <= 300 && observed->sd < 0.3 * observed->mean;
  return body || (observed->integers && observed->max <= 100);
}

static double plain_mean(const emend_dataset *dataset, size_t v) {
  double sum = 0;
  size_t n = 0;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, v, row);
    for (size_t i = 0; i < run.n; i++)
      if (run.reasons[i] == EMEND_OBSERVED)
        sum += run.values[i], n++;
  }
  return sum / (double)n;
}

static const char *find_why(const emend_dataset *dataset, size_t v, const emend_observed *observed) {
  const char *name = emend_variable_name(dataset, v), *label = emend_variable_label(dataset, v);
  bool unsure, named = emend_name_is_weight(name, &unsure), body, labelled = emend_label_may_say_weight(label, &body);
  bool about_one = observed->mean >= 0.5 && observed->mean <= 2 && !observed->integers;
  body = body || emend_name_says_body(name);
  if (named && (!unsure || (!body && (about_one || emend_label_says_weight(label)))))
    return BY_NAME;
  if (!body && emend_label_says_survey_weight(label))
    return BY_LABEL;
  if (!body && emend_label_says_weight_of(label) && !may_be_answers(observed))
    return BY_LABEL;
  if (!body && is_too_fine_for_scales(dataset, observed) && (emend_name_ends_like_weight(name) || emend_label_has_weight(label)))
    return emend_name_ends_like_weight(name) ? BY_NAME : BY_LABEL;
  if (body || !has_values_of_weights(dataset, observed))
    return NULL;
  return emend_name_may_be_weight(name) ? BY_NAME : labelled ? BY_LABEL : NULL;
}

const char *emend_survey_weight_why(const emend_dataset *dataset, size_t v, const emend_observed *observed, bool weighted) {
  emend_observed plain = *observed;
  if (observed->n == 0 || observed->labelled || !(observed->min >= 0) || !(observed->max > observed->min))
    return NULL;
  if (weighted && !observed->integers) /* that of other weights is like them, and its mean the greater for it */
    plain.mean = plain_mean(dataset, v);
  return find_why(dataset, v, &plain);
}

bool emend_role_is_labelled_weight(const emend_planned *planned) { return planned->why == BY_LABEL; }
bool emend_role_suspects_weight(const emend_planned *planned) { return planned->why == BY_NAME || planned->why == BY_LABEL; }
