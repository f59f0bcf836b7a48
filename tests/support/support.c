/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/support.h"

#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *join(const char *folder, const char *path) {
  static char turns[8][4096];
  static unsigned turn;
  char *buffer = turns[turn++ % 8];
  snprintf(buffer, sizeof turns[0], "%s/%s", folder, path);
  return buffer;
}

static const char *environment(const char *name, const char *otherwise) {
  const char *value = getenv(name);
  return value ? value : otherwise;
}

const char *support_source(const char *path) { return join(environment("EMEND_SOURCE", "."), path); }

const char *support_shared(const char *path) {
  const char *folder = environment("EMEND_SHARED", "../shared");
  return access(folder, R_OK) == 0 ? join(folder, path) : NULL;
}

const char *support_program(void) { return environment("EMEND_PROGRAM", "src/emend"); }

static char scratch[64];
static pid_t scratch_owner;

static int remove_entry(const char *path, const struct stat *info, int flag, struct FTW *walk) {
  (void)info, (void)flag, (void)walk;
  return remove(path);
}

/* Check forks a process per test; the folder belongs to the first that asked, and goes with it. */
static void remove_scratch(void) {
  if (getpid() == scratch_owner)
    nftw(scratch, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *support_scratch(const char *name) {
  if (!scratch[0] || scratch_owner != getpid()) {
    strcpy(scratch, "/tmp/emend-test-XXXXXX");
    if (!mkdtemp(scratch))
      ck_abort_msg("no temporary folder");
    scratch_owner = getpid();
    atexit(remove_scratch);
  }
  return join(scratch, name);
}

unsigned char *support_read(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file)
    ck_abort_msg("cannot read %s", path);
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  unsigned char *bytes = malloc((size_t)size + 1);
  if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size)
    ck_abort_msg("cannot read %s", path);
  bytes[size] = '\0';
  fclose(file);
  if (length)
    *length = (size_t)size;
  return bytes;
}

void support_write(const char *path, const void *bytes, size_t length) {
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(bytes, 1, length, file) != length || fclose(file) != 0)
    ck_abort_msg("cannot write %s", path);
}

void support_assert_relative(double a, double b, double tolerance, const char *what, const char *file, int line) {
  if (isnan(a) && isnan(b))
    return;
  double size = fmax(fabs(a), fabs(b));
  if (a != b && !(isfinite(size) && fabs(a - b) <= tolerance * size))
    ck_abort_msg("%s:%d: %s is %.17g, wanted %.17g (relative difference %g > %g)", file, line, what, a, b, fabs(a - b) / size, tolerance);
}
