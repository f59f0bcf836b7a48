/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emend/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/memory.h"
#include "io/file.h"
#include "io/output.h"
#include "io/replace.h"

/* Opening, checking and filling outputs; how finished files take their places is replace.c. */

typedef struct identity {
  dev_t device;
  ino_t inode;
} identity;

static const size_t BUFFER_BYTES = (size_t)1 << 20;

struct emend_output {
  char *path;               /* as the caller named it; "standard output" for - */
  emend_replacement *place; /* NULL: a stream (standard output, a pipe, a device), written as the data come */
  int fd;                   /* of the stream, or the place's */
  identity existing; /* of the file now in that place, or of the stream; inode 0: none */
  char *buffer;
  size_t room, used; /* of the buffer */
  emend_error_record failure; /* the first, kept: an output that failed once stays failed */
};

struct emend_outputs {
  emend_output **items;
  size_t n_items;
  identity *protected_files;
  size_t n_protected;
  bool published;
  bool named;  /* no unnamed temporaries */
  size_t room; /* of each buffer; 0: BUFFER_BYTES */
};

emend_outputs *emend_outputs_new(void) { return calloc(1, sizeof(emend_outputs)); }

void emend_outputs_avoid_unnamed(emend_outputs *outputs) { outputs->named = true; }
void emend_outputs_write_pieces(emend_outputs *outputs, size_t bytes) { outputs->room = bytes; }

static void output_free(emend_output *output) {
  if (!output)
    return;
  if (!output->place && output->fd >= 0 && output->fd != STDOUT_FILENO)
    close(output->fd);
  emend_replacement_free(output->place);
  free(output->path);
  free(output->buffer);
  free(output);
}

void emend_outputs_free(emend_outputs *outputs) {
  if (!outputs)
    return;
  for (size_t i = 0; i < outputs->n_items; i++)
    output_free(outputs->items[i]);
  free(outputs->items);
  free(outputs->protected_files);
  free(outputs);
}

static bool same(identity a, identity b) { return a.inode != 0 && a.device == b.device && a.inode == b.inode; }

static emend_status protect(emend_outputs *outputs, identity file, emend_error *error) {
  identity *longer = emend_reallocate(outputs->protected_files, outputs->n_protected + 1, sizeof *longer);
  if (!longer)
    return emend_fail_memory(error);
  outputs->protected_files = longer;
  outputs->protected_files[outputs->n_protected++] = file;
  return EMEND_OK;
}

emend_status emend_outputs_protect(emend_outputs *outputs, const emend_file *input, emend_error *error) {
  return protect(outputs, (identity){input->source->device, input->source->inode}, error);
}

emend_status emend_outputs_protect_path(emend_outputs *outputs, const char *path, emend_error *error) {
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode))
    return EMEND_OK;
  return protect(outputs, (identity){info.st_dev, info.st_ino}, error);
}

/* An output must be neither an input nor another output, under whatever name. */
static emend_status check_distinct(const emend_outputs *outputs, const emend_output *output, emend_error *error) {
  for (size_t i = 0; i < outputs->n_protected; i++)
    if (same(output->existing, outputs->protected_files[i])) {
      emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "is an input: an output never overwrites what it is made from");
      emend_try(error, "another name for the output");
      return status;
    }
  for (size_t i = 0; i < outputs->n_items; i++) {
    const emend_output *other = outputs->items[i];
    bool twice = same(output->existing, other->existing) ||
                 (output->place && other->place && emend_replacement_same(output->place, other->place)) ||
                 (output->fd == STDOUT_FILENO && other->fd == STDOUT_FILENO);
    if (twice) {
      emend_status status = emend_fail(error, EMEND_INVALID_ARGUMENT, "is already another output (%s)", other->path);
      emend_try(error, "a name of its own for each output");
      return status;
    }
  }
  return EMEND_OK;
}

static emend_status open_standard_output(emend_output *output, emend_error *error) {
  struct stat info;
  if (fstat(STDOUT_FILENO, &info) != 0)
    return emend_fail_errno(error, "cannot be written");
  output->fd = STDOUT_FILENO;
  if (S_ISREG(info.st_mode))
    output->existing = (identity){info.st_dev, info.st_ino};
  return EMEND_OK;
}

/* Pipes and character devices (/dev/null) have nothing that could be replaced: they are written as the data come. */
static emend_status open_stream(emend_output *output, const char *path, emend_error *error) {
  output->fd = emend_above_standard(open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (output->fd < 0)
    return emend_fail_errno(error, "cannot be written");
  return EMEND_OK;
}

static emend_status open_output(const emend_outputs *outputs, emend_output *output, const char *path, int replace, emend_error *error) {
  struct stat info;
  if (strcmp(path, "-") == 0) {
    emend_status status = open_standard_output(output, error);
    return status ? status : check_distinct(outputs, output, error);
  }
  bool exists = path[0] && stat(path, &info) == 0;
  if (!path[0])
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the name of an output is empty");
  if (!exists && errno != ENOENT)
    return emend_fail_errno(error, "cannot be written");
  if (exists && S_ISDIR(info.st_mode))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "is a directory; the output needs a file name");
  if (exists && (S_ISBLK(info.st_mode) || S_ISSOCK(info.st_mode)))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "is a device or socket that emend does not write to");
  if (exists && !S_ISREG(info.st_mode))
    return open_stream(output, path, error);
  /* First the identity: that an output is an input is the graver news than that it exists. */
  if (exists) {
    output->existing = (identity){info.st_dev, info.st_ino};
    emend_status status = check_distinct(outputs, output, error);
    if (status)
      return status;
  }
  emend_status status = emend_replacement_open(path, exists ? &info : NULL, replace != 0, !outputs->named, &output->place, error);
  if (status)
    return status;
  output->fd = emend_replacement_fd(output->place);
  return check_distinct(outputs, output, error);
}

emend_status emend_outputs_open(emend_outputs *outputs, const char *path, int replace, emend_output **output, emend_error *error) {
  *output = NULL;
  if (!path)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "no output was named");
  const char *name = strcmp(path, "-") == 0 ? "standard output" : path;
  emend_status status = EMEND_OK;
  emend_output *made = calloc(1, sizeof *made);
  emend_output **longer = emend_reallocate(outputs->items, outputs->n_items + 1, sizeof *longer);
  if (longer)
    outputs->items = longer;
  if (!made || !longer) {
    free(made);
    return emend_fail_memory(error);
  }
  made->fd = -1;
  made->path = strdup(name);
  made->room = outputs->room ? outputs->room : BUFFER_BYTES;
  made->buffer = malloc(made->room);
  status = made->path && made->buffer ? open_output(outputs, made, path, replace, error) : emend_fail_memory(error);
  if (status) {
    emend_at_file(error, name);
    output_free(made);
    return status;
  }
  outputs->items[outputs->n_items++] = made;
  *output = made;
  return EMEND_OK;
}

static emend_status already_failed(const emend_output *output, emend_error *error) {
  emend_error_import(error, &output->failure);
  return output->failure.status;
}

static emend_status fail(emend_output *output, emend_error *error) {
  emend_error *made = error ? NULL : emend_error_new();
  emend_error *into = error ? error : made;
  emend_status status = emend_fail_errno(into, "cannot be written");
  emend_at_file(into, output->path);
  emend_error_export(into, &output->failure);
  output->failure.status = status;
  emend_error_free(made);
  return status;
}

static emend_status write_all(emend_output *output, const char *bytes, size_t length, emend_error *error) {
  while (length > 0) {
    ssize_t put = write(output->fd, bytes, length);
    if (put < 0 && errno == EINTR)
      continue;
    if (put == 0)
      errno = ENOSPC;
    if (put <= 0)
      return fail(output, error);
    bytes += put;
    length -= (size_t)put;
  }
  return EMEND_OK;
}

static emend_status flush(emend_output *output, emend_error *error) {
  if (output->failure.status)
    return already_failed(output, error);
  size_t length = output->used;
  output->used = 0;
  return write_all(output, output->buffer, length, error);
}

/* A NULL output swallows what is written: for asking a writer whether it could. */
emend_status emend_output_write(emend_output *output, const void *bytes, size_t length, emend_error *error) {
  if (!output)
    return EMEND_OK;
  if (output->failure.status)
    return already_failed(output, error);
  if (length > output->room - output->used) {
    emend_status status = flush(output, error);
    if (status)
      return status;
  }
  if (length >= output->room)
    return write_all(output, bytes, length, error);
  if (length > 0)
    memcpy(output->buffer + output->used, bytes, length);
  output->used += length;
  return EMEND_OK;
}

/* Streams cannot be taken back, so they are flushed last, when all files are safely on disk under no name yet. */
static emend_status flush_all(emend_outputs *outputs, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < outputs->n_items && !status; i++) {
    emend_output *output = outputs->items[i];
    if (!output->place)
      continue;
    status = flush(output, error);
    if (!status && fsync(output->fd) != 0 && errno != EINVAL && errno != ENOTSUP)
      status = fail(output, error);
  }
  for (size_t i = 0; i < outputs->n_items && !status; i++)
    if (!outputs->items[i]->place)
      status = flush(outputs->items[i], error);
  return status;
}

emend_status emend_outputs_publish(emend_outputs *outputs, emend_error *error) {
  if (outputs->published)
    return emend_fail(error, EMEND_INTERNAL, "outputs were published twice");
  outputs->published = true;
  emend_status status = flush_all(outputs, error);
  if (status)
    return status;
  emend_replacement **places = emend_allocate(outputs->n_items, sizeof(emend_replacement *));
  if (!places)
    return emend_fail_memory(error);
  size_t n_places = 0;
  for (size_t i = 0; i < outputs->n_items; i++)
    if (outputs->items[i]->place)
      places[n_places++] = outputs->items[i]->place;
  status = emend_replacements_commit(places, n_places, error);
  free(places);
  return status;
}
