/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/links.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/blas.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/team.h"
#include "decode/back.h"
#include "impute/curve.h"
#include "impute/decoding.h"
#include "impute/group_decoders.h"

/* Fewer rows are enough for curves that only make draws for others to be fitted to. */
enum { MOST_ROWS = 10000, MOST_ROWS_AT_FIRST = 2500, MOST_LEVELS = 20, SLICE_ROWS = 512, ROUNDS = 2, SWEEPS = 2 };

/* Fitting. */
typedef struct fitting {
  emend_imputation *made;
  emend_links *links;
  uint32_t *rows; /* of the dataset */
  size_t n;
  emend_completed *drawn;
  double *z; /* n x p, standardised: observed, or drawn */
  bool last; /* of the rounds */
  emend_status *status; /* per slice, then per curve */
} fitting;

void emend_links_free(emend_links *links) {
  if (!links)
    return;
  for (size_t i = 0; i < links->n_curves; i++)
    emend_curve_free(&links->curves[i]);
  free(links->curves), free(links->of);
  emend_standard_free(&links->standard);
  free(links);
}

/* Of n rows `most`, each with the same chance, which hangs on what tells it apart. */
static bool is_chosen(const fitting *f, uint32_t row, size_t n, size_t most, uint64_t again) {
  return n <= most || emend_random_uniform(0, EMEND_STREAM_SAMPLE, emend_imputation_key(f->made, row), again) < (double)most / (double)n;
}

/* Rows that weigh something; of many, some. */
static emend_status choose_rows(fitting *f, const uint32_t *rows, size_t n, emend_error *error) {
  const double *weights = f->made->plan->weights;
  f->rows = emend_allocate(n, sizeof *f->rows);
  if (!f->rows)
    return emend_fail_memory(error);
  for (size_t i = 0; i < n; i++) {
    uint32_t row = rows ? rows[i] : (uint32_t)i;
    bool weighs = !weights || weights[row] > 0;
    if (weighs && is_chosen(f, row, n, MOST_ROWS, 0))
      f->rows[f->n++] = row;
  }
  return EMEND_OK;
}

/* A curve has to do with codes that are drawn as codes, and with enough of them: fewer cells than the root of the rows, whatever their odds,
 * move no share of the whole by as much as its standard error. */
static bool wants(const emend_imputation *made, const emend_normal *model, const emend_decoder *decoder, size_t v) {
  const emend_planned *planned = &made->plan->variables[v];
  if (made->column_of[v] < 0 || planned->missing.fill == 0 || planned->role == EMEND_ROLE_CONSTANT)
    return false;
  if ((double)planned->missing.fill * (double)planned->missing.fill < (double)emend_dataset_rows(made->plan->dataset))
    return false;
  const emend_categories *c = &decoder->planned->categories;
  emend_coding_kind kind = made->encoding.codings[made->column_of[v]].kind;
  if (isnan(emend_normal_mean(model)[made->column_of[v]]))
    return false;
  if (kind == EMEND_CODING_LEVEL)
    return decoder->kind == EMEND_DECODE_LEVELS && c->n_levels >= 2 && c->n_levels <= MOST_LEVELS;
  return kind == EMEND_CODING_SCORE && emend_decoder_of(planned, true).kind == EMEND_DECODE_SHARES && c->n >= 2 &&
         !emend_back_is_needed(planned);
}

static void find_curves(emend_links *links, emend_imputation *made, const emend_normal *model, const uint32_t *rows) {
  for (size_t v = 0; v < made->plan->n_variables; v++) {
    emend_group_decoder *own = rows ? emend_imputation_group_decoder(made, rows[0], v) : NULL;
    emend_decoder *decoder = own ? &own->decoder : &made->decoders[v];
    size_t levels = decoder->kind == EMEND_DECODE_LEVELS ? decoder->planned->categories.n_levels : 0, n = 0;
    if (!wants(made, model, decoder, v))
      continue;
    for (size_t j = (size_t)made->column_of[v]; j < made->encoding.n_columns && made->encoding.columns[j] == v; j++)
      n++;
    if (levels && levels != n + 1) /* of a given model */
      continue;
    if (own && n == 1 && levels && !(own->has_level[0] && own->has_level[1]))
      continue;
    emend_curve *c = &links->curves[links->n_curves++];
    *c = (emend_curve){.decoder = decoder, .has_level = own ? own->has_level : NULL, .variable = v, .n_columns = n};
    c->first = (size_t)made->column_of[v];
    for (size_t j = c->first; j < c->first + n; j++)
      links->of[j] = c;
  }
}

static void read_rows(const void *state, size_t row, size_t n, double *block) {
  const fitting *f = state;
  emend_matrix whole = emend_encoding_matrix(&f->made->encoding);
  for (size_t i = 0; i < n; i++)
    whole.read(whole.state, f->rows[row + i], 1, block + i * whole.n_columns);
}

static double draw(const void *state, size_t row, size_t column, double mean, double sd, const double *drawn, const double *block) {
  const fitting *f = state;
  return emend_imputation_draw(f->made, f->rows[row], column, mean, sd, drawn, block);
}

static size_t slices(size_t n) { return (n + SLICE_ROWS - 1) / SLICE_ROWS; }

static void standardise_rows(void *state, size_t task) {
  fitting *f = state;
  const emend_standard *s = &f->links->standard;
  size_t p = s->p, first = task * SLICE_ROWS, end = f->n - first < SLICE_ROWS ? f->n : first + SLICE_ROWS;
  double *block = emend_allocate(end - first, p * sizeof *block);
  f->status[task] = block ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  if (block)
    read_rows(f, first, end - first, block);
  for (size_t i = first; block && i < end; i++)
    for (size_t j = 0; j < p; j++) {
      double x = block[(i - first) * p + j];
      if (isnan(x) && s->active[j])
        x = emend_completed_value(f->drawn, i, j);
      f->z[i * p + j] = s->active[j] ? (x - s->center[j]) * s->inverse_sd[j] : 0;
    }
  free(block);
}

/* The code of a cell among its decoder's, or its level. */
static size_t code_of(const emend_imputation *made, const emend_curve *c, size_t row) {
  emend_run cell = emend_dataset_run(made->plan->dataset, c->variable, row);
  const emend_categories *all = &made->plan->variables[c->variable].categories;
  if (c->decoder->kind != EMEND_DECODE_LEVELS)
    return emend_categories_find(&c->decoder->planned->categories, emend_categories_number(all, row, *cell.reasons, *cell.values));
  size_t category = emend_categories_of_cell(all, row, *cell.reasons, *cell.values);
  return category < all->n ? all->levels[category] : EMEND_NO_CATEGORY;
}

static void gather(const fitting *f, const emend_curve *c, emend_answered *answered) {
  const double *weights = f->made->plan->weights;
  double sum = 0;
  for (size_t i = 0; i < f->n; i++) {
    size_t code = f->last || is_chosen(f, f->rows[i], f->n, MOST_ROWS_AT_FIRST, 1) ? code_of(f->made, c, f->rows[i]) : EMEND_NO_CATEGORY;
    if (code == EMEND_NO_CATEGORY)
      continue;
    answered->row[answered->n] = (uint32_t)i;
    answered->code[answered->n] = (unsigned char)code;
    sum += answered->weight[answered->n++] = weights ? weights[f->rows[i]] : 1;
  }
  for (size_t i = 0; i < answered->n; i++)
    answered->weight[i] *= (double)answered->n / sum;
}

/* A curve that cannot be fitted is done without. */
static void fit_one(void *state, size_t task) {
  fitting *f = state;
  emend_curve *c = &f->links->curves[task];
  emend_answered answered = {.z = f->z, .row = emend_allocate(f->n, sizeof *answered.row), .code = emend_allocate(f->n, 1)};
  answered.weight = emend_allocate(f->n, sizeof *answered.weight);
  emend_status status = answered.row && answered.code && answered.weight ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  if (!status) {
    gather(f, c, &answered);
    status = emend_curve_fit(c, &f->links->standard, &answered, f->last, NULL);
  }
  free(answered.row), free(answered.code), free(answered.weight);
  f->status[task] = status == EMEND_OUT_OF_MEMORY ? status : EMEND_OK;
}

static void revise_rows(void *state, size_t task) {
  const fitting *f = state;
  const emend_standard *s = &f->links->standard;
  uint32_t *missing = emend_allocate(s->p, sizeof *missing);
  f->status[task] = missing ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  for (size_t i = task * SLICE_ROWS; missing && i < f->n && i < (task + 1) * SLICE_ROWS; i++) {
    size_t m = 0;
    for (size_t j = 0; j < s->p; j++)
      if (s->active[j] && emend_completed_cell(f->drawn, i, j))
        missing[m++] = (uint32_t)j;
    emend_links_revise(f->links, f->rows[i], missing, m, f->z + i * s->p);
  }
  free(missing);
}

static emend_status run(fitting *f, size_t n, emend_team *team, emend_task task, emend_error *error) {
  emend_team_run(team, n, task, f);
  for (size_t i = 0; i < n; i++)
    if (f->status[i])
      return emend_fail_memory(error);
  return EMEND_OK;
}

/* Completes the rows, and fits: first to draws that the model says, then to those of the curves. */
static emend_status fit_all(fitting *f, const emend_normal *model, emend_events *events, emend_error *error) {
  emend_matrix matrix = emend_encoding_matrix(&f->made->encoding);
  matrix.n_rows = f->n, matrix.state = f, matrix.read = read_rows, matrix.weights = NULL;
  emend_completion_wish wish = {.draw = draw, .follows = f->made->follows, .state = f};
  static const double ANSWER = 2e-6; /* seconds, of each curve */
  emend_team *team = NULL;
  double seconds = ANSWER * (double)f->n * (double)f->links->n_curves;
  size_t n_slices = slices(f->n), n_curves = f->links->n_curves;
  f->z = emend_allocate(f->n, matrix.n_columns * sizeof *f->z);
  f->status = emend_allocate(n_slices > n_curves ? n_slices : n_curves, sizeof *f->status);
  emend_status status = f->z && f->status ? emend_team_for(seconds, f->made->threads, &team, error) : emend_fail_memory(error);
  if (!status)
    status = emend_normal_complete_matrix(model, &matrix, &wish, f->made->threads, events, &f->drawn, error);
  if (!status)
    status = run(f, n_slices, team, standardise_rows, error);
  for (int round = 0; round < ROUNDS && !status; round++) {
    f->last = round + 1 == ROUNDS;
    if (round > 0)
      status = run(f, n_slices, team, revise_rows, error);
    if (!status)
      status = run(f, n_curves, team, fit_one, error);
  }
  emend_team_free(team);
  return status;
}

static emend_status allocate(emend_links *links, const emend_imputation *made, const emend_normal *model, emend_error *error) {
  links->made = made;
  links->curves = emend_allocate(made->plan->n_variables, sizeof *links->curves);
  links->of = emend_allocate(made->encoding.n_columns, sizeof(emend_curve *));
  return links->curves && links->of ? emend_standard_new(model, &links->standard, error) : emend_fail_memory(error);
}

emend_status emend_links_new(emend_imputation *made, const emend_normal *model, const uint32_t *rows, size_t n, emend_events *events,
                             emend_links **links, emend_error *error) {
  fitting f = {.made = made, .links = emend_allocate(1, sizeof *f.links)};
  double start = emend_clock_seconds();
  *links = NULL;
  if (!f.links)
    return emend_fail_memory(error);
  emend_status status = emend_blas_begin(error);
  bool begun = !status;
  if (!status)
    status = allocate(f.links, made, model, error);
  if (!status)
    find_curves(f.links, made, model, rows);
  if (!status && f.links->n_curves > 0)
    status = choose_rows(&f, rows, n, error);
  if (!status && f.n > 0)
    status = fit_all(&f, model, events, error);
  if (begun)
    emend_blas_end();
  emend_completed_free(f.drawn);
  free(f.rows), free(f.z), free(f.status);
  made->seconds_estimate += emend_clock_seconds() - start;
  if (status || f.n == 0)
    emend_links_free(f.links);
  else
    *links = f.links;
  return status;
}

void emend_links_revise(const emend_links *links, size_t row, const uint32_t *missing, size_t m, double *z) {
  for (size_t sweep = 0; links && sweep < SWEEPS; sweep++)
    for (size_t a = 0; a < m; a++) {
      const emend_curve *c = links->of[missing[a]];
      if (c && c->fitted && (a == 0 || links->of[missing[a - 1]] != c))
        emend_curve_draw(c, &links->standard, emend_imputation_uniform_again(links->made, row, c->variable, sweep), z);
    }
}
