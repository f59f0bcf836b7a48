/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/choosing.h"

#include <stdlib.h>

const char *const choosing_weight_kinds[] = {"auto", "frequency", "sampling", NULL};

#include "report/line.h"

/* The items of a repeated option as one list, which `separator` joins; the caller frees it. */
static char *join(const option_list *list, char separator) {
  text_line line;
  if (!line_open(&line))
    return NULL;
  for (size_t i = 0; i < list->count; i++) {
    if (i)
      fputc(separator, line.stream);
    if (list->sections[i])
      fprintf(line.stream, "%s=", list->sections[i]);
    fputs(list->items[i], line.stream);
  }
  line_close(&line);
  return line.text;
}

typedef emend_status (*list_setter)(emend_plan_options *, const char *, emend_error *);

static emend_status set_list(emend_plan_options *options, list_setter set, const option_list *list, char separator, emend_error *error) {
  if (!list->count)
    return EMEND_OK;
  char *text = join(list, separator);
  emend_status status = text ? set(options, text, error) : EMEND_OUT_OF_MEMORY;
  free(text);
  return status;
}

static emend_status set_type(emend_plan_options *options, emend_type type, const option_list *list, emend_error *error) {
  char *text = join(list, ',');
  emend_status status = text ? emend_plan_options_set_type(options, type, text, error) : EMEND_OUT_OF_MEMORY;
  free(text);
  return status;
}

/* What is said of variables, each with its place. */
typedef emend_status (*sayer)(emend_plan_options *, const char *variables, const char *value, const char *where, emend_error *);

static emend_status say_impute(emend_plan_options *options, const char *variables, const char *value, const char *where,
                               emend_error *error) {
  return emend_plan_options_add_codes(options, 1, variables, value, where, error);
}
static emend_status say_keep(emend_plan_options *options, const char *variables, const char *value, const char *where, emend_error *error) {
  return emend_plan_options_add_codes(options, 0, variables, value, where, error);
}

/* Those of the recipe, or of the command line. */
static emend_status say_part(const choosing_arguments *a, bool of_recipe, emend_plan_options *options, emend_error *error) {
  const struct {
    const option_list *list;
    sayer say;
  } kinds[] = {{&a->impute_codes, say_impute},
               {&a->keep_codes, say_keep},
               {&a->transforms, emend_plan_options_add_transform},
               {&a->bounds, emend_plan_options_add_bounds},
               {&a->orders, emend_plan_options_add_order},
               {&a->only_if, emend_plan_options_add_only_if},
               {&a->formula, emend_plan_options_add_formula}};
  emend_status status = EMEND_OK;
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    const option_list *list = kinds[k].list;
    for (size_t i = of_recipe ? 0 : list->n_recipe; i < (of_recipe ? list->n_recipe : list->count) && !status; i++)
      status = kinds[k].say(options, list->sections[i], list->items[i], list->wheres[i], error);
  }
  return status;
}

/* The command line beats the recipe. */
static emend_status say_all(const choosing_arguments *a, emend_plan_options *options, emend_error *error) {
  emend_status status = say_part(a, true, options, error);
  emend_plan_options_begin_layer(options);
  return status ? status : say_part(a, false, options, error);
}

emend_status choosing_options(const choosing_arguments *a, emend_plan_options **made, emend_error *error) {
  emend_plan_options *o = *made = emend_plan_options_new();
  if (!o)
    return EMEND_OUT_OF_MEMORY;
  emend_status status = set_list(o, emend_plan_options_set_variables, &a->variables, ',', error);
  if (!status)
    status = set_list(o, emend_plan_options_set_targets, &a->targets, ',', error);
  if (!status)
    status = set_list(o, emend_plan_options_set_exclude, &a->exclude, ',', error);
  if (!status)
    status = say_all(a, o, error);
  if (!status)
    status = set_list(o, emend_plan_options_set_semicontinuous, &a->semicontinuous, ',', error);
  if (!status)
    status = set_list(o, emend_plan_options_set_asked, &a->asked, ',', error);
  if (!status)
    status = set_list(o, emend_plan_options_set_apart, &a->apart, ',', error);
  for (int type = EMEND_TYPE_CONTINUOUS; type <= EMEND_TYPE_NOMINAL && !status; type++)
    status = a->types[type].count ? set_type(o, (emend_type)type, &a->types[type], error) : EMEND_OK;
  if (!status && a->id)
    status = emend_plan_options_set_id(o, a->id, error);
  if (!status && a->by)
    status = emend_plan_options_set_by(o, a->by, error);
  if (a->weight_kind > 0)
    emend_plan_options_set_weight_kind(o, a->weight_kind == 1 ? EMEND_FREQUENCY_WEIGHTS : EMEND_SAMPLING_WEIGHTS);
  if (!status && a->weight)
    status = emend_plan_options_set_weight(o, a->weight, error);
  emend_plan_options_set_round(o, !a->no_round);
  if (status) {
    emend_plan_options_free(o);
    *made = NULL;
  }
  return status;
}

/* Tokens among texts that --keep-codes or --impute-codes names. */
static emend_status name_tokens(const option_list *list, emend_file *file) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < list->count && !status; i++)
    status = emend_name_tokens(file, list->sections[i], list->items[i]);
  return status;
}

emend_status choosing_set_aside(const choosing_arguments *a, emend_file *file, emend_events *events, emend_error *error) {
  char *answers = a->answers.count ? join(&a->answers, ',') : NULL;
  emend_status status = a->answers.count && !answers ? EMEND_OUT_OF_MEMORY : EMEND_OK;
  if (!status)
    status = name_tokens(&a->keep_codes, file);
  if (!status)
    status = name_tokens(&a->impute_codes, file);
  if (!status)
    status = emend_set_aside_codes(file, answers, events, error);
  free(answers);
  return status;
}
