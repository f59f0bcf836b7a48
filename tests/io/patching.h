/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_IO_PATCHING_H
#define TESTS_IO_PATCHING_H

#include <stdbool.h>
#include <stdint.h>

#include "io/file.h"

/* What the tests of both patchers share: files in memory, choices of cells, and the way from a dataset through a patcher to bytes. */

typedef struct bytes {
  unsigned char *data;
  size_t length;
} bytes;

/* A source whose file is a copy of these bytes in memory; freed with emend_source_close. */
emend_source *source_of(const void *data, size_t length);

/* Which cells are imputed. */
typedef enum choice { NOTHING, MISSING, SOME, EVERYTHING, CHOICES } choice;
/* Whether the cell of a numeric variable is chosen, and the value it gets (in *value, from the test's own rule for that variable). */
typedef struct changes {
  const emend_dataset *dataset;
  choice which;
  uint64_t seed;
  double (*value)(const struct changes *changes, size_t row, size_t variable);
  const void *context;
} changes;
bool is_changed(const changes *changes, size_t row, size_t variable);
/* In [0, 1), from the coordinates. */
double chance(uint64_t seed, size_t row, size_t variable);

typedef emend_status (*open_patch)(const emend_source *, const emend_dataset *, emend_output *, emend_writer **, emend_error *);
/* Patches `source` into *patched (malloc'd; empty on failure); NULL: into nothing. */
emend_status patch(open_patch open, const emend_source *source, const changes *changes, bytes *patched, emend_error *error);
/* Opens, reads and closes through the library; fails the test on error. */
emend_file *read_shared(const char *path);

/* A file of ../shared, as its index describes it. */
typedef struct indexed {
  const char *name;
  char path[4096];
  long rows;
} indexed;
/* Visits the files whose names end in `extension` and whose class is `class_` ("valid", "bad", "either"); returns how many (0 without
 * ../shared). */
size_t each_indexed(const char *extension, const char *class_, void (*visit)(const indexed *file, void *context), void *context);

/* Lets `visit` try `n` damaged copies of the bytes: one to three bits or bytes changed, drawn from `seed`. */
void each_damaged(const unsigned char *data, size_t length, uint64_t seed, size_t n,
                  void (*visit)(const emend_source *source, void *context), void *context);

#endif
