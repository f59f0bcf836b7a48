/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/expect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/team.h"
#include "normal/kernel.h"
#include "pattern/masks.h"

/* Each code given the others, and these given it: as often as draws are revised. */
enum { SWEEPS = 2, SQUARE = EMEND_MOST_COORDINATES_OF_CURVES * EMEND_MOST_COORDINATES_OF_CURVES };
/* Of other codes that the row misses, those that matter most are averaged over one by one; the rest pass for normal. */
enum { MOST_OTHERS = 3, MOST_POINTS = 16 };
static const double LEAST_INFLUENCE = 0.05; /* in standard deviations of a coordinate's unit */

typedef struct expectation {
  const emend_links *links;
  const uint32_t *rows;
  emend_completed *completed;
  const emend_kernels *kernels;
  emend_status *status; /* per chunk */
} expectation;

/* For a curve: which of the open codes are averaged over one by one. */
typedef struct others_of {
  size_t n, which[MOST_OTHERS];
} others_of;

/* One chunk at work. */
typedef struct chunk {
  const expectation *e;
  size_t first, n; /* rows of `completed` */
  double *z;       /* n x p, standardised and complete */
  double *inverse, *scratch, *weights, *products;
  uint32_t *missing, *pattern_of, *start, *order, *place; /* place: of a missing column among these */
  size_t m;                                               /* of the pattern at hand */
  const emend_curve **open;                               /* curves of codes that it misses */
  size_t n_open;
  double *factors; /* of the covariance of each one's coordinates */
  bool *sure;      /* those that miss nothing else */
  others_of *others;
  double *values, *odds; /* of each code that is open, EMEND_MOST_CATEGORIES each: standardised, and of the row at hand */
  emend_masks *masks;
} chunk;

static void chunk_free(chunk *c) {
  free(c->z), free(c->inverse), free(c->scratch), free(c->weights), free(c->products);
  free(c->missing), free(c->pattern_of), free(c->start), free(c->order), free(c->place);
  free(c->open), free(c->factors), free(c->sure), free(c->others), free(c->values), free(c->odds);
  emend_masks_free(c->masks);
}

static bool chunk_new(chunk *c) {
  const emend_links *links = c->e->links;
  size_t p = links->standard.p;
  c->z = emend_allocate_aligned(c->n * p + 8, sizeof *c->z);
  c->inverse = emend_allocate_aligned(p * p, sizeof *c->inverse);
  c->scratch = emend_allocate_aligned(emend_kernel_scratch(p), sizeof *c->scratch);
  c->weights = emend_allocate(EMEND_MOST_COORDINATES_OF_CURVES, p * sizeof *c->weights);
  c->products = emend_allocate(p, sizeof *c->products);
  c->missing = emend_allocate(p, sizeof *c->missing);
  c->place = emend_allocate(p, sizeof *c->place);
  c->pattern_of = emend_allocate(c->n, sizeof *c->pattern_of);
  c->start = emend_allocate(c->n + 2, sizeof *c->start);
  c->order = emend_allocate(c->n, sizeof *c->order);
  c->open = emend_allocate(links->n_curves, sizeof(emend_curve *));
  c->factors = emend_allocate(links->n_curves, SQUARE * sizeof *c->factors);
  c->sure = emend_allocate(links->n_curves, sizeof *c->sure);
  c->others = emend_allocate(links->n_curves, sizeof *c->others);
  c->values = emend_allocate(links->n_curves, sizeof(double[EMEND_MOST_CATEGORIES]));
  c->odds = emend_allocate(links->n_curves, sizeof(double[EMEND_MOST_CATEGORIES]));
  c->masks = emend_masks_new(p);
  return c->z && c->inverse && c->scratch && c->weights && c->products && c->missing && c->place && c->pattern_of && c->start && c->order &&
         c->open && c->factors && c->sure && c->others && c->values && c->odds && c->masks;
}

static void read_rows(chunk *c) {
  const expectation *e = c->e;
  const emend_standard *s = &e->links->standard;
  emend_matrix whole = emend_encoding_matrix(&e->links->made->encoding);
  for (size_t i = 0, run; i < c->n; i += run) {
    size_t row = c->first + i;
    for (run = 1; i + run < c->n && (!e->rows || e->rows[row + run] == e->rows[row] + run); run++)
      ;
    whole.read(whole.state, e->rows ? e->rows[row] : row, run, c->z + i * s->p);
  }
  for (size_t i = 0; i < c->n; i++)
    for (size_t j = 0; j < s->p; j++) {
      double *x = c->z + i * s->p + j;
      if (isnan(*x) && s->active[j])
        *x = emend_completed_value(e->completed, c->first + i, j);
      *x = s->active[j] ? (*x - s->center[j]) * s->inverse_sd[j] : 0;
    }
}

/* The rows of each pattern together: `order`, by `start`. */
static emend_status sort_rows(chunk *c, const emend_completed_chunk *own, size_t words) {
  for (size_t i = 0; i < c->n; i++)
    if (emend_masks_find(c->masks, own->masks + i * words, &c->pattern_of[i], NULL))
      return EMEND_OUT_OF_MEMORY;
  for (size_t i = 0; i < c->n; i++)
    c->start[c->pattern_of[i] + 2]++;
  for (size_t s = 2; s <= emend_masks_count(c->masks); s++)
    c->start[s + 1] += c->start[s];
  for (size_t i = 0; i < c->n; i++)
    c->order[c->start[c->pattern_of[i] + 1]++] = (uint32_t)i;
  return EMEND_OK;
}

static void list_columns(chunk *c, const uint64_t *mask) {
  const emend_links *links = c->e->links;
  const emend_curve *before = NULL;
  c->m = c->n_open = 0;
  for (size_t j = 0; j < links->standard.p; j++) {
    if (!links->standard.active[j] || !(mask[j / 64] >> j % 64 & 1))
      continue;
    const emend_curve *curve = links->of[j];
    c->place[j] = (uint32_t)c->m;
    c->missing[c->m++] = (uint32_t)j;
    if (curve && curve->fitted && curve != before)
      c->open[c->n_open++] = before = curve;
  }
}

/* How far a code that is open moves the coordinates of a curve: the largest weight times the code's standard deviation. */
static double influence(const chunk *c, const emend_curve *curve, size_t column) {
  size_t p = c->e->links->standard.p, at = c->place[column];
  double most = 0;
  for (size_t k = 0; k < curve->n_coordinates; k++)
    most = fmax(most, fabs(curve->weights[k * p + column]));
  return most * sqrt(fmax(-c->inverse[at * (c->m + 1)], 0));
}

/* Those of one column that move it most, in that order, as long as they have few values together. */
static void choose_others(chunk *c, size_t own) {
  others_of *others = &c->others[own];
  double least = HUGE_VAL;
  others->n = 0;
  for (size_t points = 1; others->n < MOST_OTHERS;) {
    size_t best = SIZE_MAX;
    double most = LEAST_INFLUENCE;
    for (size_t i = 0; i < c->n_open; i++) {
      const emend_curve *other = c->open[i];
      double moves =
          i == own || other->n_columns > 1 || points * other->probit.n > MOST_POINTS ? 0 : influence(c, c->open[own], other->first);
      if (moves > most && moves < least)
        most = moves, best = i;
    }
    if (best == SIZE_MAX)
      return;
    points *= c->open[best]->probit.n;
    others->which[others->n++] = best;
    least = most;
  }
}

/* The covariance of a curve's coordinates given what the pattern has observed, and the others: W C W'. */
static void find_covariance(const chunk *c, size_t own, double *covariance) {
  const emend_curve *curve = c->open[own];
  size_t d = curve->n_coordinates, m = c->m, p = c->e->links->standard.p;
  for (size_t k = 0; k < d; k++) {
    for (size_t a = 0; a < m; a++)
      c->weights[k * m + a] = curve->weights[k * p + c->missing[a]];
    for (size_t i = 0; i < c->others[own].n; i++)
      c->weights[k * m + c->place[c->open[c->others[own].which[i]]->first]] = 0;
  }
  for (size_t k = 0; k < d; k++) {
    memset(c->products, 0, m * sizeof *c->products);
    for (size_t a = 0; a < m; a++)
      curve->kernels->add(m, -c->weights[k * m + a], c->inverse + a * m, c->products);
    for (size_t l = 0; l <= k; l++) {
      covariance[k * d + l] = 0;
      for (size_t a = 0; a < m; a++)
        covariance[k * d + l] += c->products[a] * c->weights[l * m + a];
    }
  }
}

/* The lower Cholesky factor in place; what hardly varies given those before it has no column. */
static void factorise(double *a, size_t d) {
  static const double NOTHING = 1e-12;
  for (size_t j = 0; j < d; j++) {
    for (size_t k = 0; k < j; k++)
      a[j * d + j] -= a[j * d + k] * a[j * d + k];
    double root = a[j * d + j] > NOTHING ? sqrt(a[j * d + j]) : 0;
    a[j * d + j] = root;
    for (size_t i = j + 1; i < d; i++) {
      for (size_t k = 0; k < j; k++)
        a[i * d + j] -= a[i * d + k] * a[j * d + k];
      a[i * d + j] = root > 0 ? a[i * d + j] / root : 0;
    }
  }
}

static void prepare_curve(chunk *c, size_t own) {
  choose_others(c, own);
  find_covariance(c, own, c->factors + own * SQUARE);
  factorise(c->factors + own * SQUARE, c->open[own]->n_coordinates);
  for (size_t k = 0; k < c->open[own]->probit.n && c->open[own]->n_columns == 1; k++)
    c->values[own * EMEND_MOST_CATEGORIES + k] = emend_curve_standardised(c->open[own], &c->e->links->standard, k);
}

static emend_status prepare_pattern(chunk *c) {
  const emend_standard *s = &c->e->links->standard;
  bool any = false;
  for (size_t i = 0; i < c->n_open; i++) {
    size_t own = 0;
    for (size_t j = c->open[i]->first; j < c->open[i]->first + c->open[i]->n_columns; j++)
      own += s->active[j];
    c->sure[i] = own == c->m;
    c->others[i].n = 0;
    any = any || !c->sure[i];
  }
  if (any && !c->e->kernels->condition(c->missing, c->m, s->stride, s->precision, c->inverse, c->scratch))
    return EMEND_NOT_POSITIVE_DEFINITE;
  for (size_t i = 0; i < c->n_open && any; i++)
    prepare_curve(c, i);
  return EMEND_OK;
}

static void put_answer(const chunk *c, const emend_curve *curve, size_t row, const double *z, const double *p, double scale) {
  const emend_standard *s = &c->e->links->standard;
  emend_completed *completed = c->e->completed;
  if (curve->decoder->kind == EMEND_DECODE_LEVELS) {
    for (size_t l = 1; l <= curve->n_columns; l++)
      emend_completed_put(completed, row, curve->first + l - 1, p[l], emend_completed_spread(completed, row, curve->first + l - 1));
    return;
  }
  emend_completed_put(completed, row, curve->first, s->center[curve->first] + s->sd[curve->first] * z[curve->first], scale);
}

/* At first nothing is known of the others, and their expectations stand for them. */
static size_t gather_others(const chunk *c, size_t own, bool first, emend_open_code *others) {
  size_t n = first ? 0 : c->others[own].n;
  for (size_t i = 0; i < n; i++) {
    size_t other = c->others[own].which[i];
    others[i] = (emend_open_code){.column = c->open[other]->first,
                                  .n = c->open[other]->probit.n,
                                  .values = c->values + other * EMEND_MOST_CATEGORIES,
                                  .probabilities = c->odds + other * EMEND_MOST_CATEGORIES};
  }
  return n;
}

static void expect_row(chunk *c, size_t i) {
  double *z = c->z + i * c->e->links->standard.p, scale;
  int sweeps = c->n_open > 1 ? SWEEPS : 1;
  for (int sweep = 1; sweep <= sweeps; sweep++)
    for (size_t k = 0; k < c->n_open; k++) {
      emend_open_code others[MOST_OTHERS];
      size_t n = gather_others(c, k, sweep == 1, others);
      double *p = c->odds + k * EMEND_MOST_CATEGORIES;
      emend_curve_expect(c->open[k], &c->e->links->standard, c->sure[k] ? NULL : c->factors + k * SQUARE, others, n, z, p, &scale);
      if (sweep == sweeps)
        put_answer(c, c->open[k], c->first + i, z, p, scale);
    }
}

static emend_status expect_rows(chunk *c, const emend_completed_chunk *own) {
  read_rows(c);
  emend_status status = sort_rows(c, own, c->e->completed->words);
  for (uint32_t s = 0; !status && s < emend_masks_count(c->masks); s++) {
    list_columns(c, emend_masks_bits(c->masks, s));
    if (c->n_open > 0)
      status = prepare_pattern(c);
    for (size_t i = c->start[s]; i < c->start[s + 1] && c->n_open > 0 && !status; i++)
      expect_row(c, c->order[i]);
  }
  return status;
}

static void expect_chunk(void *state, size_t number) {
  const expectation *e = state;
  emend_completed *completed = e->completed;
  chunk c = {.e = e, .first = number * completed->chunk_rows, .n = emend_completed_chunk_rows(completed, number)};
  e->status[number] = chunk_new(&c) ? expect_rows(&c, &completed->chunks[number]) : EMEND_OUT_OF_MEMORY;
  chunk_free(&c);
}

/* The decoders of codes cut what the curves are of. */
static emend_status give_thresholds(emend_links *links, emend_error *error) {
  for (size_t i = 0; i < links->n_curves; i++) {
    const emend_curve *c = &links->curves[i];
    if (c->fitted && c->decoder->kind != EMEND_DECODE_LEVELS && emend_decoder_set_thresholds(c->decoder, c->probit.thresholds, error))
      return EMEND_OUT_OF_MEMORY;
  }
  return EMEND_OK;
}

emend_status emend_links_expect(emend_links *links, const uint32_t *rows, emend_completed *completed, emend_error *error) {
  static const double CURVE_OF_ROW = 1e-7; /* seconds */
  if (!links)
    return EMEND_OK;
  expectation e = {.links = links, .rows = rows, .completed = completed, .kernels = emend_kernels_of(emend_level_choose())};
  emend_team *team = NULL;
  double seconds = CURVE_OF_ROW * (double)completed->n_rows * (double)links->n_curves;
  e.status = emend_allocate(completed->n_chunks, sizeof *e.status);
  emend_status status = e.status ? emend_team_for(seconds, links->made->threads, &team, error) : emend_fail_memory(error);
  if (!status)
    emend_team_run(team, completed->n_chunks, expect_chunk, &e);
  for (size_t i = 0; i < completed->n_chunks && !status; i++) {
    if (e.status[i] == EMEND_NOT_POSITIVE_DEFINITE)
      status = emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "the model's covariance matrix is not positive definite");
    else
      status = e.status[i] ? emend_fail_memory(error) : EMEND_OK;
  }
  emend_team_free(team);
  free(e.status);
  return status ? status : give_thresholds(links, error);
}
