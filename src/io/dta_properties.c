/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_properties.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "io/dta_names.h"

enum { LONGEST = 67783 }; /* bytes of a characteristic, without its NUL */

typedef struct putting {
  dta_target *target;
  const emend_conversion *conversion;
  emend_names cut;
  emend_error *error;
} putting;

static emend_status put(putting *p, const char *owner, const char *name, const char *text) {
  size_t length = strlen(text), fit = dta_text_fit(text, length, (dta_limit){SIZE_MAX, LONGEST});
  if (fit == length)
    return dta_target_add_characteristic(p->target, owner, name, text, p->error);
  emend_names_add(&p->cut, owner);
  char *cut = strndup(text, fit);
  emend_status status = cut ? dta_target_add_characteristic(p->target, owner, name, cut, p->error) : emend_fail_memory(p->error);
  free(cut);
  return status;
}

/* Notes keep their numbers; documents, which have none, are counted. Stata looks for as many as note0 says. */
static emend_status put_notes(putting *p, ptrdiff_t variable, const char *owner) {
  const emend_dataset *dataset = p->conversion->dataset;
  unsigned last = 0;
  char text[32];
  emend_status status = EMEND_OK;
  for (const emend_property *x = emend_dataset_first_property(dataset, variable); x && !status;
       x = emend_dataset_next_property(dataset, x)) {
    if (emend_property_get_kind(x) != EMEND_NOTE)
      continue;
    unsigned number = emend_property_number(x) ? emend_property_number(x) : last + 1;
    last = number > last ? number : last;
    snprintf(text, sizeof text, "note%u", number);
    status = put(p, owner, text, emend_property_value(dataset, x));
  }
  snprintf(text, sizeof text, "%u", last);
  return !status && last ? put(p, owner, "note0", text) : status;
}

/* Characteristics by their own names; attributes by names that Stata allows, those of several values with a number each. */
static emend_status put_named(putting *p, ptrdiff_t variable, const char *owner) {
  const emend_dataset *dataset = p->conversion->dataset;
  const char **wanted = NULL;
  size_t n = 0, i = 0;
  dta_names names = {0};
  for (const emend_property *x = emend_dataset_first_property(dataset, variable); x; x = emend_dataset_next_property(dataset, x))
    n += emend_property_get_kind(x) != EMEND_NOTE;
  if (n == 0)
    return EMEND_OK;
  wanted = emend_allocate(n, sizeof *wanted);
  if (!wanted)
    return emend_fail_memory(p->error);
  for (const emend_property *x = emend_dataset_first_property(dataset, variable); x; x = emend_dataset_next_property(dataset, x))
    if (emend_property_get_kind(x) != EMEND_NOTE)
      wanted[i++] = emend_property_name(dataset, x);
  emend_status status = dta_names_new(wanted, n, 0, p->target->utf8, &names, p->error);
  i = 0;
  for (const emend_property *x = emend_dataset_first_property(dataset, variable); x && !status; x = emend_dataset_next_property(dataset, x))
    if (emend_property_get_kind(x) != EMEND_NOTE) {
      bool own = emend_property_get_kind(x) == EMEND_CHARACTERISTIC;
      status = put(p, owner, own ? wanted[i] : names.items[i], emend_property_value(dataset, x));
      i++;
    }
  free(wanted);
  dta_names_free(&names);
  return status;
}

/* "-9 .a -8 .b" */
static emend_status put_codes(putting *p, size_t variable, const char *owner) {
  const emend_missing_map *map = &p->conversion->variables[variable].map;
  emend_buffer text = {0};
  emend_status status = EMEND_OK;
  if (map->n == 0)
    return EMEND_OK;
  for (size_t i = 0; i < map->n && !status; i++) {
    char number[EMEND_NUMBER_SIZE];
    emend_number_print(map->pairs[i].code, '.', number);
    status = emend_buffer_format(&text, p->error, "%s%s .%c", i ? " " : "", number, 'a' + (int)(map->pairs[i].letter - EMEND_TAG_A));
  }
  if (!status)
    status = put(p, owner, "missing_codes", text.bytes);
  emend_buffer_free(&text);
  return status;
}

static emend_status put_owner(putting *p, ptrdiff_t variable, const char *owner) {
  emend_status status = put_notes(p, variable, owner);
  return status ? status : put_named(p, variable, owner);
}

emend_status dta_properties_put(dta_target *target, const emend_conversion *conversion, char *const *names, emend_losses *losses,
                                emend_error *error) {
  putting p = {.target = target, .conversion = conversion, .error = error};
  emend_status status = put_owner(&p, -1, "_dta");
  if (!status && conversion->weight >= 0)
    status = put(&p, "_dta", "weight", names[conversion->weight]);
  for (size_t v = 0; v < conversion->n_own && !status; v++) {
    status = put_owner(&p, (ptrdiff_t)v, names[v]);
    if (!status)
      status = put_codes(&p, v, names[v]);
  }
  return status ? status
                : emend_losses_add_names(losses, &p.cut, "note or characteristic is cut", "notes or characteristics are cut", error);
}
