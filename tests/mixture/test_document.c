/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mixtures as JSON documents, and back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mixture/slow.h"

static const char good[] =
    "{\"schema\":1,\"family\":\"mixture\",\"structure\":\"VVV\",\"names\":[\"a\",\"b\"],\"scales\":[2,1],\"components\":["
    "{\"proportion\":0.75,\"means\":[1,2.5],\"covariance\":[[4,1],[1,1]]},"
    "{\"proportion\":0.25,\"means\":[-1,0],\"covariance\":[[1,0],[0,9]]}],\"n\":10}";

static emend_mixture *load(const char *text, emend_error *error) {
  emend_mixture *m = NULL;
  emend_mixture_from_json(text, strlen(text), "model.json", &m, error);
  return m;
}

START_TEST(a_document_says_it_all) {
  emend_mixture *m = load(good, NULL);
  ck_assert_ptr_nonnull(m);
  ck_assert_uint_eq(emend_mixture_components(m), 2);
  ck_assert_str_eq(emend_mixture_name(m, 1), "b");
  ck_assert(emend_mixture_covariance(m, 1)[3] == 9 && emend_mixture_mean(m, 0)[1] == 2.5);
  ck_assert(isnan(emend_mixture_log_likelihood(m)));
  emend_mixture_free(m);
}
END_TEST

/* What is saved comes back to the last bit, and predicts the same. */
START_TEST(there_and_back) {
  enum { N = 150, P = 3 };
  for (int s = 0; s < EMEND_STRUCTURES; s++) {
    double *values = slow_sample(3, N, P, 2, 4, 0.2), r[N * 2], r2[N * 2];
    for (size_t i = 0; i < N; i++)
      values[P * i + 1] = s % 2 ? NAN : values[P * i + 1]; /* never observed */
    emend_mixture_options *options = slow_options(2, (emend_structure)s);
    emend_mixture *fit = slow_fit(values, N, P, NULL, options);
    char *text = NULL, *again = NULL;
    static const char *const bases[P] = {"", "red|blue", NULL};
    ck_assert_int_eq(emend_mixture_set_bases(fit, bases, NULL), EMEND_OK);
    ck_assert_int_eq(emend_mixture_to_json(fit, &text, NULL), EMEND_OK);
    emend_error *error = emend_error_new();
    emend_mixture *back = load(text, error);
    ck_assert_msg(back != NULL, "%s", emend_error_text(error));
    ck_assert_int_eq(emend_mixture_to_json(back, &again, NULL), EMEND_OK);
    ck_assert_str_eq(text, again);
    ck_assert_str_eq(emend_mixture_base(back, 1), "red|blue");
    ck_assert_str_eq(emend_mixture_base(back, 2), "");
    ck_assert(emend_mixture_criterion(back, EMEND_ICL) == emend_mixture_criterion(fit, EMEND_ICL));
    ck_assert_uint_eq(emend_mixture_df(back), emend_mixture_df(fit));
    ck_assert_int_eq(emend_mixture_predict(fit, values, N, P, r, NULL), EMEND_OK);
    ck_assert_int_eq(emend_mixture_predict(back, values, N, P, r2, NULL), EMEND_OK);
    for (size_t i = 0; i < N * 2; i++)
      assert_near(r[i], r2[i], 1e-13);
    free(text), free(again), free(values);
    emend_error_free(error);
    emend_mixture_free(fit), emend_mixture_free(back);
    emend_mixture_options_free(options);
  }
}
END_TEST

/* One thing wrong at a time. */
START_TEST(wrong_documents) {
  static const struct {
    const char *from, *to, *message;
  } rows[] = {
      {"\"mixture\"", "\"normal\"", "family"},
      {"\"schema\":1", "\"schema\":2", "schema"},
      {"VVV", "VVE", "structure"},
      {"VVV", "VVI", "diagonal"},
      {"\"components\":[", "\"components\":[],\"c\":[", "components"},
      {"\"components\":[", "\"components\":[3,", "covariance"},
      {"[\"a\",\"b\"]", "[]", "names"},
      {"[\"a\",\"b\"]", "[\"a\",\"a\"]", "twice"},
      {"[\"a\",\"b\"]", "[\"a\",\"b\",\"c\"]", "covariance"},
      {"0.75", "0.8", "add up"},
      {"0.75", "0", "proportion"},
      {"0.75", "-0.75", "proportion"},
      {"0.75", "null", "proportion"},
      {"0.75", "\"x\"", "proportion"},
      {"[1,2.5]", "[1]", "means"},
      {"[1,2.5]", "[1,null]", "means"},
      {"\"scales\"", "\"bases\":[\"x\"],\"scales\"", "bases"},
      {"\"scales\"", "\"bases\":[\"x\",1],\"scales\"", "bases"},
      {"[2,1]", "[2,0]", "scales"},
      {"[2,1]", "[2,-1]", "scales"},
      {"[[4,1],[1,1]]", "[[4,1],[2,1]]", "symmetric"},
      {"[[4,1],[1,1]]", "[[4,3],[3,1]]", "covariance"},
      {"[[4,1],[1,1]]", "[[4,1],[1]]", "covariance"},
      {"[[4,1],[1,1]]", "[[4,1]]", "covariance"},
      {"[[1,0],[0,9]]", "[[0,0],[0,9]]", "variance"},
      {"\"n\":10", "\"n\":-1", "\"n\""},
      {"\"n\":10", "\"n\":10,\"ambiguous\":1.5", "ambiguous"},
      {"\"n\":10", "\"n\":10,\"entropy\":-3", "entropy"},
      {"\"n\":10}", "\"n\":10", "JSON"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char text[1024];
    const char *at = strstr(good, rows[i].from);
    ck_assert_ptr_nonnull(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - good), good, rows[i].to, at + strlen(rows[i].from));
    emend_error *error = emend_error_new();
    emend_mixture *m = load(text, error);
    ck_assert_msg(m == NULL, "taken: %s", text);
    ck_assert_msg(strstr(emend_error_text(error), rows[i].message) != NULL, "%s: %s", rows[i].to, emend_error_text(error));
    ck_assert_ptr_nonnull(strstr(emend_error_text(error), "model.json"));
    emend_error_free(error);
  }
}
END_TEST

/* A document cut anywhere is refused, never read beyond. */
START_TEST(cut_documents) {
  for (size_t length = 0; length + 1 < sizeof good - 1; length++) {
    char *copy = malloc(length + 1);
    memcpy(copy, good, length);
    emend_mixture *m = NULL;
    ck_assert_int_ne(emend_mixture_from_json(copy, length, NULL, &m, NULL), EMEND_OK);
    ck_assert_ptr_null(m);
    free(copy);
  }
}
END_TEST

SUITE {
  Suite *suite = suite_create("mixtures as documents");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, a_document_says_it_all);
  tcase_add_test(tests, there_and_back);
  tcase_add_test(tests, wrong_documents);
  tcase_add_test(tests, cut_documents);
  suite_add_tcase(suite, tests);
  return suite;
}
