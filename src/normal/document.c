/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "normal/document.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "normal/inside.h"

static const char *const state_words[] = {"ordinary", "constant", "never observed"};
enum { STATES = sizeof state_words / sizeof *state_words };

/* Writing. */

json_t *emend_document_number(double value) { return isfinite(value) ? json_real(value) : json_null(); }

/* Appends to a list; NULL if that cannot be. */
static json_t *append(json_t *list, json_t *item) {
  if (list && json_array_append_new(list, item) == 0)
    return list;
  json_decref(list);
  return NULL;
}

json_t *emend_document_numbers(const double *values, size_t n) {
  json_t *list = json_array();
  for (size_t i = 0; list && i < n; i++)
    list = append(list, emend_document_number(values[i]));
  return list;
}

json_t *emend_document_matrix(const double *values, size_t p) {
  json_t *rows = json_array();
  for (size_t i = 0; rows && i < p; i++)
    rows = append(rows, emend_document_numbers(values + i * p, p));
  return rows;
}

json_t *emend_document_names(char *const *names, size_t n) {
  json_t *list = json_array();
  for (size_t j = 0; list && j < n; j++)
    list = append(list, names[j] && names[j][0] ? json_string(names[j]) : json_sprintf("column %zu", j + 1));
  return list;
}

json_t *emend_document_states(const emend_column_state *states, size_t n) {
  json_t *list = json_array();
  for (size_t j = 0; list && j < n; j++)
    list = append(list, json_string(state_words[states[j]]));
  return list;
}

/* Jansson may go on after a piece that there was no memory for. */
typedef struct written {
  emend_buffer text;
  bool failed;
} written;

static int write_piece(const char *bytes, size_t length, void *state) {
  written *w = state;
  w->failed = w->failed || emend_buffer_append(&w->text, bytes, length, NULL) != EMEND_OK;
  return w->failed ? -1 : 0;
}

emend_status emend_document_finish(json_t *root, bool bad, char **text, emend_error *error) {
  written w = {.failed = bad};
  if (!w.failed && json_dump_callback(root, write_piece, &w, JSON_INDENT(1) | JSON_REAL_PRECISION(17)) != 0)
    w.failed = true;
  if (w.failed)
    emend_buffer_free(&w.text);
  *text = w.text.bytes;
  json_decref(root);
  return *text ? EMEND_OK
               : emend_fail(error, EMEND_OUT_OF_MEMORY, "the model cannot be written: out of memory, or a name that is not UTF-8");
}

/* Reading. */

emend_status emend_document_malformed(const emend_document *d, const char *what) {
  emend_status status = emend_fail(d->error, EMEND_MALFORMED, "not a saved model: %s", what);
  emend_try(d->error, "a file written by %s", d->origin);
  return status;
}

emend_status emend_document_bad_entry(const emend_document *d, const char *key, const char *name, const char *what) {
  emend_status status = emend_fail(d->error, EMEND_MALFORMED, "\"%s\" %s", key, what);
  emend_at_variable(d->error, name);
  emend_try(d->error, "a file written by %s", d->origin);
  return status;
}

emend_status emend_document_list(const emend_document *d, const json_t *object, const char *key, size_t n, const json_t **list) {
  *list = json_object_get(object, key);
  if (json_is_array(*list) && json_array_size(*list) == n)
    return EMEND_OK;
  emend_status status =
      emend_fail(d->error, EMEND_MALFORMED, "not a saved model: \"%s\" is not a list of %zu, one entry for each name", key, n);
  emend_try(d->error, "a file written by %s", d->origin);
  return status;
}

bool emend_document_is_number(const json_t *value, double *number) {
  *number = json_is_number(value) ? json_number_value(value) : NAN;
  return json_is_null(value) || (json_is_number(value) && isfinite(*number));
}

static emend_status check_header(const emend_document *d) {
  const json_t *schema = json_object_get(d->root, "schema"), *family = json_object_get(d->root, "family");
  if (!json_is_object(d->root) || !json_is_integer(schema) || !json_is_string(family))
    return emend_document_malformed(d, "it lacks \"schema\" or \"family\"");
  emend_status status = EMEND_OK;
  if (json_integer_value(schema) != 1)
    status = emend_fail(d->error, EMEND_UNSUPPORTED, "the model has schema %" JSON_INTEGER_FORMAT "; this emend reads schema 1",
                        json_integer_value(schema));
  else if (strcmp(json_string_value(family), d->family) != 0)
    status = emend_fail(d->error, EMEND_UNSUPPORTED, "the model is of family \"%.60s\"; this command reads \"%s\"",
                        json_string_value(family), d->family);
  if (status)
    emend_try(d->error, "a newer emend, or a file written by %s", d->origin);
  return status;
}

emend_status emend_document_parse(emend_document *d, const char *text, size_t length) {
  json_error_t place;
  d->root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &place);
  if (d->root)
    return check_header(d);
  if (!place.text[0]) /* all that is said of a want of memory */
    return emend_fail_memory(d->error);
  emend_status status = emend_fail(d->error, EMEND_MALFORMED, "not a saved model: line %d is no JSON: %s", place.line, place.text);
  emend_try(d->error, "a file written by %s", d->origin);
  return status;
}

void emend_document_free(emend_document *d) {
  json_decref(d->root);
  d->root = NULL;
}

emend_status emend_document_optional(const emend_document *d, const char *key, double least, double *value) {
  const json_t *entry = json_object_get(d->root, key);
  *value = NAN;
  if (entry && (!emend_document_is_number(entry, value) || *value < least))
    return emend_document_bad_entry(d, key, "", least < 0 ? "is not a number" : "is not a number of at least 0");
  return EMEND_OK;
}

emend_status emend_document_count(const emend_document *d, const char *key, size_t *count) {
  const json_t *entry = json_object_get(d->root, key);
  if (entry && (!json_is_integer(entry) || json_integer_value(entry) < 0))
    return emend_document_bad_entry(d, key, "", "is not a whole number of at least 0");
  *count = (size_t)json_integer_value(entry);
  return EMEND_OK;
}

emend_status emend_document_converged(const emend_document *d, int *converged) {
  const json_t *entry = json_object_get(d->root, "converged");
  if (entry && !json_is_boolean(entry))
    return emend_document_bad_entry(d, "converged", "", "must be true or false");
  *converged = json_is_true(entry);
  return EMEND_OK;
}

emend_status emend_document_read_names(const emend_document *d, size_t n, char **names) {
  const json_t *list = json_object_get(d->root, "names");
  json_t *seen = json_object();
  emend_status status = seen ? EMEND_OK : emend_fail_memory(d->error);
  for (size_t j = 0; j < n && !status; j++) {
    const char *name = json_string_value(json_array_get(list, j));
    if (!name || !name[0])
      status = emend_document_malformed(d, "an entry of \"names\" is empty or not a text");
    else if (json_object_get(seen, name))
      status = emend_document_bad_entry(d, "names", name, "holds this name twice");
    else if (json_object_set_new(seen, name, json_true()) || !(names[j] = strdup(name)))
      status = emend_fail_memory(d->error);
  }
  json_decref(seen);
  return status;
}

emend_status emend_document_read_states(const emend_document *d, size_t n, char *const *names, emend_column_state *states) {
  const json_t *list = NULL;
  if (!json_object_get(d->root, "states"))
    return EMEND_OK;
  emend_status status = emend_document_list(d, d->root, "states", n, &list);
  for (size_t j = 0; j < n && !status; j++) {
    const char *word = json_string_value(json_array_get(list, j));
    size_t state = 0;
    while (word && state < STATES && strcmp(word, state_words[state]) != 0)
      state++;
    if (!word || state == STATES)
      status = emend_document_bad_entry(d, "states", names[j], "must be \"ordinary\", \"constant\" or \"never observed\"");
    else
      states[j] = (emend_column_state)state;
  }
  return status;
}

emend_status emend_document_read_means(const emend_document *d, const json_t *object, size_t n, char *const *names,
                                       const emend_column_state *states, double *means) {
  const json_t *list = NULL;
  emend_status status = emend_document_list(d, object, "means", n, &list);
  for (size_t j = 0; j < n && !status; j++) {
    bool unknown = states[j] == EMEND_COLUMN_NEVER_OBSERVED;
    if (!emend_document_is_number(json_array_get(list, j), &means[j]) || isnan(means[j]) != unknown)
      status = emend_document_bad_entry(d, "means", names[j], unknown ? "must be null for a variable never observed" : "is not a number");
  }
  return status;
}

emend_status emend_document_read_scales(const emend_document *d, size_t n, char *const *names, const emend_column_state *states,
                                        double *scales) {
  const json_t *list = NULL;
  emend_status status = emend_document_list(d, d->root, "scales", n, &list);
  for (size_t j = 0; j < n && !status; j++) {
    bool unknown = states[j] == EMEND_COLUMN_NEVER_OBSERVED;
    if (!emend_document_is_number(json_array_get(list, j), &scales[j]) || isnan(scales[j]) != unknown || scales[j] < 0 ||
        (scales[j] == 0) != (states[j] == EMEND_COLUMN_CONSTANT))
      status =
          emend_document_bad_entry(d, "scales", names[j], "is not a number above 0 (0 for a constant, null for a variable never observed)");
  }
  return status;
}

emend_status emend_document_check_matrix(const emend_document *d, const json_t *object, const char *key, size_t n) {
  const json_t *rows = NULL;
  emend_status status = emend_document_list(d, object, key, n, &rows);
  for (size_t i = 0; i < n && !status; i++)
    if (!json_is_array(json_array_get(rows, i)) || json_array_size(json_array_get(rows, i)) != n)
      status = emend_document_malformed(d, "a row of \"covariance\" has not one entry for each name");
  return status;
}

/* What the readers of a covariance share. */
typedef struct reading {
  const emend_document *document;
  size_t n;
  char *const *names;
  const emend_column_state *states;
  double *covariance;
} reading;

/* One entry of the covariance: finite where both variables were seen, within what the variances allow, and the same in both halves. */
static emend_status check_entry(const reading *r, size_t i, size_t j) {
  const emend_document *d = r->document;
  size_t n = r->n;
  const double *c = r->covariance;
  double x = c[i * n + j], y = c[j * n + i], unit = sqrt(c[i * n + i]) * sqrt(c[j * n + j]);
  bool unknown = r->states[i] == EMEND_COLUMN_NEVER_OBSERVED || r->states[j] == EMEND_COLUMN_NEVER_OBSERVED;
  bool still = r->states[i] == EMEND_COLUMN_CONSTANT || r->states[j] == EMEND_COLUMN_CONSTANT;
  if (isnan(x) != unknown || isnan(y) != unknown)
    return emend_document_bad_entry(d, "covariance", r->names[i],
                                    unknown ? "must be null for a variable never observed" : "has an entry that is not a number");
  if (unknown)
    return EMEND_OK;
  if (still ? x != 0 : i == j && !(x > 0))
    return emend_document_bad_entry(d, "covariance", r->names[i],
                                    still ? "must be 0 for a constant variable" : "has a variance that is not above 0");
  if (fabs(x - y) > 1e-12 * unit)
    return emend_document_bad_entry(d, "covariance", r->names[i], "is not symmetric");
  if (fabs(x) > unit * (1 + 1e-9))
    return emend_document_bad_entry(d, "covariance", r->names[i], "has a covariance larger than the variances allow");
  return EMEND_OK;
}

/* Unknown entries stand as 0. */
static emend_status check_definite(const reading *r) {
  size_t n = r->n, culprit;
  double *known = emend_allocate(n, n * sizeof *known);
  if (!known)
    return emend_fail_memory(r->document->error);
  for (size_t i = 0; i < n * n; i++)
    known[i] = isnan(r->covariance[i]) ? 0 : r->covariance[i];
  bool semidefinite;
  emend_status status = emend_normal_check_semidefinite(n, known, &semidefinite, &culprit, r->document->error);
  free(known);
  if (!status && !semidefinite)
    status = emend_document_bad_entry(r->document, "covariance", r->names[culprit], "is not positive semi-definite");
  return status;
}

emend_status emend_document_read_covariance(const emend_document *d, const json_t *object, size_t n, char *const *names,
                                            const emend_column_state *states, double *covariance) {
  const json_t *rows = json_object_get(object, "covariance");
  reading r = {d, n, names, states, covariance};
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      if (!emend_document_is_number(json_array_get(json_array_get(rows, i), j), &covariance[i * n + j]))
        return emend_document_bad_entry(d, "covariance", names[i], "has an entry that is not a number");
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < n && !status; i++)
    status = check_entry(&r, i, i);
  for (size_t i = 0; i < n && !status; i++)
    for (size_t j = 0; j < i && !status; j++)
      status = check_entry(&r, i, j);
  if (!status)
    status = check_definite(&r);
  for (size_t i = 0; i < n && !status; i++)
    for (size_t j = 0; j < i; j++)
      covariance[i * n + j] = covariance[j * n + i];
  return status;
}
