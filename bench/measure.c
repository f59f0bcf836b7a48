/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* Runs a command and prints to stderr what it took: measure COMMAND [ARGUMENT]... The peak is that of the largest process it waited for. */
int main(int count, char **arguments) {
  if (count < 2) {
    fputs("usage: measure COMMAND [ARGUMENT]...\n", stderr);
    return 2;
  }
  double begun = emend_clock_seconds();
  pid_t child = fork();
  if (child == 0) {
    execvp(arguments[1], arguments + 1);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (child < 0 || wait4(child, &status, 0, &usage) != child)
    return 1;
  fprintf(stderr, "wall %.2f s, user %.2f s, system %.2f s, peak %.1f MiB\n", emend_clock_seconds() - begun,
          (double)usage.ru_utime.tv_sec + 1e-6 * (double)usage.ru_utime.tv_usec,
          (double)usage.ru_stime.tv_sec + 1e-6 * (double)usage.ru_stime.tv_usec, (double)usage.ru_maxrss / 1024);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
