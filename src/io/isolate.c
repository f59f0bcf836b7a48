/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/isolate.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/events.h"
#include "io/sandbox.h"

/* What the child tells its parent, in shared memory. */
typedef struct report {
  _Atomic double fraction;
  _Atomic int finished;
  emend_error_record error; /* status EMEND_OK: the dataset is filled */
} report;

emend_isolate_limits emend_isolate_default_limits(const emend_source *source) {
  return (emend_isolate_limits){.memory = (UINT64_C(512) << 20) + 2 * source->size, .cpu_seconds = 60 + (source->size >> 20)};
}

/* The child. */

static uint64_t address_space_used(void) {
  unsigned long pages = 0;
  FILE *file = fopen("/proc/self/statm", "re");
  if (file && fscanf(file, "%lu", &pages) != 1)
    pages = 0;
  if (file)
    fclose(file);
  return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

static void limit(int resource, uint64_t soft, uint64_t hard) {
  struct rlimit now;
  if (getrlimit((__rlimit_resource_t)resource, &now) != 0)
    return;
  now.rlim_max = hard < now.rlim_max ? hard : now.rlim_max;
  now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
  setrlimit((__rlimit_resource_t)resource, &now);
}

/* The terminal's signals go to the whole group of processes: the parent decides what they mean, and ends the child. */
static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++)
    signal(number, number == SIGINT || number == SIGHUP || number == SIGQUIT || number == SIGXFSZ ? SIG_IGN : SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A parsing library, or the C library when it finds the heap broken, may print: the parent says what happened. */
static void silence(void) {
  int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0)
    return;
  dup2(nowhere, STDOUT_FILENO);
  if (EMEND_LIMITS_ADDRESS_SPACE) /* a sanitizer's report is wanted */
    dup2(nowhere, STDERR_FILENO);
}

static void confine(const emend_isolate_limits *limits, uint64_t address_space, pid_t parent) {
  reset_signals();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
  silence();
  limit(RLIMIT_CORE, 0, 0);
  limit(RLIMIT_FSIZE, 0, 0);
  limit(RLIMIT_CPU, limits->cpu_seconds, limits->cpu_seconds + 2);
  if (EMEND_LIMITS_ADDRESS_SPACE && address_space > 0)
    limit(RLIMIT_AS, address_space + limits->memory, address_space + limits->memory);
  if (EMEND_LIMITS_ADDRESS_SPACE) /* a sanitizer's report needs what the sandbox forbids */
    emend_sandbox_enter();
}

static void work(const emend_format *format, const emend_source *source, const emend_read_options *options, emend_dataset *dataset,
                 report *told) {
  emend_read_watch watch = {.fraction = &told->fraction};
  emend_read_options own = options ? *options : (emend_read_options){0};
  own.watch = &watch;
  emend_error *error = emend_error_new();
  emend_status status = error ? format->read(source, &own, dataset, error) : EMEND_OUT_OF_MEMORY;
  if (error)
    emend_error_export(error, &told->error);
  else
    snprintf(told->error.message, sizeof told->error.message, "%s", emend_status_text(status));
  told->error.status = status;
  told->finished = 1;
}

/* The parent. */

static emend_status describe_signal(int number, const emend_isolate_limits *limits, emend_error *error) {
  emend_status status;
  if (number == SIGXCPU)
    return emend_fail(error, EMEND_LIMIT_EXCEEDED,
                      "reading it took more than %" PRIu64 " s of processor time: the file is damaged, or made to do harm",
                      limits->cpu_seconds);
  if (number == SIGKILL) {
    status = emend_fail(error, EMEND_READER_DIED, "the process that read it was killed, probably for want of memory");
    emend_try(error, "a lower --max-memory, or a machine with more");
    return status;
  }
  return emend_fail(error, EMEND_READER_DIED, "the process that read it crashed (%s): the file is damaged, or made to do harm",
                    strsignal(number));
}

static emend_status describe_end(int wait_status, const report *told, const emend_isolate_limits *limits, const emend_dataset *dataset,
                                 emend_error *error) {
  if (wait_status >= 0 && WIFSIGNALED(wait_status))
    return describe_signal(WTERMSIG(wait_status), limits, error);
  if (!told->finished)
    return emend_fail(error, EMEND_READER_DIED, "the process that read it ended without a word");
  emend_status status = told->error.status;
  if (status == EMEND_OK)
    return emend_dataset_check(dataset, error);
  emend_error_import(error, &told->error);
  return (unsigned)status <= EMEND_INTERNAL ? status
                                            : emend_fail(error, EMEND_READER_DIED, "the process that read it left nonsense behind");
}

/* True when the child has ended; -1 stands for a status that nobody can tell (the caller ignores SIGCHLD). */
static bool reap(pid_t child, int flags, int *wait_status) {
  pid_t got;
  do
    got = waitpid(child, wait_status, flags);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    *wait_status = -1;
  return got != 0;
}

/* The child holds the pipe's other end: its end, however it comes, ends the wait at once. */
static emend_status watch_child(pid_t child, int pipe_end, const report *told, const emend_dataset *dataset, emend_events *events, int *wait_status, emend_error *error) {
  enum { POLL_MILLISECONDS = 50 };
  while (!reap(child, WNOHANG, wait_status)) {
    emend_status status = emend_progress(events, "read", told->fraction, "", error);
    if (status) {
      kill(child, SIGKILL);
      reap(child, 0, wait_status);
      return status;
    }
    struct pollfd wait = {.fd = pipe_end, .events = POLLIN};
    if (poll(&wait, 1, POLL_MILLISECONDS) > 0) {
      if (told->finished) /* it is on its way out, which takes as long; nothing of what it left is trusted before it is gone */
        emend_dataset_adopt(dataset);
      reap(child, 0, wait_status);
      break;
    }
  }
  return EMEND_OK;
}

emend_status emend_isolate_read(const emend_format *format, const emend_source *source, const emend_read_options *options,
                                const emend_isolate_limits *limits, emend_dataset *dataset, emend_events *events, emend_error *error) {
  const emend_isolate_limits chosen = limits ? *limits : emend_isolate_default_limits(source);
  const uint64_t address_space = address_space_used();
  int ends[2], wait_status = 0;
  if (pipe2(ends, O_CLOEXEC) != 0)
    return emend_fail_errno(error, "no process could be started to read it");
  report *told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t parent = getpid(), child = told == MAP_FAILED ? -1 : fork();
  if (child == 0) {
    close(ends[0]);
    confine(&chosen, address_space, parent);
    work(format, source, options, dataset, told);
    close(ends[1]); /* the parent need not wait until its memory is gone */
    _exit(0);
  }
  close(ends[1]);
  emend_status status = EMEND_OK;
  if (child < 0)
    status = emend_fail_errno(error, "no process could be started to read it");
  if (!status)
    status = watch_child(child, ends[0], told, dataset, events, &wait_status, error);
  if (!status)
    status = describe_end(wait_status, told, &chosen, dataset, error);
  close(ends[0]);
  if (told != MAP_FAILED)
    munmap(told, sizeof *told);
  return status;
}
