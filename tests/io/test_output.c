/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "emend/output.h"
#include "io/output.h"
#include "support/support.h"

/* A path in the scratch folder that stays, however many follow. */
static const char *scratch(const char *name) {
  static char paths[64][256];
  static size_t next;
  ck_assert_uint_lt(next, sizeof paths / sizeof *paths);
  return strcpy(paths[next++], support_scratch(name));
}

/* File systems that know no hard links, and disks that fail, in place of the C library's functions. */
static bool no_hard_links, disk_fails;

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
  if (!no_hard_links)
    return (int)syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
  errno = EPERM;
  return -1;
}

int fsync(int fd) {
  if (!disk_fails)
    return (int)syscall(SYS_fsync, fd);
  errno = EIO;
  return -1;
}

/* Every test runs with unnamed temporaries (0) and with hidden names (1). */
enum { WAYS = 2 };

static emend_outputs *outputs;
static emend_error *error;
static int way;

static void begin(int chosen) {
  way = chosen;
  outputs = emend_outputs_new();
  error = emend_error_new();
  if (way)
    emend_outputs_avoid_unnamed(outputs);
}

static void end(void) {
  emend_outputs_free(outputs);
  emend_error_free(error);
  no_hard_links = disk_fails = false;
}

static size_t entries(void) {
  size_t count = 0;
  DIR *folder = opendir(scratch("."));
  ck_assert_ptr_nonnull(folder);
  for (struct dirent *entry; (entry = readdir(folder));)
    count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
  closedir(folder);
  return count;
}

static void assert_content(const char *path, const char *text) {
  char *bytes = (char *)support_read(path, NULL);
  ck_assert_str_eq(bytes, text);
  free(bytes);
}

static emend_output *open_ok(const char *path, int replace) {
  emend_output *output = NULL;
  emend_status status = emend_outputs_open(outputs, path, replace, &output, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_ptr_nonnull(output);
  return output;
}

static void write_ok(emend_output *output, const char *text) {
  ck_assert_int_eq(emend_output_write(output, text, strlen(text), error), EMEND_OK);
}

static void assert_refused(const char *path, int replace, emend_status wanted, const char *words) {
  emend_output *output = (emend_output *)outputs;
  ck_assert_int_eq(emend_outputs_open(outputs, path, replace, &output, error), wanted);
  ck_assert_ptr_null(output);
  ck_assert_str_eq(emend_error_file(error), path);
  ck_assert_msg(strstr(emend_error_text(error), words) != NULL, "\"%s\" lacks \"%s\"", emend_error_text(error), words);
}

START_TEST(appears_when_published) {
  const char *path = scratch("new.txt");
  begin(_i);
  umask(027);
  write_ok(open_ok(path, 0), "hello");
  ck_assert_int_ne(access(path, F_OK), 0);
  ck_assert_uint_eq(entries(), (size_t)way);
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  assert_content(path, "hello");
  struct stat info;
  ck_assert_int_eq(stat(path, &info), 0);
  ck_assert_uint_eq(info.st_mode & 07777, 0640);
  end();
  ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(leaves_nothing_unpublished) {
  const char *path = scratch("old.txt");
  support_write(path, "old", 3);
  begin(_i);
  write_ok(open_ok(path, 1), "new");
  write_ok(open_ok(scratch("other.txt"), 0), "new");
  end();
  assert_content(path, "old");
  ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(keeps_the_mode_of_what_it_replaces) {
  const char *path = scratch("old.txt");
  support_write(path, "old", 3);
  ck_assert_int_eq(chmod(path, 0604), 0);
  begin(_i);
  assert_refused(path, 0, EMEND_OUTPUT_EXISTS, "--force");
  write_ok(open_ok(path, 1), "new");
  assert_content(path, "old");
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  end();
  assert_content(path, "new");
  struct stat info;
  ck_assert_int_eq(stat(path, &info), 0);
  ck_assert_uint_eq(info.st_mode & 07777, 0604);
  ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(replaces_the_target_of_a_link) {
  const char *target = scratch("target.txt"), *link = scratch("link");
  support_write(target, "old", 3);
  ck_assert_int_eq(symlink("target.txt", link), 0);
  begin(_i);
  assert_refused(link, 0, EMEND_OUTPUT_EXISTS, "exists");
  write_ok(open_ok(link, 1), "new");
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  end();
  struct stat info;
  ck_assert_int_eq(lstat(link, &info), 0);
  ck_assert(S_ISLNK(info.st_mode));
  assert_content(target, "new");
  ck_assert_uint_eq(entries(), 2);
}
END_TEST

START_TEST(makes_the_target_of_a_dangling_link) {
  const char *link = scratch("link");
  ck_assert_int_eq(mkdir(scratch("deep"), 0700), 0);
  ck_assert_int_eq(symlink("deep/second", link), 0);
  ck_assert_int_eq(symlink("third", scratch("deep/second")), 0);
  begin(_i);
  write_ok(open_ok(link, 0), "new");
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  end();
  assert_content(scratch("deep/third"), "new");
  struct stat info;
  ck_assert_int_eq(lstat(link, &info), 0);
  ck_assert(S_ISLNK(info.st_mode));
}
END_TEST

START_TEST(refuses_link_loops) {
  ck_assert_int_eq(symlink("b", scratch("a")), 0);
  ck_assert_int_eq(symlink("a", scratch("b")), 0);
  begin(_i);
  assert_refused(scratch("a"), 1, EMEND_IO_ERROR, "symbolic link");
  end();
}
END_TEST

START_TEST(refuses_places_that_cannot_be) {
  begin(_i);
  assert_refused("", 1, EMEND_INVALID_ARGUMENT, "empty");
  assert_refused(scratch("."), 1, EMEND_INVALID_ARGUMENT, "is a directory");
  assert_refused(scratch("new/"), 1, EMEND_INVALID_ARGUMENT, "directory");
  assert_refused(scratch("missing/out.sav"), 1, EMEND_IO_ERROR, "making the directory first");
  support_write(scratch("plain"), "", 0);
  assert_refused(scratch("plain/out.sav"), 1, EMEND_IO_ERROR, "Not a directory");
  if (geteuid() != 0) {
    ck_assert_int_eq(mkdir(scratch("locked"), 0500), 0);
    assert_refused(scratch("locked/out.sav"), 1, EMEND_IO_ERROR, "Permission denied");
  }
  end();
}
END_TEST

START_TEST(refuses_inputs_and_doubles) {
  const char *input = scratch("input.sav"), *twin = scratch("twin.sav"), *alias = scratch("link.sav");
  support_write(input, "input", 5);
  ck_assert_int_eq(link(input, twin), 0);
  ck_assert_int_eq(symlink("input.sav", alias), 0);
  support_write(scratch("out.csv"), "", 0);
  begin(_i);
  ck_assert_int_eq(emend_outputs_protect_path(outputs, scratch("not there"), error), EMEND_OK);
  ck_assert_int_eq(emend_outputs_protect_path(outputs, input, error), EMEND_OK);
  for (int replace = 0; replace < 2; replace++) {
    assert_refused(input, replace, EMEND_INVALID_ARGUMENT, "is an input");
    assert_refused(twin, replace, EMEND_INVALID_ARGUMENT, "is an input");
    assert_refused(alias, replace, EMEND_INVALID_ARGUMENT, "is an input");
  }
  open_ok(scratch("out.csv"), 1);
  assert_refused(scratch("./out.csv"), 1, EMEND_INVALID_ARGUMENT, "another output");
  open_ok(scratch("new.csv"), 1);
  assert_refused(scratch("./new.csv"), 1, EMEND_INVALID_ARGUMENT, "another output");
  end();
  assert_content(input, "input");
  ck_assert_uint_eq(entries(), 4);
}
END_TEST

/* The second of three files cannot take its place: a directory has come into being there. */
START_TEST(publishes_all_or_none) {
  const char *a = scratch("a.txt"), *b = scratch("b.txt"), *c = scratch("c.txt"), *fresh = scratch("fresh.txt");
  support_write(a, "old a", 5);
  support_write(c, "old c", 5);
  ck_assert_int_eq(chmod(a, 0600), 0);
  begin(_i);
  write_ok(open_ok(a, 1), "new a");
  write_ok(open_ok(fresh, 0), "fresh");
  write_ok(open_ok(b, 1), "new b");
  write_ok(open_ok(c, 1), "new c");
  ck_assert_int_eq(mkdir(b, 0700), 0);
  ck_assert_int_ne(emend_outputs_publish(outputs, error), EMEND_OK);
  ck_assert_str_eq(emend_error_file(error), b);
  end();
  assert_content(a, "old a");
  assert_content(c, "old c");
  ck_assert_int_ne(access(fresh, F_OK), 0);
  ck_assert_int_eq(rmdir(b), 0);
  ck_assert_uint_eq(entries(), 2);
}
END_TEST

/* The same where an earlier file cannot be kept under a second name: it is moved away, and comes back. */
START_TEST(publishes_all_or_none_without_hard_links) {
  const char *a = scratch("a.txt"), *b = scratch("b.txt");
  support_write(a, "old a", 5);
  begin(1);
  write_ok(open_ok(a, 1), "new a");
  write_ok(open_ok(b, 1), "new b");
  ck_assert_int_eq(mkdir(b, 0700), 0);
  no_hard_links = true;
  ck_assert_int_ne(emend_outputs_publish(outputs, error), EMEND_OK);
  ck_assert_str_eq(emend_error_file(error), b);
  end();
  assert_content(a, "old a");
  ck_assert_int_eq(rmdir(b), 0);
  ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(replaces_without_hard_links) {
  const char *a = scratch("a.txt"), *b = scratch("b.txt");
  support_write(a, "old a", 5);
  begin(1);
  write_ok(open_ok(a, 1), "new a");
  if (_i)
    write_ok(open_ok(b, 0), "new b");
  no_hard_links = true;
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  end();
  assert_content(a, "new a");
  ck_assert_uint_eq(entries(), 1 + (size_t)_i);
}
END_TEST

/* Nothing takes its place that is not safely on the disk. */
START_TEST(keeps_the_earlier_file_when_the_disk_fails) {
  const char *a = scratch("a.txt");
  support_write(a, "old a", 5);
  begin(_i);
  write_ok(open_ok(a, 1), "new a");
  write_ok(open_ok(scratch("b.txt"), 0), "new b");
  disk_fails = true;
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_IO_ERROR);
  ck_assert_str_eq(emend_error_file(error), a);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "cannot be written"));
  end();
  assert_content(a, "old a");
  ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(publishes_several) {
  const char *a = scratch("a.txt"), *b = scratch("b.txt");
  support_write(a, "old a", 5);
  begin(_i);
  write_ok(open_ok(a, 1), "new a");
  write_ok(open_ok(b, 0), "new b");
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_INTERNAL);
  end();
  assert_content(a, "new a");
  assert_content(b, "new b");
  ck_assert_uint_eq(entries(), 2);
}
END_TEST

START_TEST(spares_a_file_that_came_meanwhile) {
  const char *path = scratch("a.txt");
  begin(_i);
  write_ok(open_ok(path, 0), "mine");
  support_write(path, "theirs", 6);
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OUTPUT_EXISTS);
  end();
  assert_content(path, "theirs");
  ck_assert_uint_eq(entries(), 1);
}
END_TEST

/* 5 MiB in pieces of odd length, against the same bytes made otherwise. */
START_TEST(writes_large_outputs_in_order) {
  enum { BYTES = 5 << 20 };
  const char *path = scratch("large");
  unsigned char *bytes = malloc(BYTES);
  for (size_t i = 0; i < BYTES; i++)
    bytes[i] = (unsigned char)(i * 2654435761u >> 13);
  begin(_i);
  emend_output *output = open_ok(path, 0);
  size_t piece = 1;
  for (size_t at = 0; at < BYTES; at += piece) {
    piece = piece * 7 % 1500007 + 1;
    if (piece > BYTES - at)
      piece = BYTES - at;
    ck_assert_int_eq(emend_output_write(output, bytes + at, piece, error), EMEND_OK);
  }
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  end();
  size_t length;
  unsigned char *found = support_read(path, &length);
  ck_assert_uint_eq(length, BYTES);
  ck_assert_mem_eq(found, bytes, BYTES);
  free(found);
  free(bytes);
}
END_TEST

START_TEST(says_when_a_file_may_grow_no_further) {
  enum { LIMIT = 1 << 20 };
  const char *path = scratch("old.txt");
  support_write(path, "old", 3);
  signal(SIGXFSZ, SIG_IGN);
  ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &(struct rlimit){LIMIT, LIMIT}), 0);
  begin(_i);
  emend_output *output = open_ok(path, 1);
  static char bytes[LIMIT + 1];
  ck_assert_int_eq(emend_output_write(output, bytes, sizeof bytes, error), EMEND_IO_ERROR);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "too large"));
  emend_error_clear(error);
  ck_assert_int_eq(emend_output_write(output, "x", 1, error), EMEND_IO_ERROR); /* it stays failed */
  emend_error_clear(error);
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_IO_ERROR);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "too large"));
  end();
  assert_content(path, "old");
  ck_assert_uint_eq(entries(), 1);
}
END_TEST

START_TEST(says_when_the_device_is_full) {
  const char *other = scratch("other.txt");
  begin(_i);
  write_ok(open_ok("/dev/full", 0), "text");
  write_ok(open_ok(other, 0), "text");
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_IO_ERROR);
  ck_assert_str_eq(emend_error_file(error), "/dev/full");
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "No space left"));
  end();
  ck_assert_uint_eq(entries(), 0);
}
END_TEST

START_TEST(writes_to_devices) {
  begin(_i);
  write_ok(open_ok("/dev/null", 0), "text");
  write_ok(open_ok("/dev/null", 0), "text");
  ck_assert_int_eq(emend_outputs_publish(outputs, error), EMEND_OK);
  end();
  struct stat info;
  ck_assert_int_eq(stat("/dev/null", &info), 0);
  ck_assert(S_ISCHR(info.st_mode));
}
END_TEST

/* Standard output is changed in a child, so that Check's own stays. */
static int child_status(void (*body)(void)) {
  pid_t child = fork();
  if (child == 0) {
    signal(SIGPIPE, SIG_IGN);
    body();
    _exit(7);
  }
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFEXITED(status));
  return WEXITSTATUS(status);
}

static void write_to_closed_pipe(void) {
  int ends[2];
  if (pipe(ends) != 0 || dup2(ends[1], STDOUT_FILENO) < 0)
    _exit(1);
  close(ends[0]);
  begin(0);
  emend_output *output = NULL, *other = NULL;
  if (emend_outputs_open(outputs, "-", 0, &output, error) || emend_outputs_open(outputs, scratch("other.txt"), 0, &other, error) ||
      emend_output_write(output, "text", 4, error) || emend_outputs_publish(outputs, error) != EMEND_IO_ERROR)
    _exit(2);
  if (strcmp(emend_error_file(error), "standard output") != 0 || !strstr(emend_error_text(error), "Broken pipe"))
    _exit(3);
  _exit(entries() == 0 ? 0 : 4);
}

static void write_to_regular_input(void) {
  const char *path = scratch("input.csv");
  support_write(path, "", 0);
  int fd = open(path, O_WRONLY | O_APPEND);
  if (dup2(fd, STDOUT_FILENO) < 0)
    _exit(1);
  begin(0);
  emend_output *output;
  emend_outputs_protect_path(outputs, path, error);
  if (emend_outputs_open(outputs, "-", 0, &output, error) != EMEND_INVALID_ARGUMENT)
    _exit(2);
  _exit(0);
}

static void write_standard_output_twice(void) {
  begin(0);
  emend_output *output;
  if (emend_outputs_open(outputs, "-", 0, &output, error) || emend_outputs_open(outputs, "-", 0, &output, error) != EMEND_INVALID_ARGUMENT)
    _exit(2);
  _exit(0);
}

START_TEST(standard_output) {
  scratch(".");
  ck_assert_int_eq(child_status(write_to_closed_pipe), 0);
  ck_assert_int_eq(child_status(write_to_regular_input), 0);
  ck_assert_int_eq(child_status(write_standard_output_twice), 0);
}
END_TEST

SUITE_APART {
  Suite *suite = suite_create("output");
  TCase *cases = tcase_create("replacing");
  tcase_add_loop_test(cases, appears_when_published, 0, WAYS);
  tcase_add_loop_test(cases, leaves_nothing_unpublished, 0, WAYS);
  tcase_add_loop_test(cases, keeps_the_mode_of_what_it_replaces, 0, WAYS);
  tcase_add_loop_test(cases, replaces_the_target_of_a_link, 0, WAYS);
  tcase_add_loop_test(cases, makes_the_target_of_a_dangling_link, 0, WAYS);
  tcase_add_loop_test(cases, refuses_link_loops, 0, WAYS);
  tcase_add_loop_test(cases, refuses_places_that_cannot_be, 0, WAYS);
  tcase_add_loop_test(cases, refuses_inputs_and_doubles, 0, WAYS);
  tcase_add_loop_test(cases, publishes_all_or_none, 0, WAYS);
  tcase_add_test(cases, publishes_all_or_none_without_hard_links);
  tcase_add_loop_test(cases, replaces_without_hard_links, 0, 2);
  tcase_add_loop_test(cases, keeps_the_earlier_file_when_the_disk_fails, 0, WAYS);
  tcase_add_loop_test(cases, publishes_several, 0, WAYS);
  tcase_add_loop_test(cases, spares_a_file_that_came_meanwhile, 0, WAYS);
  tcase_add_loop_test(cases, writes_large_outputs_in_order, 0, WAYS);
  tcase_add_loop_test(cases, says_when_a_file_may_grow_no_further, 0, WAYS);
  tcase_add_loop_test(cases, says_when_the_device_is_full, 0, WAYS);
  tcase_add_loop_test(cases, writes_to_devices, 0, WAYS);
  tcase_add_test(cases, standard_output);
  suite_add_tcase(suite, cases);
  return suite;
}
