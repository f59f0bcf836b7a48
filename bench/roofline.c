/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far an iteration is from what the processor can do: the arithmetic and the bytes that one iteration needs at least, counted from
 * the table's patterns (README.md), against the peak of one core and the speed at which it reads as many bytes, both measured here.
 *
 *   bench/roofline [TABLE...]        without any, w1 to w4; Markdown
 */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "fit.h"

enum { CHAINS = 12, ROUNDS = 2000000, PASSES = 20000000, BEST_OF = 15 };

/* Two loops per instruction set, with vectors as wide as its registers. peak: multiply-adds in chains that do not wait for one another;
 * flops per second. read: adds up n doubles, again and again; bytes per second. */
#define LOOPS(level, lanes, attributes)                                                                                                    \
  typedef double vector_##level __attribute__((vector_size(8 * (lanes))));                                                                 \
  attributes static double total_##level(const vector_##level *x) {                                                                        \
    double sum = 0;                                                                                                                        \
    for (int c = 0; c < CHAINS; c++)                                                                                                       \
      for (int i = 0; i < (lanes); i++)                                                                                                    \
        sum += x[c][i];                                                                                                                    \
    return sum;                                                                                                                            \
  }                                                                                                                                        \
  attributes static double peak_##level(void) {                                                                                            \
    vector_##level x[CHAINS], a = {0}, b = {0};                                                                                            \
    for (int i = 0; i < (lanes); i++)                                                                                                      \
      a[i] = 0.999999, b[i] = 1e-6;                                                                                                        \
    for (int c = 0; c < CHAINS; c++)                                                                                                       \
      x[c] = b * (1.0 + c); /* all different, or the compiler runs only one chain */                                                       \
    double start = emend_clock_seconds();                                                                                                  \
    for (int r = 0; r < ROUNDS; r++) {                                                                                                     \
      _Pragma("GCC unroll 12") for (int c = 0; c < CHAINS; c++) x[c] = x[c] * a + b;                                                       \
    }                                                                                                                                      \
    double seconds = emend_clock_seconds() - start;                                                                                        \
    return total_##level(x) > 0 ? 2.0 * CHAINS * (lanes) * ROUNDS / seconds : 0;                                                           \
  }                                                                                                                                        \
  attributes static double read_##level(const double *values, size_t n, size_t times) {                                                    \
    vector_##level x[CHAINS] = {{0}};                                                                                                      \
    double start = emend_clock_seconds();                                                                                                  \
    for (size_t r = 0; r < times; r++)                                                                                                     \
      for (size_t i = 0; i + CHAINS * (lanes) <= n; i += CHAINS * (lanes)) {                                                               \
        const vector_##level *block = (const vector_##level *)(values + i);                                                                \
        _Pragma("GCC unroll 12") for (int c = 0; c < CHAINS; c++) x[c] += block[c];                                                        \
      }                                                                                                                                    \
    double seconds = emend_clock_seconds() - start;                                                                                        \
    return total_##level(x) > 0 ? 8.0 * (double)n * (double)times / seconds : 0;                                                           \
  }
LOOPS(baseline, 2, )
#ifdef __x86_64__
LOOPS(avx2, 4, __attribute__((target("avx2,fma"))))
LOOPS(avx512, 8, __attribute__((target("avx512f"))))
#endif

typedef struct loops {
  double (*peak)(void);
  double (*read)(const double *values, size_t n, size_t times);
} loops;

static loops choose_loops(const char *kernel) {
#ifdef __x86_64__
  if (strcmp(kernel, "avx512") == 0)
    return (loops){peak_avx512, read_avx512};
  if (strcmp(kernel, "avx2") == 0)
    return (loops){peak_avx2, read_avx2};
#endif
  (void)kernel;
  return (loops){peak_baseline, read_baseline};
}

static double peak_flops(const loops *l) {
  double best = 0;
  for (int r = 0; r < BEST_OF; r++)
    best = fmax(best, l->peak());
  return best;
}

/* Bytes per second that one core reads from an array of this size, wherever that lies: in a cache or in memory. */
static double bandwidth(const loops *l, double bytes) {
  enum { LEAST = CHAINS * 8 * 8, ALIGNMENT = 64 };
  size_t n = (size_t)(bytes / 8 / LEAST + 1) * LEAST, times = (size_t)(PASSES / (double)n) + 1;
  double *values = aligned_alloc(ALIGNMENT, n * sizeof *values), best = 0;
  if (!values)
    exit(1);
  for (size_t i = 0; i < n; i++)
    values[i] = 1;
  for (int r = 0; r < BEST_OF; r++)
    best = fmax(best, l->read(values, n, times));
  free(values);
  return best;
}

typedef struct needs {
  size_t patterns, stored; /* rows that remain after compression */
  double flops, bytes;
} needs;

static int compare_masks(const void *a, const void *b, void *bytes) { return memcmp(a, b, *(const size_t *)bytes); }

/* One pattern: multiply-adds of precision form (m^3 / 2 + 2 m p a row) or score form (o^3 / 2 + 1.5 o^2 a row), whichever are fewer. */
static void add_pattern(needs *n, const unsigned char *mask, size_t p, size_t rows) {
  size_t o = 0;
  for (size_t j = 0; j < p; j++)
    o += mask[j];
  double m = (double)(p - o), k = (double)o, stored = (double)(rows < o + 1 ? rows : o + 1);
  n->patterns++;
  n->stored += (size_t)stored;
  if (o == 0 || o == p)
    return;
  double precision = m * m * m / 2 + 2 * m * (double)p * stored, score = k * k * k / 2 + 1.5 * k * k * stored;
  n->flops += 2 * fmin(precision, score);
  n->bytes += 8 * (double)(p + 1) * stored;
}

/* p x p work of an iteration (invert, add up: about 4 p^3 multiply-adds) included. */
static needs count_needs(const bench_table *t) {
  size_t p = t->n_columns, rows = 0;
  unsigned char *masks = malloc(t->n_rows * p);
  if (!masks)
    exit(1);
  for (size_t i = 0; i < t->n_rows; i++)
    for (size_t j = 0; j < p; j++)
      masks[i * p + j] = !isnan(t->values[j * t->n_rows + i]);
  qsort_r(masks, t->n_rows, p, compare_masks, &p);
  needs n = {.flops = 8 * pow((double)p, 3)};
  for (size_t i = 0; i < t->n_rows; i++) {
    rows++;
    if (i + 1 == t->n_rows || memcmp(masks + i * p, masks + (i + 1) * p, p) != 0)
      add_pattern(&n, masks + i * p, p, rows), rows = 0;
  }
  free(masks);
  return n;
}

/* Seconds of EM with at most `most` plain iterations, the best of several; *iterations that it took. */
static double em_seconds(const bench_table *t, size_t most, size_t *iterations) {
  emend_normal_options *options = emend_normal_options_new();
  emend_normal_options_set_acceleration(options, EMEND_ACCELERATE_NONE);
  emend_normal_options_set_threads(options, 1);
  emend_normal_options_set_max_iterations(options, most, NULL);
  emend_normal_options_set_tolerance(options, 1e-14, NULL);
  double best = INFINITY;
  for (int r = 0; r < BEST_OF; r++) {
    bench_fit fit = bench_fit_new(t, options);
    best = fmin(best, fit.em_processor);
    *iterations = emend_normal_iterations(fit.normal);
    emend_normal_free(fit.normal);
  }
  emend_normal_options_free(options);
  return best;
}

static void report(const char *name, double flops_per_second, const loops *l) {
  enum { FEW = 2, MANY = 202 };
  bench_table t = bench_table_new(name);
  needs n = count_needs(&t);
  size_t few, many;
  double short_run = em_seconds(&t, FEW, &few), long_run = em_seconds(&t, MANY, &many);
  double measured = many > few ? (long_run - short_run) / (double)(many - few) : NAN;
  double speed = bandwidth(l, n.bytes), arithmetic = n.flops / flops_per_second, memory = n.bytes / speed, floor = fmax(arithmetic, memory);
  printf("| %s | %zu | %zu | %.3g | %.3g | %.0f GB/s | %.3g ms | %.3g ms | %.3g ms | %.0f %% |\n", name, n.patterns, n.stored,
         n.flops / 1e6, n.bytes / 1e6, speed / 1e9, 1e3 * arithmetic, 1e3 * memory, 1e3 * measured, 100 * floor / measured);
  bench_table_free(&t);
}

int main(int count, char **arguments) {
  loops l = choose_loops(bench_fit_kernel());
  double flops = peak_flops(&l);
  printf("Kernel %s: one core does %.1f Gflop/s in a loop of multiply-adds.\n\n", bench_fit_kernel(), flops / 1e9);
  puts("| table | patterns | rows kept | Mflop | MB | read at | arithmetic | memory | measured | of the roof |");
  puts("|---|---|---|---|---|---|---|---|---|---|");
  for (int i = 1; i < count; i++)
    report(arguments[i], flops, &l);
  for (size_t k = 0; count == 1 && k < 4; k++)
    report(bench_table_names[k], flops, &l);
  return 0;
}
