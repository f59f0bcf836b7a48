/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_SUPPORT_H
#define SUPPORT_SUPPORT_H

#include <check.h>
#include <stddef.h>

/* Runs a suite's cases and returns what main should: 0 if all passed. `suite` is freed. */
int support_run(Suite *suite);
/* The same, each test in a process of its own also where CK_FORK=no asks for one: they change what belongs to the process, or leave it. */
int support_run_apart(Suite *suite);

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
