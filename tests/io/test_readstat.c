/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/dataset.h"
#include "emend/file.h"
#include "io/decode.h"
#include "io/kind.h"
#include "io/window.h"
#include "pspp.h"
#include "support/support.h"

/* What a dictionary says must arrive. Expected values: PSPP's DISPLAY DICTIONARY and LIST of the same files, and the descriptions of the
 * formats. */

static emend_error *error;
static emend_events *events;
static emend_file *file;
static const emend_dataset *data;

static emend_status read_with(const char *path, const emend_read_options *options) {
  error = emend_error_new();
  events = emend_events_new();
  emend_status status = emend_file_read(path, options, events, &file, error);
  data = file ? emend_file_dataset(file) : NULL;
  return status;
}

static void done(void) {
  emend_file_close(file);
  emend_events_free(events);
  emend_error_free(error);
}

static bool open_shared(const char *path) {
  const char *full = support_shared(path);
  if (!full)
    return false;
  ck_assert_msg(read_with(full, NULL) == EMEND_OK, "%s", emend_error_text(error));
  return true;
}

static const emend_variable *variable(const char *name) {
  ptrdiff_t index = emend_dataset_find_variable(data, name);
  ck_assert_msg(index >= 0, "no variable %s", name);
  return emend_dataset_variable(data, (size_t)index);
}

static size_t find(const char *name) { return (size_t)emend_dataset_find_variable(data, name); }

START_TEST(spss_dictionary) {
  if (!open_shared("data/format/weights_docs_attrs.sav"))
    return;
  ck_assert_str_eq(emend_dataset_format(data), "sav");
  ck_assert_str_eq(emend_dataset_file_label(data), "Survey with everything");
  ck_assert_int_eq(emend_dataset_weight(data), (int)find("WT"));
  ck_assert_str_eq(emend_variable_label(data, find("AGE")), "Age in years");
  ck_assert_str_eq(emend_variable_format(data, find("AGE")), "F8.2");
  ck_assert_int_eq(variable("AGE")->measure, EMEND_ORDINAL);
  ck_assert_int_eq(variable("AGE")->storage, EMEND_STORAGE_F64);
  ck_assert_str_eq(emend_variable_value_label(data, find("Q5"), 5), "Strongly agree");
  ck_assert_ptr_null(emend_variable_value_label(data, find("Q5"), 6));
  ck_assert_double_eq(emend_cell_value(data, 3, find("INC")), 2860.96);
  ck_assert_int_eq(emend_cell_reason(data, 6, find("INC")), EMEND_SYSTEM_MISSING);
  done();
}
END_TEST

START_TEST(spss_missing_values) {
  if (!open_shared("data/format/pyr_sample_missing.sav"))
    return;
  const emend_variable *v = variable("mynum");
  ck_assert_uint_eq(v->n_missing, 2);
  ck_assert_double_eq(v->missing[0].lo, 2000);
  ck_assert_double_eq(v->missing[0].hi, 3000);
  ck_assert_double_eq(v->missing[1].lo, -1);
  ck_assert_double_eq(v->missing[1].hi, -1);
  ck_assert_int_eq(emend_cell_reason(data, 5, find("mynum")), EMEND_USER_MISSING);
  ck_assert_double_eq(emend_cell_value(data, 6, find("mynum")), 2500);
  ck_assert_int_eq(emend_cell_reason(data, 6, find("mynum")), EMEND_USER_MISSING);
  ck_assert_int_eq(emend_cell_reason(data, 4, find("mynum")), EMEND_OBSERVED);
  ck_assert_str_eq(emend_dataset_label_of(data, find("mylabl"), -1, EMEND_USER_MISSING), "undetermined");
  ck_assert_int_eq(emend_cell_reason(data, 6, find("mychar")), EMEND_EMPTY_TEXT);
  ck_assert_uint_eq(variable("mychar")->width, 1);
  done();
}
END_TEST

START_TEST(open_ranges) {
  if (!open_shared("data/format/um_lo_thru.sav"))
    return;
  size_t declared = 0;
  for (size_t v = 0; v < emend_dataset_variables(data); v++) {
    const emend_variable *x = emend_dataset_variable(data, v);
    declared += x->n_missing;
    if (x->n_missing) {
      ck_assert(emend_variable_declares_missing(x, -1e300));
      ck_assert(emend_variable_declares_missing(x, -1));
      ck_assert(!emend_variable_declares_missing(x, -0.5));
    }
  }
  ck_assert_uint_gt(declared, 0);
  done();
}
END_TEST

START_TEST(text_missing_values) {
  if (!open_shared("data/format/um_string.sav"))
    return;
  ck_assert_uint_eq(variable("W")->n_missing, 2);
  ck_assert_uint_eq(variable("W")->width, 8);
  ck_assert_str_eq(emend_cell_text(data, 2, find("W")), "REFUSED");
  ck_assert_int_eq(emend_cell_reason(data, 2, find("W")), EMEND_USER_MISSING);
  ck_assert_int_eq(emend_cell_reason(data, 1, find("W")), EMEND_OBSERVED);
  const emend_label_set *set = emend_dataset_label_set(data, (size_t)variable("W")->label_set);
  ck_assert_uint_eq(set->n_labels, 3);
  const emend_label *label = emend_dataset_label(data, set, 0);
  ck_assert_int_eq(label->kind, EMEND_KEY_TEXT);
  ck_assert_str_eq(emend_dataset_text(data, label->key), "NA"); /* padded to NA...... in the file */
  ck_assert_str_eq(emend_dataset_text(data, label->text), "No answer");
  done();
}
END_TEST

START_TEST(spss_dates) {
  if (!open_shared("data/format/dates.sav"))
    return;
  static const struct {
    const char *name;
    emend_variable_kind kind;
  } wanted[] = {{"DATE", EMEND_DATE}, {"ADATE", EMEND_DATE}, {"DTIME", EMEND_DATETIME}, {"TIM", EMEND_TIME},  {"DT", EMEND_TIME},
                {"MOYR", EMEND_DATE}, {"QYR", EMEND_DATE},   {"WKYR", EMEND_DATE},      {"PCT", EMEND_NUMERIC}, {"SCI", EMEND_NUMERIC},
                {"DOL", EMEND_NUMERIC}, {"WKDAY", EMEND_NUMERIC}};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    ck_assert_msg(variable(wanted[i].name)->kind == wanted[i].kind, "%s", wanted[i].name);
  ck_assert_double_eq(emend_cell_value(data, 0, find("ADATE")), 13600000000.); /* 1 October 2013, seconds since 1582 */
  done();
}
END_TEST

/* Stata's 27 missing codes, in file order in each of five storage types; rows 1 to 27 of allmissing are `.`, `.a` ... `.z`. */
START_TEST(stata_tags) {
  static const char *const files[] = {"data/format/pandas_allmissing_113.dta", "data/format/pandas_allmissing_117.dta"};
  static const emend_storage storages[] = {EMEND_STORAGE_I8, EMEND_STORAGE_I16, EMEND_STORAGE_I32, EMEND_STORAGE_F32, EMEND_STORAGE_F64};
  for (size_t f = 0; f < 2; f++) {
    if (!open_shared(files[f]))
      return;
    for (size_t v = 0; v < 5; v++) {
      ck_assert_int_eq(emend_dataset_variable(data, v)->storage, storages[v]);
      ck_assert_int_eq(emend_cell_reason(data, 0, v), EMEND_SYSTEM_MISSING);
      for (size_t row = 1; row < 27; row++)
        ck_assert_int_eq(emend_cell_reason(data, row, v), EMEND_TAG_A + (int)row - 1);
    }
    done();
  }
}
END_TEST

START_TEST(stata_dictionary) {
  if (!open_shared("data/format/tagged_118.dta"))
    return;
  size_t labelled = 0;
  for (size_t v = 0; v < emend_dataset_variables(data); v++)
    for (int letter = 'a'; letter <= 'z'; letter++)
      labelled += emend_dataset_label_of(data, v, NAN, (emend_reason)(EMEND_TAG_A + letter - 'a')) != NULL;
  ck_assert_uint_gt(labelled, 0);
  done();
  if (open_shared("data/format/dates_118.dta")) {
    for (size_t v = 0; v < 5; v++)
      ck_assert_int_eq(emend_variable_get_kind(data, v), EMEND_DATE);
    ck_assert_int_eq(emend_variable_get_kind(data, 5), EMEND_DATETIME);
    done();
  }
  if (open_shared("data/format/strl_118.dta")) {
    size_t long_texts = 0;
    for (size_t v = 0; v < emend_dataset_variables(data); v++)
      long_texts += emend_dataset_variable(data, v)->storage == EMEND_STORAGE_LONG_TEXT;
    ck_assert_uint_eq(long_texts, 1);
    done();
  }
}
END_TEST

/* Row 5 holds .Z in the second variable: SAS's letters become the same reasons as Stata's; ._ is its own. */
START_TEST(sas_tags) {
  if (!open_shared("data/format/special_missing_v5.xpt"))
    return;
  size_t found[4] = {0};
  for (size_t v = 0; v < emend_dataset_variables(data); v++)
    for (size_t row = 0; row < emend_dataset_rows(data); row++) {
      emend_reason reason = emend_cell_reason(data, row, v);
      found[0] += reason == EMEND_TAG_A;
      found[1] += reason == EMEND_TAG_Z;
      found[2] += reason == EMEND_TAG_UNDERSCORE;
      found[3] += reason > EMEND_TAG_A && reason < EMEND_TAG_Z;
    }
  ck_assert_uint_eq(found[0] + found[1] + found[2], 22); /* INDEX.tsv's count of tagged cells */
  ck_assert_uint_gt(found[0], 0);
  ck_assert_uint_gt(found[1], 0);
  ck_assert_uint_gt(found[2], 0);
  ck_assert_uint_eq(found[3], 0);
  done();
}
END_TEST

/* The same five rows in six files. */
START_TEST(formats_agree) {
  static const char *const files[] = {"sav", "zsav", "por", "dta", "xpt", "sas7bdat"};
  static const double numbers[] = {1.1, 1.2, -1000.3, -1.4, 1000.3};
  static const double orders[] = {1, 2, 3, 1, 1};
  static const char *const texts[] = {"a", "b", "c", "d", "e"};
  for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
    char path[64];
    snprintf(path, sizeof path, "data/format/pyr_sample.%s", files[f]);
    if (!open_shared(path))
      return;
    ck_assert_str_eq(emend_dataset_format(data), files[f]);
    for (size_t row = 0; row < 5; row++) {
      ck_assert_str_eq(emend_cell_text(data, row, 0), texts[row]);
      assert_relative(emend_cell_value(data, row, 1), numbers[row], 1e-15); /* .por is not exact */
      ck_assert_double_eq(emend_cell_value(data, row, 5), orders[row]);
    }
    ck_assert_int_eq(emend_variable_get_kind(data, 1), EMEND_NUMERIC);
    ck_assert_int_eq(emend_variable_get_kind(data, 2), EMEND_DATE);
    ck_assert_int_eq(emend_variable_get_kind(data, 3), EMEND_DATETIME);
    ck_assert_int_eq(emend_cell_reason(data, 4, 2), EMEND_SYSTEM_MISSING);
    ck_assert_int_eq(emend_dataset_variable(data, 0)->width, 1);
    done();
  }
}
END_TEST

START_TEST(encodings) {
  if (!open_shared("data/format/shift_jis.sav"))
    return;
  ck_assert_str_eq(emend_variable_label(data, 0), "氏名");
  ck_assert_str_eq(emend_cell_text(data, 0, 0), "田中");
  ck_assert_str_eq(emend_cell_text(data, 2, 0), "ソ能表");
  ck_assert_str_eq(emend_variable_value_label(data, 1, 2), "不満");
  done();
  static const char *const latin[] = {"data/format/cp1252_record.sav", "data/format/cp1252_norecord.sav"};
  for (size_t i = 0; i < 2 && open_shared(latin[i]); i++) {
    bool found = false;
    for (size_t row = 0; row < emend_dataset_rows(data); row++)
      for (size_t v = 0; v < emend_dataset_variables(data); v++)
        found = found || (emend_cell_text(data, row, v) && strcmp(emend_cell_text(data, row, v), "Königsallee 5") == 0);
    ck_assert(found);
    ck_assert_uint_eq(emend_events_warning_count(events), 0);
    done();
  }
}
END_TEST

/* Byte 0x81 is nothing in Windows-1252: one cell is shown with a replacement, the rest of the file is read, a warning says so. */
START_TEST(undefined_bytes_do_not_fail_the_file) {
  const char *path = support_shared("data/format/cp1252_record.sav");
  if (!path)
    return;
  size_t length;
  unsigned char *bytes = support_read(path, &length);
  unsigned char *place = memmem(bytes, length, "K\xF6nigsallee 5", 13);
  ck_assert_ptr_nonnull(place);
  place[1] = 0x81;
  const char *changed = support_scratch("changed.sav");
  support_write(changed, bytes, length);
  free(bytes);
  ck_assert_msg(read_with(changed, NULL) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_uint_eq(emend_dataset_rows(data), 15);
  ck_assert_uint_eq(emend_dataset_variables(data), 3);
  size_t replaced = 0, others = 0;
  for (size_t row = 0; row < 15; row++)
    for (size_t v = 0; v < 3; v++) {
      const char *text = emend_cell_text(data, row, v);
      replaced += text && strcmp(text, "K\xEF\xBF\xBDnigsallee 5") == 0;
      others += text && strncmp(text, "K\xC3\xB6nigsallee", 12) == 0;
    }
  ck_assert_uint_eq(replaced, 1);
  ck_assert_uint_eq(others, 14);
  ck_assert_uint_eq(emend_events_warning_count(events), 1);
  ck_assert_ptr_nonnull(strstr(emend_events_warning(events, 0), "1 texts hold bytes"));
  done();
}
END_TEST

/* PSPP's character table has the digits and some signs twice: with it, the file must read as with SPSS's. */
START_TEST(pspp_portable_files) {
  const char *path = support_shared("data/real/gss2002_usermissing.por");
  if (!path)
    return;
  size_t length;
  unsigned char *bytes = support_read(path, &length);
  static const char superscripts[] = "-0000123456789000-()0"; /* entries 163 on, as PSPP 1.6.2 writes them */
  for (size_t i = 0; i < sizeof superscripts - 1; i++) {
    size_t logical = 200 + 163 + i, at = logical + 2 * (logical / 80);
    bytes[at] = (unsigned char)superscripts[i];
  }
  const char *changed = support_scratch("pspp.por");
  support_write(changed, bytes, length);
  free(bytes);
  ck_assert_msg(read_with(changed, NULL) == EMEND_OK, "%s", emend_error_text(error));
  emend_file *twin;
  ck_assert_int_eq(emend_file_read(path, NULL, NULL, &twin, NULL), EMEND_OK);
  const emend_dataset *other = emend_file_dataset(twin);
  ck_assert_uint_eq(emend_dataset_rows(data), emend_dataset_rows(other));
  for (size_t row = 0; row < emend_dataset_rows(data); row++)
    for (size_t v = 0; v < emend_dataset_variables(data); v++) {
      double a = emend_cell_value(data, row, v), b = emend_cell_value(other, row, v);
      ck_assert_int_eq(emend_cell_reason(data, row, v), emend_cell_reason(other, row, v));
      ck_assert(a == b || (isnan(a) && isnan(b)));
    }
  emend_file_close(twin);
  done();
}
END_TEST

/* Missing values of X: 9 THRU HIGHEST, but with the number of HIGHEST behind the letter for it; of Y: LOWEST THRU -1. Written by PSPP 1.6.2. */
START_TEST(pspp_loses_the_end_of_a_range) {
  if (!pspp_there())
    return;
  if (!pspp_run("DATA LIST LIST /x y.\nBEGIN DATA\n1 2\n12 -5\nEND DATA.\nMISSING VALUES x (9 THRU HIGHEST) y (LOWEST THRU -1).\n"
                "EXPORT OUTFILE='ends.por'.\nSAVE OUTFILE='ends.sav'.\n",
                "ends.txt"))
    ck_abort_msg("PSPP failed");
  ck_assert_msg(read_with(support_scratch("ends.por"), NULL) == EMEND_OK, "%s", emend_error_text(error));
  size_t lost = 0;
  for (size_t i = 0; i < emend_events_warning_count(events); i++)
    lost += strstr(emend_events_warning(events, i), "X: its declared missing values begin at HIGHEST") != NULL;
  bool mended = emend_variable_declared(data, 0) == 1; /* by a later PSPP */
  ck_assert_uint_eq(lost, !mended);
  if (mended)
    ck_assert_double_eq(emend_variable_declared_missing(data, 0, 0).lo, 9);
  ck_assert_uint_eq(emend_variable_declared(data, 1), 1);
  ck_assert_double_eq(emend_variable_declared_missing(data, 1, 0).hi, -1);
  ck_assert_int_eq(emend_cell_reason(data, 1, 1), EMEND_USER_MISSING);
  done();
  ck_assert_int_eq(read_with(support_scratch("ends.sav"), NULL), EMEND_OK);
  ck_assert_double_eq(emend_variable_declared_missing(data, 0, 0).lo, 9);
  ck_assert_int_eq(emend_cell_reason(data, 1, 0), EMEND_USER_MISSING);
  done();
}
END_TEST

START_TEST(second_member_is_refused) {
  const char *path = support_shared("data/format/special_missing_v5.xpt");
  if (!path)
    return;
  enum { LIBRARY = 240 }; /* bytes before the first member */
  size_t length;
  unsigned char *bytes = support_read(path, &length), *doubled = malloc(2 * length);
  memcpy(doubled, bytes, length);
  memcpy(doubled + length, bytes + LIBRARY, length - LIBRARY);
  const char *changed = support_scratch("two.xpt");
  support_write(changed, doubled, 2 * length - LIBRARY);
  free(bytes);
  free(doubled);
  ck_assert_int_eq(read_with(changed, NULL), EMEND_UNSUPPORTED);
  char place[64];
  snprintf(place, sizeof place, "at byte %zu: a second data set", length);
  ck_assert_msg(strstr(emend_error_text(error), place) != NULL, "%s", emend_error_text(error));
  done();
}
END_TEST

START_TEST(numbers_told_to_be_missing) {
  const char *path = support_source("samples/gss2014_usermissing.sav");
  emend_read_options *options = emend_read_options_new();
  ck_assert_int_eq(emend_read_options_add_missing(options, "3", NULL), EMEND_OK);
  ck_assert_int_eq(read_with(path, NULL), EMEND_OK);
  emend_file *plain = file;
  emend_events_free(events);
  emend_error_free(error);
  ck_assert_int_eq(read_with(path, options), EMEND_OK);
  size_t threes = 0;
  for (size_t row = 0; row < emend_dataset_rows(data); row++)
    for (size_t v = 0; v < emend_dataset_variables(data); v++) {
      double before = emend_cell_value(emend_file_dataset(plain), row, v);
      emend_reason reason = emend_cell_reason(data, row, v);
      threes += before == 3;
      ck_assert_int_eq(reason, before == 3 ? EMEND_USER_MISSING : emend_cell_reason(emend_file_dataset(plain), row, v));
      if (before == 3)
        ck_assert_double_eq(emend_cell_value(data, row, v), 3);
    }
  ck_assert_uint_gt(threes, 0);
  emend_file_close(plain);
  emend_read_options_free(options);
  done();
}
END_TEST

START_TEST(memory_limit_is_obeyed) {
  for (int isolated = 0; isolated < 2; isolated++) {
    emend_read_options *options = emend_read_options_new();
    emend_read_options_set_max_memory(options, 100000);
    emend_read_options_set_isolated(options, isolated);
    ck_assert_int_eq(read_with(support_source("samples/gss2014_usermissing.sav"), options), EMEND_LIMIT_EXCEEDED);
    ck_assert_ptr_null(file);
    ck_assert_ptr_nonnull(strstr(emend_error_text(error), "--max-memory"));
    ck_assert_ptr_nonnull(strstr(emend_error_text(error), "gss2014_usermissing.sav"));
    emend_read_options_free(options);
    done();
  }
}
END_TEST

START_TEST(reads_standard_input) {
  size_t length;
  unsigned char *bytes = support_read(support_source("samples/gss2014_usermissing.sav"), &length);
  int ends[2];
  ck_assert_int_eq(pipe(ends), 0);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    _exit(write(ends[1], bytes, length) == (ssize_t)length ? 0 : 1);
  }
  close(ends[1]);
  ck_assert_int_ge(dup2(ends[0], STDIN_FILENO), 0);
  ck_assert_msg(read_with("-", NULL) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_uint_eq(emend_dataset_rows(data), 2538);
  ck_assert_str_eq(emend_file_name(file), "standard input");
  waitpid(child, NULL, 0);
  free(bytes);
  done();
}
END_TEST

static int cancel_at_once(void *context, const char *stage, double fraction, const char *detail) {
  (void)context, (void)stage, (void)detail;
  return fraction > 0;
}

START_TEST(can_be_cancelled) {
  emend_events *own = emend_events_new();
  emend_events_on_progress(own, cancel_at_once, NULL);
  emend_error *said = emend_error_new();
  emend_file *none = (emend_file *)own;
  ck_assert_int_eq(emend_file_read(support_source("samples/gss2014_usermissing.sav"), NULL, own, &none, said), EMEND_CANCELLED);
  ck_assert_ptr_null(none);
  emend_error_free(said);
  emend_events_free(own);
}
END_TEST

START_TEST(kinds_of_formats) {
  static const struct {
    emend_family family;
    const char *format;
    emend_variable_kind kind;
  } cases[] = {
      {EMEND_FAMILY_SPSS, "F8.2", EMEND_NUMERIC},       {EMEND_FAMILY_SPSS, "DATE11", EMEND_DATE},
      {EMEND_FAMILY_SPSS, "DATETIME23.2", EMEND_DATETIME}, {EMEND_FAMILY_SPSS, "YMDHMS19", EMEND_DATETIME},
      {EMEND_FAMILY_SPSS, "MTIME5", EMEND_TIME},        {EMEND_FAMILY_SPSS, "", EMEND_NUMERIC},
      {EMEND_FAMILY_SPSS, "SDATE10", EMEND_DATE},       {EMEND_FAMILY_SPSS, "MONTH9", EMEND_NUMERIC},
      {EMEND_FAMILY_STATA, "%9.0g", EMEND_NUMERIC},     {EMEND_FAMILY_STATA, "%td", EMEND_DATE},
      {EMEND_FAMILY_STATA, "%-tdD_m_Y", EMEND_DATE},    {EMEND_FAMILY_STATA, "%d", EMEND_DATE},
      {EMEND_FAMILY_STATA, "%tC", EMEND_DATETIME},      {EMEND_FAMILY_STATA, "%th", EMEND_DATE},
      {EMEND_FAMILY_STATA, "%tbsimple", EMEND_DATE},    {EMEND_FAMILY_STATA, "%t", EMEND_NUMERIC},
      {EMEND_FAMILY_STATA, "", EMEND_NUMERIC},          {EMEND_FAMILY_STATA, "%dm", EMEND_DATE},
      {EMEND_FAMILY_SAS, "BEST12", EMEND_NUMERIC},      {EMEND_FAMILY_SAS, "DATE9.", EMEND_DATE},
      {EMEND_FAMILY_SAS, "YYMMDD10", EMEND_DATE},       {EMEND_FAMILY_SAS, "YYMMDDN8.", EMEND_DATE},
      {EMEND_FAMILY_SAS, "mmddyyS10.", EMEND_DATE},     {EMEND_FAMILY_SAS, "E8601DA10.", EMEND_DATE},
      {EMEND_FAMILY_SAS, "E8601DT", EMEND_DATETIME},    {EMEND_FAMILY_SAS, "DATETIME23.2", EMEND_DATETIME},
      {EMEND_FAMILY_SAS, "TIME20.3", EMEND_TIME},       {EMEND_FAMILY_SAS, "HHMM5.", EMEND_TIME},
      {EMEND_FAMILY_SAS, "DATEGRP", EMEND_NUMERIC},     {EMEND_FAMILY_SAS, "DOLLAR8.", EMEND_NUMERIC},
      {EMEND_FAMILY_SAS, "YYMMDDX10", EMEND_NUMERIC},   {EMEND_FAMILY_SAS, "", EMEND_NUMERIC},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    ck_assert_msg(emend_kind_of_format(cases[i].family, cases[i].format) == cases[i].kind, "%s", cases[i].format);
}
END_TEST

/* A .sav of two rows: one text of 600 bytes, in segments of 255, 255 and 96, and a number; in UTF-8. */
static size_t put_i32(unsigned char *to, int32_t value) {
  for (int i = 0; i < 4; i++)
    to[i] = (unsigned char)((uint32_t)value >> 8 * i);
  return 4;
}

static size_t put_text(unsigned char *to, const char *text, size_t width) {
  size_t length = strlen(text);
  memset(to, ' ', width);
  memcpy(to, text, length < width ? length : width);
  return width;
}

static size_t put_variable(unsigned char *to, int32_t width, int32_t format, const char *name) {
  size_t n = 0;
  const int32_t fields[] = {2, width, 0, 0, format, format};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    n += put_i32(to + n, fields[i]);
  return n + put_text(to + n, name, 8);
}

static size_t put_extension(unsigned char *to, int32_t subtype, const char *text, size_t length) {
  size_t n = 0;
  const int32_t fields[] = {7, subtype, 1, (int32_t)length};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
    n += put_i32(to + n, fields[i]);
  memcpy(to + n, text, length);
  return n + length;
}

static size_t craft_very_long_text(unsigned char *to, int fill) {
  static const int32_t segments[] = {255, 255, 96};
  static const char *const names[] = {"LONG", "LONG0", "LONG1"};
  size_t n = put_text(to, "$FL2@(#) SPSS DATA FILE", 64);
  n += put_i32(to + n, 2);
  n += put_i32(to + n, 77); /* elements of 8 bytes in a row */
  n += put_i32(to + n, 0);
  n += put_i32(to + n, 0);
  n += put_i32(to + n, 2);
  memcpy(to + n, &(double){100}, 8);
  n += 8;
  n += put_text(to + n, "01 Jan 2400:00:00", 17);
  n += put_text(to + n, "", 64);
  n += put_text(to + n, "", 3);
  for (size_t i = 0; i < 3; i++) {
    n += put_variable(to + n, segments[i], 1 << 16 | segments[i] << 8, names[i]);
    for (int32_t rest = 8; rest < segments[i]; rest += 8)
      n += put_variable(to + n, -1, 0, "");
  }
  n += put_variable(to + n, 0, 5 << 16 | 8 << 8 | 2, "X");
  n += put_extension(to + n, 14, "LONG=00600\0\t", 12);
  n += put_extension(to + n, 20, "UTF-8", 5);
  n += put_i32(to + n, 999);
  n += put_i32(to + n, 0);
  for (int row = 0; row < 2; row++) {
    memset(to + n, 'a', 76 * 8);
    memset(to + n, fill, 256);
    n += 76 * 8;
    memcpy(to + n, &(double){row}, 8);
    n += 8;
  }
  return n;
}

/* With a first segment of NULs, ReadStat 1.1.8 writes out of bounds and the C library aborts: it is not asked for the cells. */
START_TEST(segments_of_nuls_are_read) {
  static unsigned char bytes[16384];
  emend_read_options *options = emend_read_options_new();
  emend_read_options_set_isolated(options, 1);
  const char *path = support_scratch("long.sav");
  support_write(path, bytes, craft_very_long_text(bytes, 'b'));
  ck_assert_msg(read_with(path, options) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_uint_eq(emend_dataset_variables(data), 2);
  ck_assert_int_eq(emend_cell_text(data, 1, 0)[0], 'b');
  ck_assert_double_eq(emend_cell_value(data, 1, 1), 1);
  done();
  support_write(path, bytes, craft_very_long_text(bytes, '\0'));
  ck_assert_msg(read_with(path, options) == EMEND_OK, "%s", emend_error_text(error));
  ck_assert_uint_eq(strlen(emend_cell_text(data, 1, 0)), 600);
  ck_assert_uint_eq(strspn(emend_cell_text(data, 1, 0), " "), 255);
  ck_assert_uint_eq(strspn(emend_cell_text(data, 1, 0) + 255, "a"), 345);
  emend_read_options_free(options);
  done();
}
END_TEST

static void assert_decoded(emend_decoder *decoder, const char *text, const char *wanted, size_t repaired) {
  size_t length = strlen(text);
  ck_assert_int_eq(emend_decode(decoder, &text, &length, NULL), EMEND_OK);
  ck_assert_uint_eq(length, strlen(wanted));
  ck_assert_mem_eq(text, wanted, length);
  ck_assert_uint_eq(decoder->repaired, repaired);
}

START_TEST(decoding) {
#define LOST "\xEF\xBF\xBD"
  emend_decoder checking = {0};
  assert_decoded(&checking, "", "", 0);
  assert_decoded(&checking, "K\xC3\xB6nig", "K\xC3\xB6nig", 0);
  assert_decoded(&checking, "K\xF6nig", "K" LOST "nig", 1);
  assert_decoded(&checking, "a\xE2\x82", "a" LOST LOST, 2);
  assert_decoded(&checking, "\x80\xC3\xB6\xFF", LOST "\xC3\xB6" LOST, 3);
  emend_decoder_close(&checking);
  emend_decoder latin = {.raw = true};
  emend_decoder_set_encoding(&latin, "WINDOWS-1252");
  assert_decoded(&latin, "K\xF6nig", "K\xC3\xB6nig", 0);
  assert_decoded(&latin, "\x81K\xF6\x9D", LOST "K\xC3\xB6" LOST, 1);
  emend_decoder_close(&latin);
  emend_decoder unknown = {.raw = true};
  assert_decoded(&unknown, "K\xC3\xB6nig", "K\xC3\xB6nig", 0);
  assert_decoded(&unknown, "K\xF6nig", "K\xC3\xB6nig", 0);
  emend_decoder_close(&unknown);
}
END_TEST

/* Reads and seeks at random, against the bytes themselves. */
START_TEST(window_reads_what_the_file_holds) {
  enum { BYTES = 3000000, OVERLAY = 700, TURNS = 2000 };
  static unsigned char bytes[BYTES], found[BYTES];
  uint32_t state = 1;
#define NEXT() (state = state * 1664525u + 1013904223u, state >> 8)
  for (size_t i = 0; i < BYTES; i++)
    bytes[i] = (unsigned char)NEXT();
  const char *path = support_scratch("bytes");
  support_write(path, bytes, BYTES);
  emend_source *source;
  emend_window window;
  ck_assert_int_eq(emend_source_open(path, &source, NULL), EMEND_OK);
  ck_assert_int_eq(emend_window_open(&window, source, NULL), EMEND_OK);
  window.overlay = malloc(OVERLAY);
  window.overlay_length = OVERLAY;
  memset(window.overlay, 7, OVERLAY);
  memset(bytes, 7, OVERLAY);
  size_t at = 0;
  for (int turn = 0; turn < TURNS; turn++) {
    if (NEXT() % 2) {
      at = NEXT() % 4 == 0 ? NEXT() % 1000 : NEXT() % (BYTES + 100);
      ck_assert_int_eq(emend_window_seek(&window, (int64_t)at, 0), (int64_t)at);
    }
    size_t length = NEXT() % 3 == 0 ? NEXT() % 2000000 : NEXT() % 500, left = at < BYTES ? BYTES - at : 0;
    ssize_t got = emend_window_read(&window, found, length);
    ck_assert_int_eq(got, (ssize_t)(length < left ? length : left));
    if (got > 0)
      ck_assert_mem_eq(found, bytes + at, (size_t)got);
    at += (size_t)got;
  }
  ck_assert_int_eq(emend_window_seek(&window, -1, 0), -1);
  ck_assert_int_eq(emend_window_seek(&window, INT64_MAX, UINT64_MAX), -1);
  emend_window_close(&window);
  emend_source_close(source);
}
END_TEST

SUITE {
  Suite *suite = suite_create("readstat");
  TCase *cases = tcase_create("readstat");
  tcase_set_timeout(cases, 60);
  tcase_add_test(cases, spss_dictionary);
  tcase_add_test(cases, spss_missing_values);
  tcase_add_test(cases, open_ranges);
  tcase_add_test(cases, text_missing_values);
  tcase_add_test(cases, spss_dates);
  tcase_add_test(cases, stata_tags);
  tcase_add_test(cases, stata_dictionary);
  tcase_add_test(cases, sas_tags);
  tcase_add_test(cases, formats_agree);
  tcase_add_test(cases, encodings);
  tcase_add_test(cases, undefined_bytes_do_not_fail_the_file);
  tcase_add_test(cases, pspp_portable_files);
  tcase_add_test(cases, pspp_loses_the_end_of_a_range);
  tcase_add_test(cases, second_member_is_refused);
  tcase_add_test(cases, numbers_told_to_be_missing);
  tcase_add_test(cases, memory_limit_is_obeyed);
  tcase_add_test(cases, reads_standard_input);
  tcase_add_test(cases, can_be_cancelled);
  tcase_add_test(cases, segments_of_nuls_are_read);
  tcase_add_test(cases, kinds_of_formats);
  tcase_add_test(cases, decoding);
  tcase_add_test(cases, window_reads_what_the_file_holds);
  suite_add_tcase(suite, cases);
  return suite;
}
