/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_header.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "encode/unanswered.h" /* words alone */
#include "io/csv_tokens.h"

enum { FIRST_LINES = 4, SAMPLE_LINES = 200, SAMPLE_CELLS = 100000 };

typedef enum cell_kind { CELL_EMPTY, CELL_PLAIN, CELL_TEXT } cell_kind;

/* A cell of the second line, and what stands above and below it. */
typedef struct column {
  bool asks;    /* the name is a question */
  bool refuses; /* a text that says of itself that it is no answer */
  char *text; /* owned */
  size_t length;
  cell_kind kind;
  size_t filled, plain, same;
} column;

typedef struct header {
  column *columns;
  size_t n_columns, n_lines; /* so far, blank ones left out */
  bool unnamed;              /* a name is empty, or that of the column before */
  uint32_t import_line;      /* the line that holds an ImportId; 0: none */
} header;

/* Digits and what stands between those of dates and times: 2021-03-03 10:35:59, 03/21/2021 10:04:11 AM. */
static bool is_moment(const char *value, size_t length) {
  enum { FEWEST_DIGITS = 4 };
  size_t digits = 0;
  for (size_t i = 0; i < length; i++) {
    bool digit = value[i] >= '0' && value[i] <= '9';
    digits += digit;
    if (!digit && !strchr("-/.:+ TZAPMapm", value[i]))
      return false;
  }
  return digits >= FEWEST_DIGITS;
}

static cell_kind kind_of(const char *value, size_t length) {
  double number;
  if (length == 0 || emend_csv_is_default_token(value, length))
    return CELL_EMPTY;
  bool plain = emend_number_parse(value, length, '.', &number) || emend_number_parse(value, length, ',', &number) ||
               memchr(value, '\0', length) || is_moment(value, length);
  return plain ? CELL_PLAIN : CELL_TEXT;
}

/* {"ImportId":"QID1"}, with its quotes doubled or not. */
static bool is_import_id(const char *value, size_t length) {
  static const char word[] = "ImportId";
  size_t at = 1;
  if (length < sizeof word || value[0] != '{')
    return false;
  while (at < length && (value[at] == '"' || value[at] == '\'' || value[at] == ' '))
    at++;
  return emend_ascii_equal_n(value + at, length - at < sizeof word - 1 ? length - at : sizeof word - 1, word, sizeof word - 1);
}

static bool is_question(const char *value, size_t length) {
  enum { SHORTEST = 8 };
  return length >= SHORTEST && value[length - 1] == '?' && memchr(value, ' ', length);
}

static void look_at_names(header *h, const emend_csv_record *record) {
  const char *before = "";
  size_t before_length = 0;
  for (size_t i = 0; i < h->n_columns; i++) {
    const char *value = record->fields[i].value;
    size_t length = record->fields[i].length;
    emend_csv_trim(&value, &length);
    h->columns[i].asks = is_question(value, length);
    h->unnamed = h->unnamed || length == 0 || (length == before_length && memcmp(value, before, length) == 0);
    before = value, before_length = length;
  }
}

static emend_status look_for_refusal(column *c, emend_error *error) {
  emend_buffer folded = {0};
  emend_status status = emend_fold(c->text, c->length, &folded, error);
  bool clear;
  c->refuses = !status && (emend_folded_says_no_answer(folded.bytes) || emend_folded_says_unsure(folded.bytes) ||
                           emend_folded_says_only_not_applicable(folded.bytes, &clear));
  emend_buffer_free(&folded);
  return status;
}

static emend_status keep_second(header *h, const emend_csv_record *record, emend_error *error) {
  for (size_t i = 0; i < h->n_columns; i++) {
    column *c = &h->columns[i];
    const char *value = record->fields[i].value;
    c->length = record->fields[i].length;
    emend_csv_trim(&value, &c->length);
    c->kind = kind_of(value, c->length);
    c->text = malloc(c->length + 1);
    if (!c->text)
      return emend_fail_memory(error);
    memcpy(c->text, value, c->length);
    emend_status status = c->kind == CELL_TEXT ? look_for_refusal(c, error) : EMEND_OK;
    if (status)
      return status;
  }
  return EMEND_OK;
}

static void compare_below(header *h, const emend_csv_record *record) {
  for (size_t i = 0; i < h->n_columns; i++) {
    column *c = &h->columns[i];
    const char *value = record->fields[i].value;
    size_t length = record->fields[i].length;
    emend_csv_trim(&value, &length);
    cell_kind kind = kind_of(value, length);
    c->filled += kind != CELL_EMPTY;
    c->plain += kind == CELL_PLAIN;
    c->same += length == c->length && memcmp(value, c->text, length) == 0;
  }
}

static emend_status take(header *h, const emend_csv_record *record, emend_error *error) {
  h->n_lines++;
  if (h->n_lines == 1) {
    h->n_columns = record->n_fields;
    h->columns = emend_allocate(h->n_columns, sizeof *h->columns);
    if (!h->columns)
      return emend_fail_memory(error);
    look_at_names(h, record);
    return EMEND_OK;
  }
  if (record->n_fields != h->n_columns)
    return EMEND_OK;
  for (size_t i = 0; i < h->n_columns && h->n_lines <= FIRST_LINES; i++)
    if (is_import_id(record->fields[i].value, record->fields[i].length))
      h->import_line = (uint32_t)h->n_lines;
  if (h->n_lines == 2)
    return keep_second(h, record, error);
  if (h->columns[0].text)
    compare_below(h, record);
  return EMEND_OK;
}

static bool says_open_ended(const column *c) { return c->same == 0 && emend_text_equal(c->text, c->length, "Open-Ended Response"); }

/* "Response" may be the answer of somebody, to a treatment, say. */
static bool says_response(const header *h, const column *c) {
  bool response = c->same == 0 && emend_text_equal(c->text, c->length, "Response");
  return says_open_ended(c) || (response && (c->asks || h->unnamed));
}

/* The second line has the sub-questions of a service that leaves it empty where there are none, as below the number of the respondent. */
static bool has_sub_questions(const header *h) {
  enum { FEWEST_ROWS = 2 };
  size_t below = h->n_lines - 2;
  bool response = false;
  for (size_t i = 0; i < h->n_columns; i++) {
    const column *c = &h->columns[i];
    if (c->kind == CELL_PLAIN)
      return false;
    response = response || says_response(h, c);
  }
  return response && h->columns[0].length == 0 && h->columns[0].filled == below && below >= FEWEST_ROWS;
}

static bool is_same(const column *a, const column *b) { return a->length == b->length && memcmp(a->text, b->text, a->length) == 0; }

/*
 * Whether the second line may describe the columns, and is nobody's answers: with a text above all that is filled below, and no number,
 * moment or refusal. Where texts stand below, too, the first respondent may have given some, and only questions are none.
 */
static bool may_describe(const header *h) {
  bool texts_below = false, all_ask = true;
  for (size_t i = 0; i < h->n_columns; i++) {
    const column *c = &h->columns[i];
    if (c->kind == CELL_PLAIN || (c->kind == CELL_EMPTY && c->filled) || (c->kind == CELL_TEXT && c->refuses))
      return false;
    texts_below = texts_below || c->plain < c->filled;
    all_ask = all_ask && (c->kind == CELL_EMPTY || is_question(c->text, c->length));
  }
  return !texts_below || all_ask;
}

/* The different texts of the second line that stand above nothing but numbers and moments. */
static size_t texts_above_numbers(const header *h) {
  enum { FEWEST_CELLS = 5 };
  size_t n = 0;
  for (size_t i = 0; i < h->n_columns; i++) {
    const column *c = &h->columns[i];
    if (c->kind != CELL_TEXT || c->filled < FEWEST_CELLS || c->plain < c->filled)
      continue;
    bool repeated = false;
    for (size_t j = 0; j < i && !repeated; j++)
      repeated = h->columns[j].kind == CELL_TEXT && is_same(&h->columns[j], c);
    n += !repeated;
  }
  return n;
}

static uint32_t count_lines(const header *h) {
  enum { FEWEST_TEXTS = 3 };
  if (h->import_line)
    return h->import_line;
  if (h->n_lines <= 2 || !h->columns[0].text)
    return 1;
  return has_sub_questions(h) || (may_describe(h) && texts_above_numbers(h) >= FEWEST_TEXTS) ? 2 : 1;
}

emend_status emend_csv_find_header(const emend_source *source, emend_csv_dialect *dialect, emend_error *error) {
  header h = {0};
  emend_csv_scanner scanner;
  emend_status status = emend_csv_scanner_open(source, dialect, EMEND_CSV_WINDOW, &scanner, error);
  dialect->header_rows = 1;
  if (status)
    return status;
  while (!status && h.n_lines < SAMPLE_LINES && h.n_lines * h.n_columns <= SAMPLE_CELLS) {
    emend_csv_record record;
    scanner.n_columns = 0;
    status = emend_csv_scanner_next(&scanner, &record, NULL);
    if (status != EMEND_OK || !record.bytes) {
      status = status == EMEND_OUT_OF_MEMORY ? emend_fail_memory(error) : EMEND_OK;
      break;
    }
    if (!record.blank)
      status = take(&h, &record, error);
  }
  if (!status && h.n_lines > 1)
    dialect->header_rows = count_lines(&h);
  emend_csv_scanner_close(&scanner);
  for (size_t i = 0; h.columns && i < h.n_columns; i++)
    free(h.columns[i].text);
  free(h.columns);
  return status;
}
