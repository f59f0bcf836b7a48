/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ENCODE_TOKENS_H
#define ENCODE_TOKENS_H

#include "base/events.h"
#include "data/dataset.h"

/*
 * What becomes of tokens among texts, which mean missing in delimited files and may be answers (emend_read_options_set_keep_tokens): NA among
 * codes of two letters (Namibia, North America), and N/A where the file leaves other cells of texts empty, are set aside as codes are that
 * say no answer. Others are missing, which a warning says of N/A, and of NA where other cells are left empty, among texts that are
 * categories. `chosen`: variables all of whose values are answers.
 */
emend_status emend_tokens_decide(emend_dataset *dataset, const unsigned char *chosen, emend_events *events, emend_error *error);

#endif
