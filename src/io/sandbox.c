/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sandbox.h"

#include <stddef.h>

#if defined(__linux__) && ((defined(__x86_64__) && !defined(__ILP32__)) || (defined(__aarch64__) && !defined(__ILP32__)))

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* What only looks, waits, takes or gives back memory, or ends this process. */
static const unsigned harmless[] = {
    SYS_read,          SYS_readv,          SYS_pread64,      SYS_preadv,       SYS_lseek,          SYS_close,      SYS_fstat,
    SYS_newfstatat,    SYS_statx,          SYS_fadvise64,    SYS_readlinkat,   SYS_faccessat,      SYS_getdents64, SYS_getcwd,
    SYS_brk,           SYS_munmap,         SYS_mremap,       SYS_mprotect,     SYS_madvise,        SYS_futex,      SYS_rt_sigaction,
    SYS_rt_sigprocmask, SYS_rt_sigreturn,  SYS_sigaltstack,  SYS_clock_gettime, SYS_clock_getres,  SYS_gettimeofday, SYS_nanosleep,
    SYS_clock_nanosleep, SYS_restart_syscall, SYS_ppoll,     SYS_getpid,       SYS_gettid,         SYS_getppid,    SYS_getuid,
    SYS_geteuid,       SYS_getgid,         SYS_getegid,      SYS_uname,        SYS_sysinfo,        SYS_getrandom,  SYS_getrusage,
    SYS_times,         SYS_sched_yield,    SYS_sched_getaffinity, SYS_getcpu,  SYS_exit,           SYS_exit_group,
#ifdef __x86_64__
    SYS_stat,          SYS_lstat,          SYS_access,       SYS_readlink,     SYS_poll,           SYS_pause,      SYS_time,
    SYS_getrlimit,
#endif
#ifdef SYS_faccessat2
    SYS_faccessat2,
#endif
};

enum { MOST = 512 };

typedef struct filter {
  struct sock_filter code[MOST];
  unsigned short length;
} filter;

static void emit(filter *f, struct sock_filter instruction) {
  if (f->length < MOST)
    f->code[f->length++] = instruction;
}

static void load(filter *f, size_t offset) { emit(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset)); }

/* Both machines have the least significant half of an argument first. */
static void load_argument(filter *f, int index) {
  load(f, offsetof(struct seccomp_data, args) + (size_t)index * sizeof(uint64_t));
}

static void finish(filter *f, uint32_t verdict) { emit(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict)); }

static void allow(filter *f) { finish(f, SECCOMP_RET_ALLOW); }
static void refuse(filter *f) { finish(f, SECCOMP_RET_ERRNO | EPERM); }

/* The next instruction runs only if what is loaded equals `value`. */
static void if_equal(filter *f, uint32_t value) {
  emit(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
}

/* The next `n` instructions, which end in a verdict, are for this system call. */
static void if_call(filter *f, unsigned call, uint8_t n) {
  emit(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, n));
}

/* `call`, if the bits `mask` of its argument `index` are `wanted`. */
static void allow_masked(filter *f, unsigned call, int index, uint32_t mask, uint32_t wanted) {
  if_call(f, call, 5);
  load_argument(f, index);
  emit(f, (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask));
  if_equal(f, wanted);
  allow(f);
  refuse(f);
}

/* `call`, if its argument `index` is one of two values. */
static void allow_either(filter *f, unsigned call, int index, uint32_t one, uint32_t other) {
  if_call(f, call, 6);
  load_argument(f, index);
  if_equal(f, one);
  allow(f);
  if_equal(f, other);
  allow(f);
  refuse(f);
}

/* Limits may be asked for, not set: the new ones must be NULL. */
static void allow_asking_limits(filter *f) {
  if_call(f, SYS_prlimit64, 6);
  load_argument(f, 2);
  emit(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 3));
  load(f, offsetof(struct seccomp_data, args) + 2 * sizeof(uint64_t) + sizeof(uint32_t));
  if_equal(f, 0);
  allow(f);
  refuse(f);
}

static void build(filter *f) {
  const uint32_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
  const uint32_t self = (uint32_t)getpid();
  load(f, offsetof(struct seccomp_data, arch));
  emit(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
  refuse(f);
  load(f, offsetof(struct seccomp_data, nr));
  for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++) {
    if_equal(f, harmless[i]);
    allow(f);
  }
  /* Opening for reading stays: iconv loads its tables when first asked. */
  allow_masked(f, SYS_openat, 2, writing, O_RDONLY);
#ifdef __x86_64__
  allow_masked(f, SYS_open, 1, writing, O_RDONLY);
#endif
  /* No memory shared with a file, which would be another way to write it. */
  allow_masked(f, SYS_mmap, 3, MAP_SHARED | MAP_PRIVATE, MAP_PRIVATE);
  /* The standard streams lead nowhere by now. */
  allow_either(f, SYS_write, 0, STDOUT_FILENO, STDERR_FILENO);
  allow_either(f, SYS_writev, 0, STDOUT_FILENO, STDERR_FILENO);
  allow_either(f, SYS_fcntl, 1, F_GETFL, F_GETFD);
  /* abort() and raise(). */
  allow_either(f, SYS_tgkill, 0, self, self);
  allow_either(f, SYS_kill, 0, self, self);
  allow_asking_limits(f);
  refuse(f);
}

void emend_sandbox_enter(void) {
  filter f = {.length = 0};
  build(&f);
  const struct sock_fprog program = {.len = f.length, .filter = f.code};
  if (f.length < MOST && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#else

void emend_sandbox_enter(void) {}

#endif
