/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef EMEND_WRITE_H
#define EMEND_WRITE_H

#include <stddef.h>

#include "emend/events.h"
#include "emend/file.h"
#include "emend/impute.h"
#include "emend/output.h"
#include "emend/plan.h"
#include "emend/status.h"

EMEND_BEGIN

/* How to write. Defaults: the format that the name of the output says, else the input's; the way that changes least; losses accepted. */
typedef struct emend_write_options emend_write_options;

EMEND_API emend_write_options *emend_write_options_new(void); /* NULL only when out of memory */
EMEND_API void emend_write_options_free(emend_write_options *options);
/* "sav", "zsav", "por", "dta", "xpt", "csv", "tsv"; NULL: from the name of the output. */
EMEND_API emend_status emend_write_options_set_format(emend_write_options *options, const char *format, emend_error *error);
/* Non-zero: the file is laid out anew even where its own bytes could be patched. */
EMEND_API void emend_write_options_set_rewrite(emend_write_options *options, int rewrite);
/* Non-zero: a loss is an error (EMEND_UNSUPPORTED), told before anything is written. */
EMEND_API void emend_write_options_set_strict(emend_write_options *options, int strict);

/*
 * How a file will be written, decided before there is anything to write:
 *   "patch"    the input's own bytes with only the imputed cells replaced
 *   "rebuild"  laid out anew in the input's format, with everything that the format's writer does not know carried over
 *   "convert"  written in another format
 * and what the written file will not say although the input does: the losses, a sentence for each kind, with counts and names.
 */
typedef struct emend_write_plan emend_write_plan;

/*
 * Plans to write `file`, completed as `completion` says (NULL: as it is), to `path`. The format is that of the options, else that of the
 * extension of `path`; without an extension, or with the input's own, the input's; an extension that is no format's is
 * EMEND_UNSUPPORTED, as is a format that cannot be written: the error says what can. `file` must outlive the plan. The caller frees *plan.
 */
EMEND_API emend_status emend_write_plan_new(const emend_file *file, const emend_plan *completion, const char *path,
                                            const emend_write_options *options, emend_write_plan **plan, emend_error *error);
EMEND_API void emend_write_plan_free(emend_write_plan *plan);
EMEND_API const char *emend_write_plan_way(const emend_write_plan *plan);    /* static: "patch", "rebuild", "convert" */
EMEND_API const char *emend_write_plan_format(const emend_write_plan *plan); /* static: "sav", ... */
EMEND_API size_t emend_write_plan_losses(const emend_write_plan *plan);
EMEND_API const char *emend_write_plan_loss(const emend_write_plan *plan, size_t index); /* owned by the plan */

/* Writes the file as planned. `imputation` NULL: unchanged; else it is of the `completion` that was planned with. */
EMEND_API emend_status emend_write(const emend_write_plan *plan, const emend_imputation *imputation, emend_output *output,
                                   emend_events *events, emend_error *error);

EMEND_END

#endif
