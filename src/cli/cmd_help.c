/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli/command.h"
#include "cli/suggest.h"

static const option no_options[] = {{.name = NULL}};

static int run(const command *c, int argc, char **argv) {
  if (command_asks_help(argc, argv)) {
    command_print_help(c, stdout);
    return command_close_stdout(EXIT_DONE);
  }
  if (argc > 1)
    return command_usage_error("help", "one command at a time");
  if (argc == 0) {
    command_print_overview(stdout);
    return command_close_stdout(EXIT_DONE);
  }
  const command *wanted = command_find(argv[0]);
  if (!wanted) {
    suggestion near = suggestion_begin(argv[0], strlen(argv[0]));
    for (const command *const *each = commands; *each; each++)
      suggestion_offer(&near, (*each)->name);
    if (near.best)
      return command_usage_error(NULL, "there is no command \"%s\"; did you mean \"%s\"?", argv[0], near.best);
    return command_usage_error(NULL, "there is no command \"%s\"", argv[0]);
  }
  command_print_help(wanted, stdout);
  return command_close_stdout(EXIT_DONE);
}

static const char *const examples[] = {"Everything about imputing", "emend help impute", NULL};

const command command_help = {
    .name = "help",
    .summary = "Explain emend, or one of its commands",
    .usage = "emend help [COMMAND]",
    .about = "Explains a command: what it does, its options with their defaults, and examples. Without COMMAND, lists the commands.",
    .options = no_options,
    .examples = examples,
    .run = run,
};
