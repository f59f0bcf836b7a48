/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/describe.h"
#include "io/dta_inside.h"
#include "io/name_index.h"

typedef struct describing {
  const emend_dta_dictionary *dictionary;
  dta_layout layout;
  emend_dataset *dataset;
  emend_decoder decoder;
  emend_name_index names;
  emend_error *error;
  walk *w;
} describing;

static const char *variable_name(const void *context, size_t index) {
  return ((const emend_dta_dictionary *)context)->variables[index].name;
}

/* "31 Jan 2024 17:05" */
static emend_status describe_file(describing *g) {
  const emend_dta_dictionary *d = g->dictionary;
  emend_file_facts *facts = emend_dataset_edit_facts(g->dataset);
  facts->release = (int32_t)d->release;
  facts->byte_order = d->big_endian ? EMEND_BIG_ENDIAN : EMEND_LITTLE_ENDIAN;
  facts->compression = EMEND_COMPRESSION_UNKNOWN;
  char stamp[32] = "", created[EMEND_TIME_TEXT];
  uint64_t length = d->timestamp.end - d->timestamp.offset;
  walk_seek(g->w, d->timestamp.offset);
  walk_text(g->w, stamp, length < sizeof stamp ? (size_t)length : sizeof stamp - 1);
  const char *time = strrchr(stamp, ' ');
  emend_time_text(stamp + strspn(stamp, " "), time ? time + 1 : "", created);
  emend_status status = g->w->status;
  if (!status)
    status = emend_dataset_set_file_text(g->dataset, EMEND_FILE_CREATED, created, g->error);
  if (!status)
    status = emend_dataset_set_file_text(g->dataset, EMEND_FILE_ENCODING, d->release >= 118 ? "UTF-8" : "windows-1252", g->error);
  return status;
}

/* Numbers of variables from 1, as far as the first 0. */
static emend_status describe_sort_list(describing *g) {
  const emend_dta_dictionary *d = g->dictionary;
  uint32_t *keys = emend_allocate(d->n_variables, sizeof *keys);
  if (!keys)
    return emend_fail_memory(g->error);
  size_t n = 0;
  walk_seek(g->w, d->sort_list.offset);
  while (n < d->n_variables) {
    uint32_t number = g->layout.sort_bytes == 2 ? walk_u16(g->w) : walk_u32(g->w);
    if (g->w->status || number == 0 || number > d->n_variables)
      break;
    keys[n++] = number - 1;
  }
  emend_file_facts *facts = emend_dataset_edit_facts(g->dataset);
  emend_status status = g->w->status ? g->w->status : emend_dataset_add_indices(g->dataset, keys, n, &facts->sort_keys, g->error);
  if (!status)
    facts->n_sort_keys = n;
  free(keys);
  return status;
}

/* %-10s is left, %~10s centred; the width is the number that follows. */
static void describe_format(emend_variable *v, const char *format) {
  if (*format++ != '%')
    return;
  v->alignment = *format == '-' ? EMEND_LEFT : *format == '~' ? EMEND_CENTRE : EMEND_RIGHT;
  format += *format == '-' || *format == '~';
  long width = strtol(format, NULL, 10);
  v->display_width = width > 0 && width <= 2045 ? (uint32_t)width : 0;
}

static void describe_variables(describing *g) {
  for (size_t i = 0; i < g->dictionary->n_variables; i++) {
    const emend_dta_variable *from = &g->dictionary->variables[i];
    emend_variable *v = emend_dataset_edit_variable(g->dataset, i);
    describe_format(v, emend_dataset_text(g->dataset, v->format));
    if (from->type == EMEND_DTA_STRING)
      v->width = from->width;
  }
}

/* noteN in digits, N from 1; 0 if the name is none. note0 counts the notes. */
static uint32_t note_number(const char *name) {
  if (strncmp(name, "note", 4) != 0 || name[4] < '1' || name[4] > '9' || strspn(name + 4, "0123456789") != strlen(name + 4))
    return 0;
  unsigned long number = strtoul(name + 4, NULL, 10);
  return number <= INT32_MAX ? (uint32_t)number : 0;
}

/* A variable's name (or _dta), a characteristic's name, and its text to the end. */
static emend_status describe_characteristic(describing *g, const char *content, size_t length) {
  size_t field = g->layout.name_bytes;
  char of[130] = "", name[130] = "";
  if (length < 2 * field || field > sizeof of)
    return EMEND_OK;
  memcpy(of, content, field - 1);
  memcpy(name, content + field, field - 1);
  if (strcmp(name, "note0") == 0)
    return EMEND_OK;
  const char *text = content + 2 * field;
  bool of_file = strcmp(of, "_dta") == 0;
  size_t variable = of_file ? 0 : emend_name_index_find(&g->names, of, strlen(of));
  if (!of_file && variable == g->names.n)
    return EMEND_OK;
  emend_property p = {.kind = EMEND_CHARACTERISTIC, .number = note_number(name)};
  if (p.number)
    p.kind = EMEND_NOTE;
  emend_status status = p.number ? EMEND_OK : emend_describe_text(&g->decoder, g->dataset, name, strlen(name), &p.name, g->error);
  if (!status)
    status = emend_describe_text(&g->decoder, g->dataset, text, strnlen(text, length - 2 * field), &p.value, g->error);
  return status ? status : emend_dataset_add_property(g->dataset, of_file ? -1 : (ptrdiff_t)variable, &p, g->error);
}

/* The next one's length, the walk standing at its content; false at the end. The dictionary walk has checked the lengths. */
static bool next_characteristic(describing *g, uint32_t *length) {
  if (g->layout.tagged) {
    bool more = walk_accept(g->w, "<ch>");
    *length = more ? walk_u32(g->w) : 0;
    return more && !g->w->status;
  }
  unsigned type = walk_u8(g->w);
  *length = g->layout.field_count_bytes == 2 ? walk_u16(g->w) : walk_u32(g->w);
  return !g->w->status && type != 0;
}

static emend_status describe_characteristics(describing *g) {
  uint32_t length;
  emend_status status = EMEND_OK;
  walk_seek(g->w, g->dictionary->characteristics.offset);
  while (!status && next_characteristic(g, &length)) {
    char *content = length <= walk_left(g->w) ? malloc((size_t)length + 1) : NULL;
    if (!walk_got(g->w, content))
      break;
    walk_text(g->w, content, length);
    if (!g->w->status)
      status = describe_characteristic(g, content, length);
    if (g->layout.tagged)
      walk_expect(g->w, "</ch>");
    free(content);
  }
  return status ? status : g->w->status;
}

/* Value labels before release 108: the number of labels (2 bytes), the name, an unused byte; then the values (2 bytes), and the texts. */
enum { SHORT_NAME = 9, SHORT_TEXT = 8, SHORT_HEAD = 2 + SHORT_NAME + 1 };

/* True if the rest of the file is made of such sets. */
static bool are_short_sets(describing *g) {
  uint16_t n = 0;
  walk_seek(g->w, g->dictionary->value_labels.offset);
  while (!g->w->status && walk_left(g->w) >= SHORT_HEAD) {
    n = walk_u16(g->w);
    walk_skip(g->w, SHORT_HEAD - 2);
    if (n > walk_left(g->w) / (2 + SHORT_TEXT))
      return false;
    walk_skip_items(g->w, n, 2 + SHORT_TEXT);
  }
  return walk_left(g->w) == 0;
}

static emend_status describe_short_label(describing *g, size_t set, int16_t value) {
  char text[SHORT_TEXT + 1];
  emend_label label = {.kind = EMEND_KEY_NUMBER, .number = value};
  walk_text(g->w, text, SHORT_TEXT);
  emend_status status = emend_describe_text(&g->decoder, g->dataset, text, strlen(text), &label.text, g->error);
  return status ? status : emend_dataset_add_label(g->dataset, set, &label, g->error);
}

/* A set, which variables may have named already. */
static emend_status describe_short_set(describing *g) {
  uint16_t n = walk_u16(g->w);
  char name[SHORT_NAME + 1];
  walk_text(g->w, name, SHORT_NAME);
  walk_skip(g->w, 1);
  int16_t *values = emend_allocate((size_t)n + 1, sizeof *values);
  if (!values)
    return emend_fail_memory(g->error);
  for (size_t i = 0; i < n; i++)
    values[i] = (int16_t)walk_u16(g->w);
  ptrdiff_t known = emend_dataset_find_label_set(g->dataset, name);
  size_t set = known < 0 ? 0 : (size_t)known;
  emend_status status = n && known < 0 ? emend_dataset_add_label_set(g->dataset, name, &set, g->error) : EMEND_OK;
  for (size_t i = 0; i < n && !status; i++)
    status = describe_short_label(g, set, values[i]);
  free(values);
  return status ? status : g->w->status;
}

static emend_status describe_short_sets(describing *g) {
  emend_status status = EMEND_OK;
  if (g->dictionary->release >= 108)
    return EMEND_OK;
  if (!are_short_sets(g))
    return g->w->status ? g->w->status
                        : emend_dataset_add_warning(g->dataset, g->error,
                                                    "what stands behind the data is no table of value labels of release "
                                                    "%u: it is not read (a .dta written from the file keeps it)",
                                                    g->dictionary->release);
  walk_seek(g->w, g->dictionary->value_labels.offset);
  while (!status && walk_left(g->w) > 0)
    status = describe_short_set(g);
  return status;
}

emend_status emend_dta_describe(const emend_source *source, const emend_dta_dictionary *dictionary, const char *encoding,
                                emend_dataset *dataset, emend_error *error) {
  if (dictionary->n_variables != emend_dataset_variables(dataset))
    return EMEND_OK;
  describing g = {.dictionary = dictionary, .layout = dta_layout_of(dictionary->release), .dataset = dataset, .error = error};
  g.decoder.raw = true;
  g.names = (emend_name_index){.name = variable_name, .context = dictionary, .n = dictionary->n_variables};
  emend_decoder_set_encoding(&g.decoder, dictionary->release >= 118 ? "UTF-8" : encoding);
  g.w = emend_allocate(1, sizeof *g.w);
  emend_status status = g.w ? emend_name_index_sort(&g.names, error) : emend_fail_memory(error);
  if (!status) {
    walk_begin(g.w, source, error);
    g.w->swap = dictionary->swap;
    g.w->within = "the dictionary";
    describe_variables(&g);
    status = describe_file(&g);
  }
  if (!status)
    status = describe_sort_list(&g);
  if (!status)
    status = describe_characteristics(&g);
  if (!status)
    status = describe_short_sets(&g);
  emend_decoder_close(&g.decoder);
  emend_name_index_free(&g.names);
  free(g.w);
  return status;
}
