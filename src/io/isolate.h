/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_ISOLATE_H
#define IO_ISOLATE_H

#include "io/format.h"

/* AddressSanitizer reserves terabytes of address space: a limit on it would stop everything. */
#if defined(__SANITIZE_ADDRESS__)
#define EMEND_LIMITS_ADDRESS_SPACE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EMEND_LIMITS_ADDRESS_SPACE 0
#endif
#endif
#ifndef EMEND_LIMITS_ADDRESS_SPACE
#define EMEND_LIMITS_ADDRESS_SPACE 1
#endif

/* What the reading process may use. */
typedef struct emend_isolate_limits {
  uint64_t memory;      /* bytes beside the dataset and what the caller has already */
  uint64_t cpu_seconds; /* of processor time */
} emend_isolate_limits;

/* Generous for every honest file of this size: 60 s and one more per MiB; 512 MiB and twice the file. */
emend_isolate_limits emend_isolate_default_limits(const emend_source *source);

/*
 * format->read in a child process. The dataset must have been made shared. A crash, a limit or an error in the child becomes a status:
 * EMEND_READER_DIED, EMEND_LIMIT_EXCEEDED, or what the reader said. Progress ("read") is reported, and cancelling obeyed, several
 * times a second; the child is gone when this returns. What it left has been checked and can be trusted.
 */
emend_status emend_isolate_read(const emend_format *format, const emend_source *source, const emend_read_options *options,
                                const emend_isolate_limits *limits, emend_dataset *dataset, emend_events *events, emend_error *error);

#endif
