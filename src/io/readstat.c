/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole file, in as many passes as it takes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/readstat_reading.h"

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

/* A whole file. */

readstat_parser_t *readstat_parser_of(readstat_reading *r, bool raw) {
  readstat_parser_t *parser = readstat_parser_init();
  if (!parser)
    return NULL;
  readstat_set_open_handler(parser, on_open);
  readstat_set_close_handler(parser, on_close);
  readstat_set_seek_handler(parser, on_seek);
  readstat_set_read_handler(parser, on_read);
  readstat_set_update_handler(parser, on_update);
  readstat_set_io_ctx(parser, &r->window);
  readstat_deliver(parser, r);
  if (raw)
    readstat_set_handler_character_encoding(parser, NULL);
  return parser;
}

/* What ReadStat's code means, with the place it had reached. */
static emend_status refuse(readstat_reading *r, readstat_error_t code) {
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

static emend_status check_rows(readstat_reading *r, int64_t scanned_rows) {
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

emend_status readstat_warn_of_undefined(emend_dataset *dataset, const emend_decoder *decoder, const char *what,
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

emend_status readstat_add_warnings(readstat_reading *r) {
  emend_status status = readstat_warn_of_undefined(r->dataset, &r->decoder, "texts", &r->undecoded, r->error);
  if (!status && r->decoder.guessed)
    status =
        emend_dataset_add_warning(r->dataset, r->error,
                                  "the file's encoding is %s%s; %zu text%s taken for Windows-1252 (a file written in the same format keeps "
                                  "the bytes)",
                                  r->decoder.encoding[0] ? "not known here: " : "not told", r->decoder.encoding, r->decoder.guessed,
                                  r->decoder.guessed == 1 ? " was" : "s were");
  if (!status && r->n_nuls)
    status = emend_dataset_add_warning(r->dataset, r->error,
                                       "%zu text%s NUL characters within, shown as blanks (a file written in the same format keeps them)",
                                       r->n_nuls, r->n_nuls == 1 ? " has" : "s have");
  if (!status && r->cut_texts)
    status =
        emend_dataset_add_warning(r->dataset, r->error,
                                  "%zu text%s in variables wider than 255 bytes may lack the last byte (a file written in the same format "
                                  "keeps it)",
                                  r->cut_texts, r->cut_texts == 1 ? "" : "s");
  return status;
}

/* One undefined byte makes ReadStat give up the whole file: then everything is read again as raw bytes, and decoded here. */
bool readstat_wants_raw(readstat_error_t code) {
  return code == READSTAT_ERROR_CONVERT || code == READSTAT_ERROR_CONVERT_BAD_STRING || code == READSTAT_ERROR_CONVERT_SHORT_STRING ||
         code == READSTAT_ERROR_UNSUPPORTED_CHARSET;
}

static emend_status parse_once(readstat_reading *r, bool raw, readstat_error_t *code) {
  readstat_parser_t *parser = readstat_parser_of(r, raw);
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
  readstat_reading *r = context;
  emend_decoder_set_encoding(&r->decoder, metadata->file_encoding);
  return READSTAT_HANDLER_ABORT;
}

/* Value labels can come before the metadata, so the encoding is asked for first: whatever stops this pass, the next will say. */
static emend_status learn_encoding(readstat_reading *r) {
  readstat_parser_t *parser = readstat_parser_of(r, true);
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
static void prefer_own_encoding(readstat_reading *r) {
  if (r->sav && !r->decoder.encoding[0])
    emend_decoder_set_encoding(&r->decoder, r->sav->encoding);
}

/* The cells of a .sav, if ReadStat found the same variables as our own walk; else it has to read them itself. */
static emend_status read_sav_cells(readstat_reading *r, int64_t n_rows) {
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

static emend_status parse_all(readstat_reading *r, int64_t scanned_rows) {
  readstat_error_t code;
  emend_status status = parse_once(r, false, &code);
  if (!status && !r->status && readstat_wants_raw(code)) {
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
  return status ? status : readstat_add_warnings(r);
}

/* To ReadStat, the section of long strings ends where it begins. */
static emend_status hide_strls(readstat_reading *r, emend_error *error) {
  static const char end[] = "</strls>";
  r->window.overlay = (unsigned char *)strdup(end);
  r->window.overlay_offset = r->strls->dictionary->strls.offset;
  r->window.overlay_length = sizeof end - 1;
  return r->window.overlay ? EMEND_OK : emend_fail_memory(error);
}

emend_status readstat_read_file(const readstat_traits *traits, const emend_source *source, const emend_read_options *options,
                              const readstat_walked *walked, emend_dataset *dataset, emend_error *error) {
  readstat_reading r = {.options = options, .dataset = dataset, .error = error, .declared_rows = -1, .row = -1};
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
