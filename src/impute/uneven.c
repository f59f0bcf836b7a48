/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/uneven.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "impute/decoding.h"

/* How many filled cells have each category. */
static void count_filled(const emend_imputation *made, size_t v, const emend_categories *c, size_t *counts) {
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(made->plan->dataset); row += run.n) {
    run = emend_dataset_run(made->plan->dataset, v, row);
    for (size_t i = 0; i < run.n; i++) {
      double answer = run.reasons[i] == EMEND_OBSERVED ? NAN : emend_imputation_answer(made, row + i, v, run.reasons[i], run.values[i]);
      size_t category = isnan(answer) ? c->n : emend_categories_of_value(c, answer);
      if (category < c->n)
        counts[category]++;
    }
  }
}

/* The shares of each category; false if there are no answers or nothing was filled. */
static bool find_shares(const emend_imputation *made, size_t v, emend_uneven *shares) {
  const emend_categories *c = &made->plan->variables[v].categories;
  size_t counts[EMEND_MOST_CATEGORIES] = {0}, n = made->variables[v].filled;
  double weight = 0;
  for (size_t k = 0; k < c->n; k++)
    weight += c->weights[k];
  if (n == 0 || !(weight > 0))
    return false;
  count_filled(made, v, c, counts);
  for (size_t k = 0; k < c->n; k++)
    shares[k] = (emend_uneven){k, c->weights[k] / weight, (double)counts[k] / (double)n};
  return true;
}

/* The distance of the two distributions is more than chance makes of so few cells. */
static bool are_apart(const emend_uneven *shares, size_t n_shares, double n) {
  enum { FEWEST_CELLS = 30 };
  static const double FAR = 0.1;
  double distance = 0, chance = 0;
  for (size_t k = 0; k < n_shares; k++) {
    double share = shares[k].of_answers;
    distance += fabs(shares[k].of_filled - share) / 2;
    chance += sqrt(share * (1 - share) / n) / 2;
  }
  return n >= FEWEST_CELLS && distance > FAR + chance;
}

/* At most a quarter as many cells have it as would by its share of the answers, and chance (Chernoff's bound) hardly makes that of n. */
static bool is_lost(const emend_uneven *share, double n) {
  enum { FEWEST_CELLS = 5 };
  static const double LEAST = 0.05, FRACTION = 0.25, CHANCE = 0.005;
  double p = share->of_answers, q = share->of_filled;
  if (n < FEWEST_CELLS || p < LEAST || p >= 1 || q >= FRACTION * p)
    return false;
  double divergence = (q > 0 ? q * log(q / p) : 0) + (1 - q) * log((1 - q) / (1 - p));
  return n * divergence > -log(CHANCE);
}

/* The one that most answers have of those that are lost. */
static bool find_lost(const emend_uneven *shares, size_t n_shares, double n, emend_uneven *lost) {
  bool found = false;
  for (size_t k = 0; k < n_shares; k++)
    if (is_lost(&shares[k], n) && (!found || shares[k].of_answers > lost->of_answers))
      found = true, *lost = shares[k];
  return found;
}

bool emend_uneven_levels(const emend_imputation *made, size_t v, emend_uneven *uneven) {
  enum { FEWEST_LEVELS = 3 };
  const emend_categories *c = &made->plan->variables[v].categories;
  emend_uneven shares[EMEND_MOST_CATEGORIES];
  double n = (double)made->variables[v].filled;
  if (!emend_imputation_expects(made) || made->decoders[v].kind != EMEND_DECODE_LEVELS || c->n_levels < FEWEST_LEVELS ||
      !find_shares(made, v, shares))
    return false;
  if (!are_apart(shares, c->n, n))
    return find_lost(shares, c->n, n, uneven);
  *uneven = shares[0];
  for (size_t k = 1; k < c->n; k++)
    if (shares[k].of_filled - shares[k].of_answers > uneven->of_filled - uneven->of_answers)
      *uneven = shares[k];
  return true;
}

bool emend_uneven_steps(const emend_imputation *made, size_t v, emend_uneven *uneven) {
  enum { MOST_STEPS = 7 };
  const emend_planned *planned = &made->plan->variables[v];
  emend_uneven shares[MOST_STEPS];
  emend_decoding kind = made->decoders[v].kind;
  bool quantity = planned->type == EMEND_TYPE_INTEGER && (kind == EMEND_DECODE_WHOLE || kind == EMEND_DECODE_NEAREST);
  if (!emend_imputation_expects(made) || !quantity || planned->heap_share > 0 || emend_plan_formula(made->plan, v) ||
      planned->categories.n < 2 || planned->categories.n > MOST_STEPS || planned->categories.n_levels || !find_shares(made, v, shares))
    return false;
  return find_lost(shares, planned->categories.n, (double)made->variables[v].filled, uneven);
}

emend_status emend_uneven_append(const emend_imputation *made, size_t v, const emend_uneven *uneven, emend_buffer *text,
                                 emend_error *error) {
  const emend_dataset *dataset = made->plan->dataset;
  const emend_categories *c = &made->plan->variables[v].categories;
  const char *name = c->texts ? emend_dataset_text(dataset, c->texts[uneven->category])
                              : emend_dataset_label_of(dataset, v, c->numbers[uneven->category], EMEND_OBSERVED);
  char number[EMEND_NUMBER_SIZE] = "", words[41], filled[16] = "none";
  if (!c->texts)
    emend_number_print(c->numbers[uneven->category], '.', number);
  snprintf(words, sizeof words, "%s", name ? name : "");
  emend_utf8_trim(words);
  if (uneven->of_filled > 0)
    snprintf(filled, sizeof filled, uneven->of_filled < 0.01 ? "%.1f %%" : "%.0f %%", 100 * uneven->of_filled);
  return emend_buffer_format(text, error, "%s%s: %s%s%s %.0f %% of the answers, %s of these", text->length ? "; " : "",
                             emend_variable_name(dataset, v), number, *number && *words ? " " : "", words, 100 * uneven->of_answers,
                             filled);
}
