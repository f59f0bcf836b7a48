/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "encode/kit.h"
#include "encode/selection.h"

static const char *const names[] = {"id",   "q1", "q2", "q10", "q1-q2x", "q2x", "Income", "INCOME", "Age", "first name", "a,b",
                                    "x*",   "xyz", "b`c", "q1-q2", "größe", "gröBe", "x-y", "x",   "y",   "y-z",        "z"};
enum { NAMES = sizeof names / sizeof *names };

static emend_dataset *make(void) {
  emend_dataset *dataset = kit_new("csv");
  for (size_t i = 0; i < NAMES; i++)
    kit_number(dataset, names[i]);
  return dataset;
}

static emend_status parse(const char *list, unsigned char chosen[NAMES], emend_events *events, emend_error *error) {
  emend_dataset *dataset = make();
  memset(chosen, 0, NAMES);
  emend_status status = emend_selection_parse(dataset, list, strlen(list), "--vars", chosen, events, error);
  emend_dataset_free(dataset);
  return status;
}

/* `wanted`: the names chosen, in file order; + before one chosen by name, ~ before one chosen by a pattern, = by a bare star. */
static const struct good_case {
  const char *list, *wanted;
} good_cases[] = {
    {"q2", "+q2"},
    {"q2,q10", "+q2+q10"},
    {"  q10 ,, q2\tid ", "+id+q2+q10"},
    {"id-q10", "~id~q1~q2~q10"},
    {"id-q10,q2", "~id~q1+q2~q10"},
    {"q2-q2", "~q2"},
    {"q1-q2", "+q1-q2"},            /* an exact name beats the range */
    {"`q1`-`q2`", "~q1~q2"},        /* and backticks ask for the range */
    {"q1-q2x", "+q1-q2x"},
    {"q1-q2x-xyz", "~q1-q2x~q2x~Income~INCOME~Age~first name~a,b~x*~xyz"},
    {"q?", "~q1~q2"},
    {"q*", "~q1~q2~q10~q1-q2x~q2x~q1-q2"},
    {"*0", "~q10"},
    {"x*", "+x*"}, /* an exact name beats the glob */
    {"x*z", "~xyz"},
    {"`x*`", "+x*"},
    {"gr?B*", "~gröBe"},
    {"gr??e", "~größe~gröBe"}, /* characters, not bytes */
    {"`first name` `a,b`", "+first name+a,b"},
    {"`b``c`", "+b`c"},
    {"`x-y`", "+x-y"},
    {"income", NULL}, /* two differ in capitals only */
    {"Income", "+Income"},
    {"INCOME", "+INCOME"},
    {"age", "+Age"},
    {"ID-Q2", "~id~q1~q2"},
    {"*", "=id=q1=q2=q10=q1-q2x=q2x=Income=INCOME=Age=first name=a,b=x*=xyz=b`c=q1-q2=größe=gröBe=x-y=x=y=y-z=z"},
    {"*,q1,q1*", "=id+q1=q2~q10~q1-q2x=q2x=Income=INCOME=Age=first name=a,b=x*=xyz=b`c~q1-q2=größe=gröBe=x-y=x=y=y-z=z"},
};

START_TEST(lists_that_fit) {
  const struct good_case *c = &good_cases[_i];
  unsigned char chosen[NAMES];
  emend_error *error = emend_error_new();
  emend_status status = parse(c->list, chosen, NULL, error);
  if (!c->wanted) {
    ck_assert_int_eq(status, EMEND_INVALID_ARGUMENT);
  } else {
    ck_assert_msg(status == EMEND_OK, "%s: %s", c->list, emend_error_text(error));
    char got[512] = "";
    for (size_t i = 0; i < NAMES; i++)
      if (chosen[i])
        strcat(strcat(got, chosen[i] == EMEND_CHOSEN_BY_NAME ? "+" : chosen[i] == EMEND_CHOSEN_BY_STAR ? "=" : "~"), names[i]);
    ck_assert_msg(strcmp(got, c->wanted) == 0, "%s: %s, wanted %s", c->list, got, c->wanted);
  }
  emend_error_free(error);
}
END_TEST

static const struct bad_case {
  const char *list, *words;
} bad_cases[] = {
    {"", "names no variable"},
    {" , ", "names no variable"},
    {"incme", "did you mean Income?"},
    {"q22", "did you mean q2?"},
    {"qq1", "did you mean q1?"},
    {"nothing_like_it", "there is no variable nothing_like_it"},
    {"q10-id", "q10 comes after id in the file; try id-q10"},
    {"q1-q99", "there is no variable q1-q99"},
    {"w*", "no variable's name fits w*"},
    {"gr???e", "no variable's name fits"}, /* six bytes, but five characters */
    {"`q1", "not closed"},
    {"first name", "there is no variable first"},
    {"x-y-z", "two ways"}, /* x to y-z, or x-y to z */
};

START_TEST(lists_that_do_not_fit) {
  const struct bad_case *c = &bad_cases[_i];
  unsigned char chosen[NAMES];
  emend_error *error = emend_error_new();
  ck_assert_int_eq(parse(c->list, chosen, NULL, error), EMEND_INVALID_ARGUMENT);
  ck_assert_msg(strstr(emend_error_text(error), c->words), "%s: %s", c->list, emend_error_text(error));
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "--vars"));
  emend_error_free(error);
}
END_TEST

START_TEST(other_capitals_are_said) {
  unsigned char chosen[NAMES];
  emend_events *events = emend_events_new();
  ck_assert_int_eq(parse("age,Income", chosen, events, NULL), EMEND_OK);
  ck_assert_uint_eq(emend_events_warning_count(events), 1);
  ck_assert_str_eq(emend_events_warning(events, 0), "--vars: age is taken as Age");
  emend_events_free(events);
}
END_TEST

START_TEST(one_variable) {
  emend_dataset *dataset = make();
  emend_error *error = emend_error_new();
  size_t v = 99;
  ck_assert_int_eq(emend_selection_one(dataset, "first name", "--id", &v, NULL, error), EMEND_OK);
  ck_assert_str_eq(names[v], "first name");
  ck_assert_int_eq(emend_selection_one(dataset, "`first name`", "--id", &v, NULL, error), EMEND_OK);
  ck_assert_str_eq(names[v], "first name");
  ck_assert_int_eq(emend_selection_one(dataset, "q?", "--id", &v, NULL, error), EMEND_INVALID_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "names 2 variables"));
  ck_assert_int_eq(emend_selection_one(dataset, "", "--id", &v, NULL, error), EMEND_INVALID_ARGUMENT);
  emend_error_free(error);
  emend_dataset_free(dataset);
}
END_TEST

SUITE {
  Suite *suite = suite_create("selection");
  TCase *tests = tcase_create("lists");
  tcase_add_loop_test(tests, lists_that_fit, 0, sizeof good_cases / sizeof *good_cases);
  tcase_add_loop_test(tests, lists_that_do_not_fit, 0, sizeof bad_cases / sizeof *bad_cases);
  tcase_add_test(tests, other_capitals_are_said);
  tcase_add_test(tests, one_variable);
  suite_add_tcase(suite, tests);
  return suite;
}
