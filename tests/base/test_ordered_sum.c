/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/ordered_sum.h"
#include "base/team.h"
#include "support/support.h"

enum { TASKS = 100, ROUNDS = 20 };

/* Numbers of very different sizes, whose sum depends on the order. */
static double number(size_t task, size_t i) { return ldexp(sin((double)(7 * task + i)), (int)(task * 37 % 80)); }

typedef struct job {
  emend_ordered_sum *sum;
  size_t length;
  atomic_int *busy; /* per place */
  atomic_int clashes, leftovers;
} job;

static void fill(void *context, size_t task) {
  job *j = context;
  double *place = emend_ordered_sum_take(j->sum, task);
  atomic_int *busy = &j->busy[emend_ordered_sum_place(j->sum, task)];
  if (atomic_fetch_add(busy, 1) != 0)
    j->clashes++;
  if (task % 5 == 0) /* the next tasks are done before this one */
    nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
  for (size_t i = 0; i < j->length; i++) {
    j->leftovers += place[i] != 0;
    place[i] = number(task, i);
  }
  atomic_fetch_sub(busy, 1);
  emend_ordered_sum_give(j->sum, task);
}

static void check_sum(unsigned n_threads, size_t length, size_t n_tasks) {
  emend_team *team;
  job j = {.length = length};
  ck_assert_int_eq(emend_team_new(n_threads, &team, NULL), EMEND_OK);
  ck_assert_int_eq(emend_ordered_sum_new(length, n_tasks, n_threads, &j.sum, NULL), EMEND_OK);
  size_t n_places = emend_ordered_sum_places(j.sum);
  ck_assert_uint_ge(n_places, 1);
  j.busy = calloc(n_places, sizeof *j.busy);
  for (size_t round = 0; round < ROUNDS; round++) {
    emend_ordered_sum_start(j.sum);
    emend_team_run(team, n_tasks, fill, &j);
    const double *total = emend_ordered_sum_total(j.sum);
    for (size_t i = 0; i < length; i += length / 7 + 1) {
      double expected = 0;
      for (size_t task = 0; task < n_tasks; task++)
        expected += number(task, i);
      ck_assert(total[i] == expected);
    }
  }
  ck_assert_int_eq(j.clashes, 0);
  ck_assert_int_eq(j.leftovers, 0);
  free(j.busy);
  emend_ordered_sum_free(j.sum);
  emend_team_free(team);
}

/* To the bit the sum in order, for every number of threads, with a place for each task and with few. */
START_TEST(in_order) {
  static const unsigned threads[] = {1, 2, 3, 7};
  static const size_t lengths[] = {1, 8, 9000};
  for (size_t l = 0; l < 3; l++)
    check_sum(threads[_i], lengths[l], lengths[l] > 1000 ? 12 : TASKS);
  check_sum(threads[_i], 9000, 1);
}
END_TEST

/* Large sums have places by threads, not by tasks; small ones one for each task. */
START_TEST(few_places) {
  emend_ordered_sum *sum;
  ck_assert_int_eq(emend_ordered_sum_new(1000000, 1000, 2, &sum, NULL), EMEND_OK);
  ck_assert_uint_le(emend_ordered_sum_places(sum), 4);
  emend_ordered_sum_free(sum);
  ck_assert_int_eq(emend_ordered_sum_new(1000000, 1000, 1, &sum, NULL), EMEND_OK);
  ck_assert_uint_eq(emend_ordered_sum_places(sum), 1);
  emend_ordered_sum_free(sum);
  ck_assert_int_eq(emend_ordered_sum_new(100, 32, 2, &sum, NULL), EMEND_OK);
  ck_assert_uint_eq(emend_ordered_sum_places(sum), 32);
  emend_ordered_sum_free(sum);
}
END_TEST

SUITE {
  Suite *suite = suite_create("ordered sum");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, in_order, 0, 4);
  tcase_add_test(tests, few_places);
  suite_add_tcase(suite, tests);
  return suite;
}
