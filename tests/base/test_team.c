/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/level.h"
#include "base/team.h"
#include "support/support.h"

enum { TASKS = 300, ROUNDS = 200 };

typedef struct record {
  atomic_int done[TASKS];
  atomic_int by_caller;
  pthread_t caller;
} record;

static void note(void *context, size_t task) {
  record *r = context;
  r->done[task]++;
  if (pthread_equal(pthread_self(), r->caller))
    r->by_caller++;
}

/* Each task of each of many runs is done once, and done when run returns, whatever the size of the team. */
START_TEST(every_task_once) {
  static const unsigned sizes[] = {1, 2, 3, 7, 40};
  emend_team *team;
  ck_assert_int_eq(emend_team_new(sizes[_i], &team, NULL), EMEND_OK);
  ck_assert_uint_eq(emend_team_size(team), sizes[_i]);
  record *r = calloc(1, sizeof *r);
  r->caller = pthread_self();
  for (size_t round = 0; round < ROUNDS; round++) {
    size_t n = round % 3 == 0 ? TASKS : round % 5;
    memset(r->done, 0, sizeof r->done);
    emend_team_run(team, n, note, r);
    for (size_t i = 0; i < TASKS; i++)
      ck_assert_int_eq(r->done[i], i < n);
  }
  if (sizes[_i] == 1)
    ck_assert_ptr_null(team);
  free(r);
  emend_team_free(team);
}
END_TEST

/* A team that never had work has nothing to wait for. */
START_TEST(idle_team) {
  emend_team *team;
  ck_assert_int_eq(emend_team_new(5, &team, NULL), EMEND_OK);
  emend_team_free(team);
  emend_team_free(NULL);
  ck_assert_uint_ge(emend_cores(), 1);
  ck_assert_int_eq(emend_team_new(0, &team, NULL), EMEND_OK);
  ck_assert_uint_eq(emend_team_size(team), emend_cores());
  emend_team_free(team);
}
END_TEST

START_TEST(levels) {
  unsetenv("EMEND_KERNEL");
  ck_assert_int_eq(emend_level_choose(), emend_level_best());
  for (int level = 0; level <= (int)emend_level_best(); level++) {
    setenv("EMEND_KERNEL", emend_level_name((emend_level)level), 1);
    ck_assert_int_eq(emend_level_choose(), level);
  }
  setenv("EMEND_KERNEL", "baseline,score", 1);
  ck_assert_int_eq(emend_level_choose(), EMEND_LEVEL_BASELINE);
  setenv("EMEND_KERNEL", "nonsense", 1);
  ck_assert_int_eq(emend_level_choose(), emend_level_best());
}
END_TEST

SUITE {
  Suite *suite = suite_create("team");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, every_task_once, 0, 5);
  tcase_add_test(tests, idle_team);
  tcase_add_test(tests, levels);
  suite_add_tcase(suite, tests);
  return suite;
}
