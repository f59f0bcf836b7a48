/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "encode/matrix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "pattern/transpose.h"

emend_status emend_encoding_new(const emend_plan *plan, size_t n_columns, emend_encoding *encoding, emend_error *error) {
  *encoding = (emend_encoding){.plan = plan, .n_columns = n_columns, .columns = emend_allocate(n_columns, sizeof(size_t))};
  encoding->codings = emend_allocate(n_columns, sizeof *encoding->codings);
  return encoding->columns && encoding->codings ? EMEND_OK : emend_fail_memory(error);
}

void emend_encoding_free(emend_encoding *encoding) {
  free(encoding->columns), free(encoding->codings);
  *encoding = (emend_encoding){0};
}

/* Of column i of a variable. */
static emend_coding coding_of(const emend_planned *planned, size_t i) {
  if (planned->categories.n_levels)
    return (emend_coding){.kind = EMEND_CODING_LEVEL, .level = (unsigned char)(i + 1)};
  if (planned->spiked)
    return (emend_coding){.kind = i == 0 ? EMEND_CODING_SOME : EMEND_CODING_AMOUNT};
  return (emend_coding){.kind = planned->transform.kind ? EMEND_CODING_VALUE : EMEND_CODING_SCORE};
}

emend_status emend_encoding_of_plan(const emend_plan *plan, emend_encoding *encoding, emend_error *error) {
  size_t n_columns = 0, column = 0;
  for (size_t v = 0; v < plan->n_variables; v++)
    n_columns += plan->variables[v].n_columns;
  emend_status status = emend_encoding_new(plan, n_columns, encoding, error);
  for (size_t v = 0; !status && v < plan->n_variables; v++)
    for (size_t i = 0; i < plan->variables[v].n_columns; i++, column++) {
      encoding->columns[column] = v;
      encoding->codings[column] = coding_of(&plan->variables[v], i);
    }
  return status;
}

static emend_status name_category(const emend_encoding *encoding, const emend_categories *c, size_t i, emend_buffer *name,
                                  emend_error *error) {
  char number[EMEND_NUMBER_SIZE];
  if (!c->texts) {
    emend_number_print(c->numbers[i], '.', number);
    return emend_buffer_format(name, error, "%s", number);
  }
  const emend_dataset *dataset = encoding->plan->dataset;
  const char *text = emend_dataset_text(dataset, c->texts[i]);
  return emend_buffer_append(name, text, emend_trimmed_length(text, emend_dataset_text_length(dataset, c->texts[i])), error);
}

static emend_status name_number(const emend_encoding *encoding, size_t column, emend_buffer *name, emend_error *error) {
  const emend_planned *planned = &encoding->plan->variables[encoding->columns[column]];
  const char *variable = emend_variable_name(encoding->plan->dataset, encoding->columns[column]);
  char spike[EMEND_NUMBER_SIZE];
  if (encoding->codings[column].kind == EMEND_CODING_SOME) {
    emend_number_print(planned->spike, '.', spike);
    return emend_buffer_format(name, error, "%s!=%s", variable, spike);
  }
  if (planned->transform.kind == EMEND_TRANSFORM_NONE)
    return emend_buffer_format(name, error, "%s", variable);
  return emend_buffer_format(name, error, "%s(%s)", emend_transform_word(planned->transform.kind), variable);
}

static emend_status name_level(const emend_encoding *encoding, size_t column, size_t level, const char *separator, emend_buffer *name,
                               emend_error *error) {
  const emend_categories *c = &encoding->plan->variables[encoding->columns[column]].categories;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < c->n && !status; i++) {
    if (c->levels[i] != level)
      continue;
    status = emend_buffer_format(name, error, "%s", separator);
    if (!status)
      status = name_category(encoding, c, i, name, error);
    separator = "|";
  }
  return status;
}

emend_status emend_encoding_name(const emend_encoding *encoding, size_t column, emend_buffer *name, emend_error *error) {
  size_t v = encoding->columns[column];
  if (encoding->codings[column].kind > EMEND_CODING_LEVEL)
    return name_number(encoding, column, name, error);
  emend_status status = emend_buffer_format(name, error, "%s", emend_variable_name(encoding->plan->dataset, v));
  bool level = encoding->codings[column].kind == EMEND_CODING_LEVEL;
  return status || !level ? status : name_level(encoding, column, encoding->codings[column].level, "=", name, error);
}

emend_status emend_encoding_base(const emend_encoding *encoding, size_t column, emend_buffer *base, emend_error *error) {
  size_t v = encoding->columns[column];
  if (encoding->codings[column].kind == EMEND_CODING_LEVEL)
    return name_level(encoding, column, 0, "", base, error);
  const emend_categories *c = v == EMEND_NO_VARIABLE ? NULL : &encoding->plan->variables[v].categories;
  emend_status status = EMEND_OK;
  for (size_t i = 0; c && c->texts && i < c->n && !status; i++) {
    status = emend_buffer_format(base, error, "%s", i > 0 ? "|" : "");
    if (!status)
      status = name_category(encoding, c, i, base, error);
  }
  return status;
}

emend_status emend_encoding_texts(const emend_encoding *encoding, emend_column_text say, const char ***texts, emend_error *error) {
  emend_buffer text = {0};
  emend_status status = EMEND_OK;
  for (size_t j = 0; j < encoding->n_columns && !status; j++) {
    status = say(encoding, j, &text, error);
    if (!status)
      status = emend_buffer_append(&text, "", 1, error);
  }
  size_t list = encoding->n_columns * sizeof **texts;
  *texts = status ? NULL : emend_allocate(list + text.length + 1, 1);
  if (!status && !*texts)
    status = emend_fail_memory(error);
  if (!status) {
    char *at = (char *)*texts + list;
    memcpy(at, text.bytes ? text.bytes : "", text.length);
    for (size_t j = 0; j < encoding->n_columns; j++, at += strlen(at) + 1)
      (*texts)[j] = *at ? at : NULL;
  }
  emend_buffer_free(&text);
  return status;
}

enum { GROUP = 16, TILE = 64 };

/* A column's run, which begins at a row; of a text with an order, where its steps stand. */
typedef struct column_run {
  emend_run run;
  size_t row;
  const emend_categories *steps;
} column_run;

/* The observed values of a run; a column without values is missing throughout. */
static void mask_run(const column_run *column, size_t first, size_t n, double *values) {
  const emend_run *run = &column->run;
  for (size_t i = 0; i < n && column->steps; i++)
    values[i] = emend_categories_number(column->steps, column->row + first + i, run->reasons[first + i], NAN);
  for (size_t i = 0; i < n && !column->steps; i++)
    values[i] = run->values && run->reasons[first + i] == EMEND_OBSERVED ? run->values[first + i] : NAN;
}

/* Rows of a few columns, some rows at a time, so that what is read and what is written stay near. */
static void read_columns(const column_run *runs, size_t n_runs, size_t n, size_t stride, double *block) {
  double values[GROUP][TILE];
  const double *columns[GROUP];
  for (size_t first = 0; first < n; first += TILE) {
    size_t count = n - first < TILE ? n - first : TILE;
    for (size_t j = 0; j < n_runs; j++) {
      mask_run(&runs[j], first, count, values[j]);
      columns[j] = values[j];
    }
    emend_transpose(columns, n_runs, count, stride, block + first * stride);
  }
}

/* The columns of one variable's levels, from `column` on: rows [row, row + n). */
static void read_levels(const emend_encoding *encoding, size_t column, size_t n_levels, size_t row, emend_run run, size_t n, double *to) {
  const emend_categories *c = &encoding->plan->variables[encoding->columns[column]].categories;
  const emend_coding *codings = &encoding->codings[column];
  for (size_t i = 0; i < n; i++, to += encoding->n_columns) {
    size_t category = emend_categories_of_cell(c, row + i, run.reasons[i], run.values[i]);
    bool known = category != EMEND_NO_CATEGORY && emend_categories_gives(c, category);
    for (size_t k = 0; k < n_levels; k++)
      to[k] = known ? c->levels[category] == codings[k].level : NAN;
  }
}

static void read_number(const emend_encoding *encoding, size_t column, emend_run run, size_t n, double *to) {
  const emend_planned *planned = &encoding->plan->variables[encoding->columns[column]];
  emend_coding_kind kind = encoding->codings[column].kind;
  size_t stride = encoding->n_columns;
  for (size_t i = 0; i < n; i++) {
    bool observed = run.reasons[i] == EMEND_OBSERVED, spike = planned->spiked && run.values[i] == planned->spike;
    if (!observed || (spike && kind == EMEND_CODING_AMOUNT))
      to[i * stride] = NAN;
    else
      to[i * stride] = kind == EMEND_CODING_SOME ? !spike : emend_transform_forward(&planned->transform, run.values[i]);
  }
}

static emend_run run_of(const emend_encoding *encoding, size_t column, size_t row) {
  size_t variable = encoding->columns[column];
  return variable == EMEND_NO_VARIABLE ? (emend_run){0} : emend_dataset_run(encoding->plan->dataset, variable, row);
}

/* How many columns from this one on are read together: scores, the levels of one variable, or a transformed number by itself. */
static size_t count_together(const emend_encoding *encoding, size_t column) {
  emend_coding_kind kind = encoding->codings[column].kind;
  size_t end = column + 1, variable = encoding->columns[column];
  while (kind == EMEND_CODING_SCORE && end < encoding->n_columns && end - column < GROUP && encoding->codings[end].kind == kind)
    end++;
  while (kind == EMEND_CODING_LEVEL && end < encoding->n_columns && encoding->columns[end] == variable && encoding->codings[end].kind == kind)
    end++;
  return end - column;
}

static const emend_categories *steps_of(const emend_encoding *encoding, size_t column) {
  size_t variable = encoding->columns[column];
  const emend_categories *c = variable == EMEND_NO_VARIABLE ? NULL : &encoding->plan->variables[variable].categories;
  return c && c->texts ? c : NULL;
}

static void read_scores(const emend_encoding *encoding, size_t column, size_t n_columns, size_t row, size_t n, double *to) {
  column_run runs[GROUP];
  for (size_t j = 0; j < n_columns; j++)
    runs[j] = (column_run){run_of(encoding, column + j, row), row, steps_of(encoding, column + j)};
  read_columns(runs, n_columns, n, encoding->n_columns, to);
}

/* The dataset's blocks of rows end at the same row in every column. */
static void read_block(const void *state, size_t row, size_t n, double *block) {
  const emend_encoding *encoding = state;
  size_t n_columns = encoding->n_columns, span, count;
  for (size_t done = 0; done < n && n_columns > 0; done += span) {
    size_t left = emend_dataset_run(encoding->plan->dataset, 0, row + done).n;
    span = left < n - done ? left : n - done;
    for (size_t column = 0; column < n_columns; column += count) {
      double *to = block + done * n_columns + column;
      emend_coding_kind kind = encoding->codings[column].kind;
      count = count_together(encoding, column);
      if (kind == EMEND_CODING_SCORE)
        read_scores(encoding, column, count, row + done, span, to);
      else if (kind == EMEND_CODING_LEVEL)
        read_levels(encoding, column, count, row + done, run_of(encoding, column, row + done), span, to);
      else
        read_number(encoding, column, run_of(encoding, column, row + done), span, to);
    }
  }
}

emend_matrix emend_encoding_matrix(const emend_encoding *encoding) {
  return (emend_matrix){
      .n_rows = emend_dataset_rows(encoding->plan->dataset),
      .n_columns = encoding->n_columns,
      .state = encoding,
      .read = read_block,
      .weights = encoding->plan->weights,
  };
}
