/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "io/isolate.h"
#include "support/support.h"

/* Readers that misbehave, each in its own way. */

static emend_status crash(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)source, (void)options, (void)dataset, (void)error;
  signal(SIGSEGV, SIG_DFL); /* under a sanitizer, too, the signal itself */
  raise(SIGSEGV);
  return EMEND_OK;
}

static emend_status stop(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)source, (void)options, (void)dataset, (void)error;
  _exit(0);
}

static emend_status loop(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)source, (void)dataset;
  for (volatile unsigned long turns = 0;; turns++)
    if (turns % 1000000 == 0)
      emend_read_progress(options, 0.25, error);
  return EMEND_OK;
}

/* Address space alone: the limit must bite before memory is touched. */
static emend_status allocate(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)source, (void)options, (void)dataset;
  for (int i = 0; i < 10000; i++) {
    void *volatile block = malloc((size_t)16 << 20); /* volatile: a compiler may leave out an allocation that nobody uses */
    if (!block)
      return emend_fail(error, EMEND_OUT_OF_MEMORY, "stopped after %d", i);
  }
  return EMEND_OK;
}

static emend_status refuse(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)source, (void)options, (void)dataset;
  emend_status status = emend_fail(error, EMEND_MALFORMED, "\"%s\" is not a number", "x");
  emend_at_variable(error, "income");
  emend_at_row(error, 412);
  emend_try(error, "--missing %s", "x");
  return status;
}

static emend_status fill(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)source, (void)options;
  emend_variable v = {.kind = EMEND_NUMERIC, .label_set = -1};
  emend_status status = emend_dataset_add_text(dataset, "x", 1, &v.name, error);
  if (!status)
    status = emend_dataset_add_variable(dataset, &v, NULL, error);
  for (int row = 0; row < 5000 && !status; row++) {
    status = emend_dataset_add_row(dataset, error);
    if (!status)
      emend_dataset_put_number(dataset, 0, row, EMEND_OBSERVED);
  }
  return status ? status : emend_dataset_add_warning(dataset, error, "be warned");
}

/* What a parser that strangers have taken over might try. Without the sandbox, a limit of 0 bytes still stands between it and any file. */
static emend_status write_file(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)options, (void)dataset;
  signal(SIGXFSZ, SIG_IGN);
  int fd = open(source->path, O_WRONLY);
  if (fd >= 0 && (write(fd, "x", 1) >= 0 || errno != EFBIG))
    return emend_fail(error, EMEND_INTERNAL, "a file could be written");
  return EMEND_OK;
}

static int inherited_fd; /* open for writing in the parent, as files of a program that uses the library may be */

#define expect_refusal(call) \
  do { \
    errno = 0; \
    if ((call) != -1 || errno != EPERM) \
      return emend_fail(error, EMEND_INTERNAL, "%s: %s", #call, strerror(errno)); \
  } while (0)

static emend_status try_everything(const emend_source *source, const emend_read_options *options, emend_dataset *dataset,
                                   emend_error *error) {
  (void)options, (void)dataset;
  const char *path = source->path;
  char other[4200];
  snprintf(other, sizeof other, "%s.new", path);
  char *const words[] = {(char *)"true", NULL};
  struct rlimit none = {0, 0};
  expect_refusal(open(path, O_WRONLY));
  expect_refusal(open(path, O_RDWR));
  expect_refusal(open(path, O_RDONLY | O_TRUNC));
  expect_refusal(open(other, O_RDONLY | O_CREAT, 0600));
  expect_refusal(syscall(SYS_openat, AT_FDCWD, path, O_WRONLY, 0));
  expect_refusal(write(inherited_fd, "x", 1));
  expect_refusal(pwrite(inherited_fd, "x", 1, 0));
  expect_refusal(ftruncate(inherited_fd, 0));
  expect_refusal((intptr_t)mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, inherited_fd, 0));
  expect_refusal(unlink(path));
  expect_refusal(rename(path, other));
  expect_refusal(link(path, other));
  expect_refusal(symlink(path, other));
  expect_refusal(mkdir(other, 0700));
  expect_refusal(chmod(path, 0));
  expect_refusal(fork());
  expect_refusal(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, 0));
  expect_refusal(execve("/bin/true", words, NULL));
  expect_refusal(socket(AF_INET, SOCK_STREAM, 0));
  expect_refusal(kill(getppid(), 0));
  expect_refusal(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
  expect_refusal(setrlimit(RLIMIT_FSIZE, &none));
  expect_refusal(prctl(PR_SET_PDEATHSIG, 0));
  if (getrlimit(RLIMIT_FSIZE, &none) != 0)
    return emend_fail(error, EMEND_INTERNAL, "limits cannot be asked for");
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  char byte;
  if (fd < 0 || read(fd, &byte, 1) != 1 || byte != 'c')
    return emend_fail(error, EMEND_INTERNAL, "a file cannot be read");
  return fill(source, options, dataset, error);
}

/* Fills the dataset, then points a name out of it. */
static emend_status scribble(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  emend_status status = fill(source, options, dataset, error);
  if (!status)
    emend_dataset_edit_variable(dataset, 0)->name = UINT64_C(1) << 60;
  return status;
}

static emend_error *error;
static emend_dataset *dataset;

static emend_status run(emend_status (*read)(const emend_source *, const emend_read_options *, emend_dataset *, emend_error *),
                        const emend_isolate_limits *limits, emend_events *events) {
  const char *path = support_scratch("file");
  support_write(path, "content", 7);
  emend_source *source;
  ck_assert_int_eq(emend_source_open(path, &source, NULL), EMEND_OK);
  ck_assert_int_eq(emend_dataset_new(UINT64_C(64) << 20, true, &dataset, NULL), EMEND_OK);
  error = emend_error_new();
  emend_format format = {.name = "test", .read = read};
  emend_status status = emend_isolate_read(&format, source, NULL, limits, dataset, events, error);
  ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* no child is left */
  ck_assert_int_eq(errno, ECHILD);
  emend_source_close(source);
  return status;
}

static void done(void) {
  emend_dataset_free(dataset);
  emend_error_free(error);
}

START_TEST(delivers_the_data) {
  ck_assert_int_eq(run(fill, NULL, NULL), EMEND_OK);
  ck_assert_uint_eq(emend_dataset_rows(dataset), 5000);
  ck_assert_str_eq(emend_variable_name(dataset, 0), "x");
  ck_assert_double_eq(emend_cell_value(dataset, 4321, 0), 4321);
  ck_assert_str_eq(emend_dataset_warning(dataset, 0), "be warned");
  done();
}
END_TEST

START_TEST(delivers_the_error) {
  ck_assert_int_eq(run(refuse, NULL, NULL), EMEND_MALFORMED);
  ck_assert_str_eq(emend_error_text(error), "income, row 412: \"x\" is not a number; try --missing x");
  done();
}
END_TEST

START_TEST(survives_a_crash) {
  ck_assert_int_eq(run(crash, NULL, NULL), EMEND_READER_DIED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "crashed (Segmentation fault)"));
  done();
}
END_TEST

START_TEST(survives_a_silent_end) {
  ck_assert_int_eq(run(stop, NULL, NULL), EMEND_READER_DIED);
  done();
}
END_TEST

START_TEST(does_not_trust_what_it_gets) {
  ck_assert_int_eq(run(scribble, NULL, NULL), EMEND_READER_DIED);
  done();
}
END_TEST

START_TEST(limits_processor_time) {
  ck_assert_int_eq(run(loop, &(emend_isolate_limits){.memory = 1 << 26, .cpu_seconds = 1}, NULL), EMEND_LIMIT_EXCEEDED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "1 s of processor time"));
  done();
}
END_TEST

START_TEST(limits_memory) {
  if (!EMEND_LIMITS_ADDRESS_SPACE)
    return;
  ck_assert_int_eq(run(allocate, &(emend_isolate_limits){.memory = 1 << 30, .cpu_seconds = 10}, NULL), EMEND_OUT_OF_MEMORY);
  int blocks = 0;
  ck_assert_int_eq(sscanf(emend_error_message(error), "stopped after %d", &blocks), 1);
  ck_assert_int_ge(blocks, 32);
  ck_assert_int_le(blocks, 64);
  done();
}
END_TEST

START_TEST(cannot_write_files) {
  ck_assert_int_eq(run(write_file, NULL, NULL), EMEND_OK);
  done();
}
END_TEST

/* Skipped where the system has no filters of system calls: prctl says so. */
START_TEST(can_only_read_and_compute) {
  if (!EMEND_LIMITS_ADDRESS_SPACE || prctl(PR_GET_SECCOMP) < 0)
    return;
  const char *path = support_scratch("inherited");
  support_write(path, "kept", 4);
  inherited_fd = open(path, O_RDWR | O_CLOEXEC);
  ck_assert_int_ge(inherited_fd, 0);
  emend_status status = run(try_everything, NULL, NULL);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_uint_eq(emend_dataset_rows(dataset), 5000);
  close(inherited_fd);
  char *kept = (char *)support_read(path, NULL);
  ck_assert_str_eq(kept, "kept");
  free(kept);
  done();
}
END_TEST

/* The C library loads what it needs for an encoding when it is first asked for it. */
static emend_status convert(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)source, (void)options, (void)dataset;
  static const char *const encodings[] = {"WINDOWS-1251", "SHIFT_JIS", "GB18030", "EUC-KR", "MACINTOSH", "ISO-8859-7"};
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
    iconv_t conversion = iconv_open("UTF-8", encodings[i]);
    if (conversion == (iconv_t)-1)
      return emend_fail(error, EMEND_INTERNAL, "%s: %s", encodings[i], strerror(errno));
    iconv_close(conversion);
  }
  return EMEND_OK;
}

START_TEST(converts_encodings) {
  emend_status status = run(convert, NULL, NULL);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  done();
}
END_TEST

static emend_status give_up(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  (void)source, (void)options, (void)dataset, (void)error;
  signal(SIGABRT, SIG_DFL);
  abort();
}

START_TEST(says_that_it_was_aborted) {
  ck_assert_int_eq(run(give_up, NULL, NULL), EMEND_READER_DIED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "crashed (Aborted)"));
  done();
}
END_TEST

static int cancel(void *context, const char *stage, double fraction, const char *detail) {
  (void)detail;
  ck_assert_str_eq(stage, "read");
  *(double *)context = fraction;
  return fraction == 0.25;
}

START_TEST(is_ended_when_cancelled) {
  double fraction = -1, before = emend_clock_seconds();
  emend_events *events = emend_events_new();
  emend_events_on_progress(events, cancel, &fraction);
  ck_assert_int_eq(run(loop, NULL, events), EMEND_CANCELLED);
  ck_assert_double_eq(fraction, 0.25);
  ck_assert_double_lt(emend_clock_seconds() - before, 5);
  emend_events_free(events);
  done();
}
END_TEST

/* Callers may ignore SIGCHLD: the system then reaps the child itself. */
START_TEST(works_where_children_are_ignored) {
  signal(SIGCHLD, SIG_IGN);
  ck_assert_int_eq(run(fill, NULL, NULL), EMEND_OK);
  done();
  ck_assert_int_eq(run(crash, NULL, NULL), EMEND_READER_DIED);
  done();
}
END_TEST

SUITE {
  Suite *suite = suite_create("isolate");
  TCase *cases = tcase_create("isolate");
  tcase_set_timeout(cases, 30);
  tcase_add_test(cases, delivers_the_data);
  tcase_add_test(cases, delivers_the_error);
  tcase_add_test(cases, survives_a_crash);
  tcase_add_test(cases, survives_a_silent_end);
  tcase_add_test(cases, does_not_trust_what_it_gets);
  tcase_add_test(cases, limits_processor_time);
  tcase_add_test(cases, limits_memory);
  tcase_add_test(cases, cannot_write_files);
  tcase_add_test(cases, can_only_read_and_compute);
  tcase_add_test(cases, converts_encodings);
  tcase_add_test(cases, says_that_it_was_aborted);
  tcase_add_test(cases, is_ended_when_cancelled);
  tcase_add_test(cases, works_where_children_are_ignored);
  suite_add_tcase(suite, cases);
  return suite;
}
