/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/mixing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const mixing_criteria[] = {[EMEND_BIC] = "bic", [EMEND_ICL] = "icl", [EMEND_AIC] = "aic", NULL};

enum { MOST = 1000 };

/* A whole number at *at, which moves behind it; 0 if there is none, or it is too large. */
static size_t read_count(const char **at) {
  size_t digits = strspn(*at, "0123456789");
  size_t value = digits > 0 && digits <= 4 ? strtoul(*at, NULL, 10) : 0;
  *at += digits;
  return value <= MOST ? value : 0;
}

/* "3" or "1:9" */
static bool read_components(const char *text, size_t *least, size_t *most) {
  const char *at = text;
  *least = *most = read_count(&at);
  if (*at == ':') {
    at++;
    *most = read_count(&at);
  }
  return *least > 0 && *most >= *least && !*at;
}

static emend_status set_components(emend_mixture_options *o, const char *text, emend_error *error, option_message message) {
  size_t least, most;
  if (!text)
    return EMEND_OK;
  if (read_components(text, &least, &most))
    return emend_mixture_options_set_components(o, least, most, error);
  snprintf(message, OPTION_MESSAGE_SIZE, "--components: \"%s\" is neither a number from 1 to %d nor a range such as 1:9", text, MOST);
  return EMEND_INVALID_ARGUMENT;
}

/* The structures chosen so far. */
typedef struct chosen {
  emend_structure structures[EMEND_STRUCTURES];
  size_t n;
} chosen;

static void choose(chosen *c, emend_structure structure) {
  for (size_t i = 0; i < c->n; i++)
    if (c->structures[i] == structure)
      return;
  c->structures[c->n++] = structure;
}

static bool choose_word(chosen *c, const char *word) {
  emend_structure structure;
  if (strcmp(word, "all") == 0) {
    for (int i = 0; i < EMEND_STRUCTURES; i++)
      choose(c, (emend_structure)i);
    return true;
  }
  if (!emend_structure_find(word, &structure))
    return false;
  choose(c, structure);
  return true;
}

/* The words of one list, at commas and blanks. */
static bool choose_list(chosen *c, const char *list, option_message message) {
  for (const char *at = list + strspn(list, ", "); *at; at += strspn(at, ", ")) {
    char word[16];
    size_t n = strcspn(at, ", ");
    snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), at);
    if (!choose_word(c, word)) {
      snprintf(message, OPTION_MESSAGE_SIZE,
               "--covariance: \"%s\" is not one of EII, VII, EEI, VEI, EVI, VVI, EEE, VVV, spherical, diagonal, tied, full or all", word);
      return false;
    }
    at += n;
  }
  return true;
}

static emend_status set_structures(emend_mixture_options *o, const option_list *lists, emend_error *error, option_message message) {
  chosen c = {.n = 0};
  for (size_t i = 0; i < lists->count; i++)
    if (!choose_list(&c, lists->items[i], message))
      return EMEND_INVALID_ARGUMENT;
  return c.n ? emend_mixture_options_set_structures(o, c.structures, c.n, error) : EMEND_OK;
}

static emend_status set_control(emend_mixture_options *o, const mixing_control *control, emend_error *error) {
  emend_mixture_options_set_threads(o, (unsigned)control->threads);
  emend_mixture_options_set_seed(o, (uint64_t)control->seed);
  emend_status status = isnan(control->ridge) ? EMEND_OK : emend_mixture_options_set_ridge(o, control->ridge, error);
  if (!status)
    status = emend_mixture_options_set_tolerance(o, control->tolerance, error);
  return status ? status : emend_mixture_options_set_max_iterations(o, (size_t)control->max_iterations, error);
}

emend_status mixing_options(const mixing_arguments *a, const mixing_control *control, emend_mixture_options **made, emend_error *error,
                            option_message message) {
  emend_mixture_options *o = *made = emend_mixture_options_new();
  if (!o)
    return EMEND_OUT_OF_MEMORY;
  emend_mixture_options_set_criterion(o, (emend_criterion)a->select);
  emend_status status = set_components(o, a->components, error, message);
  if (!status)
    status = set_structures(o, &a->covariance, error, message);
  if (!status)
    status = emend_mixture_options_set_starts(o, (size_t)a->starts, error);
  if (!status)
    status = set_control(o, control, error);
  if (status) {
    emend_mixture_options_free(o);
    *made = NULL;
  }
  return status;
}
