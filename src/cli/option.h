/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_OPTION_H
#define CLI_OPTION_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Options, each declared once: a command has one table, and the parser, the --help text and the JSON echo are all made from it.
 * The types say what the field at `offset` of the command's arguments holds:
 */
typedef enum option_type {
  OPTION_FLAG,    /* bool; the option stands alone */
  OPTION_TEXT,    /* const char *, NULL if not given; the last one given counts */
  OPTION_FILE,    /* as OPTION_TEXT: the name of a file */
  OPTION_LIST,    /* option_list: may be given several times */
  OPTION_INTEGER, /* int64_t in [minimum, maximum] */
  OPTION_REAL,    /* double in [minimum, maximum]; NaN: not given */
  OPTION_SIZE,    /* uint64_t bytes: 500M, 2G, 1.5GiB; 0: not given */
  OPTION_CHOICE   /* int: index into `choices`; -1: not given */
} option_type;

typedef struct option_list {
  const char **items; /* of argv: not copied */
  size_t count;
} option_list;

typedef struct option {
  const char *name; /* without the dashes; NULL ends a table */
  char letter;      /* 0: none */
  option_type type;
  const char *argument; /* what --help calls the value: "FILE"; NULL for a flag */
  const char *initial;  /* the default, as it would be written; NULL: not set */
  const char *help;     /* one or two sentences, without the default */
  const char *section;
  size_t offset;
  const char *const *choices; /* OPTION_CHOICE: NULL-terminated */
  double minimum, maximum;    /* OPTION_INTEGER, OPTION_REAL */
  bool value_optional;        /* --json and --json=FILE; alone it sets the field to "-" */
} option;

enum { OPTION_MESSAGE_SIZE = 1024 };
typedef char option_message[OPTION_MESSAGE_SIZE];

/* Sets every field of `arguments`, which is zeroed, to its default. A default that does not parse is a mistake of
 * the table: it aborts. */
void option_defaults(const option *table, void *arguments);

/*
 * Reads argv[0..argc). Words that are no options go to `operands` (room for argc), counted in *n_operands. Returns false with a
 * sentence in `message` at the first that is wrong. Values are not copied: argv must outlive `arguments`.
 *   --name VALUE, --name=VALUE, -o VALUE, -oVALUE, -qf; "--" ends the options; "-" is an operand.
 *   A word that is itself an option of the table is not taken as the value of the one before; -99 is taken.
 */
bool option_parse(const option *table, void *arguments, int argc, char **argv, char **operands, int *n_operands, option_message message);
void option_release(const option *table, void *arguments);

/* The options in sections, wrapped at 80 columns, defaults shown. */
void option_help(const option *table, FILE *out);
/* Every option of the table with the value in force: null where it is not set. NULL when out of memory. */
json_t *option_echo(const option *table, const void *arguments);

/* The table's option of this name or letter, or NULL. */
const option *option_find(const option *table, const char *name, size_t length);
const option *option_find_letter(const option *table, char letter);

#endif
