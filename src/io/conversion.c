/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/conversion.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

size_t emend_limit_fit(emend_limit limit, const char *text, size_t length) {
  size_t characters = 0, at = 0;
  while (at < length) {
    size_t next = at + 1;
    while (next < length && ((unsigned char)text[next] & 0xC0) == 0x80)
      next++;
    if ((limit.bytes && next > limit.bytes) || (limit.characters && characters == limit.characters))
      break;
    at = next;
    characters++;
  }
  return at;
}

void emend_conversion_free(emend_conversion *c) {
  if (!c)
    return;
  for (size_t i = 0; i < c->n_sets; i++)
    free(c->sets[i].labels);
  free(c->sets);
  free(c->variables);
  text_pool_free(&c->pool);
  free(c);
}

static const char *wanted_name(const emend_conversion *c, size_t v) {
  return v < c->n_own ? emend_variable_name(c->dataset, v) : c->added[v - c->n_own].name;
}

static emend_status make_names(emend_conversion *c, emend_losses *losses, emend_error *error) {
  const char **wanted = emend_allocate(c->n_variables, sizeof *wanted), **made = emend_allocate(c->n_variables, sizeof *made);
  emend_status status = wanted && made ? EMEND_OK : emend_fail_memory(error);
  emend_names changed = {0};
  for (size_t v = 0; v < c->n_variables && !status; v++)
    made[v] = wanted[v] = wanted_name(c, v);
  if (!status && c->ability->name)
    status = emend_names_make(wanted, c->n_variables, c->ability->name, &c->pool, made, error);
  for (size_t v = 0; v < c->n_variables && !status; v++) {
    c->variables[v].name = made[v];
    if (strcmp(made[v], wanted[v]) != 0 && !(c->ability->name->upper && emend_ascii_equal(made[v], wanted[v])))
      emend_names_add(&changed, wanted[v]);
  }
  free(wanted);
  free(made);
  return status ? status : emend_losses_add_names(losses, &changed, "variable gets another name", "variables get other names", error);
}

/* Cut at a character; kept in the pool only if it was. */
static emend_status fit(emend_conversion *c, emend_limit limit, const char *text, const char **fitted, emend_error *error) {
  if (c->ability->family == EMEND_FAMILY_NONE)
    text = "";
  size_t length = strlen(text), fits = emend_limit_fit(limit, text, length);
  *fitted = fits == length ? text : text_pool_keep(&c->pool, text, fits);
  return *fitted ? EMEND_OK : emend_fail_memory(error);
}

static emend_status make_variable_labels(emend_conversion *c, emend_losses *losses, emend_error *error) {
  emend_names cut = {0};
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < c->n_variables && !status; v++) {
    const char *label = v < c->n_own ? emend_variable_label(c->dataset, v) : c->added[v - c->n_own].label;
    status = fit(c, c->ability->label, label, &c->variables[v].label, error);
    if (!status && strlen(c->variables[v].label) != strlen(label) && c->ability->labels_variables)
      emend_names_add(&cut, c->variables[v].name);
  }
  return status ? status : emend_losses_add_names(losses, &cut, "variable label is cut", "variable labels are cut", error);
}

/* The longest text of a variable, as UTF-8. */
static size_t longest_text(const emend_dataset *dataset, size_t variable) {
  size_t longest = 0;
  for (size_t row = 0, n = emend_dataset_rows(dataset); row < n;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      emend_offset text;
      memcpy(&text, &run.values[i], sizeof text);
      size_t length = emend_dataset_text_length(dataset, text);
      longest = length > longest ? length : longest;
    }
    row += run.n;
  }
  return longest;
}

static void make_text(emend_conversion *c, size_t v, emend_names *cut) {
  const emend_variable *from = emend_dataset_variable(c->dataset, v);
  emend_converted_variable *to = &c->variables[v];
  size_t longest = longest_text(c->dataset, v), declared = from->storage == EMEND_STORAGE_TEXT ? from->width : 0;
  to->text = true;
  to->width = longest > declared ? longest : declared ? declared : 1;
  if (c->ability->text_bytes && longest > c->ability->text_bytes)
    emend_names_add(cut, to->name);
  if (c->ability->text_bytes && to->width > c->ability->text_bytes)
    to->width = c->ability->text_bytes;
}

static emend_status keep_format(emend_conversion *c, emend_converted_variable *to, const char *format, emend_error *error) {
  to->format = text_pool_keep(&c->pool, format, strlen(format));
  return to->format ? EMEND_OK : emend_fail_memory(error);
}

static emend_status make_own(emend_conversion *c, size_t v, emend_names *cut, emend_names *approximate, emend_error *error) {
  const emend_variable *from = emend_dataset_variable(c->dataset, v);
  emend_converted_variable *to = &c->variables[v];
  emend_family family = emend_family_of(emend_dataset_format(c->dataset));
  to->storage = from->storage;
  to->measure = from->measure;
  if (from->kind == EMEND_TEXT) {
    char format[EMEND_TRANSLATED_FORMAT];
    make_text(c, v, cut);
    emend_translate_text_format(c->ability->family, to->width, format);
    return keep_format(c, to, format, error);
  }
  to->translation = emend_translate(family, c->dataset, v, c->ability->family);
  if (to->translation.approximate)
    emend_names_add(approximate, to->name);
  return keep_format(c, to, to->translation.format, error);
}

static emend_status make_added(emend_conversion *c, size_t v, emend_error *error) {
  const emend_added_variable *from = &c->added[v - c->n_own];
  emend_converted_variable *to = &c->variables[v];
  char format[EMEND_TRANSLATED_FORMAT] = "";
  to->storage = from->storage;
  to->measure = from->measure;
  if (c->ability->family != EMEND_FAMILY_NONE)
    emend_translate_decimals(c->ability->family, from->storage, from->decimals, format);
  return keep_format(c, to, format, error);
}

static emend_status make_variables(emend_conversion *c, emend_losses *losses, emend_error *error) {
  emend_names cut = {0}, approximate = {0};
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < c->n_variables && !status; v++) {
    c->variables[v].set = -1;
    status = v < c->n_own ? make_own(c, v, &cut, &approximate, error) : make_added(c, v, error);
  }
  if (!status)
    status = emend_losses_add_names(losses, &cut, "variable has texts that are cut", "variables have texts that are cut", error);
  if (!status && c->ability->formats)
    status = emend_losses_add_names(losses, &approximate, "display format has no equal and is approximated",
                                    "display formats have no equal and are approximated", error);
  return status;
}

/* The characters of a .por file, control characters not among them. */
static bool is_printable(const char *text) {
  for (; *text; text++)
    if (*text < ' ' || *text > '~')
      return false;
  return true;
}

static const char *find_unprintable(const emend_conversion *c) {
  for (size_t v = 0; v < c->n_variables; v++)
    if (!is_printable(c->variables[v].label))
      return c->variables[v].name;
  for (size_t v = 0; v < c->n_own; v++)
    for (size_t row = 0; c->variables[v].text && row < emend_dataset_rows(c->dataset); row++)
      if (!is_printable(emend_cell_text(c->dataset, row, v)))
        return c->variables[v].name;
  for (size_t s = 0; s < c->n_sets; s++)
    for (size_t i = 0; i < c->sets[s].n; i++)
      if (!is_printable(c->sets[s].labels[i].text) || (c->sets[s].text && !is_printable(c->sets[s].labels[i].key)))
        return "a value label";
  for (const emend_property *p = emend_dataset_first_property(c->dataset, -1); p; p = emend_dataset_next_property(c->dataset, p))
    if (!is_printable(emend_property_value(c->dataset, p)))
      return "a note";
  return is_printable(c->file_label) ? NULL : "the label of the file";
}

static emend_status check_printable(const emend_conversion *c, emend_error *error) {
  const char *found = c->ability->ascii ? find_unprintable(c) : NULL;
  return found ? emend_fail(error, EMEND_UNSUPPORTED, "%s holds only printable ASCII characters, which is not enough for %s",
                            c->ability->file, found)
               : EMEND_OK;
}

emend_status emend_conversion_new(const emend_rows *shape, const emend_ability *ability, emend_losses *losses,
                                  emend_conversion **conversion, emend_error *error) {
  *conversion = NULL;
  emend_conversion *c = calloc(1, sizeof *c);
  if (!c)
    return emend_fail_memory(error);
  c->ability = ability;
  c->dataset = shape->dataset;
  c->added = shape->added;
  c->n_own = emend_dataset_variables(shape->dataset);
  c->n_variables = c->n_own + shape->n_added;
  c->n_rows = shape->n_rows;
  c->weight = emend_dataset_weight(shape->dataset);
  c->variables = emend_allocate(c->n_variables, sizeof *c->variables);
  emend_status status = c->variables ? EMEND_OK : emend_fail_memory(error);
  if (!status)
    status = make_names(c, losses, error);
  if (!status)
    status = make_variables(c, losses, error);
  if (!status)
    status = make_variable_labels(c, losses, error);
  if (!status)
    status = fit(c, ability->file_label, emend_dataset_file_label(c->dataset), &c->file_label, error);
  if (!status)
    status = emend_conversion_labels(c, losses, error);
  if (!status)
    status = check_printable(c, error);
  if (!status && losses)
    status = emend_conversion_losses(c, losses, error);
  if (status)
    emend_conversion_free(c);
  else
    *conversion = c;
  return status;
}

static double within(const emend_conversion *c, double value, emend_reason *reason) {
  if (isfinite(value) && (!c->ability->largest || fabs(value) <= c->ability->largest))
    return value;
  *reason = EMEND_SYSTEM_MISSING;
  return NAN;
}

static double letter_number(const emend_conversion *c, const emend_converted_variable *v, emend_reason letter, emend_reason *reason) {
  if (c->ability->letters) {
    *reason = letter == EMEND_TAG_UNDERSCORE && !c->ability->underscore ? EMEND_SYSTEM_MISSING : letter;
    return NAN;
  }
  double code = c->ability->codes ? emend_missing_map_code(&v->map, letter) : NAN;
  *reason = isnan(code) ? EMEND_SYSTEM_MISSING : EMEND_USER_MISSING;
  return code;
}

double emend_conversion_number(const emend_conversion *c, size_t variable, const emend_cell *cell, emend_reason *reason) {
  const emend_converted_variable *v = &c->variables[variable];
  *reason = EMEND_OBSERVED;
  if (cell->imputed || cell->reason == EMEND_OBSERVED)
    return within(c, emend_translate_value(&v->translation, cell->value), reason);
  if (cell->reason >= EMEND_TAG_A && cell->reason <= EMEND_TAG_UNDERSCORE)
    return letter_number(c, v, cell->reason, reason);
  *reason = cell->reason == EMEND_USER_MISSING ? EMEND_USER_MISSING : EMEND_SYSTEM_MISSING;
  if (*reason == EMEND_SYSTEM_MISSING)
    return NAN;
  if (emend_dataset_find_doubt(c->dataset, variable, cell->value, NULL)) { /* nothing declares it here, nor there */
    *reason = EMEND_OBSERVED;
    return within(c, emend_translate_value(&v->translation, cell->value), reason);
  }
  if (c->ability->letters) {
    *reason = emend_missing_map_letter(&v->map, cell->value);
    return NAN;
  }
  return within(c, c->ability->codes ? emend_translate_value(&v->translation, cell->value) : cell->value, reason);
}

size_t emend_conversion_text(const emend_conversion *c, size_t variable, const emend_cell *cell, const char **text) {
  *text = emend_dataset_text(c->dataset, cell->text);
  return emend_limit_fit((emend_limit){.bytes = c->variables[variable].width}, *text, emend_dataset_text_length(c->dataset, cell->text));
}
