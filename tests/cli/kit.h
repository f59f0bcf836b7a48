/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_CLI_KIT_H
#define TESTS_CLI_KIT_H

#include <jansson.h>
#include <stddef.h>

/* What the tests of whole commands share. */

/* Runs `emend ARGUMENTS` through sh in the scratch folder; its exit status, or 128 if a signal ended it. */
int run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The JSON document in a file of the scratch folder; the caller frees it. */
json_t *json_of(const char *name);
json_int_t integer(const json_t *object, const char *key);
/* Every key of the object, and of objects in it, is described in the text (of docs/json.md). Options are described by their help. */
void assert_documented(const json_t *value, const char *documentation);

/* A line of the shared index, cut at tabs. */
enum { FILE_NAME, CLASS, BYTES, ROWS, COLUMNS, NOT_AVAILABLE, USER, TAGGED, LABELLED, FIELDS };
/* Visits each whose class is this; returns how many (0 without the shared data). */
size_t each_line(const char *class_, void (*visit)(char **field));
const char *shared(const char *name); /* the path of a file of the index */

#endif
