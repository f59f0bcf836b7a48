/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/line.h"
#include "report/number.h"
#include "report/report.h"

/* A field; quoted if it has to be. */
static void print_field(FILE *out, const char *text) {
  if (!text[strcspn(text, ",\"\r\n")]) {
    fputs(text, out);
    return;
  }
  fputc('"', out);
  for (const char *p = text; *p; p++) {
    if (*p == '"')
      fputc('"', out);
    fputc(*p, out);
  }
  fputc('"', out);
}

static void print_id(const report *r, size_t row, FILE *out) {
  ptrdiff_t id = report_id(r);
  if (id < 0)
    return;
  const char *text = emend_cell_text(r->dataset, row, (size_t)id);
  emend_reason reason = emend_cell_reason(r->dataset, row, (size_t)id);
  number_text number;
  if (text)
    print_field(out, text);
  else if (reason == EMEND_OBSERVED || reason == EMEND_USER_MISSING)
    print_field(out, number_exact(emend_cell_value(r->dataset, row, (size_t)id), number));
}

static const char *code_label(const report *r, size_t variable, emend_reason reason, double value, const char *cell) {
  for (size_t k = 0, n = emend_plan_codes(r->plan, variable); k < n; k++) {
    emend_code code = emend_plan_code(r->plan, variable, k);
    if (code.reason == reason && (reason != EMEND_USER_MISSING || (code.text ? cell && strcmp(code.text, cell) == 0 : code.value == value)))
      return code.label;
  }
  return "";
}

/* "system-missing", "user-missing 98 (Don't know)", "empty", ".a (Refused)" */
static void print_kind(const report *r, size_t row, size_t variable, FILE *out) {
  emend_reason reason = emend_cell_reason(r->dataset, row, variable);
  double value = emend_cell_value(r->dataset, row, variable);
  const char *cell = emend_cell_text(r->dataset, row, variable), *label = code_label(r, variable, reason, value, cell);
  number_text code;
  char kind[512];
  if (reason == EMEND_SYSTEM_MISSING)
    strcpy(kind, "system-missing");
  else if (reason == EMEND_EMPTY_TEXT)
    strcpy(kind, "empty");
  else if (reason == EMEND_STRUCTURAL)
    strcpy(kind, "not applicable");
  else
    snprintf(kind, sizeof kind, "%s%s%s%s%s", reason == EMEND_USER_MISSING ? "user-missing " : "",
             cell ? cell : report_code(value, reason, code), *label ? " (" : "", label, *label ? ")" : "");
  print_field(out, kind);
}

static void print_row(const report *r, size_t row, FILE *out) {
  double value;
  number_text number;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    if (!emend_imputation_cell(r->imputation, row, j, &value))
      continue;
    fprintf(out, "%zu,", row + 1);
    print_id(r, row, out);
    fputc(',', out);
    print_field(out, emend_variable_name(r->dataset, j));
    fputc(',', out);
    print_kind(r, row, j, out);
    fputc(',', out);
    const char *text = emend_imputation_text(r->imputation, row, j);
    print_field(out, text ? text : number_exact(value, number));
    fputc('\n', out);
  }
}

/* Rows [from, to) as text, handed to the output in one piece. */
static emend_status write_rows(const report *r, size_t from, size_t to, emend_output *output, emend_error *error) {
  text_line line;
  if (!line_open(&line))
    return EMEND_OUT_OF_MEMORY;
  if (from == 0)
    fputs("row,id,variable,old,new\n", line.stream);
  for (size_t i = from; i < to; i++)
    print_row(r, i, line.stream);
  emend_status status = line_close(&line) ? emend_output_write(output, line.text, line.length, error) : EMEND_OUT_OF_MEMORY;
  free(line.text);
  return status;
}

emend_status report_audit(const report *r, emend_output *output, emend_error *error) {
  enum { PIECE = 1000 };
  size_t n = emend_dataset_rows(r->dataset), at = 0;
  emend_status status;
  do {
    size_t to = n - at < PIECE ? n : at + PIECE;
    status = write_rows(r, at, to, output, error);
    at = to;
  } while (status == EMEND_OK && at < n);
  return status;
}
