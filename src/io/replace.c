/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "io/source.h"

enum { HIDDEN_NAME = 40, MOST_LINKS = 40 };

struct emend_replacement {
  char *path;      /* as the caller named it */
  char *name;      /* last part of the target, after following links */
  int directory;   /* that holds the target */
  struct stat directory_info;
  int fd;
  bool replace;             /* an earlier file may be there */
  char hidden[HIDDEN_NAME]; /* the new file's temporary name; "" while it has none */
  char backup[HIDDEN_NAME]; /* the earlier file's second name during a commit; "" if none */
  bool not_kept;            /* the earlier file could not be kept: this replacement cannot be taken back */
  bool placed;
};

int emend_replacement_fd(const emend_replacement *replacement) { return replacement->fd; }

bool emend_replacement_same(const emend_replacement *a, const emend_replacement *b) {
  return a->directory_info.st_dev == b->directory_info.st_dev && a->directory_info.st_ino == b->directory_info.st_ino &&
         strcmp(a->name, b->name) == 0;
}

void emend_replacement_free(emend_replacement *replacement) {
  if (!replacement)
    return;
  if (replacement->hidden[0])
    unlinkat(replacement->directory, replacement->hidden, 0);
  if (replacement->fd >= 0)
    close(replacement->fd);
  if (replacement->directory >= 0)
    close(replacement->directory);
  free(replacement->path);
  free(replacement->name);
  free(replacement);
}

/* One step along a symbolic link: what `path` points to, relative to where it stands; NULL if it is no link (errno 0) or on failure. */
static char *link_target(const char *path) {
  char target[PATH_MAX];
  ssize_t length = readlink(path, target, sizeof target - 1);
  if (length < 0) {
    errno = errno == EINVAL || errno == ENOENT ? 0 : errno;
    return NULL;
  }
  target[length] = '\0';
  const char *slash = strrchr(path, '/');
  char *joined = NULL;
  if (target[0] == '/' || !slash)
    joined = strdup(target);
  else if (asprintf(&joined, "%.*s/%s", (int)(slash - path), path, target) < 0)
    joined = NULL;
  if (!joined)
    errno = ENOMEM;
  return joined;
}

/* The link is kept and what it points to replaced, even if that does not exist yet. */
static emend_status follow_links(const char *path, char **target, emend_error *error) {
  char *at = strdup(path);
  for (int steps = 0; at && steps < MOST_LINKS; steps++) {
    char *next = link_target(at);
    if (!next && errno == 0) {
      *target = at;
      return EMEND_OK;
    }
    if (!next)
      break;
    free(at);
    at = next;
    errno = ELOOP;
  }
  emend_status status = at ? emend_fail_errno(error, "its symbolic link cannot be followed") : emend_fail_memory(error);
  free(at);
  return status;
}

static emend_status open_directory(emend_replacement *made, const char *target, emend_error *error) {
  const char *slash = strrchr(target, '/');
  const char *name = slash ? slash + 1 : target;
  if (!name[0] || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "is the name of a directory; the output needs a file name");
  char *folder = !slash ? strdup(".") : slash == target ? strdup("/") : strndup(target, (size_t)(slash - target));
  made->name = strdup(name);
  if (!folder || !made->name) {
    free(folder);
    return emend_fail_memory(error);
  }
  emend_status status = EMEND_OK;
  made->directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (made->directory < 0 && errno == EACCES) /* a directory that may be written but not listed */
    made->directory = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (made->directory < 0 || fstat(made->directory, &made->directory_info) != 0) {
    int number = errno;
    char words[128];
    status =
        emend_fail(error, EMEND_IO_ERROR, "its directory \"%s\" cannot be opened: %s", folder, strerror_r(number, words, sizeof words));
    if (number == ENOENT)
      emend_try(error, "making the directory first");
  }
  free(folder);
  return status;
}

/* A name that nobody else has: not an identifier of anything, so its randomness need not be reproducible. */
static void choose_hidden_name(char *name) {
  uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    random = (uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec ^ (uint64_t)getpid() << 16;
  }
  snprintf(name, HIDDEN_NAME, ".emend-%016llx.tmp", (unsigned long long)random);
}

enum { TRIES = 100 };

/* Created with 0666 and not 0600, so that the kernel applies the umask: reading it would mean changing it for a moment. */
static emend_status create_hidden(emend_replacement *made, emend_error *error) {
  char name[HIDDEN_NAME];
  for (int i = 0; i < TRIES && made->fd < 0; i++) {
    choose_hidden_name(name);
    made->fd = emend_above_standard(openat(made->directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (made->fd < 0 && errno != EEXIST)
      break;
  }
  if (made->fd < 0)
    return emend_fail_errno(error, "cannot be written: no file can be made in its directory");
  memcpy(made->hidden, name, sizeof name);
  return EMEND_OK;
}

/* An unnamed file needs /proc to be given a name later. */
static emend_status create(emend_replacement *made, bool unnamed, emend_error *error) {
  if (unnamed && access("/proc/self/fd", X_OK) == 0)
    made->fd = emend_above_standard(openat(made->directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666));
  return made->fd >= 0 ? EMEND_OK : create_hidden(made, error);
}

static emend_status take_over(const emend_replacement *made, const struct stat *existing, emend_error *error) {
  struct stat now;
  if (fstat(made->fd, &now) != 0)
    return emend_fail_errno(error, "cannot be examined");
  /* Best effort: usually only root may give a file away. */
  if ((now.st_uid != existing->st_uid && fchown(made->fd, existing->st_uid, (gid_t)-1) != 0) ||
      (now.st_gid != existing->st_gid && fchown(made->fd, (uid_t)-1, existing->st_gid) != 0))
    errno = 0;
  if (fchmod(made->fd, existing->st_mode & 0777) != 0)
    return emend_fail_errno(error, "cannot be given the mode of the earlier file");
  return EMEND_OK;
}

static emend_status check_existing(const emend_replacement *made, const struct stat *existing, emend_error *error) {
  if (!made->replace) {
    emend_status status = emend_fail(error, EMEND_OUTPUT_EXISTS, "exists already");
    emend_try(error, "--force to replace it");
    return status;
  }
  struct stat found;
  if (fstatat(made->directory, made->name, &found, AT_SYMLINK_NOFOLLOW) != 0 || found.st_dev != existing->st_dev ||
      found.st_ino != existing->st_ino)
    return emend_fail(error, EMEND_IO_ERROR, "cannot be replaced: its link does not lead to a name in a directory");
  return EMEND_OK;
}

emend_status emend_replacement_open(const char *path, const struct stat *existing, bool replace, bool unnamed,
                                    emend_replacement **replacement, emend_error *error) {
  *replacement = NULL;
  char *target = NULL;
  emend_replacement *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->fd = made->directory = -1;
  made->replace = replace;
  made->path = strdup(path);
  emend_status status = made->path ? follow_links(path, &target, error) : emend_fail_memory(error);
  if (!status)
    status = open_directory(made, target, error);
  if (!status && existing)
    status = check_existing(made, existing, error);
  if (!status)
    status = create(made, unnamed, error);
  if (!status && existing)
    status = take_over(made, existing, error);
  free(target);
  if (status)
    emend_replacement_free(made);
  else
    *replacement = made;
  return status;
}

/* Gives the unnamed file a first name: the final one, which must be free, or a hidden one. */
static int link_unnamed(const emend_replacement *r, const char *name) {
  char source[64];
  snprintf(source, sizeof source, "/proc/self/fd/%d", r->fd);
  return linkat(AT_FDCWD, source, r->directory, name, AT_SYMLINK_FOLLOW);
}

static int name_hidden(emend_replacement *r) {
  if (r->hidden[0])
    return 0;
  char name[HIDDEN_NAME];
  int result = -1;
  for (int i = 0; i < TRIES && result != 0; i++) {
    choose_hidden_name(name);
    result = link_unnamed(r, name);
    if (result != 0 && errno != EEXIST)
      return result;
  }
  if (result == 0)
    memcpy(r->hidden, name, sizeof name);
  return result;
}

/* Into a place that must be free; the kernel decides, so that a file that has come in between is not lost. */
static int place_new(emend_replacement *r) {
  if (!r->hidden[0])
    return link_unnamed(r, r->name);
  int result = renameat2(r->directory, r->hidden, r->directory, r->name, RENAME_NOREPLACE);
  if (result != 0 && (errno == EINVAL || errno == ENOSYS)) {
    result = linkat(r->directory, r->hidden, r->directory, r->name, 0);
    if (result == 0)
      unlinkat(r->directory, r->hidden, 0);
  }
  if (result == 0)
    r->hidden[0] = '\0';
  return result;
}

/* Keeps the earlier file, if there is one, under a second name. Where the file system knows no hard links it can only be moved away, which
 * leaves its place empty for a moment: done only if `must`. */
static int back_up(emend_replacement *r, bool must) {
  struct stat earlier;
  if (fstatat(r->directory, r->name, &earlier, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT ? 0 : -1;
  if (!S_ISREG(earlier.st_mode)) {
    errno = S_ISDIR(earlier.st_mode) ? EISDIR : EEXIST;
    return -1;
  }
  char name[HIDDEN_NAME];
  choose_hidden_name(name);
  int result = linkat(r->directory, r->name, r->directory, name, 0);
  if (result != 0) {
    r->not_kept = !must;
    if (!must)
      return 0;
    result = renameat(r->directory, r->name, r->directory, name);
  }
  if (result == 0)
    memcpy(r->backup, name, sizeof name);
  return result;
}

static int place_over(emend_replacement *r, bool must_back_up) {
  if (name_hidden(r) != 0 || back_up(r, must_back_up) != 0)
    return -1;
  if (renameat(r->directory, r->hidden, r->directory, r->name) != 0)
    return -1;
  r->hidden[0] = '\0';
  return 0;
}

static void forget_backup(emend_replacement *r) {
  if (r->backup[0])
    unlinkat(r->directory, r->backup, 0);
  r->backup[0] = '\0';
}

static void take_back(emend_replacement *r) {
  if (r->backup[0]) {
    renameat(r->directory, r->backup, r->directory, r->name);
    forget_backup(r); /* renaming does nothing where both names still mean the same file */
  } else if (r->placed && !r->not_kept) {
    unlinkat(r->directory, r->name, 0);
  }
  r->placed = false;
}

static emend_status place(emend_replacement *r, bool must_back_up, emend_error *error) {
  errno = 0;
  if ((r->replace ? place_over(r, must_back_up) : place_new(r)) == 0) {
    r->placed = true;
    return EMEND_OK;
  }
  emend_status status = errno == EEXIST ? emend_fail(error, EMEND_OUTPUT_EXISTS, "has come into being meanwhile")
                                        : emend_fail_errno(error, "cannot be put in its place");
  if (status == EMEND_OUTPUT_EXISTS)
    emend_try(error, "--force to replace it");
  return status;
}

/* Some file systems cannot flush a directory and say EINVAL; that is no failure. */
static emend_status flush_directory(const emend_replacement *r, emend_error *error) {
  if (fsync(r->directory) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EBADF || errno == EROFS)
    return EMEND_OK;
  return emend_fail_errno(error, "its directory cannot be flushed");
}

static emend_status commit(emend_replacement *const *replacements, size_t count, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < count && !status; i++) {
    status = place(replacements[i], count > 1, error);
    if (!status)
      status = flush_directory(replacements[i], error);
    if (status)
      emend_at_file(error, replacements[i]->path);
  }
  for (size_t i = count; i-- > 0;)
    if (status)
      take_back(replacements[i]);
    else
      forget_backup(replacements[i]);
  return status;
}

emend_status emend_replacements_commit(emend_replacement *const *replacements, size_t count, emend_error *error) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  emend_status status = commit(replacements, count, error);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return status;
}
