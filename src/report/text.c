/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/cluster.h"
#include "report/columns.h"
#include "report/groups.h"
#include "report/line.h"
#include "report/number.h"
#include "report/report.h"
#include "report/table.h"
#include "report/words.h"

static void print_label(FILE *out, const char *label) { print_padded(out, label, 16, false); }

static bool print_head(const report *r, FILE *out) {
  number_text rows, variables, count;
  print_text(out, r->input);
  fputs(": ", out);
  fprintf(out, "%s, %s", number_of(emend_dataset_rows(r->dataset), "row", "rows", rows),
          number_of(emend_dataset_variables(r->dataset), "variable", "variables", variables));
  size_t riding = emend_plan_count(r->plan, EMEND_ROLE_EXCLUDED);
  if (riding)
    fprintf(out, " (%s ride along)", number_count(riding, count));
  fputs("\n", out);
  report_output_text(r->output, r->writing, r->page, out);
  bool done = report_recast_text(r, 16, out);
  report_losses_text(r->writing, r->page, out);
  fputc('\n', out);
  return done;
}

/* Missing cells of variables that the plan does not fill. */
static size_t count_outside(const report *r) {
  size_t cells = 0;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++)
    if (emend_plan_missing(r->plan, j).fill == 0)
      cells += emend_imputation_variable(r->imputation, j).left;
  return cells;
}

/* As an item of a list: in backticks where the name could be read as more than one, or as a pattern. */
static void print_item(const char *name, FILE *out) {
  bool quote = strpbrk(name, " ,\t*?`") != NULL;
  fputs(quote ? "`" : "", out);
  for (; *name; name++) {
    fputs(*name == '`' ? "`" : "", out);
    fputc(*name, out);
  }
  fputs(quote ? "`" : "", out);
}

/* In single quotes for the shell. */
static void print_quoted(const char *text, FILE *out) {
  for (; *text; text++)
    fputs(*text == '\'' ? "'\\''" : (char[]){*text, 0}, out);
}

/* Who was asked: a wish to have it filled would else fill it for everybody. */
static bool print_condition(const report *r, size_t j, FILE *out) {
  const char *condition = emend_plan_only_if(r->plan, j);
  if (!condition)
    return false;
  fputs(" --only-if '", out);
  print_item(emend_variable_name(r->dataset, j), out);
  fputs(" = ", out);
  print_quoted(condition, out);
  fputs("'", out);
  return true;
}

/* Behind the first `shown` of n names. */
static void print_others(size_t n, size_t shown, FILE *out) {
  if (n > shown)
    fprintf(out, " and %zu other%s", n - shown, n == shown + 1 ? "" : "s");
}

/* Those that stay missing though one might expect them filled, with the option that fills them. */
static bool print_on_demand(const report *r, FILE *out) {
  enum { SHOWN = 12 };
  size_t n = 0, p = emend_dataset_variables(r->dataset);
  text_line line;
  if (!line_open(&line))
    return false;
  for (size_t j = 0; j < p; j++)
    if (emend_plan_on_demand(r->plan, j) && emend_imputation_variable(r->imputation, j).left > 0 && n++ < SHOWN)
      fprintf(line.stream, "%s%s", n > 1 ? ", " : "answered in less than half of the rows: ", emend_variable_name(r->dataset, j));
  print_others(n, SHOWN, line.stream);
  fputs("; --targets '*", line.stream);
  for (size_t j = 0, shown = 0; j < p && shown < SHOWN; j++)
    if (emend_plan_on_demand(r->plan, j) && emend_imputation_variable(r->imputation, j).left > 0)
      fputs(",", line.stream), print_item(emend_variable_name(r->dataset, j), line.stream), shown++;
  fputs("'", line.stream);
  size_t conditions = 0;
  for (size_t j = 0, shown = 0; j < p && shown < SHOWN; j++)
    if (emend_plan_on_demand(r->plan, j) && emend_imputation_variable(r->imputation, j).left > 0)
      conditions += print_condition(r, j, line.stream), shown++;
  fprintf(line.stream, " fills %s, too%s", n == 1 ? "it" : "them",
          conditions == n ? "" : n == 1 ? ", in every row: --only-if says who was asked" : ", those without a condition in every row: --only-if says who was asked");
  bool done = line_close(&line);
  if (done && n) {
    fputs("  ", out);
    print_wrapped(out, line.text, 2, 2, r->page.width);
  }
  free(line.text);
  return done;
}

static const table_column columns[] = {
    {"", "Variable", TABLE_LEFT, false},      {"", "missing", TABLE_RIGHT, false},    {"", "filled", TABLE_RIGHT, false},
    {"", "left", TABLE_RIGHT, false},         {"", "mean", TABLE_RIGHT, false},       {"observed", "sd", TABLE_PAIRED, false},
    {"", "mean", TABLE_RIGHT, false},         {"EM", "sd (ML)", TABLE_PAIRED, false}, {"", "mean", TABLE_RIGHT, false},
    {"completed", "sd", TABLE_PAIRED, false},
};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static void add_variable(const report *r, size_t j, table *t) {
  emend_imputed_variable v = emend_imputation_variable(r->imputation, j);
  number_text texts[N_COLUMNS];
  table_row(t, (const char *const[N_COLUMNS]){
                   emend_variable_name(r->dataset, j), number_count(v.missing, texts[1]), number_count(v.filled, texts[2]),
                   number_count(v.left, texts[3]), mean_text(r->dataset, j, v.observed_mean, v.observed_sd, texts[4]),
                   number_estimate(v.observed_sd, v.observed_sd, texts[5]), mean_text(r->dataset, j, v.em_mean, v.em_sd, texts[6]),
                   number_estimate(v.em_sd, v.em_sd, texts[7]), mean_text(r->dataset, j, v.completed_mean, v.observed_sd, texts[8]),
                   number_estimate(v.completed_sd, v.observed_sd, texts[9])});
}

/* Why no cell was to be filled: none is missing, or what codes and how many blanks stay. */
static void print_nothing(const report *r, FILE *out) {
  size_t missing = 0, codes = 0;
  number_text counts[3];
  char line[512];
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    missing += emend_imputation_variable(r->imputation, j).missing;
    for (size_t i = 0, n = emend_plan_codes(r->plan, j); i < n; i++)
      codes += emend_plan_code(r->plan, j, i).count;
  }
  size_t blanks = codes < missing ? missing - codes : 0;
  number_of(codes, "holds a code that stays", "hold codes that stay", counts[1]);
  number_of(blanks, "is a blank that stays", "are blanks that stay", counts[2]);
  if (missing == 0)
    snprintf(line, sizeof line, "the file has no missing cell");
  else
    snprintf(line, sizeof line, "of %s %s%s%s (--dry-run says why)", number_of(missing, "missing cell", "missing cells", counts[0]),
             codes ? counts[1] : "", codes && blanks ? ", " : "", blanks ? counts[2] : "");
  fputs("No cell was to be filled: ", out);
  print_wrapped(out, line, 26, 2, r->page.width);
}

static bool fills_any(const report *r) {
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++)
    if (emend_plan_missing(r->plan, j).fill > 0)
      return true;
  return false;
}

/* One line for each variable that the plan fills. */
static bool print_variables(const report *r, FILE *out) {
  size_t missing = 0, filled = 0, left = 0;
  number_text texts[3];
  table t;
  table_begin(&t, columns, N_COLUMNS);
  t.page = r->page;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    if (emend_plan_missing(r->plan, j).fill == 0)
      continue;
    emend_imputed_variable v = emend_imputation_variable(r->imputation, j);
    add_variable(r, j, &t);
    missing += v.missing;
    filled += v.filled;
    left += v.left;
  }
  bool done = true;
  if (t.n_rows > 1) {
    table_rule(&t);
    table_row(&t, (const char *const[N_COLUMNS]){"total", number_count(missing, texts[0]), number_count(filled, texts[1]),
                                                 number_count(left, texts[2])});
  }
  if (t.n_rows)
    done = table_print(&t, out);
  else
    print_nothing(r, out);
  table_end(&t);
  return done;
}

/* Codes that stayed, gathered by what they mean: one entry for each label and reason. */
typedef struct kept_code {
  char *meaning; /* the label, or the code where there is none */
  const char *why;
  size_t cells, variables;
} kept_code;

static int by_meaning(const void *a, const void *b) {
  const kept_code *x = a, *y = b;
  int order = strcmp(x->meaning, y->meaning);
  return order ? order : strcmp(x->why, y->why);
}

/* More cells first; then by meaning, so that the order never depends on the sort. */
static int by_cells(const void *a, const void *b) {
  const kept_code *x = a, *y = b;
  return x->cells != y->cells ? (x->cells < y->cells ? 1 : -1) : by_meaning(a, b);
}

static size_t count_codes(const report *r) {
  size_t n = 0;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++)
    n += emend_plan_codes(r->plan, j);
  return n;
}

/* One entry per variable and code that stayed; false when out of memory. `kept` has room for every code. */
static bool list_kept(const report *r, kept_code *kept, size_t *count) {
  *count = 0;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++)
    for (size_t i = 0, n = emend_plan_codes(r->plan, j); i < n; i++) {
      emend_code code = emend_plan_code(r->plan, j, i);
      number_text text;
      if (code.fill || !code.count || code.unanswered) /* a warning tells of those that nobody answered */
        continue;
      kept_code *k = &kept[*count];
      *k = (kept_code){strdup(*code.label ? code.label : report_code_or_date(r, j, &code, text)), code.why, code.count, 1};
      if (!k->meaning)
        return false;
      ++*count;
    }
  return true;
}

/* Adds up entries of the same meaning and reason; returns how many are left. */
static size_t merge_kept(kept_code *kept, size_t count) {
  size_t merged = 0;
  if (count)
    qsort(kept, count, sizeof *kept, by_meaning);
  for (size_t i = 0; i < count; i++) {
    if (merged && by_meaning(&kept[merged - 1], &kept[i]) == 0) {
      kept[merged - 1].cells += kept[i].cells;
      kept[merged - 1].variables += kept[i].variables;
      free(kept[i].meaning);
    } else {
      kept[merged++] = kept[i];
    }
  }
  return merged;
}

static void print_kept_code(const report *r, const kept_code *k, FILE *out) {
  number_text cells, variables;
  char line[1024];
  snprintf(line, sizeof line, "%s: %s in %s (%s)", k->meaning, number_of(k->cells, "cell", "cells", cells),
           number_of(k->variables, "variable", "variables", variables), k->why);
  fputs("  ", out);
  print_wrapped(out, line, 2, 4, r->page.width);
}

/* The most frequent, and how many cells the others hold. */
static void print_kept_codes(const report *r, kept_code *kept, size_t count, FILE *out) {
  enum { SHOWN = 8 };
  size_t rest = 0;
  number_text cells;
  qsort(kept, count, sizeof *kept, by_cells);
  fputs("\nCodes left as they are (--impute-codes fills them)\n", out);
  for (size_t i = 0; i < count && i < SHOWN; i++)
    print_kept_code(r, &kept[i], out);
  for (size_t i = SHOWN; i < count; i++)
    rest += kept[i].cells;
  if (rest)
    fprintf(out, "  others: %s (the plan, --dry-run, lists every code)\n", number_of(rest, "cell", "cells", cells));
}

static bool print_kept(const report *r, FILE *out) {
  size_t count = 0;
  kept_code *kept = calloc(count_codes(r) + 1, sizeof *kept);
  bool done = kept && list_kept(r, kept, &count);
  count = merge_kept(kept, count);
  if (count)
    print_kept_codes(r, kept, count, out);
  for (size_t i = 0; i < count; i++)
    free(kept[i].meaning);
  free(kept);
  return done;
}

typedef size_t (*name_counter)(emend_imputed_variable);
typedef void (*name_printer)(emend_imputed_variable, FILE *);

/* "a, b, c" of the variables for which `count` is not 0, wrapped; behind each what `print` says of it, if not NULL. JSON has them all. */
static bool print_names(const report *r, const char *what, name_counter count, name_printer print, FILE *out) {
  enum { SHOWN = 12 };
  size_t n = 0;
  text_line line;
  if (!line_open(&line))
    return false;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    emend_imputed_variable v = emend_imputation_variable(r->imputation, j);
    if (!count(v) || n++ >= SHOWN)
      continue;
    fprintf(line.stream, "%s%s", n > 1 ? ", " : "", emend_variable_name(r->dataset, j));
    if (print)
      print(v, line.stream);
  }
  print_others(n, SHOWN, line.stream);
  bool done = line_close(&line);
  if (done && n) {
    fprintf(out, "\n%s", what);
    print_wrapped(out, line.text, text_columns(what), 2, r->page.width);
  }
  free(line.text);
  return done;
}

static size_t count_rounded(emend_imputed_variable v) { return v.rounded && v.filled ? 1 : 0; }
static size_t count_moved(emend_imputed_variable v) { return v.moved; }
static size_t count_skipped(emend_imputed_variable v) { return v.skipped; }
static size_t count_broken(emend_imputed_variable v) { return v.broken; }
static size_t count_at_ends(emend_imputed_variable v) { return v.at_least + v.at_greatest; }

static void print_count(size_t cells, FILE *out) {
  number_text number;
  fprintf(out, " %s", number_count(cells, number));
}

static void print_moved(emend_imputed_variable v, FILE *out) { print_count(v.moved, out); }
static void print_skipped(emend_imputed_variable v, FILE *out) { print_count(v.skipped, out); }
static void print_broken(emend_imputed_variable v, FILE *out) { print_count(v.broken, out); }

/* "2 at 1 and 3 at 25". */
static void print_at_ends(emend_imputed_variable v, FILE *out) {
  const size_t cells[] = {v.at_least, v.at_greatest};
  const double ends[] = {v.least, v.greatest};
  number_text number;
  for (int i = 0; i < 2; i++) {
    if (!cells[i])
      continue;
    fputs(i && cells[0] ? " and" : "", out);
    print_count(cells[i], out);
    fprintf(out, " at %s", number_exact(ends[i], number));
  }
}

static void print_prior(const report *r, const emend_normal *m, FILE *out) {
  emend_prior prior = emend_normal_prior(m);
  print_label(out, "Model");
  fputs("multivariate normal, ", out);
  if (prior == EMEND_PRIOR_NONE)
    fputs("maximum likelihood (no prior)\n", out);
  else if (prior == EMEND_PRIOR_RIDGE || prior == EMEND_PRIOR_SHRINK)
    fprintf(out, "prior %s, kappa %.6g\n", report_prior_name(prior), emend_normal_ridge(m));
  else
    fprintf(out, "prior %s\n", report_prior_name(prior));
  if (r->model_file) {
    print_label(out, "");
    fputs("not estimated here, but read from ", out);
    print_text(out, r->model_file);
    fputc('\n', out);
  }
}

static void print_weight(const report *r, const emend_normal *m, FILE *out) {
  ptrdiff_t weight = emend_plan_weight(r->plan);
  if (weight < 0 || r->model_file)
    return;
  print_label(out, "Weight");
  print_text(out, emend_variable_name(r->dataset, (size_t)weight));
  fprintf(out, ": sum %.6g, effective rows %.6g\n", emend_normal_weight(m), emend_normal_effective_rows(m));
}

void report_convergence_text(size_t n, bool converged, double distance, FILE *out) {
  number_text iterations;
  fprintf(out, "%s, %s", number_of(n, "iteration", "iterations", iterations), converged ? "converged" : "NOT CONVERGED");
  if (isnan(distance))
    fputs(": distance to the limit not known\n", out);
  else if (distance > 0)
    fprintf(out, ": distance to the limit about %.1e sd\n", distance);
  else
    fputs(": at the limit\n", out);
}

/* How many variables enter the model as its columns; as many as those, if the plan does not tell. */
static size_t variables_in_columns(const report *r, size_t n_columns) {
  size_t variables = 0, columns = 0;
  for (size_t j = 0, p = emend_dataset_variables(r->dataset); j < p; j++) {
    variables += emend_plan_columns(r->plan, j) > 0;
    columns += emend_plan_columns(r->plan, j);
  }
  return columns == n_columns ? variables : n_columns;
}

static void print_model(const report *r, FILE *out) {
  const emend_normal *m = report_model(r);
  number_text rows, patterns;
  if (report_mixture(r)) {
    fputc('\n', out);
    mixture_text(report_mixture(r), variables_in_columns(r, emend_mixture_columns(report_mixture(r))), r->model_file, 16, out);
  }
  if (!m)
    return;
  fputc('\n', out);
  print_prior(r, m, out);
  print_label(out, r->model_file ? "Estimated from" : "Data");
  print_columns(emend_normal_columns(m), variables_in_columns(r, emend_normal_columns(m)), out);
  fprintf(out, ", %s, %s\n",
          number_of(emend_normal_rows(m), "row", "rows", rows), number_of(emend_normal_patterns(m), "pattern", "patterns", patterns));
  print_weight(r, m, out);
  print_label(out, "EM");
  report_convergence_text(emend_normal_iterations(m), emend_normal_converged(m), emend_normal_distance(m), out);
  print_label(out, "Log-likelihood");
  fprintf(out, "%.6f (2 pi included)\n", emend_normal_log_likelihood(m));
  if (emend_normal_prior(m) != EMEND_PRIOR_NONE) {
    print_label(out, "Log-posterior");
    fprintf(out, "%.6f (without the prior's constant)\n", emend_normal_log_posterior(m));
  }
}

void report_warnings_text(const emend_events *events, text_page page, FILE *out) {
  size_t n = emend_events_warning_count(events);
  if (n)
    fputs("\nWarnings\n", out);
  for (size_t i = 0; i < n; i++) {
    fputs("  - ", out);
    print_wrapped(out, emend_events_warning(events, i), 4, 4, page.width);
  }
}

bool report_summary_text(const report *r, FILE *out) {
  bool done = print_head(r, out) && print_variables(r, out);
  size_t outside = fills_any(r) ? count_outside(r) : 0;
  number_text cells;
  if (outside)
    fprintf(out, "\nMissing in variables that are not filled: %s (--dry-run says why)\n", number_of(outside, "cell", "cells", cells));
  const char *rounded = r->model_file ? "Only values that occur or that the model knows: " : "Only values that occur: ";
  done = done && print_on_demand(r, out) && print_kept(r, out) && print_names(r, rounded, count_rounded, NULL, out) &&
         print_names(r, "Moved to the nearest permitted value: ", count_moved, print_moved, out) &&
         print_names(r, "Expected beyond the end, filled with it: ", count_at_ends, print_at_ends, out) &&
         print_names(r, "Not applicable, left: ", count_skipped, print_skipped, out) &&
         print_names(r, "PROMISED BUT STILL MISSING: ", count_broken, print_broken, out);
  if (fills_any(r) || r->keeps_model || !report_converged(r)) /* else nobody has a use for it */
    print_model(r, out);
  done = report_groups_text(r, out) && done;
  report_warnings_text(r->events, r->page, out);
  return done && !ferror(out);
}

void report_seconds_text(const report *r, FILE *out) {
  const emend_normal *m = report_model(r);
  const char *kernel = m ? emend_normal_kernel(m) : "";
  fprintf(out, "read %.2f s, plan %.2f s, estimate %.2f s, impute %.2f s, write %.2f s%s%s\n", r->seconds_read, r->seconds_plan,
          emend_imputation_seconds_estimate(r->imputation), emend_imputation_seconds_impute(r->imputation), r->seconds_write,
          kernel[0] ? ", kernel " : "", kernel);
}
