/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "normal/inside.h"

/* A model as a JSON document, and back. The text of a document is untrusted: nothing is allocated by a size that it merely claims. */

static const char *const prior_words[] = {"none", "jeffreys", "ridge", "shrink", "given"};
static const char *const state_words[] = {"ordinary", "constant", "never observed"};
enum { PRIORS = sizeof prior_words / sizeof *prior_words, STATES = sizeof state_words / sizeof *state_words };

/* Writing. JSON has no NaN: null stands for it. */

static json_t *number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

static json_t *number_list(const double *values, size_t n) {
  json_t *list = json_array();
  for (size_t i = 0; list && i < n; i++) {
    if (json_array_append_new(list, number(values[i]))) {
      json_decref(list);
      list = NULL;
    }
  }
  return list;
}

static json_t *matrix(const double *values, size_t p) {
  json_t *rows = json_array();
  for (size_t i = 0; rows && i < p; i++) {
    if (json_array_append_new(rows, number_list(values + i * p, p))) {
      json_decref(rows);
      rows = NULL;
    }
  }
  return rows;
}

/* A model without names is saved under the names that messages use. */
static json_t *name_list(const emend_normal *normal) {
  json_t *list = json_array();
  for (size_t j = 0; list && j < normal->n_columns; j++) {
    const char *name = emend_normal_name(normal, j);
    if (json_array_append_new(list, name[0] ? json_string(name) : json_sprintf("column %zu", j + 1))) {
      json_decref(list);
      list = NULL;
    }
  }
  return list;
}

static json_t *state_list(const emend_normal *normal) {
  json_t *list = json_array();
  for (size_t j = 0; list && j < normal->n_columns; j++) {
    if (json_array_append_new(list, json_string(state_words[normal->state[j]]))) {
      json_decref(list);
      list = NULL;
    }
  }
  return list;
}

emend_status emend_normal_to_json(const emend_normal *normal, char **text, emend_error *error) {
  *text = NULL;
  json_t *root = json_object();
  int bad = root == NULL;
  bad = bad || json_object_set_new(root, "schema", json_integer(1));
  bad = bad || json_object_set_new(root, "family", json_string("normal"));
  bad = bad || json_object_set_new(root, "names", name_list(normal));
  bad = bad || json_object_set_new(root, "states", state_list(normal));
  bad = bad || json_object_set_new(root, "means", number_list(normal->mean, normal->n_columns));
  bad = bad || json_object_set_new(root, "scales", number_list(normal->scale, normal->n_columns));
  bad = bad || json_object_set_new(root, "covariance", matrix(normal->covariance, normal->n_columns));
  bad = bad || json_object_set_new(root, "n", json_integer((json_int_t)normal->n_rows));
  bad = bad || json_object_set_new(root, "weight", number(normal->weight));
  bad = bad || json_object_set_new(root, "effective_n", number(normal->effective_rows));
  bad = bad || json_object_set_new(root, "patterns", json_integer((json_int_t)normal->n_patterns));
  bad = bad || json_object_set_new(root, "log_likelihood", number(normal->log_likelihood));
  bad = bad || json_object_set_new(root, "log_posterior", number(normal->log_posterior));
  bad = bad || json_object_set_new(root, "prior", json_string(prior_words[normal->prior]));
  bad = bad || json_object_set_new(root, "ridge", number(normal->ridge));
  bad = bad || json_object_set_new(root, "iterations", json_integer((json_int_t)normal->iterations));
  bad = bad || json_object_set_new(root, "converged", json_boolean(normal->converged));
  bad = bad || json_object_set_new(root, "distance", number(normal->distance));
  if (!bad)
    *text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
  json_decref(root);
  return *text ? EMEND_OK : emend_fail(error, EMEND_OUT_OF_MEMORY, "the model cannot be written: out of memory, or a name that is not UTF-8");
}

/* Reading. */

static emend_status malformed(emend_error *error, const char *what) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "not a saved model: %s", what);
  emend_try(error, "a file written by emend impute --save-model");
  return status;
}

static emend_status bad_entry(emend_error *error, const char *key, const char *name, const char *what) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "\"%s\" %s", key, what);
  emend_at_variable(error, name);
  emend_try(error, "a file written by emend impute --save-model");
  return status;
}

/* The list under `key`, if it has p entries. */
static emend_status get_list(const json_t *root, const char *key, size_t p, const json_t **list, emend_error *error) {
  *list = json_object_get(root, key);
  if (json_is_array(*list) && json_array_size(*list) == p)
    return EMEND_OK;
  emend_status status = emend_fail(error, EMEND_MALFORMED, "not a saved model: \"%s\" is not a list of %zu, one entry for each name", key, p);
  emend_try(error, "a file written by emend impute --save-model");
  return status;
}

/* A number, or NaN for null; false for anything else. */
static bool get_number(const json_t *value, double *number) {
  *number = json_is_number(value) ? json_number_value(value) : NAN;
  return json_is_null(value) || (json_is_number(value) && isfinite(*number));
}

static emend_status check_header(const json_t *root, emend_error *error) {
  const json_t *schema = json_object_get(root, "schema"), *family = json_object_get(root, "family");
  if (!json_is_object(root) || !json_is_integer(schema) || !json_is_string(family))
    return malformed(error, "it lacks \"schema\" or \"family\"");
  emend_status status = EMEND_OK;
  if (json_integer_value(schema) != 1)
    status = emend_fail(error, EMEND_UNSUPPORTED, "the model has schema %" JSON_INTEGER_FORMAT "; this emend reads schema 1",
                        json_integer_value(schema));
  else if (strcmp(json_string_value(family), "normal") != 0)
    status = emend_fail(error, EMEND_UNSUPPORTED, "the model is of family \"%.60s\"; this emend reads \"normal\"", json_string_value(family));
  if (status)
    emend_try(error, "a newer emend, or estimating again without --model");
  return status;
}

static emend_status read_names(const json_t *list, emend_normal *normal, emend_error *error) {
  json_t *seen = json_object();
  emend_status status = seen ? EMEND_OK : emend_fail_memory(error);
  for (size_t j = 0; j < normal->n_columns && !status; j++) {
    const char *name = json_string_value(json_array_get(list, j));
    if (!name || !name[0])
      status = malformed(error, "an entry of \"names\" is empty or not a text");
    else if (json_object_get(seen, name))
      status = bad_entry(error, "names", name, "holds this name twice");
    else if (json_object_set_new(seen, name, json_true()) || !(normal->names[j] = strdup(name)))
      status = emend_fail_memory(error);
  }
  json_decref(seen);
  return status;
}

static emend_status read_states(const json_t *root, emend_normal *normal, emend_error *error) {
  const json_t *list = NULL;
  if (!json_object_get(root, "states"))
    return EMEND_OK;
  emend_status status = get_list(root, "states", normal->n_columns, &list, error);
  for (size_t j = 0; j < normal->n_columns && !status; j++) {
    const char *word = json_string_value(json_array_get(list, j));
    size_t state = 0;
    while (word && state < STATES && strcmp(word, state_words[state]) != 0)
      state++;
    if (!word || state == STATES)
      status = bad_entry(error, "states", normal->names[j], "must be \"ordinary\", \"constant\" or \"never observed\"");
    else
      normal->state[j] = (emend_column_state)state;
  }
  return status;
}

static emend_status read_vectors(const json_t *root, emend_normal *normal, emend_error *error) {
  const json_t *means = NULL, *scales = NULL;
  emend_status status = get_list(root, "means", normal->n_columns, &means, error);
  if (!status)
    status = get_list(root, "scales", normal->n_columns, &scales, error);
  for (size_t j = 0; j < normal->n_columns && !status; j++) {
    bool unknown = normal->state[j] == EMEND_COLUMN_NEVER_OBSERVED;
    if (!get_number(json_array_get(means, j), &normal->mean[j]) || isnan(normal->mean[j]) != unknown)
      status = bad_entry(error, "means", normal->names[j], unknown ? "must be null for a variable never observed" : "is not a number");
    else if (!get_number(json_array_get(scales, j), &normal->scale[j]) || isnan(normal->scale[j]) != unknown || normal->scale[j] < 0 ||
             (normal->scale[j] == 0) != (normal->state[j] == EMEND_COLUMN_CONSTANT))
      status = bad_entry(error, "scales", normal->names[j], "is not a number above 0 (0 for a constant, null for a variable never observed)");
  }
  return status;
}

/* One entry of the covariance: finite where both variables were seen, within what the variances allow, and the same in both halves. */
static emend_status check_entry(const emend_normal *normal, size_t i, size_t j, emend_error *error) {
  size_t p = normal->n_columns;
  const double *c = normal->covariance;
  double x = c[i * p + j], y = c[j * p + i], unit = sqrt(c[i * p + i]) * sqrt(c[j * p + j]);
  bool unknown = normal->state[i] == EMEND_COLUMN_NEVER_OBSERVED || normal->state[j] == EMEND_COLUMN_NEVER_OBSERVED;
  bool still = normal->state[i] == EMEND_COLUMN_CONSTANT || normal->state[j] == EMEND_COLUMN_CONSTANT;
  if (isnan(x) != unknown || isnan(y) != unknown)
    return bad_entry(error, "covariance", normal->names[i], unknown ? "must be null for a variable never observed" : "has an entry that is not a number");
  if (unknown)
    return EMEND_OK;
  if (still ? x != 0 : i == j && !(x > 0))
    return bad_entry(error, "covariance", normal->names[i], still ? "must be 0 for a constant variable" : "has a variance that is not above 0");
  if (fabs(x - y) > 1e-12 * unit)
    return bad_entry(error, "covariance", normal->names[i], "is not symmetric");
  if (fabs(x) > unit * (1 + 1e-9))
    return bad_entry(error, "covariance", normal->names[i], "has a covariance larger than the variances allow");
  return EMEND_OK;
}

/* Unknown entries stand as 0. */
static emend_status check_definite(const emend_normal *normal, emend_error *error) {
  size_t p = normal->n_columns, culprit;
  double *known = emend_allocate(p, p * sizeof *known);
  if (!known)
    return emend_fail_memory(error);
  for (size_t i = 0; i < p * p; i++)
    known[i] = isnan(normal->covariance[i]) ? 0 : normal->covariance[i];
  bool semidefinite;
  emend_status status = emend_normal_check_semidefinite(p, known, &semidefinite, &culprit, error);
  free(known);
  if (!status && !semidefinite)
    status = bad_entry(error, "covariance", normal->names[culprit], "is not positive semi-definite");
  return status;
}

static emend_status read_covariance(const json_t *rows, emend_normal *normal, emend_error *error) {
  size_t p = normal->n_columns;
  for (size_t i = 0; i < p; i++)
    for (size_t j = 0; j < p; j++)
      if (!get_number(json_array_get(json_array_get(rows, i), j), &normal->covariance[i * p + j]))
        return bad_entry(error, "covariance", normal->names[i], "has an entry that is not a number");
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < p && !status; i++)
    status = check_entry(normal, i, i, error);
  for (size_t i = 0; i < p && !status; i++)
    for (size_t j = 0; j < i && !status; j++)
      status = check_entry(normal, i, j, error);
  if (!status)
    status = check_definite(normal, error);
  for (size_t i = 0; i < p && !status; i++)
    for (size_t j = 0; j < i; j++)
      normal->covariance[i * p + j] = normal->covariance[j * p + i];
  return status;
}

/* A number that a document may leave out; what is there must be a number of at least `least`, or null. */
static emend_status read_optional(const json_t *root, const char *key, double least, double *value, emend_error *error) {
  const json_t *entry = json_object_get(root, key);
  *value = NAN;
  if (entry && (!get_number(entry, value) || *value < least))
    return bad_entry(error, key, "", least < 0 ? "is not a number" : "is not a number of at least 0");
  return EMEND_OK;
}

static emend_status read_count(const json_t *root, const char *key, size_t *count, emend_error *error) {
  const json_t *entry = json_object_get(root, key);
  if (entry && (!json_is_integer(entry) || json_integer_value(entry) < 0))
    return bad_entry(error, key, "", "is not a whole number of at least 0");
  *count = (size_t)json_integer_value(entry);
  return EMEND_OK;
}

static emend_status read_facts(const json_t *root, emend_normal *normal, emend_error *error) {
  emend_status status = read_count(root, "n", &normal->n_rows, error);
  if (!status)
    status = read_count(root, "patterns", &normal->n_patterns, error);
  if (!status)
    status = read_count(root, "iterations", &normal->iterations, error);
  if (!status)
    status = read_optional(root, "weight", 0, &normal->weight, error);
  if (!status)
    status = read_optional(root, "effective_n", 0, &normal->effective_rows, error);
  if (!status)
    status = read_optional(root, "log_likelihood", -INFINITY, &normal->log_likelihood, error);
  if (!status)
    status = read_optional(root, "log_posterior", -INFINITY, &normal->log_posterior, error);
  if (!status)
    status = read_optional(root, "ridge", 0, &normal->ridge, error);
  if (!status)
    status = read_optional(root, "distance", 0, &normal->distance, error);
  if (status)
    return status;
  const json_t *converged = json_object_get(root, "converged"), *prior = json_object_get(root, "prior");
  if (converged && !json_is_boolean(converged))
    return bad_entry(error, "converged", "", "must be true or false");
  normal->converged = json_is_true(converged);
  if (!prior)
    return EMEND_OK;
  for (size_t k = 0; k < PRIORS; k++) {
    if (json_is_string(prior) && strcmp(json_string_value(prior), prior_words[k]) == 0) {
      normal->prior = (emend_prior)k;
      return EMEND_OK;
    }
  }
  return bad_entry(error, "prior", "", "must be one of none, jeffreys, ridge, shrink, given");
}

/* Every size is checked before the model is allocated: it then takes no more than a small multiple of the text. */
static emend_status read_model(const json_t *root, emend_normal **normal, emend_error *error) {
  const json_t *names = json_object_get(root, "names"), *rows = NULL;
  size_t p = json_array_size(names);
  if (p == 0)
    return malformed(error, "\"names\" is not a list of at least one name");
  emend_status status = get_list(root, "covariance", p, &rows, error);
  if (status)
    return status;
  for (size_t i = 0; i < p; i++)
    if (!json_is_array(json_array_get(rows, i)) || json_array_size(json_array_get(rows, i)) != p)
      return malformed(error, "a row of \"covariance\" has not one entry for each name");
  *normal = emend_normal_allocate(p);
  if (!*normal)
    return emend_fail_memory(error);
  status = read_names(names, *normal, error);
  if (!status)
    status = read_states(root, *normal, error);
  if (!status)
    status = read_vectors(root, *normal, error);
  if (!status)
    status = read_covariance(rows, *normal, error);
  return status ? status : read_facts(root, *normal, error);
}

emend_status emend_normal_from_json(const char *text, size_t length, const char *name_for_messages, emend_normal **normal, emend_error *error) {
  *normal = NULL;
  json_error_t place;
  json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &place);
  emend_status status = EMEND_OK;
  if (!root) {
    status = emend_fail(error, EMEND_MALFORMED, "not a saved model: line %d is no JSON: %s", place.line, place.text);
    emend_try(error, "a file written by emend impute --save-model");
  }
  if (!status)
    status = check_header(root, error);
  if (!status)
    status = read_model(root, normal, error);
  json_decref(root);
  if (status) {
    emend_normal_free(*normal);
    *normal = NULL;
    if (name_for_messages && name_for_messages[0])
      emend_at_file(error, name_for_messages);
  }
  return status;
}
