/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/session.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/signals.h"
#include "report/columns.h"
#include "report/json_text.h"
#include "report/line.h"

bool session_begin(session *s, bool quiet) {
  *s = (session){0};
  terminal_begin(&s->terminal, quiet);
  s->error = emend_error_new();
  s->events = emend_events_new();
  if (s->events)
    emend_events_on_progress(s->events, terminal_progress, &s->terminal);
  if (s->error && s->events)
    return true;
  terminal_say(&s->terminal, "out of memory");
  session_end(s);
  return false;
}

void session_end(session *s) {
  emend_events_free(s->events);
  emend_error_free(s->error);
}

emend_status session_read(session *s, const reading_arguments *reading, const char *path, emend_file **file) {
  emend_read_options *options;
  s->input = path;
  emend_status status = reading_options(reading, &options, s->error);
  if (!status)
    emend_read_options_set_warn_of_codes(options, !s->sets_aside), emend_read_options_set_keep_tokens(options, s->sets_aside);
  if (!status)
    status = emend_file_read(path, options, s->events, file, s->error);
  emend_read_options_free(options);
  if (!status)
    status = reading_declare(reading, *file, s->events, s->error);
  terminal_clear(&s->terminal);
  return status;
}

void session_complain(session *s, emend_status status) {
  terminal_clear(&s->terminal);
  if (status == EMEND_CANCELLED && signals_pending())
    terminal_say(&s->terminal, "stopped by a signal (%s)", strsignal(signals_pending()));
  else if (emend_error_status(s->error) == EMEND_OK)
    terminal_say(&s->terminal, "%s%s%s", s->input ? s->input : "", s->input ? ": " : "", emend_status_text(status));
  else if (!*emend_error_file(s->error) && s->input)
    terminal_say(&s->terminal, "%s: %s", s->input, emend_error_text(s->error));
  else
    terminal_say(&s->terminal, "%s", emend_error_text(s->error));
}

bool session_print(bool (*render)(const void *, FILE *), const void *report, FILE *to) {
  text_line line;
  if (!line_open(&line))
    return false;
  bool done = render(report, line.stream);
  done = line_close(&line) && done;
  if (done)
    fwrite(line.text, 1, line.length, to);
  free(line.text);
  return done;
}

static emend_status write_file(session *s, emend_outputs *outputs, const char *path, bool force, const char *text, size_t length) {
  emend_output *output;
  emend_status status = emend_outputs_open(outputs, path, force, &output, s->error);
  if (!status)
    status = emend_output_write(output, text, length, s->error);
  return status ? status : emend_outputs_publish(outputs, s->error);
}

static emend_status write_protected(session *s, const char *path, bool force, const char *text, size_t length, emend_file *const *inputs,
                                    size_t n) {
  emend_outputs *outputs = emend_outputs_new();
  emend_status status = outputs ? EMEND_OK : EMEND_OUT_OF_MEMORY;
  s->input = path;
  for (size_t i = 0; i < n && !status; i++)
    status = emend_outputs_protect(outputs, inputs[i], s->error);
  if (!status)
    status = write_file(s, outputs, path, force, text, length);
  emend_outputs_free(outputs);
  return status;
}

emend_status session_print_json(session *s, json_t *document, const char *path, bool force, emend_file *const *inputs, size_t n) {
  bool to_stdout = strcmp(path, "-") == 0;
  size_t length;
  char *text = json_document(document, &length);
  if (text && to_stdout)
    fwrite(text, 1, length, stdout);
  emend_status status = !text ? EMEND_OUT_OF_MEMORY : to_stdout ? EMEND_OK : write_protected(s, path, force, text, length, inputs, n);
  free(text);
  return status;
}

text_page session_page(FILE *to) {
  enum { NARROWEST = 60, WIDEST = 200 };
  struct winsize size;
  if (!isatty(fileno(to)) || ioctl(fileno(to), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return (text_page){.width = REPORT_WIDTH};
  return (text_page){.width = size.ws_col < NARROWEST ? NARROWEST : size.ws_col > WIDEST ? WIDEST : size.ws_col, .cuts = true};
}
