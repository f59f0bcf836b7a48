/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/dataset.h"
#include "io/csv_date.h"

_Static_assert((int)EMEND_DATE_TEXT >= (int)EMEND_CSV_DATE_SIZE, "room for every date");

size_t emend_variable_date_text(const emend_dataset *dataset, size_t variable, double value, char text[EMEND_DATE_TEXT]) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  emend_csv_clock clock = emend_csv_clock_of(emend_dataset_format(dataset), v->kind, emend_dataset_text(dataset, v->format));
  return clock == EMEND_CSV_NO_CLOCK ? 0 : emend_csv_print_date(clock, value, text);
}

bool emend_variable_read_day(const emend_dataset *dataset, size_t variable, const char *text, size_t length, bool end, double *value) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  emend_csv_clock clock = emend_csv_clock_of(emend_dataset_format(dataset), v->kind, emend_dataset_text(dataset, v->format));
  return emend_csv_read_day(clock, text, length, end, value);
}
