/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/format.h"
#include "io/options.h"
#include "io/source.h"
#include "support/support.h"

static void assert_refused(const char *path, emend_status wanted, const char *words) {
  emend_error *error = emend_error_new();
  emend_source *source = (emend_source *)error;
  ck_assert_int_eq(emend_source_open(path, &source, error), wanted);
  ck_assert_ptr_null(source);
  ck_assert_str_eq(emend_error_file(error), path);
  ck_assert_msg(strstr(emend_error_text(error), words) != NULL, "\"%s\" lacks \"%s\"", emend_error_text(error), words);
  emend_error_free(error);
}

START_TEST(refuses_what_is_no_file) {
  assert_refused("", EMEND_IO_ERROR, "No such file");
  assert_refused(support_scratch("missing.sav"), EMEND_IO_ERROR, "No such file");
  assert_refused(support_scratch("."), EMEND_UNSUPPORTED, "is a directory");
  assert_refused("/dev/null", EMEND_UNSUPPORTED, "is a device");
  ck_assert_int_eq(mkfifo(support_scratch("pipe"), 0600), 0);
  assert_refused(support_scratch("pipe"), EMEND_UNSUPPORTED, "try -");
}
END_TEST

START_TEST(reads_by_position) {
  const char *path = support_scratch("file");
  support_write(path, "0123456789", 10);
  emend_source *source;
  emend_error *error = emend_error_new();
  char bytes[11] = "";
  ck_assert_int_eq(emend_source_open(path, &source, error), EMEND_OK);
  ck_assert_uint_eq(source->size, 10);
  ck_assert_int_eq(emend_source_read(source, 3, bytes, 4, error), EMEND_OK);
  ck_assert_str_eq(bytes, "3456");
  ck_assert_int_eq(emend_source_read(source, 10, bytes, 0, error), EMEND_OK);
  ck_assert_int_eq(emend_source_read(source, 7, bytes, 4, error), EMEND_MALFORMED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "at byte 7"));
  ck_assert_int_eq(emend_source_read(source, UINT64_MAX - 1, bytes, 4, error), EMEND_MALFORMED);
  emend_source_close(source);
  emend_error_free(error);
}
END_TEST

START_TEST(notices_changes) {
  const char *path = support_scratch("file");
  support_write(path, "0123456789", 10);
  ck_assert_int_eq(utimensat(AT_FDCWD, path, (struct timespec[2]){{1000, 0}, {1000, 0}}, 0), 0);
  emend_source *source;
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_source_open(path, &source, error), EMEND_OK);
  ck_assert_int_eq(emend_source_unchanged(source, error), EMEND_OK);
  ck_assert_int_eq(utimensat(AT_FDCWD, path, (struct timespec[2]){{1000, 1}, {1000, 1}}, 0), 0);
  ck_assert_int_eq(emend_source_unchanged(source, error), EMEND_IO_ERROR);
  ck_assert_int_eq(utimensat(AT_FDCWD, path, (struct timespec[2]){{1000, 0}, {1000, 0}}, 0), 0);
  ck_assert_int_eq(emend_source_unchanged(source, error), EMEND_OK);
  ck_assert_int_eq(truncate(path, 5), 0);
  char bytes[10];
  ck_assert_int_eq(emend_source_read(source, 0, bytes, 10, error), EMEND_MALFORMED);
  ck_assert_int_eq(emend_source_unchanged(source, error), EMEND_IO_ERROR);
  ck_assert_str_eq(emend_error_file(error), path);
  emend_source_close(source);
  emend_error_free(error);
}
END_TEST

/* A pipe fed by a child, longer than pipe buffers and the copy's. */
START_TEST(spools_standard_input) {
  enum { BYTES = 1000003 };
  unsigned char *bytes = malloc(BYTES), *found = malloc(BYTES);
  for (size_t i = 0; i < BYTES; i++)
    bytes[i] = (unsigned char)(i * 2654435761u >> 13);
  int ends[2];
  ck_assert_int_eq(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    for (size_t at = 0; at < BYTES;) {
      ssize_t put = write(ends[1], bytes + at, BYTES - at);
      if (put < 0)
        _exit(1);
      at += (size_t)put;
    }
    _exit(0);
  }
  close(ends[1]);
  ck_assert_int_ge(dup2(ends[0], STDIN_FILENO), 0);
  emend_source *source;
  ck_assert_int_eq(emend_source_open("-", &source, NULL), EMEND_OK);
  ck_assert_str_eq(source->name, "standard input");
  ck_assert_ptr_null(source->path);
  ck_assert_uint_eq(source->size, BYTES);
  ck_assert_int_eq(emend_source_read(source, 0, found, BYTES, NULL), EMEND_OK);
  ck_assert_mem_eq(found, bytes, BYTES);
  emend_source_close(source);
  waitpid(child, NULL, 0);
  free(bytes);
  free(found);
}
END_TEST

static const emend_format *recognise(const char *name, const char *bytes, size_t length, const char *wanted) {
  const char *path = support_scratch(name);
  support_write(path, bytes, length);
  emend_source *source;
  const emend_format *format = NULL;
  ck_assert_int_eq(emend_source_open(path, &source, NULL), EMEND_OK);
  emend_status status = emend_format_recognise(source, wanted, &format, NULL);
  ck_assert_int_eq(status == EMEND_OK, format != NULL);
  emend_source_close(source);
  return format;
}

START_TEST(recognises_formats) {
#define RECOGNISED(path, bytes, wanted) recognise(path, bytes, sizeof(bytes) - 1, wanted)->name
  ck_assert_str_eq(RECOGNISED("a.csv", "$FL2@(#) SPSS", NULL), "sav"); /* content before extension */
  ck_assert_str_eq(RECOGNISED("a.sav", "$FL3@(#) SPSS", NULL), "zsav");
  ck_assert_str_eq(RECOGNISED("a.sav", "$FL3@(#) SPSS", "sav"), "zsav");
  ck_assert_str_eq(RECOGNISED("a.sav", "$FL2@(#) SPSS", "csv"), "csv"); /* what is told, goes */
  ck_assert_str_eq(RECOGNISED("a", "<stata_dta><header>", NULL), "dta");
  ck_assert_str_eq(RECOGNISED("a", "\162\002\001\000", NULL), "dta");
  ck_assert_str_eq(RECOGNISED("a.DTA", "nonsense", NULL), "dta");
  ck_assert_str_eq(RECOGNISED("a", "HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", NULL), "xpt");
  ck_assert_str_eq(RECOGNISED("a.TAB", "x\ty\n", NULL), "tsv");
  ck_assert_str_eq(RECOGNISED("a", "x,y\n1,2\n", NULL), "csv");
  ck_assert_ptr_null(recognise("a", "\001\002", 2, NULL));
  ck_assert_ptr_null(recognise("a.docx", "text", 4, NULL));
  ck_assert_ptr_null(recognise("a", "", 0, NULL));
}
END_TEST

START_TEST(options_refuse_nonsense) {
  emend_read_options *options = emend_read_options_new();
  ck_assert_int_eq(emend_read_options_set_format(options, "xlsx", NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_format(options, "SAV", NULL), EMEND_OK);
  ck_assert_str_eq(options->format, "sav");
  ck_assert_int_eq(emend_read_options_set_delimiter(options, ";;", NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_delimiter(options, "", NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_delimiter(options, "5", NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_delimiter(options, "\\t", NULL), EMEND_OK);
  ck_assert_int_eq(options->delimiter, '\t');
  ck_assert_int_eq(emend_read_options_set_decimal(options, "x", NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_decimal(options, ",", NULL), EMEND_OK);
  ck_assert_int_eq(emend_read_options_set_encoding(options, "no such code", NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_encoding(options, "ISO-8859-1", NULL), EMEND_OK);
  ck_assert_int_eq(emend_read_options_add_missing(options, "-99", NULL), EMEND_OK);
  ck_assert_int_eq(emend_read_options_add_missing(options, "keine Angabe", NULL), EMEND_OK);
  ck_assert_int_eq(emend_read_options_add_missing(options, "9,5", NULL), EMEND_OK);
  ck_assert(emend_read_options_number_is_missing(options, -99));
  ck_assert(emend_read_options_number_is_missing(options, 9.5));
  ck_assert(!emend_read_options_number_is_missing(options, 99));
  ck_assert(!emend_read_options_number_is_missing(NULL, 99));
  emend_read_options_free(options);
}
END_TEST

SUITE {
  Suite *suite = suite_create("source");
  TCase *cases = tcase_create("source");
  tcase_add_test(cases, refuses_what_is_no_file);
  tcase_add_test(cases, reads_by_position);
  tcase_add_test(cases, notices_changes);
  tcase_add_test(cases, spools_standard_input);
  tcase_add_test(cases, recognises_formats);
  tcase_add_test(cases, options_refuse_nonsense);
  suite_add_tcase(suite, cases);
  return suite;
}
