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

/* Items of the command line and, before them, of a recipe: what is not copied, neither of argv nor of the recipe. */
typedef struct option_list {
  const char **items;
  const char **sections; /* of a recipe, that the item stands in; NULL: none */
  const char **wheres;   /* "recipe.ini:12: keep_codes"; NULL: the command line */
  size_t count, n_recipe; /* the first n_recipe are of a recipe */
} option_list;

/* What a setting in a section of a recipe, which names variables, means. */
typedef enum option_scope {
  OPTION_OF_RUN,     /* nothing: it is no setting of variables */
  OPTION_MEMBERS,    /* OPTION_LIST of variables: `exclude = yes` adds those of the section to it */
  OPTION_OF_VARIABLE /* OPTION_LIST of items `variables=value`: `only_if = age > 17` is one for those of the section */
} option_scope;

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
  option_scope scope;
} option;

enum { OPTION_MESSAGE_SIZE = 1024 };
typedef char option_message[OPTION_MESSAGE_SIZE];

/* Sets every field of `arguments`, which is zeroed, to its default. A default that does not parse is a mistake of
 * the table: it aborts. */
void option_defaults(const option *table, void *arguments);

/*
 * Reads argv[0..argc). Words that are no options go to `operands` (room for argc), counted in *n_operands. Returns false with a
 * sentence in `message` at the first that is wrong, or with an empty one when memory runs out. Values are not copied: argv must outlive
 * `arguments`.
 *   --name VALUE, --name=VALUE, -o VALUE, -oVALUE, -qf; "--" ends the options; "-" is an operand.
 *   A word that is itself an option of the table is not taken as the value of the one before; -99 is taken.
 *   --flag=no takes back what a recipe says. A list given here replaces that of a recipe, but for OPTION_OF_VARIABLE, where it is added.
 */
bool option_parse(const option *table, void *arguments, int argc, char **argv, char **operands, int *n_operands, option_message message);
/* Sets one option from a recipe: `value` as it would be written behind the name, of a flag "yes" or "no". `section`: see option_list;
 * `where` is never NULL. */
bool option_set(const option *option, void *arguments, const char *value, const char *section, const char *where, option_message message);
void option_release(const option *table, void *arguments);

/* The options in sections, wrapped at 80 columns, defaults shown. */
void option_help(const option *table, FILE *out);
/* Every option of the table with the value in force: null where it is not set. NULL when out of memory. */
json_t *option_echo(const option *table, const void *arguments);

/* The table's option of this name or letter, or NULL. */
const option *option_find(const option *table, const char *name, size_t length);
const option *option_find_letter(const option *table, char letter);

#endif
