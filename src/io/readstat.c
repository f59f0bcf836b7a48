/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/readstat.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <readstat.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "io/decode.h"
#include "io/describe.h"
#include "io/dta_long_text.h"
#include "io/kind.h"
#include "io/sas_catalog.h"
#include "io/sav_cells.h"
#include "io/window.h"
#include "io/xpt_dictionary.h"

/* The only file that knows ReadStat. One call of a parse function reads a whole file and calls back for what it finds; the order differs
 * by format (.dta: value labels last), so label sets are found by name whether their variables or their labels come first. */

typedef readstat_error_t (*parse_function)(readstat_parser_t *parser, const char *path, void *context);

/* A format as ReadStat has it. */
typedef struct format_traits {
  emend_family family;
  parse_function parse;
  bool utc;        /* its times come as they stand in the file; else as local time */
  bool compresses; /* its files say whether they are compressed */
  bool notes;      /* its notes are taken from here, not from a walk of our own */
} format_traits;

static const format_traits sav_traits = {.family = EMEND_FAMILY_SPSS, .parse = readstat_parse_sav};
static const format_traits por_traits = {.family = EMEND_FAMILY_SPSS, .parse = readstat_parse_por, .notes = true};
static const format_traits dta_traits = {.family = EMEND_FAMILY_STATA, .parse = readstat_parse_dta};
static const format_traits sas_traits = {.family = EMEND_FAMILY_SAS, .parse = readstat_parse_sas7bdat, .utc = true, .compresses = true};
static const format_traits catalog_traits = {.family = EMEND_FAMILY_SAS, .parse = readstat_parse_sas7bcat};
static const format_traits xpt_traits = {.family = EMEND_FAMILY_SAS, .parse = readstat_parse_xport};

typedef struct reading {
  const emend_read_options *options;
  emend_dataset *dataset;
  emend_error *error;
  emend_status status; /* the first failure of our own, while ReadStat unwinds */
  const format_traits *traits;
  emend_family family;
  emend_window window;
  dta_long_texts *strls; /* whose long strings are read here; NULL: by ReadStat */
  emend_decoder decoder;
  int64_t declared_rows; /* -1: the file does not say */
  int64_t expected_rows; /* at least, by our own walk; -1: not known */
  bool began;            /* the dictionary was delivered: ReadStat reports success for some files without reading any of it */
  int row;               /* ReadStat's index of the last row begun; -1 before the first */
  size_t n_variables;
  size_t last_set;       /* label set found last: the next is often the same one or its neighbour */
  size_t cut_texts;      /* cells whose last byte ReadStat may have dropped */
  const emend_sav_dictionary *sav; /* of a .sav whose cells are read here; NULL: by ReadStat */
  size_t n_nuls;
  emend_text_places undecoded;
} reading;

static int result(reading *r, emend_status status) {
  if (status && !r->status)
    r->status = status;
  return r->status ? READSTAT_HANDLER_ABORT : READSTAT_HANDLER_OK;
}

/* The window as ReadStat's input. */

static int on_open(const char *path, void *context) {
  (void)path, (void)context;
  return 0;
}

static int on_close(void *context) {
  (void)context;
  return 0;
}

static readstat_off_t on_seek(readstat_off_t offset, readstat_io_flags_t whence, void *context) {
  emend_window *window = context;
  return emend_window_seek(window, offset,
                           whence == READSTAT_SEEK_CUR   ? window->position
                           : whence == READSTAT_SEEK_END ? window->source->size
                                                         : 0);
}

static ssize_t on_read(void *bytes, size_t length, void *context) { return emend_window_read(context, bytes, length); }

static readstat_error_t on_update(long size, readstat_progress_handler progress, void *user, void *context) {
  (void)size, (void)progress, (void)user, (void)context;
  return READSTAT_OK;
}

/* Text. */

static emend_status add_text(reading *r, const char *text, emend_offset *offset) {
  size_t length = text ? strlen(text) : 0;
  emend_status status = emend_decode(&r->decoder, &text, &length, r->error);
  return status ? status : emend_dataset_add_text(r->dataset, text, length, offset, r->error);
}

static emend_status add_trimmed(reading *r, const char *text, emend_offset *offset) {
  size_t length = text ? strlen(text) : 0;
  emend_status status = emend_decode(&r->decoder, &text, &length, r->error);
  return status ? status : emend_dataset_add_text(r->dataset, text, emend_trimmed_length(text, length), offset, r->error);
}

/* Dictionary. */

/* ReadStat counts from 1970: local time, but for sas7bdat the time as it stands in the file. */
static emend_status set_time(reading *r, emend_file_text which, time_t time) {
  char text[32] = "";
  struct tm parts;
  if (time > 0 && (r->traits->utc ? gmtime_r(&time, &parts) : localtime_r(&time, &parts)))
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return emend_dataset_set_file_text(r->dataset, which, text, r->error);
}

static emend_status set_facts(reading *r, const readstat_metadata_t *metadata) {
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
  reading *r = context;
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
  reading *r = context;
  emend_property note = {.kind = EMEND_NOTE};
  emend_status status = add_trimmed(r, text, &note.value);
  return result(r, status ? status : emend_dataset_add_property(r->dataset, -1, &note, r->error));
}

/* The label set of this name, made if need be. */
static emend_status find_set(reading *r, const char *name, size_t *index) {
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

static int on_value_label(const char *set_name, readstat_value_t value, const char *text, void *context) {
  reading *r = context;
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

/* Declared missing values: numbers, or texts without their trailing blanks. */
static emend_status add_missing_ranges(reading *r, const readstat_variable_t *from, emend_variable *to) {
  int count = readstat_variable_get_missing_ranges_count(from);
  emend_status status = EMEND_OK;
  for (int i = 0; i < count && to->n_missing < EMEND_MISSING_RANGES && !status; i++) {
    readstat_value_t lo = readstat_variable_get_missing_range_lo(from, i), hi = readstat_variable_get_missing_range_hi(from, i);
    emend_missing_range *range = &to->missing[to->n_missing];
    if (is_text(lo.type)) {
      status = add_trimmed(r, lo.v.string_value, &range->text);
      to->n_missing += range->text != 0;
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
  reading *r = context;
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
  reading *r = context;
  if (variable->index >= 0 && (size_t)variable->index < emend_dataset_variables(r->dataset) && !is_text(variable->type))
    emend_dataset_set_weight(r->dataset, variable->index);
  return READSTAT_HANDLER_OK;
}

/* Cells. */

static emend_status begin_row(reading *r, int row) {
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

static emend_status put_text(reading *r, size_t variable, const char *text) {
  enum { LONGEST_PLAIN = 255 };
  size_t length = text ? strlen(text) : 0, width = emend_dataset_variable(r->dataset, variable)->width;
  r->cut_texts += r->family == EMEND_FAMILY_SPSS && width > LONGEST_PLAIN && length + 1 == width;
  size_t repaired = r->decoder.repaired;
  emend_status status = emend_decode(&r->decoder, &text, &length, r->error);
  if (r->decoder.repaired > repaired)
    emend_text_places_note(&r->undecoded, variable, emend_dataset_rows(r->dataset) - 1);
  return status ? status : emend_dataset_put_text(r->dataset, variable, text, length, r->error);
}

static emend_status put_long_text(reading *r, size_t row, size_t variable) {
  const char *text;
  size_t length;
  emend_status status = dta_long_texts_find(r->strls, row, variable, &text, &length, r->error);
  return status ? status : emend_dataset_put_text(r->dataset, variable, text, length, r->error);
}

static void put_number(reading *r, size_t variable, readstat_value_t value) {
  emend_reason reason = reason_of(value);
  double number = reason == EMEND_OBSERVED ? number_of(value) : NAN;
  if (reason == EMEND_OBSERVED && r->options && r->options->n_numbers && emend_read_options_number_is_missing(r->options, number))
    reason = EMEND_USER_MISSING;
  emend_dataset_put_number(r->dataset, variable, number, reason);
}

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *context) {
  reading *r = context;
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

/* A whole file. */

static readstat_parser_t *make_parser(reading *r, bool raw) {
  readstat_parser_t *parser = readstat_parser_init();
  if (!parser)
    return NULL;
  readstat_set_open_handler(parser, on_open);
  readstat_set_close_handler(parser, on_close);
  readstat_set_seek_handler(parser, on_seek);
  readstat_set_read_handler(parser, on_read);
  readstat_set_update_handler(parser, on_update);
  readstat_set_io_ctx(parser, &r->window);
  readstat_set_metadata_handler(parser, on_metadata);
  readstat_set_variable_handler(parser, on_variable);
  readstat_set_value_label_handler(parser, on_value_label);
  readstat_set_fweight_handler(parser, on_weight);
  if (!r->sav)
    readstat_set_value_handler(parser, on_value);
  if (r->traits->notes)
    readstat_set_note_handler(parser, on_note);
  if (raw)
    readstat_set_handler_character_encoding(parser, NULL);
  return parser;
}

/* What ReadStat's code means, with the place it had reached. */
static emend_status refuse(reading *r, readstat_error_t code) {
  if (r->status)
    return r->status;
  if (r->window.status)
    return r->window.status;
  emend_status status;
  switch (code) {
  case READSTAT_ERROR_MALLOC:
    return emend_fail(r->error, EMEND_LIMIT_EXCEEDED,
                      "the file asks for more memory than its reading may take: it is damaged, or has too many variables");
  case READSTAT_ERROR_UNSUPPORTED_FILE_FORMAT_VERSION:
  case READSTAT_ERROR_UNSUPPORTED_COMPRESSION:
  case READSTAT_ERROR_UNSUPPORTED_CHARSET:
    status = emend_fail(r->error, EMEND_UNSUPPORTED, "%s", readstat_error_message(code));
    break;
  default:
    status = emend_fail(r->error, EMEND_MALFORMED, "the file is damaged: %s", readstat_error_message(code));
  }
  uint64_t reached = r->window.position < r->window.source->size ? r->window.position : r->window.source->size;
  emend_at_row(r->error, (int64_t)emend_dataset_rows(r->dataset));
  emend_at_byte(r->error, reached);
  return status;
}

static emend_status check_rows(reading *r, int64_t scanned_rows) {
  if (!r->began)
    return emend_fail(r->error, EMEND_MALFORMED, "the file is damaged: nothing could be read from it");
  int64_t rows = (int64_t)emend_dataset_rows(r->dataset), declared = scanned_rows >= 0 ? scanned_rows : r->declared_rows;
  if (declared < 0 || declared == rows || emend_dataset_variables(r->dataset) == 0)
    return EMEND_OK;
  emend_status status =
      emend_fail(r->error, EMEND_MALFORMED, "the file is damaged: it declares %" PRId64 " rows and holds %" PRId64, declared, rows);
  emend_at_row(r->error, rows);
  return status;
}

static emend_status warn_of_undefined(emend_dataset *dataset, const emend_decoder *decoder, const char *what,
                                      const emend_text_places *places, emend_error *error) {
  emend_buffer text = {0};
  if (!decoder->repaired)
    return EMEND_OK;
  emend_status status = emend_text_places_print(places, decoder->repaired, dataset, &text, error);
  if (!status)
    status = emend_dataset_add_warning(
        dataset, error,
        "%zu %s hold bytes that %s does not define (%s); they are shown as \xEF\xBF\xBD (a file written in the same format keeps "
        "the bytes)",
        decoder->repaired, what, decoder->encoding[0] ? decoder->encoding : "UTF-8", text.bytes);
  emend_buffer_free(&text);
  return status;
}

static emend_status add_warnings(reading *r) {
  emend_status status = warn_of_undefined(r->dataset, &r->decoder, "texts", &r->undecoded, r->error);
  if (!status && r->decoder.guessed)
    status = emend_dataset_add_warning(
        r->dataset, r->error,
        "the file's encoding is %s%s; %zu texts were taken for Windows-1252 (a file written in the same format keeps "
        "the bytes)",
        r->decoder.encoding[0] ? "not known here: " : "not told", r->decoder.encoding, r->decoder.guessed);
  if (!status && r->n_nuls)
    status = emend_dataset_add_warning(
        r->dataset, r->error, "%zu texts have NUL characters within, shown as blanks (a file written in the same format keeps them)",
        r->n_nuls);
  if (!status && r->cut_texts)
    status =
        emend_dataset_add_warning(r->dataset, r->error,
                                  "%zu texts in variables wider than 255 bytes may lack their last byte (a file written in the same format "
                                  "keeps it)",
                                  r->cut_texts);
  return status;
}

/* One undefined byte makes ReadStat give up the whole file: then everything is read again as raw bytes, and decoded here. */
static bool wants_raw(readstat_error_t code) {
  return code == READSTAT_ERROR_CONVERT || code == READSTAT_ERROR_CONVERT_BAD_STRING || code == READSTAT_ERROR_CONVERT_SHORT_STRING ||
         code == READSTAT_ERROR_UNSUPPORTED_CHARSET;
}

static emend_status parse_once(reading *r, bool raw, readstat_error_t *code) {
  readstat_parser_t *parser = make_parser(r, raw);
  if (!parser)
    return emend_fail_memory(r->error);
  r->window.position = 0;
  r->row = -1;
  r->began = false;
  r->last_set = r->cut_texts = 0;
  r->decoder.raw = raw;
  r->decoder.repaired = r->decoder.guessed = 0;
  r->undecoded = (emend_text_places){0};
  *code = r->traits->parse(parser, "", r);
  readstat_parser_free(parser);
  return EMEND_OK;
}

static int on_metadata_only(readstat_metadata_t *metadata, void *context) {
  reading *r = context;
  emend_decoder_set_encoding(&r->decoder, metadata->file_encoding);
  return READSTAT_HANDLER_ABORT;
}

static int on_metadata_only_encoding(readstat_metadata_t *metadata, void *context) {
  reading *r = context;
  emend_decoder_set_encoding(&r->decoder, metadata->file_encoding);
  return READSTAT_HANDLER_OK;
}

/* Value labels can come before the metadata, so the encoding is asked for first: whatever stops this pass, the next will say. */
static emend_status learn_encoding(reading *r) {
  readstat_parser_t *parser = make_parser(r, true);
  if (!parser)
    return emend_fail_memory(r->error);
  readstat_set_metadata_handler(parser, on_metadata_only);
  readstat_set_variable_handler(parser, NULL);
  readstat_set_value_label_handler(parser, NULL);
  readstat_set_fweight_handler(parser, NULL);
  readstat_set_note_handler(parser, NULL);
  readstat_set_value_handler(parser, NULL);
  r->window.position = 0;
  r->traits->parse(parser, "", r);
  readstat_parser_free(parser);
  return r->window.status;
}

/* ReadStat knows fewer names of encodings than iconv. */
static void prefer_own_encoding(reading *r) {
  if (r->sav && !r->decoder.encoding[0])
    emend_decoder_set_encoding(&r->decoder, r->sav->encoding);
}

/* The cells of a .sav, if ReadStat found the same variables as our own walk; else it has to read them itself. */
static emend_status read_sav_cells(reading *r, int64_t n_rows) {
  sav_cells cells = {
      .source = r->window.source, .dictionary = r->sav, .options = r->options, .decoder = &r->decoder, .dataset = r->dataset};
  cells.n_rows = n_rows;
  prefer_own_encoding(r);
  emend_status status = n_rows > 0 ? emend_dataset_expect_rows(r->dataset, (uint64_t)n_rows, r->error) : EMEND_OK;
  if (!status)
    status = sav_cells_read(&cells, r->error);
  r->undecoded = cells.undecoded;
  r->n_nuls = cells.n_nuls;
  return status;
}

static emend_status parse_all(reading *r, int64_t scanned_rows) {
  readstat_error_t code;
  emend_status status = parse_once(r, false, &code);
  if (!status && !r->status && wants_raw(code)) {
    status = learn_encoding(r);
    prefer_own_encoding(r);
    if (!status)
      status = emend_dataset_reset(r->dataset, r->error);
    if (!status)
      status = parse_once(r, true, &code);
  }
  if (!status && code != READSTAT_OK)
    return refuse(r, code);
  if (!status)
    status = r->status ? r->status : r->window.status;
  if (!status && r->sav && r->began && !sav_cells_match(r->sav, r->dataset)) {
    r->sav = NULL;
    status = emend_dataset_reset(r->dataset, r->error);
    return status ? status : parse_all(r, scanned_rows);
  }
  if (!status && r->sav && r->began)
    status = read_sav_cells(r, scanned_rows);
  if (!status)
    status = check_rows(r, scanned_rows);
  return status ? status : add_warnings(r);
}

/* To ReadStat, the section of long strings ends where it begins. */
static emend_status hide_strls(reading *r, emend_error *error) {
  static const char end[] = "</strls>";
  r->window.overlay = (unsigned char *)strdup(end);
  r->window.overlay_offset = r->strls->dictionary->strls.offset;
  r->window.overlay_length = sizeof end - 1;
  return r->window.overlay ? EMEND_OK : emend_fail_memory(error);
}

/* What our own walk has found, for ReadStat not to find. */
typedef struct walked {
  int64_t n_rows;      /* -1: not known */
  int64_t least_rows;  /* where n_rows is not known */
  unsigned char *head; /* stands in for the file's first bytes; handed over */
  size_t head_length;
  dta_long_texts *strls;
  const emend_sav_dictionary *sav;
} walked;

static emend_status read_file(const format_traits *traits, const emend_source *source, const emend_read_options *options,
                              const walked *walked, emend_dataset *dataset, emend_error *error) {
  reading r = {.options = options, .dataset = dataset, .error = error, .declared_rows = -1, .row = -1};
  r.traits = traits;
  r.family = traits->family;
  emend_status status = emend_window_open(&r.window, source, error);
  r.window.overlay = walked->head;
  r.window.overlay_length = walked->head_length;
  r.strls = walked->strls;
  r.expected_rows = walked->n_rows >= 0 ? walked->n_rows : walked->least_rows > 0 ? walked->least_rows : -1;
  r.sav = walked->sav;
  if (!status && r.strls)
    status = hide_strls(&r, error);
  if (!status)
    status = parse_all(&r, walked->n_rows);
  emend_decoder_close(&r.decoder);
  emend_window_close(&r.window);
  return status;
}

emend_status emend_sav_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  int64_t rows = -1;
  emend_sav_dictionary *dictionary;
  emend_status status = emend_sav_dictionary_read(source, &dictionary, error);
  if (!status)
    status = emend_sav_dictionary_count_rows(dictionary, source, &rows, error);
  if (!status)
    status = read_file(&sav_traits, source, options, &(walked){.n_rows = rows, .sav = dictionary}, dataset, error);
  if (!status)
    status = emend_sav_describe(source, dictionary, emend_dataset_file_text(dataset, EMEND_FILE_ENCODING), dataset, error);
  emend_sav_dictionary_free(dictionary);
  return status;
}

/* ReadStat refuses the value labels of releases before 108, which are kept in another way: it is shown the file without them, and
 * emend_dta_describe reads them. */
static emend_status read_stata(const emend_source *source, const emend_read_options *options, const emend_dta_dictionary *d,
                               emend_dataset *dataset, emend_error *error) {
  emend_source cut = *source;
  if (d->release < 108)
    cut.size = d->value_labels.offset;
  dta_long_texts strls;
  emend_status status = dta_long_texts_open(&strls, source, d, error);
  if (!status)
    status = read_file(&dta_traits, &cut, options, &(walked){.n_rows = (int64_t)d->n_rows, .strls = strls.wanted ? &strls : NULL}, dataset,
                       error);
  if (!status && strls.n_binary)
    status = emend_dataset_add_warning(dataset, error, "%zu long strings are binary and were not read (a .dta written from it keeps them)",
                                       strls.n_binary);
  if (!status)
    status = warn_of_undefined(dataset, &strls.decoder, "long strings", &strls.undecoded, error);
  dta_long_texts_close(&strls);
  return status;
}

emend_status emend_dta_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  emend_dta_dictionary *dictionary;
  emend_status status = emend_dta_dictionary_read(source, &dictionary, error);
  if (!status)
    status = read_stata(source, options, dictionary, dataset, error);
  if (!status)
    status = emend_dta_describe(source, dictionary, emend_dataset_file_text(dataset, EMEND_FILE_ENCODING), dataset, error);
  emend_dta_dictionary_free(dictionary);
  return status;
}

static int ignore_value_label(const char *set_name, readstat_value_t value, const char *text, void *context) {
  (void)set_name, (void)value, (void)text, (void)context;
  return READSTAT_HANDLER_OK;
}

static emend_status parse_catalog(reading *r, bool raw, readstat_value_label_handler handler, readstat_error_t *code) {
  readstat_parser_t *parser = make_parser(r, raw);
  if (!parser)
    return emend_fail_memory(r->error);
  readstat_set_metadata_handler(parser, on_metadata_only_encoding);
  readstat_set_variable_handler(parser, NULL);
  readstat_set_value_handler(parser, NULL);
  readstat_set_value_label_handler(parser, handler);
  r->window.position = 0;
  r->decoder.raw = raw;
  *code = r->traits->parse(parser, "", r);
  readstat_parser_free(parser);
  return r->status ? r->status : r->window.status;
}

/* A first pass finds out whether its texts have to come as raw bytes: the second cannot be taken back, since the dataset has its cells. */
static emend_status take_catalog(reading *r) {
  readstat_error_t code;
  emend_status status = parse_catalog(r, false, ignore_value_label, &code);
  if (!status && (code == READSTAT_OK || wants_raw(code)))
    status = parse_catalog(r, code != READSTAT_OK, on_value_label, &code);
  if (!status && code != READSTAT_OK)
    status = emend_fail(r->error, code == READSTAT_ERROR_MALLOC ? EMEND_LIMIT_EXCEEDED : EMEND_MALFORMED,
                        "this is no catalog of SAS formats (.sas7bcat), or it is damaged: %s", readstat_error_message(code));
  return status;
}

/* Value labels of SAS files come from a file of their own, if one is named. */
static emend_status read_catalog(const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  if (!options || !options->catalog_source)
    return EMEND_OK;
  reading r = {.options = options, .dataset = dataset, .error = error, .traits = &catalog_traits, .family = EMEND_FAMILY_SAS};
  emend_status status = emend_window_open(&r.window, options->catalog_source, error);
  if (!status)
    status = take_catalog(&r);
  if (!status)
    status = emend_sas_catalog_assign(dataset, error);
  if (!status)
    status = add_warnings(&r);
  if (status)
    emend_at_file(error, options->catalog_source->name);
  emend_decoder_close(&r.decoder);
  emend_window_close(&r.window);
  return status;
}

emend_status emend_sas7bdat_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset,
                                 emend_error *error) {
  emend_status status = read_file(&sas_traits, source, options, &(walked){.n_rows = -1}, dataset, error);
  return status ? status : read_catalog(options, dataset, error);
}

/*
 * The head of a .por file with the character table made unambiguous. The table of 256 entries follows 200 characters of greeting, ends of
 * lines not counted; '0' means "no such character". PSPP repeats digits and signs in it (for superscripts), and ReadStat
 * takes the last: every entry that repeats an earlier one becomes '0'.
 */
static emend_status por_head(const emend_source *source, unsigned char **head, size_t *length, emend_error *error) {
  enum { HEAD = 1024, TABLE = 200, ENTRIES = 256 };
  *length = source->size < HEAD ? (size_t)source->size : HEAD;
  *head = malloc(HEAD);
  if (!*head)
    return emend_fail_memory(error);
  emend_status status = emend_source_read(source, 0, *head, *length, error);
  bool seen[256] = {false};
  size_t at = 0;
  for (size_t i = 0; i < *length && !status && at < TABLE + ENTRIES; i++) {
    unsigned char *entry = &(*head)[i];
    if (*entry == '\r' || *entry == '\n')
      continue;
    if (at++ < TABLE || *entry == '0')
      continue;
    if (seen[*entry])
      *entry = '0';
    else
      seen[*entry] = true;
  }
  if (status) {
    free(*head);
    *head = NULL;
  }
  return status;
}

/* ReadStat converts the characters of .por files with %lc, which depends on the locale: a UTF-8 one for this thread and this call. */
emend_status emend_por_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  unsigned char *head;
  size_t length;
  emend_status status = por_head(source, &head, &length, error);
  if (status)
    return status;
  locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), before = (locale_t)0;
  if (utf8)
    before = uselocale(utf8);
  status = read_file(&por_traits, source, options, &(walked){.n_rows = -1, .head = head, .head_length = length}, dataset, error);
  if (utf8) {
    uselocale(before);
    freelocale(utf8);
  }
  return status;
}

/* ReadStat takes rows of blanks at the end for filling. In a file of texts only, those that are longer than any filling are rows. */
static emend_status add_blank_rows(const emend_xpt_dictionary *d, emend_dataset *dataset, emend_error *error) {
  emend_status status = EMEND_OK;
  while (!status && !d->any_number && emend_dataset_rows(dataset) < d->least_rows) {
    status = emend_dataset_add_row(dataset, error);
    for (size_t v = 0; v < d->n_variables && !status; v++)
      status = emend_dataset_put_text(dataset, v, "", 0, error);
  }
  return status;
}

emend_status emend_xpt_read(const emend_source *source, const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  emend_xpt_dictionary *dictionary;
  emend_status status = emend_xpt_dictionary_read(source, &dictionary, error);
  if (!status)
    status =
        read_file(&xpt_traits, source, options, &(walked){.n_rows = -1, .least_rows = (int64_t)dictionary->least_rows}, dataset, error);
  if (!status && emend_dataset_variables(dataset) != dictionary->n_variables)
    status = emend_fail(error, EMEND_MALFORMED, "%zu variables were read, the dictionary has %zu", emend_dataset_variables(dataset),
                        dictionary->n_variables);
  if (!status)
    status = add_blank_rows(dictionary, dataset, error);
  if (!status)
    status = read_catalog(options, dataset, error);
  emend_xpt_dictionary_free(dictionary);
  return status;
}
