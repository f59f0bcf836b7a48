/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"

static support_suite *suites;

void support_register(support_suite *suite) {
  suite->next = suites;
  suites = suite;
}

/* "impute/test_told" of "../tests/impute/test_told.c", and of itself; the length without ".c". */
static const char *short_name(const char *path, int *length) {
  const char *room = NULL, *file = path;
  for (const char *at = path; (at = strchr(at, '/')) != NULL; at++)
    room = file, file = at + 1;
  const char *name = room ? room : file;
  size_t n = strlen(name);
  *length = (int)(n > 2 && strcmp(name + n - 2, ".c") == 0 ? n - 2 : n);
  return name;
}

static bool is_named(const support_suite *suite, const char *wanted) {
  int n, m;
  const char *name = short_name(suite->file, &n), *other = short_name(wanted, &m);
  return n == m && memcmp(name, other, (size_t)n) == 0;
}

static bool run(const support_suite *suite) {
  SRunner *runner = srunner_create(suite->make());
  srunner_set_fork_status(runner, suite->apart ? CK_FORK : CK_FORK_GETENV);
  srunner_run_all(runner, CK_NORMAL);
  bool passed = srunner_ntests_failed(runner) == 0;
  srunner_free(runner);
  return passed;
}

/* The suites named by their files, "impute/test_told" for short; without any name, all. */
int main(int argc, char **argv) {
  bool passed = true;
  for (const support_suite *suite = suites; suite && argc < 2; suite = suite->next)
    passed = run(suite) && passed;
  for (int i = 1; i < argc; i++) {
    const support_suite *suite = suites;
    while (suite && !is_named(suite, argv[i]))
      suite = suite->next;
    if (!suite)
      fprintf(stderr, "%s: no such suite\n", argv[i]);
    passed = suite && run(suite) && passed;
  }
  return passed ? EXIT_SUCCESS : EXIT_FAILURE;
}
