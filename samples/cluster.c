/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clusters of rows that miss some entries, with libemend:
 *   cc cluster.c $(pkg-config --cflags --libs emend) -o cluster
 */
#include <emend/emend.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NA NAN
enum { ROWS = 16, COLUMNS = 2, CLUSTERS = 2 };

/* Height and weight of eight children and eight adults, as far as they were measured. */
static const double people[ROWS * COLUMNS] = {
    121, 23, 118, NA, 125, 26, NA, 22, 130, 29, 116, 21, 127, NA, 123, 25,
    171, 68, 182, 81, NA,  74, 165, NA, 177, 73, 169, 70, 188, NA, 174, 66,
};

static int fail(emend_error *error) {
  fprintf(stderr, "cluster: %s\n", emend_error_text(error));
  emend_error_free(error);
  return EXIT_FAILURE;
}

static void print_clusters(const emend_mixture *mixture) {
  for (size_t k = 0; k < emend_mixture_components(mixture); k++) {
    const double *mean = emend_mixture_mean(mixture, k), *covariance = emend_mixture_covariance(mixture, k);
    printf("cluster %zu: %.0f %% of the rows, height %.1f (sd %.1f), weight %.1f (sd %.1f)\n", k + 1,
           100 * emend_mixture_proportion(mixture, k), mean[0], sqrt(covariance[0]), mean[1], sqrt(covariance[3]));
  }
  printf("log-likelihood %.4f, BIC %.4f\n", emend_mixture_log_likelihood(mixture), emend_mixture_criterion(mixture, EMEND_BIC));
}

/* Three new people: where they belong, and what they probably weigh. */
static emend_status assign_others(const emend_mixture *mixture, emend_error *error) {
  double others[3 * COLUMNS] = {119, NA, 180, NA, NA, NA}, probabilities[3 * CLUSTERS];
  emend_status status = emend_mixture_predict(mixture, others, 3, COLUMNS, probabilities, error);
  if (status == EMEND_OK)
    status = emend_mixture_complete(mixture, others, 3, COLUMNS, error);
  for (int i = 0; i < 3 && status == EMEND_OK; i++)
    printf("height %.1f, weight %.1f: cluster 1 with probability %.3f\n", others[2 * i], others[2 * i + 1], probabilities[2 * i]);
  return status;
}

static emend_status draw_some(const emend_mixture *mixture, emend_error *error) {
  double drawn[4 * COLUMNS];
  size_t components[4];
  emend_status status = emend_mixture_sample(mixture, 1, 4, drawn, components, error);
  for (int i = 0; i < 4 && status == EMEND_OK; i++)
    printf("drawn from cluster %zu: height %.1f, weight %.1f\n", components[i] + 1, drawn[2 * i], drawn[2 * i + 1]);
  return status;
}

int main(void) {
  emend_error *error = emend_error_new();
  emend_mixture_options *options = emend_mixture_options_new();
  emend_structure structure = EMEND_STRUCTURE_VVI;
  emend_mixture *mixture = NULL;
  if (!error || !options)
    return EXIT_FAILURE;
  emend_status status = emend_mixture_options_set_components(options, CLUSTERS, CLUSTERS, error);
  if (status == EMEND_OK)
    status = emend_mixture_options_set_structures(options, &structure, 1, error);
  if (status == EMEND_OK)
    status = emend_mixture_fit(people, ROWS, COLUMNS, COLUMNS, NULL, options, NULL, &mixture, error);
  emend_mixture_options_free(options);
  if (status != EMEND_OK)
    return fail(error);
  print_clusters(mixture);
  status = assign_others(mixture, error);
  if (status == EMEND_OK)
    status = draw_some(mixture, error);
  emend_mixture_free(mixture);
  if (status != EMEND_OK)
    return fail(error);
  emend_error_free(error);
  return EXIT_SUCCESS;
}
