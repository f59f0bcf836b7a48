/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mixture/inside.h"
#include "normal/document.h"

/* A mixture as a JSON document, and back. */

static json_t *component_object(const emend_mixture *m, size_t k) {
  size_t n = m->n_columns;
  json_t *object = json_object();
  int bad = object == NULL;
  bad = bad || json_object_set_new(object, "proportion", emend_document_number(m->proportion[k]));
  bad = bad || json_object_set_new(object, "assigned", json_integer((json_int_t)m->assigned[k]));
  bad = bad || json_object_set_new(object, "means", emend_document_numbers(m->mean + k * n, n));
  bad = bad || json_object_set_new(object, "covariance", emend_document_matrix(m->covariance + k * n * n, n));
  if (!bad)
    return object;
  json_decref(object);
  return NULL;
}

static json_t *component_list(const emend_mixture *m) {
  json_t *list = json_array();
  for (size_t k = 0; list && k < m->n_components; k++)
    if (json_array_append_new(list, component_object(m, k))) {
      json_decref(list);
      list = NULL;
    }
  return list;
}

static json_t *base_list(const emend_mixture *m) {
  json_t *list = json_array();
  for (size_t j = 0; list && j < m->n_columns; j++)
    if (json_array_append_new(list, json_string(emend_mixture_base(m, j)))) {
      json_decref(list);
      list = NULL;
    }
  return list;
}

static emend_status read_bases(const emend_document *d, emend_mixture *m) {
  const json_t *list;
  if (!json_object_get(d->root, "bases"))
    return EMEND_OK;
  emend_status status = emend_document_list(d, d->root, "bases", m->n_columns, &list);
  for (size_t j = 0; j < m->n_columns && !status; j++) {
    const char *text = json_string_value(json_array_get(list, j));
    if (!text)
      status = emend_document_bad_entry(d, "bases", m->names[j], "is not a text");
    else if (!(m->bases[j] = strdup(text)))
      status = emend_fail_memory(d->error);
  }
  return status;
}

emend_status emend_mixture_to_json(const emend_mixture *m, char **text, emend_error *error) {
  size_t n = m->n_columns;
  json_t *root = json_object();
  int bad = root == NULL;
  bad = bad || json_object_set_new(root, "schema", json_integer(1));
  bad = bad || json_object_set_new(root, "family", json_string("mixture"));
  bad = bad || json_object_set_new(root, "structure", json_string(emend_structure_name(m->structure)));
  bad = bad || json_object_set_new(root, "names", emend_document_names(m->names, n));
  bad = bad || json_object_set_new(root, "bases", base_list(m));
  bad = bad || json_object_set_new(root, "states", emend_document_states(m->state, n));
  bad = bad || json_object_set_new(root, "scales", emend_document_numbers(m->scale, n));
  bad = bad || json_object_set_new(root, "components", component_list(m));
  bad = bad || json_object_set_new(root, "n", json_integer((json_int_t)m->n_rows));
  bad = bad || json_object_set_new(root, "weight", emend_document_number(m->weight));
  bad = bad || json_object_set_new(root, "effective_n", emend_document_number(m->effective_rows));
  bad = bad || json_object_set_new(root, "patterns", json_integer((json_int_t)m->n_patterns));
  bad = bad || json_object_set_new(root, "log_likelihood", emend_document_number(m->log_likelihood));
  bad = bad || json_object_set_new(root, "entropy", emend_document_number(m->entropy));
  bad = bad || json_object_set_new(root, "log_largest", emend_document_number(m->log_largest));
  bad = bad || json_object_set_new(root, "ambiguous", json_integer((json_int_t)m->ambiguous));
  bad = bad || json_object_set_new(root, "ridge", emend_document_number(m->ridge));
  bad = bad || json_object_set_new(root, "iterations", json_integer((json_int_t)m->iterations));
  bad = bad || json_object_set_new(root, "converged", json_boolean(m->converged));
  bad = bad || json_object_set_new(root, "distance", emend_document_number(m->distance));
  return emend_document_finish(root, bad, text, error);
}

/* The off-diagonal entries that a structure does not have. */
static emend_status check_structure(const emend_document *d, const emend_mixture *m, size_t k) {
  size_t n = m->n_columns;
  const double *c = m->covariance + k * n * n;
  for (size_t i = 0; i < n * n && emend_structure_is_diagonal(m->structure); i++)
    if (i % (n + 1) != 0 && !isnan(c[i]) && c[i] != 0)
      return emend_document_bad_entry(d, "covariance", m->names[i / n], "must be 0 off the diagonal in a diagonal structure");
  return EMEND_OK;
}

static emend_status read_component(const emend_document *d, const json_t *object, size_t k, emend_mixture *m) {
  size_t n = m->n_columns;
  const json_t *assigned = json_object_get(object, "assigned");
  if (!emend_document_is_number(json_object_get(object, "proportion"), &m->proportion[k]) ||
      !(m->proportion[k] > 0 && m->proportion[k] <= 1))
    return emend_document_bad_entry(d, "proportion", "", "is not a number above 0 and at most 1");
  if (assigned && (!json_is_integer(assigned) || json_integer_value(assigned) < 0))
    return emend_document_bad_entry(d, "assigned", "", "is not a whole number of at least 0");
  m->assigned[k] = (size_t)json_integer_value(assigned);
  emend_status status = emend_document_read_means(d, object, n, m->names, m->state, m->mean + k * n);
  if (!status)
    status = emend_document_read_covariance(d, object, n, m->names, m->state, m->covariance + k * n * n);
  return status ? status : check_structure(d, m, k);
}

static emend_status read_components(const emend_document *d, const json_t *list, emend_mixture *m) {
  double sum = 0;
  emend_status status = EMEND_OK;
  for (size_t k = 0; k < m->n_components && !status; k++) {
    status = read_component(d, json_array_get(list, k), k, m);
    sum += m->proportion[k];
  }
  if (!status && !(fabs(sum - 1) < 1e-6))
    status = emend_document_bad_entry(d, "proportion", "", "of all components does not add up to 1");
  return status;
}

static emend_status read_facts(const emend_document *d, emend_mixture *m) {
  emend_status status = emend_document_count(d, "n", &m->n_rows);
  if (!status)
    status = emend_document_count(d, "patterns", &m->n_patterns);
  if (!status)
    status = emend_document_count(d, "iterations", &m->iterations);
  if (!status)
    status = emend_document_count(d, "ambiguous", &m->ambiguous);
  if (!status)
    status = emend_document_optional(d, "weight", 0, &m->weight);
  if (!status)
    status = emend_document_optional(d, "effective_n", 0, &m->effective_rows);
  if (!status)
    status = emend_document_optional(d, "log_likelihood", -INFINITY, &m->log_likelihood);
  if (!status)
    status = emend_document_optional(d, "entropy", 0, &m->entropy);
  if (!status)
    status = emend_document_optional(d, "log_largest", -INFINITY, &m->log_largest);
  if (!status)
    status = emend_document_optional(d, "ridge", 0, &m->ridge);
  if (!status)
    status = emend_document_optional(d, "distance", 0, &m->distance);
  return status ? status : emend_document_converged(d, &m->converged);
}

/* Every size is checked before the model is allocated: it then takes no more than a small multiple of the text. */
static emend_status check_sizes(const emend_document *d, size_t *k, size_t *n) {
  const json_t *components = json_object_get(d->root, "components");
  *n = json_array_size(json_object_get(d->root, "names"));
  *k = json_array_size(components);
  if (*n == 0)
    return emend_document_malformed(d, "\"names\" is not a list of at least one name");
  if (*k == 0)
    return emend_document_malformed(d, "\"components\" is not a list of at least one component");
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < *k && !status; i++)
    status = emend_document_check_matrix(d, json_array_get(components, i), "covariance", *n);
  return status;
}

static emend_status read_structure(const emend_document *d, emend_structure *structure) {
  const json_t *entry = json_object_get(d->root, "structure");
  if (json_is_string(entry) && emend_structure_find(json_string_value(entry), structure))
    return EMEND_OK;
  return emend_document_bad_entry(d, "structure", "", "must be one of EII, VII, EEI, VEI, EVI, VVI, EEE, VVV");
}

static emend_status read_model(const emend_document *d, emend_mixture **mixture) {
  size_t k, n;
  emend_status status = check_sizes(d, &k, &n);
  if (status)
    return status;
  emend_mixture *m = *mixture = emend_mixture_allocate(k, n);
  if (!m)
    return emend_fail_memory(d->error);
  status = read_structure(d, &m->structure);
  if (!status)
    status = emend_document_read_names(d, n, m->names);
  if (!status)
    status = read_bases(d, m);
  if (!status)
    status = emend_document_read_states(d, n, m->names, m->state);
  if (!status)
    status = emend_document_read_scales(d, n, m->names, m->state, m->scale);
  if (!status)
    status = read_components(d, json_object_get(d->root, "components"), m);
  return status ? status : read_facts(d, m);
}

emend_status emend_mixture_from_json(const char *text, size_t length, const char *name_for_messages, emend_mixture **mixture,
                                     emend_error *error) {
  *mixture = NULL;
  emend_document d = {.family = "mixture", .origin = "emend cluster --save-model", .error = error};
  emend_status status = emend_document_parse(&d, text, length);
  if (!status)
    status = read_model(&d, mixture);
  emend_document_free(&d);
  if (status) {
    emend_mixture_free(*mixture);
    *mixture = NULL;
    if (name_for_messages && name_for_messages[0])
      emend_at_file(error, name_for_messages);
  }
  return status;
}
