/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "report/info.h"
#include "report/json_fill.h"
#include "report/report.h"
#include "report/words.h"

/* null for "". */
static json_t *known(const char *text) { return *text ? json_of_text(text) : json_null(); }

static json_t *character(char c) { return c ? json_of_text((char[]){c, '\0'}) : json_null(); }

static json_t *names_array(const info_report *r, size_t n, size_t (*index)(const emend_dataset *, size_t)) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < n; i++)
    array = append(array, json_of_text(emend_variable_name(r->dataset, index(r->dataset, i))));
  return array;
}

static json_t *file_object(const info_report *r) {
  const emend_dataset *d = r->dataset;
  filling f = begin();
  ptrdiff_t weight = emend_dataset_weight(d);
  put(&f, "format", json_of_text(emend_dataset_format(d)));
  put(&f, "description", json_of_text(emend_format_description(emend_dataset_format(d))));
  put(&f, "release", emend_dataset_release(d) ? json_integer(emend_dataset_release(d)) : json_null());
  put(&f, "byte_order", known(emend_byte_order_word(emend_dataset_byte_order(d))));
  put(&f, "compression", known(emend_compression_word(emend_dataset_compression(d))));
  put(&f, "encoding", known(emend_dataset_file_text(d, EMEND_FILE_ENCODING)));
  put(&f, "delimiter", character(emend_dataset_delimiter(d)));
  put(&f, "decimal", character(emend_dataset_decimal(d)));
  put(&f, "header", emend_dataset_delimiter(d) ? json_boolean(emend_dataset_has_header(d)) : json_null());
  put(&f, "bytes", json_integer((json_int_t)emend_file_bytes(r->file)));
  put(&f, "rows", json_of_count(emend_dataset_rows(d)));
  put(&f, "variables", json_of_count(emend_dataset_variables(d)));
  put(&f, "label", json_of_text(emend_dataset_file_label(d)));
  put(&f, "table", known(emend_dataset_file_text(d, EMEND_FILE_TABLE_NAME)));
  put(&f, "created", known(emend_dataset_file_text(d, EMEND_FILE_CREATED)));
  put(&f, "modified", known(emend_dataset_file_text(d, EMEND_FILE_MODIFIED)));
  put(&f, "product", known(emend_dataset_file_text(d, EMEND_FILE_PRODUCT)));
  put(&f, "weight", weight < 0 ? json_null() : json_of_text(emend_variable_name(d, (size_t)weight)));
  put(&f, "sorted_by", names_array(r, emend_dataset_sort_keys(d), emend_dataset_sort_key));
  return finish(&f);
}

static json_t *properties_array(const info_report *r, ptrdiff_t variable) {
  json_t *array = json_array();
  for (const emend_property *p = emend_dataset_first_property(r->dataset, variable); array && p;
       p = emend_dataset_next_property(r->dataset, p)) {
    filling f = begin();
    put(&f, "kind", json_of_text(emend_property_kind_word(emend_property_get_kind(p))));
    put(&f, "name", known(emend_property_name(r->dataset, p)));
    put(&f, "number", emend_property_number(p) ? json_of_count(emend_property_number(p)) : json_null());
    put(&f, "value", json_of_text(emend_property_value(r->dataset, p)));
    array = append(array, finish(&f));
  }
  return array;
}

/* {"value": 8}, {"low": null, "high": 0} (null: LOWEST, HIGHEST), {"text": "zzz"} */
static json_t *declared_array(const info_report *r, size_t v) {
  json_t *array = json_array();
  for (size_t i = 0; array && i < emend_variable_declared(r->dataset, v); i++) {
    emend_declared_missing m = emend_variable_declared_missing(r->dataset, v, i);
    filling f = begin();
    if (m.text) {
      put(&f, "text", json_of_text(m.text));
    } else if (m.lo == m.hi) {
      put(&f, "value", json_of_number(m.lo));
    } else {
      put(&f, "low", json_of_number(m.lo));
      put(&f, "high", json_of_number(m.hi));
    }
    array = append(array, finish(&f));
  }
  return array;
}

static json_t *counts_object(const emend_cell_counts *c) {
  filling f = begin();
  put(&f, "observed", json_of_count(c->observed));
  put(&f, "system", json_of_count(c->system));
  put(&f, "user", json_of_count(c->user));
  put(&f, "tagged", json_of_count(c->tagged));
  put(&f, "empty", json_of_count(c->empty));
  return finish(&f);
}

static json_t *variable_object(const info_report *r, size_t v) {
  const emend_dataset *d = r->dataset;
  char storage[EMEND_STORAGE_WORD];
  ptrdiff_t set = emend_variable_label_set(d, v);
  filling f = begin();
  put(&f, "name", json_of_text(emend_variable_name(d, v)));
  put(&f, "position", json_of_count(v + 1));
  put(&f, "label", json_of_text(emend_variable_label(d, v)));
  put(&f, "kind", json_of_text(emend_kind_word(emend_variable_get_kind(d, v))));
  put(&f, "storage", json_of_text(emend_storage_word(d, v, storage)));
  put(&f, "width", emend_variable_width(d, v) ? json_of_count(emend_variable_width(d, v)) : json_null());
  put(&f, "format", known(emend_variable_format(d, v)));
  put(&f, "write_format", known(emend_variable_write_format(d, v)));
  put(&f, "short_name", known(emend_variable_short_name(d, v)));
  put(&f, "measure", known(emend_measure_word(emend_variable_get_measure(d, v))));
  put(&f, "role", known(emend_usage_word(emend_variable_usage(d, v))));
  put(&f, "display_width", emend_variable_display_width(d, v) ? json_of_count(emend_variable_display_width(d, v)) : json_null());
  put(&f, "alignment", known(emend_alignment_word(emend_variable_alignment(d, v))));
  put(&f, "value_labels", set < 0 ? json_null() : json_of_count((size_t)set));
  put(&f, "missing_values", declared_array(r, v));
  put(&f, "counts", counts_object(&r->counts[v]));
  put(&f, "properties", properties_array(r, (ptrdiff_t)v));
  return finish(&f);
}

static json_t *label_object(const emend_value_label *label) {
  number_text tag;
  filling f = begin();
  if (label->key)
    put(&f, "text", json_of_text(label->key));
  else if (label->reason != EMEND_OBSERVED)
    put(&f, "tag", json_of_text(report_code(NAN, label->reason, tag)));
  else
    put(&f, "value", json_of_number(label->value));
  put(&f, "label", json_of_text(label->label));
  return finish(&f);
}

/* All sets, so that the numbers of variables[].value_labels are indices of this array. */
static json_t *label_sets_array(const info_report *r) {
  json_t *sets = json_array();
  for (size_t s = 0; sets && s < emend_dataset_label_sets(r->dataset); s++) {
    json_t *labels = json_array();
    for (size_t i = 0; labels && i < emend_label_set_size(r->dataset, s); i++) {
      emend_value_label label = emend_label_set_label(r->dataset, s, i);
      labels = append(labels, label_object(&label));
    }
    filling f = begin();
    put(&f, "name", strcmp(emend_dataset_format(r->dataset), "dta") == 0 ? json_of_text(emend_label_set_name(r->dataset, s)) : json_null());
    put(&f, "labels", labels);
    sets = append(sets, finish(&f));
  }
  return sets;
}

static json_t *variable_sets_array(const info_report *r) {
  json_t *sets = json_array();
  for (size_t s = 0; sets && s < emend_dataset_variable_sets(r->dataset); s++) {
    emend_variable_set_facts set = emend_variable_set_get(r->dataset, s);
    json_t *names = json_array();
    for (size_t i = 0; names && i < set.n_variables; i++)
      names = append(names, json_of_text(emend_variable_name(r->dataset, emend_variable_set_variable(r->dataset, s, i))));
    filling f = begin();
    put(&f, "name", json_of_text(set.name));
    put(&f, "label", json_of_text(set.label));
    put(&f, "kind", json_of_text(emend_set_kind_word(set.kind)));
    put(&f, "counted", set.kind == EMEND_SET_DICHOTOMIES ? json_of_text(set.counted) : json_null());
    put(&f, "named_by_value_labels", json_boolean(set.categories_from_labels));
    put(&f, "label_of_first_variable", json_boolean(set.label_from_variable));
    put(&f, "variables", names);
    sets = append(sets, finish(&f));
  }
  return sets;
}

json_t *info_json(const info_report *r, json_t *options) {
  json_t *variables = json_array(), *warnings = json_array();
  for (size_t v = 0; variables && v < emend_dataset_variables(r->dataset); v++)
    if (r->chosen[v])
      variables = append(variables, variable_object(r, v));
  for (size_t i = 0, n = emend_events_warning_count(r->events); warnings && i < n; i++)
    warnings = append(warnings, json_of_text(emend_events_warning(r->events, i)));
  filling f = begin();
  put(&f, "schema", json_integer(1));
  put(&f, "version", json_of_text(emend_version()));
  put(&f, "command", json_of_text("info"));
  put(&f, "input", json_of_text(r->input));
  put(&f, "file", file_object(r));
  put(&f, "properties", properties_array(r, -1));
  put(&f, "variables", variables);
  put(&f, "value_labels", label_sets_array(r));
  put(&f, "variable_sets", variable_sets_array(r));
  put(&f, "warnings", warnings);
  put(&f, "options", options);
  return finish(&f);
}
