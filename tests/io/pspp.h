/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_IO_PSPP_H
#define TESTS_IO_PSPP_H

#include <stdbool.h>

/* PSPP as a second opinion; where it is not installed, tests go without it. */
bool pspp_there(void);
/* Runs syntax in the folder of the scratch files; what it prints stands in `said` (a scratch file's name). False if PSPP failed. */
bool pspp_run(const char *syntax, const char *said);
/* plain.sav, rows.sav and blocks.zsav among the scratch files: one small survey with everything that such a file can say. False without PSPP. */
bool pspp_make_rich(void);

#endif
