/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/format.h"
#include "io/patch_copy.h"
#include "io/patch_text.h"
#include "io/sav_bytecode.h"
#include "io/sav_value.h"
#include "io/zsav.h"

/*
 * Copies an SPSS system file with the imputed cells replaced. Uncompressed data are copied in spans and touched only where a cell
 * changes. Bytecode is followed opcode by opcode: the sequence of opcodes and their groups stay, a changed cell gets another opcode in the
 * same place, and its group more or fewer raw bytes behind it. In a .zsav the bytecode comes from zlib blocks and goes into some.
 */
typedef struct sav_patch {
  emend_writer writer;
  const emend_source *source;
  const emend_dataset *dataset;
  emend_output *output;
  emend_sav_dictionary *dictionary;
  size_t n_rows, row; /* rows written so far */
  patch_copy copy;    /* uncompressed data; of bytecode, what lies before and behind it */

  /* Bytecode. */
  sav_groups groups;
  sav_group group;
  unsigned code, raw;            /* next opcode of the group and next of its raw elements */
  bool have_group, ended;        /* ended: behind opcode 252 or at the end of the file */
  size_t pending;                /* window[pending, groups.begin) waits to be copied as it is */
  bool changed[SAV_GROUP_CODES]; /* cells of this group that change, and to what */
  unsigned char values[SAV_GROUP_CODES][8];
  unsigned char opcodes[SAV_GROUP_CODES];
  bool group_changed;
  zsav_reader *blocks;       /* of a .zsav, else NULL */
  zsav_writer blocks_out;
  uint32_t *element_variable; /* for each element of a case the variable there, or NO_VARIABLE */
  patch_text text;
  unsigned char *field; /* of a string being put, in elements */
} sav_patch;

enum { NO_VARIABLE = UINT32_MAX >> 1 };

static emend_status check_value(const sav_patch *p, size_t variable, double value, emend_error *error) {
  return sav_check_imputed(p->dictionary, p->dataset, variable, p->row, value, error);
}

static emend_status too_many_rows(const sav_patch *p, emend_error *error) {
  return emend_fail(error, EMEND_INTERNAL, "row %zu was written, the file has %zu", p->row + 1, p->n_rows);
}

static emend_status make_field(sav_patch *p, size_t variable, const emend_cell *cell, emend_error *error) {
  return sav_put_text(p->dictionary, p->dataset, variable, cell->text, &p->text, p->field, error);
}

static emend_status row_plain(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  sav_patch *p = (sav_patch *)writer;
  const emend_sav_dictionary *d = p->dictionary;
  if (p->row == p->n_rows)
    return too_many_rows(p, error);
  uint64_t place = d->data_offset + p->row * d->row_bytes;
  for (size_t v = 0; v < d->n_variables; v++) {
    if (!cells[v].imputed)
      continue;
    bool is_text = d->variables[v].width > 0;
    emend_status status = is_text ? make_field(p, v, &cells[v], error) : check_value(p, v, cells[v].value, error);
    if (!is_text)
      sav_put_number(d, cells[v].value, p->field);
    if (!status)
      status = patch_copy_replace(&p->copy, place + 8 * (uint64_t)d->variables[v].element, p->field,
                                  is_text ? 8 * d->variables[v].n_elements : 8, error);
    if (status)
      return status;
  }
  p->row++;
  return EMEND_OK;
}

static emend_status emit(sav_patch *p, const void *bytes, size_t length, emend_error *error) {
  return p->blocks ? zsav_write(&p->blocks_out, bytes, length, error) : emend_output_write(p->output, bytes, length, error);
}

static emend_status emit_changed(sav_patch *p, const void *bytes, size_t length, size_t replaced, emend_error *error) {
  return p->blocks ? zsav_write_changed(&p->blocks_out, bytes, length, replaced, error)
                   : emend_output_write(p->output, bytes, length, error);
}

/* Everything before the group in hand goes out. */
static emend_status flush_pending(sav_patch *p, size_t end, emend_error *error) {
  size_t n = end - p->pending;
  emend_status status = n ? emit(p, p->groups.window + p->pending, n, error) : EMEND_OK;
  p->pending = end;
  return status;
}

/* The group in hand with its changed cells: the eight opcodes anew, then the raw bytes of those that are 253. */
static emend_status write_group(sav_patch *p, emend_error *error) {
  const sav_group *g = &p->group;
  unsigned char bytes[SAV_GROUP_MOST];
  size_t length = g->n_codes, used = g->n_codes;
  unsigned raw = 0;
  bool ended = false;
  for (unsigned i = 0; i < g->n_codes; i++) {
    unsigned char code = g->codes[i];
    bool was_raw = code == SAV_RAW && !ended && raw < g->n_raw;
    ended = ended || code == SAV_END;
    bytes[i] = p->changed[i] ? p->opcodes[i] : code;
    if (p->changed[i] && bytes[i] == SAV_RAW)
      memcpy(bytes + length, p->values[i], 8);
    else if (was_raw && !p->changed[i])
      memcpy(bytes + length, g->codes + used, 8);
    if (bytes[i] == SAV_RAW && (p->changed[i] || was_raw))
      length += 8;
    if (was_raw)
      used += 8, raw++;
  }
  emend_status status = emit_changed(p, bytes, length, used, error);
  if (!status && used < g->length) /* at the end of the file: what is left of it */
    status = emit(p, g->codes + used, g->length - used, error);
  return status;
}

static emend_status finish_group(sav_patch *p, emend_error *error) {
  p->have_group = false;
  if (!p->group_changed)
    return EMEND_OK;
  size_t start = p->groups.begin - p->group.length;
  emend_status status = flush_pending(p, start, error);
  if (!status)
    status = write_group(p, error);
  p->pending = p->groups.begin;
  p->group_changed = false;
  memset(p->changed, 0, sizeof p->changed);
  return status;
}

static emend_status next_group(sav_patch *p, emend_error *error) {
  emend_status status = p->have_group ? finish_group(p, error) : EMEND_OK;
  if (!status && !sav_groups_ready(&p->groups)) {
    status = flush_pending(p, p->groups.begin, error);
    if (!status)
      status = sav_groups_refill(&p->groups, error);
    p->pending = 0;
  }
  if (status)
    return status;
  p->have_group = sav_groups_next(&p->groups, &p->group);
  p->ended = !p->have_group;
  p->code = p->raw = 0;
  return EMEND_OK;
}

/* Goes to the next opcode that stands for an element: its index in the group, or p->ended. */
static emend_status next_element(sav_patch *p, unsigned *index, emend_error *error) {
  for (;;) {
    while (p->have_group && p->code < p->group.n_codes) {
      unsigned i = p->code++;
      unsigned char code = p->group.codes[i];
      if (code == SAV_PADDING)
        continue;
      p->ended = code == SAV_END || (code == SAV_RAW && p->raw++ == p->group.n_raw);
      *index = i;
      return EMEND_OK;
    }
    emend_status status = next_group(p, error);
    if (status || p->ended)
      return status;
  }
}

static emend_status cut_short(const sav_patch *p, emend_error *error) {
  emend_status status = emend_fail(error, EMEND_MALFORMED, "the compressed data end within this row");
  emend_at_row(error, (int64_t)p->row + 1);
  if (!p->blocks)
    emend_at_byte(error, p->groups.offset);
  return status;
}

/* The element `e` of variable v becomes opcode i of the group in hand. */
static emend_status change_element(sav_patch *p, uint32_t e, size_t v, const emend_cell *cell, unsigned i, emend_error *error) {
  const emend_sav_variable *variable = &p->dictionary->variables[v];
  emend_status status = EMEND_OK;
  if (!variable->width)
    status = check_value(p, v, cell->value, error);
  else if (e == variable->element)
    status = make_field(p, v, cell, error);
  if (status)
    return status;
  p->changed[i] = p->group_changed = true;
  if (variable->width) {
    memcpy(p->values[i], p->field + 8 * (size_t)(e - variable->element), 8);
    p->opcodes[i] = sav_text_opcode(p->values[i]);
  } else {
    sav_put_number(p->dictionary, cell->value, p->values[i]);
    p->opcodes[i] = sav_opcode(cell->value, p->dictionary->bias);
  }
  return EMEND_OK;
}

static emend_status row_bytecode(emend_writer *writer, const emend_cell *cells, emend_error *error) {
  sav_patch *p = (sav_patch *)writer;
  if (p->row == p->n_rows)
    return too_many_rows(p, error);
  for (uint32_t e = 0; e < p->dictionary->n_elements; e++) {
    unsigned i;
    emend_status status = p->ended ? EMEND_OK : next_element(p, &i, error);
    if (status)
      return status;
    if (p->ended)
      return cut_short(p, error);
    uint32_t v = p->element_variable[e];
    if (v == NO_VARIABLE || !cells[v].imputed)
      continue;
    if ((status = change_element(p, e, v, &cells[v], i, error)))
      return status;
  }
  p->row++;
  return EMEND_OK;
}

/* The rest of a stream from blocks, as it is; then the blocks, and what lies behind their index. */
static emend_status finish_blocks(sav_patch *p, emend_error *error) {
  sav_groups *g = &p->groups;
  emend_status status = EMEND_OK;
  while (!status) {
    g->offset += g->length - g->begin;
    g->begin = g->length;
    status = flush_pending(p, g->length, error);
    if (status || g->offset == g->end)
      break;
    status = sav_groups_refill(g, error);
    p->pending = 0;
  }
  p->copy.offset = p->dictionary->index_offset + p->dictionary->index_bytes;
  return status ? status : zsav_writer_finish(&p->blocks_out, p->output, error);
}

/* What follows the last row holds no further one: then it is copied as it is. */
static emend_status finish_bytecode(sav_patch *p, emend_error *error) {
  uint64_t extra = 0;
  emend_status status = EMEND_OK;
  while (!status && !p->ended) {
    unsigned i;
    status = next_element(p, &i, error);
    extra += !p->ended;
  }
  if (!status && extra >= p->dictionary->n_elements)
    status = emend_fail(error, EMEND_MALFORMED, "the file holds more than the %zu rows that were read", p->n_rows);
  if (!status && p->have_group)
    status = finish_group(p, error);
  if (!status)
    status = flush_pending(p, p->groups.begin, error);
  if (p->blocks)
    return status ? status : finish_blocks(p, error);
  /* Behind opcode 252: whatever there is. */
  p->copy.offset = p->groups.offset;
  return status;
}

static emend_status close_patch(emend_writer *writer, emend_error *error) {
  sav_patch *p = (sav_patch *)writer;
  if (p->row != p->n_rows)
    return emend_fail(error, EMEND_INTERNAL, "%zu rows were written, the file has %zu", p->row, p->n_rows);
  emend_status status = p->dictionary->compression != EMEND_SAV_PLAIN ? finish_bytecode(p, error) : EMEND_OK;
  if (!status)
    status = patch_copy_to(&p->copy, p->source->size, error);
  return status ? status : emend_source_unchanged(p->source, error);
}

static void free_patch(emend_writer *writer) {
  sav_patch *p = (sav_patch *)writer;
  if (!p)
    return;
  if (p->blocks)
    zsav_reader_close(p->blocks);
  free(p->blocks);
  zsav_writer_close(&p->blocks_out);
  emend_sav_dictionary_free(p->dictionary);
  patch_copy_free(&p->copy);
  sav_groups_free(&p->groups);
  free(p->element_variable), free(p->field);
  patch_text_free(&p->text);
  free(p);
}

static emend_status start_blocks(sav_patch *p, emend_error *error) {
  p->blocks = emend_allocate(1, sizeof *p->blocks);
  if (!p->blocks)
    return emend_fail_memory(error);
  emend_status status = zsav_reader_open(p->blocks, p->source, p->dictionary, error);
  if (!status)
    status = zsav_writer_open(&p->blocks_out, p->source, p->dictionary, error);
  return status ? status : sav_groups_from(zsav_read, p->blocks, p->dictionary->expanded_bytes, &p->groups, error);
}

static emend_status start_bytecode(sav_patch *p, emend_error *error) {
  const emend_sav_dictionary *d = p->dictionary;
  p->element_variable = emend_allocate(d->n_elements, sizeof *p->element_variable);
  if (!p->element_variable)
    return emend_fail_memory(error);
  for (uint32_t e = 0; e < d->n_elements; e++)
    p->element_variable[e] = NO_VARIABLE;
  for (size_t v = 0; v < d->n_variables; v++)
    for (uint32_t e = 0; e < d->variables[v].n_elements && d->variables[v].element + e < d->n_elements; e++)
      p->element_variable[d->variables[v].element + e] = (uint32_t)v;
  p->writer.row = row_bytecode;
  emend_status status =
      d->compression == EMEND_SAV_ZLIB ? start_blocks(p, error) : sav_groups_new(p->source, d->data_offset, &p->groups, error);
  if (!status)
    status = patch_copy_to(&p->copy, d->data_offset, error);
  p->copy.length = 0; /* the bytecode has a window of its own */
  return status;
}

emend_status emend_sav_open_patch(const emend_source *source, const emend_dataset *dataset, emend_output *output, emend_writer **writer,
                                  emend_error *error) {
  *writer = NULL;
  sav_patch *p = emend_allocate(1, sizeof *p);
  if (!p)
    return emend_fail_memory(error);
  p->writer = (emend_writer){.row = row_plain, .close = close_patch, .free = free_patch};
  p->source = source;
  p->dataset = dataset;
  p->output = output;
  p->n_rows = emend_dataset_rows(dataset);
  emend_status status = emend_sav_dictionary_read(source, &p->dictionary, error);
  if (!status)
    status = sav_check_dataset(p->dictionary, source, dataset, error);
  if (!status)
    status = patch_copy_new(source, output, &p->copy, error);
  if (!status && !(p->field = emend_allocate(8 * (size_t)p->dictionary->n_elements + 8, 1)))
    status = emend_fail_memory(error);
  if (!status && p->dictionary->compression != EMEND_SAV_PLAIN)
    status = start_bytecode(p, error);
  if (status)
    free_patch(&p->writer);
  else
    *writer = &p->writer;
  return status;
}
