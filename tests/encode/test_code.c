/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "encode/code.h"
#include "encode/kit.h"
#include "encode/unanswered.h"
#include "io/file.h"

static bool says_not_applicable(const char *label) {
  emend_buffer folded = {0};
  ck_assert_int_eq(emend_fold(label, strlen(label), &folded, NULL), EMEND_OK);
  bool says = emend_folded_says_not_applicable(folded.bytes);
  emend_buffer_free(&folded);
  return says;
}

START_TEST(labels_that_say_not_applicable) {
  static const char *const yes[] = {"Not applicable", "NOT APPLICABLE", "Inapplicable", "IAP", "iap", "NAP", "Legitimate skip", "Skipped", "N/A", "n/a",
                                    "IAP,DK,NA", "Don't know/not applicable", "-1 inapplicable (no job)", "(Not  applicable)", "R. skip: Q7",
                                    "Inap. (not 1 in V12)", "NIU (not in universe)", "Doesn't apply", "Doesn\u2019t apply",
                                    "Trifft nicht zu", "ENTFÄLLT", "Entfa\u0308llt (Filter)", "nicht zutreffend", "TNZ: arbeitslos",
                                    "Sans objet", "Non concerné(e)", "NE S'APPLIQUE PAS", "No procede", "N.P.", "No aplicable", "no  corresponde",
                                    "Não aplicável", "NÃO SE APLICA", "Non applicabile", "Non pertinente", "Niet van toepassing", "n.v.t.", "NVT",
                                    "Nie dotyczy", "НЕ ПРИМЕНИМО", "Неприменимо", "Ej tillämpligt", "Ikke aktuelt", "Ikke relevant", "Netýká se",
                                    "Uygulanamaz", "GEÇERLİ DEĞİL", "不适用", "题目不適用", "非該当", "該当なし（フィルター）", "해당 없음", "비해당(미취업)", "لا يَنْطَبِق",
                                    "Nije primjenjivo", "Ne odnosi se (nema djece)", "Se ne nanaša", "Не се отнася", "Ei kohaldu", "Nav piemērojams", "Neaktualu", "לא רלוונטי",
                                    "Not asked", "Not asked in Germany (split)", "Filter: nicht erwerbstätig", "Filtre : sans emploi", "FILTRO ocupados", "[-6] Filterführung geändert", "nicht erhoben in Welle 2",
                                    "Designbedingt fehlend", "Trifft auf mich nicht zu", "No preguntada en 2014", "Missing by filter", "System missing (filter)", "keine Angabe, Filter", "Route off", "9 Routed off", "Sin dato (filtro)", "Niet gesteld (vorm B)", "Não colocada: pergunta não colocada",
                                    "\u1112\u1162\u1103\u1161\u11bc \u110b\u1165\u11b9\u110b\u1173\u11b7"};
  static const char *const no[] = {"", "NA", "No answer", "Don't know", "Refused", "Kidnapped", "Skipper", "applicable", "Not very applicable",
                                   "Not a job", "napping", "Diaper", "Asked", "Unfiltered", "Not sure what was asked", "No answer: filter coffee", "Route 9",
                                   "Weiß nicht", "keine Angabe", "Trifft zu", "Ne sait pas", "Refus", "No sabe", "N.C.", "N.P. en el hogar", "Não sabe",
                                   "Non so", "Weet niet", "Nie wiem", "Затрудняюсь ответить", "Vet ej", "Ved ikke", "Neví", "Bilmiyor", "不知道", "わからない",
                                   "모름", "لا أعرف", "Ne znam", "Ei tea", "Nežino", "לא יודע", "SKIPPED ON WEB", "Missing", "該当"};
  for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
    ck_assert_msg(says_not_applicable(yes[i]), "%s", yes[i]);
  for (size_t i = 0; i < sizeof no / sizeof *no; i++)
    ck_assert_msg(!says_not_applicable(no[i]), "%s", no[i]);
}
END_TEST

/* q7 and q8 share the codes 97 to 99; q8 declares them as a range. x has tags. */
static emend_dataset *make(void) {
  emend_dataset *dataset = kit_new("sav");
  size_t q7 = kit_number(dataset, "q7"), q8 = kit_number(dataset, "q8"), x = kit_number(dataset, "x");
  kit_declare(dataset, q7, 97, 97), kit_declare(dataset, q7, 98, 98), kit_declare(dataset, q7, 99, 99);
  kit_declare(dataset, q8, 97, 99), kit_declare(dataset, q8, -1, -1);
  for (size_t v = 0; v < 2; v++)
    kit_label(dataset, v, 97, "IAP"), kit_label(dataset, v, 98, "Don't know"), kit_label(dataset, v, 99, "Refused");
  kit_label(dataset, q8, -1, "a;b=c,d");
  kit_label_tag(dataset, x, 'a', "refused");
  static const double cells[][3] = {{1, 2, 3},        {2, 97, KIT_TAG('a')}, {97, 98, KIT_TAG('b')}, {97, 98, NAN}, {98, 1, 7},
                                    {98, -1, KIT_TAG('a')}, {3, 4, 1}, {97, 3, KIT_TAG('z')}};
  kit_rows(dataset, 8, cells[0]);
  return dataset;
}

/* The fates as text: "97x3- " is code 97 in three cells, kept; + filled. */
static const char *fates(const emend_plan *plan, size_t v) {
  static char text[256];
  text[0] = '\0';
  for (size_t i = 0; i < emend_plan_codes(plan, v); i++) {
    emend_code code = emend_plan_code(plan, v, i);
    char one[64];
    if (code.reason == EMEND_SYSTEM_MISSING)
      snprintf(one, sizeof one, ".x%zu%c ", code.count, code.fill ? '+' : '-');
    else if (code.reason == EMEND_USER_MISSING)
      snprintf(one, sizeof one, "%gx%zu%c ", code.value, code.count, code.fill ? '+' : '-');
    else
      snprintf(one, sizeof one, ".%cx%zu%c ", 'a' + (code.reason - EMEND_TAG_A), code.count, code.fill ? '+' : '-');
    strcat(text, one);
  }
  return text;
}

static const struct fate_case {
  const char *impute, *keep, *q7, *q8, *x;
} fate_cases[] = {
    {NULL, NULL, "97x3- 98x2+ 99x0+ ", "-1x1+ 97x1- 98x2+ ", ".ax2- .bx1- .zx1- "},
    {"97", NULL, "97x3+ 98x2+ 99x0+ ", "-1x1+ 97x1+ 98x2+ ", ".ax2- .bx1- .zx1- "},
    {"q8=97", NULL, "97x3- 98x2+ 99x0+ ", "-1x1+ 97x1+ 98x2+ ", ".ax2- .bx1- .zx1- "},
    {"iap", NULL, "97x3+ 98x2+ 99x0+ ", "-1x1+ 97x1+ 98x2+ ", ".ax2- .bx1- .zx1- "},
    {".a", "98", "97x3- 98x2- 99x0+ ", "-1x1+ 97x1- 98x2- ", ".ax2+ .bx1- .zx1- "},
    {"x=.B, .Z ; q7 = 97", "q8 = Don't know, -1; 99", "97x3+ 98x2+ 99x0- ", "-1x1- 97x1- 98x2- ", ".ax2- .bx1+ .zx1+ "},
    {"refused", "q7=refused", "97x3- 98x2+ 99x0- ", "-1x1+ 97x1- 98x2+ ", ".ax2+ .bx1- .zx1- "}, /* the named variable wins */
    {"q7=97,q8=97", NULL, "97x3+ 98x2+ 99x0+ ", "-1x1+ 97x1+ 98x2+ ", ".ax2- .bx1- .zx1- "},
    {"q7 q8=97", NULL, "97x3+ 98x2+ 99x0+ ", "-1x1+ 97x1+ 98x2+ ", ".ax2- .bx1- .zx1- "},
    {"q*=97", NULL, "97x3+ 98x2+ 99x0+ ", "-1x1+ 97x1+ 98x2+ ", ".ax2- .bx1- .zx1- "},
    {NULL, "DON’T   KNOW", "97x3- 98x2- 99x0+ ", "-1x1+ 97x1- 98x2- ", ".ax2- .bx1- .zx1- "}, /* accents and punctuation do not count */
    {"user", NULL, "97x3+ 98x2+ 99x0+ ", "-1x1+ 97x1+ 98x2+ ", ".ax2- .bx1- .zx1- "},
    {"user", "98", "97x3+ 98x2- 99x0+ ", "-1x1+ 97x1+ 98x2- ", ".ax2- .bx1- .zx1- "},       /* a code beats a kind */
    {"98", "q8=user", "97x3- 98x2+ 99x0+ ", "-1x1- 97x1- 98x2- ", ".ax2- .bx1- .zx1- "},    /* named variables beat all */
    {"tagged", ".b", "97x3- 98x2+ 99x0+ ", "-1x1+ 97x1- 98x2+ ", ".ax2+ .bx1- .zx1+ "},
    {".b-.Z", NULL, "97x3- 98x2+ 99x0+ ", "-1x1+ 97x1- 98x2+ ", ".ax2- .bx1+ .zx1+ "},
    {NULL, "97-98", "97x3- 98x2- 99x0+ ", "-1x1+ 97x1- 98x2- ", ".ax2- .bx1- .zx1- "},
    {"97-Hi", "98", "97x3+ 98x2- 99x0+ ", "-1x1+ 97x1+ 98x2- ", ".ax2- .bx1- .zx1- "},       /* a code beats a range */
    {"q8=90.5-highest", "lo-99", "97x3- 98x2- 99x0- ", "-1x1- 97x1+ 98x2+ ", ".ax2- .bx1- .zx1- "},
    {NULL, "LOWEST--1", "97x3- 98x2+ 99x0+ ", "-1x1- 97x1- 98x2+ ", ".ax2- .bx1- .zx1- "},
    {NULL, "q8=-5--1", "97x3- 98x2+ 99x0+ ", "-1x1- 97x1- 98x2+ ", ".ax2- .bx1- .zx1- "},
    {NULL, "x=system", "97x3- 98x2+ 99x0+ ", "-1x1+ 97x1- 98x2+ ", ".x1- .ax2- .bx1- .zx1- "},
    {NULL, "q7=.", ".x0- 97x3- 98x2+ 99x0+ ", "-1x1+ 97x1- 98x2+ ", ".ax2- .bx1- .zx1- "},
    {"x=.", "system", "97x3- 98x2+ 99x0+ ", "-1x1+ 97x1- 98x2+ ", ".x1+ .ax2- .bx1- .zx1- "},
    {NULL, "\"a;b=c,d\"", "97x3- 98x2+ 99x0+ ", "-1x1- 97x1- 98x2+ ", ".ax2- .bx1- .zx1- "},
};

START_TEST(fates_of_codes) {
  const struct fate_case *c = &fate_cases[_i];
  emend_dataset *dataset = make();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_impute_codes(options, c->impute, NULL);
  emend_plan_options_set_keep_codes(options, c->keep, NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_str_eq(fates(plan, 0), c->q7);
  ck_assert_str_eq(fates(plan, 1), c->q8);
  ck_assert_str_eq(fates(plan, 2), c->x);
  /* What the plan promises is the sum of what it says of codes and cells. */
  for (size_t v = 0; v < 3; v++) {
    emend_missing_counts missing = emend_plan_missing(plan, v);
    size_t n_codes = emend_plan_codes(plan, v), cells = 0;
    size_t fill = n_codes && emend_plan_code(plan, v, 0).reason == EMEND_SYSTEM_MISSING ? 0 : missing.system;
    for (size_t i = 0; i < n_codes; i++)
      fill += emend_plan_code(plan, v, i).fill ? emend_plan_code(plan, v, i).count : 0;
    for (size_t row = 0; row < emend_dataset_rows(dataset); row++)
      cells += emend_plan_fills(plan, row, v) != 0;
    ck_assert_uint_eq(missing.fill, fill);
    ck_assert_uint_eq(cells, fill);
    ck_assert_uint_eq(missing.fill + missing.keep + missing.observed, emend_dataset_rows(dataset));
  }
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

START_TEST(every_code_says_why) {
  emend_dataset *dataset = make();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_keep_codes(options, "q7=99", NULL);
  emend_plan_options_set_impute_codes(options, ".b", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_str_eq(emend_plan_code(plan, 0, 0).why, "label says not applicable");
  ck_assert_str_eq(emend_plan_code(plan, 0, 0).label, "IAP");
  ck_assert_str_eq(emend_plan_code(plan, 0, 1).why, "declared missing");
  ck_assert_str_eq(emend_plan_code(plan, 0, 2).why, "--keep-codes");
  ck_assert_str_eq(emend_plan_code(plan, 2, 0).why, "extended missing");
  ck_assert_str_eq(emend_plan_code(plan, 2, 0).label, "refused");
  ck_assert_str_eq(emend_plan_code(plan, 2, 1).why, "--impute-codes");
  ck_assert_str_eq(emend_plan_code(plan, 2, 1).label, "");
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

static void collect(void *context, const char *message) { snprintf(context, 512, "%s", message); }

/* Of a declared code that may say who was not asked nothing is filled, and that is said; not of one that speaks of answers. */
START_TEST(labels_that_may_say_who) {
  char warning[512] = "";
  emend_dataset *dataset = kit_new("sav");
  size_t q = kit_number(dataset, "q");
  kit_declare(dataset, q, 7, 7), kit_declare(dataset, q, 8, 8), kit_declare(dataset, q, 9, 9);
  kit_label(dataset, q, 7, "No partner"), kit_label(dataset, q, 8, "Not sure"), kit_label(dataset, q, 9, "Age not known");
  for (int i = 0; i < 40; i++)
    kit_row(dataset, (double[]){i < 36 ? 1 + i % 5 : 7 + i % 3});
  emend_events *events = emend_events_new();
  emend_events_on_warning(events, collect, warning);
  emend_plan *plan = NULL;
  ck_assert_int_eq(emend_plan_new(dataset, NULL, events, &plan, NULL), EMEND_OK);
  ck_assert_str_eq(fates(plan, q), "7x2- 8x1+ 9x1+ ");
  ck_assert_str_eq(warning, "q: the label of 7 (No partner) may say who was not asked: 2 cells stay as they are (--impute-codes fills them)");
  emend_plan_free(plan);
  emend_events_free(events);
  emend_dataset_free(dataset);
}
END_TEST

/* What begins like such a label and says that there is no answer is filled like other declared codes. */
START_TEST(labels_that_say_who_not) {
  static const char *const labels[] = {"No reply", "Not classified", "Not specified", "Form not returned", "Under dispute", "No time"};
  emend_dataset *dataset = kit_new("sav");
  for (int k = 0; k < 6; k++) {
    size_t q = kit_number(dataset, (char[]){'q', (char)('0' + k), 0});
    kit_declare(dataset, q, 9, 9), kit_label(dataset, q, 9, labels[k]);
  }
  for (int i = 0; i < 40; i++)
    kit_row(dataset, (double[]){i % 7 ? 1 + i % 5 : 9, i % 7 ? 1 + i % 3 : 9, i % 7 ? 1 + i % 4 : 9, i % 7 ? 1 + i % 2 : 9, i % 7 ? 1 + i % 5 : 9, i % 7 ? 1 + i % 3 : 9});
  emend_plan *plan = kit_plan(dataset, NULL);
  for (size_t q = 0; q < 6; q++)
    ck_assert_msg(strcmp(fates(plan, q), "9x6+ ") == 0, "%s", labels[q]);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

typedef struct warnings {
  int n;
  bool who, more;
} warnings;

static void count_warning(void *context, const char *message) {
  warnings *w = context;
  w->n++;
  w->who = w->who || strstr(message, "may say who was not asked: 2 cells");
  w->more = w->more || strstr(message, "8 more variables with codes");
}

/* Many variables with codes of their own do not hide those of another kind. */
START_TEST(many_codes_are_told) {
  enum { MANY = 28 };
  warnings told = {0};
  emend_dataset *dataset = kit_new("sav");
  for (int k = 0; k <= MANY; k++) {
    char name[8];
    snprintf(name, sizeof name, "q%d", k);
    size_t q = kit_number(dataset, name);
    kit_label(dataset, q, 10 + k, k < MANY ? "Refused" : "No partner");
    if (k == MANY)
      kit_declare(dataset, q, 10 + k, 10 + k);
  }
  for (int i = 0; i < 40; i++) {
    double row[MANY + 1];
    for (int k = 0; k <= MANY; k++)
      row[k] = i < 38 ? 1 + (i + k) % 5 : 10 + k;
    kit_row(dataset, row);
  }
  emend_events *events = emend_events_new();
  emend_events_on_warning(events, count_warning, &told);
  struct emend_file file = {.dataset = dataset};
  ck_assert_int_eq(emend_set_aside_codes(&file, NULL, NULL, NULL), EMEND_OK);
  emend_plan *plan = NULL;
  ck_assert_int_eq(emend_plan_new(dataset, NULL, events, &plan, NULL), EMEND_OK);
  ck_assert_int_eq(told.n, 22);
  ck_assert(told.who && told.more);
  emend_plan_free(plan);
  emend_events_free(events);
  emend_dataset_free(dataset);
}
END_TEST

/* A label declares a tag that no cell holds; it can be named like any other code. */
START_TEST(a_labelled_tag_is_listed) {
  emend_dataset *dataset = make();
  kit_label_tag(dataset, 2, 'd', "don't know");
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_impute_codes(options, ".d", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_str_eq(fates(plan, 2), ".ax2- .bx1- .dx0+ .zx1- ");
  ck_assert_str_eq(emend_plan_code(plan, 2, 2).label, "don't know");
  emend_plan_free(plan);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* What a recipe says of sections gives way to the command line; messages name the place. */
START_TEST(layers_and_sections) {
  emend_dataset *dataset = make();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_add_codes(options, 0, "q7 q8", "98, refused", "recipe.ini:3: keep_codes", NULL);
  emend_plan_options_add_codes(options, 1, "x", "tagged", "recipe.ini:7: impute_codes", NULL);
  emend_plan *plan = kit_plan(dataset, options);
  ck_assert_str_eq(fates(plan, 0), "97x3- 98x2- 99x0- ");
  ck_assert_str_eq(emend_plan_code(plan, 0, 1).why, "keep_codes");
  ck_assert_str_eq(fates(plan, 2), ".ax2+ .bx1+ .zx1+ ");
  emend_plan_free(plan);
  emend_plan_options_begin_layer(options);
  emend_plan_options_set_impute_codes(options, "user", NULL); /* weaker in every way but the layer */
  plan = kit_plan(dataset, options);
  ck_assert_str_eq(fates(plan, 0), "97x3+ 98x2+ 99x0+ ");
  emend_plan_free(plan);
  emend_plan_options_set_impute_codes(options, NULL, NULL);
  emend_plan_options_add_codes(options, 0, "q7", "5", "recipe.ini:9: keep_codes", NULL);
  ck_assert_str_eq(kit_plan_error(dataset, options),
                   "recipe.ini:9: keep_codes: 5 is no missing code, of the variables named with it; try --missing 'VARIABLE=5' to make the number mean missing there");
  emend_plan_options_add_codes(options, 0, "q7", "98; q8=97", "recipe.ini:11: keep_codes", NULL);
  ck_assert_str_eq(kit_plan_error(dataset, options), "recipe.ini:11: keep_codes: codes are separated by commas; what is \";\"?");
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

static const struct bad_case {
  const char *impute, *keep, *words;
} bad_cases[] = {
    {"5", NULL, "5 is no missing code; try --missing=5"},
    {"Nobody", NULL, "Nobody is no missing code, nor the label of one"},
    {"97;q7=97,Nobody", NULL, "Nobody is no missing code, nor the label of one, of the variables named with it; try"},
    {"Refusd", NULL, "Refusd is no missing code, nor the label of one; did you mean \"Refused\"?"},
    {"know", NULL, "know is no missing code, nor the label of one; did you mean \"Don't know\"?"},
    {"q7=Refusd", NULL, "of the variables named with it; did you mean \"Refused\"?"},
    {"x=Dont know", NULL, "Dont know is no missing code, nor the label of one, of the variables named with it; try"},
    {"q9=5", NULL, "there is no variable q9; did you mean q7?"},
    {"97", "97", "both name code 97"},
    {"q7=97", "q7=IAP", "both name code"},
    {".f-.a", NULL, ".f-.a is no missing code, nor the label of one"},
    {"user", "user", "--impute-codes and --keep-codes both name code user"},
    {"\"system\"", NULL, "system is no missing code, nor the label of one"},
    {"97,,98", NULL, "a code is empty"},
    {"q7=", NULL, "a code is empty"},
    {" ; ", NULL, "names no code"},
    {"", NULL, "names no code"},
    {".c", NULL, ".c is no missing code"},
};

START_TEST(wishes_that_fit_nothing) {
  emend_dataset *dataset = make();
  emend_plan_options *options = emend_plan_options_new();
  emend_plan_options_set_impute_codes(options, bad_cases[_i].impute, NULL);
  emend_plan_options_set_keep_codes(options, bad_cases[_i].keep, NULL);
  const char *text = kit_plan_error(dataset, options);
  ck_assert_msg(strstr(text, bad_cases[_i].words), "%s", text);
  emend_plan_options_free(options);
  emend_dataset_free(dataset);
}
END_TEST

/* A number that the reader was told to take as missing: user-missing without a declaration. */
START_TEST(codes_given_to_the_reader) {
  emend_dataset *dataset = kit_new("csv");
  kit_number(dataset, "x"), kit_number(dataset, "y");
  for (int i = 0; i < 10; i++) {
    ck_assert_int_eq(emend_dataset_add_row(dataset, NULL), EMEND_OK);
    emend_dataset_put_number(dataset, 0, i % 3 ? i : -99, i % 3 ? EMEND_OBSERVED : EMEND_USER_MISSING);
    emend_dataset_put_number(dataset, 1, i * 0.5, EMEND_OBSERVED);
  }
  emend_plan *plan = kit_plan(dataset, NULL);
  ck_assert_uint_eq(emend_plan_codes(plan, 0), 1);
  ck_assert_str_eq(emend_plan_code(plan, 0, 0).why, "--missing");
  ck_assert_uint_eq(emend_plan_code(plan, 0, 0).count, 4);
  ck_assert_uint_eq(emend_plan_missing(plan, 0).fill, 4);
  emend_plan_free(plan);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("code");
  TCase *tests = tcase_create("codes");
  tcase_add_test(tests, labels_that_say_not_applicable);
  tcase_add_loop_test(tests, fates_of_codes, 0, sizeof fate_cases / sizeof *fate_cases);
  tcase_add_test(tests, every_code_says_why);
  tcase_add_test(tests, labels_that_may_say_who);
  tcase_add_test(tests, labels_that_say_who_not);
  tcase_add_test(tests, many_codes_are_told);
  tcase_add_test(tests, a_labelled_tag_is_listed);
  tcase_add_test(tests, layers_and_sections);
  tcase_add_loop_test(tests, wishes_that_fit_nothing, 0, sizeof bad_cases / sizeof *bad_cases);
  tcase_add_test(tests, codes_given_to_the_reader);
  suite_add_tcase(suite, tests);
  return suite;
}
