/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Disks that fail at every byte of what is written, and at every call that finishes a file: the command fails and says so, earlier files
 * are as they were, and nothing stray remains.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "faults/faults.h"
#include "faults/jobs.h"
#include "io/isolate.h"
#include "io/output.h"
#include "support/support.h"

/* Each file as the library writes it, by pieces of so many bytes at a time. */

/* In a build with sanitizers, a sample of the bytes. */
enum { PIECE = 64, STEP = EMEND_LIMITS_ADDRESS_SPACE ? 2 : 62 };

typedef struct writing {
  const char *input, *output;
  int rewrite;
} writing;

static const writing writings[] = {
    {"survey.csv", "out.csv", 0}, {"survey.sav", "out.sav", 0}, {"survey.zsav", "out.zsav", 0}, {"survey.dta", "out.dta", 0},
    {"survey.xpt", "out.xpt", 0}, {"survey.sav", "out.sav", 1}, {"survey.dta", "out.dta", 1},   {"survey.csv", "out.sav", 0},
    {"survey.csv", "out.zsav", 0}, {"survey.sav", "out.dta", 0}, {"survey.dta", "out.xpt", 0},  {"survey.dta", "out.csv", 0},
};

/* What has been read and estimated once. */
static emend_file *file;
static emend_plan *plan;
static emend_imputation *imputation;
static emend_write_plan *write_plan;
static char target[512];
static size_t entries;

static void prepare(const writing *w) {
  emend_error *error = emend_error_new();
  emend_write_options *options = emend_write_options_new();
  jobs_make_files();
  emend_write_options_set_rewrite(options, w->rewrite);
  snprintf(target, sizeof target, "%s", support_scratch(w->output));
  support_write(target, "earlier", 7);
  entries = jobs_entries();
  ck_assert_int_eq(emend_file_read(support_scratch(w->input), NULL, NULL, &file, error), EMEND_OK);
  ck_assert_int_eq(emend_plan_new(emend_file_dataset(file), NULL, NULL, &plan, error), EMEND_OK);
  ck_assert_int_eq(emend_impute(plan, NULL, NULL, NULL, &imputation, error), EMEND_OK);
  ck_assert_int_eq(emend_write_plan_new(file, plan, target, options, &write_plan, error), EMEND_OK);
  emend_write_options_free(options);
  emend_error_free(error);
}

static void finish(void) {
  emend_write_plan_free(write_plan);
  emend_imputation_free(imputation);
  emend_plan_free(plan);
  emend_file_close(file);
}

static emend_status write_once(bool named, emend_error *error) {
  emend_output *output;
  emend_outputs *outputs = emend_outputs_new();
  emend_outputs_write_pieces(outputs, PIECE);
  if (named)
    emend_outputs_avoid_unnamed(outputs);
  faults_start();
  emend_status status = emend_outputs_open(outputs, target, 1, &output, error);
  if (!status)
    status = emend_write(write_plan, imputation, output, NULL, error);
  if (!status)
    status = emend_outputs_publish(outputs, error);
  emend_outputs_free(outputs);
  faults_stop();
  return status;
}

static void check_failure(emend_status status, const emend_error *error, const char *said, const char *where, long place) {
  ck_assert_msg(status == EMEND_IO_ERROR, "%s %ld: status %d", where, place, status);
  bool places = strstr(emend_error_text(error), target) || strstr(emend_error_text(error), "in a temporary file");
  ck_assert_msg(places && strstr(emend_error_text(error), said), "%s %ld: \"%s\"", where, place,
                emend_error_text(error));
  ck_assert_msg(jobs_entries() == entries, "%s %ld: a stray file", where, place);
  char *bytes = (char *)support_read(target, NULL);
  ck_assert_msg(strcmp(bytes, "earlier") == 0, "%s %ld: the earlier file is gone", where, place);
  free(bytes);
}

static void fail_byte(long at, bool named, faults_way way) {
  emend_error *error = emend_error_new();
  faults_fail_byte(at, way);
  emend_status status = write_once(named, error);
  check_failure(status, error, way == FAULTS_FULL ? "No space left on device" : "Input/output error", "byte", at);
  emend_error_free(error);
  faults_fail_byte(-1, way);
}

/* A call that fails may be done without: then the new file stands. */
static void fail_call(long nth, bool named, const char *whole, size_t length) {
  emend_error *error = emend_error_new();
  faults_fail_call(nth);
  emend_status status = write_once(named, error);
  faults_fail_call(0);
  if (status) {
    check_failure(status, error, "", "call", nth);
  } else {
    size_t found;
    char *bytes = (char *)support_read(target, &found);
    ck_assert(found == length && memcmp(bytes, whole, length) == 0 && jobs_entries() == entries);
    free(bytes);
    support_write(target, "earlier", 7);
  }
  emend_error_free(error);
}

START_TEST(files) {
  prepare(&writings[_i]);
  for (int named = 0; named < 2; named++) {
    support_write(target, "earlier", 7);
    ck_assert_int_eq(write_once(named, NULL), EMEND_OK);
    long bytes = faults_bytes(), calls = faults_calls();
    size_t length;
    char *whole = (char *)support_read(target, &length);
    ck_assert_int_ge(bytes, (long)length); /* a .zsav's blocks are written aside first */
    ck_assert(bytes > 200 && calls >= 3);
    support_write(target, "earlier", 7);
    for (long at = named; at < bytes; at += STEP) /* every other with the other kind of temporary file */
      fail_byte(at, named, at % 3 ? FAULTS_FULL : FAULTS_IO);
    for (long nth = 1; nth <= calls; nth++)
      fail_call(nth, named, whole, length);
    free(whole);
  }
  finish();
}
END_TEST

/* Commands with several outputs: all of them, or none. */

enum { SAMPLE = EMEND_LIMITS_ADDRESS_SPACE ? 40 : 10, MOST_OUTPUTS = 4 };

typedef struct job {
  const char *words;
  const char *outputs[MOST_OUTPUTS];
} job;

static const job jobs[] = {
    {"impute @survey.csv -o @out.csv --audit @audit.csv --save-model @model.json --json=@run.json --force",
     {"out.csv", "audit.csv", "model.json", "run.json"}},
    {"impute @survey.sav -o @out.dta --audit @audit.csv --json=@run.json --force", {"out.dta", "audit.csv", "run.json"}},
    {"convert @survey.csv -o @out.zsav --json=@run.json --force", {"out.zsav", "run.json"}},
    {"cluster @survey.csv -k 2 -o @out.sav --save-model @model.json --json=@run.json --force", {"out.sav", "model.json", "run.json"}},
    {"info @survey.dta --json=@run.json --force", {"run.json"}},
};

static void put_earlier(const job *j) {
  for (int i = 0; i < MOST_OUTPUTS && j->outputs[i]; i++)
    support_write(support_scratch(j->outputs[i]), "earlier", 7);
  entries = jobs_entries();
}

/* How many of the outputs are what they were. */
static int count_earlier(const job *j, int *all) {
  int n = *all = 0;
  for (; *all < MOST_OUTPUTS && j->outputs[*all]; ++*all) {
    char *bytes = (char *)support_read(support_scratch(j->outputs[*all]), NULL);
    n += strcmp(bytes, "earlier") == 0;
    free(bytes);
  }
  return n;
}

static void check_command(const job *j, int status, const char *where, long place) {
  int all, earlier = count_earlier(j, &all);
  char *said = jobs_content("stderr", NULL);
  ck_assert_msg(status ? status == EXIT_FAILED && earlier == all && strstr(said, "emend: /") : earlier == 0,
                "%s, %s %ld: status %d, %d of %d outputs as they were: %s", j->words, where, place, status, earlier, all, said);
  ck_assert_msg(jobs_entries() == entries, "%s, %s %ld: a stray file", j->words, where, place);
  free(said);
  if (!status)
    put_earlier(j);
}

START_TEST(commands_on_a_failing_disk) {
  const job *j = &jobs[_i];
  jobs_make_files();
  ck_assert_int_eq(jobs_run(j->words), EXIT_DONE); /* makes "stdout" and "stderr" too */
  long bytes = faults_bytes(), calls = faults_calls();
  put_earlier(j);
  for (long at = 0; at < bytes; at += (bytes + SAMPLE - 1) / SAMPLE) {
    faults_fail_byte(at, at % 3 ? FAULTS_FULL : FAULTS_IO);
    int status = jobs_run(j->words);
    ck_assert_int_eq(status, EXIT_FAILED);
    check_command(j, status, "byte", at);
  }
  faults_fail_byte(-1, FAULTS_FULL);
  for (long nth = 1; nth <= calls; nth++) {
    faults_fail_call(nth);
    int status = jobs_run(j->words);
    check_command(j, status, "call", nth);
  }
}
END_TEST

SUITE_APART {
  signal(SIGPIPE, SIG_IGN);
  Suite *suite = suite_create("disk");
  TCase *cases = tcase_create("disk");
  tcase_set_timeout(cases, 300);
  tcase_add_loop_test(cases, files, 0, sizeof writings / sizeof *writings);
  tcase_add_loop_test(cases, commands_on_a_failing_disk, 0, sizeof jobs / sizeof *jobs);
  suite_add_tcase(suite, cases);
  return suite;
}
