/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/model_file.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static emend_status complain(char *message, emend_status status, const char *path, const char *what) {
  snprintf(message, OPTION_MESSAGE_SIZE, "%s: %s", path, what);
  return status;
}

/* The first `size` bytes of the descriptor, or as many as there are; *length says how many. */
static bool read_all(int fd, char *bytes, size_t size, size_t *length) {
  *length = 0;
  while (*length < size) {
    ssize_t got = read(fd, bytes + *length, size - *length);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return got == 0;
    *length += (size_t)got;
  }
  return true;
}

/* The whole file as bytes, which the caller frees. */
static emend_status read_file(const char *path, char **bytes, size_t *length, option_message message) {
  struct stat info;
  emend_status status = EMEND_OK;
  *bytes = NULL;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0)
    return complain(message, EMEND_IO_ERROR, path, strerror(errno));
  if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
    status = complain(message, EMEND_IO_ERROR, path, "a saved estimate is a regular file");
  else if (info.st_size > MODEL_FILE_LIMIT)
    status = complain(message, EMEND_LIMIT_EXCEEDED, path, "too large for a saved estimate");
  else if (!(*bytes = malloc((size_t)info.st_size + 1)))
    status = EMEND_OUT_OF_MEMORY;
  else if (!read_all(fd, *bytes, (size_t)info.st_size, length))
    status = complain(message, EMEND_IO_ERROR, path, strerror(errno));
  close(fd);
  return status;
}

/* Whether a document says that it is a mixture; one that is wrong in any way is left to the reader of normal models to complain about. */
static bool is_mixture(const char *bytes, size_t length) {
  json_t *document = json_loadb(bytes, length, 0, NULL);
  const char *family = json_string_value(json_object_get(document, "family"));
  bool mixture = family && strcmp(family, "mixture") == 0;
  json_decref(document);
  return mixture;
}

emend_status model_file_read(const char *path, emend_normal **model, emend_mixture **mixture, emend_error *error, option_message message) {
  char *bytes;
  size_t length;
  *model = NULL;
  *mixture = NULL;
  emend_status status = read_file(path, &bytes, &length, message);
  if (!status)
    status = is_mixture(bytes, length) ? emend_mixture_from_json(bytes, length, path, mixture, error)
                                       : emend_normal_from_json(bytes, length, path, model, error);
  free(bytes);
  return status;
}

emend_status model_file_read_mixture(const char *path, emend_mixture **model, emend_error *error, option_message message) {
  char *bytes;
  size_t length;
  emend_status status = read_file(path, &bytes, &length, message);
  if (!status)
    status = emend_mixture_from_json(bytes, length, path, model, error);
  free(bytes);
  return status;
}

static emend_status write_text(char *text, emend_output *output, emend_error *error) {
  emend_status status = emend_output_write(output, text, strlen(text), error);
  free(text);
  return status;
}

emend_status model_file_write(const emend_normal *model, const char *input, emend_output *output, emend_error *error,
                              option_message message) {
  char *text = NULL;
  if (!model)
    return complain(message, EMEND_UNSUPPORTED, input, "no variable took part in a model, so --save-model has no estimate to keep");
  emend_status status = emend_normal_to_json(model, &text, error);
  return status ? status : write_text(text, output, error);
}

emend_status model_file_write_mixture(const emend_mixture *model, emend_output *output, emend_error *error) {
  char *text = NULL;
  emend_status status = emend_mixture_to_json(model, &text, error);
  return status ? status : write_text(text, output, error);
}
