/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/impute_options.h"
#include "report/columns.h"
#include "support/support.h"

/* The command as a whole, where a declarative case cannot tell: JSON, signals, a terminal, cells compared one by one. */

static const char *penguins(void) { return support_source("samples/penguins.csv"); }

/* Runs a command line through sh; what it prints goes to files of the scratch folder. Returns waitpid's status. */
static int run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static int run(const char *format, ...) {
  char line[4096], whole[8192];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  snprintf(whole, sizeof whole, "cd '%s' && '%s' %s", support_scratch("."), support_program(), line);
  return system(whole);
}

static char *text_of(const char *name) {
  size_t length;
  return (char *)support_read(support_scratch(name), &length);
}

static json_t *json_of(const char *name) {
  char *text = text_of(name);
  json_error_t error;
  json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(document != NULL, "%s: line %d: %s", name, error.line, error.text);
  free(text);
  return document;
}

/* Every key of the object, and of objects in it, is described in docs/json.md. Options are described by their help. */
static void assert_documented(const json_t *value, const char *documentation) {
  const char *key;
  json_t *item;
  size_t index;
  if (json_is_array(value)) {
    json_array_foreach((json_t *)(uintptr_t)value, index, item) assert_documented(item, documentation);
    return;
  }
  json_object_foreach((json_t *)(uintptr_t)value, key, item) {
    char quoted[128];
    snprintf(quoted, sizeof quoted, "`%s`", key);
    ck_assert_msg(strstr(documentation, quoted) != NULL, "docs/json.md does not describe \"%s\"", key);
    if (strcmp(key, "options") != 0)
      assert_documented(item, documentation);
  }
}

START_TEST(json_holds_every_key_and_each_is_documented) {
  static const char *const keys[] = {
      "schema",     "version",    "command",   "dry_run",  "status",   "input",          "input_format", "output",         "output_format", "way", "losses",
      "rows",       "weight",     "id",        "model",    "patterns", "log_likelihood", "log_posterior", "iterations", "esteps", "kernel",    "converged",
      "distance",   "weight_sum", "prior",     "ridge",    "broken",   "unanswered", "rows_estimated", "effective_rows", "seconds",      "variables",
      "warnings",   "options",    "mixture",   "by",       "groups"};
  size_t length;
  char *documentation = (char *)support_read(support_source("docs/json.md"), &length);
  ck_assert_int_eq(run("impute '%s' -o out.sav --json=run.json >/dev/null 2>&1", support_source("samples/gss2014_usermissing.sav")), 0);
  json_t *document = json_of("run.json");
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
    ck_assert_msg(json_object_get(document, keys[i]) != NULL, "no key \"%s\"", keys[i]);
  ck_assert_uint_eq(json_object_size(document), sizeof keys / sizeof *keys);
  assert_documented(document, documentation);
  for (const char *const *stage = (const char *const[]){"read", "estimate", "impute", "write", NULL}; *stage; stage++)
    ck_assert(json_number_value(json_object_get(json_object_get(document, "seconds"), *stage)) >= 0);
  json_t *options = json_object_get(document, "options");
  for (const option *o = impute_options; o->name; o++)
    ck_assert_msg(json_object_get(options, o->name) != NULL, "no option \"%s\"", o->name);
  json_decref(document);
  free(documentation);
}
END_TEST

/* 2,187 of the sample's 2,345 user-missing cells are not applicable, and stay; 6 that hang on an imputed religion turn out not to apply. */
START_TEST(json_counts_agree_with_the_survey) {
  ck_assert_int_eq(run("impute '%s' -o out.sav --json >run.json 2>/dev/null", support_source("samples/gss2014_usermissing.sav")), 0);
  json_t *document = json_of("run.json");
  json_t *variables = json_object_get(document, "variables"), *variable, *code;
  size_t i, k;
  json_int_t user = 0, not_applicable = 0, filled = 0, left = 0, missing = 0;
  json_array_foreach(variables, i, variable) {
    user += json_integer_value(json_object_get(json_object_get(variable, "counts"), "user"));
    filled += json_integer_value(json_object_get(variable, "filled"));
    left += json_integer_value(json_object_get(variable, "left"));
    missing += json_integer_value(json_object_get(variable, "missing"));
    json_array_foreach(json_object_get(variable, "codes"), k, code) if (!json_is_true(json_object_get(code, "fill"))) not_applicable +=
        json_integer_value(json_object_get(code, "count"));
  }
  ck_assert_int_eq(user, 2345);
  ck_assert_int_eq(not_applicable, 2187);
  ck_assert_int_eq(left, 2187 + 6);
  ck_assert_int_eq(filled + left, missing);
  ck_assert_int_eq(json_integer_value(json_object_get(document, "rows")), 2538);
  json_decref(document);
}
END_TEST

START_TEST(json_of_a_dry_run_is_the_plan) {
  ck_assert_int_eq(run("impute '%s' --dry-run --json >run.json", penguins()), 0);
  json_t *document = json_of("run.json");
  ck_assert(json_is_true(json_object_get(document, "dry_run")));
  ck_assert(json_is_null(json_object_get(document, "log_likelihood")));
  ck_assert(json_is_null(json_object_get(document, "output")));
  ck_assert_str_eq(json_string_value(json_object_get(document, "way")), "patch");
  ck_assert_uint_eq(json_array_size(json_object_get(document, "variables")), 8);
  json_decref(document);
}
END_TEST

/* A CSV without quotes, as cells. */
enum { ROWS = 400, FIELDS = 8 };
typedef struct grid {
  char *text, *cells[ROWS][FIELDS];
  size_t n_rows;
} grid;

static void split(grid *g, char *text) {
  g->text = text;
  g->n_rows = 0;
  for (char *line = text; *line && g->n_rows < ROWS; g->n_rows++) {
    char *end = line + strcspn(line, "\n"), *next = *end ? end + 1 : end;
    *end = '\0';
    for (size_t j = 0; j < FIELDS; j++)
      g->cells[g->n_rows][j] = j < FIELDS - 1 ? strsep(&line, ",") : line;
    line = next;
  }
}

START_TEST(the_audit_lists_exactly_the_changed_cells) {
  static grid before, after;
  size_t length, changed = 0;
  ck_assert_int_eq(run("impute '%s' -o out.csv --audit audit.csv --no-round -q", penguins()), 0);
  char *audit = text_of("audit.csv");
  split(&before, (char *)support_read(penguins(), &length));
  split(&after, text_of("out.csv"));
  ck_assert_uint_eq(before.n_rows, after.n_rows);
  char *line = strtok(audit, "\n");
  ck_assert_str_eq(line, "row,id,variable,old,new");
  for (size_t i = 1; i < before.n_rows; i++)
    for (size_t j = 0; j < FIELDS; j++) {
      char expected[256];
      if (strcmp(before.cells[i][j], after.cells[i][j]) == 0)
        continue;
      ck_assert_str_eq(before.cells[i][j], "NA");
      snprintf(expected, sizeof expected, "%zu,,%s,%s,%s", i, before.cells[0][j], strcmp(before.cells[0][j], "sex") ? "system-missing" : "empty",
               after.cells[i][j]);
      line = strtok(NULL, "\n");
      ck_assert_pstr_eq(line, expected);
      changed++;
    }
  ck_assert_ptr_null(strtok(NULL, "\n"));
  ck_assert_uint_eq(changed, 19); /* two penguins were not measured: four measures each; of eleven the sex is not known */
  free(audit);
  free(before.text);
  free(after.text);
}
END_TEST

START_TEST(a_saved_model_completes_the_same) {
  ck_assert_int_eq(run("impute '%s' -o first.csv --no-round --save-model model.json --json=first.json -q", penguins()), 0);
  ck_assert_int_eq(run("impute '%s' -o second.csv --no-round --model model.json --save-model again.json --json=second.json -q",
      penguins()), 0);
  char *first = text_of("first.csv"), *second = text_of("second.csv"), *model = text_of("model.json"), *again = text_of("again.json");
  ck_assert_str_eq(first, second);
  ck_assert_str_eq(model, again);
  json_t *one = json_of("first.json"), *two = json_of("second.json");
  ck_assert(json_is_null(json_object_get(one, "model")));
  ck_assert_str_eq(json_string_value(json_object_get(two, "model")), "model.json");
  ck_assert(json_equal(json_object_get(one, "log_likelihood"), json_object_get(two, "log_likelihood")));
  json_t *kept = json_of("model.json");
  ck_assert_int_eq(json_integer_value(json_object_get(kept, "schema")), 1);
  json_decref(kept);
  json_decref(one);
  json_decref(two);
  free(first);
  free(second);
  free(model);
  free(again);
}
END_TEST

/* Rows with holes in so many patterns that an estimation to the last digit takes far longer than any test waits. */
static void write_long_job(void) {
  enum { N = 3000, P = 150 };
  FILE *out = fopen(support_scratch("long.csv"), "w");
  uint64_t state = 1;
  for (int j = 0; j < P; j++)
    fprintf(out, "%sv%d", j ? "," : "", j);
  for (int i = 0; i < N; i++) {
    double common = 0;
    fputc('\n', out);
    for (int j = 0; j < P; j++) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      double x = (double)(state >> 33) / (double)(1u << 31) - 0.5;
      common = j ? common : x;
      if (j)
        fputc(',', out);
      if ((state >> 20 & 7) > 3)
        fprintf(out, "%.6f", common * j / 30 + x);
    }
  }
  fputc('\n', out);
  ck_assert_int_eq(fclose(out), 0);
}

#define LONG_JOB "impute", "long.csv", "-o", "out.csv", "--force", "--audit", "audit.csv", "--tolerance", "1e-14", "--max-iterations", \
    "1000000000", "--accelerate", "none", "--threads", "1"

/* In a forked child; the folder is asked for before the fork, since each process has its own. */
static void become_long_job(const char *folder) {
  if (chdir(folder) != 0)
    _exit(98);
  execl(support_program(), support_program(), LONG_JOB, (char *)NULL);
  _exit(99);
}

static void pause_for(double seconds) {
  struct timespec time = {(time_t)seconds, (long)(1e9 * (seconds - floor(seconds)))};
  nanosleep(&time, NULL);
}

/* Until the process has its own answer to the signal, however busy the machine is; where nothing tells, a while. */
static void wait_until_handled(pid_t child, int signal_number) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", (int)child);
  for (int i = 0; i < 1000; i++) {
    unsigned long long caught = 0;
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
      sscanf(line, "SigCgt: %llx", &caught);
    if (file)
      fclose(file);
    if (caught >> (signal_number - 1) & 1)
      break;
    pause_for(0.05);
  }
  pause_for(0.5);
}

START_TEST(a_signal_leaves_no_trace) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
  write_long_job();
  support_write(support_scratch("out.csv"), "earlier\n", 8);
  const char *folder = support_scratch("."), *errors_path = support_scratch("errors");
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    signal(signals[_i], SIG_DFL);
    int errors_file = open(errors_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(errors_file, STDERR_FILENO);
    become_long_job(folder);
  }
  int status;
  wait_until_handled(child, signals[_i]);
  ck_assert_int_eq(waitpid(child, &status, WNOHANG), 0); /* else it was no long job */
  kill(child, signals[_i]);
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFSIGNALED(status));
  ck_assert_int_eq(WTERMSIG(status), signals[_i]);
  char *old = text_of("out.csv"), *errors = text_of("errors");
  ck_assert_str_eq(old, "earlier\n");
  ck_assert_ptr_nonnull(strstr(errors, "nothing was written"));
  ck_assert_int_eq(run("version >/dev/null; test \"$(ls -A | tr '\\n' ' ')\" = 'errors long.csv out.csv '"), 0);
  free(old);
  free(errors);
}
END_TEST

/* Waiting for standard input that does not come is ended by one signal too. */
START_TEST(a_signal_ends_the_wait_for_standard_input) {
  int pipe_ends[2], status;
  const char *folder = support_scratch(".");
  ck_assert_int_eq(pipe(pipe_ends), 0);
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    dup2(pipe_ends[0], STDIN_FILENO);
    close(pipe_ends[1]);
    signal(SIGTERM, SIG_DFL);
    if (chdir(folder) != 0)
      _exit(98);
    execl(support_program(), support_program(), "impute", "-", "-o", "out.csv", "-q", (char *)NULL);
    _exit(99);
  }
  ck_assert_int_eq(write(pipe_ends[1], "a,b\n1,2\n", 8), 8);
  wait_until_handled(child, SIGTERM);
  kill(child, SIGTERM);
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  ck_assert_int_ne(access(support_scratch("out.csv"), F_OK), 0);
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}
END_TEST

/* What a terminal shows of a long job that Ctrl-C ends. */
START_TEST(a_terminal_sees_a_bar_that_goes_away) {
  static char seen[1 << 16];
  size_t n = 0;
  int terminal, status;
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  write_long_job();
  const char *folder = support_scratch(".");
  fflush(NULL);
  pid_t child = forkpty(&terminal, NULL, NULL, &size);
  if (child < 0) /* a machine without pseudo-terminals (a bare chroot): nothing to look at */
    return;
  if (child == 0) {
    setenv("TERM", "xterm", 1);
    become_long_job(folder);
  }
  fcntl(terminal, F_SETFL, O_NONBLOCK);
  bool stopped = false;
  for (int i = 0; i < 2000; i++) {
    ssize_t got = read(terminal, seen + n, sizeof seen - 1 - n);
    n += got > 0 ? (size_t)got : 0;
    if (got == 0 || (got < 0 && errno == EIO))
      break;
    if (!stopped && strstr(seen, "░")) {
      ck_assert_int_eq(write(terminal, "\003", 1), 1); /* Ctrl-C */
      stopped = true;
    }
    pause_for(0.05);
  }
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  close(terminal);
  ck_assert(stopped);
  ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
  ck_assert_ptr_nonnull(strstr(seen, "estimate"));
  char *cleared = strstr(seen, "\r\033[Kemend: stopped");
  ck_assert_msg(cleared != NULL, "the bar was not taken away: %s", seen);
  for (char *bar = strtok(seen, "\r\n"); bar; bar = strtok(NULL, "\r\n"))
    ck_assert_uint_le(text_columns(bar), 80 + 8 /* the escape sequence */);
}
END_TEST

START_TEST(a_pipe_sees_no_bar) {
  write_long_job();
  int status = run("impute long.csv -o out.csv --tolerance 1e-14 --max-iterations 5 --threads 1 >out.txt 2>err.txt");
  ck_assert_int_eq(WEXITSTATUS(status), 3);
  char *errors = text_of("err.txt");
  ck_assert_ptr_null(strchr(errors, '\033'));
  ck_assert_ptr_null(strchr(errors, '\r'));
  ck_assert_ptr_nonnull(strstr(errors, "emend: long.csv: EM did not converge: after 5 iterations"));
  free(errors);
}
END_TEST

SUITE_APART {
  Suite *suite = suite_create("emend impute");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, json_holds_every_key_and_each_is_documented);
  tcase_add_test(tests, json_counts_agree_with_the_survey);
  tcase_add_test(tests, json_of_a_dry_run_is_the_plan);
  tcase_add_test(tests, the_audit_lists_exactly_the_changed_cells);
  tcase_add_test(tests, a_saved_model_completes_the_same);
  tcase_add_loop_test(tests, a_signal_leaves_no_trace, 0, 3);
  tcase_add_test(tests, a_signal_ends_the_wait_for_standard_input);
  tcase_add_test(tests, a_terminal_sees_a_bar_that_goes_away);
  tcase_add_test(tests, a_pipe_sees_no_bar);
  suite_add_tcase(suite, tests);
  return suite;
}
