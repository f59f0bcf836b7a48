/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NORMAL_DOCUMENT_H
#define NORMAL_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "emend/normal.h"

/*
 * The parts of the JSON documents in which models are kept, written and read. JSON has no NaN: null stands for it. The text of a document
 * is untrusted: nothing is allocated by a size that it merely claims.
 */

/* Writing: NULL when out of memory. */
json_t *emend_document_number(double value);
json_t *emend_document_numbers(const double *values, size_t n);
json_t *emend_document_matrix(const double *values, size_t p); /* p lists of p */
json_t *emend_document_names(char *const *names, size_t n);    /* a column without a name is saved as "column 3" */
json_t *emend_document_states(const emend_column_state *states, size_t n);
/* The text of a document, which is released; `bad` says that a part of it could not be made. */
emend_status emend_document_finish(json_t *root, bool bad, char **text, emend_error *error);

/* Reading. `origin` says in messages what would have been a good file. */
typedef struct emend_document {
  json_t *root;
  const char *family, *origin;
  emend_error *error;
} emend_document;

/* Parses the text, and checks schema and family. */
emend_status emend_document_parse(emend_document *document, const char *text, size_t length);
void emend_document_free(emend_document *document);
emend_status emend_document_malformed(const emend_document *document, const char *what);
/* An entry of the list `key` that is wrong; `name` is the variable concerned or "". */
emend_status emend_document_bad_entry(const emend_document *document, const char *key, const char *name, const char *what);
/* The list under `key` of `object`, if it has n entries. */
emend_status emend_document_list(const emend_document *document, const json_t *object, const char *key, size_t n, const json_t **list);
/* A finite number, or NaN for null; false for anything else. */
bool emend_document_is_number(const json_t *value, double *number);
/* What a document may leave out; what is there must be a number of at least `least`, or null. NaN if it is not there. */
emend_status emend_document_optional(const emend_document *document, const char *key, double least, double *value);
emend_status emend_document_count(const emend_document *document, const char *key, size_t *count); /* 0 if it is not there */
emend_status emend_document_converged(const emend_document *document, int *converged);

/* The list "names" into `names`, all different; they are the caller's to free. */
emend_status emend_document_read_names(const emend_document *document, size_t n, char **names);
emend_status emend_document_read_states(const emend_document *document, size_t n, char *const *names, emend_column_state *states);
/* "means" of `object`, and "scales" of the document: NaN where never observed, scale 0 for constants. */
emend_status emend_document_read_means(const emend_document *document, const json_t *object, size_t n, char *const *names,
                                       const emend_column_state *states, double *means);
emend_status emend_document_read_scales(const emend_document *document, size_t n, char *const *names, const emend_column_state *states,
                                        double *scales);
/* "covariance" of `object`, whose sizes were checked by emend_document_check_matrix: symmetric, positive semi-definite, variances above 0.
 */
emend_status emend_document_check_matrix(const emend_document *document, const json_t *object, const char *key, size_t n);
emend_status emend_document_read_covariance(const emend_document *document, const json_t *object, size_t n, char *const *names,
                                            const emend_column_state *states, double *covariance);

#endif
