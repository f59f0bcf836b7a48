/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/patch_text.h"

#include <string.h>

#include "base/error.h"

void patch_text_free(patch_text *text) {
  emend_encoder_close(&text->encoder);
  emend_buffer_free(&text->bytes);
  text->opened = false;
}

static emend_status refuse(const emend_dataset *dataset, size_t variable, const char *why, emend_error *error) {
  emend_fail(error, EMEND_UNSUPPORTED, "an imputed text %s", why);
  emend_at_variable(error, emend_variable_name(dataset, variable));
  bool delimited = emend_dataset_get_dialect(dataset)->delimiter != '\0'; /* whose encoding may be a guess */
  emend_try(error, "%s--exclude %s", delimited ? "--encoding with the file's own (SHIFT_JIS, GB18030, ...), or " : "",
            emend_variable_name(dataset, variable));
  return EMEND_UNSUPPORTED;
}

emend_status patch_text_put(patch_text *text, const emend_dataset *dataset, size_t variable, emend_offset offset, unsigned char *bytes,
                            size_t width, unsigned char pad, emend_error *error) {
  const char *from = emend_dataset_text(dataset, offset);
  if (!from[0]) /* no answer, so nobody meant it for this cell */
    return emend_fail(error, EMEND_INTERNAL, "an imputed text is empty");
  if (!text->opened) {
    const char *encoding = emend_dataset_file_text(dataset, EMEND_FILE_ENCODING);
    emend_encoder_open(&text->encoder, encoding[0] ? encoding : "UTF-8");
    text->opened = true;
  }
  emend_encoding_loss loss = {0};
  emend_buffer_clear(&text->bytes);
  emend_status status = emend_encode(&text->encoder, from, SIZE_MAX / 4, '?', &text->bytes, &loss, error);
  if (status)
    return status;
  size_t length = text->bytes.length;
  while (length > 0 && text->bytes.bytes[length - 1] == ' ') /* of blanks, the field has its own */
    length--;
  if (loss.replaced || length > width)
    return refuse(dataset, variable, length > width ? "is too long for its field" : "does not fit the file's encoding", error);
  memcpy(bytes, text->bytes.bytes, length);
  memset(bytes + length, pad, width - length);
  return EMEND_OK;
}
