/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_FAULTS_JOBS_H
#define TESTS_FAULTS_JOBS_H

#include <stddef.h>

#include "emend/emend.h"

/* Small files with holes in the scratch folder, survey.csv .sav .zsav .dta .xpt, that say the same. */
void jobs_make_files(void);

/* Runs a command of the program in this process; "@name" among its words is a file of the scratch folder, and what it prints goes to its
 * files "stdout" and "stderr". Returns its exit status. */
int jobs_run(const char *words);

/* The file's bytes and a NUL, without the seconds that a report names; NULL if there is none. The caller frees them. */
char *jobs_content(const char *name, size_t *length);
/* How many entries the scratch folder has. */
size_t jobs_entries(void);

#endif
