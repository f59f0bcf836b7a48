/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Times the estimation of generated tables from columns in memory: setup (patterns) and EM to its answer.
 *
 *   bench/estimate [OPTION]... [REPETITIONS [TABLE...]]
 *     --threads N             1 unless told otherwise; 0: all
 *     --tolerance X           1e-6
 *     --accelerate none|anderson|squarem
 *     --max-iterations N
 *     --answer FILE           writes mean and covariance of the last table (answer.h)
 *     --json                  one JSON object per table, with the times of all repetitions
 * The tables are those of tables.h; without any, w1 to w4.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "answer.h"
#include "fit.h"

enum { MOST_REPETITIONS = 99 };

typedef struct request {
  emend_normal_options *options;
  size_t repetitions;
  unsigned threads;
  const char *answer;
  int json;
} request;

/* Seconds of every repetition, by the clock and of processor time. */
typedef struct times {
  double setup[MOST_REPETITIONS], em[MOST_REPETITIONS], sum[MOST_REPETITIONS];
  double setup_processor[MOST_REPETITIONS], em_processor[MOST_REPETITIONS], processor[MOST_REPETITIONS];
} times;

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, size_t n) {
  qsort(values, n, sizeof *values, compare);
  return values[n / 2];
}

static void print_list(const char *name, const double *values, size_t n) {
  printf(", \"%s\": [", name);
  for (size_t i = 0; i < n; i++)
    printf("%s%.9g", i ? ", " : "", values[i]);
  putchar(']');
}

static void print_json(const bench_table *t, const request *q, const times *s, const emend_normal *fit) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("{\"table\": \"%s\", \"rows\": %zu, \"columns\": %zu, \"patterns\": %zu, \"kernel\": \"%s\", \"threads\": %u", t->name, t->n_rows,
         t->n_columns, emend_normal_patterns(fit), bench_fit_kernel(), q->threads);
  printf(", \"iterations\": %zu, \"esteps\": %zu, \"converged\": %s, \"log_likelihood\": %.17g, \"peak_bytes\": %.0f",
         emend_normal_iterations(fit), emend_normal_esteps(fit), emend_normal_converged(fit) ? "true" : "false",
         emend_normal_log_likelihood(fit), 1024.0 * (double)usage.ru_maxrss);
  print_list("setup", s->setup, q->repetitions);
  print_list("em", s->em, q->repetitions);
  print_list("wall", s->sum, q->repetitions);
  print_list("setup_processor", s->setup_processor, q->repetitions);
  print_list("em_processor", s->em_processor, q->repetitions);
  print_list("processor", s->processor, q->repetitions);
  puts("}");
}

static void print_text(const bench_table *t, const request *q, times *s, const emend_normal *fit) {
  printf("%-8s %-20s %7zu x %-3zu  patterns %6zu  setup %8.2f ms  em %8.2f ms  sum %8.2f ms  E-steps %4zu  log-likelihood %.6f  %s%s\n",
         t->name, t->what, t->n_rows, t->n_columns, emend_normal_patterns(fit), 1000 * median(s->setup, q->repetitions),
         1000 * median(s->em, q->repetitions), 1000 * median(s->sum, q->repetitions), emend_normal_esteps(fit),
         emend_normal_log_likelihood(fit), bench_fit_kernel(), emend_normal_converged(fit) ? "" : "  NOT CONVERGED");
}

static void measure(const char *name, const request *q) {
  bench_table table = bench_table_new(name);
  times seconds;
  for (size_t r = 0; r < q->repetitions; r++) {
    bench_fit fit = bench_fit_new(&table, q->options);
    seconds.setup[r] = fit.setup;
    seconds.em[r] = fit.em;
    seconds.sum[r] = fit.setup + fit.em;
    seconds.setup_processor[r] = fit.setup_processor;
    seconds.em_processor[r] = fit.em_processor;
    seconds.processor[r] = fit.setup_processor + fit.em_processor;
    if (r + 1 == q->repetitions) {
      if (q->answer)
        bench_answer_write(q->answer, table.n_columns, emend_normal_mean(fit.normal), emend_normal_covariance(fit.normal));
      if (q->json)
        print_json(&table, q, &seconds, fit.normal);
      else
        print_text(&table, q, &seconds, fit.normal);
    }
    emend_normal_free(fit.normal);
  }
  bench_table_free(&table);
}

static _Noreturn void usage(void) {
  fputs("usage: estimate [--threads N] [--tolerance X] [--accelerate none|anderson|squarem] [--max-iterations N] [--answer FILE] [--json]\n"
        "                [REPETITIONS [TABLE...]]\n",
        stderr);
  exit(2);
}

static emend_acceleration acceleration(const char *name) {
  static const char *const names[] = {
      [EMEND_ACCELERATE_ANDERSON] = "anderson", [EMEND_ACCELERATE_NONE] = "none", [EMEND_ACCELERATE_SQUAREM] = "squarem"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (strcmp(name, names[i]) == 0)
      return (emend_acceleration)i;
  usage();
}

static void read_option(int option, request *q) {
  emend_status status = EMEND_OK;
  if (option == 't')
    q->threads = (unsigned)strtoul(optarg, NULL, 10);
  else if (option == 'e')
    status = emend_normal_options_set_tolerance(q->options, strtod(optarg, NULL), NULL);
  else if (option == 'm')
    status = emend_normal_options_set_max_iterations(q->options, strtoul(optarg, NULL, 10), NULL);
  else if (option == 'x')
    emend_normal_options_set_acceleration(q->options, acceleration(optarg));
  else if (option == 'a')
    q->answer = optarg;
  else if (option == 'j')
    q->json = 1;
  else
    usage();
  if (status)
    usage();
}

int main(int count, char **arguments) {
  static const struct option known[] = {{"threads", required_argument, NULL, 't'},    {"tolerance", required_argument, NULL, 'e'},
                                        {"accelerate", required_argument, NULL, 'x'}, {"max-iterations", required_argument, NULL, 'm'},
                                        {"answer", required_argument, NULL, 'a'},     {"json", no_argument, NULL, 'j'},
                                        {NULL, 0, NULL, 0}};
  request q = {.options = emend_normal_options_new(), .repetitions = 5, .threads = 1};
  for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;)
    read_option(option, &q);
  if (optind < count)
    q.repetitions = strtoul(arguments[optind++], NULL, 10);
  if (q.repetitions < 1 || q.repetitions > MOST_REPETITIONS)
    usage();
  emend_normal_options_set_threads(q.options, q.threads);
  for (int i = optind; i < count; i++)
    measure(arguments[i], &q);
  for (size_t k = 0; optind == count && k < 4; k++)
    measure(bench_table_names[k], &q);
  emend_normal_options_free(q.options);
  return 0;
}
