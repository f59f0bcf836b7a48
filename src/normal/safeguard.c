/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "normal/fitting.h"

/* Sees to it that an estimation has one answer: exact dependences, too few rows, pairs of variables without a common row. */

typedef struct emend_normal_fitting fitting;

/* A pivot below the first is an exact dependence, and coefficients above the second name its members. On the way of EM the covariance is
 * only nearly singular yet, which blurs both. */
static const double PIVOT = 1e-8, COEFFICIENT = 1e-4, PIVOT_ON_THE_WAY = 1e-7, COEFFICIENT_ON_THE_WAY = 1e-3;
/* Where a minimal ridge holds an estimate that the likelihood would let go: a few times the ridge, in correlations. */
static const double LOOSE_PIVOT = 1e-6;

const char *emend_normal_column_name(const fitting *f, size_t column, char buffer[32]) {
  if (f->names)
    return f->names[column];
  snprintf(buffer, 32, "column %zu", column + 1);
  return buffer;
}

/* 0 and 1 and nothing else: then the variance is what the mean says. */
static bool is_dummy(const fitting *f, size_t column) {
  const emend_reduced *r = f->reduced;
  double mean = r->center[column], variance = r->scale[column] * r->scale[column];
  return r->column_min[column] == 0 && r->column_max[column] == 1 && fabs(variance - mean * (1 - mean)) < 1e-9;
}

static bool are_dummies(const fitting *f, const emend_normal_dependence *found) {
  bool all = found->n_others > 1 && is_dummy(f, found->column);
  for (size_t k = 0; k < found->n_others; k++)
    all = all && is_dummy(f, found->others[k]);
  return all;
}

/* What is known of all of them, and the same of each. */
static unsigned told_of_all(const fitting *f, const emend_normal_dependence *found) {
  const unsigned *told = f->options->told;
  unsigned what = told ? told[found->column] : EMEND_TOLD_NOTHING;
  for (size_t k = 0; k < found->n_others; k++)
    what = told && told[found->others[k]] == what ? what : EMEND_TOLD_NOTHING;
  return what;
}

/* What helps, or that nothing does. */
static const char *remedy_of(const fitting *f, const emend_normal_dependence *found) {
  if (told_of_all(f, found) == EMEND_TOLD_CATEGORY)
    return "one variable's categories follow from those of others, as a region does from its towns: where both are filled, they need not fit";
  if (are_dummies(f, found))
    return "all are 0 or 1, like the dummies of one question: where several are filled in a row, not just one need be 1; the question as one "
           "variable, with --exclude for these, gets one answer";
  return "--formula keeps it exactly";
}

enum { MOST_WARNINGS = 4 };

static emend_status warn_dependence(fitting *f, const emend_normal_dependence *found, emend_error *error) {
  enum { MOST_NAMES = 12 };
  emend_buffer text = {0};
  char buffer[32];
  emend_status status = EMEND_OK;
  size_t named = found->n_others > MOST_NAMES + 1 ? MOST_NAMES : found->n_others;
  if (told_of_all(f, found) > EMEND_TOLD_RELATION || f->n_told++ >= MOST_WARNINGS)
    return EMEND_OK;
  for (size_t k = 0; k < named && !status; k++)
    status = emend_buffer_format(&text, error, "%s%s", k == 0 ? "" : k + 1 < found->n_others ? ", " : " and ",
                                 emend_normal_column_name(f, found->others[k], buffer));
  if (!status && named < found->n_others)
    status = emend_buffer_format(&text, error, " and %zu others", found->n_others - named);
  if (!status)
    emend_warn(
        f->events, "%s is %s of %s: a minimal ridge (shrink, %g of the rows) keeps the estimate unique; what is filled keeps the relation "
        "at best until it is rounded to answers that occur (%s)",
        emend_normal_column_name(f, found->column, buffer), found->n_others == 1 ? "an exact linear function" : "an exact combination",
        text.length ? text.bytes : "other variables", EMEND_MINIMAL_RIDGE, remedy_of(f, found));
  emend_buffer_free(&text);
  return status;
}

void emend_normal_tell_rest(fitting *f) {
  if (f->n_told > MOST_WARNINGS)
    emend_warn(f->events, "%zu more exact relations like these, among variables or their categories, are kept as well as they", f->n_told - MOST_WARNINGS);
}

static bool has_all(const emend_reduced_pattern *pattern, const bool *columns) {
  for (size_t a = 0; a < pattern->n_missing; a++)
    if (columns[pattern->missing[a]])
      return false;
  return pattern->n_rows > 0;
}

/* Adds a row's products about the mean: the entry of the constant says how much of the mean it carries. */
static void add_row(size_t p, const bool *columns, const double *row, const double *mean, double *products) {
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k <= j && columns[j]; k++)
      products[j * p + k] += (row[j] - row[p] * mean[j]) * (row[k] - row[p] * mean[k]);
}

/* Covariance of `columns` in the rows that have them all, *n of them. Centred first: a column may hardly vary in them. */
static void joint_covariance(const emend_reduced *reduced, const bool *columns, double *mean, double *products, size_t *n) {
  size_t p = reduced->n_columns;
  double weight = 0;
  *n = 0;
  memset(mean, 0, p * sizeof *mean);
  memset(products, 0, p * p * sizeof *products);
  for (int centred = 0; centred < 2; centred++) {
    for (size_t s = 0; s < reduced->n_patterns; s++) {
      const emend_reduced_pattern *pattern = &reduced->patterns[s];
      if (!has_all(pattern, columns))
        continue;
      weight += centred ? 0 : pattern->weight;
      *n += centred ? 0 : pattern->n_rows;
      for (size_t i = 0; i < pattern->n_stored; i++) {
        const double *row = reduced->rows + (pattern->first + i) * reduced->stride;
        for (size_t j = 0; j < p && !centred; j++)
          mean[j] += row[p] * row[j];
        if (centred)
          add_row(p, columns, row, mean, products);
      }
    }
    for (size_t j = 0; j < p && !centred && weight > 0; j++)
      mean[j] /= weight;
  }
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k <= j && weight > 0; k++)
      products[k * p + j] = products[j * p + k] /= weight;
}

/* Those of the columns that vary in these rows. One that does not tells nothing here, and must not hide the others. */
static void select_varying(size_t p, const bool *columns, const double *covariance, bool *varying) {
  for (size_t j = 0; j < p; j++)
    varying[j] = columns[j] && covariance[j * p + j] > 1e-10;
}

/* What a look at some rows needs. */
typedef struct joint_rows {
  size_t n;
  double *mean, *products; /* p, p x p */
  bool *columns;           /* those that are looked at, and vary */
} joint_rows;

static emend_status joint_rows_new(const fitting *f, joint_rows *rows, emend_error *error) {
  size_t p = f->reduced->n_columns;
  *rows = (joint_rows){.mean = emend_allocate(p, sizeof(double)),
                       .products = emend_allocate(p, p * sizeof(double)),
                       .columns = emend_allocate(p, sizeof(bool))};
  return rows->mean && rows->products && rows->columns ? EMEND_OK : emend_fail_memory(error);
}

static void joint_rows_free(joint_rows *rows) { free(rows->mean), free(rows->products), free(rows->columns); }

/* The exact dependences among `columns` in the rows that have them all, if these are more than one more than `n_columns`. */
static emend_status find_in_rows(const fitting *f, const bool *columns, size_t n_columns, joint_rows *rows,
                                 emend_normal_dependence **list, size_t *count, emend_error *error) {
  size_t p = f->reduced->n_columns;
  *list = NULL;
  *count = 0;
  joint_covariance(f->reduced, columns, rows->mean, rows->products, &rows->n);
  select_varying(p, columns, rows->products, rows->columns);
  return rows->n > n_columns + 1 ? emend_normal_find_dependences(p, rows->products, rows->columns, PIVOT, COEFFICIENT, list, count, error)
                                 : EMEND_OK;
}

/* Names a dependence if it holds wherever its members are: the rows that have all columns may be those in which some question selects them. */
static emend_status verify(fitting *f, const emend_normal_dependence *found, joint_rows *rows, size_t *count, emend_error *error) {
  bool *members = emend_allocate(f->reduced->n_columns, sizeof *members);
  emend_normal_dependence *again;
  size_t n;
  if (!members)
    return emend_fail_memory(error);
  members[found->column] = true;
  for (size_t k = 0; k < found->n_others; k++)
    members[found->others[k]] = true;
  emend_status status = find_in_rows(f, members, found->n_others + 1, rows, &again, &n, error);
  if (!status && n > 0) {
    ++*count;
    status = warn_dependence(f, found, error);
  }
  emend_normal_dependences_free(again, n);
  free(members);
  return status;
}

/* Exact dependences among `columns`, which are named. */
static emend_status check_joint_rows(fitting *f, const bool *columns, size_t n_columns, size_t *count, emend_error *error) {
  joint_rows rows;
  emend_normal_dependence *list = NULL;
  size_t n = 0;
  emend_status status = joint_rows_new(f, &rows, error);
  *count = 0;
  if (!status)
    status = find_in_rows(f, columns, n_columns, &rows, &list, &n, error);
  for (size_t i = 0; i < n && !status; i++)
    status = verify(f, &list[i], &rows, count, error);
  emend_normal_dependences_free(list, n);
  joint_rows_free(&rows);
  return status;
}

/* Pairs of active columns that hardly any row has both of: how many, the first of them, and its rows. */
typedef struct unmet_pairs {
  size_t count, a, b, rows;
} unmet_pairs;

/* The pairs with fewer than `enough` rows. */
static unmet_pairs list_unmet(const fitting *f, const size_t *together, size_t enough) {
  size_t p = f->reduced->n_columns;
  unmet_pairs found = {0};
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < j && f->active[j]; k++)
      if (f->active[k] && together[j * p + k] < enough && found.count++ == 0)
        found.a = k, found.b = j, found.rows = together[j * p + k];
  return found;
}

/* `together`, p x p and zeroed: the rows that have both columns of each pair; no more are counted when all pairs have enough, which the first
 * patterns, those that miss the fewest, mostly settle. */
static emend_status count_together(const fitting *f, size_t enough, size_t *together, emend_error *error) {
  const emend_reduced *reduced = f->reduced;
  size_t p = reduced->n_columns;
  bool *missing = emend_allocate(p, sizeof *missing);
  if (!missing)
    return emend_fail_memory(error);
  for (size_t s = 0, look = 1; s < reduced->n_patterns; s++) {
    const emend_reduced_pattern *pattern = &reduced->patterns[s];
    if (s == look) {
      look *= 4;
      if (list_unmet(f, together, enough).count == 0)
        break;
    }
    if (pattern->weight == 0)
      continue;
    memset(missing, 0, p * sizeof *missing);
    for (size_t i = 0; i < pattern->n_missing; i++)
      missing[pattern->missing[i]] = true;
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k < j && !missing[j]; k++)
        together[j * p + k] += missing[k] ? 0 : pattern->n_rows;
  }
  free(missing);
  return EMEND_OK;
}

/* A prior that bounds the posterior whatever the data: it has a Lambda. */
static bool prior_settles(const fitting *f) {
  size_t p = f->reduced->n_columns;
  for (size_t j = 0; f->prior.lambda && j < p; j++)
    if (f->prior.lambda[j * p + j] > 0)
      return true;
  return false;
}

static bool few_rows(const fitting *f) {
  size_t n = f->problem->groups->n_rows;
  return n <= f->n_active || (!f->problem->groups->complete && 2 * n <= 3 * f->n_active);
}

static emend_status choose_ridge(fitting *f, const char *because, emend_error *error) {
  size_t p = f->reduced->n_columns;
  double kappa, *target = emend_allocate(p, p * sizeof *target);
  double rows = f->options->weight_kind == EMEND_FREQUENCY_WEIGHTS ? f->problem->weight : f->made->effective_rows;
  emend_status status = target ? emend_normal_choose_ridge(f->problem, rows, f->options, f->events, &kappa, target, error)
                               : emend_fail_memory(error);
  if (!status) {
    f->ridge_chosen = true;
    emend_warn(f->events, "%s: a ridge (shrink, %.3g rows, towards what of the relations is more than chance) was chosen by predicting hidden "
                          "cells", because, kappa);
    status = emend_normal_use_ridge(f, kappa, target, error);
  }
  free(target);
  return status;
}

static emend_status choose_ridge_for_few_rows(fitting *f, emend_error *error) {
  char because[96];
  snprintf(because, sizeof because, "%zu rows are few for %zu variables", f->problem->groups->n_rows, f->n_active);
  return choose_ridge(f, because, error);
}

static void warn_unmet(fitting *f, const unmet_pairs *pairs, double kappa) {
  char first[32], second[32], together[64] = "never observed together", others[64] = "", remedy[96];
  if (pairs->rows > 0)
    snprintf(together, sizeof together, "observed together in %zu row%s only", pairs->rows, pairs->rows > 1 ? "s" : "");
  if (pairs->count > 1)
    snprintf(others, sizeof others, ", nor %s %zu other pair%s%s", pairs->count > 2 ? "are" : "is", pairs->count - 1,
             pairs->count > 2 ? "s" : "", pairs->rows > 0 ? " in more" : "");
  if (kappa > 0)
    snprintf(remedy, sizeof remedy, "a ridge (shrink, %g row%s) makes the answer unique", kappa, kappa == 1 ? "" : "s");
  else
    snprintf(remedy, sizeof remedy, "it comes from the prior");
  emend_warn(f->events, "%s and %s are %s%s: the data %s their partial correlation; %s", emend_normal_column_name(f, pairs->a, first),
             emend_normal_column_name(f, pairs->b, second), together, others, pairs->rows > 0 ? "hardly determine" : "do not determine",
             remedy);
}

/* In rows. With a weaker one EM would take the longer the more rows there are to find correlations that the data do not tell. */
static double ridge_for_unmet(const fitting *f) {
  double kappa = 0.1 * sqrt(f->problem->weight), unit = pow(10, floor(log10(kappa)));
  return kappa > 1 ? round(kappa / unit) * unit : 1;
}

/* Exact dependences among the columns that have met all others: no row has those of an unmet pair together. */
static emend_status find_dependences(fitting *f, const size_t *together, size_t enough, emend_error *error) {
  size_t p = f->reduced->n_columns, n = 0;
  bool *met = emend_allocate(p, sizeof *met);
  if (!met)
    return emend_fail_memory(error);
  memcpy(met, f->active, p * sizeof *met);
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < j && f->active[j]; k++)
      if (f->active[k] && together[j * p + k] < enough)
        met[j] = met[k] = false;
  for (size_t j = 0; j < p; j++)
    n += met[j];
  emend_status status = check_joint_rows(f, met, n, &f->n_dependences, error);
  free(met);
  return status;
}

emend_status emend_normal_safeguard(fitting *f, emend_error *error) {
  bool settled = prior_settles(f);
  double kappa = ridge_for_unmet(f);
  size_t p = f->reduced->n_columns, enough = (size_t)kappa, *together = emend_allocate(p, (p ? p : 1) * sizeof *together);
  if (!together)
    return emend_fail_memory(error);
  emend_status status = count_together(f, enough, together, error);
  unmet_pairs unmet = list_unmet(f, together, enough);
  /* Jeffreys' prior was asked for by name: with more rows than columns it is left alone. */
  if (!status && !settled && (f->prior.nu > 0 ? f->problem->groups->n_rows <= f->n_active : few_rows(f))) {
    status = choose_ridge_for_few_rows(f, error);
    settled = true;
  }
  f->unmet_ridge = settled || !unmet.count ? 0 : fmax(f->options->ridge, kappa);
  if (!status && unmet.count)
    warn_unmet(f, &unmet, f->unmet_ridge);
  if (!status && !settled)
    status = find_dependences(f, together, enough, error);
  free(together);
  kappa = f->unmet_ridge + (f->n_dependences ? EMEND_MINIMAL_RIDGE * f->problem->weight : 0);
  return status || settled || !(kappa > 0) ? status : emend_normal_use_ridge(f, kappa, NULL, error);
}

/* Lambda = kappa Sigma has nothing to say of what the data tell, and leaves what they do not tell where the ridge has put it. The minimal
 * ridge stays: what one column has left beside the others must not vanish. */
void emend_normal_recentre_ridge(fitting *f) {
  size_t p = f->reduced->n_columns;
  const double *covariance = f->problem->covariance;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p && f->active[j]; k++)
      if (f->active[k])
        f->prior.lambda[j * p + k] = f->unmet_ridge * covariance[j * p + k] + (j == k ? EMEND_MINIMAL_RIDGE * f->problem->weight : 0);
  memcpy(f->problem->prior.lambda, f->prior.lambda, p * p * sizeof *f->prior.lambda);
}

/* Marks the members of the dependences towards which the covariance moves; their number in *count. */
static emend_status mark_suspects(const fitting *f, bool *suspects, size_t *count, emend_error *error) {
  emend_normal_dependence *list;
  size_t found;
  emend_status status = emend_normal_find_dependences(f->reduced->n_columns, f->problem->covariance, f->active, PIVOT_ON_THE_WAY,
                                                      COEFFICIENT_ON_THE_WAY, &list, &found, error);
  for (size_t i = 0; i < found; i++) {
    suspects[list[i].column] = true;
    for (size_t k = 0; k < list[i].n_others; k++)
      suspects[list[i].others[k]] = true;
  }
  emend_normal_dependences_free(list, found);
  *count = 0;
  for (size_t j = 0; j < f->reduced->n_columns; j++)
    *count += suspects[j];
  return status;
}

/* The likelihood is unbounded, though nothing is exactly dependent: too few rows have the suspects together. */
static emend_status choose_ridge_for_suspects(fitting *f, const bool *suspects, size_t n_suspects, emend_error *error) {
  emend_buffer text = {0};
  char buffer[32];
  size_t named = 0;
  emend_status status = EMEND_OK;
  if (few_rows(f))
    return choose_ridge_for_few_rows(f, error);
  for (size_t j = 0; j < f->reduced->n_columns && !status; j++)
    if (suspects[j] && named++ < 8)
      status = emend_buffer_format(&text, error, "%s%s", named > 1 ? ", " : "", emend_normal_column_name(f, j, buffer));
  if (!status && named > 8)
    status = emend_buffer_format(&text, error, " and %zu more", named - 8);
  if (!status)
    status = n_suspects > 0
                 ? emend_buffer_format(&text, error,
                                       ": too few rows have these variables together to tell how they vary (the likelihood is unbounded)")
                 : f->n_dependences > 0
                       ? emend_buffer_format(&text, error, "EM hardly moves where only a minimal ridge holds exact relations")
                       : emend_buffer_format(&text, error, "the covariance matrix became singular");
  if (!status)
    status = choose_ridge(f, text.bytes, error);
  emend_buffer_free(&text);
  return status;
}

emend_status emend_normal_rescue(fitting *f, unsigned attempt, emend_error *error) {
  bool *suspects = emend_allocate(f->reduced->n_columns, sizeof *suspects);
  size_t n_suspects = 0, verified = 0;
  double ridge = EMEND_MINIMAL_RIDGE;
  emend_status status = suspects ? mark_suspects(f, suspects, &n_suspects, error) : emend_fail_memory(error);
  /* A covariance that moves towards a dependence is an exact dependence only if the rows that have all its members, more than enough of
   * them, show it. */
  if (!status && attempt == 0 && n_suspects > 0)
    status = check_joint_rows(f, suspects, n_suspects, &verified, error);
  if (!status && !verified && !f->ridge_chosen) {
    status = choose_ridge_for_suspects(f, suspects, n_suspects, error);
    free(suspects);
    return status;
  }
  free(suspects);
  f->n_dependences += verified;
  for (unsigned i = 0; i < attempt; i++)
    ridge *= 100;
  if (!status && !verified)
    emend_warn(f->events, "the covariance matrix is still singular: the ridge is raised by %g of the rows", ridge);
  return status ? status : emend_normal_use_ridge(f, ridge * f->problem->weight, NULL, error);
}

emend_status emend_normal_is_loose(const fitting *f, bool *loose, emend_error *error) {
  *loose = false;
  if (f->n_dependences == 0 || f->ridge_chosen)
    return EMEND_OK;
  emend_normal_dependence *list;
  size_t count;
  emend_status status = emend_normal_find_dependences(f->reduced->n_columns, f->problem->covariance, f->active, LOOSE_PIVOT, COEFFICIENT,
                                                      &list, &count, error);
  *loose = count > f->n_dependences;
  emend_normal_dependences_free(list, count);
  return status;
}

emend_status emend_normal_is_lost(const fitting *f, bool very_slow, bool *loose, emend_error *error) {
  *loose = false;
  static const double ENOUGH = 1e-3; /* of the rows: with more EM is slow for other reasons */
  if (f->ridge_chosen || f->n_dependences > 0)
    *loose = very_slow && f->prior.ridge < ENOUGH * f->problem->weight;
  if (*loose || f->ridge_chosen || (f->n_dependences == 0 && prior_settles(f)))
    return EMEND_OK;
  if (f->n_dependences > 0)
    return emend_normal_is_loose(f, loose, error);
  emend_normal_dependence *list;
  size_t count;
  emend_status status = emend_normal_find_dependences(f->reduced->n_columns, f->problem->covariance, f->active, PIVOT_ON_THE_WAY,
                                                      COEFFICIENT_ON_THE_WAY, &list, &count, error);
  emend_normal_dependences_free(list, count);
  return status || count == 0 ? status : emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the covariance matrix becomes singular");
}
