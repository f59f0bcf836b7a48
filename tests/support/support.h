/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_SUPPORT_H
#define SUPPORT_SUPPORT_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * What a file of tests is: SUITE { Suite *suite = suite_create("..."); ...; return suite; }, once, at its end. The program of tests knows it by
 * the name of the file. SUITE_APART: each test in a process of its own also where CK_FORK=no asks for one: they change what belongs to the
 * process, or leave it.
 */
#define SUITE SUPPORT_SUITE(false)
#define SUITE_APART SUPPORT_SUITE(true)

typedef struct support_suite {
  const char *file;
  Suite *(*make)(void);
  bool apart;
  struct support_suite *next;
} support_suite;

void support_register(support_suite *suite);

#define SUPPORT_SUITE(apart)                                                                                                                \
  static Suite *make_suite(void);                                                                                                          \
  __attribute__((constructor)) static void register_suite(void) {                                                                          \
    static support_suite suite = {__FILE__, make_suite, apart, NULL};                                                                      \
    support_register(&suite);                                                                                                              \
  }                                                                                                                                        \
  static Suite *make_suite(void)

/* Paths. The result is in a static buffer per call site's turn (8 turns): copy it to keep it. */
const char *support_source(const char *path); /* within the source tree: "samples/penguins.csv" */
const char *support_shared(const char *path); /* within ../shared; NULL if that folder is absent: then skip */
const char *support_program(void);            /* the emend program */
const char *support_scratch(const char *name); /* within a fresh temporary folder of this process, removed at exit */

/* Whole files. The caller frees the bytes; a NUL follows them. Fails the test if the file cannot be read or written. */
unsigned char *support_read(const char *path, size_t *length);
void support_write(const char *path, const void *bytes, size_t length);

/* |a - b| <= tolerance * max(|a|, |b|), or both NaN. */
#define assert_relative(a, b, tolerance) support_assert_relative((a), (b), (tolerance), #a, __FILE__, __LINE__)
void support_assert_relative(double a, double b, double tolerance, const char *what, const char *file, int line);

#endif
