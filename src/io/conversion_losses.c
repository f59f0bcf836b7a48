/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a format cannot say at all, as far as the conversion has not told it already. */
#include <math.h>

#include "io/conversion.h"

typedef struct survey {
  emend_names labels, formats, codes, letters, underscores, out_of_range, inexact, measures, roles, write_formats, notes, attributes,
      characteristics;
  size_t cells_out_of_range;
} survey;

static bool has_display_format(const emend_conversion *c, size_t v) {
  return emend_dataset_variable(c->dataset, v)->kind == EMEND_NUMERIC && emend_variable_format(c->dataset, v)[0];
}

/* Letters without a place, numbers that the target cannot hold. */
static void look_at_cells(const emend_conversion *c, size_t v, survey *s) {
  const emend_ability *a = c->ability;
  bool letters = false, underscore = false, fractions = false;
  size_t out_of_range = 0;
  for (size_t row = 0, n = emend_dataset_rows(c->dataset); row < n;) {
    emend_run run = emend_dataset_run(c->dataset, v, row);
    for (size_t i = 0; i < run.n; i++) {
      unsigned char reason = run.reasons[i];
      letters = letters || (reason >= EMEND_TAG_A && reason <= EMEND_TAG_UNDERSCORE);
      underscore = underscore || reason == EMEND_TAG_UNDERSCORE;
      if (reason == EMEND_OBSERVED) {
        double value = emend_translate_value(&c->variables[v].translation, run.values[i]);
        fractions = fractions || value != floor(value);
        out_of_range += !isfinite(value) || (a->largest && fabs(value) > a->largest);
      }
    }
    row += run.n;
  }
  if (letters && !a->letters && !a->codes)
    emend_names_add(&s->letters, c->variables[v].name);
  if (underscore && a->letters && !a->underscore)
    emend_names_add(&s->underscores, c->variables[v].name);
  if (fractions && a->inexact)
    emend_names_add(&s->inexact, c->variables[v].name);
  if (out_of_range)
    emend_names_add(&s->out_of_range, c->variables[v].name);
  s->cells_out_of_range += out_of_range;
}

/* Of a variable, or of the file: -1, whose notes may have a place. The role is an attribute by another name. */
static void look_at_properties(const emend_conversion *c, ptrdiff_t v, const char *name, survey *s) {
  bool note = false, attribute = false, characteristic = false;
  const emend_dataset *d = c->dataset;
  for (const emend_property *p = emend_dataset_first_property(d, v); p; p = emend_dataset_next_property(d, p)) {
    emend_property_kind kind = emend_property_get_kind(p);
    note = note || (kind == EMEND_NOTE && !(v < 0 && c->ability->notes));
    attribute = attribute || (kind == EMEND_ATTRIBUTE && emend_property_name(d, p)[0] != '$');
    characteristic = characteristic || kind == EMEND_CHARACTERISTIC;
  }
  if (note)
    emend_names_add(&s->notes, name);
  if (attribute)
    emend_names_add(&s->attributes, name);
  if (characteristic)
    emend_names_add(&s->characteristics, name);
}

static void look_at_variable(const emend_conversion *c, size_t v, survey *s) {
  const emend_ability *a = c->ability;
  const emend_variable *from = emend_dataset_variable(c->dataset, v);
  const char *name = c->variables[v].name;
  if (!a->labels_variables && emend_variable_label(c->dataset, v)[0])
    emend_names_add(&s->labels, name);
  if (!a->formats && has_display_format(c, v))
    emend_names_add(&s->formats, name);
  if (!a->codes && !a->letters && from->n_missing)
    emend_names_add(&s->codes, name);
  if (!a->measure && from->measure != EMEND_MEASURE_UNKNOWN)
    emend_names_add(&s->measures, name);
  if (from->usage > EMEND_USAGE_INPUT) /* input is what every variable is */
    emend_names_add(&s->roles, name);
  if (a->formats && from->write_format)
    emend_names_add(&s->write_formats, name);
  look_at_properties(c, (ptrdiff_t)v, name, s);
  if (from->kind != EMEND_TEXT)
    look_at_cells(c, v, s);
}

static emend_status tell_sets(const emend_conversion *c, emend_losses *losses, emend_error *error) {
  emend_names plain = {0}, responses = {0};
  for (size_t i = 0; i < emend_dataset_variable_sets(c->dataset); i++) {
    emend_variable_set_facts set = emend_variable_set_get(c->dataset, i);
    emend_names_add(set.kind == EMEND_SET_PLAIN ? &plain : &responses, set.name);
  }
  emend_status status = emend_losses_add_names(losses, &plain, "variable set is left out", "variable sets are left out", error);
  return status ? status
                : emend_losses_add_names(losses, &responses, "multiple-response set is left out", "multiple-response sets are left out",
                                         error);
}

static emend_status tell_file(const emend_conversion *c, emend_losses *losses, emend_error *error) {
  const emend_ability *a = c->ability;
  emend_status status = EMEND_OK;
  const char *label = emend_dataset_file_label(c->dataset);
  if (label[0] && !c->file_label[0])
    status = emend_losses_add(losses, error, "the label of the file");
  else if (c->file_label != label && c->file_label[0])
    status = emend_losses_add(losses, error, "the label of the file is cut");
  if (!status && c->weight >= 0 && !a->weight)
    status = emend_losses_add(losses, error, "that %s is the weight", c->variables[c->weight].name);
  return status ? status : tell_sets(c, losses, error);
}

emend_status emend_conversion_losses(const emend_conversion *c, emend_losses *losses, emend_error *error) {
  survey s = {0};
  for (size_t v = 0; v < c->n_own; v++)
    look_at_variable(c, v, &s);
  look_at_properties(c, -1, "the file", &s);
  const struct {
    const emend_names *names;
    const char *one, *many;
  } kinds[] = {
      {&s.labels, "variable loses its label", "variables lose their labels"},
      {&s.formats, "variable loses its display format", "variables lose their display formats"},
      {&s.measures, "variable loses its measurement level", "variables lose their measurement level"},
      {&s.roles, "variable loses its role", "variables lose their roles"},
      {&s.write_formats, "variable loses its format for writing", "variables lose their formats for writing"},
      {&s.notes, "set of notes is left out", "sets of notes are left out"},
      {&s.attributes, "set of attributes is left out", "sets of attributes are left out"},
      {&s.characteristics, "set of characteristics is left out", "sets of characteristics are left out"},
      {&s.codes, "variable has missing codes that are not declared any more",
       "variables have missing codes that are not declared any more"},
      {&s.letters, "variable has .a to .z written as system-missing", "variables have .a to .z written as system-missing"},
      {&s.underscores, "variable has ._ written as system-missing", "variables have ._ written as system-missing"},
      {&s.inexact, "variable has fractions whose last digits may change", "variables have fractions whose last digits may change"},
      {&s.out_of_range, "variable has numbers that the format cannot hold: they are written as missing",
       "variables have numbers that the format cannot hold: they are written as missing"},
  };
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !status; i++)
    status = emend_losses_add_names(losses, kinds[i].names, kinds[i].one, kinds[i].many, error);
  return status ? status : tell_file(c, losses, error);
}
