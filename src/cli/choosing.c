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

typedef emend_status (*rule_adder)(emend_plan_options *, const char *, const char *, const char *, emend_error *);

static emend_status add_rules(emend_plan_options *options, rule_adder add, const option_list *list, emend_error *error) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < list->count && !status; i++)
    status = add(options, NULL, list->items[i], NULL, error);
  return status;
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
    status = set_list(o, emend_plan_options_set_impute_codes, &a->impute_codes, ';', error);
  if (!status)
    status = set_list(o, emend_plan_options_set_keep_codes, &a->keep_codes, ';', error);
  if (!status)
    status = set_list(o, emend_plan_options_set_transforms, &a->transforms, ';', error);
  if (!status)
    status = set_list(o, emend_plan_options_set_bounds, &a->bounds, ';', error);
  if (!status)
    status = set_list(o, emend_plan_options_set_semicontinuous, &a->semicontinuous, ',', error);
  for (int type = EMEND_TYPE_CONTINUOUS; type <= EMEND_TYPE_NOMINAL && !status; type++)
    status = a->types[type].count ? set_type(o, (emend_type)type, &a->types[type], error) : EMEND_OK;
  if (!status)
    status = add_rules(o, emend_plan_options_add_only_if, &a->only_if, error);
  if (!status)
    status = add_rules(o, emend_plan_options_add_formula, &a->formula, error);
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
