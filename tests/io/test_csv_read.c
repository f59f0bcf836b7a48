/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dialects, types, missing tokens, names and warnings of delimited texts. */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "io/csv_number.h"
#include "io/csv_support.h"

/* How a text is taken: the dialect found, and one line per variable: name, kind, cells. */
static char *describe(const emend_dataset *d) {
  emend_buffer out = {0};
  const emend_csv_dialect *dialect = emend_dataset_get_dialect(d);
  emend_buffer_format(&out, NULL, "%s%c %c %s", dialect->delimiter == '\t' ? "tab" : "",
                      dialect->delimiter == '\t' ? ' ' : dialect->delimiter, dialect->decimal, dialect->encoding);
  for (size_t v = 0; v < emend_dataset_variables(d); v++) {
    bool text = emend_variable_get_kind(d, v) == EMEND_TEXT;
    emend_buffer_format(&out, NULL, "; %s%s%s:", emend_variable_name(d, v), text ? "$" : "", emend_variable_format(d, v));
    for (size_t row = 0; row < emend_dataset_rows(d); row++) {
      emend_reason reason = emend_cell_reason(d, row, v);
      if (reason == EMEND_SYSTEM_MISSING || reason == EMEND_EMPTY_TEXT)
        emend_buffer_format(&out, NULL, " _");
      else if (text)
        emend_buffer_format(&out, NULL, " %s", emend_cell_text(d, row, v));
      else
        emend_buffer_format(&out, NULL, " %.10g%s", emend_cell_value(d, row, v), reason == EMEND_USER_MISSING ? "!" : "");
    }
  }
  return out.bytes;
}

typedef struct sample {
  const char *text, *expected;
  const char *delimiter, *decimal, *encoding, *missing;
} sample;

static const sample samples[] = {
    /* delimiters */
    {.text = "a,b\n1,2\n", .expected = ", . UTF-8; a: 1; b: 2"},
    {.text = "a;b\n1;2\n", .expected = "; , UTF-8; a: 1; b: 2"},
    {.text = "a;b\n1.5;2\n", .expected = "; . UTF-8; a: 1.5; b: 2"},
    {.text = "a;b\n1,5;2\n", .expected = "; , UTF-8; a: 1.5; b: 2"},
    {.text = "a\tb\n1,5\t2\n", .expected = "tab  , UTF-8; a: 1.5; b: 2"},
    {.text = "a\tb\n1\t2\n", .expected = "tab  . UTF-8; a: 1; b: 2"},
    {.text = "a|b\nx,y|2\nz|3\n", .expected = "| . UTF-8; a$: x,y z; b: 2 3"},
    {.text = "\"a,x\";\"b,y\"\n\"1,5\";2\n", .expected = "; , UTF-8; a,x: 1.5; b,y: 2"},
    {.text = "\"a;x\",\"b;y\"\n\"p;q\",2\n", .expected = ", . UTF-8; a;x$: p;q; b;y: 2"},
    {.text = "1,5;2,5\n3,5;4,5\n", .expected = "; , UTF-8; 1,5: 3.5; 2,5: 4.5"},
    {.text = "a;b\nx, y;1\nz, w;2\n", .expected = "; , UTF-8; a$: x, y z, w; b: 1 2"},
    {.text = "x\n1,5\n2,5\n", .expected = "; , UTF-8; x: 1.5 2.5"},
    {.text = "remark\nyes, sir\nno\n", .expected = "; , UTF-8; remark$: yes, sir no"},
    {.text = "weight|kg\n70\n80\n", .expected = ", . UTF-8; weight|kg: 70 80"},
    {.text = "a,b\n\"1,5\",2\n", .expected = ", , UTF-8; a: 1.5; b: 2", .decimal = ","},
    {.text = "a:b\n1:2\n", .expected = ": . UTF-8; a: 1; b: 2", .delimiter = ":"},
    {.text = "a b\n1 \"2 3\"\n", .expected = "  . UTF-8; a: 1; b$: 2 3", .delimiter = " "},
    /* lines */
    {.text = "a,b\r\n1,2\r\n", .expected = ", . UTF-8; a: 1; b: 2"},
    {.text = "a,b\r1,2\r", .expected = ", . UTF-8; a: 1; b: 2"},
    {.text = "a,b\n1,2", .expected = ", . UTF-8; a: 1; b: 2"},
    {.text = "\n\n a , b\n\n1,2\n   \n3,4\n\n", .expected = ", . UTF-8; a: 1 3; b: 2 4"},
    {.text = "x\n1\n\n3\n", .expected = ", . UTF-8; x: 1 _ 3"},
    {.text = "x\n1\n\n", .expected = ", . UTF-8; x: 1 _"},
    {.text = "a,b\n,\n", .expected = ", . UTF-8; a: _; b: _"},
    {.text = "a,b", .expected = ", . UTF-8; a:; b:"},
    {.text = "\xEF\xBB\xBF\"a\",b\n1,2\n", .expected = ", . UTF-8; a: 1; b: 2"},
    /* quoting */
    {.text = "a,b\n \"1\" , \"x\"\n", .expected = ", . UTF-8; a: 1; b$: x"},
    {.text = "a,b\n\"x\"\"y\"\"\",1\n\"\"\"\",2\n", .expected = ", . UTF-8; a$: x\"y\" \"; b: 1 2"},
    {.text = "a,b\n5\" pipe,1\n", .expected = ", . UTF-8; a$: 5\" pipe; b: 1"},
    {.text = "a,b\n\"l1\nl2\",1\n", .expected = ", . UTF-8; a$: l1\nl2; b: 1"},
    /* numbers and what is none */
    {.text = "a,b,c,d\n1e3,-.5,+7,1.\n1E-2,12345678,123456789,99999999\n",
     .expected = ", . UTF-8; a: 1000 0.01; b: -0.5 12345678; c: 7 123456789; d: 1 99999999"},
    {.text = "a,b,c\n0x1F,1_000,\"1,000\"\n", .expected = ", . UTF-8; a$: 0x1F; b$: 1_000; c$: 1,000"},
    {.text = "a,b\n007,00\n12,1\n", .expected = ", . UTF-8; a$: 007 12; b$: 00 1"},
    {.text = "a,b\n0,0.7\n-0,00.5\n", .expected = ", . UTF-8; a: 0 -0; b: 0.7 0.5"},
    {.text = "a,b\n1 2,1e\n", .expected = ", . UTF-8; a$: 1 2; b$: 1e"},
    {.text = "a,b\n\"1\",\" 2 \"\n3,4\n", .expected = ", . UTF-8; a: 1 3; b: 2 4"},
    {.text = "a,b\nInfinity,1\nx,2\n", .expected = ", . UTF-8; a$: Infinity x; b: 1 2"},
    /* dates ride along as texts */
    {.text = "a,b,c\n2007-11-11,2007-11-11T08:30,2007-11-11\n,2007-12-24 23:59:59.5+01:00,2007-13-01\n",
     .expected = ", . UTF-8; a$date: 2007-11-11 _; b$datetime: 2007-11-11T08:30 2007-12-24 23:59:59.5+01:00; c$: 2007-11-11 2007-13-01"},
    /* missing: in numbers whatever the case, in texts as written */
    {.text = "a,b\nNA,NA\nna,na\nN/A,x\n,\n.,.\nnull,NULL\nNaN,Na\n1,\"NA\"\n",
     .expected = ", . UTF-8; a: _ _ _ _ _ _ _ 1; b$: _ na x _ _ _ Na _"},
    {.text = "a,b\nNA,NA\nNA,\n", .expected = ", . UTF-8; a: _ _; b: _ _"},
    {.text = "a,b\n-99,-99\n1,x\n-99.0,99\n", .expected = ", . UTF-8; a: -99! 1 -99!; b$: _ x 99", .missing = "-99"},
    {.text = "a,b\nrefused,refused\nRefused,Refused\n1,x\n", .expected = ", . UTF-8; a: _ _ 1; b$: _ Refused x", .missing = "refused"},
    {.text = "a;b\n9,5;1\n2,5;2\n", .expected = "; , UTF-8; a: 9.5! 2.5; b: 1 2", .missing = "9.5"},
    {.text = "a;b\n9,5;1\n2,5;2\n", .expected = "; , UTF-8; a: 9.5! 2.5; b: 1 2", .missing = "9,5"},
    /* names */
    {.text = ",b,,b,b,V1,b_2\n1,2,3,4,5,6,7\n", .expected = ", . UTF-8; V1_2: 1; b: 2; V3: 3; b_3: 4; b_4: 5; V1: 6; b_2: 7"},
    {.text = "\" two\nlines \",\"say \"\"a\"\"\"\n1,2\n", .expected = ", . UTF-8; two lines: 1; say \"a\": 2"},
    /* encodings */
    {.text = "\xE9t\xE9,b\n\x80,1\n", .expected = ", . WINDOWS-1252; \xC3\xA9t\xC3\xA9$: \xE2\x82\xAC; b: 1"},
    {.text = "\xE9t\xE9,b\n\x80\x81,1\n", .expected = ", . WINDOWS-1252; \xC3\xA9t\xC3\xA9$: \xE2\x82\xAC\xEF\xBF\xBD; b: 1"},
    {.text = "a,b\n\xCE\xB1,1\n\xFFx\xCE,2\n",
     .expected = ", . UTF-8; a$: \xCE\xB1 \xEF\xBF\xBDx\xEF\xBF\xBD; b: 1 2",
     .encoding = "UTF-8"},
    {.text = "a,b\n\xA4,1\n", .expected = ", . ISO-8859-15; a$: \xE2\x82\xAC; b: 1", .encoding = "ISO-8859-15"},
    {.text = "a,b\n\x83\x5C\x83\x7C,1\n", .expected = ", . SHIFT_JIS; a$: \xE3\x82\xBD\xE3\x83\x9D; b: 1", .encoding = "SHIFT_JIS"},
    {.text = "a,b\nr\xE9pondu pas,1\n2,3\n", .expected = ", . WINDOWS-1252; a$: r\xC3\xA9pondu pas 2; b: 1 3"},
    {.text = "a,b\nr\xE9"
             "fus,1\n2,3\n",
     .expected = ", . WINDOWS-1252; a: _ 2; b: 1 3",
     .missing = "r\xC3\xA9"
                "fus"},
};

START_TEST(taken_as) {
  const sample *s = &samples[_i];
  emend_read_options *options = csv_options(s->delimiter, s->decimal, s->encoding, s->missing);
  csv_text text = csv_open_text(s->text, options);
  ck_assert_msg(!text.status, "%s: %s", s->text, emend_error_text(text.error));
  char *found = describe(text.dataset);
  ck_assert_str_eq(found, s->expected);
  free(found);
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

START_TEST(without_a_header) {
  emend_read_options *options = emend_read_options_new();
  emend_read_options_set_header(options, 0);
  csv_text text = csv_open_text("\n1,x\n2,y\n", options);
  char *found = describe(text.dataset);
  ck_assert_str_eq(found, ", . UTF-8; V1: 1 2; V2$: x y");
  ck_assert(!emend_dataset_get_dialect(text.dataset)->header_rows);
  free(found);
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

START_TEST(tabs_when_told_tsv) {
  emend_read_options *options = emend_read_options_new();
  ck_assert_int_eq(emend_read_options_set_format(options, "tsv", NULL), EMEND_OK);
  csv_text text = csv_open_text("a,b\nx,y\n", options);
  char *found = describe(text.dataset);
  ck_assert_str_eq(found, "tab  . UTF-8; a,b$: x,y");
  free(found);
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

/* ASCII widened to UTF-16, with a mark. */
static size_t widen(const char *text, bool big, bool mark, unsigned char *out) {
  size_t n = 0;
  if (mark) {
    out[n++] = big ? 0xFE : 0xFF;
    out[n++] = big ? 0xFF : 0xFE;
  }
  for (const char *p = text; *p; p++) {
    out[n++] = big ? 0 : (unsigned char)*p;
    out[n++] = big ? (unsigned char)*p : 0;
  }
  return n;
}

START_TEST(utf16) {
  unsigned char bytes[128];
  bool big = _i & 1, mark = _i & 2;
  size_t length = widen("a;b\n1,5;x\n;\"y\"\n", big, mark, bytes);
  emend_read_options *options = csv_options(NULL, NULL, mark ? NULL : big ? "UTF-16BE" : "UTF-16LE", NULL);
  csv_text text = csv_open_bytes(bytes, length, options);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  char *found = describe(text.dataset);
  ck_assert_str_eq(found, big ? "; , UTF-16BE; a: 1.5 _; b$: x y" : "; , UTF-16LE; a: 1.5 _; b$: x y");
  ck_assert(emend_dataset_get_dialect(text.dataset)->converted);
  free(found);
  csv_close(&text);
  text = csv_open_bytes(bytes, length - 1, options);
  ck_assert_int_eq(text.status, EMEND_MALFORMED);
  ck_assert_msg(strstr(emend_error_text(text.error), "in the middle of a character"), "%s", emend_error_text(text.error));
  csv_close(&text);
  length = widen("a;b\n1,5;x\n3;\"y\n", big, mark, bytes);
  text = csv_open_bytes(bytes, length, options);
  ck_assert_msg(strstr(emend_error_text(text.error), mark ? "row 2, at byte 26: a quote" : "row 2, at byte 24: a quote"), "%s",
                emend_error_text(text.error));
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

/* A column of `n` numbers with `odd` in row `at`. */
static char *column_with(size_t n, size_t at, const char *odd) {
  emend_buffer out = {0};
  emend_buffer_format(&out, NULL, "id,age\n");
  for (size_t i = 1; i <= n; i++) {
    if (i == at)
      emend_buffer_format(&out, NULL, "x%zu,%s\n", i, odd);
    else
      emend_buffer_format(&out, NULL, "x%zu,%zu\n", i, 20 + i % 50);
  }
  return out.bytes;
}

typedef struct oddity {
  size_t n, at;
  const char *cell;
  const char *error; /* NULL: accepted */
  const char *warning;
} oddity;

static const oddity oddities[] = {
    {100, 37, "refused",
     "age, row 37: \"refused\" is not a number, but 99 of the 100 answers in this column are; try --missing refused, if it means missing",
     NULL},
    {99, 37, "refused", NULL, "age: all numbers but \"refused\" (1 cell), and so a text: if that means missing, add --missing refused, "},
    {99, 37, "85+", NULL, "age: all numbers but \"85+\" (1 cell), and so a text: numbers in place of that would make it a number"},
    {5, 2, "85+", NULL, NULL}, /* a fifth of the answers */
    {99, 37, "-", NULL, "if that means missing, add --missing=-, which makes it a number"},
    {99, 37, "?", NULL, "if that means missing, add --missing '?', which"},
    {99, 37, ".a", NULL, NULL},
    {300, 7, "#NULL!", NULL, NULL},
    {9, 2, "#WERT!", NULL, NULL},
    {300, 5, "don't know", "try --missing don't know, if", NULL},
    {300, 5, "no answer", "try --missing 'no answer', if", NULL},
    {300, 5, "-", "try --missing=-, if", NULL},
    {300, 5, "inf", "age, row 5: \"inf\" is infinite; try --missing inf", NULL},
    {5, 2, "-Infinity", "age, row 2: \"-Infinity\" is infinite; try --missing=-Infinity", NULL},
    {5, 2, "1e999", "age, row 2: \"1e999\" is too large", NULL},
    {300, 7, "2007-11-11", "age, row 7: \"2007-11-11\" is not a number", NULL},
    {300, 7, "\"1,5\"",
     "\"1,5\" is not a number, but 299 of the 300 answers in this column are; try --decimal ',', or correcting that cell", NULL},
    {300, 7, "007", NULL, "age is read as text because of the leading zero of \"007\" in row 7"},
    {5, 2, "\"1,5\"", NULL, "age is read as text because of \"1,5\" in row 2: if its numbers have a decimal comma, add --decimal ','"},
    {5, 2, "\"1,593\"", NULL, "age is read as text because of \"1,593\" in row 2: if that means thousands, take the commas out of its numbers; if"},
    {300, 7, "na", NULL, NULL},
};

START_TEST(odd_cells) {
  const oddity *o = &oddities[_i];
  char *bytes = column_with(o->n, o->at, o->cell);
  csv_text text = csv_open_text(bytes, NULL);
  if (o->error) {
    ck_assert_int_eq(text.status, EMEND_MALFORMED);
    ck_assert_msg(strstr(emend_error_text(text.error), o->error), "%s", emend_error_text(text.error));
    ck_assert_int_eq(emend_error_row(text.error), (int64_t)o->at);
    ck_assert_str_eq(emend_error_variable(text.error), "age");
  } else {
    ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
    ck_assert(o->warning ? csv_warns(text.dataset, o->warning) : emend_dataset_warnings(text.dataset) == 0);
  }
  csv_close(&text);
  free(bytes);
}
END_TEST

START_TEST(odd_cell_declared_missing) {
  char *bytes = column_with(200, 5, "refused");
  emend_read_options *options = csv_options(NULL, NULL, NULL, "refused");
  csv_text text = csv_open_text(bytes, options);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  ck_assert_uint_eq(csv_count(text.dataset, EMEND_SYSTEM_MISSING), 1);
  ck_assert_uint_eq(csv_count_texts(text.dataset), 1);
  csv_close(&text);
  emend_read_options_free(options);
  free(bytes);
}
END_TEST

typedef struct refusal {
  const char *text;
  const char *encoding, *delimiter;
  emend_status status;
  const char *part;
} refusal;

static const refusal refusals[] = {
    {"", NULL, NULL, EMEND_MALFORMED, "empty"},
    {"\n \n\r\n", NULL, NULL, EMEND_MALFORMED, "nothing but blank lines"},
    {"\xEF\xBB\xBF", NULL, NULL, EMEND_MALFORMED, "nothing but blank lines"},
    {"a,b\n1,2\n3\n", NULL, NULL, EMEND_MALFORMED, "row 2, at byte 8: 1 field where the first line has 2"},
    {"a,b\n1,2\n", "UTF-7", NULL, EMEND_UNSUPPORTED, "files in UTF-7 cannot be read as they are"},
    {"a,b\n1,2\n", "UTF-32", NULL, EMEND_UNSUPPORTED, "iconv -f UTF-32"},
    {"a,b\n1,2\n", "ISO-2022-JP", NULL, EMEND_UNSUPPORTED, "cannot be read"},
    {"a,b\n1,2\n", "EBCDIC-US", NULL, EMEND_UNSUPPORTED, "cannot be read"},
    {"a|b\n1|2\n", "SHIFT_JIS", NULL, EMEND_UNSUPPORTED, "characters can contain the delimiter"},
    {"a|b\n1|2\n", "GBK", "|", EMEND_UNSUPPORTED, "characters can contain the delimiter"},
};

START_TEST(refused) {
  const refusal *r = &refusals[_i];
  emend_read_options *options = csv_options(r->delimiter, NULL, r->encoding, NULL);
  csv_text text = csv_open_text(r->text, options);
  ck_assert_int_eq(text.status, r->status);
  ck_assert_msg(strstr(emend_error_text(text.error), r->part), "%s", emend_error_text(text.error));
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

START_TEST(utf32_is_refused) {
  csv_text text = csv_open_bytes("\xFF\xFE\0\0a\0\0\0", 8, NULL);
  ck_assert_int_eq(text.status, EMEND_UNSUPPORTED);
  csv_close(&text);
}
END_TEST

START_TEST(too_many_columns) {
  enum { COLUMNS = 40000 };
  char *bytes = malloc(COLUMNS + 2);
  memset(bytes, ',', COLUMNS);
  strcpy(bytes + COLUMNS, "\n");
  csv_text text = csv_open_text(bytes, NULL);
  ck_assert_int_eq(text.status, EMEND_LIMIT_EXCEEDED);
  csv_close(&text);
  free(bytes);
}
END_TEST

/* Thirty thousand names alike: made unique in no noticeable time. */
START_TEST(many_names_alike) {
  enum { COLUMNS = 30000 };
  emend_buffer out = {0};
  for (int i = 0; i < COLUMNS; i++)
    ck_assert_int_eq(emend_buffer_append(&out, i == 0 ? "x" : ",x", i == 0 ? 1 : 2, NULL), EMEND_OK);
  csv_text text = csv_open_bytes(out.bytes, out.length, NULL);
  ck_assert_uint_eq(emend_dataset_variables(text.dataset), COLUMNS);
  ck_assert_str_eq(emend_variable_name(text.dataset, 0), "x");
  ck_assert_str_eq(emend_variable_name(text.dataset, COLUMNS - 1), "x_30000");
  ck_assert(csv_warns(text.dataset, "29999 variables have a name that occurs before"));
  csv_close(&text);
  emend_buffer_free(&out);
}
END_TEST

/* Columns that do and do not hold values which look like missing codes. */
typedef struct suspicion {
  const char *values;
  const char *warning; /* NULL: none */
} suspicion;

static const suspicion suspicions[] = {
    {"18 25 91 999 999 44", "v has 2 cells of 999, far from the others (18 to 91): if they mean missing, add --missing 999"},
    {"18 25 91 -9 -9 44", "v has 2 cells of -9, below zero, unlike the others (18 to 91): if they mean missing, add --missing=-9"},
    {"0 0.5 50 -8 30 -9", "1 cell of -8, below zero"},
    {"0 0.5 50 -9 30 40", NULL},  /* once, and not that far */
    {"0 -3 50 -9 30 -9", NULL},   /* others are below zero too */
    {"1 2 5 4 -99 3", "v has 1 cell of -99, far from the others (1 to 5): if it means missing, add --missing=-99"},
    {"1 2 3 4 5 9 9", "2 cells of 9,"},
    {"1 2 3 4 5 9", NULL},          /* once, and not that far */
    {"1 2 3 4 5 6 7 9 9", NULL},    /* a scale of nine */
    {"5 6 7 8 9 5 6 7 8 9", NULL},  /* months */
    {"96 97 98 99 70 80 97", NULL}, /* percent */
    {"1 10 5 97 97 98 99", "cells of 97,"},
    {"1 10 5 97 97 98 99", "1 cell of 99,"},
    {"1 1 1 999", NULL}, /* nothing to compare with */
    {"0 1 1 0 9 9", "2 cells of 9,"},
    {"-1 0 1 -1", NULL},
    {"1200 35000 99999 88000 41000", NULL},
    {"1200 35000 9999999 88000 41000 9999999", "2 cells of 9999999"},
    {"0.5 0.25 0.125 -99 -99 -99", "3 cells of -99"},
};

static void check_suspicion(const suspicion *s) {
  emend_buffer out = {0};
  emend_buffer_format(&out, NULL, "v,w\n");
  char *copy = strdup(s->values);
  for (char *state = NULL, *value = strtok_r(copy, " ", &state); value; value = strtok_r(NULL, " ", &state))
    emend_buffer_format(&out, NULL, "%s,x\n", value);
  csv_text text = csv_open_text(out.bytes, NULL);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  if (s->warning)
    ck_assert_msg(csv_warns(text.dataset, s->warning), "%s",
                  emend_dataset_warnings(text.dataset) ? emend_dataset_warning(text.dataset, 0) : "none");
  else
    ck_assert_msg(emend_dataset_warnings(text.dataset) == 0, "%s", emend_dataset_warning(text.dataset, 0));
  csv_close(&text);
  free(copy);
  emend_buffer_free(&out);
}

START_TEST(codes_are_pointed_out) {
  check_suspicion(&suspicions[_i]);
}
END_TEST

/* Texts that somebody will think of as numbers; fields of a column, by blanks. */
static const suspicion dressed[] = {
    {"12qm 97qm 4qm 5qm 30qm",
     "v: numbers written with \"qm\" (\"12qm\" in row 1), and so a text: written plainly it would be a number (no option does "
     "that; edit the column)"},
    {"12% 97% 4% 5% 30% 1% 2% 3% 4% 5% ?",
     "v: numbers written with \"%\" (\"12%\" in row 1), and so a text for \"?\" in row 11: if that means missing, add --missing '?', "
     "which makes it a number"},
    {"12% 97% 4% 5% 30% 1% 2% 3% 4% 5% <1%",
     "v: numbers written with \"%\" (\"12%\" in row 1), and so a text for \"<1%\" in row 11: written like the others it would be"},
    {"\"$52,000\" $900 NA \"$1,300.50\" -$10 $8 7", "v: numbers written with \"$\" (\"$52,000\" in row 1), and so a text for \"7\" in row 7: "},
    {"1'200 1'300 1'400 1'500 1'400 1'800", "v: numbers written in groups (\"1'200\" in row 1), and so a text: without what separates"},
    {"\"$52,000\" $900 NA \"$1,300.50\" -$10 $7", NULL}, /* numbers: tests/io/test_csv_amounts.c */
    {"12qm 97qm 4qm 5qm", NULL}, /* too few */
    {"a1 a2 a3 a4 a5 a6", NULL},
    {"1a 2b 3c 4d 5e 6f", NULL},
    {"01.07.2020 22.04.2020 03.04.2020 22.04.2021 22.04.2022", NULL},
    {"10:30 11:30 11:45 12:00 12:01", NULL},
    {"18-24 25-34 35-44 45-54 18-24", NULL},
    {"1 ? 2 - 3 x 4 5 6 7 8 9",
     "v: all numbers but \"?\" (1 cell), \"-\" (1 cell) and \"x\" (1 cell), and so a text: if they mean missing, "
     "add --missing '?,-,x', which makes it a number"},
    {"1 ? 2 - 3 x 4 5 y 6 7 8 9", NULL}, /* four different ones */
    {"1 yes no no yes", NULL},
    {"007 ? 009 010 011", NULL},
};

START_TEST(texts_like_numbers_are_pointed_out) {
  check_suspicion(&dressed[_i]);
}
END_TEST

/* A point between thousands, read as a decimal one; and fractions that are none such. */
START_TEST(thousands_behind_a_point) {
  static const char *const wholes[] = {"996", "1.5", "1.5931", "-996", "3", "996"};
  for (size_t k = 0; k < sizeof wholes / sizeof *wholes; k++) {
    char bytes[512] = "a;b\n";
    for (int i = 0; i < 20; i++)
      sprintf(bytes + strlen(bytes), "%d;1.%d3%d\n", i, i % 9, 1 + i % 8);
    sprintf(bytes + strlen(bytes), "20;%s\n21;%s\n", wholes[k], k == 5 ? "1200" : "2.345");
    csv_text text = csv_open_text(bytes, NULL);
    ck_assert_int_eq(csv_warns(text.dataset, "b: \"1.031\" in row 1 is read as a fraction, and stands beside whole numbers from "), k == 0);
    csv_close(&text);
  }
}
END_TEST

/* One warning of a column of thousands, with both remedies. */
START_TEST(thousands_are_told_once) {
  csv_text text = csv_open_text("a,b\n1,\"1,593\"\n2,\"1,127\"\n3,\"1,159\"\n4,\"1,062\"\n5,\"1,898\"\n6,\"1,898\"\n", NULL);
  ck_assert(csv_warns(text.dataset, "b is read as text because of \"1,593\" in row 1: if that means thousands"));
  ck_assert_uint_eq(emend_dataset_warnings(text.dataset), 1);
  csv_close(&text);
}
END_TEST

START_TEST(variables_with_the_same_strangers_share_a_warning) {
  csv_text text = csv_open_text("a,b,c,d\n1,2,-,x\n-,3,2,y\n4,?,5,x\n6,3,?,y\n?,-,3,x\n4,5,6,y\n6,6,6,x\n", NULL);
  ck_assert(csv_warns(text.dataset, "a, b, c: all numbers but \"-\" (3 cells) and \"?\" (3 cells), and so texts: if they mean missing, add "
                                    "--missing='-,?', which makes them numbers"));
  ck_assert_uint_eq(emend_dataset_warnings(text.dataset), 1);
  csv_close(&text);
}
END_TEST

/* Among numbers, what other programs write for none is missing, and a letter stays; in texts only what never is an answer. */
START_TEST(tokens_of_other_programs) {
  csv_text text = csv_open_text("a,b,c\n1,.a,x\n#NULL!,.Z,.a\n#DIV/0!,._,#N/A\n#WERT!,3,#WERT!\n#N/D,4,y\n", NULL);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  ck_assert_uint_eq(csv_count_texts(text.dataset), 1);
  for (size_t row = 1; row < 5; row++)
    ck_assert_int_eq(emend_cell_reason(text.dataset, row, 0), EMEND_SYSTEM_MISSING);
  ck_assert_int_eq(emend_cell_reason(text.dataset, 0, 1), EMEND_TAG_A);
  ck_assert_int_eq(emend_cell_reason(text.dataset, 1, 1), EMEND_TAG_Z);
  ck_assert_int_eq(emend_cell_reason(text.dataset, 2, 1), EMEND_TAG_UNDERSCORE);
  ck_assert_str_eq(emend_cell_text(text.dataset, 1, 2), ".a");
  ck_assert_int_ne(emend_cell_reason(text.dataset, 2, 2), EMEND_OBSERVED);
  ck_assert_str_eq(emend_cell_text(text.dataset, 3, 2), "#WERT!");
  csv_close(&text);
  emend_read_options *options = csv_options(NULL, NULL, NULL, ".a");
  text = csv_open_text("a\n1\n.a\n3\n", options);
  ck_assert_int_eq(emend_cell_reason(text.dataset, 1, 0), EMEND_SYSTEM_MISSING); /* told: a token like others */
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

START_TEST(declared_codes_are_not_pointed_out) {
  emend_read_options *options = csv_options(NULL, NULL, NULL, "999");
  csv_text text = csv_open_text("v,w\n18,1\n25,2\n91,3\n999,4\n999,5\n", options);
  ck_assert_uint_eq(csv_count(text.dataset, EMEND_USER_MISSING), 2);
  ck_assert_double_eq(emend_cell_value(text.dataset, 3, 0), 999);
  ck_assert_uint_eq(emend_dataset_warnings(text.dataset), 0);
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

START_TEST(a_first_line_of_numbers_is_pointed_out) {
  csv_text text = csv_open_text("1,2\n3,4\n", NULL);
  ck_assert(csv_warns(text.dataset, "add --no-header"));
  csv_close(&text);
}
END_TEST

/* Repeated texts are stored once; the cells are right all the same. */
START_TEST(texts_in_order) {
  emend_buffer out = {0};
  emend_buffer_format(&out, NULL, "a,b\n");
  for (unsigned i = 0; i < 5000; i++)
    emend_buffer_format(&out, NULL, "t%u,u%u\n", i * i % 97, i);
  csv_text text = csv_open_text(out.bytes, NULL);
  for (unsigned i = 0; i < 5000; i++) {
    char a[16], b[16];
    snprintf(a, sizeof a, "t%u", i * i % 97);
    snprintf(b, sizeof b, "u%u", i);
    ck_assert_str_eq(emend_cell_text(text.dataset, i, 0), a);
    ck_assert_str_eq(emend_cell_text(text.dataset, i, 1), b);
  }
  csv_close(&text);
  emend_buffer_free(&out);
}
END_TEST

/* The short way for whole numbers: every byte at every place, and values against the C library's. */
START_TEST(short_numbers) {
  for (size_t length = 1; length <= 8; length++)
    for (size_t at = 0; at < length; at++)
      for (int byte = 0; byte < 256; byte++) {
        char text[16] = "12345678";
        text[at] = (char)byte;
        ck_assert_int_eq(emend_csv_is_short_integer(text, length), byte >= '0' && byte <= '9');
      }
  for (unsigned i = 0; i < 200000; i++) {
    char text[32] = "";
    unsigned wanted = (unsigned)((i * UINT64_C(2654435761)) % 100000000 >> i % 27);
    double value;
    size_t length = (size_t)snprintf(text, sizeof text, "%u", wanted);
    ck_assert(emend_csv_number(text, length, '.', &value) && value == wanted);
  }
}
END_TEST

/* A decimal comma in the program's locale changes nothing. Locales made here, if the machine has what that needs. */
START_TEST(in_any_locale) {
  const char *folder = support_scratch("de_DE.UTF-8");
  char command[8192], parent[4096];
  snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 '%s' >/dev/null 2>&1", folder);
  snprintf(parent, sizeof parent, "%s", folder);
  *strrchr(parent, '/') = '\0';
  if (system(command) != 0 || setenv("LOCPATH", parent, 1) != 0 || !setlocale(LC_ALL, "de_DE.UTF-8"))
    return;
  ck_assert_str_eq(localeconv()->decimal_point, ",");
  csv_text text = csv_open_text("a,b\n1.5,3.14159265358979312\n,1e-300\n0.1,NA\n", NULL);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  ck_assert_double_eq(emend_cell_value(text.dataset, 0, 1), 3.14159265358979312);
  ck_assert_double_eq(emend_cell_value(text.dataset, 2, 0), 0.1);
  size_t length;
  char *patched = csv_patched(&text, true, &length);
  ck_assert_msg(strstr(patched, "\n-0.2,1e-300\n0.1,3.3333333333333335e+299\n"), "%s", patched);
  free(patched);
  char *written = csv_written(text.dataset, ',', &length);
  ck_assert_str_eq(written, "a,b\n1.5,3.141592653589793\n,1e-300\n0.1,\n");
  free(written);
  csv_close(&text);
  setlocale(LC_ALL, "C");
}
END_TEST

SUITE {
  Suite *suite = suite_create("csv read");
  TCase *read = tcase_create("read");
  tcase_set_timeout(read, 60);
  tcase_add_loop_test(read, taken_as, 0, sizeof samples / sizeof *samples);
  tcase_add_test(read, without_a_header);
  tcase_add_test(read, tabs_when_told_tsv);
  tcase_add_loop_test(read, utf16, 0, 4);
  tcase_add_loop_test(read, odd_cells, 0, sizeof oddities / sizeof *oddities);
  tcase_add_test(read, odd_cell_declared_missing);
  tcase_add_loop_test(read, refused, 0, sizeof refusals / sizeof *refusals);
  tcase_add_test(read, utf32_is_refused);
  tcase_add_test(read, too_many_columns);
  tcase_add_test(read, many_names_alike);
  tcase_add_loop_test(read, codes_are_pointed_out, 0, sizeof suspicions / sizeof *suspicions);
  tcase_add_test(read, declared_codes_are_not_pointed_out);
  tcase_add_loop_test(read, texts_like_numbers_are_pointed_out, 0, sizeof dressed / sizeof *dressed);
  tcase_add_test(read, variables_with_the_same_strangers_share_a_warning);
  tcase_add_test(read, thousands_behind_a_point);
  tcase_add_test(read, thousands_are_told_once);
  tcase_add_test(read, tokens_of_other_programs);
  tcase_add_test(read, a_first_line_of_numbers_is_pointed_out);
  tcase_add_test(read, texts_in_order);
  tcase_add_test(read, short_numbers);
  tcase_add_test(read, in_any_locale);
  suite_add_tcase(suite, read);
  return suite;
}
