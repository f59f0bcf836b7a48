/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cli/option.h"
#include "report/columns.h"

enum { HELP_COLUMN = 26, WIDEST_CHOICES = 30 };

/* Characters of "none|jeffreys|ridge|shrink". */
static size_t choices_length(const option *o) {
  size_t length = 0;
  for (int i = 0; o->choices[i]; i++)
    length += strlen(o->choices[i]) + 1;
  return length;
}

/* "  -o, --output FILE", "      --prior none|jeffreys|ridge|shrink", "      --json[=FILE]" */
static void write_usage(const option *o, FILE *out) {
  if (o->letter)
    fprintf(out, "  -%c, --%s", o->letter, o->name);
  else
    fprintf(out, "      --%s", o->name);
  if (o->value_optional)
    fprintf(out, "[=%s]", o->argument);
  else if (o->type == OPTION_CHOICE && choices_length(o) <= WIDEST_CHOICES)
    for (int i = 0; o->choices[i]; i++)
      fprintf(out, "%c%s", i ? '|' : ' ', o->choices[i]);
  else if (o->type != OPTION_FLAG)
    fprintf(out, " %s", o->argument);
}

/* As a string; empty when out of memory. */
static void to_text(const option *o, void (*write)(const option *, FILE *), char *text, size_t size) {
  FILE *out = fmemopen(text, size, "w");
  text[0] = '\0';
  if (!out)
    return;
  write(o, out);
  fclose(out);
}

static void write_sentence(const option *o, FILE *out) {
  fputs(o->help, out);
  if (o->type == OPTION_CHOICE && choices_length(o) > WIDEST_CHOICES) {
    for (int i = 0; o->choices[i]; i++)
      fprintf(out, "%s%s", i ? ", " : " One of ", o->choices[i]);
    fputc('.', out);
  }
  if (o->initial)
    fprintf(out, " [default: %s]", o->initial);
}

static void help_option(const option *o, FILE *out) {
  char usage[128], sentence[1024];
  to_text(o, write_usage, usage, sizeof usage);
  to_text(o, write_sentence, sentence, sizeof sentence);
  fputs(usage, out);
  size_t at = strlen(usage);
  if (at + 2 > HELP_COLUMN) {
    fputc('\n', out);
    at = 0;
  }
  print_repeated(out, " ", HELP_COLUMN - at);
  print_wrapped(out, sentence, HELP_COLUMN, HELP_COLUMN, REPORT_WIDTH);
}

void option_help(const option *table, FILE *out) {
  const char *section = "";
  for (const option *o = table; o->name; o++) {
    if (strcmp(o->section, section) != 0)
      fprintf(out, "\n%s\n", o->section);
    section = o->section;
    help_option(o, out);
  }
}
