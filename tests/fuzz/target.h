/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_FUZZ_TARGET_H
#define TESTS_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "data/dataset.h"
#include "io/source.h"

/* What libFuzzer calls with every input: it must neither crash, nor leak, nor take long. Inputs are accepted or refused at will. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* These bytes as an open file; the next call takes it back. */
const emend_source *target_source(const uint8_t *data, size_t size);

/* An empty dataset of little memory. */
emend_dataset *target_dataset(emend_error *error);
/* The next variable of the dataset, a text or a number. */
emend_status target_add_variable(emend_dataset *dataset, bool is_text, emend_error *error);

/* What must hold whatever the input: ends the run if it does not, which keeps the input. */
#define target_assert(condition) target_check((condition), #condition, __FILE__, __LINE__)
void target_check(bool holds, const char *what, const char *file, int line);

#endif
