/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/sav_stream.h"

#include <string.h>

emend_status sav_stream_open(sav_stream *s, const emend_source *source, const emend_sav_dictionary *dictionary, uint64_t start,
                             emend_output *output, emend_error *error) {
  *s = (sav_stream){.dictionary = dictionary, .output = output, .open = true};
  return dictionary->compression == EMEND_SAV_ZLIB ? zsav_writer_open_anew(&s->blocks, source, dictionary, start, error) : EMEND_OK;
}

void sav_stream_close(sav_stream *s) {
  if (s->open && s->dictionary->compression == EMEND_SAV_ZLIB)
    zsav_writer_close(&s->blocks);
  s->open = false;
}

static emend_status put_group(sav_stream *s, emend_error *error) {
  size_t length = SAV_GROUP_CODES + 8 * (size_t)s->n_raw;
  memset(s->group + s->n_codes, SAV_PADDING, SAV_GROUP_CODES - s->n_codes);
  s->n_codes = s->n_raw = 0;
  return s->dictionary->compression == EMEND_SAV_ZLIB ? zsav_write(&s->blocks, s->group, length, error)
                                                      : emend_output_write(s->output, s->group, length, error);
}

static emend_status put_element(sav_stream *s, unsigned char code, const unsigned char *bytes, emend_error *error) {
  s->group[s->n_codes++] = code;
  if (code == SAV_RAW)
    memcpy(s->group + SAV_GROUP_CODES + 8 * (size_t)s->n_raw++, bytes, 8);
  return s->n_codes == SAV_GROUP_CODES ? put_group(s, error) : EMEND_OK;
}

emend_status sav_stream_row(sav_stream *s, const unsigned char *bytes, const unsigned char *codes, uint32_t n, emend_error *error) {
  if (s->dictionary->compression == EMEND_SAV_PLAIN)
    return emend_output_write(s->output, bytes, 8 * (size_t)n, error);
  emend_status status = EMEND_OK;
  for (uint32_t e = 0; e < n && !status; e++)
    status = put_element(s, codes[e], bytes + 8 * (size_t)e, error);
  return status;
}

emend_status sav_stream_finish(sav_stream *s, bool has_end, emend_error *error) {
  if (s->dictionary->compression == EMEND_SAV_PLAIN)
    return EMEND_OK;
  emend_status status = has_end ? put_element(s, SAV_END, NULL, error) : EMEND_OK;
  if (!status && s->n_codes)
    status = put_group(s, error);
  return !status && s->dictionary->compression == EMEND_SAV_ZLIB ? zsav_writer_finish(&s->blocks, s->output, error) : status;
}
