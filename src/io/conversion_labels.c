/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a conversion that concerns missing answers and value labels, which go together: a code that becomes a letter takes its label
 * along. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "io/conversion.h"

typedef struct making {
  emend_conversion *c;
  emend_error *error;
  ptrdiff_t *plain; /* for each label set of the dataset, the set made from it without any change; -1: none yet */
  size_t capacity;  /* of c->sets */
  emend_names undeclared, letterless, codeless, lettered, coded, cut, text_codes, text_labels, no_labels;
} making;

/* SPSS has room for three codes, or a range and a code. */
static bool has_room(const emend_converted_variable *to, size_t n_codes) {
  size_t n = to->n_missing + n_codes;
  for (size_t i = 0; i < to->n_missing; i++)
    if (to->missing[i].lo != to->missing[i].hi)
      return n <= 2;
  return n <= 3;
}

/* More codes are declared as a range around them. */
static void declare(emend_converted_variable *to, const double *codes, size_t n) {
  if (to->n_missing + n <= 3) {
    for (size_t i = 0; i < n; i++)
      to->missing[to->n_missing++] = (emend_missing_range){.lo = codes[i], .hi = codes[i]};
    return;
  }
  to->missing[0] = (emend_missing_range){.lo = codes[0], .hi = codes[0]};
  for (size_t i = 0; i < n; i++) {
    to->missing[0].lo = fmin(to->missing[0].lo, codes[i]);
    to->missing[0].hi = fmax(to->missing[0].hi, codes[i]);
  }
  to->n_missing = 1;
}

/* Codes that occur but are not declared in the file (they were named to the reader; not those that only look like no answers): up to three,
 * and whether there are more. */
static size_t find_undeclared(const emend_dataset *dataset, size_t variable, double codes[3], bool *more) {
  const emend_variable *v = emend_dataset_variable(dataset, variable);
  size_t found = 0;
  *more = false;
  for (size_t row = 0, n = emend_dataset_rows(dataset); row < n;) {
    emend_run run = emend_dataset_run(dataset, variable, row);
    for (size_t i = 0; i < run.n; i++) {
      if (run.reasons[i] != EMEND_USER_MISSING || emend_variable_declares_missing(v, run.values[i]) ||
          emend_dataset_find_doubt(dataset, variable, run.values[i], NULL))
        continue;
      size_t k = 0;
      while (k < found && codes[k] != run.values[i])
        k++;
      if (k == found && found == 3)
        *more = true;
      else if (k == found)
        codes[found++] = run.values[i];
    }
    row += run.n;
  }
  return found;
}

static void keep_declared(making *m, size_t v) {
  const emend_variable *from = emend_dataset_variable(m->c->dataset, v);
  emend_converted_variable *to = &m->c->variables[v];
  if (to->text && m->c->ability->short_text && to->width > m->c->ability->short_text) {
    if (from->n_missing)
      emend_names_add(&m->text_codes, to->name);
    return;
  }
  for (uint32_t i = 0; i < from->n_missing; i++) {
    emend_missing_range r = from->missing[i];
    if (!to->text && isfinite(r.lo))
      r.lo = emend_translate_value(&to->translation, r.lo);
    if (!to->text && isfinite(r.hi))
      r.hi = emend_translate_value(&to->translation, r.hi);
    to->missing[to->n_missing++] = r;
  }
}

static void make_codes(making *m, size_t v) {
  emend_converted_variable *to = &m->c->variables[v];
  keep_declared(m, v);
  if (to->text)
    return;
  double codes[EMEND_LETTERS];
  bool more;
  size_t n = find_undeclared(m->c->dataset, v, codes, &more);
  if (more || (n && !has_room(to, n)))
    emend_names_add(&m->undeclared, to->name);
  else
    declare(to, codes, n);
  if (to->n_missing)
    return;
  emend_missing_map_to_codes(m->c->dataset, v, &to->map);
  for (size_t i = 0; i < to->map.n; i++)
    codes[i] = to->map.pairs[i].code;
  if (to->map.n) {
    declare(to, codes, to->map.n);
    emend_names_add(&m->lettered, to->name);
  }
  if (to->map.n_beyond)
    emend_names_add(&m->codeless, to->name);
}

static void make_letters(making *m, size_t v) {
  emend_converted_variable *to = &m->c->variables[v];
  if (to->text) {
    if (emend_dataset_variable(m->c->dataset, v)->n_missing)
      emend_names_add(&m->text_codes, to->name);
    return;
  }
  emend_missing_map_to_letters(m->c->dataset, v, &to->map);
  if (to->map.n)
    emend_names_add(&m->coded, to->name);
  if (to->map.n_beyond)
    emend_names_add(&m->letterless, to->name);
}

static emend_status keep_text(making *m, const char *text, const char **kept) {
  size_t length = strlen(text), fits = emend_limit_fit(m->c->ability->value_label, text, length);
  *kept = text_pool_keep(&m->c->pool, text, fits);
  return *kept ? EMEND_OK : emend_fail_memory(m->error);
}

/* One label as the target has it; false if it has no such label. */
static bool translate_label(const making *m, const emend_converted_variable *to, const emend_label *from, emend_converted_label *label) {
  *label = (emend_converted_label){.kind = from->kind, .tag = from->tag, .number = from->number};
  if (from->kind == EMEND_KEY_TEXT) {
    label->key = emend_dataset_text(m->c->dataset, from->key);
    return to->text;
  }
  if (from->kind == EMEND_KEY_TAG && m->c->ability->codes) {
    label->kind = EMEND_KEY_NUMBER;
    label->number = emend_missing_map_code(&to->map, from->tag);
    return !isnan(label->number);
  }
  if (from->kind == EMEND_KEY_TAG)
    return from->tag != EMEND_TAG_UNDERSCORE || m->c->ability->underscore;
  emend_reason letter = m->c->ability->letters ? emend_missing_map_letter(&to->map, from->number) : EMEND_SYSTEM_MISSING;
  if (letter != EMEND_SYSTEM_MISSING) {
    label->kind = EMEND_KEY_TAG;
    label->tag = letter;
  }
  label->number = emend_translate_value(&to->translation, from->number);
  return label->kind == EMEND_KEY_TAG || isfinite(label->number);
}

static bool has_key(const emend_converted_set *set, emend_key_kind kind, emend_reason tag, double number) {
  for (size_t i = 0; i < set->n; i++)
    if (set->labels[i].kind == kind && (kind == EMEND_KEY_TAG ? set->labels[i].tag == tag : set->labels[i].number == number))
      return true;
  return false;
}

/* What a code or letter was before it changed, where it has no label to tell what it means. */
static emend_status label_changed(making *m, const emend_converted_variable *to, emend_converted_set *set) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < to->map.n && !status; i++) {
    const emend_missing_pair *pair = &to->map.pairs[i];
    char text[EMEND_NUMBER_SIZE] = {'.', pair->letter == EMEND_TAG_UNDERSCORE ? '_' : (char)('a' + (pair->letter - EMEND_TAG_A)), '\0'};
    emend_converted_label label = {
        .kind = m->c->ability->codes ? EMEND_KEY_NUMBER : EMEND_KEY_TAG, .tag = pair->letter, .number = pair->code};
    if (has_key(set, label.kind, label.tag, label.number))
      continue;
    if (!m->c->ability->codes)
      emend_number_print(pair->code, '.', text);
    status = keep_text(m, text, &label.text);
    set->labels[set->n++] = label;
  }
  return status;
}

static emend_status new_set(making *m, size_t room, ptrdiff_t *index) {
  emend_conversion *c = m->c;
  if (!emend_reserve(&c->sets, c->n_sets, &m->capacity, sizeof *c->sets))
    return emend_fail_memory(m->error);
  c->sets[c->n_sets] = (emend_converted_set){.labels = emend_allocate(room, sizeof(emend_converted_label))};
  if (!c->sets[c->n_sets].labels)
    return emend_fail_memory(m->error);
  *index = (ptrdiff_t)c->n_sets++;
  return EMEND_OK;
}

static emend_status fill_set(making *m, const emend_converted_variable *to, const emend_label_set *from, emend_converted_set *set) {
  bool cut = false;
  emend_status status = EMEND_OK;
  set->text = to->text;
  for (uint64_t i = 0; from && i < from->n_labels && !status; i++) {
    const emend_label *old = emend_dataset_label(m->c->dataset, from, i);
    emend_converted_label *label = &set->labels[set->n];
    const char *text = emend_dataset_text(m->c->dataset, old->text);
    if (!translate_label(m, to, old, label))
      continue;
    status = keep_text(m, text, &label->text);
    cut = cut || (!status && strlen(label->text) < strlen(text));
    set->n++;
  }
  if (cut)
    emend_names_add(&m->cut, to->name);
  return status ? status : label_changed(m, to, set);
}

/* Variables that share a set go on to share it, unless missing codes or dates make a difference between them. */
static emend_status make_set(making *m, size_t v) {
  const emend_variable *from = emend_dataset_variable(m->c->dataset, v);
  emend_converted_variable *to = &m->c->variables[v];
  const emend_label_set *set = from->label_set >= 0 ? emend_dataset_label_set(m->c->dataset, (size_t)from->label_set) : NULL;
  bool plain = to->map.n == 0 && to->translation.from == to->translation.to && !to->text;
  if (!set && to->map.n == 0)
    return EMEND_OK;
  if (!m->c->ability->labels || (to->text && !m->c->ability->text_labels) ||
      (to->text && m->c->ability->short_text && to->width > m->c->ability->short_text)) {
    if (set)
      emend_names_add(to->text && m->c->ability->labels ? &m->text_labels : &m->no_labels, to->name);
    return EMEND_OK;
  }
  if (plain && m->plain[from->label_set] >= 0) {
    to->set = m->plain[from->label_set];
    return EMEND_OK;
  }
  emend_status status = new_set(m, (set ? set->n_labels : 0) + to->map.n, &to->set);
  if (!status && plain)
    m->plain[from->label_set] = to->set;
  return status ? status : fill_set(m, to, set, &m->c->sets[to->set]);
}

/* Labels that a format cannot take are no loss here: the input does not have them. */
static emend_status make_added_set(making *m, size_t v) {
  const emend_added_variable *from = &m->c->added[v - m->c->n_own];
  emend_converted_variable *to = &m->c->variables[v];
  if (from->n_labels == 0 || !m->c->ability->labels) /* no loss: the input does not have them */
    return EMEND_OK;
  emend_status status = new_set(m, from->n_labels, &to->set);
  for (size_t i = 0; i < from->n_labels && !status; i++) {
    emend_converted_set *set = &m->c->sets[to->set];
    set->labels[set->n] = (emend_converted_label){.kind = EMEND_KEY_NUMBER, .number = from->labels[i].value};
    status = keep_text(m, from->labels[i].text, &set->labels[set->n++].text);
  }
  return status;
}

static emend_status tell(const making *m, emend_losses *losses) {
  const struct {
    const emend_names *names;
    const char *one, *many;
  } kinds[] = {
      {&m->lettered, "variable has .a to .z written as missing codes", "variables have .a to .z written as missing codes"},
      {&m->coded, "variable has missing codes written as .a, .b, ...", "variables have missing codes written as .a, .b, ..."},
      {&m->letterless, "variable has more missing codes than there are letters: the rest are system-missing",
       "variables have more missing codes than there are letters: the rest are system-missing"},
      {&m->codeless, "variable has .a to .z written as system-missing", "variables have .a to .z written as system-missing"},
      {&m->undeclared, "variable has more missing codes than can be declared: they are plain numbers",
       "variables have more missing codes than can be declared: they are plain numbers"},
      {&m->text_codes, "text variable loses its declared missing values", "text variables lose their declared missing values"},
      {&m->text_labels, "text variable loses its value labels", "text variables lose their value labels"},
      {&m->no_labels, "variable loses its value labels", "variables lose their value labels"},
      {&m->cut, "variable has value labels that are cut", "variables have value labels that are cut"},
  };
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !status; i++)
    status = emend_losses_add_names(losses, kinds[i].names, kinds[i].one, kinds[i].many, m->error);
  return status;
}

emend_status emend_conversion_labels(emend_conversion *c, emend_losses *losses, emend_error *error) {
  size_t n_sets = emend_dataset_label_sets(c->dataset);
  making m = {.c = c, .error = error, .plain = emend_allocate(n_sets, sizeof *m.plain)};
  emend_status status = m.plain ? EMEND_OK : emend_fail_memory(error);
  for (size_t s = 0; s < n_sets && !status; s++)
    m.plain[s] = -1;
  for (size_t v = 0; v < c->n_own && !status; v++) {
    if (c->ability->codes)
      make_codes(&m, v);
    else if (c->ability->letters)
      make_letters(&m, v);
    status = make_set(&m, v);
  }
  for (size_t v = c->n_own; v < c->n_variables && !status; v++)
    status = make_added_set(&m, v);
  free(m.plain);
  return status ? status : tell(&m, losses);
}
