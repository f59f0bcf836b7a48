/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_CLUSTER_H
#define EMEND_CLUSTER_H

#include <stddef.h>

#include "emend/events.h"
#include "emend/file.h"
#include "emend/impute.h"
#include "emend/mixture.h"
#include "emend/output.h"
#include "emend/plan.h"
#include "emend/status.h"
#include "emend/write.h"

EMEND_BEGIN

/*
 * The rows of a dataset, each put to the component of a mixture that it most probably belongs to. Goes through three states: made,
 * fitted (or predicted), written. Refers to the plan and its dataset, which must outlive it; neither is changed.
 */
typedef struct emend_clustering emend_clustering;

/*
 * For the variables that the plan lets take part. (Plans for clusters are best made with emend_plan_options_set_scores_only: indicators would make
 * clusters of the categories.) `name` is that of the variable to be added, NULL for "cluster"; copied. Errors:
 * EMEND_INVALID_ARGUMENT if the dataset has a variable of that name, or of one of those that are added beside it (NAME_probability).
 */
EMEND_API emend_status emend_clustering_new(const emend_plan *plan, const char *name, emend_clustering **clustering, emend_error *error);
EMEND_API void emend_clustering_free(emend_clustering *clustering);
/* Before fitting. Non-zero: a variable NAME_1, NAME_2, ... for the probability of each component is added too. Default: zero. */
EMEND_API void emend_clustering_set_probabilities(emend_clustering *clustering, int probabilities);
/* Before fitting. Non-zero: the cells that the plan fills receive their expectation under the mixture. Default: zero. */
EMEND_API void emend_clustering_set_complete(emend_clustering *clustering, int complete);

/* Fits a mixture to the rows and assigns them. `options` NULL for defaults; sampling weights are treated as such whatever they say.
 * Errors: those of emend_mixture_fit, and EMEND_UNSUPPORTED if no variable takes part. */
EMEND_API emend_status emend_clustering_fit(emend_clustering *clustering, const emend_mixture_options *options, emend_events *events,
                                            emend_error *error);
/* Assigns the rows by a mixture made before, which must outlive the clustering. Its names are matched to the variables; one that the
 * dataset lacks counts as missing in every row, and a warning names it. Errors: EMEND_INVALID_ARGUMENT if none of its variables is there,
 * or one is a text or kept out by the plan's lists. */
EMEND_API emend_status emend_clustering_predict(emend_clustering *clustering, const emend_mixture *model, emend_events *events,
                                                emend_error *error);

/* Afterwards. The mixture is the one given, or owned by the clustering, its names set to the variables'. */
EMEND_API const emend_plan *emend_clustering_plan(const emend_clustering *clustering);
EMEND_API const emend_mixture *emend_clustering_mixture(const emend_clustering *clustering);
EMEND_API const char *emend_clustering_name(const emend_clustering *clustering);
/* The completed cells; NULL unless that was wanted. */
EMEND_API const emend_imputation *emend_clustering_imputation(const emend_clustering *clustering);
/* The component of a row, counted from 0; -1 for a row of which nothing is observed. */
EMEND_API ptrdiff_t emend_clustering_of_row(const emend_clustering *clustering, size_t row);
/* The probability of a component for a row; its proportion where nothing is observed. Cost O(1). */
EMEND_API double emend_clustering_probability(const emend_clustering *clustering, size_t row, size_t component);
/* Of the dataset's rows: put to the component; with a largest probability below 0.8; with nothing observed. */
EMEND_API size_t emend_clustering_count(const emend_clustering *clustering, size_t component);
EMEND_API size_t emend_clustering_ambiguous(const emend_clustering *clustering);
EMEND_API size_t emend_clustering_unassigned(const emend_clustering *clustering);
/* The sum of - r log r over the rows with something observed, and the components; 0 if every row is certain. */
EMEND_API double emend_clustering_entropy(const emend_clustering *clustering);
EMEND_API double emend_clustering_seconds_estimate(const emend_clustering *clustering);
EMEND_API double emend_clustering_seconds_assign(const emend_clustering *clustering);

/*
 * As emend_write_plan_new: how the file will be written with the variables that are added. Before fitting, when the number of components is
 * not known yet, it tells whether it can be. The plan is of the state in which it was made: to write, make one afterwards.
 */
EMEND_API emend_status emend_clustering_write_plan_new(const emend_file *file, const emend_clustering *clustering, const char *path,
                                                       const emend_write_options *options, emend_write_plan **plan, emend_error *error);
EMEND_API emend_status emend_clustering_write(const emend_write_plan *plan, const emend_clustering *clustering, emend_output *output,
                                              emend_events *events, emend_error *error);

EMEND_END

#endif
