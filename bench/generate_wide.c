/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes a .sav (uncompressed), .dta (release 118) or .csv of ROWS x COLUMNS numbers to standard output, byte by byte from the formats'
 * descriptions, so that reading is measured on files that no reader's own writer has made. Every even column holds codes 1 to 7, every odd
 * one reals (two decimals in .csv; "codes", "reals" and "texts" are .csv of these only); 1 cell in 32 is missing. Contents depend on the
 * position alone: the same command gives the same bytes.
 *
 *   bench/generate_wide sav 1000000 50 > wide.sav
 */
#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sav_file.h"

enum { MISSING_IN = 32, CODES = 7, MOST_COLUMNS = 9999 };

/* A well-mixed number for each cell (the finaliser of splitmix64). */
static uint64_t mix(uint64_t row, uint64_t column) {
  uint64_t z = row * UINT64_C(0x9E3779B97F4A7C15) + (column + 1) * UINT64_C(0xD1B54A32D192ED03);
  z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
  return z ^ z >> 31;
}

/* NaN where the cell is missing. */
static double cell(uint64_t row, uint64_t column) {
  uint64_t bits = mix(row, column);
  if (bits % MISSING_IN == 0)
    return NAN;
  bits /= MISSING_IN;
  return column % 2 == 0 ? (double)(1 + bits % CODES) : (double)(bits >> 10) / (double)(UINT64_C(1) << 49) * 200 - 100;
}

static void put_cells(uint64_t rows, uint64_t columns, double missing) {
  for (uint64_t row = 0; row < rows; row++)
    for (uint64_t column = 0; column < columns; column++) {
      double value = cell(row, column);
      bench_put_double(isnan(value) ? missing : value);
    }
}

static void put_sav(uint64_t rows, uint64_t columns) {
  bench_sav_begin(rows, columns, "V");
  put_cells(rows, columns, -DBL_MAX);
}

/* The sections of release 118 and the offsets that its <map> lists. */
typedef struct dta_layout {
  uint64_t map, types, names, sort, formats, label_names, labels, characteristics, data, strls, value_labels, end, size;
} dta_layout;

enum { NAME = 129, FORMAT = 57, LABEL = 321, MAP_ENTRIES = 14 };
static const char dta_head[] = "<stata_dta><header><release>118</release><byteorder>LSF</byteorder><K>";

/* Bytes of a section with `bytes` between its tags. */
static uint64_t section(const char *name, uint64_t bytes) { return 2 * strlen(name) + 5 + bytes; }

static dta_layout lay_out(uint64_t rows, uint64_t columns) {
  dta_layout l;
  l.map = strlen(dta_head) + 2 + strlen("</K><N>") + 8 + strlen("</N><label>") + 2 + strlen("</label><timestamp>") + 1 +
          strlen("</timestamp></header>");
  l.types = l.map + section("map", 8 * MAP_ENTRIES);
  l.names = l.types + section("variable_types", 2 * columns);
  l.sort = l.names + section("varnames", NAME * columns);
  l.formats = l.sort + section("sortlist", 2 * (columns + 1));
  l.label_names = l.formats + section("formats", FORMAT * columns);
  l.labels = l.label_names + section("value_label_names", NAME * columns);
  l.characteristics = l.labels + section("variable_labels", LABEL * columns);
  l.data = l.characteristics + section("characteristics", 0);
  l.strls = l.data + section("data", 8 * rows * columns);
  l.value_labels = l.strls + section("strls", 0);
  l.end = l.value_labels + section("value_labels", 0);
  l.size = l.end + strlen("</stata_dta>");
  return l;
}

static void put_map(const dta_layout *l) {
  const uint64_t entries[MAP_ENTRIES] = {0,         l->map,         l->types,           l->names, l->sort,  l->formats,      l->label_names,
                                         l->labels, l->characteristics, l->data, l->strls, l->value_labels, l->end, l->size};
  fputs("<map>", stdout);
  for (size_t i = 0; i < MAP_ENTRIES; i++)
    bench_put_integer(entries[i], 8);
  fputs("</map>", stdout);
}

static void put_dta(uint64_t rows, uint64_t columns) {
  enum { DOUBLE = 65526 };
  const double system_missing = ldexp(1, 1023); /* Stata's "." */
  dta_layout layout = lay_out(rows, columns);
  fputs(dta_head, stdout);
  bench_put_integer(columns, 2);
  fputs("</K><N>", stdout);
  bench_put_integer(rows, 8);
  fputs("</N><label>", stdout);
  bench_put_integer(0, 2);
  fputs("</label><timestamp>", stdout);
  bench_put_integer(0, 1);
  fputs("</timestamp></header>", stdout);
  put_map(&layout);
  fputs("<variable_types>", stdout);
  for (uint64_t column = 0; column < columns; column++)
    bench_put_integer(DOUBLE, 2);
  fputs("</variable_types><varnames>", stdout);
  for (uint64_t column = 0; column < columns; column++) {
    char name[24];
    snprintf(name, sizeof name, "v%" PRIu64, column + 1);
    bench_put_field(name, NAME, '\0');
  }
  fputs("</varnames><sortlist>", stdout);
  bench_put_field("", 2 * ((size_t)columns + 1), '\0');
  fputs("</sortlist><formats>", stdout);
  for (uint64_t column = 0; column < columns; column++)
    bench_put_field("%9.0g", FORMAT, '\0');
  fputs("</formats><value_label_names>", stdout);
  bench_put_field("", NAME * (size_t)columns, '\0');
  fputs("</value_label_names><variable_labels>", stdout);
  bench_put_field("", LABEL * (size_t)columns, '\0');
  fputs("</variable_labels><characteristics></characteristics><data>", stdout);
  put_cells(rows, columns, system_missing);
  fputs("</data><strls></strls><value_labels></value_labels></stata_dta>", stdout);
}

static bool parse(const char *text, uint64_t most, uint64_t *value) {
  char *end;
  errno = 0;
  unsigned long long number = strtoull(text, &end, 10);
  *value = number;
  return errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' && number <= most;
}

/* What the cells of a .csv are: codes and decimals in turn, codes, reals of all their digits, texts (some quoted, some long). */
typedef enum csv_kind { MIXED, CODES_ONLY, REALS, TEXTS } csv_kind;

static void put_text(uint64_t row, uint64_t column) {
  static const char *const texts[] = {"Strongly agree", "Yes", "No", "\"Agree, somewhat\"", "\"He said \"\"no\"\"\"", "S\303\243o Paulo",
                                      "NA"};
  if (column % 5 == 0)
    printf("\"free text %" PRIu64 " of row %" PRIu64 "\"", column, row);
  else
    fputs(texts[mix(row, column) / MISSING_IN % CODES], stdout);
}

static void put_csv(uint64_t rows, uint64_t columns, csv_kind kind) {
  for (uint64_t column = 0; column < columns; column++)
    printf("%sq%" PRIu64, column ? "," : "", column + 1);
  for (uint64_t row = 0; row < rows; row++)
    for (uint64_t column = 0; column < columns; column++) {
      uint64_t shown = kind == CODES_ONLY ? 2 * column : kind == REALS ? 2 * column + 1 : column;
      double value = cell(row, shown);
      putchar(column ? ',' : '\n');
      if (isnan(value))
        continue;
      if (kind == TEXTS)
        put_text(row, column);
      else
        printf(kind == REALS ? "%.17g" : shown % 2 ? "%.2f" : "%.0f", value);
    }
  putchar('\n');
}

int main(int argc, char **argv) {
  uint64_t rows, columns;
  static const char *const kinds[] = {[MIXED] = "csv", [CODES_ONLY] = "codes", [REALS] = "reals", [TEXTS] = "texts"};
  size_t kind = 0;
  while (argc == 4 && kind <= TEXTS && strcmp(argv[1], kinds[kind]) != 0)
    kind++;
  bool csv = argc == 4 && kind <= TEXTS, sav = argc == 4 && strcmp(argv[1], "sav") == 0, dta = argc == 4 && strcmp(argv[1], "dta") == 0;
  if ((!sav && !dta && !csv) || !parse(argv[2], INT32_MAX, &rows) || !parse(argv[3], MOST_COLUMNS, &columns) || columns == 0) {
    fputs("usage: generate_wide sav|dta|csv|codes|reals|texts ROWS COLUMNS > FILE\n", stderr);
    return 2;
  }
  if (sav)
    put_sav(rows, columns);
  else if (csv)
    put_csv(rows, columns, (csv_kind)kind);
  else
    put_dta(rows, columns);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    perror("generate_wide");
    return 1;
  }
  return 0;
}
