/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/info.h"
#include "report/line.h"
#include "report/report.h"
#include "report/words.h"

/* The variables of each label set, as chains through `next`; `none` ends one. */
typedef struct label_users {
  size_t *first, *next;
} label_users;

static const size_t none = (size_t)-1;

static bool find_users(const info_report *r, label_users *users) {
  size_t n_sets = emend_dataset_label_sets(r->dataset), n = emend_dataset_variables(r->dataset);
  users->first = malloc((n_sets + 1) * sizeof *users->first);
  users->next = malloc((n + 1) * sizeof *users->next);
  if (!users->first || !users->next)
    return false;
  for (size_t s = 0; s < n_sets; s++)
    users->first[s] = none;
  for (size_t v = n; v-- > 0;) {
    ptrdiff_t set = emend_variable_label_set(r->dataset, v);
    if (set < 0)
      continue;
    users->next[v] = users->first[set];
    users->first[set] = v;
  }
  return true;
}

static bool is_shown(const info_report *r, const label_users *users, size_t set) {
  if (users->first[set] == none)
    return r->all;
  for (size_t v = users->first[set]; v != none; v = users->next[v])
    if (r->chosen[v])
      return true;
  return false;
}

/* "q1, q2" or "yesno: q1, q2" */
static bool print_users(const info_report *r, const label_users *users, size_t set, FILE *out) {
  bool named = strcmp(emend_dataset_format(r->dataset), "dta") == 0;
  text_line line;
  if (!line_open(&line))
    return false;
  if (named)
    fprintf(line.stream, "%s: ", emend_label_set_name(r->dataset, set));
  if (users->first[set] == none)
    fputs("(no variable)", line.stream);
  for (size_t v = users->first[set]; v != none; v = users->next[v])
    fprintf(line.stream, "%s%s", emend_variable_name(r->dataset, v), users->next[v] != none ? ", " : "");
  fputs("  ", out);
  return line_print(&line, out, 2, 4, r->page.width);
}

static const char *key_text(const info_report *r, size_t variable, const emend_value_label *label, char text[VALUE_TEXT]) {
  if (label->key)
    return label->key;
  if (label->reason != EMEND_OBSERVED)
    return report_code(label->value, label->reason, text);
  return variable == none ? number_exact(label->value, text) : value_text(r->dataset, variable, label->value, text);
}

static bool declares_missing(const info_report *r, size_t variable, const emend_value_label *label) {
  for (size_t i = 0; variable != none && i < emend_variable_declared(r->dataset, variable); i++) {
    emend_declared_missing m = emend_variable_declared_missing(r->dataset, variable, i);
    if (label->key ? m.text && strcmp(m.text, label->key) == 0 : !m.text && label->value >= m.lo && label->value <= m.hi)
      return true;
  }
  return false;
}

static bool print_set(const info_report *r, const label_users *users, size_t set, FILE *out) {
  enum { LEAST = 4, MOST = 24 };
  size_t n = emend_label_set_size(r->dataset, set), user = users->first[set], widest = LEAST;
  char text[VALUE_TEXT];
  if (!print_users(r, users, set, out))
    return false;
  for (size_t i = 0; i < n; i++) {
    emend_value_label label = emend_label_set_label(r->dataset, set, i);
    size_t columns = text_columns(key_text(r, user, &label, text));
    widest = columns > widest && columns <= MOST ? columns : widest;
  }
  for (size_t i = 0; i < n; i++) {
    emend_value_label label = emend_label_set_label(r->dataset, set, i);
    const char *key = key_text(r, user, &label, text);
    size_t columns = text_columns(key), at = 4 + (columns > widest ? columns : widest);
    fputs("    ", out);
    print_padded(out, key, widest, !label.key);
    fputs(declares_missing(r, user, &label) ? " m " : "   ", out);
    print_wrapped(out, label.label, at + 3, widest + 7, r->page.width);
  }
  return true;
}

/* Whether the mark of declared missing values may occur. */
static bool declares_any(const info_report *r) {
  for (size_t v = 0; v < emend_dataset_variables(r->dataset); v++)
    if (r->chosen[v] && emend_variable_declared(r->dataset, v) && emend_variable_label_set(r->dataset, v) >= 0)
      return true;
  return false;
}

bool info_labels_text(const info_report *r, FILE *out) {
  label_users users = {0};
  bool done = find_users(r, &users), begun = false;
  for (size_t set = 0; done && set < emend_dataset_label_sets(r->dataset); set++) {
    if (!is_shown(r, &users, set))
      continue;
    if (!begun)
      fprintf(out, "\nValue labels%s\n", declares_any(r) ? " (m: declared missing)" : "");
    begun = true;
    done = print_set(r, &users, set, out);
  }
  free(users.first);
  free(users.next);
  return done;
}

/* "$media  Media used; multiple responses, dichotomies, counted value 1" and the variables. */
static bool print_variable_set(const info_report *r, size_t set, FILE *out) {
  emend_variable_set_facts f = emend_variable_set_get(r->dataset, set);
  text_line line, names;
  if (!line_open(&line))
    return false;
  fprintf(line.stream, "%s: %s%s%s%s", f.name, f.label, *f.label ? "; " : "",
          f.kind == EMEND_SET_PLAIN ? "" : "multiple responses, ", emend_set_kind_word(f.kind));
  if (f.kind == EMEND_SET_DICHOTOMIES)
    fprintf(line.stream, ", counted value %s%s", f.counted, f.categories_from_labels ? ", named by value labels" : "");
  if (f.label_from_variable)
    fputs(", label of the first variable", line.stream);
  fputs("  ", out);
  if (!line_print(&line, out, 2, 4, r->page.width) || !line_open(&names))
    return false;
  for (size_t i = 0; i < f.n_variables; i++)
    fprintf(names.stream, "%s ", emend_variable_name(r->dataset, emend_variable_set_variable(r->dataset, set, i)));
  fputs(f.n_variables ? "" : "(no variable)", names.stream);
  fputs("    ", out);
  return line_print(&names, out, 4, 4, r->page.width);
}

static bool holds_chosen(const info_report *r, size_t set) {
  size_t n = emend_variable_set_get(r->dataset, set).n_variables;
  for (size_t i = 0; i < n; i++)
    if (r->chosen[emend_variable_set_variable(r->dataset, set, i)])
      return true;
  return r->all;
}

bool info_sets_text(const info_report *r, FILE *out) {
  bool begun = false, done = true;
  for (size_t set = 0; done && set < emend_dataset_variable_sets(r->dataset); set++) {
    if (!holds_chosen(r, set))
      continue;
    fputs(begun ? "" : "\nSets of variables\n", out);
    begun = true;
    done = print_variable_set(r, set, out);
  }
  return done;
}
