/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/columns.h"
#include "report/line.h"
#include "report/number.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"

static const struct {
  emend_role role;
  const char *title, *counted; /* `counted` NULL: in the model, counted together */
} roles[] = {
    {EMEND_ROLE_FILL, "In the model; missing cells are filled", NULL},
    {EMEND_ROLE_PREDICT, "In the model; missing cells stay", NULL},
    {EMEND_ROLE_DERIVED, "Computed from others: not in the model", "computed"},
    {EMEND_ROLE_CONSTANT, "Constant: not in the model", "constant"},
    {EMEND_ROLE_WEIGHT, "Weight", "weight"},
    {EMEND_ROLE_ID, "Identifiers", "identifier"},
    {EMEND_ROLE_EXCLUDED, "Ride along unchanged", "ride along"},
};
enum { N_ROLES = sizeof roles / sizeof *roles };

static void print_label(FILE *out, const char *label) { print_padded(out, label, 10, false); }

static void print_variable(const report *r, const char *label, ptrdiff_t j, FILE *out) {
  print_label(out, label);
  if (j < 0) {
    fputs("none\n", out);
    return;
  }
  print_text(out, emend_variable_name(r->dataset, (size_t)j));
  fprintf(out, " (%s)\n", emend_plan_why(r->plan, (size_t)j));
}

static bool is_text_file(const report *r) {
  const char *format = emend_dataset_format(r->dataset);
  return strcmp(format, "csv") == 0 || strcmp(format, "tsv") == 0;
}

/* The tokens that mean missing: the default list concerns text files only. */
static bool print_tokens(const report *r, FILE *out) {
  bool text_file = is_text_file(r);
  size_t n = 0;
  text_line line;
  if (!line_open(&line))
    return false;
  if (text_file)
    n = (size_t)fprintf(line.stream, "empty");
  for (const char *const *token = emend_default_missing_tokens(); text_file && *token; token++)
    if (**token)
      fprintf(line.stream, ", %s", *token);
  for (size_t i = 0; i < r->n_missing_tokens; i++) {
    if (r->missing_of[i])
      fprintf(line.stream, "%s%s=", n ? ", " : "", r->missing_of[i]), n = 0;
    for (const char *p = r->missing_tokens[i]; *p;) {
      int width = (int)strcspn(p, ",");
      fprintf(line.stream, "%s%.*s", n++ ? ", " : "", width, p);
      p += width + (p[width] == ',');
    }
  }
  bool done = line_close(&line);
  if (done && n) {
    print_label(out, "Missing");
    print_wrapped(out, line.text, 10, 10, r->page.width);
  }
  free(line.text);
  return done;
}

static void print_cells(const report *r, FILE *out) {
  size_t fill = 0, keep = 0, skipped = 0, unanswered = emend_plan_unanswered(r->plan);
  number_text all_text, fill_text, keep_text, skipped_text, unanswered_text;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    emend_missing_counts c = emend_plan_missing(r->plan, j);
    fill += c.fill;
    keep += c.keep;
    skipped += c.skipped;
  }
  print_label(out, "Cells");
  fprintf(out, "%s missing: %s to be filled, %s to stay", number_count(fill + keep, all_text), number_count(fill, fill_text),
          number_count(keep, keep_text));
  if (skipped)
    fprintf(out, " (%s not applicable%s", number_count(skipped, skipped_text), unanswered ? "" : ")");
  if (unanswered)
    fprintf(out, "%s%s of variables that nobody answered)", skipped ? ", " : " (", number_count(unanswered, unanswered_text));
  fputc('\n', out);
}

static void print_flags(const report *r, FILE *out) {
  size_t n = emend_plan_flags(r->plan);
  number_text text;
  if (!n)
    return;
  print_label(out, "Flags");
  fprintf(out, "%s added: 1 imputed, 0 observed\n", number_of(n, "variable NAME_imp is", "variables NAME_imp are", text));
}

/* Of several recognised identifiers the audit names none: which it should be, the user knows. */
static void print_id(const report *r, FILE *out) {
  if (report_id(r) >= 0 || !emend_plan_count(r->plan, EMEND_ROLE_ID)) {
    print_variable(r, "Id", report_id(r), out);
    return;
  }
  print_label(out, "Id");
  fputs("none for the audit (--id names it)\n", out);
}

/* "8 in the model (7 to be filled), 1 constant": a variable of the model without a hole is not filled. */
static void print_roles(const report *r, FILE *out) {
  size_t in_model = emend_plan_count(r->plan, EMEND_ROLE_FILL) + emend_plan_count(r->plan, EMEND_ROLE_PREDICT), filled = 0, at = 0;
  number_text text, filled_text;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++)
    filled += emend_plan_role(r->plan, j) == EMEND_ROLE_FILL && emend_plan_missing(r->plan, j).fill > 0;
  print_label(out, "Variables");
  if (in_model || !emend_dataset_variables(r->dataset))
    at += (size_t)fprintf(out, "%s in the model (%s to be filled)", number_count(in_model, text), number_count(filled, filled_text));
  for (int i = 0; i < N_ROLES; i++) {
    size_t n = roles[i].counted ? emend_plan_count(r->plan, roles[i].role) : 0;
    if (n)
      at += (size_t)fprintf(out, "%s%s %s", at ? ", " : "", number_count(n, text), roles[i].counted);
  }
  fputc('\n', out);
}

static bool print_head(const report *r, FILE *out) {
  number_text rows, variables;
  fputs("Plan for ", out);
  print_text(out, r->input);
  fprintf(out, ": %s, %s, %s\n", emend_dataset_format(r->dataset), number_of(emend_dataset_rows(r->dataset), "row", "rows", rows),
          number_of(emend_dataset_variables(r->dataset), "variable", "variables", variables));
  fputs("Nothing has been estimated or written.\n\n", out);
  print_label(out, "Output");
  if (r->output) {
    print_text(out, strcmp(r->output, "-") == 0 ? "standard output" : r->output);
    fputs(", ", out);
  }
  fprintf(out, "%s\n", emend_write_plan_format(r->writing));
  print_label(out, "");
  print_wrapped(out, report_way(r->writing), 10, 10, r->page.width);
  bool done = report_recast_text(r, 10, out);
  report_losses_text(r->writing, r->page, out);
  print_variable(r, "Weight", emend_plan_weight(r->plan), out);
  print_id(r, out);
  print_roles(r, out);
  print_cells(r, out);
  print_flags(r, out);
  return print_tokens(r, out) && done;
}

enum {
  COLUMN_NAME,
  COLUMN_OBSERVED,
  COLUMN_SYSTEM,
  COLUMN_USER,
  COLUMN_TAGGED,
  COLUMN_EMPTY,
  COLUMN_STRUCTURAL,
  COLUMN_FILL,
  COLUMN_WHY,
  N_COLUMNS
};

static const table_column variable_columns[N_COLUMNS] = {
    [COLUMN_NAME] = {"", "Variable", TABLE_LEFT, false},       [COLUMN_OBSERVED] = {"", "observed", TABLE_RIGHT, false},
    [COLUMN_SYSTEM] = {"system", "missing", TABLE_RIGHT, true}, [COLUMN_USER] = {"user", "missing", TABLE_RIGHT, true},
    [COLUMN_TAGGED] = {"", ".a-.z", TABLE_RIGHT, true},        [COLUMN_EMPTY] = {"", "empty", TABLE_RIGHT, true},
    [COLUMN_STRUCTURAL] = {"not", "applicable", TABLE_RIGHT, true}, [COLUMN_FILL] = {"to be", "filled", TABLE_RIGHT, false},
    [COLUMN_WHY] = {"", "type and why", TABLE_WRAPPED, false},
};

/* The counts that have columns, by column. */
static void get_counts(const report *r, size_t variable, size_t counts[N_COLUMNS]) {
  emend_missing_counts c = emend_plan_missing(r->plan, variable);
  counts[COLUMN_OBSERVED] = c.observed;
  counts[COLUMN_SYSTEM] = c.system;
  counts[COLUMN_USER] = c.user;
  counts[COLUMN_TAGGED] = c.tagged;
  counts[COLUMN_EMPTY] = c.empty;
  counts[COLUMN_STRUCTURAL] = c.structural + c.skipped;
  counts[COLUMN_FILL] = c.fill;
}

/* Kinds of missing that no variable has get no column. */
static void show_columns(const report *r, table_column *columns) {
  size_t counts[N_COLUMNS];
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    get_counts(r, j, counts);
    for (int k = COLUMN_SYSTEM; k <= COLUMN_STRUCTURAL; k++)
      columns[k].hidden = columns[k].hidden && !counts[k];
  }
}

/* A zero is blank: the eye should find the holes. */
static const char *count_or_blank(size_t count, char *text) { return count ? number_count(count, text) : ""; }

bool report_bounds_text(const report *r, size_t j, const char *before, FILE *out) {
  double lo, hi;
  char text[VALUE_TEXT];
  if (emend_plan_missing(r->plan, j).fill == 0 || !emend_plan_bounds(r->plan, j, &lo, &hi))
    return false;
  fprintf(out, "%s%s", before, isinf(hi) ? "at least " : isinf(lo) ? "at most " : "from ");
  fputs(isinf(lo) ? "" : value_text(r->dataset, j, lo, text), out);
  fputs(isinf(lo) || isinf(hi) ? "" : " to ", out);
  fputs(isinf(hi) ? "" : value_text(r->dataset, j, hi, text), out);
  return true;
}

static void describe_shape(const report *r, size_t j, FILE *out) {
  double spike, heap, share = emend_plan_heap(r->plan, j, &heap);
  number_text text;
  const char *transform = emend_plan_transform(r->plan, j);
  if (emend_plan_spike(r->plan, j, &spike))
    fprintf(out, "; %s or an amount%s", number_exact(spike, text), emend_plan_spike_chosen(r->plan, j) ? " (many are; --semicontinuous none)" : "");
  if (share > 0)
    fprintf(out, "; %s in %.0f %% of the answers (--semicontinuous models whether, and how much)", number_exact(heap, text), 100 * share);
  if (strcmp(transform, "none") != 0)
    fprintf(out, "; %s", transform);
  if (emend_plan_skewness(r->plan, j) != 0)
    fprintf(out, ", as it is skewed (%.1f)", emend_plan_skewness(r->plan, j));
  report_bounds_text(r, j, "; ", out);
}

/* Numbers with units or groups, by an example. */
static void describe_writing(const report *r, size_t j, FILE *out) {
  const char *example = emend_variable_format(r->dataset, j);
  if (is_text_file(r) && emend_variable_get_kind(r->dataset, j) == EMEND_NUMERIC && *example)
    fprintf(out, "; numbers written as %s", example);
}

/* Its type, and why; why it has its role, unless that is for being what it is; as what it enters the model, unless as it is. */
static void print_why(const report *r, size_t j, FILE *out) {
  enum { WIDEST_STEP = 40 };
  const char *role = emend_plan_why(r->plan, j), *type = emend_plan_type_why(r->plan, j);
  size_t columns = emend_plan_columns(r->plan, j), categories = emend_plan_categories(r->plan, j), pooled = emend_plan_pooled(r->plan, j);
  bool usual = strcmp(role, "number") == 0 || strcmp(role, "text") == 0, same = strcmp(role, type) == 0,
       fills = emend_plan_missing(r->plan, j).fill > 0;
  int decimals = fills ? emend_plan_decimals(r->plan, j) : -1;
  const char *condition = emend_plan_only_if(r->plan, j);
  size_t open = emend_plan_missing(r->plan, j).open;
  number_text count;
  const char *word = emend_type_word(emend_plan_type(r->plan, j));
  /* "identifier: complete ..."; and what nobody answered is of no type */
  bool says_type = strncmp(type, word, strlen(word)) == 0 || emend_plan_missing(r->plan, j).unanswered > 0;
  fprintf(out, "%s%s%s%s%s", usual || same ? "" : role, usual || same ? "" : "; ", says_type ? "" : word, says_type ? "" : ": ", type);
  if (categories)
    fprintf(out, "; %zu categories as %zu indicator%s", categories, columns, columns == 1 ? "" : "s");
  for (size_t k = 0, n = emend_plan_steps(r->plan, j); k < n; k++) {
    fputs(k > 0 ? " < " : "; ", out);
    print_cut(out, emend_plan_step(r->plan, j, k), WIDEST_STEP);
  }
  if (pooled)
    fprintf(out, ", %zu rare ones pooled", pooled);
  if (fills || emend_plan_columns(r->plan, j) > 1 || strcmp(emend_plan_transform(r->plan, j), "none") != 0)
    describe_shape(r, j, out);
  if (!categories && fills && emend_plan_rounds(r->plan, j))
    fputs("; only values that occur", out);
  if (decimals >= 0)
    fprintf(out, "; %d decimal%s", decimals, decimals == 1 ? "" : "s");
  describe_writing(r, j, out);
  if (condition)
    fprintf(out, "; only if %s", condition);
  if (open)
    fprintf(out, " (for %s an imputed value decides)", number_of(open, "cell", "cells", count));
}

static bool add_variable(const report *r, size_t j, table *t) {
  size_t counts[N_COLUMNS];
  number_text texts[N_COLUMNS];
  const char *cells[N_COLUMNS];
  text_line why;
  if (!line_open(&why))
    return false;
  get_counts(r, j, counts);
  cells[COLUMN_NAME] = emend_variable_name(r->dataset, j);
  cells[COLUMN_OBSERVED] = number_count(counts[COLUMN_OBSERVED], texts[COLUMN_OBSERVED]);
  for (int k = COLUMN_SYSTEM; k <= COLUMN_FILL; k++)
    cells[k] = count_or_blank(counts[k], texts[k]);
  print_why(r, j, why.stream);
  bool done = line_close(&why);
  cells[COLUMN_WHY] = why.text;
  if (done)
    table_row(t, cells);
  free(why.text);
  return done;
}

/* Where no cell of any of them is to be filled, they are not said to be. */
static const char *title_of(const report *r, int i) {
  bool fills = roles[i].role != EMEND_ROLE_FILL;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p && !fills; j++)
    fills = emend_plan_role(r->plan, j) == EMEND_ROLE_FILL && emend_plan_missing(r->plan, j).fill > 0;
  return fills ? roles[i].title : "In the model; no cell is to be filled";
}

static bool print_variables(const report *r, FILE *out) {
  table_column columns[N_COLUMNS];
  memcpy(columns, variable_columns, sizeof columns);
  show_columns(r, columns);
  table t;
  number_text text;
  table_begin(&t, columns, N_COLUMNS);
  t.page = r->page;
  bool done = true;
  for (int i = 0; i < N_ROLES; i++) {
    size_t n = emend_plan_count(r->plan, roles[i].role);
    if (!n)
      continue;
    char title[128];
    snprintf(title, sizeof title, "%s (%s)", title_of(r, i), number_count(n, text));
    table_title(&t, title);
    for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++)
      if (emend_plan_role(r->plan, j) == roles[i].role)
        done = add_variable(r, j, &t) && done;
  }
  done = table_print(&t, out) && done;
  table_end(&t);
  return done;
}

static const table_column code_columns[] = {
    {"", "Variable", TABLE_LEFT, false}, {"", "code", TABLE_RIGHT, false},    {"", "label", TABLE_LEFT, false},
    {"", "cells", TABLE_RIGHT, false},   {"", "fate", TABLE_WRAPPED, false},
};

/* The label, shortened so that the table stays within 80 columns. */
static void short_label(const char *label, char *text, size_t size) {
  FILE *out = fmemopen(text, size, "w");
  text[0] = '\0';
  if (!out)
    return;
  print_cut(out, label, 20);
  fclose(out);
}

static void add_code(const report *r, size_t j, const char *variable, const emend_code *code, table *t) {
  number_text number, count;
  char label[256], fate[256];
  short_label(code->label, label, sizeof label);
  snprintf(fate, sizeof fate, "%s: %s", code->fill ? "filled" : "stays", code->why);
  table_row(t, (const char *const[]){variable, report_code_or_date(r, j, code, number), label, number_count(code->count, count), fate});
}

/* What no cell holds concerns nobody: often a dozen letters, or the same codes for all variables. */
static bool is_unmet(const emend_code *code) { return code->count == 0 && !code->wished; }

/* Returns how many codes have no cells. */
static size_t add_codes(const report *r, size_t j, table *t) {
  size_t listed = 0, unmet = 0;
  for (size_t k = 0, n = emend_plan_codes(r->plan, j); k < n; k++) {
    emend_code code = emend_plan_code(r->plan, j, k);
    if (is_unmet(&code))
      unmet++;
    else
      add_code(r, j, listed++ ? "" : emend_variable_name(r->dataset, j), &code, t);
  }
  return unmet;
}

static bool print_codes(const report *r, FILE *out) {
  table t;
  number_text count;
  size_t unmet = 0;
  table_begin(&t, code_columns, sizeof code_columns / sizeof *code_columns);
  t.page = r->page;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++)
    unmet += add_codes(r, j, &t);
  bool done = true;
  if (t.n_rows) {
    fputs("\nMissing codes\n", out);
    done = table_print(&t, out);
  }
  if (unmet)
    fprintf(out, "%s%s %s declared, and occur%s in no cell\n", t.n_rows ? "" : "\nMissing codes\n",
            t.n_rows ? number_of(unmet, "more code", "more codes", count) : number_of(unmet, "code", "codes", count),
            unmet == 1 ? "is" : "are", unmet == 1 ? "s" : "");
  table_end(&t);
  return done;
}

bool report_plan_text(const report *r, FILE *out) {
  if (!print_head(r, out))
    return false;
  fputc('\n', out);
  if (!print_variables(r, out) || !print_codes(r, out))
    return false;
  report_warnings_text(r->events, r->page, out);
  return !ferror(out);
}
