/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/decoding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/team.h"
#include "decode/back.h"
#include "decode/calibrate.h"
#include "decode/truncated.h"
#include "impute/group_decoders.h"
#include "impute/links.h"

void emend_imputation_prepare(emend_imputation *made) {
  const emend_plan *plan = made->plan;
  for (size_t j = made->encoding.n_columns; j-- > 0;)
    if (made->encoding.columns[j] != EMEND_NO_VARIABLE)
      made->column_of[made->encoding.columns[j]] = (ptrdiff_t)j;
  for (size_t j = 1; j < made->encoding.n_columns && made->follows; j++)
    made->follows[j] = made->encoding.codings[j].kind == EMEND_CODING_LEVEL && made->encoding.columns[j] == made->encoding.columns[j - 1];
  for (size_t v = 0; v < plan->n_variables; v++) {
    ptrdiff_t column = made->column_of[v];
    bool scores = column < 0 || made->encoding.codings[column].kind == EMEND_CODING_SCORE;
    bool mode = made->method.method == EMEND_METHOD_MODE;
    made->decoders[v] = mode ? emend_decoder_of_mode(&plan->variables[v], scores) : emend_decoder_of(&plan->variables[v], scores);
  }
}

/* Random numbers of a cell: by its row and variable, whatever columns the variable has. */
enum { USES_PER_VARIABLE = 256, USE_REVISION = 200, USE_CHOICE = 255 };

static double uniform_of(const emend_imputation *made, size_t row, size_t variable, size_t use) {
  return emend_random_uniform(made->method.seed, EMEND_STREAM_CELL, emend_imputation_key(made, row), variable * USES_PER_VARIABLE + use);
}

double emend_imputation_uniform(const emend_imputation *made, size_t row, size_t variable) {
  return uniform_of(made, row, variable, USE_CHOICE);
}

static const emend_decoder *decoder_of(const emend_imputation *made, size_t row, size_t variable) {
  const emend_group_decoder *own = emend_imputation_group_decoder(made, row, variable);
  return own ? &own->decoder : &made->decoders[variable];
}

static double clip_probability(double p) { return p > 0 ? p < 1 ? p : 1 : 0; }

/*
 * A level's indicator, one after the other: 1 with the level's share of the probability that those before it have left. The probabilities
 * are the means of the variable's indicators before any of them was drawn: what one indicator says of the next is that a row has one level.
 * In a group, levels that do not occur there have none.
 */
static double draw_level(const emend_imputation *made, size_t row, size_t column, const double *drawn, const double *block) {
  size_t variable = made->encoding.columns[column], first = (size_t)made->column_of[variable];
  size_t n = made->plan->variables[variable].categories.n_levels - 1;
  const emend_group_decoder *own = emend_imputation_group_decoder(made, row, variable);
  double left = 0, base = 1;
  for (size_t j = first; j < column; j++)
    if (drawn[j] > 0.5)
      return 0;
  if (own && !own->has_level[column - first + 1])
    return 0;
  for (size_t j = first; j < first + n; j++) {
    base -= block[j];
    left += j >= column && (!own || own->has_level[j - first + 1]) ? clip_probability(block[j]) : 0;
  }
  left += !own || own->has_level[0] ? clip_probability(base) : 0;
  return left > 0 && uniform_of(made, row, variable, column - first) * left < clip_probability(block[column]);
}

/* Draws, on the way to modes, too, are codes. */
static emend_decoder drawing_decoder(const emend_imputation *made, size_t row, size_t variable) {
  emend_decoder decoder = *decoder_of(made, row, variable);
  if (made->method.method == EMEND_METHOD_MODE)
    decoder.kind = emend_decoder_of(&made->plan->variables[variable], true).kind;
  return decoder;
}

double emend_imputation_draw(const emend_imputation *made, size_t row, size_t column, double mean, double sd, const double *drawn,
                             const double *block) {
  size_t variable = made->encoding.columns[column];
  if (variable == EMEND_NO_VARIABLE)
    return mean;
  emend_coding_kind kind = made->encoding.codings[column].kind;
  if (kind == EMEND_CODING_LEVEL)
    return draw_level(made, row, column, drawn, block);
  if (kind == EMEND_CODING_SOME)
    return uniform_of(made, row, variable, 1) < mean;
  const emend_decoder own = drawing_decoder(made, row, variable), *decoder = &own;
  const emend_categories *c = &decoder->planned->categories;
  double u = uniform_of(made, row, variable, 0);
  if (kind == EMEND_CODING_VALUE || kind == EMEND_CODING_AMOUNT || emend_back_is_needed(decoder->planned))
    return emend_back_draw(decoder->planned, mean, sd, u);
  if (decoder->kind == EMEND_DECODE_SHARES && c->n == 2)
    return c->numbers[u < (mean - c->numbers[0]) / (c->numbers[1] - c->numbers[0])];
  if (emend_decoder_draws_codes(decoder))
    return emend_draw_code(c, mean, sd, u);
  double lo, hi;
  bool moved, cut = emend_decoder_ends(decoder, &lo, &hi);
  double latent = !(sd > 0) ? mean
                  : cut     ? emend_truncated_quantile(emend_truncated_centre(mean, sd, lo, hi), sd, lo, hi, u)
                            : mean + sd * emend_random_normal(made->method.seed, EMEND_STREAM_CELL, emend_imputation_key(made, row),
                                                              variable * USES_PER_VARIABLE);
  return decoder->kind == EMEND_DECODE_WHOLE ? emend_allowed_nearest(&decoder->planned->allowed, latent, &moved) : latent;
}

static double draw_column(const void *state, size_t row, size_t column, double mean, double sd, const double *drawn, const double *block) {
  return emend_imputation_draw(state, row, column, mean, sd, drawn, block);
}

double emend_imputation_uniform_again(const emend_imputation *made, size_t row, size_t variable, size_t round) {
  return uniform_of(made, row, variable, USE_REVISION + round);
}

static void revise(const void *state, size_t row, const uint32_t *missing, size_t m, double *z) {
  emend_links_revise(((const emend_imputation *)state)->links, row, missing, m, z);
}

bool emend_imputation_wish(const emend_imputation *made, emend_completion_wish *wish) {
  *wish = (emend_completion_wish){.state = made};
  if (made->method.method == EMEND_METHOD_DRAW)
    wish->draw = draw_column, wish->revise = revise, wish->follows = made->follows;
  for (size_t v = 0; v < made->plan->n_variables && !wish->draw; v++) {
    const emend_planned *planned = &made->plan->variables[v];
    bool steps = made->decoders[v].kind == EMEND_DECODE_STEPS || emend_decoder_grades(&made->decoders[v]);
    /* Its missing parts share what is left of it; what others follow from is cut to what agrees with them. */
    bool shares = emend_plan_formula(made->plan, v) != NULL || made->plan->relations.n + made->plan->computations.n > 0;
    wish->spreads =
        wish->spreads || shares || (made->column_of[v] >= 0 && planned->missing.fill > 0 && (steps || emend_back_is_needed(planned)));
  }
  return wish->spreads || wish->draw;
}

static double completed_value(const emend_imputation *made, size_t row, size_t column) {
  return made->mixture ? emend_patterns_value(made->patterns, row, column) : emend_completed_value(made->completed, row, column);
}

bool emend_imputation_comes_back(const emend_imputation *made, size_t column) {
  size_t variable = made->encoding.columns[column];
  const emend_planned *planned = variable == EMEND_NO_VARIABLE ? NULL : &made->plan->variables[variable];
  emend_coding_kind kind = made->encoding.codings[column].kind;
  if (!planned || !emend_back_is_needed(planned))
    return false;
  bool score = kind == EMEND_CODING_SCORE && planned->bounded && !planned->spiked;
  return score || kind == EMEND_CODING_VALUE || kind == EMEND_CODING_AMOUNT;
}

bool emend_imputation_expects(const emend_imputation *made) {
  return made->method.method == EMEND_METHOD_EXPECTATION || made->method.method == EMEND_METHOD_MODE;
}

double emend_imputation_spread(const emend_imputation *made, size_t row, size_t variable) {
  size_t column = (size_t)made->column_of[variable];
  if (!made->completed)
    return NAN;
  return emend_decoder_spread(decoder_of(made, row, variable), completed_value(made, row, column),
                              emend_completed_spread(made->completed, row, column));
}

/* What the model says of a column, a number in its own units: what was expected, or drawn. */
static double said_value(const emend_imputation *made, size_t row, size_t column) {
  double value = completed_value(made, row, column);
  return !(made->completed && emend_imputation_expects(made)) && isfinite(value) && emend_imputation_comes_back(made, column)
             ? emend_back_value(&made->plan->variables[made->encoding.columns[column]], value)
             : value; /* expectations have come back already */
}

/* A mixture does not tell how sure it is of each cell: what its expectations leave of the variance overall. */
static void spread_evenly(const emend_imputation *made, size_t column, emend_uncertain *cells, size_t n) {
  double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++)
    sum += cells[i].mean;
  for (size_t i = 0; i < n; i++)
    squares += (cells[i].mean - sum / (double)n) * (cells[i].mean - sum / (double)n);
  double left = emend_mixture_overall_variance(made->mixture, column) - squares / (double)n;
  for (size_t i = 0; i < n; i++)
    cells[i].sd = left > 0 ? sqrt(left) : 0;
}

/* `groups`: of each cell, the group that has a decoder of its own for it, or EMEND_NO_CATEGORY; NULL without groups. */
static size_t gather(const emend_imputation *made, size_t v, emend_uncertain *cells, unsigned char *groups) {
  size_t n = 0, column = (size_t)made->column_of[v];
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(made->plan->dataset); row += run.n) {
    run = emend_dataset_run(made->plan->dataset, v, row);
    for (size_t i = 0; i < run.n; i++) {
      if (!emend_imputation_may_fill(made, row + i, v, run.reasons[i], run.values[i]))
        continue;
      emend_uncertain cell = {.mean = said_value(made, row + i, column), .key = uniform_of(made, row + i, v, USE_CHOICE)};
      cell.sd = made->completed ? emend_completed_spread(made->completed, row + i, column) : NAN;
      if (!isfinite(cell.mean))
        continue;
      if (groups)
        groups[n] = emend_imputation_group_decoder(made, row + i, v) ? made->group_of[row + i] : EMEND_NO_CATEGORY;
      cells[n++] = cell;
    }
  }
  return n;
}

typedef struct calibration {
  emend_imputation *made;
  size_t *variables; /* that are calibrated */
  emend_status *status;
} calibration;

/* Each group's cells by its own decoder: they are sorted by group first. */
static emend_status calibrate_groups(emend_imputation *made, size_t v, const emend_uncertain *cells, const unsigned char *groups,
                                     size_t n) {
  size_t start[EMEND_NO_CATEGORY + 2] = {0}, at[EMEND_NO_CATEGORY + 1];
  emend_uncertain *sorted = emend_allocate(n, sizeof *sorted);
  if (!sorted)
    return EMEND_OUT_OF_MEMORY;
  for (size_t i = 0; i < n; i++)
    start[groups[i] + 1]++;
  for (size_t g = 0; g <= EMEND_NO_CATEGORY; g++)
    start[g + 1] += start[g], at[g] = start[g];
  for (size_t i = 0; i < n; i++)
    sorted[at[groups[i]]++] = cells[i];
  emend_status status = EMEND_OK;
  for (size_t g = 0; g <= EMEND_NO_CATEGORY && !status; g++) {
    emend_decoder *decoder = g == EMEND_NO_CATEGORY    ? &made->decoders[v]
                             : start[g + 1] > start[g] ? &made->group_decoders[g * made->plan->n_variables + v]->decoder
                                                       : NULL;
    if (decoder)
      status = emend_decoder_calibrate(decoder, sorted + start[g], start[g + 1] - start[g], NULL);
  }
  free(sorted);
  return status;
}

static void calibrate_one(void *state, size_t task) {
  calibration *c = state;
  size_t v = c->variables[task], most = c->made->plan->variables[v].missing.fill;
  emend_uncertain *cells = emend_allocate(most, sizeof *cells);
  unsigned char *groups = c->made->group_of ? emend_allocate(most, 1) : NULL;
  c->status[task] = EMEND_OUT_OF_MEMORY;
  if (cells && (groups || !c->made->group_of)) {
    size_t n = gather(c->made, v, cells, groups);
    if (c->made->mixture && n > 0)
      spread_evenly(c->made, (size_t)c->made->column_of[v], cells, n);
    c->status[task] =
        groups ? calibrate_groups(c->made, v, cells, groups, n) : emend_decoder_calibrate(&c->made->decoders[v], cells, n, NULL);
  }
  free(cells), free(groups);
}

/* Draws are values already. */
static bool wants(const emend_imputation *made, size_t v) {
  return made->method.method == EMEND_METHOD_EXPECTATION && made->column_of[v] >= 0 && made->plan->variables[v].missing.fill > 0 &&
         made->plan->variables[v].role != EMEND_ROLE_CONSTANT && emend_decoder_calibrates(&made->decoders[v]);
}

emend_status emend_imputation_calibrate(emend_imputation *made, emend_error *error) {
  static const double ROW = 3e-8; /* seconds, of each variable */
  size_t n = 0;
  emend_team *team = NULL;
  calibration c = {.made = made, .variables = emend_allocate(made->plan->n_variables, sizeof *c.variables)};
  c.status = emend_allocate(made->plan->n_variables, sizeof *c.status);
  emend_status status = c.variables && c.status ? EMEND_OK : emend_fail_memory(error);
  for (size_t v = 0; v < made->plan->n_variables && !status; v++)
    if (wants(made, v))
      c.variables[n++] = v;
  if (!status && n > 0)
    status = emend_team_for(ROW * (double)emend_dataset_rows(made->plan->dataset) * (double)n, made->threads, &team, error);
  if (!status && n > 0)
    emend_team_run(team, n, calibrate_one, &c);
  for (size_t i = 0; i < n && !status; i++)
    status = c.status[i] ? emend_fail_memory(error) : EMEND_OK;
  emend_team_free(team);
  free(c.variables), free(c.status);
  return status;
}

/* A given model knows more of the variable than the one value that these data show: it is only rounded as the plan rounds. */
static double decode_constant(const emend_planned *planned, double wish, bool *moved) {
  emend_allowed any = planned->allowed;
  any.values = NULL;
  any.n_values = 0;
  return emend_allowed_nearest(&any, planned->rounds ? ceil(wish - 0.5) : wish, moved);
}

bool emend_imputation_is_plain(const emend_imputation *made, size_t variable) {
  const emend_planned *planned = &made->plan->variables[variable];
  ptrdiff_t column = made->column_of[variable];
  return made->completed && column >= 0 && made->encoding.codings[column].kind == EMEND_CODING_SCORE &&
         planned->role != EMEND_ROLE_CONSTANT && made->decoders[variable].kind == EMEND_DECODE_NEAREST &&
         made->method.method != EMEND_METHOD_MATCH && !emend_back_is_needed(planned) && !made->settled.n_solved && !made->group_of &&
         !emend_plan_formula(made->plan, variable);
}

/* What the formula of a variable gives in a row; NaN if nothing. */
static double computed_value(const emend_imputation *made, size_t row, size_t variable) {
  const emend_settled_item *items = made->settled.items;
  const double *values = items ? items[made->plan->rules.of[variable]].values : NULL;
  return values ? values[row] : NAN;
}

/* An answer of another row, as it is. */
static double matched_value(const emend_imputation *made, size_t row, size_t variable) {
  const emend_categories *c = &made->plan->variables[variable].categories;
  double value = completed_value(made, row, (size_t)made->column_of[variable]);
  return made->decoders[variable].kind == EMEND_DECODE_LEVELS && c->numbers && isfinite(value) ? c->numbers[(size_t)value] : value;
}

/* From what the model says of the cell's columns; of a text the category among those of its decoder. */
static double decode_by(const emend_imputation *made, const emend_decoder *decoder, size_t row, size_t variable, bool *moved) {
  const emend_planned *planned = &made->plan->variables[variable];
  size_t column = (size_t)made->column_of[variable];
  double means[EMEND_MOST_CATEGORIES];
  size_t n = decoder->kind == EMEND_DECODE_LEVELS ? planned->categories.n_levels - 1 : decoder->kind == EMEND_DECODE_SPIKED ? 2 : 1;
  for (size_t i = 0; i < n; i++)
    means[i] = said_value(made, row, column + i);
  if (!isfinite(means[0]))
    return NAN;
  if (planned->role == EMEND_ROLE_CONSTANT)
    return decode_constant(planned, means[0], moved);
  if (decoder->kind == EMEND_DECODE_NEAREST)
    return emend_decoder_value(decoder, means, NAN, 0, moved);
  bool drawn = made->method.method == EMEND_METHOD_DRAW;
  if (drawn && decoder->kind == EMEND_DECODE_SPIKED)
    return emend_decoder_drawn_amount(decoder, means, moved);
  bool spreads = decoder->kind == EMEND_DECODE_STEPS || decoder->n_grades > 1;
  double sd = spreads && made->completed ? emend_completed_spread(made->completed, row, column) : NAN;
  if (decoder->kind == EMEND_DECODE_STEPS)
    return emend_decoder_step(decoder, means[0], sd);
  double key = uniform_of(made, row, variable, USE_CHOICE);
  return drawn && decoder->kind == EMEND_DECODE_LEVELS ? emend_decoder_drawn_level(decoder, means, key)
                                                       : emend_decoder_value(decoder, means, sd, key, moved);
}

static double decode_means(const emend_imputation *made, size_t row, size_t variable, bool *moved) {
  const emend_group_decoder *own = emend_imputation_group_decoder(made, row, variable);
  double value = decode_by(made, own ? &own->decoder : &made->decoders[variable], row, variable, moved);
  return own && own->planned.categories.n_levels && !own->planned.categories.numbers && !isnan(value) ? own->original[(size_t)value]
                                                                                                      : value;
}

/* Whether there is an answer that a match can take. */
static bool has_donors(const emend_planned *planned) {
  const emend_categories *c = &planned->categories;
  bool any = !planned->adopted && planned->observed.n > 0;
  for (size_t k = 0; k < c->n && !any; k++)
    any = c->counts[k] > 0 && emend_categories_gives(c, k);
  return any;
}

double emend_imputation_decode(const emend_imputation *made, size_t row, size_t variable, bool *moved) {
  const emend_planned *planned = &made->plan->variables[variable];
  ptrdiff_t column = made->column_of[variable];
  *moved = false;
  if (emend_plan_formula(made->plan, variable)) {
    double computed = computed_value(made, row, variable);
    return isnan(computed) ? NAN : emend_allowed_nearest(&planned->allowed, computed, moved);
  }
  const emend_solved *solved = made->settled.n_solved ? emend_settled_solved(&made->settled, row, variable) : NULL;
  if (solved)
    return solved->value;
  if (column < 0)
    return planned->role == EMEND_ROLE_CONSTANT ? emend_allowed_nearest(&planned->allowed, planned->observed.min, moved) : NAN;
  if (made->method.method == EMEND_METHOD_MATCH && made->completed && planned->role != EMEND_ROLE_CONSTANT && has_donors(planned))
    return matched_value(made, row, variable);
  return decode_means(made, row, variable, moved);
}

const emend_categories *emend_imputation_categories(const emend_imputation *made, size_t row, size_t variable,
                                                    const unsigned char **original) {
  const emend_group_decoder *own = emend_imputation_group_decoder(made, row, variable);
  *original = own ? own->original : NULL;
  return own ? &own->planned.categories : &made->plan->variables[variable].categories;
}

/* The admissible category with the largest weight, or by `key` one as often as it weighs. */
static size_t choose_by_weight(const emend_categories *c, const unsigned char *admissible, double key) {
  double sum = 0;
  size_t best = SIZE_MAX;
  for (size_t k = 0; k < c->n; k++)
    if (admissible[k]) {
      sum += c->weights[k];
      best = best == SIZE_MAX || (isnan(key) && c->weights[k] > c->weights[best]) ? k : best;
    }
  for (size_t k = 0; k < c->n && !isnan(key); k++) {
    if (!admissible[k] || !(c->weights[k] > 0))
      continue;
    best = k;
    if ((key -= c->weights[k] / sum) < 0)
      break;
  }
  return best;
}

static size_t choose_level(const emend_imputation *made, const emend_decoder *decoder, size_t row, size_t variable,
                           const unsigned char *admissible) {
  const emend_categories *c = &decoder->planned->categories;
  emend_method method = made->method.method;
  bool chance = method == EMEND_METHOD_DRAW || method == EMEND_METHOD_MATCH;
  double means[EMEND_MOST_CATEGORIES], most = 0;
  size_t best = SIZE_MAX;
  for (size_t i = 0; i + 1 < c->n_levels && !chance; i++)
    means[i] = said_value(made, row, (size_t)made->column_of[variable] + i);
  for (size_t k = 0; k < c->n && !chance; k++) {
    double p = admissible[k] ? emend_decoder_probability(decoder, means, k) : 0;
    if (p > most)
      most = p, best = k;
  }
  return best != SIZE_MAX ? best : choose_by_weight(c, admissible, chance ? uniform_of(made, row, variable, USE_CHOICE) : NAN);
}

double emend_imputation_choose(const emend_imputation *made, size_t row, size_t variable, const unsigned char *admissible) {
  const emend_decoder *decoder = decoder_of(made, row, variable);
  const unsigned char *original;
  const emend_categories *c = emend_imputation_categories(made, row, variable, &original);
  if (decoder->kind == EMEND_DECODE_LEVELS) {
    size_t k = choose_level(made, decoder, row, variable, admissible);
    return c->numbers ? c->numbers[k] : (double)(original ? original[k] : k);
  }
  bool moved, expected = made->completed && (decoder->kind == EMEND_DECODE_SHARES || decoder->kind == EMEND_DECODE_WHOLE) &&
                         made->method.method == EMEND_METHOD_EXPECTATION;
  double best = NAN,
         wish = expected ? said_value(made, row, (size_t)made->column_of[variable]) : emend_imputation_decode(made, row, variable, &moved);
  for (size_t k = 0; k < c->n; k++)
    if (admissible[k] && (isnan(best) || fabs(c->numbers[k] - wish) < fabs(best - wish)))
      best = c->numbers[k];
  return best;
}
