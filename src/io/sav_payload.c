/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_payload.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Extension records that are text: product, sets of variables, multiple-response sets, attributes. */

emend_status sav_text(sav_describing *g, const char *bytes, size_t length, emend_offset *offset) {
  while (length > 0 && (bytes[length - 1] == ' ' || bytes[length - 1] == '\0'))
    length--;
  return emend_describe_text(&g->decoder, g->dataset, bytes, length, offset, g->error);
}

emend_status sav_not_understood(sav_describing *g, const emend_sav_extension *e) {
  return emend_dataset_add_warning(g->dataset, g->error,
                                   "extension record 7/%" PRId32 " at byte %" PRIu64 " is not understood; some of it is not shown "
                                   "(a file written in the same format keeps it)",
                                   e->subtype, e->offset);
}

emend_status sav_payload_read(sav_describing *g, const emend_sav_extension *e, sav_payload_function function) {
  if (e->size != 1)
    return sav_not_understood(g, e);
  char *bytes = malloc((size_t)e->count + 1); /* no more than the file has */
  if (!bytes)
    return emend_fail_memory(g->error);
  walk_seek(g->w, e->offset);
  walk_bytes(g->w, bytes, e->count);
  sav_payload p = {bytes, bytes + e->count};
  bool understood = true;
  emend_status status = g->w->status ? g->w->status : function(g, &p, &understood);
  if (!status && !understood)
    status = sav_not_understood(g, e);
  free(bytes);
  return status;
}

/* Scanning. */

static bool accept(sav_payload *p, char c) {
  bool there = p->at < p->end && *p->at == c;
  p->at += there;
  return there;
}

static size_t left(const sav_payload *p) { return (size_t)(p->end - p->at); }

/* The bytes before `stop`, which is passed over; false if it does not come. */
static bool until(sav_payload *p, char stop, const char **text, size_t *length) {
  const char *found = memchr(p->at, stop, left(p));
  if (!found)
    return false;
  *text = p->at;
  *length = (size_t)(found - p->at);
  p->at = found + 1;
  return true;
}

static void skip_blank_lines(sav_payload *p) {
  while (accept(p, '\n') || accept(p, '\r') || accept(p, ' ') || accept(p, '\0'))
    ;
}

/* "5 abcde": the number of bytes, a blank, the bytes. */
static bool counted_text(sav_payload *p, const char **text, size_t *length) {
  size_t n = 0, digits = 0;
  for (; p->at < p->end && *p->at >= '0' && *p->at <= '9' && digits < 9; p->at++, digits++)
    n = 10 * n + (size_t)(*p->at - '0');
  if (digits == 0 || !accept(p, ' ') || n > left(p))
    return false;
  *text = p->at;
  *length = n;
  p->at += n;
  return true;
}

/* Product. */

emend_status sav_describe_product(sav_describing *g, sav_payload *p, bool *understood) {
  (void)understood;
  skip_blank_lines(p);
  emend_offset more;
  emend_status status = sav_text(g, p->at, left(p), &more);
  const char *head = emend_dataset_file_text(g->dataset, EMEND_FILE_PRODUCT);
  if (status || !more)
    return status;
  emend_buffer both = {0};
  status = emend_buffer_format(&both, g->error, "%s; %s", head, emend_dataset_text(g->dataset, more));
  if (!status)
    status = emend_dataset_set_file_text(g->dataset, EMEND_FILE_PRODUCT, both.bytes, g->error);
  emend_buffer_free(&both);
  return status;
}

/* Sets. */

/* Names separated by blanks (or NULs, which nobody should write), to the end of the line; those that no variable has are passed over. */
static void read_members(sav_describing *g, sav_payload *p, const emend_name_index *first, const emend_name_index *second,
                         emend_variable_set *set) {
  set->n_members = 0;
  while (p->at < p->end && !accept(p, '\n')) {
    if (accept(p, ' ') || accept(p, '\r') || accept(p, '\t') || accept(p, '\0'))
      continue;
    const char *name = p->at;
    while (p->at < p->end && !memchr(" \t\r\n", *p->at, sizeof " \t\r\n"))
      p->at++;
    size_t length = (size_t)(p->at - name), variable = emend_name_index_find(first, name, length);
    if (variable == first->n)
      variable = emend_name_index_find(second, name, length);
    if (variable < first->n && set->n_members < first->n)
      g->members[set->n_members++] = (uint32_t)variable;
  }
}

static emend_status keep_set(sav_describing *g, emend_variable_set *set) {
  emend_status status = emend_dataset_add_indices(g->dataset, g->members, (size_t)set->n_members, &set->members, g->error);
  return status ? status : emend_dataset_add_variable_set(g->dataset, set, g->error);
}

/* A line for each: "NAME= V1 V2 V3". */
emend_status sav_describe_variable_sets(sav_describing *g, sav_payload *p, bool *understood) {
  emend_status status = EMEND_OK;
  for (skip_blank_lines(p); left(p) > 0 && !status; skip_blank_lines(p)) {
    emend_variable_set set = {.kind = EMEND_SET_PLAIN};
    const char *name;
    size_t length;
    if (!until(p, '=', &name, &length)) {
      *understood = false;
      break;
    }
    status = sav_text(g, name, length, &set.name);
    read_members(g, p, &g->names, &g->short_names, &set);
    if (!status)
      status = keep_set(g, &set);
  }
  return status;
}

/* What stands between "$NAME=" and the variables:
 *   "C LABEL", "DVALUE LABEL" or "E FLAGS VALUE LABEL", the label and the value counted; flags 11: the label is the first variable's. */
static bool read_kind(sav_payload *p, emend_variable_set *set, const char **counted, size_t *counted_length, const char **label,
                      size_t *label_length) {
  if (accept(p, 'C')) {
    set->kind = EMEND_SET_CATEGORIES;
  } else if (accept(p, 'D')) {
    set->kind = EMEND_SET_DICHOTOMIES;
    if (!counted_text(p, counted, counted_length))
      return false;
  } else if (accept(p, 'E')) {
    set->kind = EMEND_SET_DICHOTOMIES;
    set->categories_from_labels = 1;
    if (!accept(p, ' ') || !accept(p, '1'))
      return false;
    set->label_from_variable = accept(p, '1');
    if (!accept(p, ' ') || !counted_text(p, counted, counted_length))
      return false;
  } else {
    return false;
  }
  return accept(p, ' ') && counted_text(p, label, label_length);
}

emend_status sav_describe_response_sets(sav_describing *g, sav_payload *p, bool *understood) {
  emend_status status = EMEND_OK;
  for (skip_blank_lines(p); left(p) > 0 && !status; skip_blank_lines(p)) {
    emend_variable_set set = {0};
    const char *name, *counted = "", *label = "";
    size_t length, counted_length = 0, label_length = 0;
    if (!until(p, '=', &name, &length) || !read_kind(p, &set, &counted, &counted_length, &label, &label_length)) {
      *understood = false;
      break;
    }
    status = sav_text(g, name, length, &set.name);
    if (!status)
      status = sav_text(g, counted, counted_length, &set.counted);
    if (!status)
      status = sav_text(g, label, label_length, &set.label);
    read_members(g, p, &g->short_names, &g->names, &set);
    if (!status)
      status = keep_set(g, &set);
  }
  return status;
}

/* Attributes. */

/* SPSS keeps the role in an attribute. */
static bool take_role(sav_describing *g, ptrdiff_t variable, const char *name, size_t length, const char *value, size_t value_length) {
  if (variable < 0 || !emend_text_equal(name, length, "$@Role"))
    return false;
  static const emend_usage usages[] = {EMEND_USAGE_INPUT, EMEND_USAGE_TARGET,    EMEND_USAGE_BOTH,
                                       EMEND_USAGE_NONE,  EMEND_USAGE_PARTITION, EMEND_USAGE_SPLIT};
  if (value_length == 1 && value[0] >= '0' && value[0] <= '5')
    emend_dataset_edit_variable(g->dataset, (size_t)variable)->usage = usages[value[0] - '0'];
  return true;
}

static emend_status add_attribute(sav_describing *g, ptrdiff_t variable, const char *name, size_t name_length, unsigned number,
                                  const char *value, size_t length) {
  if (take_role(g, variable, name, name_length, value, length))
    return EMEND_OK;
  emend_property attribute = {.kind = EMEND_ATTRIBUTE, .number = number};
  emend_status status = sav_text(g, name, name_length, &attribute.name);
  if (!status)
    status = sav_text(g, value, length, &attribute.value);
  return status ? status : emend_dataset_add_property(g->dataset, variable, &attribute, g->error);
}

/* The values of one attribute: "'VALUE'" on a line of its own each, then ")". */
static emend_status read_values(sav_describing *g, sav_payload *p, ptrdiff_t variable, const char *name, size_t name_length,
                                bool *understood) {
  emend_status status = EMEND_OK;
  for (unsigned number = 1; !status && !accept(p, ')'); number++) {
    const char *line;
    size_t length;
    if (!until(p, '\n', &line, &length) || length < 2 || line[0] != '\'' || line[length - 1] != '\'') {
      *understood = false;
      break;
    }
    bool only = number == 1 && left(p) > 0 && *p->at == ')';
    status = add_attribute(g, variable, name, name_length, only ? 0 : number, line + 1, length - 2);
  }
  return status;
}

/* "NAME(VALUES)NAME(VALUES)", to a '/' or the end. */
static emend_status read_attributes(sav_describing *g, sav_payload *p, ptrdiff_t variable, bool *understood) {
  emend_status status = EMEND_OK;
  while (left(p) > 0 && *understood && !status && !accept(p, '/')) {
    const char *name;
    size_t length;
    *understood = until(p, '(', &name, &length);
    if (*understood)
      status = read_values(g, p, variable, name, length, understood);
  }
  return status;
}

emend_status sav_describe_file_attributes(sav_describing *g, sav_payload *p, bool *understood) {
  return read_attributes(g, p, -1, understood);
}

/* "VARIABLE:ATTRIBUTES/VARIABLE:ATTRIBUTES" */
emend_status sav_describe_variable_attributes(sav_describing *g, sav_payload *p, bool *understood) {
  emend_status status = EMEND_OK;
  while (left(p) > 0 && *understood && !status) {
    const char *name;
    size_t length;
    *understood = until(p, ':', &name, &length);
    if (!*understood)
      break;
    size_t variable = emend_name_index_find(&g->names, name, length);
    *understood = variable < g->names.n;
    if (*understood)
      status = read_attributes(g, p, (ptrdiff_t)variable, understood);
  }
  return status;
}
