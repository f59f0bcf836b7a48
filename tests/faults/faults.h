/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_FAULTS_FAULTS_H
#define TESTS_FAULTS_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes what our objects ask the system for fail. The linker leads their calls here first (FAULTS_WRAPPED in local.mk); those of
 * libraries go where they always went, but for Jansson, which takes its allocator from us. Counting goes on in child processes.
 */

/* Only what is asked for between these counts, and may fail. */
void faults_start(void);
void faults_stop(void);

/* Memory, and what comes as memory does: mappings, streams into memory, threads, processes, pipes. */
void faults_fail_request(long nth); /* the nth of the next start fails, those before and after it do not; 0: none */
long faults_requests(void);         /* since the last start */

/* Bytes written to file descriptors above the standard ones, and the calls that finish files. */
typedef enum faults_way {
  FAULTS_FULL, /* ENOSPC: the bytes that fit arrive */
  FAULTS_IO    /* EIO: nothing of the write arrives */
} faults_way;
void faults_fail_byte(long offset, faults_way way); /* all writing from this byte of the next start on fails; -1: none */
void faults_fail_call(long nth);                    /* the nth of fsync, linkat, renameat, renameat2 fails; 0: none */
long faults_bytes(void);                            /* that arrived since the last start */
long faults_calls(void);

#endif
