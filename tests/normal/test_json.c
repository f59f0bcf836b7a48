/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model as a JSON document: numbers come back exactly, and a document that is not a model is refused with a reason. */
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "normal/kit.h"
#include "normal/tables.h"

static emend_normal *load(const char *text, emend_error *error) {
  emend_normal *model = NULL;
  emend_status status = emend_normal_from_json(text, strlen(text), "model.json", &model, error);
  ck_assert((status == EMEND_OK) == (model != NULL));
  return model;
}

static char *save(const emend_normal *model) {
  char *text = NULL;
  ck_assert_int_eq(emend_normal_to_json(model, &text, NULL), EMEND_OK);
  ck_assert_ptr_nonnull(text);
  return text;
}

static void assert_same(const emend_normal *a, const emend_normal *b) {
  size_t p = emend_normal_columns(a);
  ck_assert_uint_eq(emend_normal_columns(b), p);
  ck_assert_mem_eq(emend_normal_mean(a), emend_normal_mean(b), p * sizeof(double));
  ck_assert_mem_eq(emend_normal_scale(a), emend_normal_scale(b), p * sizeof(double));
  ck_assert_mem_eq(emend_normal_covariance(a), emend_normal_covariance(b), p * p * sizeof(double));
  for (size_t j = 0; j < p; j++)
    ck_assert_int_eq(emend_normal_column_state(a, j), emend_normal_column_state(b, j));
  ck_assert(emend_normal_log_likelihood(a) == emend_normal_log_likelihood(b));
  ck_assert(emend_normal_log_posterior(a) == emend_normal_log_posterior(b));
  ck_assert(emend_normal_ridge(a) == emend_normal_ridge(b));
  ck_assert(emend_normal_weight(a) == emend_normal_weight(b));
  ck_assert(emend_normal_effective_rows(a) == emend_normal_effective_rows(b));
  ck_assert(emend_normal_distance(a) == emend_normal_distance(b));
  ck_assert_uint_eq(emend_normal_rows(a), emend_normal_rows(b));
  ck_assert_uint_eq(emend_normal_patterns(a), emend_normal_patterns(b));
  ck_assert_uint_eq(emend_normal_iterations(a), emend_normal_iterations(b));
  ck_assert_int_eq(emend_normal_converged(a), emend_normal_converged(b));
  ck_assert_int_eq(emend_normal_prior(a), emend_normal_prior(b));
}

START_TEST(round_trip_is_exact) {
  static const char *const names[] = {"age group", "b\xc3\xbcmi \"x\"", "hyp\\", "chl\n"};
  emend_normal_options *options = emend_normal_options_new();
  emend_normal_options_set_prior(options, EMEND_PRIOR_RIDGE);
  ck_assert_int_eq(emend_normal_options_set_ridge(options, 1.0 / 3, NULL), EMEND_OK);
  emend_normal *model = kit_fit(nhanes, NHANES_ROWS, 4, NULL, options);
  ck_assert_int_eq(emend_normal_set_names(model, names, NULL), EMEND_OK);
  char *text = save(model);
  emend_error *error = emend_error_new();
  emend_normal *back = load(text, error);
  ck_assert_msg(back != NULL, "%s", emend_error_text(error));
  assert_same(model, back);
  for (size_t j = 0; j < 4; j++)
    ck_assert_str_eq(emend_normal_name(back, j), names[j]);
  char *again = save(back);
  ck_assert_str_eq(text, again);
  free(text), free(again);
  emend_normal_free(model), emend_normal_free(back);
  emend_normal_options_free(options);
  emend_error_free(error);
}
END_TEST

/* Extreme scales, a constant and a never-observed column; also in a locale with decimal commas, if there is one. */
START_TEST(round_trip_of_odd_columns) {
  double values[6 * 4] = {1e8,         5, NAN, 3e-300, 1.5e8,       5, NAN, 1e-300, 1.1e8, NAN, NAN, 2.5e-300,
                          1.7e8 / 3.0, 5, NAN, 9e-301, 1.9e8 + 0.1, 5, NAN, NAN,    2e8,   5,   NAN, 4e-300};
  setlocale(LC_ALL, "de_DE.UTF-8");
  emend_normal *model = kit_fit(values, 6, 4, NULL, NULL);
  ck_assert_int_eq(emend_normal_column_state(model, 1), EMEND_COLUMN_CONSTANT);
  ck_assert_int_eq(emend_normal_column_state(model, 2), EMEND_COLUMN_NEVER_OBSERVED);
  char *text = save(model);
  emend_error *error = emend_error_new();
  emend_normal *back = load(text, error);
  if (emend_normal_covariance(model)[15] > 0) { /* 1e-300 squared is nothing: such a model may be refused, but only so */
    ck_assert_msg(back != NULL, "%s", emend_error_text(error));
    for (size_t j = 0; j < 4; j++)
      ck_assert_int_eq(emend_normal_column_state(back, j), emend_normal_column_state(model, j));
    ck_assert(isnan(emend_normal_mean(back)[2]));
    ck_assert(emend_normal_mean(back)[1] == 5);
  }
  free(text);
  emend_normal_free(model), emend_normal_free(back);
  emend_error_free(error);
}
END_TEST

static const char *const good =
    "{\"schema\":1,\"family\":\"normal\",\"names\":[\"a\",\"b\"],\"means\":[1,2.5],\"scales\":[2,1],\"covariance\":[[4,1],[1,1]],\"n\":10}";

/* A document with one place changed, and what the error must speak of. */
typedef struct change {
  const char *from, *to, *said;
} change;

static const change changes[] = {
    {"\"schema\":1", "\"schema\":2", "schema 2"},
    {"\"schema\":1,", "", "schema"},
    {"\"schema\":1", "\"schema\":\"1\"", "schema"},
    {"\"normal\"", "\"mixture\"", "mixture"},
    {"\"normal\"", "7", "family"},
    {"[\"a\",\"b\"]", "[\"a\",\"a\"]", "twice"},
    {"[\"a\",\"b\"]", "[\"a\",\"\"]", "names"},
    {"[\"a\",\"b\"]", "[\"a\",3]", "names"},
    {"[\"a\",\"b\"]", "[]", "names"},
    {"[\"a\",\"b\"]", "\"ab\"", "names"},
    {"[\"a\",\"b\"]", "[\"a\",\"b\",\"c\"]", "covariance"},
    {"[\"a\",\"b\"]", "[\"a\",\"b\\u0000\"]", "JSON"},
    {"[1,2.5]", "[1]", "means"},
    {"[1,2.5]", "[1,\"2\"]", "means"},
    {"[1,2.5]", "[1,null]", "means"},
    {"[1,2.5]", "[1,1e999]", "JSON"},
    {"[1,2.5]", "[1,NaN]", "JSON"},
    {"\"scales\":[2,1]", "\"scales\":[2,0]", "scales"},
    {"\"scales\":[2,1]", "\"scales\":[-2,1]", "scales"},
    {"\"scales\":[2,1],", "", "scales"},
    {"[[4,1],[1,1]]", "[[4,1],[1]]", "covariance"},
    {"[[4,1],[1,1]]", "[[4,1]]", "covariance"},
    {"[[4,1],[1,1]]", "[4,1,1,1]", "covariance"},
    {"[[4,1],[1,1]]", "[[4,1],[1.1,1]]", "symmetric"},
    {"[[4,1],[1,1]]", "[[4,1],[1,null]]", "not a number"},
    {"[[4,1],[1,1]]", "[[4,1],[1,true]]", "not a number"},
    {"[[4,1],[1,1]]", "[[-4,1],[1,1]]", "variance"},
    {"[[4,1],[1,1]]", "[[4,0],[0,0]]", "variance"},
    {"[[4,1],[1,1]]", "[[4,3],[3,1]]", "variances allow"},
    {"\"n\":10", "\"n\":-1", "\"n\""},
    {"\"n\":10", "\"n\":1.5", "\"n\""},
    {"\"n\":10", "\"log_likelihood\":\"x\"", "log_likelihood"},
    {"\"n\":10", "\"converged\":1", "converged"},
    {"\"n\":10", "\"prior\":\"other\"", "prior"},
    {"\"n\":10", "\"states\":[\"ordinary\"]", "states"},
    {"\"n\":10", "\"states\":[\"ordinary\",\"odd\"]", "states"},
    {"\"n\":10", "\"states\":[\"ordinary\",\"constant\"]", "constant"},
    {"\"n\":10", "\"states\":[\"never observed\",\"constant\"]", "null"},
    {"\"n\":10", "\"states\":[\"ordinary\",\"never observed\"]", "null"},
    {"\"n\":10", "\"names\":[\"a\",\"b\"]", "JSON"},
    {"\"n\":10}", "\"n\":10", "JSON"},
    {"\"n\":10}", "\"n\":10}}", "JSON"},
};

static char *apply(const change *c) {
  const char *at = strstr(good, c->from);
  ck_assert_ptr_nonnull(at);
  char *text = calloc(1, strlen(good) + strlen(c->to) + 1);
  memcpy(text, good, (size_t)(at - good));
  strcat(text, c->to);
  return strcat(text, at + strlen(c->from));
}

START_TEST(a_short_document_is_enough) {
  emend_error *error = emend_error_new();
  emend_normal *model = load(good, error);
  ck_assert_msg(model != NULL, "%s", emend_error_text(error));
  ck_assert(emend_normal_mean(model)[1] == 2.5 && kit_covariance(model, 0, 1) == 1);
  double row[2] = {3, NAN};
  ck_assert_int_eq(emend_normal_complete(model, row, 1, 2, error), EMEND_OK);
  assert_near(row[1], 2.5 + 1.0 / 4 * 2, 1e-12);
  emend_normal_free(model);
  emend_error_free(error);
}
END_TEST

START_TEST(malformed_documents) {
  emend_error *error = emend_error_new();
  char *text = apply(&changes[_i]);
  ck_assert_msg(load(text, error) == NULL, "accepted: %s", text);
  ck_assert_msg(strstr(emend_error_text(error), changes[_i].said) != NULL, "%s: %s", text, emend_error_text(error));
  ck_assert_str_eq(emend_error_file(error), "model.json");
  ck_assert_msg(emend_error_remedy(error)[0] != '\0', "no remedy: %s", emend_error_text(error));
  free(text);
  emend_error_free(error);
}
END_TEST

START_TEST(not_positive_semidefinite) {
  emend_error *error = emend_error_new();
  ck_assert_ptr_null(load("{\"schema\":1,\"family\":\"normal\",\"names\":[\"a\",\"b\",\"c\"],\"means\":[0,0,0],\"scales\":[1,1,1],"
                          "\"covariance\":[[1,0.9,-0.9],[0.9,1,0.9],[-0.9,0.9,1]]}",
                          error));
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "positive semi-definite"));
  /* Singular, but semi-definite: a sum and its parts. It can complete rows. */
  emend_normal *model = load("{\"schema\":1,\"family\":\"normal\",\"names\":[\"a\",\"b\",\"c\"],\"means\":[1,2,3],\"scales\":[1,1,1],"
                             "\"covariance\":[[1,0,1],[0,1,1],[1,1,2]]}",
                             error);
  ck_assert_msg(model != NULL, "%s", emend_error_text(error));
  double row[3] = {4, 7, NAN};
  ck_assert_int_eq(emend_normal_complete(model, row, 1, 3, error), EMEND_OK);
  assert_near(row[2], 11, 1e-4);
  emend_normal_free(model);
  emend_error_free(error);
}
END_TEST

/* Every beginning of a document, and every byte of it changed: accepted or refused, never worse. */
START_TEST(damaged_documents) {
  size_t length = strlen(good);
  for (size_t cut = 0; cut < length; cut++) {
    emend_normal *model = NULL;
    ck_assert_int_ne(emend_normal_from_json(good, cut, NULL, &model, NULL), EMEND_OK);
    ck_assert_ptr_null(model);
  }
  char *copy = strdup(good);
  for (size_t i = 0; i < length; i++) {
    for (int bit = 0; bit < 8; bit++) {
      emend_normal *model = NULL;
      copy[i] = (char)(good[i] ^ 1 << bit);
      if (emend_normal_from_json(copy, length, "", &model, NULL) == EMEND_OK)
        kit_assert_sane(model);
      emend_normal_free(model);
    }
    copy[i] = good[i];
  }
  free(copy);
}
END_TEST

SUITE {
  Suite *suite = suite_create("model documents");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, round_trip_is_exact);
  tcase_add_test(tests, round_trip_of_odd_columns);
  tcase_add_test(tests, a_short_document_is_enough);
  tcase_add_loop_test(tests, malformed_documents, 0, sizeof changes / sizeof *changes);
  tcase_add_test(tests, not_positive_semidefinite);
  tcase_add_test(tests, damaged_documents);
  suite_add_tcase(suite, tests);
  return suite;
}
