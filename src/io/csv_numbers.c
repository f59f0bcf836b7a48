/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_numbers.h"

#include <math.h>

#include "base/number.h"
#include "io/csv_amounts.h"
#include "io/csv_tokens.h"

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_code(emend_csv_span s) { return s.length > 1 && s.at[0] == '0' && is_digit(s.at[1]); }

static bool read_number(emend_csv_span s, char decimal, double *number) {
  return emend_number_parse(s.at, s.length, decimal, number) && isfinite(*number) && !is_code(s);
}

/* A cell of the column as one of numbers. False if it can be none. */
static bool read_cell(const emend_dataset *dataset, char decimal, double *cell, unsigned char *reason) {
  emend_csv_span s = emend_csv_cell_span(dataset, *cell);
  double number;
  if (*reason == EMEND_OBSERVED && s.length > 0) {
    emend_reason tag = emend_tag_of_text(s.at, s.length);
    bool is_number = read_number(s, decimal, &number), is_missing = tag || emend_csv_is_default_token(s.at, s.length);
    *cell = is_number ? number : NAN;
    *reason = (unsigned char)(is_number ? EMEND_OBSERVED : tag ? tag : EMEND_SYSTEM_MISSING);
    return is_number || is_missing;
  }
  bool is_number = s.length > 0 && read_number(s, decimal, &number);
  *cell = is_number ? number : NAN;
  *reason = is_number ? EMEND_USER_MISSING : EMEND_SYSTEM_MISSING;
  return true;
}

static bool are_numbers(const emend_dataset *dataset, size_t variable, char decimal) {
  size_t answers = 0;
  emend_run run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      double cell = run.values[i];
      unsigned char reason = run.reasons[i];
      if (!read_cell(dataset, decimal, &cell, &reason))
        return false;
      answers += reason == EMEND_OBSERVED;
    }
  }
  return answers > 0;
}

bool emend_csv_take_numbers(emend_dataset *dataset, size_t variable) {
  char decimal = emend_dataset_get_dialect(dataset)->decimal;
  if (emend_variable_get_kind(dataset, variable) != EMEND_TEXT || !are_numbers(dataset, variable, decimal))
    return false;
  emend_run_cells run;
  for (size_t row = 0; row < emend_dataset_rows(dataset); row += run.n) {
    run = emend_dataset_edit_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++)
      read_cell(dataset, decimal, &run.values[i], &run.reasons[i]);
  }
  emend_variable *v = emend_dataset_edit_variable(dataset, variable);
  v->kind = EMEND_NUMERIC;
  v->storage = EMEND_STORAGE_F64;
  emend_dataset_forget_doubts(dataset, variable);
  return true;
}
