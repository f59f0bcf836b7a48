/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/fold.h"
#include "support/support.h"

static const struct fold_case {
  const char *text, *folded;
} fold_cases[] = {
    {"", " "},
    {"--- ,;", " "},
    {"Not  Applicable!", " not applicable "},
    {"Ne s'applique PAS", " ne s applique pas "},
    {"ENTFÄLLT", " entfallt "},
    {"entfa\u0308llt", " entfallt "}, /* the same, apart */
    {"Łódź, Øre, Straße", " lodz ore strasse "},
    {"GEÇERLİ DEĞİL", " gecerli degil "},
    {"Ёлка", " елка "},
    {"ＮＡＰ　９", " nap 9 "}, /* full width */
    {"がか", " がか "},        /* voicing tells words apart */
    {"\u1112\u1162\u1103\u1161\u11bc", " 해당 "},
    {"لا يَنْطَبِق", " لا ينطبق "},
    {"n.v.t.", " n v t "},
    {"abc\xff" "DEF\xe2\x82", " abc def "}, /* no UTF-8 */
};

START_TEST(folds) {
  emend_buffer folded = {0};
  ck_assert_int_eq(emend_fold(fold_cases[_i].text, strlen(fold_cases[_i].text), &folded, NULL), EMEND_OK);
  ck_assert_str_eq(folded.bytes, fold_cases[_i].folded);
  /* What is folded folds to itself. */
  emend_buffer again = {0};
  ck_assert_int_eq(emend_fold(folded.bytes, folded.length, &again, NULL), EMEND_OK);
  ck_assert_str_eq(again.bytes, folded.bytes);
  emend_buffer_free(&again);
  emend_buffer_free(&folded);
}
END_TEST

/* A letter beyond ASCII behind it does not change how a text is folded. */
START_TEST(folds_alike_without_accents) {
  static const char *const texts[] = {"Yes", "  a,b  C3 ", "--- ,;", "Don't know/ REFUSED (98)", "\t1.x\n", "@[`{AZaz09/:"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    emend_buffer alone = {0}, before = {0}, text = {0};
    ck_assert_int_eq(emend_buffer_format(&text, NULL, "%s,\u00c9", texts[i]), EMEND_OK);
    ck_assert_int_eq(emend_fold(texts[i], strlen(texts[i]), &alone, NULL), EMEND_OK);
    ck_assert_int_eq(emend_fold(text.bytes, text.length, &before, NULL), EMEND_OK);
    ck_assert_int_eq(emend_buffer_append(&alone, "e ", 2, NULL), EMEND_OK);
    ck_assert_str_eq(alone.bytes, before.bytes);
    emend_buffer_free(&alone), emend_buffer_free(&before), emend_buffer_free(&text);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("fold");
  TCase *tests = tcase_create("fold");
  tcase_add_loop_test(tests, folds, 0, sizeof fold_cases / sizeof *fold_cases);
  tcase_add_test(tests, folds_alike_without_accents);
  suite_add_tcase(suite, tests);
  return suite;
}
