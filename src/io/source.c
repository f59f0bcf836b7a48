/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int emend_above_standard(int fd) {
  if (fd < 0 || fd > STDERR_FILENO)
    return fd;
  int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), number = errno;
  close(fd);
  errno = number;
  return moved;
}

/* What kind of thing cannot be read, in words; NULL for a regular file. */
static const char *not_a_file(mode_t mode) {
  return S_ISREG(mode)    ? NULL
         : S_ISDIR(mode)  ? "is a directory, not a file"
         : S_ISFIFO(mode) ? "is a pipe, not a file"
         : S_ISSOCK(mode) ? "is a socket, not a file"
                          : "is a device, not a file";
}

/* Non-blocking, so that a pipe without a writer is refused and not waited for; it means nothing to regular files. */
static emend_status open_path(const char *path, int *fd, emend_error *error) {
  *fd = emend_above_standard(open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
  if (*fd < 0) {
    emend_status status = emend_fail_errno(error, "cannot be opened");
    if (errno == ENOENT && strcmp(path, "") != 0)
      emend_try(error, "another path, or - for standard input");
    return status;
  }
  struct stat info;
  if (fstat(*fd, &info) != 0)
    return emend_fail_errno(error, "cannot be examined");
  const char *what = not_a_file(info.st_mode);
  if (!what)
    return EMEND_OK;
  emend_status status = emend_fail(error, EMEND_UNSUPPORTED, "%s", what);
  if (S_ISFIFO(info.st_mode))
    emend_try(error, "- and a redirection: emend reads standard input to its end first");
  return status;
}

emend_status emend_open_temporary(int *fd, emend_error *error) {
  const char *folder = getenv("TMPDIR");
  if (!folder || !folder[0])
    folder = "/tmp";
  *fd = emend_above_standard(open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (*fd >= 0)
    return EMEND_OK;
  char *name = NULL;
  if (asprintf(&name, "%s/emend-XXXXXX", folder) < 0)
    return emend_fail_memory(error);
  *fd = emend_above_standard(mkostemp(name, O_CLOEXEC));
  emend_status status = EMEND_OK;
  if (*fd < 0) {
    status = emend_fail_errno(error, "no temporary file can be made to hold it");
    emend_try(error, "setting TMPDIR to a folder with room");
  } else {
    unlink(name);
  }
  free(name);
  return status;
}

/* Waits as long as the other end takes: between pieces, and when a signal wakes it, the caller may ask to stop. */
static emend_status copy_all(int from, int to, emend_events *events, emend_error *error) {
  enum { CHUNK = 1 << 18 };
  char *buffer = malloc(CHUNK);
  if (!buffer)
    return emend_fail_memory(error);
  emend_status status = EMEND_OK;
  for (;;) {
    if ((status = emend_progress(events, "read", -1, "standard input", error)))
      break;
    ssize_t got = read(from, buffer, CHUNK);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      status = emend_fail_errno(error, "cannot be read");
    if (got <= 0)
      break;
    for (ssize_t done = 0; done < got && !status;) {
      ssize_t put = write(to, buffer + done, (size_t)(got - done));
      if (put > 0)
        done += put;
      else if (put == 0 || errno != EINTR)
        status = emend_fail_errno(error, "cannot be kept in a temporary file");
    }
    if (status) {
      emend_try(error, "setting TMPDIR to a folder with room");
      break;
    }
  }
  free(buffer);
  return status;
}

/* A redirected file is read in place: that also lets an output that would overwrite it be refused. Anything else is spooled. */
static emend_status open_standard_input(int *fd, emend_events *events, emend_error *error) {
  struct stat info;
  if (fstat(STDIN_FILENO, &info) != 0)
    return emend_fail_errno(error, "cannot be examined");
  if (S_ISDIR(info.st_mode))
    return emend_fail(error, EMEND_UNSUPPORTED, "is a directory, not a file");
  if (S_ISREG(info.st_mode) && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0) {
    *fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    return *fd >= 0 ? EMEND_OK : emend_fail_errno(error, "cannot be opened");
  }
  emend_status status = emend_open_temporary(fd, error);
  return status ? status : copy_all(STDIN_FILENO, *fd, events, error);
}

static emend_status examine(emend_source *source, emend_error *error) {
  struct stat info;
  if (fstat(source->fd, &info) != 0)
    return emend_fail_errno(error, "cannot be examined");
  source->size = (uint64_t)info.st_size;
  source->device = info.st_dev;
  source->inode = info.st_ino;
  source->modified = info.st_mtim;
  return EMEND_OK;
}

emend_status emend_source_open(const char *path, emend_source **source, emend_error *error) {
  return emend_source_open_watched(path, NULL, source, error);
}

emend_status emend_source_open_watched(const char *path, emend_events *events, emend_source **source, emend_error *error) {
  *source = NULL;
  if (!path)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "no input was named");
  bool standard_input = strcmp(path, "-") == 0;
  const char *name = standard_input ? "standard input" : path;
  emend_source *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->fd = -1;
  made->name = strdup(name);
  made->path = standard_input ? NULL : strdup(path);
  emend_status status = EMEND_OK;
  if (!made->name || (!standard_input && !made->path))
    status = emend_fail_memory(error);
  if (!status)
    status = standard_input ? open_standard_input(&made->fd, events, error) : open_path(path, &made->fd, error);
  if (!status)
    status = examine(made, error);
  if (status) {
    emend_at_file(error, name);
    emend_source_close(made);
    return status;
  }
  *source = made;
  return EMEND_OK;
}

void emend_source_close(emend_source *source) {
  if (!source)
    return;
  if (source->fd >= 0)
    close(source->fd);
  free(source->name);
  free(source->path);
  free(source);
}

emend_status emend_source_read(const emend_source *source, uint64_t offset, void *bytes, size_t length, emend_error *error) {
  emend_status status = EMEND_OK;
  size_t done = 0;
  if (offset > source->size || length > source->size - offset) {
    status = emend_fail(error, EMEND_MALFORMED, "the file ends early: it has %llu bytes", (unsigned long long)source->size);
    emend_at_byte(error, offset);
    return status;
  }
  while (done < length && !status) {
    ssize_t got = pread(source->fd, (char *)bytes + done, length - done, (off_t)(offset + done));
    if (got > 0)
      done += (size_t)got;
    else if (got == 0)
      status = emend_fail(error, EMEND_MALFORMED, "the file ends early: it became shorter while it was read");
    else if (errno != EINTR)
      status = emend_fail_errno(error, "cannot be read");
  }
  if (status)
    emend_at_byte(error, offset + done);
  return status;
}

emend_status emend_source_unchanged(const emend_source *source, emend_error *error) {
  struct stat info;
  emend_status status = EMEND_OK;
  if (fstat(source->fd, &info) != 0)
    status = emend_fail_errno(error, "cannot be examined");
  else if ((uint64_t)info.st_size != source->size || info.st_mtim.tv_sec != source->modified.tv_sec ||
           info.st_mtim.tv_nsec != source->modified.tv_nsec)
    status = emend_fail(error, EMEND_IO_ERROR, "was changed by another program since it was read");
  if (status) {
    emend_at_file(error, source->name);
    if (status == EMEND_IO_ERROR)
      emend_try(error, "running the command again");
  }
  return status;
}
