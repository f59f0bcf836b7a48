/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "em/accelerator.h"
#include "em/loop.h"
#include "normal/kit.h"
#include "normal/tables.h"

enum { N = 6 };

/* A linear contraction with rates up to 0.99, whose fixed point is known by construction. */
typedef struct linear {
  double rate[N], fixed[N], x[N], image[N];
  bool refuse;  /* the objective falls wherever an accelerator jumps to */
  bool jumped;
} linear;

static linear make_linear(void) {
  linear map = {0};
  for (int i = 0; i < N; i++) {
    map.rate[i] = 0.99 - 0.15 * i;
    map.fixed[i] = 1 + i;
  }
  return map;
}

static void apply(const linear *map, const double *x, double *image) {
  for (int i = 0; i < N; i++)
    image[i] = map->fixed[i] + map->rate[i] * (x[i] - map->fixed[i]);
}

/* On a linear map in N dimensions the method is exact once it has seen N differences, but for the rounding of its normal equations: a few
 * more steps make up for that. */
START_TEST(anderson_solves_linear_maps_exactly) {
  linear map = make_linear();
  emend_accelerator anderson;
  double x[N] = {0}, image[N], proposal[N], reach;
  ck_assert(emend_anderson_new(N, &anderson));
  apply(&map, x, image);
  ck_assert_int_eq(anderson.propose(anderson.state, x, image, proposal, &reach), EMEND_PROPOSAL_NONE); /* one point tells no direction */
  memcpy(x, image, sizeof x);
  for (int step = 0; step < N + 3; step++) {
    apply(&map, x, image);
    ck_assert_int_eq(anderson.propose(anderson.state, x, image, proposal, &reach), EMEND_PROPOSAL_MADE);
    memcpy(x, proposal, sizeof x);
  }
  for (int i = 0; i < N; i++)
    ck_assert_msg(fabs(x[i] - map.fixed[i]) < 1e-6, "coordinate %d is %.9g, wanted %g", i, x[i], map.fixed[i]);
  anderson.free(anderson.state);
}
END_TEST

/* Of a linear map's differences, N of them tell the slowest rate, and fewer a rate that is not above it and grows. */
START_TEST(differences_tell_the_slowest_rate) {
  linear map = make_linear();
  double x[N] = {0}, image[N], dg[N][N], df[N][N], gg[N][N], ff[N][N], gf[N][N], last = 0, last_step[N], last_image[N];
  for (int step = -1; step < N; step++) {
    apply(&map, x, image);
    for (int i = 0; i < N && step >= 0; i++) {
      dg[step][i] = image[i] - last_image[i];
      df[step][i] = image[i] - x[i] - last_step[i];
    }
    for (int i = 0; i < N; i++) {
      last_image[i] = image[i], last_step[i] = image[i] - x[i];
      x[i] = 0.3 * image[i] + 0.7 * x[i] + (i == step ? 1 : 0); /* not along the steps alone, which would be nearly parallel */
    }
    for (int i = 0; i <= step; i++)
      for (int j = 0; j <= step; j++) {
        gg[i][j] = ff[i][j] = gf[i][j] = 0;
        for (int k = 0; k < N; k++)
          gg[i][j] += dg[i][k] * dg[j][k], ff[i][j] += df[i][k] * df[j][k], gf[i][j] += dg[i][k] * df[j][k];
      }
    if (step < 0)
      continue;
    double rate = emend_largest_rate((size_t)step + 1, N, gg[0], ff[0], gf[0]);
    ck_assert_msg(rate >= last - 1e-9 && rate < 0.99 + 1e-7, "after %d differences: %.12g, before %.12g", step + 1, rate, last);
    last = rate;
  }
  ck_assert_msg(fabs(last - 0.99) < 1e-7, "%.12g", last);
}
END_TEST

/* On a map of one rate, two steps tell all: the stride ends in the fixed point, 1 / (1 - rate) steps from where it began. */
START_TEST(squarem_solves_maps_of_one_rate_exactly) {
  linear map = make_linear();
  emend_accelerator squarem;
  double x[N] = {0}, image[N], proposal[N], reach;
  for (int i = 0; i < N; i++)
    map.rate[i] = 0.9;
  ck_assert(emend_squarem_new(N, &squarem));
  for (int cycle = 0; cycle < 2; cycle++) {
    memset(x, 0, sizeof x);
    apply(&map, x, image);
    ck_assert_int_eq(squarem.propose(squarem.state, x, image, proposal, &reach), EMEND_PROPOSAL_WAIT);
    memcpy(x, image, sizeof x);
    apply(&map, x, image);
    ck_assert_int_eq(squarem.propose(squarem.state, x, image, proposal, &reach), EMEND_PROPOSAL_MADE);
    for (int i = 0; i < N && cycle == 1; i++) /* the first stride is held back */
      ck_assert_msg(fabs(proposal[i] - map.fixed[i]) < 1e-10, "coordinate %d is %.9g, wanted %g", i, proposal[i], map.fixed[i]);
    ck_assert_msg(cycle == 0 ? isinf(reach) != 0 : fabs(reach - 10) < 1e-9, "cycle %d: %g steps away", cycle, reach);
  }
  squarem.free(squarem.state);
}
END_TEST

static emend_status estep(void *state, double *objective, emend_error *error) {
  (void)error;
  linear *map = state;
  *objective = map->refuse && map->jumped ? -1e9 : 0;
  for (int i = 0; i < N; i++)
    *objective -= (map->x[i] - map->fixed[i]) * (map->x[i] - map->fixed[i]);
  map->jumped = false;
  return EMEND_OK;
}
static void mstep(void *state) {
  linear *map = state;
  apply(map, map->x, map->image);
  memcpy(map->x, map->image, sizeof map->x);
}
static void get(const void *state, double *parameters) { memcpy(parameters, ((const linear *)state)->x, N * sizeof(double)); }
static bool get_free(void *state, double *parameters) {
  get(state, parameters);
  return true;
}
static void set_free(void *state, const double *parameters) {
  linear *map = state;
  memcpy(map->x, parameters, N * sizeof(double));
  map->jumped = memcmp(map->x, map->image, sizeof map->x) != 0; /* else it is put back where the M-step left it */
}

static emend_em_result run(linear *map, emend_acceleration acceleration, double tolerance) {
  emend_em_model model = {
      .state = map, .n_parameters = N, .estep = estep, .mstep = mstep, .get = get, .n_free = N, .get_free = get_free, .set_free = set_free};
  emend_em_control control = {
      .tolerance = tolerance, .max_iterations = 100000, .acceleration = acceleration, .objective_name = "objective"};
  emend_em_result result;
  ck_assert_int_eq(emend_em_run(&model, &control, &result, NULL), EMEND_OK);
  return result;
}

static double distance(const linear *map) {
  double largest = 0;
  for (int i = 0; i < N; i++)
    largest = fmax(largest, fabs(map->x[i] - map->fixed[i]));
  return largest;
}

/* Where steps are believed, the distance left is what the rule says, to the factor that the slowest eigenvalue allows. */
START_TEST(plain_steps_stop_at_the_wanted_distance) {
  linear map = make_linear();
  emend_em_result result = run(&map, EMEND_ACCELERATE_NONE, 1e-6);
  ck_assert(result.converged);
  ck_assert_msg(distance(&map) < 1.05e-6, "stopped %g away", distance(&map));
  ck_assert_msg(distance(&map) > 0.5e-6, "went on to %g: too far", distance(&map));
}
END_TEST

static const emend_acceleration accelerations[] = {EMEND_ACCELERATE_ANDERSON, EMEND_ACCELERATE_SQUAREM};

START_TEST(jumps_save_steps_and_reach_the_same_place) {
  linear plain = make_linear(), fast = make_linear();
  emend_em_result slow = run(&plain, EMEND_ACCELERATE_NONE, 1e-9), quick = run(&fast, accelerations[_i], 1e-9);
  ck_assert(slow.converged && quick.converged);
  ck_assert_msg(distance(&fast) < 2e-9, "stopped %g away", distance(&fast));
  ck_assert_msg(5 * quick.esteps < slow.esteps, "%zu E-steps against %zu", quick.esteps, slow.esteps);
}
END_TEST

/* An accelerator whose every jump makes things worse costs a few E-steps, not the answer. */
START_TEST(refused_jumps_do_no_harm) {
  linear map = make_linear();
  map.refuse = true;
  emend_em_result result = run(&map, accelerations[_i], 1e-6);
  ck_assert(result.converged);
  ck_assert_msg(distance(&map) < 1.05e-6, "stopped %g away", distance(&map));
  ck_assert(result.largest_fall < 1e-12);
}
END_TEST

/* Where three in four cells are missing the slowest direction hides longest: the distance that is promised is kept all the same. */
START_TEST(distance_is_kept_where_most_is_missing) {
  enum { ROWS = 3000, COLUMNS = 5 };
  double *values = kit_sample(77, ROWS, COLUMNS, 0.75);
  emend_normal_options *options = emend_normal_options_new();
  emend_normal_options_set_acceleration(options, accelerations[_i]);
  emend_normal *stopped = kit_fit(values, ROWS, COLUMNS, NULL, options);
  emend_normal_options_set_tolerance(options, 1e-10, NULL); /* 1e-11 is what rounding leaves */
  emend_normal_options_set_max_iterations(options, 100000, NULL);
  emend_normal *limit = kit_fit(values, ROWS, COLUMNS, NULL, options);
  ck_assert(emend_normal_converged(stopped) && emend_normal_converged(limit));
  const double *scale = emend_normal_scale(limit);
  for (int j = 0; j < COLUMNS * COLUMNS; j++) {
    double unit = scale[j / COLUMNS] * scale[j % COLUMNS],
           apart = (emend_normal_covariance(stopped)[j] - emend_normal_covariance(limit)[j]) / unit;
    ck_assert_msg(fabs(apart) < 1e-6, "entry %d is %g away", j, apart);
  }
  emend_normal_free(stopped), emend_normal_free(limit), emend_normal_options_free(options), free(values);
}
END_TEST

/* Little and Rubin's 13 x 5 takes plain EM hundreds of steps. */
START_TEST(slow_data_take_a_fifth_of_the_steps) {
  emend_normal_options *options = emend_normal_options_new();
  emend_normal_options_set_tolerance(options, 1e-9, NULL);
  emend_normal_options_set_acceleration(options, accelerations[_i]);
  emend_normal *fast = kit_fit(hald, HALD_ROWS, 5, NULL, options);
  emend_normal_options_set_acceleration(options, EMEND_ACCELERATE_NONE);
  emend_normal *plain = kit_fit(hald, HALD_ROWS, 5, NULL, options);
  ck_assert(emend_normal_converged(fast) && emend_normal_converged(plain));
  ck_assert_msg(5 * emend_normal_esteps(fast) < emend_normal_esteps(plain), "%zu E-steps against %zu", emend_normal_esteps(fast),
                emend_normal_esteps(plain));
  for (int j = 0; j < 25; j++)
    assert_relative(emend_normal_covariance(fast)[j], emend_normal_covariance(plain)[j], 1e-7);
  emend_normal_free(fast);
  emend_normal_free(plain);
  emend_normal_options_free(options);
}
END_TEST

SUITE {
  Suite *suite = suite_create("accelerators");
  TCase *cases = tcase_create("all");
  tcase_add_test(cases, anderson_solves_linear_maps_exactly);
  tcase_add_test(cases, differences_tell_the_slowest_rate);
  tcase_add_test(cases, squarem_solves_maps_of_one_rate_exactly);
  tcase_add_test(cases, plain_steps_stop_at_the_wanted_distance);
  tcase_add_loop_test(cases, jumps_save_steps_and_reach_the_same_place, 0, 2);
  tcase_add_loop_test(cases, refused_jumps_do_no_harm, 0, 2);
  tcase_add_loop_test(cases, slow_data_take_a_fifth_of_the_steps, 0, 2);
  tcase_add_loop_test(cases, distance_is_kept_where_most_is_missing, 0, 2);
  suite_add_tcase(suite, cases);
  return suite;
}
