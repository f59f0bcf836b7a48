/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes into the cells: decoded once, all of them, and kept where the completed values were. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/events.h"
#include "base/memory.h"
#include "base/team.h"
#include "impute/decoding.h"

emend_fate emend_imputation_fate(const emend_imputation *imputation, size_t row, size_t variable, unsigned char reason, double value) {
  const emend_rules *rules = &imputation->plan->rules;
  const emend_settled_item *items = imputation->settled.items;
  const unsigned char *fates = rules->n && items && rules->of[variable] >= 0 ? items[rules->of[variable]].fates : NULL;
  return fates ? (emend_fate)fates[row] : emend_plan_fate(imputation->plan, row, variable, reason, value);
}

bool emend_imputation_fills(const emend_imputation *imputation, size_t row, size_t variable, unsigned char reason, double value) {
  return reason != EMEND_OBSERVED && emend_imputation_fate(imputation, row, variable, reason, value) == EMEND_FATE_FILL;
}

double emend_imputation_answer(const emend_imputation *made, size_t row, size_t variable, unsigned char reason, double value) {
  if (made->plan->variables[variable].missing.fill == 0)
    return NAN;
  if (made->decoded && made->column_of[variable] >= 0)
    return emend_completed_value(made->completed, row, (size_t)made->column_of[variable]);
  bool moved;
  return emend_imputation_fills(made, row, variable, reason, value) ? emend_imputation_decode(made, row, variable, &moved) : NAN;
}

int emend_imputation_cell(const emend_imputation *imputation, size_t row, size_t variable, double *value) {
  emend_run cell = emend_dataset_run(imputation->plan->dataset, variable, row);
  double answer = *cell.reasons == EMEND_OBSERVED ? NAN : emend_imputation_answer(imputation, row, variable, *cell.reasons, *cell.values);
  if (isnan(answer))
    return 0;
  *value = imputation->plan->variables[variable].categories.texts ? NAN : answer;
  return 1;
}

const char *emend_imputation_text(const emend_imputation *imputation, size_t row, size_t variable) {
  const emend_categories *c = &imputation->plan->variables[variable].categories;
  emend_run cell = emend_dataset_run(imputation->plan->dataset, variable, row);
  if (!c->texts || *cell.reasons == EMEND_OBSERVED)
    return NULL;
  double answer = emend_imputation_answer(imputation, row, variable, *cell.reasons, NAN);
  return isnan(answer) ? NULL : emend_dataset_text(imputation->plan->dataset, c->texts[emend_categories_of_value(c, answer)]);
}

/* What became of a variable's cells in some rows. */
typedef struct outcome {
  size_t filled, skipped, outside, told_outside, broken, moved;
  emend_cut_off cut;
  size_t at_least, at_greatest; /* cells at an end beyond which the expectation lies, and that end */
  double least, greatest;
  size_t observed_n, n;                /* answers, and filled cells, that weigh something */
  double observed_weight, weight, sum; /* of answers; of filled numbers, and those times it */
  double squares;                      /* of filled numbers' distances from the answers' mean, times it */
} outcome;

/* Rows at work at the same time, in tasks of so many; each has an outcome for every variable. */
enum { TASK_ROWS = 1 << 13, WAVE_TASKS = 64 };

typedef struct decoding {
  emend_imputation *made;
  size_t first, end; /* the rows of this wave */
  outcome *outcomes; /* WAVE_TASKS x variables */
  outcome *totals;   /* per variable: the weights and sums alone */
} decoding;

/* A cell at an end. Whole numbers that rounding alone brings there are none. */
static void count_ends(const emend_planned *planned, double said, double value, outcome *result) {
  double margin = planned->type == EMEND_TYPE_INTEGER ? 0.5 : 0;
  size_t below = result->cut.below, above = result->cut.above;
  emend_cut_off_count(planned, said, value, &result->cut);
  if (result->cut.below > below && said < value - margin)
    result->at_least++, result->least = value;
  if (result->cut.above > above && said > value + margin)
    result->at_greatest++, result->greatest = value;
}

/* From where squares are counted: near the numbers, else they say nothing of the spread. */
static double origin_of(const emend_imputation *made, size_t v) {
  double answers = made->variables[v].observed_mean, model = made->variables[v].em_mean;
  return !isnan(answers) ? answers : isfinite(model) ? model : 0;
}

/* Decodes the cells of a variable in one block of rows, and keeps the answers. */
static void decode_run(emend_imputation *made, size_t v, size_t first, emend_run run, outcome *result) {
  const emend_planned *planned = &made->plan->variables[v];
  bool bounds = !planned->categories.n_levels && !emend_plan_formula(made->plan, v), keeps = made->completed && made->column_of[v] >= 0;
  double mean = origin_of(made, v);
  bool plain = emend_imputation_is_plain(made, v), cuts = emend_cut_off_applies(made, v);
  for (size_t i = 0; i < run.n; i++) {
    double weight = made->plan->weights ? made->plan->weights[first + i] : 1;
    if (run.reasons[i] == EMEND_OBSERVED) {
      result->observed_weight += weight, result->observed_n += weight > 0;
      continue;
    }
    double value = NAN, *cell = keeps ? emend_completed_cell(made->completed, first + i, (size_t)made->column_of[v]) : NULL;
    if (emend_imputation_fills(made, first + i, v, run.reasons[i], run.values[i])) {
      bool moved;
      value =
          plain && cell ? emend_decoder_value(&made->decoders[v], cell, NAN, 0, &moved) : emend_imputation_decode(made, first + i, v, &moved);
      bool filled = !isnan(value);
      result->filled += filled;
      result->weight += filled ? weight : 0, result->sum += filled ? weight * value : 0;
      result->squares += filled ? weight * (value - mean) * (value - mean) : 0, result->n += filled && weight > 0;
      bool outside = filled && bounds && (value < planned->observed.min || value > planned->observed.max);
      result->outside += outside;
      result->told_outside += outside && emend_settled_tells(&made->settled, first + i, v);
      result->broken += !filled;
      result->moved += filled && moved;
    } else {
      result->skipped += emend_plan_fills(made->plan, first + i, v) != 0;
    }
    if (cell && cuts && !isnan(value) && !emend_settled_tells(&made->settled, first + i, v))
      count_ends(planned, *cell, value, result);
    if (cell)
      *cell = value;
  }
}

/* Block after block and not variable after variable: the completed cells lie by rows. */
static void decode_rows(void *context, size_t task) {
  decoding *d = context;
  const emend_plan *plan = d->made->plan;
  size_t first = d->first + task * TASK_ROWS, end = d->end - first < TASK_ROWS ? d->end : first + TASK_ROWS, n;
  for (size_t row = first; row < end; row += n) {
    n = emend_dataset_run(plan->dataset, 0, row).n;
    n = n < end - row ? n : end - row;
    for (size_t v = 0; v < plan->n_variables; v++) {
      emend_run run = emend_dataset_run(plan->dataset, v, row);
      run.n = n;
      if (plan->variables[v].missing.fill > 0)
        decode_run(d->made, v, row, run, &d->outcomes[task * plan->n_variables + v]);
    }
  }
}

/* In the order of the rows, whatever threads did. */
static void add_outcomes(const decoding *d, size_t n_tasks) {
  size_t n = d->made->plan->n_variables;
  for (size_t i = 0; i < n_tasks * n; i++) {
    emend_imputed_variable *result = &d->made->variables[i % n];
    const outcome *o = &d->outcomes[i];
    result->filled += o->filled, result->skipped += o->skipped, result->outside += o->outside;
    result->told_outside += o->told_outside, result->broken += o->broken, result->moved += o->moved;
    result->at_least += o->at_least, result->at_greatest += o->at_greatest;
    result->least = o->at_least ? o->least : result->least, result->greatest = o->at_greatest ? o->greatest : result->greatest;
    emend_cut_off *cut = &d->made->cut_off[i % n];
    cut->below += o->cut.below, cut->above += o->cut.above;
    cut->far_below += o->cut.far_below, cut->far_above += o->cut.far_above;
    outcome *all = &d->totals[i % n];
    all->observed_weight += o->observed_weight, all->weight += o->weight, all->sum += o->sum;
    all->observed_n += o->observed_n, all->n += o->n, all->squares += o->squares;
  }
}

/* From the squares about the answers' mean, which is `shift` off that of both. */
static double completed_sd(const decoding *d, const outcome *all, double observed_sd, double shift) {
  double weight = all->observed_weight + all->weight, no = (double)all->observed_n, n = no + (double)all->n, answers = 0;
  if (d->made->plan->weight_kind == EMEND_FREQUENCY_WEIGHTS && d->made->plan->weights)
    no = all->observed_weight, n = weight;
  if (no > 1)
    answers = observed_sd * observed_sd * ((no - 1) / no) * all->observed_weight;
  double variance = (answers + all->squares) / weight - shift * shift;
  return n > 1 ? sqrt(fmax(variance, 0) * (n / (n - 1))) : NAN;
}

/* Mean and spread of answers and of what was filled; of codes without an order, and texts, there are none. */
static void find_completed_moments(const decoding *d) {
  for (size_t v = 0; v < d->made->plan->n_variables; v++) {
    emend_imputed_variable *result = &d->made->variables[v];
    const outcome *all = &d->totals[v];
    double observed = all->observed_weight > 0 ? all->observed_weight * result->observed_mean : 0;
    result->completed_mean = result->observed_mean, result->completed_sd = result->observed_sd;
    if (result->filled == 0 || d->made->plan->variables[v].categories.n_levels)
      continue;
    result->completed_mean = (observed + all->sum) / (all->observed_weight + all->weight);
    result->completed_sd = completed_sd(d, all, result->observed_sd, result->completed_mean - origin_of(d->made, v));
  }
}

emend_status emend_imputation_decode_all(emend_imputation *made, emend_events *events, emend_error *error) {
  size_t n_variables = made->plan->n_variables, rows = n_variables ? emend_dataset_rows(made->plan->dataset) : 0,
         bytes = n_variables * sizeof(outcome);
  decoding d = {.made = made, .outcomes = emend_allocate(WAVE_TASKS, bytes ? bytes : 1), .totals = emend_allocate(1, bytes ? bytes : 1)};
  emend_team *team = NULL;
  emend_status status = d.outcomes && d.totals ? EMEND_OK : emend_fail_memory(error);
  if (!status && rows > TASK_ROWS)
    status = emend_team_new(made->threads, &team, error);
  for (; d.first < rows && !status; d.first = d.end) {
    d.end = rows - d.first < WAVE_TASKS * TASK_ROWS ? rows : d.first + WAVE_TASKS * TASK_ROWS;
    size_t n_tasks = (d.end - d.first + TASK_ROWS - 1) / TASK_ROWS;
    memset(d.outcomes, 0, n_tasks * bytes);
    emend_team_run(team, n_tasks, decode_rows, &d);
    add_outcomes(&d, n_tasks);
    status = emend_progress(events, "impute", 1, "", error);
  }
  emend_team_free(team);
  if (!status)
    find_completed_moments(&d);
  free(d.outcomes), free(d.totals);
  made->decoded = !status && made->completed;
  return status;
}
