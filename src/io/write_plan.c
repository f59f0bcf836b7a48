/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/write_plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Which of the three ways a file is written, decided by trying: a writer opened without an output says whether it would, and what is lost.
 */

static const char patch[] = "patch", rebuild[] = "rebuild", convert[] = "convert";

emend_write_options *emend_write_options_new(void) { return calloc(1, sizeof(emend_write_options)); }
void emend_write_options_free(emend_write_options *options) { free(options); }
void emend_write_options_set_rewrite(emend_write_options *options, int rewrite) { options->rewrite = rewrite != 0; }
void emend_write_options_set_strict(emend_write_options *options, int strict) { options->strict = strict != 0; }

emend_status emend_write_options_set_format(emend_write_options *options, const char *format, emend_error *error) {
  const emend_format *found = format ? emend_format_by_name(format) : NULL;
  if (format && !found)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "\"%s\" is not a format that emend knows", format);
  options->format = found ? found->name : NULL;
  return EMEND_OK;
}

/* The delimiter of a delimited text format; '\0' for the others. */
static char delimiter_of(const emend_format *format) {
  return strcmp(format->name, "csv") == 0 ? ',' : strcmp(format->name, "tsv") == 0 ? '\t' : '\0';
}

static bool same_extension(const char *a, const char *b) { return a && b && emend_ascii_equal(a, b); }

/* The format told, else that of the extension; without an extension, or with the input's own, the input's. NULL: the extension is no
 * format's. */
static const emend_format *find_wanted(const emend_file *file, const char *path, const char *format) {
  const char *extension = path ? emend_extension(path) : NULL;
  const emend_format *wanted = format ? emend_format_by_name(format) : path ? emend_format_by_extension(path) : NULL;
  if (wanted)
    return wanted;
  bool own = !extension || same_extension(extension, file->source->path ? emend_extension(file->source->path) : NULL);
  return own ? file->format : NULL;
}

/* Delimited text in is patched if that gives the text wanted; where it gives the same delimiter, the name does not matter. */
static bool same_kind(const emend_file *file, const emend_format *wanted) {
  return wanted == file->format || (delimiter_of(wanted) && delimiter_of(file->format) &&
                                    emend_dataset_get_dialect(file->dataset)->delimiter == delimiter_of(wanted));
}

/* The rows are those of the file, cell by cell. */
static bool is_plain(const emend_rows *shape) {
  for (size_t v = 0; v < emend_dataset_variables(shape->dataset); v++)
    if (emend_rows_widen(shape, v))
      return false;
  return shape->n_added == 0 && shape->n_rows == emend_dataset_rows(shape->dataset);
}

/* Values come into a variable by which the file says that it is sorted: patched, it would go on to say so. */
static bool unsorts(const emend_rows *shape) {
  for (size_t i = 0; i < emend_dataset_sort_keys(shape->dataset); i++)
    if (emend_rows_fill(shape, emend_dataset_sort_key(shape->dataset, i)))
      return true;
  return false;
}

static emend_status open_as(const emend_write_plan *p, emend_losses *losses, emend_output *output, emend_writer **writer,
                            emend_error *error) {
  *writer = NULL;
  if (p->way == patch)
    return p->file->format->open_patch(p->file->source, p->file->dataset, output, writer, error);
  if (p->carries)
    return p->format->open_rebuild(p->file->source, &p->shape, losses, output, writer, error);
  return p->format->open_writer(&p->shape, losses, output, writer, error);
}

/* Opened without an output, which writes nothing. */
static emend_status try_way(emend_write_plan *p, const char *way, bool carries, emend_error *error) {
  emend_writer *writer;
  p->way = way;
  p->carries = carries;
  emend_losses_free(&p->losses);
  emend_status status = open_as(p, &p->losses, NULL, &writer, error);
  if (writer)
    writer->free(writer);
  return status;
}

static bool can_patch(const emend_write_plan *p) { return p->file->format->open_patch && is_plain(&p->shape); }

/* "sav, dta or csv": what this file can be written as. Portable files are for those who ask for them. */
static void list_formats(emend_write_plan *p, emend_names *names) {
  size_t n;
  const emend_format *formats = emend_formats(&n);
  if (!p->file->format->open_writer && can_patch(p) && try_way(p, patch, false, NULL) == EMEND_OK)
    emend_names_add(names, p->file->format->name);
  for (size_t i = 0; i < n; i++)
    if (formats[i].open_writer && strcmp(formats[i].name, "por") != 0)
      emend_names_add(names, formats[i].name);
  char *comma = strrchr(names->text, ',');
  if (comma) {
    memmove(comma + 4, comma + 2, strlen(comma + 2) + 1);
    memcpy(comma, " or ", 4);
  }
}

static emend_status refuse(emend_write_plan *p, const char *wanted, const char *why, emend_error *error) {
  emend_names names = {0};
  emend_status status =
      emend_fail(error, EMEND_UNSUPPORTED, "cannot be written as %s%s%s%s", wanted, why[0] ? " (" : "", why, why[0] ? ")" : "");
  emend_at_file(error, p->file->source->name);
  list_formats(p, &names);
  emend_try(error, "%s: what this file can be written as", names.text);
  return status;
}

/* Patches what can be patched; rebuilds what is of the same format; converts the rest. `why` keeps the reason of the last that refused. */
static emend_status choose(emend_write_plan *p, bool rewrite, emend_error *why) {
  const emend_file *file = p->file;
  emend_status status = EMEND_UNSUPPORTED;
  bool patches = can_patch(p) && same_kind(file, p->format) && !rewrite;
  if (patches && unsorts(&p->shape) && p->format->open_rebuild)
    status = try_way(p, rebuild, true, why);
  if (status == EMEND_UNSUPPORTED && patches)
    status = try_way(p, patch, false, why);
  if (status == EMEND_UNSUPPORTED && p->format->open_rebuild && same_kind(file, p->format))
    status = try_way(p, rebuild, true, why);
  if (status == EMEND_UNSUPPORTED && p->format->open_writer)
    status = try_way(p, same_kind(file, p->format) ? rebuild : convert, false, why);
  return status;
}

static emend_status refuse_losses(const emend_write_plan *p, emend_error *error) {
  size_t more = p->losses.count - 1;
  emend_status status =
      more ? emend_fail(error, EMEND_UNSUPPORTED, "something would be lost: %s (and %zu more)", p->losses.sentences[0], more)
           : emend_fail(error, EMEND_UNSUPPORTED, "something would be lost: %s", p->losses.sentences[0]);
  emend_at_file(error, p->file->source->name);
  return status;
}

static void hand_over(const emend_error *from, emend_error *to) {
  emend_error_record record;
  emend_error_export(from, &record);
  emend_error_import(to, &record);
}

static emend_status fill(emend_write_plan *p, const char *path, const emend_write_options *options, emend_error *error) {
  p->format = find_wanted(p->file, path, options ? options->format : NULL);
  if (!p->format)
    return refuse(p, emend_extension(path), "", error);
  emend_error *why = emend_error_new();
  if (!why)
    return emend_fail_memory(error);
  emend_status status = choose(p, options && options->rewrite, why);
  if (status == EMEND_UNSUPPORTED)
    refuse(p, p->format->name, emend_error_message(why), error);
  else if (status)
    hand_over(why, error);
  emend_error_free(why);
  return !status && options && options->strict && p->losses.count ? refuse_losses(p, error) : status;
}

emend_status emend_write_plan_make(const emend_file *file, const emend_rows *shape, const char *path, const emend_write_options *options,
                                   emend_write_plan **plan, emend_error *error) {
  *plan = NULL;
  emend_write_plan *made = calloc(1, sizeof *made);
  if (!made)
    return emend_fail_memory(error);
  made->file = file;
  made->shape = *shape;
  made->shape.read = NULL;
  emend_status status = fill(made, path, options, error);
  if (status)
    emend_write_plan_free(made);
  else
    *plan = made;
  return status;
}

void emend_write_plan_free(emend_write_plan *plan) {
  if (!plan)
    return;
  emend_losses_free(&plan->losses);
  free(plan);
}

const char *emend_write_plan_way(const emend_write_plan *plan) { return plan->way; }
const char *emend_write_plan_format(const emend_write_plan *plan) { return plan->format->name; }
size_t emend_write_plan_losses(const emend_write_plan *plan) { return plan->losses.count; }
const char *emend_write_plan_loss(const emend_write_plan *plan, size_t index) { return plan->losses.sentences[index]; }

static bool has_shape(const emend_rows *rows, const emend_rows *shape) {
  bool same = rows->dataset == shape->dataset && rows->n_added == shape->n_added && rows->n_rows == shape->n_rows;
  for (size_t v = 0; same && v < emend_dataset_variables(rows->dataset); v++)
    same = emend_rows_widen(rows, v) == emend_rows_widen(shape, v);
  return same;
}

emend_status emend_write_plan_pour(const emend_write_plan *plan, const emend_rows *rows, emend_output *output, emend_events *events,
                                   emend_error *error) {
  const emend_file *file = plan->file;
  emend_writer *writer = NULL;
  if (!has_shape(rows, &plan->shape))
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "the rows are not those that were planned");
  emend_status status = emend_source_unchanged(file->source, error);
  if (!status)
    status = open_as(plan, NULL, output, &writer, error);
  if (!status)
    status = emend_writer_pour(writer, rows, events, error);
  /* The bytes between the patched cells were read while writing: they must be those that were estimated from. */
  if (!status)
    status = emend_source_unchanged(file->source, error);
  if (writer)
    writer->free(writer);
  /* What a patcher found in the input; errors of the output name their own file. */
  if ((status == EMEND_MALFORMED || status == EMEND_INTERNAL) && !emend_error_file(error)[0])
    emend_at_file(error, file->source->name);
  return status;
}
