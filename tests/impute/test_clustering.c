/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clusters of a dataset's rows, from file to file. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "emend/emend.h"
#include "support/support.h"

typedef struct run {
  emend_file *file;
  emend_plan *plan;
  emend_clustering *clustering;
} run;

static void run_end(run *r) {
  emend_clustering_free(r->clustering);
  emend_plan_free(r->plan);
  emend_file_close(r->file);
}

static emend_mixture_options *options_of(size_t k) {
  emend_mixture_options *options = emend_mixture_options_new();
  ck_assert_int_eq(emend_mixture_options_set_components(options, k, k, NULL), EMEND_OK);
  return options;
}

static run read_penguins(int complete) {
  run r = {0};
  emend_error *error = emend_error_new();
  emend_plan_options *options = emend_plan_options_new();
  ck_assert_int_eq(emend_plan_options_set_exclude(options, "year", NULL), EMEND_OK);
  emend_plan_options_set_scores_only(options, 1);
  ck_assert_msg(emend_file_read(support_source("samples/penguins.csv"), NULL, NULL, &r.file, error) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_int_eq(emend_plan_new(emend_file_dataset(r.file), options, NULL, &r.plan, NULL), EMEND_OK);
  ck_assert_int_eq(emend_clustering_new(r.plan, NULL, &r.clustering, NULL), EMEND_OK);
  emend_clustering_set_complete(r.clustering, complete);
  emend_plan_options_free(options);
  emend_error_free(error);
  return r;
}

START_TEST(rows_are_assigned) {
  run r = read_penguins(0);
  emend_mixture_options *options = options_of(3);
  ck_assert_ptr_null(emend_clustering_mixture(r.clustering));
  ck_assert_int_eq(emend_clustering_fit(r.clustering, options, NULL, NULL), EMEND_OK);
  const emend_mixture *m = emend_clustering_mixture(r.clustering);
  ck_assert_uint_eq(emend_mixture_components(m), 3);
  ck_assert_str_eq(emend_mixture_name(m, 3), "body_mass_g");
  size_t n = emend_dataset_rows(emend_file_dataset(r.file)), counts[3] = {0}, unassigned = 0;
  for (size_t i = 0; i < n; i++) {
    ptrdiff_t cluster = emend_clustering_of_row(r.clustering, i);
    double sum = 0, largest = 0;
    for (size_t k = 0; k < 3; k++) {
      sum += emend_clustering_probability(r.clustering, i, k);
      largest = fmax(largest, emend_clustering_probability(r.clustering, i, k));
    }
    ck_assert(fabs(sum - 1) < 1e-12);
    ck_assert(cluster < 0 || emend_clustering_probability(r.clustering, i, (size_t)cluster) == largest);
    if (cluster < 0)
      unassigned++;
    else
      counts[cluster]++;
  }
  ck_assert_uint_eq(unassigned, 2);
  ck_assert_uint_eq(emend_clustering_unassigned(r.clustering), 2);
  for (size_t k = 0; k < 3; k++)
    ck_assert_uint_eq(counts[k], emend_clustering_count(r.clustering, k));
  ck_assert_ptr_null(emend_clustering_imputation(r.clustering));
  ck_assert_int_eq(emend_clustering_fit(r.clustering, options, NULL, NULL), EMEND_INVALID_ARGUMENT); /* once */
  emend_mixture_options_free(options);
  run_end(&r);
}
END_TEST

/* A clustering that completes fills what an imputation by the same mixture fills. */
START_TEST(completion_is_that_of_an_imputation) {
  run r = read_penguins(1);
  emend_mixture_options *options = options_of(2);
  emend_imputation *imputation;
  ck_assert_int_eq(emend_clustering_fit(r.clustering, options, NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_impute_mixture(r.plan, NULL, options, NULL, &imputation, NULL), EMEND_OK);
  const emend_imputation *other = emend_clustering_imputation(r.clustering);
  size_t filled = 0;
  for (size_t i = 0; i < emend_dataset_rows(emend_file_dataset(r.file)); i++)
    for (size_t v = 0; v < emend_dataset_variables(emend_file_dataset(r.file)); v++) {
      double a = 0, b = 0;
      int done = emend_imputation_cell(imputation, i, v, &a);
      ck_assert_int_eq(done, emend_imputation_cell(other, i, v, &b));
      ck_assert(a == b);
      filled += done != 0;
    }
  ck_assert_uint_eq(filled, 8);
  ck_assert_ptr_null(emend_imputation_model(imputation));
  ck_assert(emend_imputation_variable(imputation, 2).em_sd > 5);
  emend_imputation_free(imputation);
  emend_mixture_options_free(options);
  run_end(&r);
}
END_TEST

/* What is planned before fitting tells whether it can be written; what is written, with whom. */
START_TEST(writing_is_planned_twice) {
  run r = read_penguins(0);
  emend_write_plan *before, *after;
  emend_mixture_options *options = options_of(2);
  emend_outputs *outputs = emend_outputs_new();
  emend_output *output;
  emend_clustering_set_probabilities(r.clustering, 1);
  ck_assert_int_eq(emend_clustering_write_plan_new(r.file, r.clustering, "x.csv", NULL, &before, NULL), EMEND_OK);
  ck_assert_int_eq(emend_outputs_open(outputs, support_scratch("c.csv"), 0, &output, NULL), EMEND_OK);
  ck_assert_int_eq(emend_clustering_write(before, r.clustering, output, NULL, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_clustering_fit(r.clustering, options, NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_clustering_write(before, r.clustering, output, NULL, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_clustering_write_plan_new(r.file, r.clustering, "x.csv", NULL, &after, NULL), EMEND_OK);
  ck_assert_int_eq(emend_clustering_write(after, r.clustering, output, NULL, NULL), EMEND_OK);
  ck_assert_int_eq(emend_outputs_publish(outputs, NULL), EMEND_OK);
  char *text = (char *)support_read(support_scratch("c.csv"), NULL);
  ck_assert_ptr_nonnull(strstr(text, "sex,year,cluster,cluster_probability,cluster_1,cluster_2\n"));
  free(text);
  emend_write_plan_free(before), emend_write_plan_free(after);
  emend_outputs_free(outputs);
  emend_mixture_options_free(options);
  run_end(&r);
}
END_TEST

START_TEST(names_are_checked) {
  run r = read_penguins(0);
  emend_clustering *other;
  ck_assert_int_eq(emend_clustering_new(r.plan, "Species", &other, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_ptr_null(other);
  ck_assert_int_eq(emend_clustering_new(r.plan, "", &other, NULL), EMEND_INVALID_ARGUMENT);
  run_end(&r);
}
END_TEST

SUITE {
  Suite *suite = suite_create("clusters of a dataset");
  TCase *tests = tcase_create("all");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, rows_are_assigned);
  tcase_add_test(tests, completion_is_that_of_an_imputation);
  tcase_add_test(tests, writing_is_planned_twice);
  tcase_add_test(tests, names_are_checked);
  suite_add_tcase(suite, tests);
  return suite;
}
