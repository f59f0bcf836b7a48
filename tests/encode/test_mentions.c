/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "encode/kit.h"

/* Series of coded mentions that no file declares, and series that only look like them. */

enum { SERIES = 3, AFTER = SERIES, N = 450 };

static double uniform(size_t row, size_t use) { return emend_random_uniform(11, EMEND_STREAM_CELL, row, use); }

/* How the answers of a row come about. */
typedef struct series {
  const char *what;
  double codes;              /* how many there are */
  double step;               /* between codes */
  bool twice;                /* drawn with replacement */
  double alike;              /* how often a code is that of the variable before */
  bool ascending, labelled, words;
  bool other;                /* the last code is declared to be no answer: "98 another one" */
  bool breaks_off;           /* what comes behind lacks an answer, too */
  double further;            /* how often there is a further one */
  double refused;            /* how often a variable lacks its answer, whatever comes behind */
  bool found;
} series;

static const series all_series[] = {
    {.what = "mentions", .codes = 8, .step = 1, .further = 0.5, .found = true},
    {.what = "most have all", .codes = 8, .step = 1, .further = 0.9, .found = true},
    {.what = "another one counts as no answer", .codes = 8, .step = 1, .further = 0.6, .other = true, .found = true},
    {.what = "words", .codes = 8, .step = 1, .further = 0.9, .words = true, .found = true},
    {.what = "ascending numbers", .codes = 8, .step = 1, .further = 0.6, .ascending = true},
    {.what = "ascending codes", .codes = 8, .step = 1, .further = 0.6, .ascending = true, .labelled = true, .found = true},
    {.what = "codes twice", .codes = 6, .step = 5, .further = 0.5, .twice = true, .found = true},
    {.what = "amounts twice", .codes = 6, .step = 1, .further = 0.5, .twice = true},
    {.what = "labelled codes twice", .codes = 6, .step = 1, .further = 0.5, .twice = true, .labelled = true, .found = true},
    {.what = "the same person again", .codes = 6, .step = 5, .further = 0.6, .twice = true, .alike = 0.4},
    {.what = "breaking off", .codes = 6, .step = 5, .further = 0.6, .twice = true, .breaks_off = true},
    {.what = "breaking off late", .codes = 6, .step = 5, .further = 0.95, .twice = true},
    {.what = "no answer here and there", .codes = 8, .step = 1, .further = 0.6, .refused = 0.1},
    {.what = "ranks", .codes = 3, .step = 1, .further = 0.6},
    {.what = "too many codes to tell", .codes = 90, .step = 1, .further = 0.4},
};

static void draw(const series *s, size_t row, double *cells) {
  for (size_t v = 0; v < SERIES; v++) {
    bool again = true;
    for (size_t use = 0; again; use++) {
      cells[v] = floor(s->codes * uniform(row, 100 + 50 * v + use));
      if (v > 0 && uniform(row, 20 + v) < s->alike)
        cells[v] = cells[v - 1];
      again = false;
      for (size_t u = 0; u < v && !s->twice; u++)
        again = again || cells[u] == cells[v];
    }
  }
  for (size_t v = 1; v < SERIES && s->ascending; v++)
    for (size_t u = v; u > 0 && cells[u] < cells[u - 1]; u--) {
      double other = cells[u];
      cells[u] = cells[u - 1], cells[u - 1] = other;
    }
}

static emend_dataset *make(const series *s) {
  static const char *const words[] = {"price", "taste", "smell", "size", "shop", "habit", "advice", "test"};
  emend_dataset *dataset = kit_new("sav");
  for (size_t v = 0; v < SERIES; v++) {
    char name[8];
    snprintf(name, sizeof name, "cod_%zu", v + 9); /* and 10, 11 */
    kit_add(dataset, name, s->words ? EMEND_TEXT : EMEND_NUMERIC, s->words ? EMEND_STORAGE_TEXT : EMEND_STORAGE_F64);
    for (size_t k = 0; s->labelled && k < (size_t)s->codes; k++)
      kit_label(dataset, v, 1 + s->step * (double)k, words[k]);
  }
  for (size_t v = 0; v < SERIES && s->other; v++)
    kit_declare(dataset, v, 98, 98);
  kit_number(dataset, "after"), kit_number(dataset, "x");
  for (size_t row = 0; row < N; row++) {
    double cells[SERIES + 2], drawn[SERIES];
    bool stopped = false;
    draw(s, row, drawn);
    for (size_t v = 0; v < SERIES; v++) {
      stopped = stopped || uniform(row, v) > (v ? s->further : 0.95);
      cells[v] = stopped || uniform(row, 10 + v) < s->refused ? NAN : 1 + s->step * drawn[v];
      cells[v] = s->other && drawn[v] == s->codes - 1 && !isnan(cells[v]) ? 98 : cells[v];
    }
    cells[AFTER] = s->breaks_off && stopped ? NAN : floor(9 * uniform(row, 30)), cells[AFTER + 1] = uniform(row, 31);
    kit_row(dataset, s->words ? cells + SERIES : cells);
    for (size_t v = 0; v < SERIES && s->words; v++)
      if (!isnan(cells[v])) {
        const char *word = words[(size_t)cells[v] - 1];
        ck_assert_int_eq(emend_dataset_put_text(dataset, v, word, strlen(word), NULL), EMEND_OK);
      }
  }
  return dataset;
}

START_TEST(mentions_or_not) {
  const series *s = &all_series[_i];
  emend_dataset *dataset = make(s);
  emend_plan *plan = kit_plan(dataset, NULL);
  for (size_t v = 0; v < SERIES; v++) {
    bool stays = strstr(emend_plan_why(plan, v), "no further mention") != NULL;
    ck_assert_msg(stays == s->found, "%s: %s", s->what, emend_plan_why(plan, v));
    ck_assert(!stays || emend_plan_missing(plan, v).fill == 0);
  }
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

/* A name, a range or a pattern in --targets, or a name in --vars, fills a variable; so does a condition. */
START_TEST(who_names_them_knows_better) {
  emend_dataset *dataset = make(&all_series[0]);
  for (int way = 0; way < 3; way++) {
    emend_plan_options *options = emend_plan_options_new();
    emend_status status = way == 0   ? emend_plan_options_set_targets(options, "cod_*", NULL)
                          : way == 1 ? emend_plan_options_set_variables(options, "cod_9,cod_10,cod_11,x", NULL)
                                     : emend_plan_options_add_only_if(options, "cod_9-cod_11", "x >= 0", NULL, NULL);
    ck_assert_int_eq(status, EMEND_OK);
    emend_plan *plan = kit_plan(dataset, options);
    for (size_t v = 0; v < SERIES; v++)
      ck_assert_msg(emend_plan_missing(plan, v).fill > 0, "way %d: %s", way, emend_plan_why(plan, v));
    emend_plan_free(plan);
    emend_plan_options_free(options);
  }
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("mentions");
  TCase *t = tcase_create("series");
  tcase_add_loop_test(t, mentions_or_not, 0, sizeof all_series / sizeof *all_series);
  tcase_add_test(t, who_names_them_knows_better);
  suite_add_tcase(suite, t);
  return suite;
}
