/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop on models whose path is known: x moves towards its limit by known rates. */
#include <math.h>
#include <string.h>

#include "em/loop.h"
#include "support/support.h"

/* Two parameters; each step multiplies the distance to the limit by its rate. */
typedef struct toy {
  double x[2], limit[2], rate[2];
  double climb;        /* added to the objective at every step */
  size_t steps, fails_at, stumbles_at; /* 0: never; there it hardly moves */
  bool nudged;
} toy;

static emend_status toy_estep(void *state, double *objective, emend_error *error) {
  toy *t = state;
  if (t->fails_at && t->steps >= t->fails_at)
    return emend_fail(error, EMEND_NOT_POSITIVE_DEFINITE, "as told");
  *objective = t->climb * (double)t->steps;
  for (int k = 0; k < 2; k++)
    *objective -= (t->x[k] - t->limit[k]) * (t->x[k] - t->limit[k]);
  return EMEND_OK;
}

static void toy_mstep(void *state) {
  toy *t = state;
  double share = t->steps + 1 == t->stumbles_at ? 1e-7 : 1;
  for (int k = 0; k < 2; k++)
    t->x[k] -= share * (1 - t->rate[k]) * (t->x[k] - t->limit[k]);
  t->steps++;
}

static void toy_get(const void *state, double *parameters) { memcpy(parameters, ((const toy *)state)->x, 2 * sizeof *parameters); }

static void toy_nudge(void *state) {
  toy *t = state;
  t->x[0] += 1e-3;
  t->x[1] -= 1e-3;
  t->nudged = true;
}

static emend_em_result run(toy *t, double tolerance, size_t most, emend_events *events, emend_status expected) {
  emend_em_model model = {.state = t, .n_parameters = 2, .estep = toy_estep, .mstep = toy_mstep, .get = toy_get, .nudge = toy_nudge};
  emend_em_control control = {
      .tolerance = tolerance, .max_iterations = most, .objective_name = "log-likelihood", .objective_shift = 100, .events = events};
  emend_em_result result;
  ck_assert_int_eq(emend_em_run(&model, &control, &result, NULL), expected);
  return result;
}

static double distance(const toy *t) { return fmax(fabs(t->x[0] - t->limit[0]), fabs(t->x[1] - t->limit[1])); }

/* The promise is about the distance, whatever the rate; the last step alone would be far too short. */
START_TEST(stops_at_the_distance) {
  static const double rates[] = {0.01, 0.3, 0.6, 0.9, 0.99, 0.999};
  for (size_t k = 0; k < 6; k++) {
    toy t = {.x = {1, -2}, .limit = {3, 5}, .rate = {rates[k], rates[k] / 3}};
    emend_em_result result = run(&t, 1e-6, 100000, NULL, EMEND_OK);
    ck_assert(result.converged);
    ck_assert_msg(distance(&t) < 1.3e-6, "rate %g: %g away", rates[k], distance(&t));
    ck_assert_msg(result.iterations < 3 || distance(&t) > 1e-6 * rates[k] / 10, "rate %g: %g away, too late", rates[k], distance(&t));
    if (rates[k] > 0.6)
      assert_relative(result.rate, rates[k], 1e-3);
    ck_assert(result.largest_fall <= 0);
    ck_assert_uint_eq(result.iterations, t.steps);
  }
}
END_TEST

/* On a long way one step is short by chance, as rounding makes them near a singular covariance: that is not the end of it. */
START_TEST(one_short_step_is_not_convergence) {
  toy t = {.x = {1, -2}, .limit = {3, 5}, .rate = {0.99, 0.5}, .stumbles_at = 700};
  emend_em_result result = run(&t, 1e-6, 100000, NULL, EMEND_OK);
  ck_assert(result.converged);
  ck_assert_uint_gt(result.iterations, 700);
  ck_assert_msg(distance(&t) < 1.3e-6, "%g away", distance(&t));
}
END_TEST

START_TEST(limit_of_iterations) {
  toy t = {.x = {1, 1}, .limit = {0, 0}, .rate = {0.999, 0.5}};
  emend_em_result result = run(&t, 1e-6, 10, NULL, EMEND_OK);
  ck_assert(!result.converged);
  ck_assert_uint_eq(result.iterations, 10);
  ck_assert(result.distance > 1e-6);
}
END_TEST

/* Moving away at every step: there is no distance to speak of. */
START_TEST(divergence_is_not_convergence) {
  toy t = {.x = {1e-9, 0}, .limit = {0, 0}, .rate = {1.01, 0.5}};
  emend_em_result result = run(&t, 1e-6, 200, NULL, EMEND_OK);
  ck_assert(!result.converged);
  ck_assert(isnan(result.distance));
  ck_assert(result.largest_fall > 0);
}
END_TEST

/* Steps vanish, but the objective rises steadily: the covariance of a dependence does this. */
START_TEST(a_rising_objective_is_not_convergence) {
  toy t = {.x = {1, 1}, .limit = {0, 0}, .rate = {0.9, 0.5}, .climb = 28};
  emend_em_result result = run(&t, 1e-6, 250, NULL, EMEND_OK);
  ck_assert(!result.converged);
  toy slow = {.x = {1, 1}, .limit = {0, 0}, .rate = {0.9, 0.5}, .climb = 1e-5};
  ck_assert(run(&slow, 1e-6, 250, NULL, EMEND_OK).converged);
}
END_TEST

/* A start that does not move: nudged once, and the way back is measured. */
START_TEST(fixed_point) {
  toy t = {.x = {3, 5}, .limit = {3, 5}, .rate = {0.9, 0.5}};
  emend_em_result result = run(&t, 1e-6, 10000, NULL, EMEND_OK);
  ck_assert(t.nudged);
  ck_assert(result.converged);
  ck_assert(distance(&t) < 1.3e-6);
  /* A fixed point from which everything leads away, such as a saddle, is left. */
  toy saddle = {.x = {3, 5}, .limit = {3, 5}, .rate = {1.5, 0.5}};
  ck_assert(!run(&saddle, 1e-6, 30, NULL, EMEND_OK).converged);
  ck_assert(distance(&saddle) > 1);
}
END_TEST

START_TEST(failures_are_passed_on) {
  toy t = {.x = {1, 1}, .limit = {0, 0}, .rate = {0.9, 0.5}, .fails_at = 5};
  emend_em_result result = run(&t, 1e-6, 1000, NULL, EMEND_NOT_POSITIVE_DEFINITE);
  ck_assert_uint_eq(result.iterations, 5);
}
END_TEST

typedef struct seen {
  size_t count;
  double last;
} seen;

static int watch(void *context, const char *stage, double fraction, const char *detail) {
  seen *s = context;
  ck_assert_str_eq(stage, "estimate");
  ck_assert(fraction >= s->last && fraction <= 1);
  ck_assert_int_eq(strncmp(detail, "iteration ", 10), 0);
  ck_assert_ptr_nonnull(strstr(detail, ", log-likelihood 9")); /* shown in the units of the shift: a little below 100 */
  s->last = fraction;
  return ++s->count == 20;
}

START_TEST(progress_and_cancelling) {
  toy t = {.x = {1, 1}, .limit = {0, 0}, .rate = {0.99, 0.5}};
  seen s = {0};
  emend_events *events = emend_events_new();
  emend_events_on_progress(events, watch, &s);
  run(&t, 1e-6, 1000, events, EMEND_CANCELLED);
  ck_assert_uint_eq(s.count, 20);
  emend_events_free(events);
}
END_TEST

SUITE {
  Suite *suite = suite_create("the EM loop");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, stops_at_the_distance);
  tcase_add_test(tests, one_short_step_is_not_convergence);
  tcase_add_test(tests, limit_of_iterations);
  tcase_add_test(tests, divergence_is_not_convergence);
  tcase_add_test(tests, a_rising_objective_is_not_convergence);
  tcase_add_test(tests, fixed_point);
  tcase_add_test(tests, failures_are_passed_on);
  tcase_add_test(tests, progress_and_cancelling);
  suite_add_tcase(suite, tests);
  return suite;
}
