/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "emend/emend.h"

static const option no_options[] = {{.name = NULL}};

static int run(const command *c, int argc, char **argv) {
  if (command_asks_help(argc, argv))
    command_print_help(c, stdout);
  else if (argc > 0)
    return command_usage_error("version", "\"%s\": no argument is expected", argv[0]);
  else
    printf("emend %s\n", emend_version());
  return command_close_stdout(EXIT_DONE);
}

const command command_version = {
    .name = "version",
    .summary = "Print the version",
    .usage = "emend version",
    .about = "Prints the name and the version, on one line.",
    .options = no_options,
    .run = run,
};
