/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sas_catalog.h"

#include <string.h>

#include "base/text.h"
#include "io/name_index.h"

/* The name of a format without width and decimals: names of one's own formats do not end in digits. */
static size_t name_length(const char *format) {
  size_t n = strcspn(format, ".");
  while (n > 0 && format[n - 1] >= '0' && format[n - 1] <= '9')
    n--;
  return n;
}

static const char *set_name(const void *context, size_t index) {
  const emend_dataset *dataset = context;
  return emend_dataset_text(dataset, emend_dataset_label_set(dataset, index)->name);
}

emend_status emend_sas_catalog_assign(emend_dataset *dataset, emend_error *error) {
  emend_name_index index = {.name = set_name, .context = dataset, .fold = true, .n = emend_dataset_label_sets(dataset)};
  emend_status status = emend_name_index_sort(&index, error);
  size_t n_labelled = 0;
  for (size_t v = 0; v < emend_dataset_variables(dataset) && !status; v++) {
    const char *format = emend_variable_format(dataset, v);
    size_t length = name_length(format), set = length ? emend_name_index_find(&index, format, length) : index.n;
    /* A text's format has a $ before its name; a number's has none. */
    if (set == index.n || (emend_variable_get_kind(dataset, v) == EMEND_TEXT) != (set_name(dataset, set)[0] == '$'))
      continue;
    emend_dataset_edit_variable(dataset, v)->label_set = (int32_t)set;
    n_labelled++;
  }
  if (!status && n_labelled == 0)
    status = emend_dataset_add_warning(dataset, error, "no variable has a format of the catalog, which has %zu with labels", index.n);
  emend_name_index_free(&index);
  return status;
}
