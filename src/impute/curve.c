/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "impute/curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MOST_COORDINATES = 4, FEWEST_ANSWERS = 50, ANSWERS_PER_COLUMN = 5, ANSWERS_PER_LEVEL = 5, FINER_ANSWERS_PER_COLUMN = 10, STEPS = 3 };
/* A variable of which the others leave less is determined by them, and stays where they put it. */
static const double LEAST_LEFT = 0.02;

/* One fit. */
typedef struct fitting {
  emend_curve *curve;
  const emend_standard *standard;
  const emend_answered *answered;
  emend_answers answers; /* with room for all coordinates */
  size_t n_scores;       /* linear predictors: 1, or of each level but the first */
  double *weights;       /* of all coordinates there is room for, x p */
  emend_probit prior;
  double r, reach;
  int steps;
  bool again; /* from where the fit before ended */
} fitting;

void emend_curve_free(emend_curve *curve) {
  free(curve->weights);
  emend_logit_free(&curve->logit);
  curve->weights = NULL;
}

static void predict_all(fitting *f, size_t d) {
  size_t p = f->standard->p;
  f->answers.n_coordinates = d;
  for (size_t i = 0; i < f->answers.n; i++)
    f->curve->kernels->predict(d, p, f->weights, f->answered->z + f->answered->row[i] * p, f->answers.x + i * d);
}

/* Two levels are as any two codes. */
static bool has_levels(const emend_curve *curve) { return curve->decoder->kind == EMEND_DECODE_LEVELS && curve->n_columns > 1; }

static double code_number(const emend_curve *curve, size_t code) {
  return curve->decoder->kind == EMEND_DECODE_LEVELS ? (double)code : curve->decoder->planned->categories.numbers[code];
}

static void find_prior(const emend_curve *curve, double r, emend_probit *prior) {
  double numbers[] = {0, 1}, weights[2] = {0};
  const emend_categories *c = &curve->decoder->planned->categories;
  if (curve->decoder->kind != EMEND_DECODE_LEVELS) {
    emend_probit_of_model(c, r, prior);
    return;
  }
  for (size_t k = 0; k < c->n; k++)
    if (c->levels[k] < 2)
      weights[c->levels[k]] += c->weights[k];
  emend_probit_of_model(&(emend_categories){.n = 2, .numbers = numbers, .weights = weights}, r, prior);
}

/* Enough answers of every level. */
static bool count_levels(const fitting *f, size_t n, double *shares) {
  size_t counts[EMEND_MOST_CATEGORIES] = {0};
  for (size_t i = 0; i < f->answers.n; i++)
    counts[f->answers.code[i]]++, shares[f->answers.code[i]] += f->answers.weight[i];
  for (size_t l = 0; l < n; l++) {
    shares[l] = (shares[l] + 0.5) / ((double)f->answers.n + (double)n / 2);
    if (counts[l] < ANSWERS_PER_LEVEL && (!f->curve->has_level || f->curve->has_level[l]))
      return false;
  }
  return true;
}

/* Enough answers beside the most frequent code. */
static bool counts_differ(const fitting *f) {
  size_t counts[EMEND_MOST_CATEGORIES] = {0}, most = 0;
  for (size_t i = 0; i < f->answers.n; i++) {
    size_t own = ++counts[f->answers.code[i]];
    most = own > most ? own : most;
  }
  return f->answers.n - most >= ANSWERS_PER_LEVEL;
}

static emend_status fit(fitting *f, const double *shares, emend_error *error) {
  emend_curve *c = f->curve;
  if (!has_levels(c))
    return emend_probit_fit(&f->answers, &f->prior, f->r, f->reach, &c->probit, error);
  return emend_logit_fit(&f->answers, shares, &c->logit, error);
}

/* The products of the columns with the derivatives of an answer's log-probability with respect to its linear predictors. */
static void find_gradient(const fitting *f, double *gradient) {
  const emend_curve *c = f->curve;
  size_t p = f->standard->p, d = f->answers.n_coordinates;
  double probabilities[EMEND_MOST_CATEGORIES];
  memset(gradient, 0, f->n_scores * p * sizeof *gradient);
  for (size_t i = 0; i < f->answers.n; i++) {
    const double *z = f->answered->z + f->answered->row[i] * p, *x = f->answers.x + i * d;
    size_t code = f->answers.code[i];
    if (has_levels(c))
      emend_logit_probabilities(&c->logit, x, probabilities);
    for (size_t s = 0; s < f->n_scores; s++) {
      double score = has_levels(c) ? (code == s + 1) - probabilities[s + 1] : emend_probit_score(&c->probit, code, x);
      score *= f->answers.weight[i] / (double)f->answers.n;
      c->kernels->add(p, score, z, gradient + s * p);
    }
  }
}

/* Each level's linear predictor is a coordinate; room for as many more. */
static emend_status merge_levels(emend_curve *c, const double *shares, emend_error *error) {
  emend_logit before = c->logit;
  size_t n = c->n_columns, width = 2 * n + 1;
  emend_status status = emend_logit_new(n + 1, 2 * n, shares, &c->logit, error);
  for (size_t l = 1; l <= n && !status; l++) {
    c->logit.coefficients[l * width + l - 1] = 1;
    c->logit.coefficients[l * width + 2 * n] = before.coefficients[l * (before.n_coordinates + 1) + before.n_coordinates];
  }
  emend_logit_free(&before);
  return status;
}

/* The coordinates become the linear predictors, without their constants. */
static emend_status merge(fitting *f, const double *shares, emend_error *error) {
  emend_curve *c = f->curve;
  size_t p = f->standard->p, d = f->answers.n_coordinates;
  double *merged = emend_allocate(f->n_scores, p * sizeof *merged);
  if (!merged)
    return emend_fail_memory(error);
  for (size_t s = 0; s < f->n_scores; s++)
    for (size_t k = 0; k < d; k++) {
      double slope = has_levels(c) ? c->logit.coefficients[(s + 1) * (d + 1) + k] : c->probit.slopes[k];
      for (size_t j = 0; j < p; j++)
        merged[s * p + j] += slope * f->weights[k * p + j];
    }
  memcpy(f->weights, merged, f->n_scores * p * sizeof *merged);
  free(merged);
  if (has_levels(c))
    return merge_levels(c, shares, error);
  f->reach *= c->probit.slopes[0];
  c->probit.slopes[0] = 1, c->probit.slopes[1] = 0, c->probit.n_coordinates = 2;
  return EMEND_OK;
}

/* A step uphill: the linear predictors and, beside each, the direction in which the likelihood rises, in the metric of the columns. */
static emend_status step(fitting *f, const double *shares, emend_error *error) {
  size_t p = f->standard->p, n = f->n_scores;
  double *gradient = f->weights + n * p;
  double *kept = emend_allocate(n, p * sizeof *kept);
  if (!kept)
    return emend_fail_memory(error);
  find_gradient(f, kept);
  emend_status status = merge(f, shares, error);
  memcpy(gradient, kept, n * p * sizeof *kept);
  free(kept);
  for (size_t s = 0; s < n && !status; s++)
    status = emend_left_out_regress(f->standard, f->curve->first, f->curve->n_columns, gradient + s * p, error);
  if (status)
    return status;
  predict_all(f, 2 * n);
  return fit(f, shares, error);
}

/* More answers than all but the most frequent code have, for every column. */
static bool may_step(const fitting *f, const double *shares) {
  double most = 0, own[EMEND_MOST_CATEGORIES] = {0}, n = (double)f->answers.n;
  for (size_t i = 0; i < f->answers.n && !shares; i++)
    own[f->answers.code[i]] += 1 / n;
  for (size_t k = 0; k < EMEND_MOST_CATEGORIES; k++)
    most = fmax(most, shares ? (k <= f->curve->n_columns ? shares[k] : 0) : own[k]);
  return 2 * f->n_scores <= EMEND_MOST_COORDINATES_OF_CURVES && n * (1 - most) >= FINER_ANSWERS_PER_COLUMN * (double)f->standard->p;
}

/* Where the search begins. */
static emend_status begin(fitting *f, size_t d, const double *shares, emend_error *error) {
  emend_curve *c = f->curve;
  emend_logit_free(&c->logit);
  if (has_levels(c))
    return emend_logit_new(c->n_columns + 1, d, shares, &c->logit, error);
  c->probit = f->prior;
  return EMEND_OK;
}

/* The answers have their d predictions. */
static emend_status fit_by_steps(fitting *f, size_t d, emend_error *error) {
  emend_curve *c = f->curve;
  double spreads[EMEND_MOST_COORDINATES_OF_CURVES], shares[EMEND_MOST_CATEGORIES] = {0};
  bool levels = has_levels(c);
  emend_answers_spread(&f->answers, spreads);
  if (levels ? !count_levels(f, c->n_columns + 1, shares) : !counts_differ(f))
    return EMEND_OK;
  if (!levels) {
    f->r = f->reach = spreads[0];
    find_prior(c, fmin(f->r, 1), &f->prior);
  }
  emend_status status = f->again && c->n_coordinates == d ? EMEND_OK : begin(f, d, shares, error);
  if (!status)
    status = fit(f, shares, error);
  for (int i = 0; i < f->steps && !status && may_step(f, levels ? shares : NULL); i++)
    status = step(f, shares, error);
  c->n_coordinates = f->answers.n_coordinates;
  c->weights = f->weights, f->weights = NULL;
  c->fitted = !status;
  return status;
}

/* The others leave something of it. */
static bool is_free(const fitting *f, double residual) {
  double spreads[EMEND_MOST_COORDINATES_OF_CURVES];
  emend_answers_spread(&f->answers, spreads);
  double varies = spreads[0] * spreads[0];
  return varies > 0 && residual > LEAST_LEFT * (varies + residual);
}

/* From what the model predicts for the answers. */
static emend_status fit_left_out(fitting *f, const emend_left_out *left_out, emend_error *error) {
  memcpy(f->weights, left_out->weights, left_out->n * f->standard->p * sizeof(double));
  predict_all(f, left_out->n);
  return is_free(f, left_out->residual) ? fit_by_steps(f, left_out->n, error) : EMEND_OK;
}

emend_status emend_curve_fit(emend_curve *c, const emend_standard *standard, const emend_answered *answered, bool finely,
                             emend_error *error) {
  fitting f = {.curve = c, .standard = standard, .answered = answered, .n_scores = has_levels(c) ? c->n_columns : 1};
  f.steps = finely ? STEPS : 0;
  f.again = c->fitted;
  emend_left_out left_out = {0};
  size_t most = EMEND_MOST_COORDINATES_OF_CURVES;
  free(c->weights);
  c->weights = NULL;
  c->fitted = false;
  c->kernels = emend_curve_kernels_choose();
  if (answered->n < FEWEST_ANSWERS || answered->n < ANSWERS_PER_COLUMN * standard->p)
    return EMEND_OK;
  f.answers = (emend_answers){.n = answered->n, .code = answered->code, .weight = answered->weight};
  f.answers.x = emend_allocate(answered->n, most * sizeof *f.answers.x);
  f.weights = emend_allocate(most, standard->p * sizeof *f.weights);
  emend_status status = f.answers.x && f.weights ? EMEND_OK : emend_fail_memory(error);
  if (!status)
    status = emend_left_out_new(standard, c->first, c->n_columns, MOST_COORDINATES, &left_out, error);
  if (!status && left_out.n > 0)
    status = fit_left_out(&f, &left_out, error);
  emend_left_out_free(&left_out);
  free(f.answers.x), free(f.weights);
  return status;
}

static void put(const emend_standard *s, size_t column, double value, double *z) {
  z[column] = (value - s->center[column]) * s->inverse_sd[column];
}

double emend_curve_standardised(const emend_curve *c, const emend_standard *s, size_t code) {
  return (code_number(c, code) - s->center[c->first]) * s->inverse_sd[c->first];
}

static void draw_code(const emend_curve *c, const emend_standard *s, const double *x, double u, double *z) {
  size_t i = 0;
  while (i + 1 < c->probit.n && u > emend_probit_below(&c->probit, i, x))
    i++;
  put(s, c->first, code_number(c, i), z);
}

static void draw_level(const emend_curve *c, const emend_standard *s, const double *x, double u, double *z) {
  double p[EMEND_MOST_CATEGORIES], sum = 0;
  size_t n = c->n_columns + 1, level = 0;
  emend_logit_probabilities(&c->logit, x, p);
  for (size_t l = 0; l < n; l++)
    sum += p[l] *= !c->has_level || c->has_level[l];
  for (size_t l = 0; l < n && u > 0; u -= p[l++] / sum)
    level = p[l] > 0 ? l : level;
  for (size_t l = 1; l < n; l++)
    put(s, c->first + l - 1, l == level, z);
}

void emend_curve_draw(const emend_curve *c, const emend_standard *standard, double u, double *z) {
  double x[EMEND_MOST_COORDINATES_OF_CURVES];
  c->kernels->predict(c->n_coordinates, standard->p, c->weights, z, x);
  (has_levels(c) ? draw_level : draw_code)(c, standard, x, u, z);
}

static double latent_scale(const emend_curve *c, const double *factor) {
  size_t d = c->n_coordinates;
  double variance = 1;
  for (size_t k = 0; k < d && factor; k++) {
    double sum = 0;
    for (size_t j = k; j < d; j++)
      sum += c->probit.slopes[j] * factor[j * d + k];
    variance += sum * sum;
  }
  return sqrt(variance);
}

/* An average under way, and the first two moments of a code's linear predictor. */
typedef struct average {
  const emend_curve *curve;
  size_t p;
  const double *factor, *z;
  double scale, *probabilities, eta, squares;
} average;

static void add_point(average *a, const double *x, double weight) {
  const emend_curve *c = a->curve;
  double own[EMEND_MOST_CATEGORIES], eta = 0;
  size_t n = has_levels(c) ? c->n_columns + 1 : c->probit.n;
  if (!has_levels(c))
    emend_probit_probabilities(&c->probit, x, a->scale, own);
  else if (a->factor)
    emend_logit_expectations(&c->logit, x, a->factor, own);
  else
    emend_logit_probabilities(&c->logit, x, own);
  for (size_t k = 0; k < n; k++)
    a->probabilities[k] += weight * own[k];
  for (size_t k = 0; k < c->n_coordinates && !has_levels(c); k++)
    eta += c->probit.slopes[k] * x[k];
  a->eta += weight * eta, a->squares += weight * eta * eta;
}

/* Every combination of the others' values. */
static void add_points(average *a, const emend_open_code *others, size_t n_others, const double *x, double weight) {
  if (n_others == 0) {
    add_point(a, x, weight);
    return;
  }
  for (size_t i = 0; i < others->n; i++) {
    double y[EMEND_MOST_COORDINATES_OF_CURVES];
    for (size_t k = 0; k < a->curve->n_coordinates; k++)
      y[k] = x[k] + a->curve->weights[k * a->p + others->column] * (others->values[i] - a->z[others->column]);
    add_points(a, others + 1, n_others - 1, y, weight * others->probabilities[i]);
  }
}

static void put_code(const emend_curve *c, const emend_standard *s, const double *p, double *z) {
  double mean = 0;
  for (size_t k = 0; k < c->probit.n; k++)
    mean += p[k] * code_number(c, k);
  put(s, c->first, mean, z);
}

static void put_levels(const emend_curve *c, const emend_standard *s, double *p, double *z) {
  double sum = 0;
  size_t n = c->n_columns + 1;
  for (size_t l = 0; l < n; l++)
    sum += p[l] *= !c->has_level || c->has_level[l];
  for (size_t l = 0; l < n; l++)
    p[l] /= sum;
  for (size_t l = 1; l < n; l++)
    put(s, c->first + l - 1, p[l], z);
}

void emend_curve_expect(const emend_curve *c, const emend_standard *standard, const double *factor, const emend_open_code *others,
                        size_t n_others, double *z, double *probabilities, double *scale) {
  double x[EMEND_MOST_COORDINATES_OF_CURVES];
  average a = {.curve = c, .p = standard->p, .factor = factor, .z = z, .scale = 1, .probabilities = probabilities};
  memset(probabilities, 0, (has_levels(c) ? c->n_columns + 1 : c->probit.n) * sizeof *probabilities);
  if (!has_levels(c))
    a.scale = latent_scale(c, factor);
  c->kernels->predict(c->n_coordinates, standard->p, c->weights, z, x);
  add_points(&a, others, n_others, x, 1);
  *scale = sqrt(a.scale * a.scale + fmax(a.squares - a.eta * a.eta, 0));
  if (has_levels(c))
    put_levels(c, standard, probabilities, z);
  else
    put_code(c, standard, probabilities, z);
}
