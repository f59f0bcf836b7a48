/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_added.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/encoder.h"
#include "io/name_rule.h"
#include "io/sav_value.h"
#include "io/translate.h"
#include "io/walk.h"

enum { DISPLAY = 11, LONG_NAMES = 13, CASE_COUNT = 16 };
enum {
  CASE_SIZE_OFFSET = 68,
  CASES_OFFSET = 80,
  RECORD_NAME = 24,
  SHORT_NAME = 8,
  RECORD_BYTES = 32,
  LAST_BYTES = 8,
  EXTENSION_HEADER = 16
};
enum { MOST_NAME = 64, MOST_LABEL = 255, MOST_VALUE_LABEL = 120 };

typedef struct adding {
  const emend_sav_dictionary *dictionary;
  const emend_rows *rows;
  char *old;          /* the source's dictionary */
  uint64_t variables_end; /* behind the last variable record */
  size_t n_records;   /* of variables, segments of long strings included, continuations not */
  char (*short_names)[SHORT_NAME + 1]; /* theirs */
  emend_encoder encoder;
  text_pool pool;
  const char **names, **shorts; /* of the added variables; names in the file's encoding */
  emend_names renamed, labels, value_labels, characters;
  emend_buffer *to;
  emend_error *error;
} adding;

/* Numbers in the file's byte order. */

static void set_u32(const adding *a, char *at, uint32_t value) {
  for (int i = 0; i < 4; i++)
    at[i] = (char)(value >> 8 * (a->dictionary->big_endian ? 3 - i : i));
}

static uint32_t get_u32(const adding *a, const char *at) {
  uint32_t value = 0;
  for (int i = 0; i < 4; i++)
    value |= (uint32_t)(unsigned char)at[i] << 8 * (a->dictionary->big_endian ? 3 - i : i);
  return value;
}

static emend_status put(adding *a, const void *bytes, size_t length) { return emend_buffer_append(a->to, bytes, length, a->error); }

static emend_status put_u32(adding *a, uint32_t value) {
  char bytes[4];
  set_u32(a, bytes, value);
  return put(a, bytes, sizeof bytes);
}

static emend_status put_padding(adding *a, size_t length, size_t unit, char fill) {
  emend_status status = EMEND_OK;
  for (; length % unit && !status; length++)
    status = put(a, &fill, 1);
  return status;
}

/* What the source has. */

/* The variable records, one behind the other: the walk through the dictionary has seen that they are whole. Continuations of strings have
 * nothing behind them, whatever they claim. */
static void list_records(adding *a) {
  const char *at = a->old + a->dictionary->variables[0].record;
  for (; get_u32(a, at) == 2; at += RECORD_BYTES) {
    uint32_t has_label = get_u32(a, at + 8);
    int32_t n_missing = (int32_t)get_u32(a, at + 12);
    if ((int32_t)get_u32(a, at + 4) < 0)
      continue;
    if (a->short_names)
      memcpy(a->short_names[a->n_records], at + RECORD_NAME, SHORT_NAME);
    a->n_records++;
    if (has_label)
      at += 4 + (get_u32(a, at + RECORD_BYTES) + (uint64_t)3) / 4 * 4;
    at += 8 * (uint64_t)abs(n_missing);
  }
  a->variables_end = (uint64_t)(at - a->old);
}

static emend_status read_old(adding *a, const emend_source *source) {
  size_t length = (size_t)a->dictionary->data_offset;
  a->old = malloc(length); /* no more than the file has */
  if (!a->old)
    return emend_fail_memory(a->error);
  emend_status status = emend_source_read(source, 0, a->old, length, a->error);
  if (status)
    return status;
  list_records(a);
  a->short_names = emend_allocate(a->n_records, sizeof *a->short_names);
  if (!a->short_names)
    return emend_fail_memory(a->error);
  a->n_records = 0;
  list_records(a);
  for (size_t i = 0; i < a->n_records; i++)
    *strchrnul(a->short_names[i], ' ') = '\0';
  return EMEND_OK;
}

/* Names. */

static emend_status keep(adding *a, const emend_buffer *text, const char **kept) {
  *kept = text_pool_keep(&a->pool, text->bytes ? text->bytes : "", text->length);
  return *kept ? EMEND_OK : emend_fail_memory(a->error);
}

/* The names that SPSS allows, unlike the file's own, of characters that its encoding has. */
static emend_status make_names(adding *a, const char **wanted, const char **made) {
  const emend_dataset *dataset = a->rows->dataset;
  size_t n = emend_dataset_variables(dataset), n_added = a->rows->n_added;
  emend_buffer text = {0};
  emend_status status = EMEND_OK;
  for (size_t v = 0; v < n; v++)
    wanted[v] = emend_variable_name(dataset, v);
  for (size_t i = 0; i < n_added && !status; i++) {
    emend_buffer_clear(&text);
    status = emend_encodable(&a->encoder, a->rows->added[i].name, '_', &text, a->error);
    if (!status)
      status = keep(a, &text, &wanted[n + i]);
  }
  if (!status)
    status = emend_names_make(wanted, n + n_added, &emend_spss_names, &a->pool, made, a->error);
  for (size_t i = 0; i < n_added && !status; i++) {
    emend_encoding_loss none = {false, false};
    if (strcmp(made[n + i], a->rows->added[i].name) != 0)
      emend_names_add(&a->renamed, a->rows->added[i].name);
    emend_buffer_clear(&text);
    status = emend_encode(&a->encoder, made[n + i], MOST_NAME, '_', &text, &none, a->error);
    if (!status)
      status = keep(a, &text, &a->names[i]);
  }
  emend_buffer_free(&text);
  return status;
}

/* Eight bytes, unlike all short names and all long ones: readers give a variable its long name while others still go by their short ones.
 */
static emend_status make_short_names(adding *a, const char **wanted, const char **made) {
  const emend_sav_dictionary *d = a->dictionary;
  size_t n = 0;
  for (size_t i = 0; i < a->n_records; i++)
    wanted[n++] = a->short_names[i];
  for (size_t v = 0; v < d->n_variables; v++)
    wanted[n++] = d->variables[v].name;
  for (size_t i = 0; i < a->rows->n_added; i++)
    wanted[n++] = a->names[i];
  emend_status status = emend_names_make(wanted, n, &emend_por_names, &a->pool, made, a->error);
  for (size_t i = 0; i < a->rows->n_added && !status; i++)
    a->shorts[i] = made[n - a->rows->n_added + i];
  return status;
}

static emend_status name_added(adding *a) {
  size_t most = a->n_records + emend_dataset_variables(a->rows->dataset) + a->rows->n_added;
  const char **wanted = emend_allocate(most, sizeof *wanted), **made = emend_allocate(most, sizeof *made);
  a->names = emend_allocate(a->rows->n_added, sizeof *a->names);
  a->shorts = emend_allocate(a->rows->n_added, sizeof *a->shorts);
  emend_status status = wanted && made && a->names && a->shorts ? EMEND_OK : emend_fail_memory(a->error);
  if (!status)
    status = make_names(a, wanted, made);
  if (!status)
    status = make_short_names(a, wanted, made);
  free(wanted);
  free(made);
  return status;
}

/* Records. */

static void note_loss(adding *a, emend_encoding_loss loss, emend_names *cut, size_t i) {
  if (loss.cut)
    emend_names_add(cut, a->rows->added[i].name);
  if (loss.replaced)
    emend_names_add(&a->characters, a->rows->added[i].name);
}

static uint32_t format_of(const emend_added_variable *added) {
  enum { FIXED = 5 };
  char text[EMEND_TRANSLATED_FORMAT];
  unsigned width = 8, decimals = 0;
  emend_translate_decimals(EMEND_FAMILY_SPSS, added->storage, added->decimals, text);
  sscanf(text, "F%u.%u", &width, &decimals);
  return FIXED << 16 | width << 8 | decimals;
}

static emend_status put_variable(adding *a, size_t i) {
  const emend_added_variable *added = &a->rows->added[i];
  uint32_t format = format_of(added), words[] = {2, 0, added->label[0] != '\0', 0, format, format};
  emend_encoding_loss loss = {false, false};
  emend_buffer label = {0};
  emend_status status = EMEND_OK;
  for (size_t k = 0; k < sizeof words / sizeof *words && !status; k++)
    status = put_u32(a, words[k]);
  if (!status)
    status = put(a, a->shorts[i], strlen(a->shorts[i]));
  if (!status)
    status = put_padding(a, strlen(a->shorts[i]), SHORT_NAME, ' ');
  if (!status && added->label[0])
    status = emend_encode(&a->encoder, added->label, MOST_LABEL, '?', &label, &loss, a->error);
  if (!status && added->label[0])
    status = put_u32(a, (uint32_t)label.length);
  if (!status && label.length)
    status = put(a, label.bytes, label.length);
  if (!status)
    status = put_padding(a, label.length, 4, ' ');
  note_loss(a, loss, &a->labels, i);
  emend_buffer_free(&label);
  return status;
}

static emend_status put_value_label(adding *a, const emend_added_label *label, emend_encoding_loss *loss) {
  unsigned char value[8];
  emend_buffer text = {0};
  sav_put_number(a->dictionary, label->value, value);
  emend_status status = emend_encode(&a->encoder, label->text, MOST_VALUE_LABEL, '?', &text, loss, a->error);
  char length = (char)text.length;
  if (!status)
    status = put(a, value, sizeof value);
  if (!status)
    status = put(a, &length, 1);
  if (!status && text.length)
    status = put(a, text.bytes, text.length);
  if (!status)
    status = put_padding(a, text.length + 1, 8, ' ');
  emend_buffer_free(&text);
  return status;
}

static emend_status put_value_labels(adding *a, size_t i) {
  const emend_added_variable *added = &a->rows->added[i];
  emend_encoding_loss loss = {false, false};
  emend_status status = put_u32(a, 3);
  if (!status)
    status = put_u32(a, (uint32_t)added->n_labels);
  for (size_t k = 0; k < added->n_labels && !status; k++)
    status = put_value_label(a, &added->labels[k], &loss);
  note_loss(a, loss, &a->value_labels, i);
  uint32_t variable[] = {4, 1, a->dictionary->n_elements + (uint32_t)i + 1}; /* elements count from 1 */
  for (size_t k = 0; k < 3 && !status; k++)
    status = put_u32(a, variable[k]);
  return status;
}

static emend_status put_records(adding *a) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < a->rows->n_added && !status; i++)
    status = put_variable(a, i);
  for (size_t i = 0; i < a->rows->n_added && !status; i++)
    if (a->rows->added[i].n_labels)
      status = put_value_labels(a, i);
  return status;
}

/* Extension records. */

static uint32_t measure_code(emend_measure measure) {
  return measure == EMEND_NOMINAL ? 1 : measure == EMEND_ORDINAL ? 2 : measure == EMEND_SCALE ? 3 : 0;
}

/* Measure, width (in newer files) and alignment of each; in a record of another length nobody would know whose these are. */
static emend_status more_display(adding *a, const emend_sav_extension *e, emend_buffer *more) {
  enum { WIDTH = 8, RIGHT = 1 };
  uint32_t each = e->count == 3 * a->n_records ? 3 : e->count == 2 * a->n_records ? 2 : 0;
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < a->rows->n_added && each && e->size == 4 && !status; i++) {
    char words[12];
    set_u32(a, words, measure_code(a->rows->added[i].measure));
    set_u32(a, words + 4, each == 3 ? WIDTH : RIGHT);
    set_u32(a, words + 8, RIGHT);
    status = emend_buffer_append(more, words, 4 * each, a->error);
  }
  return status;
}

static emend_status more_names(adding *a, bool tab, emend_buffer *more) {
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < a->rows->n_added && !status; i++)
    status = emend_buffer_format(more, a->error, "%s%s=%s", tab || i ? "\t" : "", a->shorts[i], a->names[i]);
  return status;
}

static const emend_sav_extension *last_of(const adding *a, int32_t subtype) {
  const emend_sav_extension *found = NULL;
  for (size_t i = 0; i < a->dictionary->n_extensions; i++)
    if (a->dictionary->extensions[i].subtype == subtype)
      found = &a->dictionary->extensions[i];
  return found;
}

/* What comes behind the payload of an extension record. */
static emend_status more_of(adding *a, const emend_sav_extension *e, emend_buffer *more) {
  const char *payload = a->old + e->offset;
  if (e != last_of(a, e->subtype))
    return EMEND_OK;
  if (e->subtype == DISPLAY)
    return more_display(a, e, more);
  return e->subtype == LONG_NAMES ? more_names(a, e->count > 0 && payload[e->count - 1] != '\t', more) : EMEND_OK;
}

/* Copies up to the end of the record, which gets longer by what the added variables need. */
static emend_status put_extension(adding *a, const emend_sav_extension *e, uint64_t *at) {
  emend_buffer more = {0};
  uint64_t end = e->offset + (uint64_t)e->size * e->count;
  emend_status status = more_of(a, e, &more);
  if (!status && more.length)
    set_u32(a, a->old + e->offset - 4, e->count + (uint32_t)(more.length / e->size));
  if (!status)
    status = put(a, a->old + *at, (size_t)(end - *at));
  if (!status && more.length)
    status = put(a, more.bytes, more.length);
  *at = end;
  emend_buffer_free(&more);
  return status;
}

/* A file without long names gets some for the added variables only, if these need them. (Its own names stay; PSPP, which shows names in
 * lower case where a file has no long ones, then shows them in upper case: no name of SPSS depends on it.) */
static emend_status put_long_names(adding *a) {
  bool needed = false;
  for (size_t i = 0; i < a->rows->n_added; i++)
    needed = needed || !emend_ascii_equal(a->shorts[i], a->names[i]);
  if (!needed || last_of(a, LONG_NAMES))
    return EMEND_OK;
  emend_buffer pairs = {0};
  emend_status status = more_names(a, false, &pairs);
  uint32_t words[] = {7, LONG_NAMES, 1, (uint32_t)pairs.length};
  for (size_t k = 0; k < 4 && !status; k++)
    status = put_u32(a, words[k]);
  if (!status)
    status = put(a, pairs.bytes, pairs.length);
  emend_buffer_free(&pairs);
  return status;
}

/* The whole. */

static void set_counts(adding *a) {
  const emend_sav_dictionary *d = a->dictionary;
  uint64_t n_rows = a->rows->n_rows;
  if (get_u32(a, a->old + CASE_SIZE_OFFSET) == d->n_elements)
    set_u32(a, a->old + CASE_SIZE_OFFSET, d->n_elements + (uint32_t)a->rows->n_added);
  if ((int32_t)get_u32(a, a->old + CASES_OFFSET) >= 0)
    set_u32(a, a->old + CASES_OFFSET, (uint32_t)n_rows);
  for (size_t i = 0; i < d->n_extensions; i++) {
    char *count = a->old + d->extensions[i].offset + 8;
    uint32_t high = (uint32_t)(n_rows >> 32), low = (uint32_t)n_rows;
    if (d->extensions[i].subtype != CASE_COUNT || (get_u32(a, count) == UINT32_MAX && get_u32(a, count + 4) == UINT32_MAX))
      continue;
    set_u32(a, count, d->big_endian ? high : low);
    set_u32(a, count + 4, d->big_endian ? low : high);
  }
}

static emend_status put_all(adding *a) {
  const emend_sav_dictionary *d = a->dictionary;
  uint64_t at = a->variables_end, end = d->data_offset - LAST_BYTES;
  set_counts(a);
  emend_status status = put(a, a->old, (size_t)at);
  if (!status)
    status = put_records(a);
  for (size_t i = 0; i < d->n_extensions && !status; i++)
    status = put_extension(a, &d->extensions[i], &at);
  if (!status)
    status = put(a, a->old + at, (size_t)(end - at));
  if (!status)
    status = put_long_names(a);
  return status ? status : put(a, a->old + end, LAST_BYTES);
}

static emend_status tell(const adding *a, emend_losses *losses) {
  const struct {
    const emend_names *names;
    const char *one, *many;
  } kinds[] = {
      {&a->renamed, "added variable gets another name", "added variables get other names"},
      {&a->labels, "variable label is cut", "variable labels are cut"},
      {&a->value_labels, "set has value labels that are cut", "sets have value labels that are cut"},
      {&a->characters, "added variable has labels with characters that the file's encoding lacks (now ?)",
       "added variables have labels with characters that the file's encoding lacks (now ?)"},
  };
  emend_status status = EMEND_OK;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !status; i++)
    status = emend_losses_add_names(losses, kinds[i].names, kinds[i].one, kinds[i].many, a->error);
  return status;
}

static emend_status check_added(const emend_rows *rows, emend_error *error) {
  for (size_t i = 0; i < rows->n_added; i++)
    if (rows->added[i].storage >= EMEND_STORAGE_TEXT)
      return emend_fail(error, EMEND_INTERNAL, "an added variable is a text");
  return rows->n_rows > INT32_MAX ? emend_fail(error, EMEND_UNSUPPORTED, "a .sav file holds at most %d rows", INT32_MAX) : EMEND_OK;
}

emend_status sav_added_dictionary(const emend_source *source, const emend_sav_dictionary *dictionary, const emend_rows *rows,
                                  emend_losses *losses, emend_buffer *bytes, emend_error *error) {
  adding a = {.dictionary = dictionary, .rows = rows, .to = bytes, .error = error};
  emend_encoder_open(&a.encoder, emend_dataset_file_text(rows->dataset, EMEND_FILE_ENCODING));
  emend_status status = check_added(rows, error);
  if (!status)
    status = read_old(&a, source);
  if (!status)
    status = name_added(&a);
  if (!status)
    status = put_all(&a);
  if (!status)
    status = tell(&a, losses);
  emend_encoder_close(&a.encoder);
  text_pool_free(&a.pool);
  free(a.names);
  free(a.shorts);
  free(a.short_names);
  free(a.old);
  return status;
}
