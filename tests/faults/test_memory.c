/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory that runs out, at every place in turn: a job either fails, says so, and leaves the files as they were, or does without and makes
 * exactly what it would have made. Nothing may crash, hang or leak (what is left over shows in a build with sanitizers).
 */
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "faults/faults.h"
#include "faults/jobs.h"
#include "emend/mixture.h"
#include "io/isolate.h"
#include "normal/kit.h"
#include "support/support.h"

enum { SAMPLE = 60, MOST_OUTPUTS = 5 };

static bool every_place(void) {
  const char *wanted = getenv("EMEND_FAULTS");
  return wanted && strcmp(wanted, "all") == 0;
}

/* Visits every place, or a sample of them that is spread evenly; another one in a build with sanitizers. */
static void each_place(long places, void (*visit)(long nth, const void *context), const void *context) {
  long step = every_place() || places <= SAMPLE ? 1 : (places + SAMPLE - 1) / SAMPLE;
  for (long nth = EMEND_LIMITS_ADDRESS_SPACE ? 1 : (step + 1) / 2; nth <= places; nth += step)
    visit(nth, context);
}

/* Commands. */

typedef struct content {
  char *bytes;
  size_t length;
} content;

typedef struct job {
  const char *words;
  int failed; /* its exit status then */
  const char *outputs[MOST_OUTPUTS];
} job;

static const job jobs[] = {
    {"impute @survey.csv -o @out.csv --audit @audit.csv --save-model @model.json --json=@run.json",
     1, {"out.csv", "audit.csv", "model.json", "run.json", "stdout"}},
    {"impute @survey.csv -o @out.csv --model @kept.json --no-round --json", 1, {"out.csv", "stdout"}},
    {"impute @survey.csv --dry-run --missing=3,12", 1, {"stdout"}},
    {"impute @survey.csv --dry-run --json --encoding=ISO-8859-1", 1, {"stdout"}},
    {"impute @survey.sav -o @out.sav --audit @audit.csv --vars size,weight", 1, {"out.sav", "audit.csv", "stdout"}},
    {"impute @survey.zsav -o @out.zsav", 1, {"out.zsav", "stdout"}},
    {"impute @survey.dta -o @out.dta", 1, {"out.dta", "stdout"}},
    {"impute @survey.dta -o @out.dta --no-round --rewrite", 1, {"out.dta", "stdout"}},
    {"impute @survey.xpt -o @out.xpt", 1, {"out.xpt", "stdout"}},
    {"impute @survey.sav -o @out.dta", 1, {"out.dta", "stdout"}},
    {"impute @survey.dta -o @out.sav", 1, {"out.sav", "stdout"}},
    {"impute @survey.sav -o @out.sav --flags", 1, {"out.sav", "stdout"}},
    {"impute @survey.zsav -o @out.zsav --rewrite", 1, {"out.zsav", "stdout"}},
    {"impute @survey.dta -o @out.csv", 1, {"out.csv", "stdout"}},
    {"impute @survey.csv -o @out.xpt", 1, {"out.xpt", "stdout"}},
    {"info @survey.sav", 1, {"stdout"}},
    {"info @labels.sav --json", 1, {"stdout"}},
    {"info @labels.sav", 1, {"stdout"}},
    {"info @labels.dta", 1, {"stdout"}},
    {"info @survey.xpt --json=@info.json", 1, {"info.json", "stdout"}},
    {"diff @survey.csv @changed.csv", 2, {"stdout"}},
    {"diff @survey.sav @changed.csv --json", 2, {"stdout"}},
    {"diff @labels.sav @labels.dta", 2, {"stdout"}},
    {"convert @labels.sav -o @out.dta", 1, {"out.dta", "stdout"}},
    {"convert @survey.csv -o @out.zsav --json", 1, {"out.zsav", "stdout"}},
    {"cluster @survey.sav -k 1:2 -o @out.sav --save-model @mixture.json", 1, {"out.sav", "mixture.json", "stdout"}},
    {"predict @mixture.kept @survey.csv -o @out.csv --json", 1, {"out.csv", "stdout"}},
    {"impute @survey.csv --dry-run --write-recipe @new.ini --ordinal answer", 1, {"new.ini", "stdout"}},
    {"impute @survey.csv -o @out.csv --recipe @kept.ini --seed 5", 1, {"out.csv", "stdout"}},
    {"impute @survey.csv -o @out.csv --by answer --transform size=log --bounds weight=0:99", 1, {"out.csv", "stdout"}},
    {"impute @survey.csv -o @out.sav --only-if size=answer>1 --formula weight=size*2 --flags", 1, {"out.sav", "stdout"}},
    {"impute @survey.csv -o @out.csv --method match --donors 3 --vars size,weight,answer", 1, {"out.csv", "stdout"}},
    {"impute @survey.csv -o @out.csv --components 2", 1, {"out.csv", "stdout"}},
    {"cluster @survey.csv -k 2 -o @out.dta --complete --probabilities --json", 1, {"out.dta", "stdout"}},
    {"predict @mixture.kept @survey.dta -o @out.dta", 1, {"out.dta", "stdout"}},
    {"convert @survey.sav -o @out.csv", 1, {"out.csv", "stdout"}},
    {"convert @labels.sav -o @out.por", 1, {"out.por", "stdout"}},
    {"convert @survey.zsav -o @out.xpt", 1, {"out.xpt", "stdout"}},
    {"convert @labels.dta -o @out.sav --json=@run.json", 1, {"out.sav", "run.json", "stdout"}},
};

static const char recipe_text[] = "method = draw\nid = id\n\n[size-weight]\nbounds = 0:50\n[answer]\nordinal = yes\nonly_if = size > 1\n";

/* All that is wrong is told, not only the first. */
static int complaints;
static void complain(const job *j, long nth, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void complain(const job *j, long nth, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  printf("%s: place %ld: ", j->words, nth);
  vprintf(format, arguments);
  putchar('\n');
  va_end(arguments);
  complaints++;
  if (getenv("EMEND_FAULTS_TRACE")) {
    char *said = jobs_content("stderr", NULL);
    puts(said);
    free(said);
  }
}

static int wanted_status;
static content wanted[MOST_OUTPUTS];
static size_t wanted_entries;

static content take(const char *name) {
  content c = {NULL, 0};
  if (name)
    c.bytes = jobs_content(name, &c.length);
  return c;
}

static void forget_outputs(const job *j) {
  for (int i = 0; i < MOST_OUTPUTS && j->outputs[i]; i++)
    remove(support_scratch(j->outputs[i]));
}

/* It did without what it did not get: nothing is different for that. */
static void check_success(long nth, const job *j) {
  for (int i = 0; i < MOST_OUTPUTS && j->outputs[i]; i++) {
    content got = take(j->outputs[i]);
    if (!got.bytes || got.length != wanted[i].length || memcmp(got.bytes, wanted[i].bytes, got.length) != 0)
      complain(j, nth, "succeeds, but %s differs", j->outputs[i]);
    free(got.bytes);
  }
}

/* The report may fail when all else is done. */
static void check_failure(long nth, const job *j, int status) {
  char *said = jobs_content("stderr", NULL);
  if (status != j->failed)
    complain(j, nth, "status %d", status);
  if (!strstr(said, "memory") && !strstr(said, "no process could be started"))
    complain(j, nth, "says \"%s\"", said);
  for (int i = 0; i < MOST_OUTPUTS && j->outputs[i]; i++)
    if (strcmp(j->outputs[i], "stdout") != 0 && access(support_scratch(j->outputs[i]), F_OK) == 0 && !strstr(said, "complete"))
      complain(j, nth, "%s has appeared", j->outputs[i]);
  if (jobs_entries() > wanted_entries)
    complain(j, nth, "leaves a stray file");
  free(said);
}

static void try_place(long nth, const void *context) {
  const job *j = context;
  forget_outputs(j);
  faults_fail_request(nth);
  int status = jobs_run(j->words);
  if (status == wanted_status)
    check_success(nth, j);
  else
    check_failure(nth, j, status);
}

START_TEST(command_without_memory) {
  const job *j = &jobs[_i];
  const char *chosen = getenv("EMEND_FAULTS_JOB"); /* a part of the words */
  if (chosen && !strstr(j->words, chosen))
    return;
  jobs_make_files();
  ck_assert_int_eq(jobs_run("impute @survey.csv -o @kept.csv --save-model @kept.json -q"), 0);
  ck_assert_int_eq(jobs_run("cluster @survey.csv -k 2 --save-model @mixture.kept -q"), 0);
  support_write(support_scratch("kept.ini"), recipe_text, sizeof recipe_text - 1);
  faults_fail_request(0);
  wanted_status = jobs_run(j->words);
  long places = faults_requests();
  ck_assert_int_gt(places, 1);
  ck_assert_msg(wanted_status != j->failed && wanted_status != EXIT_USAGE, "%s: status %d: %s", j->words, wanted_status,
                jobs_content("stderr", NULL));
  for (int i = 0; i < MOST_OUTPUTS; i++)
    wanted[i] = take(j->outputs[i]);
  wanted_entries = jobs_entries();
  each_place(places, try_place, j);
  for (int i = 0; i < MOST_OUTPUTS; i++)
    free(wanted[i].bytes);
  ck_assert_int_eq(complaints, 0);
}
END_TEST

/* Reading in this process, whose leaks show. */

static const char *const files[] = {"survey.csv", "survey.sav", "survey.zsav", "survey.dta", "survey.xpt", "labels.sav", "labels.dta"};

static emend_status read_here(const char *name, emend_error *error) {
  char path[512];
  snprintf(path, sizeof path, "%s", support_scratch(name));
  emend_file *file;
  faults_start();
  emend_status status = emend_file_read(path, NULL, NULL, &file, error);
  faults_stop();
  emend_file_close(file);
  return status;
}

static void read_place(long nth, const void *context) {
  const char *name = context;
  emend_error *error = emend_error_new();
  faults_fail_request(nth);
  emend_status status = read_here(name, error);
  ck_assert_msg(status == EMEND_OK || status == EMEND_OUT_OF_MEMORY, "%s, place %ld: %s", name, nth, emend_error_text(error));
  ck_assert_msg(!status || strstr(emend_error_text(error), "memory"), "%s, place %ld: %s", name, nth, emend_error_text(error));
  emend_error_free(error);
}

START_TEST(reading_without_memory) {
  jobs_make_files();
  faults_fail_request(0);
  ck_assert_int_eq(read_here(files[_i], NULL), EMEND_OK);
  each_place(faults_requests(), read_place, files[_i]);
}
END_TEST

/* Estimating asks for memory before its iterations, not in them. */

enum { FITTED_ROWS = 3000, FITTED_COLUMNS = 12 };

static long requests_of_normal(const double *values, emend_acceleration acceleration, unsigned threads, size_t iterations) {
  emend_normal_options *options = emend_normal_options_new();
  emend_normal *fit;
  emend_normal_options_set_acceleration(options, acceleration);
  emend_normal_options_set_threads(options, threads);
  ck_assert_int_eq(emend_normal_options_set_tolerance(options, 1e-14, NULL), EMEND_OK);
  ck_assert_int_eq(emend_normal_options_set_max_iterations(options, iterations, NULL), EMEND_OK);
  faults_fail_request(0);
  faults_start();
  emend_status status = emend_normal_fit(values, FITTED_ROWS, FITTED_COLUMNS, FITTED_COLUMNS, NULL, options, NULL, &fit, NULL);
  faults_stop();
  ck_assert_int_eq(status, EMEND_OK);
  ck_assert_uint_eq(emend_normal_iterations(fit), iterations);
  emend_normal_free(fit);
  emend_normal_options_free(options);
  return faults_requests();
}

static long requests_of_mixture(const double *values, emend_structure structure, unsigned threads, size_t iterations) {
  static const double proportions[] = {0.5, 0.5};
  double means[2 * FITTED_COLUMNS], covariances[2 * FITTED_COLUMNS * FITTED_COLUMNS];
  for (size_t k = 0; k < 2; k++) {
    kit_moments(values, FITTED_ROWS, FITTED_COLUMNS, 0, means + k * FITTED_COLUMNS, covariances + k * FITTED_COLUMNS * FITTED_COLUMNS);
    for (size_t j = 0; j < FITTED_COLUMNS; j++)
      means[k * FITTED_COLUMNS + j] += (k ? 0.5 : -0.5) * sqrt(covariances[j * FITTED_COLUMNS + j]);
  }
  emend_mixture_options *options = emend_mixture_options_new();
  emend_mixture *fit;
  emend_error *error = emend_error_new();
  emend_mixture_options_set_threads(options, threads);
  ck_assert_int_eq(emend_mixture_options_set_structures(options, &structure, 1, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_start(options, 2, FITTED_COLUMNS, proportions, means, covariances, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_tolerance(options, 1e-14, NULL), EMEND_OK);
  ck_assert_int_eq(emend_mixture_options_set_max_iterations(options, iterations, NULL), EMEND_OK);
  faults_fail_request(0);
  faults_start();
  emend_status status = emend_mixture_fit(values, FITTED_ROWS, FITTED_COLUMNS, FITTED_COLUMNS, NULL, options, NULL, &fit, error);
  faults_stop();
  ck_assert_msg(status == EMEND_OK, "structure %d: %s", structure, emend_error_text(error));
  emend_error_free(error);
  ck_assert_uint_eq(emend_mixture_iterations(fit), iterations);
  emend_mixture_free(fit);
  emend_mixture_options_free(options);
  return faults_requests();
}

START_TEST(iterations_ask_for_no_memory) {
  double *values = kit_sample(91, FITTED_ROWS, FITTED_COLUMNS, 0.4);
  requests_of_normal(values, EMEND_ACCELERATE_NONE, 1, 1); /* the first fit of a process asks the system what it can do */
  for (unsigned threads = 1; threads <= 3; threads += 2) {
    for (int acceleration = EMEND_ACCELERATE_ANDERSON; acceleration <= EMEND_ACCELERATE_SQUAREM; acceleration++) {
      long few = requests_of_normal(values, (emend_acceleration)acceleration, threads, 4);
      ck_assert_int_gt(few, 10);
      ck_assert_int_eq(requests_of_normal(values, (emend_acceleration)acceleration, threads, 12), few);
    }
    for (int structure = 0; structure < EMEND_STRUCTURES; structure++) {
      long few = requests_of_mixture(values, (emend_structure)structure, threads, 4);
      ck_assert_int_gt(few, 10);
      ck_assert_int_eq(requests_of_mixture(values, (emend_structure)structure, threads, 12), few);
    }
  }
  free(values);
}
END_TEST

SUITE_APART {
  signal(SIGPIPE, SIG_IGN);
  Suite *suite = suite_create("memory");
  TCase *cases = tcase_create("memory");
  tcase_set_timeout(cases, 300);
  tcase_add_loop_test(cases, command_without_memory, 0, sizeof jobs / sizeof *jobs);
  tcase_add_loop_test(cases, reading_without_memory, 0, sizeof files / sizeof *files);
  tcase_add_test(cases, iterations_ask_for_no_memory);
  suite_add_tcase(suite, cases);
  return suite;
}
