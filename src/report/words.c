/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/words.h"

const char *value_text(const emend_dataset *dataset, size_t variable, double value, char text[VALUE_TEXT]) {
  return emend_variable_date_text(dataset, variable, value, text) ? text : number_exact(value, text);
}
