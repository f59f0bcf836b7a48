/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/format.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "io/readstat.h"
#include "io/readstat_write.h"

static bool starts_with(const unsigned char *head, size_t length, const char *text) {
  size_t n = strlen(text);
  return length >= n && memcmp(head, text, n) == 0;
}

static bool is_sav(const unsigned char *head, size_t length) { return starts_with(head, length, "$FL2"); }
static bool is_zsav(const unsigned char *head, size_t length) { return starts_with(head, length, "$FL3"); }

/* The signature stands at character 456, where each line has 80 characters (blanks at its end may have been cut off). */
static bool is_por(const unsigned char *head, size_t length) {
  static const char signature[] = "SPSSPORT";
  enum { PLACE = 456, LINE = 80 };
  size_t at = 0, matched = 0;
  for (size_t i = 0; i < length && matched < sizeof signature - 1; i++) {
    if (head[i] == '\n') {
      at = (at + LINE - 1) / LINE * LINE;
    } else if (head[i] != '\r') {
      if (at >= PLACE && head[i] != (unsigned char)signature[matched++])
        return false;
      at++;
    }
  }
  return matched == sizeof signature - 1;
}

/* Releases 117 and later begin with a tag; earlier ones with the release, the byte order (1 or 2), 1 and 0. */
static bool is_dta(const unsigned char *head, size_t length) {
  return starts_with(head, length, "<stata_dta>") ||
         (length >= 4 && head[0] >= 102 && head[0] <= 116 && (head[1] == 1 || head[1] == 2) && head[2] == 1 && head[3] == 0);
}

static bool is_sas7bdat(const unsigned char *head, size_t length) {
  static const unsigned char magic[32] = {0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0xC2, 0xEA, 0x81, 0x60,
                                          0xB3, 0x14, 0x11, 0xCF, 0xBD, 0x92, 0x08, 0x00, 0x09, 0xC7, 0x31, 0x8C, 0x18, 0x1F, 0x10, 0x11};
  return length >= sizeof magic && memcmp(head, magic, sizeof magic) == 0;
}

static bool is_xpt(const unsigned char *head, size_t length) {
  return starts_with(head, length, "HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!") ||
         starts_with(head, length, "HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!");
}

static const emend_format formats[] = {
    {"sav", "SPSS system file", "sav", is_sav, emend_sav_read, emend_sav_open_patch, emend_sav_open_rebuild, emend_sav_open_writer},
    {"zsav", "SPSS system file, compressed by blocks", "zsav", is_zsav, emend_sav_read, emend_sav_open_patch, emend_sav_open_rebuild,
     emend_zsav_open_writer},
    {"por", "SPSS portable file", "por", is_por, emend_por_read, NULL, NULL, emend_por_open_writer},
    {"dta", "Stata", "dta", is_dta, emend_dta_read, emend_dta_open_patch, emend_dta_open_rebuild, emend_dta_open_writer},
    {"sas7bdat", "SAS", "sas7bdat", is_sas7bdat, emend_sas7bdat_read, NULL, NULL, NULL},
    {"xpt", "SAS transport file", "xpt xport", is_xpt, emend_xpt_read, emend_xpt_open_patch, emend_xpt_open_rebuild, emend_xpt_open_writer},
    {"csv", "comma-separated text", "csv txt", NULL, emend_csv_read, emend_csv_open_patch, emend_csv_open_rebuild, emend_csv_open_writer},
    {"tsv", "tab-separated text", "tsv tab", NULL, emend_csv_read, emend_csv_open_patch, emend_csv_open_rebuild, emend_tsv_open_writer},
};
enum { N_FORMATS = sizeof formats / sizeof *formats };

const emend_format *emend_formats(size_t *count) {
  *count = N_FORMATS;
  return formats;
}

const emend_format *emend_format_by_name(const char *name) {
  for (size_t i = 0; i < N_FORMATS; i++)
    if (emend_ascii_equal(formats[i].name, name))
      return &formats[i];
  return NULL;
}

/* True if `word` is one of the words of `list`, which blanks separate. */
static bool in_list(const char *list, const char *word) {
  size_t length = strlen(word);
  while (*list) {
    size_t n = strcspn(list, " ");
    if (emend_ascii_equal_n(list, n, word, length))
      return true;
    list += n;
    list += strspn(list, " ");
  }
  return false;
}

const char *emend_extension(const char *path) {
  const char *base = strrchr(path, '/');
  base = base ? base + 1 : path;
  const char *dot = strrchr(base, '.');
  return dot && dot != base && dot[1] ? dot + 1 : NULL;
}

const emend_format *emend_format_by_extension(const char *path) {
  const char *end = path ? emend_extension(path) : NULL;
  for (size_t i = 0; end && i < N_FORMATS; i++)
    if (in_list(formats[i].extensions, end))
      return &formats[i];
  return NULL;
}

static const emend_format *by_content(const unsigned char *head, size_t length) {
  for (size_t i = 0; i < N_FORMATS; i++)
    if (formats[i].recognises && formats[i].recognises(head, length))
      return &formats[i];
  return NULL;
}

/* Text without a file name is taken for CSV: printable, or UTF-16 with its mark. */
static bool looks_like_text(const unsigned char *head, size_t length) {
  if (length >= 2 && ((head[0] == 0xFF && head[1] == 0xFE) || (head[0] == 0xFE && head[1] == 0xFF)))
    return true;
  for (size_t i = 0; i < length; i++)
    if (head[i] < ' ' && head[i] != '\t' && head[i] != '\n' && head[i] != '\r')
      return false;
  return length > 0;
}

static bool is_spss(const emend_format *format) { return strcmp(format->name, "sav") == 0 || strcmp(format->name, "zsav") == 0; }

static emend_status not_recognised(const emend_source *source, emend_error *error) {
  char names[256] = "";
  size_t n = 0;
  for (size_t i = 0; i < N_FORMATS && n < sizeof names; i++)
    n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i == 0 ? "" : i + 1 < N_FORMATS ? ", " : " or ", formats[i].name);
  emend_status status =
      emend_fail(error, EMEND_UNSUPPORTED,
                 source->size == 0 ? "is empty" : "its format is not recognised, neither from its content nor from its name");
  if (source->size > 0)
    emend_try(error, "--from with %s", names);
  return status;
}

emend_status emend_format_recognise(const emend_source *source, const char *wanted, const emend_format **format, emend_error *error) {
  unsigned char head[1024];
  size_t length = source->size < sizeof head ? (size_t)source->size : sizeof head;
  emend_status status = emend_source_read(source, 0, head, length, error);
  if (status)
    return status;
  const emend_format *found = by_content(head, length);
  const emend_format *told = wanted ? emend_format_by_name(wanted) : NULL;
  if (wanted && !told)
    return emend_fail(error, EMEND_INVALID_ARGUMENT, "\"%s\" is not a format that emend reads", wanted);
  if (told) /* obeyed; but which of the two kinds of SPSS file it is, the file knows best */
    *format = found && is_spss(found) && is_spss(told) ? found : told;
  else if (found)
    *format = found;
  else if ((found = emend_format_by_extension(source->path)))
    *format = found;
  else if ((!source->path || !emend_extension(source->path)) && looks_like_text(head, length))
    *format = emend_format_by_name("csv");
  else
    return not_recognised(source, error);
  return EMEND_OK;
}
