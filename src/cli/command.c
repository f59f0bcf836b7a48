/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/recipe_options.h"
#include "cli/signals.h"
#include "cli/suggest.h"
#include "emend/emend.h"
#include "report/columns.h"

const command *const commands[] = {&command_impute, &command_cluster, &command_predict, &command_info,    &command_diff,
                                   &command_convert, &command_help,   &command_version, NULL};

const command *command_find(const char *name) {
  for (const command *const *c = commands; *c; c++)
    if (strcmp((*c)->name, name) == 0 || ((*c)->alias && strcmp((*c)->alias, name) == 0))
      return *c;
  return NULL;
}

bool command_asks_help(int argc, char **argv) {
  for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
      return true;
  return false;
}

static void print_examples(const command *c, FILE *out) {
  if (!c->examples)
    return;
  fputs("\nExamples\n", out);
  for (const char *const *e = c->examples; *e; e += 2)
    fprintf(out, "  # %s\n  %s\n", e[0], e[1]);
}

void command_print_help(const command *c, FILE *out) {
  fprintf(out, "Usage: %s\n\n", c->usage);
  print_wrapped(out, c->about, 0, 0, REPORT_WIDTH);
  option_help(c->options, out);
  print_examples(c, out);
  if (c->notes)
    c->notes(out);
}

void command_print_overview(FILE *out) {
  fprintf(out, "emend %s - fills the holes in survey files\n\n", emend_version());
  fputs("Usage: emend COMMAND [ARGUMENT]...\n\nCommands\n", out);
  for (const command *const *c = commands; *c; c++) {
    fputs("  ", out);
    print_padded(out, (*c)->name, 10, false);
    print_wrapped(out, (*c)->summary, 12, 12, REPORT_WIDTH);
  }
  fputs("\nBegin with\n"
        "  emend info survey.sav                       what the file holds\n"
        "  emend impute survey.sav --dry-run           what would be done; writes nothing\n"
        "  emend impute survey.sav -o completed.sav    do it\n"
        "\n\"emend help COMMAND\" tells all about a command.\n",
        out);
}

int command_usage_error(const char *name, const char *format, ...) {
  char text[2 * OPTION_MESSAGE_SIZE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fprintf(stderr, "emend%s%s: ", name ? " " : "", name ? name : "");
  print_text(stderr, text);
  fprintf(stderr, "\nTry \"emend help%s%s\".\n", name ? " " : "", name ? name : "");
  return EXIT_USAGE;
}

int command_memory_error(const char *name, int status) {
  fprintf(stderr, "emend %s: out of memory\n", name);
  return status;
}

int command_options_error(const char *name, const char *message, int out_of_memory) {
  return *message ? command_usage_error(name, "%s", message) : command_memory_error(name, out_of_memory);
}

/* The stream remembers that a write failed, but not why: one more attempt tells. */
static const char *why_stdout_failed(void) {
  clearerr(stdout);
  errno = 0;
  if (fputc('\n', stdout) == EOF || fflush(stdout) != 0)
    return strerror(errno);
  return "a part could not be written";
}

int command_close_stdout(int status) {
  bool failed = ferror(stdout);
  errno = 0;
  if (fflush(stdout) == 0 && !failed)
    return status;
  fprintf(stderr, "emend: standard output: %s\n", errno ? strerror(errno) : why_stdout_failed());
  return EXIT_FAILED;
}

int command_run_recipe(const command *c, int argc, char **argv, void *arguments, size_t size, struct recipe *recipe, int out_of_memory,
                       command_work work, void *context) {
  option_message message;
  int n = 0, status;
  if (command_asks_help(argc, argv)) {
    command_print_help(c, stdout);
    return command_close_stdout(EXIT_DONE);
  }
  char **words = malloc(((size_t)argc + 1) * sizeof *words);
  option_defaults(c->options, arguments);
  if (!words)
    status = command_memory_error(c->name, out_of_memory);
  else if (!(recipe ? recipe_parse(c->options, arguments, size, recipe, argc, argv, words, &n, message)
                    : option_parse(c->options, arguments, argc, argv, words, &n, message)))
    status = command_options_error(c->name, message, out_of_memory);
  else
    status = work(c, context, words, n);
  option_release(c->options, arguments);
  free(words);
  signals_die();
  return status;
}

int command_run(const command *c, int argc, char **argv, void *arguments, int out_of_memory, command_work work, void *context) {
  return command_run_recipe(c, argc, argv, arguments, 0, NULL, out_of_memory, work, context);
}
