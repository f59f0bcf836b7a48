/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "io/format.h"
#include "io/options.h"
#include "support/support.h"

START_TEST(wrong_options_are_named) {
  emend_read_options *options = emend_read_options_new();
  emend_error *error = emend_error_new();
  ck_assert_int_eq(emend_read_options_set_format(options, "xlsx", error), EMEND_INVALID_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(emend_error_text(error), "\"xlsx\""));
  static const char *const delimiters[] = {"", "ab", "\"", "5", "-", "\n", "\xC3"};
  for (size_t i = 0; i < sizeof delimiters / sizeof *delimiters; i++)
    ck_assert_int_eq(emend_read_options_set_delimiter(options, delimiters[i], error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_decimal(options, ";", error), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_encoding(options, "NO-SUCH-CODE", error), EMEND_INVALID_ARGUMENT);
  ck_assert_ptr_null(options->encoding);
  emend_error_free(error);
  emend_read_options_free(options);
}
END_TEST

START_TEST(right_options_are_kept) {
  emend_read_options *options = emend_read_options_new();
  ck_assert_int_eq(emend_read_options_set_format(options, "SAV", NULL), EMEND_OK);
  ck_assert_str_eq(options->format, "sav");
  ck_assert_int_eq(emend_read_options_set_format(options, NULL, NULL), EMEND_OK);
  ck_assert_ptr_null(options->format);
  ck_assert_int_eq(emend_read_options_set_delimiter(options, "\\t", NULL), EMEND_OK);
  ck_assert_int_eq(options->delimiter, '\t');
  ck_assert_int_eq(emend_read_options_set_decimal(options, ",", NULL), EMEND_OK);
  ck_assert_int_eq(options->decimal, ',');
  ck_assert_int_eq(emend_read_options_set_encoding(options, "WINDOWS-1252", NULL), EMEND_OK);
  ck_assert_str_eq(options->encoding, "WINDOWS-1252");
  emend_read_options_set_header(options, 0);
  ck_assert(options->header_told && options->header_rows == 0);
  emend_read_options_free(options);
  emend_read_options_free(NULL);
}
END_TEST

START_TEST(numbers_among_the_missing_tokens_count_everywhere) {
  emend_read_options *options = emend_read_options_new();
  ck_assert(!emend_read_options_number_is_missing(NULL, -99));
  ck_assert(!emend_read_options_number_is_missing(options, -99));
  static const char *const tokens[] = {"refused", "-99", "1,5", "1e3"};
  for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++)
    ck_assert_int_eq(emend_read_options_add_missing(options, tokens[i], NULL), EMEND_OK);
  ck_assert(emend_read_options_number_is_missing(options, -99));
  ck_assert(emend_read_options_number_is_missing(options, 1.5));
  ck_assert(emend_read_options_number_is_missing(options, 1000));
  ck_assert(!emend_read_options_number_is_missing(options, 99));
  ck_assert(!emend_read_options_number_is_missing(options, 0));
  emend_read_options_free(options);
}
END_TEST

static const char *recognised(const char *path, const char *bytes, size_t length, const char *wanted) {
  support_write(path, bytes, length);
  emend_source *source;
  const emend_format *format = NULL;
  ck_assert_int_eq(emend_source_open(path, &source, NULL), EMEND_OK);
  emend_status status = emend_format_recognise(source, wanted, &format, NULL);
  emend_source_close(source);
  return status ? emend_status_text(status) : format->name;
}

START_TEST(content_beats_extension) {
  const char *sav = support_scratch("a.csv"), *csv = support_scratch("b.sav"), *bare = support_scratch("bare"), *odd = support_scratch("c.xlsx");
  ck_assert_str_eq(recognised(sav, "$FL2@(#)", 8, NULL), "sav");
  ck_assert_str_eq(recognised(sav, "$FL3@(#)", 8, NULL), "zsav");
  ck_assert_str_eq(recognised(sav, "$FL3@(#)", 8, "sav"), "zsav");
  ck_assert_str_eq(recognised(sav, "<stata_dta>", 11, NULL), "dta");
  ck_assert_str_eq(recognised(sav, "\x72\x02\x01\x00", 4, NULL), "dta");
  ck_assert_str_eq(recognised(csv, "a,b\n1,2\n", 8, NULL), "sav");
  ck_assert_str_eq(recognised(csv, "a,b\n1,2\n", 8, "csv"), "csv");
  ck_assert_str_eq(recognised(bare, "a,b\n1,2\n", 8, NULL), "csv");
  ck_assert_str_eq(recognised(bare, "\x01\x02\x03", 3, NULL), "unsupported");
  ck_assert_str_eq(recognised(odd, "PK\x03\x04", 4, NULL), "unsupported");
  ck_assert_str_eq(recognised(bare, "", 0, NULL), "unsupported");
}
END_TEST

/* Every file in the shared folder is recognised by content where its format has a signature, whatever its name says. */
START_TEST(shared_files_are_recognised) {
  static const struct { const char *path, *format; } cases[] = {
      {"data/real/gss2014_usermissing.sav", "sav"},       {"data/real/gss2010_usermissing.zsav", "zsav"}, {"data/real/electric.por", "por"},
      {"data/real/gss2002_usermissing.por", "por"},       {"data/real/popmis.dta", "dta"},                {"data/format/pandas_compat_108.dta", "dta"},
      {"data/format/tagged_118.dta", "dta"},              {"data/real/shpps2006_health_ed.sas7bdat", "sas7bdat"},
      {"data/real/nhanes1112_acq.xpt", "xpt"},            {"data/format/special_missing_v5.xpt", "xpt"},
  };
  if (!support_shared("data"))
    return;
  size_t length;
  unsigned char *bytes = support_read(support_shared(cases[_i].path), &length);
  ck_assert_str_eq(recognised(support_scratch("nameless"), (char *)bytes, length, NULL), cases[_i].format);
  free(bytes);
}
END_TEST

SUITE {
  Suite *suite = suite_create("options");
  TCase *cases = tcase_create("options");
  tcase_add_test(cases, wrong_options_are_named);
  tcase_add_test(cases, right_options_are_kept);
  tcase_add_test(cases, numbers_among_the_missing_tokens_count_everywhere);
  tcase_add_test(cases, content_beats_extension);
  tcase_add_loop_test(cases, shared_files_are_recognised, 0, 10);
  suite_add_tcase(suite, cases);
  return suite;
}
