/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "report/convert.h"
#include "report/json_text.h"

typedef struct convert_arguments {
  reading_arguments reading;
  const char *output, *json;
  int to; /* index into reading_formats; -1: not given */
  bool strict, rewrite, force, dry_run, quiet;
} convert_arguments;

#define FIELD(name) .section = "Output", .offset = offsetof(convert_arguments, name)

static const option convert_options[] = {
    {"output", 'o', OPTION_FILE, "FILE", FIELD(output),
     .help = "The file to write; - is standard output, which then carries nothing else. Its name tells the format."},
    {"to", 0, OPTION_CHOICE, "FORMAT", FIELD(to), .choices = writing_formats,
     .help = "Format of the output. Without it, what the name of the output says, else that of the input."},
    {"strict", 0, OPTION_FLAG, NULL, FIELD(strict),
     .help = "Fail, before anything is written, if the output would lose something that the input says."},
    {"rewrite", 0, OPTION_FLAG, NULL, FIELD(rewrite), .help = "To the same format: lay the file out anew instead of copying it."},
    {"force", 0, OPTION_FLAG, NULL, FIELD(force), .help = "Replace outputs that exist. The input is never replaced."},
    {"dry-run", 'n', OPTION_FLAG, NULL, FIELD(dry_run), .help = "Say what would be written and lost, and write no data."},
    {"json", 0, OPTION_FILE, "FILE", FIELD(json), .value_optional = true,
     .help = "One JSON document about the run (docs/json.md) in FILE, or on standard output in place of the text."},
    {"quiet", 'q', OPTION_FLAG, NULL, FIELD(quiet), .help = "Say nothing but errors."},
    READING_OPTIONS(convert_arguments, reading),
    {.name = NULL},
};

/* One run. */
typedef struct conversion {
  convert_arguments arguments;
  session session;
  emend_file *file;
  emend_write_options *options;
  emend_write_plan *writing;
  emend_outputs *outputs;
  convert_report report;
} conversion;

static emend_status plan(conversion *c) {
  const convert_arguments *a = &c->arguments;
  c->options = emend_write_options_new();
  if (!c->options)
    return EMEND_OUT_OF_MEMORY;
  emend_write_options_set_strict(c->options, a->strict);
  emend_write_options_set_rewrite(c->options, a->rewrite);
  emend_status status = emend_write_options_set_format(c->options, reading_format(a->to), c->session.error);
  if (!status)
    status = emend_write_plan_new(c->file, NULL, a->output ? a->output : "-", c->options, &c->writing, c->session.error);
  c->report = (convert_report){.input = emend_file_name(c->file),
                               .output = a->output,
                               .dry_run = a->dry_run,
                               .dataset = emend_file_dataset(c->file),
                               .writing = c->writing,
                               .events = c->session.events};
  return status;
}

/* A report for a file appears with the data, or not at all. */
static bool has_json_file(const convert_arguments *a) { return a->json && !is_dash(a->json); }

static json_t *document(const conversion *c) { return convert_json(&c->report, option_echo(convert_options, &c->arguments)); }

static emend_status write_json(conversion *c, emend_output *output) {
  size_t length;
  char *text = json_document(document(c), &length);
  emend_status status = text ? emend_output_write(output, text, length, c->session.error) : EMEND_OUT_OF_MEMORY;
  free(text);
  return status;
}

static emend_status write_outputs(conversion *c) {
  const convert_arguments *a = &c->arguments;
  emend_output *output, *json = NULL;
  c->outputs = emend_outputs_new();
  if (!c->outputs)
    return EMEND_OUT_OF_MEMORY;
  emend_error *error = c->session.error;
  emend_status status = emend_outputs_protect(c->outputs, c->file, error);
  if (!status)
    status = emend_outputs_open(c->outputs, a->output, a->force, &output, error);
  if (!status && has_json_file(a))
    status = emend_outputs_open(c->outputs, a->json, a->force, &json, error);
  if (!status)
    status = emend_write(c->writing, NULL, output, c->session.events, error);
  if (!status && json)
    status = write_json(c, json);
  terminal_clear(&c->session.terminal);
  if (!status && signals_pending())
    status = EMEND_CANCELLED;
  return status ? status : emend_outputs_publish(c->outputs, error);
}

static bool render(const void *report, FILE *out) { return convert_text(report, out); }

static emend_status tell(conversion *c) {
  const convert_arguments *a = &c->arguments;
  if (a->json && (a->dry_run || is_dash(a->json)))
    return session_print_json(&c->session, document(c), a->json, a->force, &c->file, 1);
  if (a->quiet || a->json)
    return EMEND_OK;
  FILE *to = is_dash(a->output) && !a->dry_run ? stderr : stdout;
  c->report.page = session_page(to);
  return session_print(render, &c->report, to) ? EMEND_OK : EMEND_OUT_OF_MEMORY;
}

static int work(conversion *c, const char *input) {
  if (!session_begin(&c->session, c->arguments.quiet))
    return EXIT_FAILED;
  emend_status status = session_read(&c->session, &c->arguments.reading, input, &c->file);
  bool asked = status == EMEND_INVALID_ARGUMENT;
  if (!status)
    status = plan(c);
  if (!status && !c->arguments.dry_run)
    status = write_outputs(c);
  bool written = !status && !c->arguments.dry_run;
  if (!status)
    status = tell(c);
  if (status && written)
    terminal_say(&c->session.terminal, "out of memory for the report; the output is complete");
  else if (status)
    session_complain(&c->session, status);
  int result = !status ? command_close_stdout(EXIT_DONE) : asked ? EXIT_USAGE : EXIT_FAILED;
  emend_outputs_free(c->outputs);
  emend_write_plan_free(c->writing);
  emend_write_options_free(c->options);
  emend_file_close(c->file);
  session_end(&c->session);
  return result;
}

/* A combination that makes no sense: what to say; NULL if there is none. */
static const char *mistake(const convert_arguments *a, int n_words) {
  if (n_words == 0)
    return "which file? INPUT is missing; - is standard input";
  if (n_words > 1)
    return "one file at a time; the output is named with -o";
  if (!a->output && !a->dry_run)
    return "where to? Give -o OUTPUT, or --dry-run to see what would be lost";
  if (is_dash(a->output) && is_dash(a->json) && !a->dry_run)
    return "with -o - standard output carries only the data; write --json=FILE";
  return NULL;
}

static int convert_words(const command *command, void *context, char **words, int n) {
  conversion *c = context;
  const char *wrong = mistake(&c->arguments, n);
  return wrong ? command_usage_error(command->name, "%s", wrong) : work(c, words[0]);
}

static int run(const command *command, int argc, char **argv) {
  conversion c = {0};
  return command_run(command, argc, argv, &c.arguments, EXIT_FAILED, convert_words, &c);
}

static void notes(FILE *out) {
  fputs("\nExit status\n"
        "  0  done\n"
        "  1  failed: nothing was written, earlier files are as they were\n"
        "  2  wrong usage\n",
        out);
}

static const char *const examples[] = {
    "What would be lost",
    "emend convert survey.sav --to xpt --dry-run",
    "Convert; the name of the output tells the format",
    "emend convert survey.sav -o survey.xpt",
    "Only if nothing is lost",
    "emend convert survey.csv -o strict.sav --strict",
    "Numbers that mean missing become declared missing codes",
    "emend convert survey.csv -o coded.sav --missing=-99,99",
    "In a pipe",
    "emend convert - --from csv --to zsav -o - < survey.csv > piped.zsav",
    NULL,
};

const command command_convert = {
    .name = "convert",
    .summary = "Write a file in another format, and say what is lost",
    .usage = "emend convert INPUT -o OUTPUT [OPTION]...",
    .about = "Reads INPUT (.sav .zsav .por .dta .sas7bdat .xpt .csv .tsv; - is standard input) and writes it as .sav, .zsav, .dta, .xpt, "
             ".csv, .tsv or .por. Names, labels, formats, dates, missing codes and letters become what the other program knows; what it "
             "does not know is named.",
    .options = convert_options,
    .examples = examples,
    .notes = notes,
    .run = run,
};
