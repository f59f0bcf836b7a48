/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "cli/command.h"
#include "cli/signals.h"
#include "cli/suggest.h"

/*
 * Only characters follow a locale, and always a UTF-8 one: what is printed is UTF-8 and the same everywhere, and ReadStat's .por reader
 * asks for it. Numbers stay with the C locale.
 */
static void set_locale(void) {
  if (!setlocale(LC_CTYPE, "C.UTF-8") && !setlocale(LC_CTYPE, "C.utf8") && !setlocale(LC_CTYPE, "en_US.UTF-8"))
    setlocale(LC_CTYPE, "");
}

/* The options that stand for commands. */
static const char *command_name(const char *word) {
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
    return "help";
  return strcmp(word, "--version") == 0 ? "version" : word;
}

static int unknown(const char *word) {
  suggestion near = suggestion_begin(word, strlen(word));
  for (const command *const *c = commands; *c; c++)
    suggestion_offer(&near, (*c)->name), suggestion_offer(&near, (*c)->alias ? (*c)->alias : (*c)->name);
  const char *what = word[0] == '-' ? "option" : "command";
  if (near.best)
    return command_usage_error(NULL, "unknown %s \"%s\"; did you mean \"%s\"?", what, word, near.best);
  return command_usage_error(NULL, "unknown %s \"%s\"; to complete a file: emend impute INPUT -o OUTPUT", what, word);
}

/* Work space of a stage is taken and given back many times: the C library is to keep it, as pages that come anew from the system have to be
 * cleared, which takes longer than much of the work. */
static void keep_memory(void) {
#ifdef __GLIBC__
  enum { LARGE = 1 << 25, MUCH = 1 << 28 };
  mallopt(M_MMAP_THRESHOLD, LARGE);
  mallopt(M_TRIM_THRESHOLD, MUCH);
#endif
}

int main(int argc, char **argv) {
  keep_memory();
  set_locale();
  signals_catch();
  if (argc < 2) {
    command_print_overview(stdout);
    return command_close_stdout(EXIT_DONE);
  }
  const command *c = command_find(command_name(argv[1]));
  return c ? c->run(c, argc - 2, argv + 2) : unknown(argv[1]);
}
