/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "faults/faults.h"

#include <errno.h>
#include <iconv.h>
#include <jansson.h>
#include <pthread.h>
#include <readstat.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

/* Shared with child processes: the reader's requests count, too. */
typedef struct tally {
  atomic_bool counting;
  atomic_long requests, failing_request;
} tally;

static tally *told; /* NULL until the first count */

/* Where it fails: in a build with sanitizers, with EMEND_FAULTS_TRACE in the environment. */
void __sanitizer_print_stack_trace(void) __attribute__((weak));

static bool fails(void) {
  if (!told || !told->counting || atomic_fetch_add(&told->requests, 1) + 1 != told->failing_request)
    return false;
  if (getenv("EMEND_FAULTS_TRACE") && __sanitizer_print_stack_trace)
    __sanitizer_print_stack_trace();
  errno = ENOMEM;
  return true;
}

/* Memory. Each function has its real twin from the linker, which wants them visible where a library calls them too. */
#pragma GCC visibility push(default)

#define WRAP(result, name, parameters, arguments, failure) \
  result __real_##name parameters; \
  result __wrap_##name parameters; \
  result __wrap_##name parameters { return fails() ? (failure) : __real_##name arguments; }

WRAP(void *, malloc, (size_t size), (size), NULL)
WRAP(void *, calloc, (size_t count, size_t size), (count, size), NULL)
WRAP(void *, realloc, (void *block, size_t size), (block, size), NULL)
WRAP(int, posix_memalign, (void **block, size_t alignment, size_t size), (block, alignment, size), ENOMEM)
WRAP(char *, strdup, (const char *text), (text), NULL)
WRAP(char *, strndup, (const char *text, size_t length), (text, length), NULL)
WRAP(int, vasprintf, (char **text, const char *format, va_list arguments), (text, format, arguments), -1)
WRAP(void *, mmap, (void *at, size_t length, int protection, int flags, int fd, off_t offset), (at, length, protection, flags, fd, offset),
     MAP_FAILED)
WRAP(int, pthread_create, (pthread_t * thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument),
     (thread, attributes, start, argument), EAGAIN)
WRAP(pid_t, fork, (void), (), -1)
WRAP(int, pipe2, (int *ends, int flags), (ends, flags), -1)
WRAP(iconv_t, iconv_open, (const char *to, const char *from), (to, from), (iconv_t)-1)
WRAP(readstat_parser_t *, readstat_parser_init, (void), (), NULL)
WRAP(readstat_writer_t *, readstat_writer_init, (void), (), NULL)
WRAP(int, inflateInit_, (z_stream * stream, const char *version, int size), (stream, version, size), Z_MEM_ERROR)
WRAP(int, deflateInit_, (z_stream * stream, int level, const char *version, int size), (stream, level, version, size), Z_MEM_ERROR)

/* Jansson may take a number that it had no memory for to be a shorter one: its parser as a whole fails, or does not. */
json_t *__real_json_loadb(const char *text, size_t length, size_t flags, json_error_t *error);
json_t *__wrap_json_loadb(const char *text, size_t length, size_t flags, json_error_t *error);
json_t *__wrap_json_loadb(const char *text, size_t length, size_t flags, json_error_t *error) {
  if (fails()) {
    memset(error, 0, sizeof *error);
    return NULL;
  }
  bool counting = told && told->counting;
  if (counting)
    told->counting = false;
  json_t *root = __real_json_loadb(text, length, flags, error);
  if (counting)
    told->counting = true;
  return root;
}

int __wrap_asprintf(char **text, const char *format, ...);
int __wrap_asprintf(char **text, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = __wrap_vasprintf(text, format, arguments);
  va_end(arguments);
  return length;
}

/* A stream into memory takes some when it is opened, and more until it is closed; then there may be none, and no text. */
enum { MOST_STREAMS = 8 };
static struct {
  FILE *stream;
  char **text;
} streams[MOST_STREAMS];

FILE *__real_open_memstream(char **text, size_t *length);
FILE *__wrap_open_memstream(char **text, size_t *length);
FILE *__wrap_open_memstream(char **text, size_t *length) {
  FILE *stream = fails() ? NULL : __real_open_memstream(text, length);
  for (int i = 0; stream && i < MOST_STREAMS; i++)
    if (!streams[i].stream) {
      streams[i].stream = stream;
      streams[i].text = text;
      break;
    }
  return stream;
}

int __real_fclose(FILE *stream);
int __wrap_fclose(FILE *stream);
int __wrap_fclose(FILE *stream) {
  for (int i = 0; i < MOST_STREAMS; i++)
    if (streams[i].stream == stream) {
      int result = __real_fclose(stream);
      streams[i].stream = NULL;
      if (!fails())
        return result;
      free(*streams[i].text);
      *streams[i].text = NULL;
      return EOF;
    }
  return __real_fclose(stream);
}

#pragma GCC visibility pop

/* Disks. */

static long bytes, calls, failing_byte = -1, failing_call;
static faults_way byte_way;
static bool started;

ssize_t __real_write(int fd, const void *data, size_t length);
ssize_t __wrap_write(int fd, const void *data, size_t length);
ssize_t __wrap_write(int fd, const void *data, size_t length) {
  if (fd <= STDERR_FILENO)
    return __real_write(fd, data, length);
  if (started && failing_byte >= 0 && bytes + (long)length > failing_byte) {
    if (byte_way == FAULTS_IO || bytes == failing_byte) {
      errno = byte_way == FAULTS_IO ? EIO : ENOSPC;
      return -1;
    }
    length = (size_t)(failing_byte - bytes);
  }
  ssize_t put = __real_write(fd, data, length);
  bytes += started && put > 0 ? put : 0;
  return put;
}

static bool call_fails(void) {
  if (!started || ++calls != failing_call)
    return false;
  errno = EIO;
  return true;
}

#define WRAP_CALL(name, parameters, arguments) \
  int __real_##name parameters; \
  int __wrap_##name parameters; \
  int __wrap_##name parameters { return call_fails() ? -1 : __real_##name arguments; }

WRAP_CALL(fsync, (int fd), (fd))
WRAP_CALL(linkat, (int from_folder, const char *from, int to_folder, const char *to, int flags), (from_folder, from, to_folder, to, flags))
WRAP_CALL(renameat, (int from_folder, const char *from, int to_folder, const char *to), (from_folder, from, to_folder, to))
WRAP_CALL(renameat2, (int from_folder, const char *from, int to_folder, const char *to, unsigned flags),
          (from_folder, from, to_folder, to, flags))

/* Both. */

static tally *tell(void) {
  json_set_alloc_funcs(__wrap_malloc, free);
  if (!told)
    told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (told == MAP_FAILED)
    abort();
  return told;
}

void faults_start(void) {
  tell()->requests = 0;
  bytes = calls = 0;
  started = true;
  told->counting = true;
}

void faults_stop(void) {
  started = false;
  told->counting = false;
}

void faults_fail_request(long nth) { tell()->failing_request = nth; }
long faults_requests(void) { return tell()->requests; }

void faults_fail_byte(long offset, faults_way way) {
  failing_byte = offset;
  byte_way = way;
}

void faults_fail_call(long nth) { failing_call = nth; }
long faults_bytes(void) { return bytes; }
long faults_calls(void) { return calls; }
