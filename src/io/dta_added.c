/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_added.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void dta_losses_note(dta_losses *losses, emend_names *cut, unsigned loss, const char *name) {
  if (loss & DTA_TEXT_CUT)
    emend_names_add(cut, name);
  if (loss & DTA_TEXT_REPLACED)
    emend_names_add(&losses->characters, name);
}

emend_status dta_losses_tell(const dta_losses *losses, emend_losses *sink, emend_error *error) {
  const struct {
    const emend_names *names;
    const char *one, *many;
  } kinds[] = {
      {&losses->names, "name is changed into one that Stata allows", "names are changed into ones that Stata allows"},
      {&losses->labels, "variable label is cut to Stata's 80 characters", "variable labels are cut to Stata's 80 characters"},
      {&losses->formats, "display format is cut", "display formats are cut"},
      {&losses->set_names, "name of a label set is cut", "names of label sets are cut"},
      {&losses->value_labels, "set has value labels that are cut to Stata's 32,000 bytes",
       "sets have value labels that are cut to Stata's 32,000 bytes"},
      {&losses->characters, "text has characters that this release of Stata's format lacks (now ?)",
       "texts have characters that this release of Stata's format lacks (now ?)"},
  };
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !status; i++)
    status = emend_losses_add_names(sink, kinds[i].names, kinds[i].one, kinds[i].many, error);
  return status;
}

/* What a command labels are whole numbers. */
static emend_status put_labels(dta_target *target, const emend_added_variable *added, const char *set_name, dta_losses *losses,
                               emend_error *error) {
  dta_label *labels = emend_allocate(added->n_labels, sizeof *labels);
  if (!labels)
    return emend_fail_memory(error);
  unsigned loss = 0;
  size_t n = 0;
  for (size_t i = 0; i < added->n_labels; i++) {
    labels[n].text = added->labels[i].text;
    n += dta_key_of_number(added->labels[i].value, &labels[n].key);
  }
  n = dta_labels_sort(labels, n);
  emend_status status = dta_target_add_label_set(target, set_name, labels, n, &loss, error);
  dta_losses_note(losses, &losses->value_labels, loss, added->name);
  free(labels);
  return status;
}

static void choose_format(const emend_added_variable *added, char *format, size_t size) {
  bool whole = added->storage == EMEND_STORAGE_I8 || added->storage == EMEND_STORAGE_I16 || added->storage == EMEND_STORAGE_I32;
  if (added->decimals > 0 && added->decimals < 16)
    snprintf(format, size, "%%%u.%uf", 8 + added->decimals, added->decimals);
  else
    snprintf(format, size, added->storage == EMEND_STORAGE_I32 ? "%%12.0g" : whole ? "%%8.0g" : "%%10.0g");
}

static emend_status put_one(dta_target *target, const emend_added_variable *added, const char *name, const char *set_name,
                            dta_losses *losses, emend_error *error) {
  emend_dta_type type = dta_type_of(added->storage);
  unsigned on_name = strcmp(name, added->name) == 0 ? 0 : DTA_TEXT_CUT, on_label = 0, nothing = 0;
  char format[32];
  choose_format(added, format, sizeof format);
  emend_status status = dta_target_add_column(target, type, dta_type_width(type), error);
  if (!status)
    status = dta_target_add_field(target, DTA_NAMES, name, &nothing, error);
  if (!status)
    status = dta_target_add_field(target, DTA_FORMATS, format, &nothing, error);
  if (!status)
    status = dta_target_add_field(target, DTA_LABEL_NAMES, added->n_labels ? set_name : "", &nothing, error);
  if (!status)
    status = dta_target_add_field(target, DTA_LABELS, added->label, &on_label, error);
  dta_losses_note(losses, &losses->names, on_name, added->name);
  dta_losses_note(losses, &losses->labels, on_label, added->name);
  return !status && added->n_labels ? put_labels(target, added, set_name, losses, error) : status;
}

emend_status dta_added_put(dta_target *target, const emend_rows *rows, char *const *names, char *const *set_names, dta_losses *losses,
                           emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < rows->n_added && !status; i++) {
    if (rows->added[i].storage >= EMEND_STORAGE_TEXT)
      status = emend_fail(error, EMEND_INTERNAL, "an added variable is a text");
    else
      status = put_one(target, &rows->added[i], names[i], set_names[i], losses, error);
  }
  return status;
}
