/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/clock.h"

/*
 * The floor under reading delimited text: a file in memory (mapped), split at commas and line ends outside quotes, numbers taken by
 * an exact multiplication or division (at most 2^53, powers of ten up to 22), others left to strtod. Nothing is decided or checked; at last
 * the numbers are kept as well, one after the other, with a byte for each.
 *   tokenise FILE [REPETITIONS]: the best of them
 */
static double power[23] = {1};
static double total;

static double take(const char *begin, const char *end) {
  const char *p = begin;
  uint64_t digits = 0;
  int exponent = 0, negative = *p == '-', room = 1;
  for (p += negative; p < end && *p >= '0' && *p <= '9'; p++)
    room = room && digits < UINT64_C(900000000000000), digits = 10 * digits + (uint64_t)(*p - '0');
  if (p < end && *p == '.')
    for (p++; p < end && *p >= '0' && *p <= '9'; p++, exponent++)
      room = room && digits < UINT64_C(900000000000000), digits = 10 * digits + (uint64_t)(*p - '0');
  if (p == end && room && exponent <= 22)
    return (negative ? -1 : 1) * (double)digits / power[exponent];
  return begin < end && *begin != '"' ? strtod(begin, NULL) : 0;
}

/* What is kept: blocks of a mebibyte. */
enum { BLOCK = 1 << 17, MOST_BLOCKS = 1 << 16 };
typedef struct block {
  double values[BLOCK];
  unsigned char reasons[BLOCK];
} block;
static block *kept[MOST_BLOCKS];

static void keep(size_t cell, double value, int missing) {
  size_t b = cell / BLOCK, i = cell % BLOCK;
  if (b >= MOST_BLOCKS || (!kept[b] && !(kept[b] = malloc(sizeof *kept[b]))))
    exit(1);
  kept[b]->values[i] = value;
  kept[b]->reasons[i] = (unsigned char)missing;
}

static void forget(void) {
  for (size_t b = 0; b < MOST_BLOCKS; b++)
    free(kept[b]), kept[b] = NULL;
}

typedef enum mode { SPLIT, NUMBERS, KEPT, MODES } mode;

static size_t tokenise(const char *p, const char *end, mode wanted) {
  size_t cells = 0;
  int quoted = 0;
  for (const char *begin = p; p < end; p++) {
    if (*p == '"')
      quoted = !quoted;
    if (quoted || (*p != ',' && *p != '\n'))
      continue;
    if (wanted != SPLIT) {
      double value = begin < p ? take(begin, p) : 0;
      total += value;
      if (wanted == KEPT)
        keep(cells, value, begin == p);
    }
    cells++;
    begin = p + 1;
  }
  return cells;
}

int main(int count, char **arguments) {
  struct stat info;
  int file = count > 1 ? open(arguments[1], O_RDONLY) : -1, repetitions = count > 2 ? atoi(arguments[2]) : 5;
  if (file < 0 || fstat(file, &info)) {
    fputs("usage: tokenise FILE [REPETITIONS]\n", stderr);
    return 2;
  }
  for (int i = 1; i < 23; i++)
    power[i] = 10 * power[i - 1];
  for (mode wanted = SPLIT; wanted < MODES; wanted++) {
    static const char *const names[MODES] = {"tokens", "tokens and numbers", "numbers kept"};
    double best = 1e9;
    size_t cells = 0;
    for (int i = 0; i < repetitions; i++) {
      double start = emend_clock_seconds();
      const char *text = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, file, 0);
      if (text == MAP_FAILED)
        return 1;
      cells = tokenise(text, text + info.st_size, wanted);
      munmap((void *)(uintptr_t)text, (size_t)info.st_size);
      double seconds = emend_clock_seconds() - start;
      best = seconds < best ? seconds : best;
      forget();
    }
    printf("%-22s %7.1f ms  %7.1f MB/s  %6.1f Mcell/s\n", names[wanted], 1000 * best, (double)info.st_size / best / 1e6,
           (double)cells / best / 1e6);
  }
  return total == 0.123456; /* so that nothing is left out */
}
