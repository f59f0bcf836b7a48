/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ReadStat finds in a file, as it finds it. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "io/readstat_reading.h"

static int result(readstat_reading *r, emend_status status) {
  if (status && !r->status)
    r->status = status;
  return r->status ? READSTAT_HANDLER_ABORT : READSTAT_HANDLER_OK;
}

/* Text. */

static emend_status add_text(readstat_reading *r, const char *text, emend_offset *offset) {
  size_t length = text ? strlen(text) : 0;
  emend_status status = emend_decode(&r->decoder, &text, &length, r->error);
  return status ? status : emend_dataset_add_text(r->dataset, text, length, offset, r->error);
}

static emend_status add_trimmed(readstat_reading *r, const char *text, emend_offset *offset) {
  size_t length = text ? strlen(text) : 0;
  emend_status status = emend_decode(&r->decoder, &text, &length, r->error);
  return status ? status : emend_dataset_add_text(r->dataset, text, emend_trimmed_length(text, length), offset, r->error);
}

/* Dictionary. */

/* ReadStat counts from 1970: local time, but for sas7bdat the time as it stands in the file. */
static emend_status set_time(readstat_reading *r, emend_file_text which, time_t time) {
  char text[32] = "";
  struct tm parts;
  if (time > 0 && (r->traits->utc ? gmtime_r(&time, &parts) : localtime_r(&time, &parts)))
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return emend_dataset_set_file_text(r->dataset, which, text, r->error);
}

static emend_status set_facts(readstat_reading *r, const readstat_metadata_t *metadata) {
  emend_file_facts *facts = emend_dataset_edit_facts(r->dataset);
  facts->release = (int32_t)metadata->file_format_version;
  facts->byte_order = metadata->endianness == READSTAT_ENDIAN_BIG      ? EMEND_BIG_ENDIAN
                      : metadata->endianness == READSTAT_ENDIAN_LITTLE ? EMEND_LITTLE_ENDIAN
                                                                       : EMEND_BYTE_ORDER_UNKNOWN;
  if (r->traits->compresses)
    facts->compression = metadata->compression == READSTAT_COMPRESS_ROWS     ? EMEND_COMPRESSION_ROWS
                         : metadata->compression == READSTAT_COMPRESS_BINARY ? EMEND_COMPRESSION_BLOCKS
                                                                             : EMEND_COMPRESSION_NONE;
  emend_status status = emend_dataset_set_file_text(r->dataset, EMEND_FILE_ENCODING, metadata->file_encoding, r->error);
  if (!status)
    status = add_text(r, metadata->table_name, &facts->text[EMEND_FILE_TABLE_NAME]);
  if (!status)
    status = set_time(r, EMEND_FILE_CREATED, metadata->creation_time);
  if (!status && r->family == EMEND_FAMILY_SAS) /* elsewhere a copy of the other */
    status = set_time(r, EMEND_FILE_MODIFIED, metadata->modified_time);
  return status;
}

static int on_metadata(readstat_metadata_t *metadata, void *context) {
  readstat_reading *r = context;
  r->began = true;
  r->declared_rows = metadata->row_count;
  emend_decoder_set_encoding(&r->decoder, metadata->file_encoding);
  const char *label = metadata->file_label;
  size_t length = label ? strlen(label) : 0;
  emend_status status = emend_decode(&r->decoder, &label, &length, r->error);
  if (!status)
    status = emend_dataset_set_file_label(r->dataset, label, r->error);
  return result(r, status ? status : set_facts(r, metadata));
}

static int on_note(int index, const char *text, void *context) {
  (void)index;
  readstat_reading *r = context;
  emend_property note = {.kind = EMEND_NOTE};
  emend_status status = add_trimmed(r, text, &note.value);
  return result(r, status ? status : emend_dataset_add_property(r->dataset, -1, &note, r->error));
}

/* The label set of this name, made if need be. */
static emend_status find_set(readstat_reading *r, const char *name, size_t *index) {
  size_t count = emend_dataset_label_sets(r->dataset);
  for (size_t i = 0; i < count; i++) {
    size_t at = (r->last_set + i) % count;
    if (strcmp(emend_dataset_text(r->dataset, emend_dataset_label_set(r->dataset, at)->name), name) == 0) {
      *index = r->last_set = at;
      return EMEND_OK;
    }
  }
  emend_status status = emend_dataset_add_label_set(r->dataset, name, index, r->error);
  r->last_set = *index;
  return status;
}

static double number_of(readstat_value_t value) {
  switch (value.type) {
  case READSTAT_TYPE_INT8: return value.v.i8_value;
  case READSTAT_TYPE_INT16: return value.v.i16_value;
  case READSTAT_TYPE_INT32: return value.v.i32_value;
  case READSTAT_TYPE_FLOAT: return value.v.float_value;
  case READSTAT_TYPE_DOUBLE: return value.v.double_value;
  default: return NAN;
  }
}

/* SAS writes its letters in upper case, Stata in lower: the same 26 reasons, and SAS's underscore. */
static emend_reason reason_of(readstat_value_t value) {
  if (!value.is_tagged_missing)
    return value.is_system_missing ? EMEND_SYSTEM_MISSING : EMEND_OBSERVED;
  char tag = value.tag;
  if (tag >= 'a' && tag <= 'z')
    return (emend_reason)(EMEND_TAG_A + (tag - 'a'));
  if (tag >= 'A' && tag <= 'Z')
    return (emend_reason)(EMEND_TAG_A + (tag - 'A'));
  return tag == '_' ? EMEND_TAG_UNDERSCORE : EMEND_SYSTEM_MISSING;
}

int readstat_take_label(const char *set_name, readstat_value_t value, const char *text, void *context) {
  readstat_reading *r = context;
  size_t set;
  emend_status status = find_set(r, set_name, &set);
  emend_label label = {.kind = EMEND_KEY_NUMBER};
  if (value.type == READSTAT_TYPE_STRING || value.type == READSTAT_TYPE_STRING_REF) {
    label.kind = EMEND_KEY_TEXT;
    if (!status)
      status = add_trimmed(r, value.v.string_value, &label.key);
  } else if (value.is_tagged_missing) {
    label.kind = EMEND_KEY_TAG;
    label.tag = reason_of(value);
  } else {
    label.number = number_of(value);
  }
  if (!status)
    status = add_text(r, text, &label.text);
  if (!status)
    status = emend_dataset_add_label(r->dataset, set, &label, r->error);
  return result(r, status);
}

static bool is_text(readstat_type_t type) { return type == READSTAT_TYPE_STRING || type == READSTAT_TYPE_STRING_REF; }

static emend_storage storage_of(emend_family family, const readstat_variable_t *variable) {
  switch (variable->type) {
  case READSTAT_TYPE_STRING:
    return family == EMEND_FAMILY_STATA && variable->storage_width == 0 ? EMEND_STORAGE_LONG_TEXT : EMEND_STORAGE_TEXT;
  case READSTAT_TYPE_STRING_REF: return EMEND_STORAGE_LONG_TEXT;
  case READSTAT_TYPE_INT8: return EMEND_STORAGE_I8;
  case READSTAT_TYPE_INT16: return EMEND_STORAGE_I16;
  case READSTAT_TYPE_INT32: return EMEND_STORAGE_I32;
  case READSTAT_TYPE_FLOAT: return EMEND_STORAGE_F32;
  default: return EMEND_STORAGE_F64;
  }
}

/* ReadStat's storage width is rounded up to 8 in .sav, multiplied by 8 in .por, and counts the final NUL in .dta: SPSS's A format tells. */
static uint32_t text_width(emend_family family, const readstat_variable_t *variable) {
  size_t width = variable->storage_width;
  if (family == EMEND_FAMILY_SPSS && width <= 255 * 8 && (variable->format[0] == 'A' || variable->format[0] == 'a')) {
    bool hexadecimal = emend_ascii_equal_n(variable->format, strcspn(variable->format, "0123456789"), "AHEX", 4);
    unsigned long told = strtoul(variable->format + strcspn(variable->format, "0123456789"), NULL, 10);
    width = told == 0 ? width : hexadecimal ? told / 2 : told;
  } else if (family == EMEND_FAMILY_STATA && width > 0) {
    width--;
  }
  return width > UINT32_MAX ? 0 : (uint32_t)width;
}

/* PSPP 1.6 writes the upper end of `9 THRU HIGHEST` in place of the 9. What is left holds no number. */
static emend_status warn_of_lost_end(readstat_reading *r, const char *name) {
  return emend_dataset_add_warning(
      r->dataset, r->error,
      "%s: its declared missing values begin at HIGHEST, and hold no number: so PSPP writes 9 THRU HIGHEST into a "
      "portable file, and the 9 is lost; --missing, or the .sav, tells which they are",
      name);
}

/* Declared missing values: numbers, or texts without their trailing blanks. */
static emend_status add_missing_ranges(readstat_reading *r, const readstat_variable_t *from, emend_variable *to) {
  int count = readstat_variable_get_missing_ranges_count(from);
  emend_status status = EMEND_OK;
  for (int i = 0; i < count && to->n_missing < EMEND_MISSING_RANGES && !status; i++) {
    readstat_value_t lo = readstat_variable_get_missing_range_lo(from, i), hi = readstat_variable_get_missing_range_hi(from, i);
    emend_missing_range *range = &to->missing[to->n_missing];
    if (is_text(lo.type)) {
      status = add_trimmed(r, lo.v.string_value, &range->text);
      to->n_missing += range->text != 0;
    } else if (number_of(lo) >= DBL_MAX) {
      status = warn_of_lost_end(r, from->name);
    } else {
      range->lo = number_of(lo);
      range->hi = number_of(hi);
      to->n_missing++;
    }
  }
  return status;
}

static emend_measure measure_of(readstat_measure_t measure) {
  return measure == READSTAT_MEASURE_NOMINAL   ? EMEND_NOMINAL
         : measure == READSTAT_MEASURE_ORDINAL ? EMEND_ORDINAL
         : measure == READSTAT_MEASURE_SCALE   ? EMEND_SCALE
                                               : EMEND_MEASURE_UNKNOWN;
}

static int on_variable(int index, readstat_variable_t *from, const char *set_name, void *context) {
  (void)index;
  readstat_reading *r = context;
  emend_variable v = {.label_set = -1, .measure = measure_of(from->measure), .storage = storage_of(r->family, from)};
  v.kind = is_text(from->type) ? EMEND_TEXT : emend_kind_of_format(r->family, from->format);
  v.width = is_text(from->type) ? text_width(r->family, from) : 0;
  size_t set;
  emend_status status = add_text(r, from->name, &v.name);
  if (!status)
    status = add_text(r, from->label, &v.label);
  if (!status)
    status = add_text(r, from->format, &v.format);
  if (!status)
    status = add_missing_ranges(r, from, &v);
  /* SAS keeps value labels in a file of their own: what comes here is the name of the format. */
  if (!status && r->family != EMEND_FAMILY_SAS && set_name && set_name[0] && !(status = find_set(r, set_name, &set)))
    v.label_set = (int32_t)set;
  if (!status)
    status = emend_dataset_add_variable(r->dataset, &v, NULL, r->error);
  return result(r, status);
}

static int on_weight(readstat_variable_t *variable, void *context) {
  readstat_reading *r = context;
  if (variable->index >= 0 && (size_t)variable->index < emend_dataset_variables(r->dataset) && !is_text(variable->type))
    emend_dataset_set_weight(r->dataset, variable->index);
  return READSTAT_HANDLER_OK;
}

/* Cells. */

static emend_status begin_row(readstat_reading *r, int row) {
  enum { REPORT_EVERY = 1024 };
  r->row = row;
  r->n_variables = emend_dataset_variables(r->dataset); /* all are known by now */
  emend_status status = EMEND_OK;
  int64_t expected = r->expected_rows >= 0 ? r->expected_rows : r->declared_rows;
  if (expected > 0 && emend_dataset_rows(r->dataset) == 0)
    status = emend_dataset_expect_rows(r->dataset, (uint64_t)expected, r->error);
  if (!status)
    status = emend_dataset_add_row(r->dataset, r->error);
  if (status || emend_dataset_rows(r->dataset) % REPORT_EVERY != 0)
    return status;
  double done = (double)r->window.position / (double)r->window.source->size;
  if (expected < 0)
    status = emend_dataset_expect_share(r->dataset, emend_dataset_rows(r->dataset), done, r->error);
  return status ? status : emend_read_progress(r->options, done, r->error);
}

static emend_status put_text(readstat_reading *r, size_t variable, const char *text) {
  enum { LONGEST_PLAIN = 255 };
  size_t length = text ? strlen(text) : 0, width = emend_dataset_variable(r->dataset, variable)->width;
  r->cut_texts += r->family == EMEND_FAMILY_SPSS && width > LONGEST_PLAIN && length + 1 == width;
  size_t repaired = r->decoder.repaired;
  emend_status status = emend_decode(&r->decoder, &text, &length, r->error);
  if (r->decoder.repaired > repaired)
    emend_text_places_note(&r->undecoded, variable, emend_dataset_rows(r->dataset) - 1);
  return status ? status : emend_dataset_put_text(r->dataset, variable, text, length, r->error);
}

static emend_status put_long_text(readstat_reading *r, size_t row, size_t variable) {
  const char *text;
  size_t length;
  emend_status status = dta_long_texts_find(r->strls, row, variable, &text, &length, r->error);
  return status ? status : emend_dataset_put_text(r->dataset, variable, text, length, r->error);
}

static void put_number(readstat_reading *r, size_t variable, readstat_value_t value) {
  emend_reason reason = reason_of(value);
  double number = reason == EMEND_OBSERVED ? number_of(value) : NAN;
  emend_dataset_put_number(r->dataset, variable, number, reason);
}

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *context) {
  readstat_reading *r = context;
  size_t index = (size_t)variable->index;
  if (row != r->row) {
    emend_status status = begin_row(r, row);
    if (status)
      return result(r, status);
  }
  if (index >= r->n_variables || is_text(variable->type) != is_text(value.type))
    return result(r, emend_fail(r->error, EMEND_INTERNAL, "a cell of an unknown variable was delivered"));
  if (is_text(value.type) && r->strls && emend_dataset_variable(r->dataset, index)->storage == EMEND_STORAGE_LONG_TEXT)
    return result(r, put_long_text(r, (size_t)row, index));
  if (is_text(value.type))
    return result(r, put_text(r, index, value.v.string_value));
  put_number(r, index, value);
  return READSTAT_HANDLER_OK;
}

void readstat_deliver(readstat_parser_t *parser, const readstat_reading *r) {
  readstat_set_metadata_handler(parser, on_metadata);
  readstat_set_variable_handler(parser, on_variable);
  readstat_set_value_label_handler(parser, readstat_take_label);
  readstat_set_fweight_handler(parser, on_weight);
  if (!r->sav)
    readstat_set_value_handler(parser, on_value);
  if (r->traits->notes)
    readstat_set_note_handler(parser, on_note);
}
