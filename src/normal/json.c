/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "normal/document.h"
#include "normal/inside.h"

/* A model as a JSON document, and back. */

static const char *const prior_words[] = {"none", "jeffreys", "ridge", "shrink", "given"};
enum { PRIORS = sizeof prior_words / sizeof *prior_words };

static json_t *coding_list(const emend_normal *normal) {
  json_t *list = json_array();
  for (size_t j = 0; list && j < normal->n_columns; j++)
    if (json_array_append_new(list, json_string(emend_normal_coding(normal, j)))) {
      json_decref(list);
      list = NULL;
    }
  return list;
}

/* Models of earlier versions have none. */
static emend_status read_codings(const emend_document *d, emend_normal *normal) {
  const json_t *list;
  if (!json_object_get(d->root, "codings"))
    return EMEND_OK;
  emend_status status = emend_document_list(d, d->root, "codings", normal->n_columns, &list);
  for (size_t j = 0; j < normal->n_columns && !status; j++) {
    const char *text = json_string_value(json_array_get(list, j));
    if (!text)
      status = emend_document_bad_entry(d, "codings", normal->names[j], "is not a text");
    else if (!(normal->codings[j] = strdup(text)))
      status = emend_fail_memory(d->error);
  }
  return status;
}

emend_status emend_normal_to_json(const emend_normal *normal, char **text, emend_error *error) {
  size_t p = normal->n_columns;
  json_t *root = json_object();
  int bad = root == NULL;
  bad = bad || json_object_set_new(root, "schema", json_integer(1));
  bad = bad || json_object_set_new(root, "family", json_string("normal"));
  bad = bad || json_object_set_new(root, "names", emend_document_names(normal->names, p));
  bad = bad || json_object_set_new(root, "codings", coding_list(normal));
  bad = bad || json_object_set_new(root, "states", emend_document_states(normal->state, p));
  bad = bad || json_object_set_new(root, "means", emend_document_numbers(normal->mean, p));
  bad = bad || json_object_set_new(root, "scales", emend_document_numbers(normal->scale, p));
  bad = bad || json_object_set_new(root, "covariance", emend_document_matrix(normal->covariance, p));
  bad = bad || json_object_set_new(root, "n", json_integer((json_int_t)normal->n_rows));
  bad = bad || json_object_set_new(root, "weight", emend_document_number(normal->weight));
  bad = bad || json_object_set_new(root, "effective_n", emend_document_number(normal->effective_rows));
  bad = bad || json_object_set_new(root, "patterns", json_integer((json_int_t)normal->n_patterns));
  bad = bad || json_object_set_new(root, "log_likelihood", emend_document_number(normal->log_likelihood));
  bad = bad || json_object_set_new(root, "log_posterior", emend_document_number(normal->log_posterior));
  bad = bad || json_object_set_new(root, "prior", json_string(prior_words[normal->prior]));
  bad = bad || json_object_set_new(root, "ridge", emend_document_number(normal->ridge));
  bad = bad || json_object_set_new(root, "iterations", json_integer((json_int_t)normal->iterations));
  bad = bad || json_object_set_new(root, "converged", json_boolean(normal->converged));
  bad = bad || json_object_set_new(root, "distance", emend_document_number(normal->distance));
  return emend_document_finish(root, bad, text, error);
}

static emend_status read_prior(const emend_document *d, emend_prior *prior) {
  const json_t *entry = json_object_get(d->root, "prior");
  if (!entry)
    return EMEND_OK;
  for (size_t k = 0; k < PRIORS; k++) {
    if (json_is_string(entry) && strcmp(json_string_value(entry), prior_words[k]) == 0) {
      *prior = (emend_prior)k;
      return EMEND_OK;
    }
  }
  return emend_document_bad_entry(d, "prior", "", "must be one of none, jeffreys, ridge, shrink, given");
}

static emend_status read_facts(const emend_document *d, emend_normal *normal) {
  emend_status status = emend_document_count(d, "n", &normal->n_rows);
  if (!status)
    status = emend_document_count(d, "patterns", &normal->n_patterns);
  if (!status)
    status = emend_document_count(d, "iterations", &normal->iterations);
  if (!status)
    status = emend_document_optional(d, "weight", 0, &normal->weight);
  if (!status)
    status = emend_document_optional(d, "effective_n", 0, &normal->effective_rows);
  if (!status)
    status = emend_document_optional(d, "log_likelihood", -INFINITY, &normal->log_likelihood);
  if (!status)
    status = emend_document_optional(d, "log_posterior", -INFINITY, &normal->log_posterior);
  if (!status)
    status = emend_document_optional(d, "ridge", 0, &normal->ridge);
  if (!status)
    status = emend_document_optional(d, "distance", 0, &normal->distance);
  if (!status)
    status = emend_document_converged(d, &normal->converged);
  return status ? status : read_prior(d, &normal->prior);
}

/* Every size is checked before the model is allocated: it then takes no more than a small multiple of the text. */
static emend_status read_model(const emend_document *d, emend_normal **normal) {
  size_t p = json_array_size(json_object_get(d->root, "names"));
  if (p == 0)
    return emend_document_malformed(d, "\"names\" is not a list of at least one name");
  emend_status status = emend_document_check_matrix(d, d->root, "covariance", p);
  if (status)
    return status;
  emend_normal *made = *normal = emend_normal_allocate(p);
  if (!made)
    return emend_fail_memory(d->error);
  status = emend_document_read_names(d, p, made->names);
  if (!status)
    status = emend_document_read_states(d, p, made->names, made->state);
  if (!status)
    status = emend_document_read_means(d, d->root, p, made->names, made->state, made->mean);
  if (!status)
    status = emend_document_read_scales(d, p, made->names, made->state, made->scale);
  if (!status)
    status = emend_document_read_covariance(d, d->root, p, made->names, made->state, made->covariance);
  if (!status)
    status = read_codings(d, made);
  return status ? status : read_facts(d, made);
}

emend_status emend_normal_from_json(const char *text, size_t length, const char *name_for_messages, emend_normal **normal,
                                    emend_error *error) {
  *normal = NULL;
  emend_document d = {.family = "normal", .origin = "emend impute --save-model", .error = error};
  emend_status status = emend_document_parse(&d, text, length);
  if (!status)
    status = read_model(&d, normal);
  emend_document_free(&d);
  if (status) {
    emend_normal_free(*normal);
    *normal = NULL;
    if (name_for_messages && name_for_messages[0])
      emend_at_file(error, name_for_messages);
  }
  return status;
}
