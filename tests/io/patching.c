/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "patching.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "support/support.h"

emend_source *source_of(const void *data, size_t length) {
  emend_source *source = calloc(1, sizeof *source);
  ck_assert_ptr_nonnull(source);
  source->name = strdup("memory");
  source->fd = memfd_create("source", MFD_CLOEXEC);
  ck_assert_int_ge(source->fd, 0);
  ck_assert_int_eq(write(source->fd, data, length), (ssize_t)length);
  struct stat info;
  ck_assert_int_eq(fstat(source->fd, &info), 0);
  source->size = length;
  source->modified = info.st_mtim;
  return source;
}

double chance(uint64_t seed, size_t row, size_t variable) { return emend_random_uniform(seed, EMEND_STREAM_TEST, row, variable); }

bool is_changed(const changes *c, size_t row, size_t variable) {
  if (emend_variable_get_kind(c->dataset, variable) == EMEND_TEXT)
    return false;
  switch (c->which) {
  case MISSING: return emend_cell_reason(c->dataset, row, variable) != EMEND_OBSERVED;
  case SOME: return chance(c->seed, row, variable) < 0.2;
  case EVERYTHING: return true;
  default: return false;
  }
}

static void read_changed(const void *state, size_t row, emend_cell *cells) {
  const changes *c = state;
  emend_dataset_read_row(c->dataset, row, cells);
  for (size_t v = 0; v < emend_dataset_variables(c->dataset); v++)
    if (is_changed(c, row, v)) {
      cells[v].imputed = true;
      cells[v].value = c->value(c, row, v);
    }
}

emend_status patch(open_patch open, const emend_source *source, const changes *c, bytes *patched, emend_error *error) {
  char path[4096];
  snprintf(path, sizeof path, "%s", support_scratch("patched"));
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_writer *writer = NULL;
  emend_rows rows = {.dataset = c->dataset, .n_rows = emend_dataset_rows(c->dataset), .state = c, .read = read_changed};
  emend_status status = emend_outputs_open(outputs, path, 1, &output, error);
  if (!status)
    status = open(source, c->dataset, output, &writer, error);
  if (!status)
    status = emend_writer_pour(writer, &rows, NULL, error);
  if (!status && patched)
    status = emend_outputs_publish(outputs, error);
  if (writer)
    writer->free(writer);
  emend_outputs_free(outputs);
  if (patched)
    *patched = (bytes){0};
  if (!status && patched)
    patched->data = support_read(path, &patched->length);
  return status;
}

emend_file *read_shared(const char *path) {
  emend_error *error = emend_error_new();
  emend_file *file;
  emend_status status = emend_file_read(path, NULL, NULL, &file, error);
  ck_assert_msg(status == EMEND_OK, "%s", emend_error_text(error));
  emend_error_free(error);
  return file;
}

static bool ends_in(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

size_t each_indexed(const char *extension, const char *class_, void (*visit)(const indexed *file, void *context), void *context) {
  const char *index = support_shared("data/INDEX.tsv");
  if (!index)
    return 0;
  size_t n = 0;
  char *table = (char *)support_read(index, NULL), *rest = table;
  for (char *line; (line = strsep(&rest, "\n")) && *line;) {
    indexed file = {.name = strsep(&line, "\t")};
    const char *its_class = strsep(&line, "\t");
    strsep(&line, "\t"); /* bytes */
    file.rows = atol(strsep(&line, "\t"));
    if (!ends_in(file.name, extension) || strcmp(its_class, class_) != 0)
      continue;
    snprintf(file.path, sizeof file.path, "%s/%s", support_shared("data"), file.name);
    visit(&file, context);
    n++;
  }
  free(table);
  return n;
}

void each_damaged(const unsigned char *data, size_t length, uint64_t seed, size_t n,
                  void (*visit)(const emend_source *source, void *context), void *context) {
  unsigned char *damaged = malloc(length);
  for (size_t i = 0; i < n; i++) {
    memcpy(damaged, data, length);
    size_t n_changes = 1 + (size_t)(3 * chance(seed, i, 0));
    for (size_t k = 1; k <= n_changes; k++) {
      size_t at = (size_t)((double)length * chance(seed, i, 3 * k));
      double kind = chance(seed, i, 3 * k + 1);
      unsigned char drawn = (unsigned char)(256 * chance(seed, i, 3 * k + 2));
      damaged[at] = kind < 0.5 ? damaged[at] ^ (unsigned char)(1u << (drawn & 7)) : kind < 0.7 ? 0xFF : kind < 0.8 ? 0 : drawn;
    }
    emend_source *source = source_of(damaged, length);
    visit(source, context);
    emend_source_close(source);
  }
  free(damaged);
}
