/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Catalogs of SAS formats. */
#include "io/readstat_reading.h"
#include "io/sas_catalog.h"

static const readstat_traits catalog_traits = {.family = EMEND_FAMILY_SAS, .parse = readstat_parse_sas7bcat};

static int on_metadata(readstat_metadata_t *metadata, void *context) {
  readstat_reading *r = context;
  emend_decoder_set_encoding(&r->decoder, metadata->file_encoding);
  return READSTAT_HANDLER_OK;
}

static int ignore_value_label(const char *set_name, readstat_value_t value, const char *text, void *context) {
  (void)set_name, (void)value, (void)text, (void)context;
  return READSTAT_HANDLER_OK;
}

static emend_status parse_catalog(readstat_reading *r, bool raw, readstat_value_label_handler handler, readstat_error_t *code) {
  readstat_parser_t *parser = readstat_parser_of(r, raw);
  if (!parser)
    return emend_fail_memory(r->error);
  readstat_set_metadata_handler(parser, on_metadata);
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
static emend_status take_catalog(readstat_reading *r) {
  readstat_error_t code;
  emend_status status = parse_catalog(r, false, ignore_value_label, &code);
  if (!status && (code == READSTAT_OK || readstat_wants_raw(code)))
    status = parse_catalog(r, code != READSTAT_OK, readstat_take_label, &code);
  if (!status && code != READSTAT_OK)
    status = emend_fail(r->error, code == READSTAT_ERROR_MALLOC ? EMEND_LIMIT_EXCEEDED : EMEND_MALFORMED,
                        "this is no catalog of SAS formats (.sas7bcat), or it is damaged: %s", readstat_error_message(code));
  return status;
}

/* Value labels of SAS files come from a file of their own, if one is named. */
emend_status readstat_read_catalog(const emend_read_options *options, emend_dataset *dataset, emend_error *error) {
  if (!options || !options->catalog_source)
    return EMEND_OK;
  readstat_reading r = {.options = options, .dataset = dataset, .error = error, .traits = &catalog_traits, .family = EMEND_FAMILY_SAS};
  emend_status status = emend_window_open(&r.window, options->catalog_source, error);
  if (!status)
    status = take_catalog(&r);
  if (!status)
    status = emend_sas_catalog_assign(dataset, error);
  if (!status)
    status = readstat_add_warnings(&r);
  if (status)
    emend_at_file(error, options->catalog_source->name);
  emend_decoder_close(&r.decoder);
  emend_window_close(&r.window);
  return status;
}
