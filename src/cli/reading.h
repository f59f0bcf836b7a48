/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_READING_H
#define CLI_READING_H

#include "cli/option.h"
#include "emend/emend.h"

/* The options that say how a file is read, the same for every command that reads one. */
typedef struct reading_arguments {
  int from; /* index into reading_formats; -1: not given */
  option_list missing;
  const char *delimiter, *decimal, *encoding, *catalog;
  bool no_header;
  int64_t header_rows; /* 0: not given */
  uint64_t max_memory; /* 0: the library's default */
} reading_arguments;

/* NULL-terminated; what can be written begins what can be read. */
extern const char *const reading_formats[], *const writing_formats[];
const char *reading_format(int index);      /* NULL for -1 */

/* The library's options from them; reads in a child process. The caller frees *made, which is NULL on failure. */
emend_status reading_options(const reading_arguments *arguments, emend_read_options **made, emend_error *error);
/* That leaves out what --missing says of single variables; this does it, once the file is read. */
emend_status reading_declare(const reading_arguments *arguments, emend_file *file, emend_events *events, emend_error *error);
/* "q7=98": where the first variable is named; NULL if the item is of all variables. */
const char *reading_named(const char *item);

/* Their rows in a command's table, whose arguments have the field `reading_arguments member`. */
#define READING_FIELD(arguments, member, name) .section = "Input", .offset = offsetof(arguments, member.name)
#define READING_OPTIONS(arguments, member)                                                                                            \
  {"from", 0, OPTION_CHOICE, "FORMAT", READING_FIELD(arguments, member, from), .choices = reading_formats,                            \
   .help = "Format of the input. Without it, recognised from content and name."},                                                     \
      {"missing", 'm', OPTION_LIST, "TOKENS", READING_FIELD(arguments, member, missing), .scope = OPTION_OF_VARIABLE,                    \
       .help = "More tokens that mean missing, separated by commas; numbers among them apply to every format: --missing=-99. " \
               "Of some variables only: 'q7=98; q8-q12=97-99'. May be repeated."},                                           \
      {"delimiter", 0, OPTION_TEXT, "CHAR", READING_FIELD(arguments, member, delimiter),                                              \
       .help = "Text files: what separates fields; \\t is a tab. Without it, recognised."},                                           \
      {"decimal", 0, OPTION_TEXT, "CHAR", READING_FIELD(arguments, member, decimal),                                                  \
       .help = "Text files: the decimal mark, . or a comma. Without it, recognised."},                                                \
      {"encoding", 0, OPTION_TEXT, "NAME", READING_FIELD(arguments, member, encoding),                                                \
       .help = "Text files: the character encoding. Without it, recognised."},                                                        \
      {"no-header", 0, OPTION_FLAG, NULL, READING_FIELD(arguments, member, no_header),                                                \
       .help = "Text files: the first line is data; the variables are then named V1, V2, ..."},                                       \
      {"header-rows", 0, OPTION_INTEGER, "N", READING_FIELD(arguments, member, header_rows), .initial = "0", .maximum = 100,           \
       .help = "Text files: so many lines stand before the data; the first has the names. 0: recognised."},                  \
      {"catalog", 0, OPTION_TEXT, "FILE", READING_FIELD(arguments, member, catalog),                                                  \
       .help = "SAS files: the catalog of formats (.sas7bcat) that has the value labels."},                                            \
      {"max-memory", 0, OPTION_SIZE, "SIZE", READING_FIELD(arguments, member, max_memory),                                            \
       .help = "Most memory that the data may take: 500M, 2G. Without it, half of the machine's."}

#endif
