/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/isolate.h"
#include "support/support.h"

/* Between the reading process and its parent: signals, each other's end, and limits that the dataset itself sets. */

typedef emend_status reader(const emend_source *, const emend_read_options *, emend_dataset *, emend_error *);

static emend_status try_reader(reader *read, emend_error *error) {
  const emend_format format = {.name = "trial", .read = read};
  const char *path = support_scratch("input");
  support_write(path, "input", 5);
  emend_source *source;
  emend_dataset *dataset;
  ck_assert_int_eq(emend_source_open(path, &source, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_new(1 << 20, true, &dataset, NULL), EMEND_OK);
  emend_status status = emend_isolate_read(&format, source, NULL, NULL, dataset, NULL, error);
  emend_dataset_free(dataset);
  emend_source_close(source);
  return status;
}

/* True if the process runs: it exists and is no zombie (whose new parent may be slow to bury it). */
static int runs(pid_t process) {
  char path[64], state = 'Z';
  snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
  FILE *file = fopen(path, "r");
  if (!file)
    return 0;
  if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
    state = 'Z';
  fclose(file);
  return state != 'Z' && state != 'X';
}

static _Atomic pid_t *grandchild; /* in shared memory: the reading process tells who it is */

static emend_status tells_itself_and_hangs(const emend_source *s, const emend_read_options *o, emend_dataset *d, emend_error *e) {
  (void)s, (void)o, (void)d, (void)e;
  *grandchild = getpid();
  while (true)
    pause();
  return EMEND_OK;
}

static void doze(void) { nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL); }

START_TEST(the_child_does_not_outlive_its_parent) {
  grandchild = mmap(NULL, sizeof *grandchild, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ck_assert(grandchild != MAP_FAILED);
  pid_t child = fork();
  if (child == 0) {
    try_reader(tells_itself_and_hangs, NULL);
    _exit(0);
  }
  for (int i = 0; i < 300 && *grandchild == 0; i++)
    doze();
  ck_assert_int_ne(*grandchild, 0);
  ck_assert(runs(*grandchild));
  ck_assert_int_eq(kill(child, SIGKILL), 0);
  ck_assert_int_eq(waitpid(child, NULL, 0), child);
  for (int i = 0; i < 300 && runs(*grandchild); i++)
    doze();
  ck_assert(!runs(*grandchild));
}
END_TEST

static void parents_handler(int number) {
  (void)number;
  _exit(0); /* in the child this would look like an orderly end */
}

static emend_status terminates(const emend_source *s, const emend_read_options *o, emend_dataset *d, emend_error *e) {
  (void)s, (void)o, (void)d, (void)e;
  raise(SIGTERM);
  return EMEND_OK;
}

START_TEST(handlers_of_the_parent_do_not_run_in_the_child) {
  emend_error *error = emend_error_new();
  signal(SIGTERM, parents_handler);
  ck_assert_int_eq(try_reader(terminates, error), EMEND_READER_DIED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "Terminated"));
  emend_error_free(error);
}
END_TEST

/* Blocked signals are inherited: a limit on processor time must reach the child all the same. */
START_TEST(signals_blocked_by_the_parent_reach_the_child) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  ck_assert_int_eq(try_reader(terminates, NULL), EMEND_READER_DIED);
}
END_TEST

/* Ctrl-C reaches both processes; the parent decides, so the child must not turn it into an error of its own. */
static emend_status is_interrupted(const emend_source *s, const emend_read_options *o, emend_dataset *d, emend_error *e) {
  (void)s, (void)o, (void)d, (void)e;
  raise(SIGINT);
  raise(SIGHUP);
  return EMEND_OK;
}

START_TEST(the_terminals_signals_are_the_parents) { ck_assert_int_eq(try_reader(is_interrupted, NULL), EMEND_OK); }
END_TEST

static emend_status adds_rows_without_end(const emend_source *s, const emend_read_options *o, emend_dataset *dataset, emend_error *error) {
  (void)s, (void)o;
  emend_variable variable = {.kind = EMEND_NUMERIC, .label_set = -1};
  emend_status status = emend_dataset_add_variable(dataset, &variable, NULL, error);
  while (!status)
    status = emend_dataset_add_row(dataset, error);
  return status;
}

START_TEST(data_without_end_meet_the_memory_limit) {
  emend_error *error = emend_error_new();
  ck_assert_int_eq(try_reader(adds_rows_without_end, error), EMEND_LIMIT_EXCEEDED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "--max-memory"));
  emend_error_free(error);
}
END_TEST

SUITE {
  Suite *suite = suite_create("isolate_signals");
  TCase *cases = tcase_create("isolate_signals");
  tcase_set_timeout(cases, 30);
  tcase_add_test(cases, the_child_does_not_outlive_its_parent);
  tcase_add_test(cases, handlers_of_the_parent_do_not_run_in_the_child);
  tcase_add_test(cases, signals_blocked_by_the_parent_reach_the_child);
  tcase_add_test(cases, the_terminals_signals_are_the_parents);
  tcase_add_test(cases, data_without_end_meet_the_memory_limit);
  suite_add_tcase(suite, cases);
  return suite;
}
