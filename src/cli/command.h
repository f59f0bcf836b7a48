/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/option.h"

/* What the program's exit status says. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_INCOMPLETE = 3 };

/* A path that means standard input or output. */
static inline bool is_dash(const char *path) { return path && strcmp(path, "-") == 0; }

/* A command, from which `emend help` and `emend help COMMAND` are made too. */
typedef struct command {
  const char *name;
  const char *alias;           /* another name, or NULL */
  const char *summary;         /* one line of `emend help` */
  const char *usage;           /* "emend impute INPUT -o OUTPUT [OPTION]..." */
  const char *about;           /* a paragraph */
  const option *options;       /* ends with a NULL name; --help and -h are understood besides */
  const char *const *examples; /* pairs: what it shows, command line; ends with NULL */
  void (*notes)(FILE *out);    /* what the help ends with, or NULL */
  int (*run)(const struct command *command, int argc, char **argv); /* the words after the command's name */
} command;

extern const command command_impute, command_cluster, command_predict, command_info, command_diff, command_convert, command_help,
    command_version;

/* Every command, in the order of `emend help`; NULL-terminated. */
extern const command *const commands[];
const command *command_find(const char *name);

void command_print_help(const command *command, FILE *out);
void command_print_overview(FILE *out);
/* True if the words before any "--" hold --help or -h. */
bool command_asks_help(int argc, char **argv);

/*
 * What a command does with its words: prints the help if they ask for it, else reads the options into `arguments` and hands the n others to
 * `work`, whose status it gives. `out_of_memory` is the status of that.
 */
typedef int (*command_work)(const command *command, void *context, char **words, int n);
int command_run(const command *command, int argc, char **argv, void *arguments, int out_of_memory, command_work work, void *context);
/* The same for arguments of `size` bytes that may stand in a recipe, which is read into *recipe (empty) and outlives `work`. */
struct recipe;
int command_run_recipe(const command *command, int argc, char **argv, void *arguments, size_t size, struct recipe *recipe,
                       int out_of_memory, command_work work, void *context);

/* "emend NAME: MESSAGE" and how to get help, on stderr; gives EXIT_USAGE. `name` NULL: the program itself. */
int command_usage_error(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The usage error that reading options ended in; an empty message: out of memory, of which `out_of_memory` is the status. */
int command_options_error(const char *name, const char *message, int out_of_memory);
/* "emend NAME: out of memory" on stderr; gives `status`. */
int command_memory_error(const char *name, int status);
/* Flushes stdout; EXIT_FAILED with a message if what was printed did not arrive, else `status`. */
int command_close_stdout(int status);

#endif
