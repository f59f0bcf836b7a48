/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/words.h"

#include <math.h>
#include <string.h>

const char *value_text(const emend_dataset *dataset, size_t variable, double value, char text[VALUE_TEXT]) {
  return emend_variable_date_text(dataset, variable, value, text) ? text : number_exact(value, text);
}

const char *mean_text(const emend_dataset *dataset, size_t variable, double mean, double sd, char text[VALUE_TEXT]) {
  if (!emend_variable_date_text(dataset, variable, floor(mean), text))
    return number_estimate(mean, sd, text);
  text[strcspn(text, "T")] = '\0';
  return text;
}
