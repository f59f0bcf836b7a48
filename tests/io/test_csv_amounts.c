/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers written with units or in groups: which columns are read as such, which stay texts, and how others are written beside them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/dataset.h"
#include "io/csv_amount.h"
#include "io/csv_support.h"

/* The cells of a column, by |; its `format`, NULL if it stays a text; the number in its first row. Beside a column of whole numbers, or,
 * with `fractions`, one that shows the file's decimal mark. */
typedef struct example {
  const char *cells, *format;
  double first;
  const char *delimiter;
  bool fractions;
} example;

static const example examples[] = {
    {"$1,200|$850|$12,000", "$1,234", 1200, ",", false},
    {"$1,200.00|$850.50|NA||$1,000,000.00", "$1,234.50", 1200, ",", false},
    {"-$5|$6|$7", "$12", -5, ",", false},
    {"$-5|$6|$7", "$12", -5, ",", false},
    {"($1,200)|$6|$7", "$1,234", -1200, ",", false},
    {"(1,200)|850|1,000,000", "1,234", -1200, ",", false},
    {"\u2212"
     "5%|6%",
     "12%", -5, ",", false},
    {"\u20AC 45.50|\u20AC 1.00", "\u20AC 12.50", 45.5, ",", false},
    {"1.200,50 \u20AC|7,00 \u20AC", "1.234,50 \u20AC", 1200.5, ",", false},
    {"1.200,50 \u20AC|7,00 \u20AC", "1.234,50 \u20AC", 1200.5, ";", false},
    {"1.200 \u20AC|700 \u20AC|12.000 \u20AC", "1.234 \u20AC", 1200, ";", false},
    {"1.200 \u20AC|2.700 \u20AC", "1.234 \u20AC", 1200, ";", true},
    {"45%|4.5%|100%", "12.5%", 45, ",", false},
    {"12 %|3 %", "12 %", 12, ",", false},
    {"12,5\u00A0%|3,0\u00A0%", "12,5\u00A0%", 12.5, ",", false},
    {"%45|%7", "%12", 45, ",", false},
    {"+1.5%|-2.0%", "+12.5%", 1.5, ",", false},
    {"12.345%|1.200%", "0.500%", 12.345, ",", false},
    {"CHF 1'200|CHF 85", "CHF 1'234", 1200, ",", false},
    {"CHF 1\u2019"
     "200.50|CHF 85.00",
     "CHF 1\u2019"
     "234.50",
     1200.5, ",", false},
    {"\u00A3"
     "3.4|\u00A3"
     "5.6",
     "\u00A3"
     "12.5",
     3.4, ",", false},
    {"1 200 kr|85 kr", "1 234 kr", 1200, ",", false},
    {"1\u202F"
     "200,00 z\u0142|85,00 z\u0142",
     "1\u202F"
     "234,50 z\u0142",
     1200, ",", false},
    {"70 kg|71.5 kg", "12.5 kg", 70, ",", false},
    {"1.75 m|1.80 m", "12.50 m", 1.75, ",", false},
    {"1,234,567|12|123,456", "1,234", 1234567, ",", false},
    {"1,234|850|2,000", "1,234", 1234, ",", false},
    {"1,234|5,678", "1,234", 1234, ",", true},
    {"250,000|310,000", "1,234", 250000, ",", true},
    {"1.234.567|12|123.456", "1.234", 1234567, ";", false},
    {"12 345|9 876 543|7", "1 234", 12345, ",", false},
    {"12 345|9876|56 789|1000", "12 345", 12345, ",", false},
    {"\u5143", NULL, 0, ",", false},
    /* Texts. */
    {"$5|\u20AC"
     "6",
     NULL, 0, ",", false},
    {"$5|6", NULL, 0, ",", false},
    {"5%|$6", NULL, 0, ",", false},
    {"$5|5$", NULL, 0, ",", false},
    {"$5", NULL, 0, ",", false}, /* too few */
    {"5 kg|10 lb", NULL, 0, ",", false},
    {"5kg/10lb|5kg", NULL, 0, ",", false},
    {"10-20%|20-30%", NULL, 0, ",", false},
    {"<5%|10%", NULL, 0, ",", false},
    {"A123|A456", NULL, 0, ",", false},
    {"CAD123|CAD456", NULL, 0, ",", false},
    {"12A|13A", NULL, 0, ",", false},
    {"5g|6g", NULL, 0, ",", false},
    {"12m|13m", NULL, 0, ",", false},
    {"1.2.3|1.10.2", NULL, 0, ",", false},
    {"1.41.412|2.94.750", NULL, 0, ";", false},
    {"192.168.178.101|192.168.178.102", NULL, 0, ";", false},
    {"12:30|1:45", NULL, 0, ",", false},
    {"3/10|4/10", NULL, 0, ",", false},
    {"01.02.2020|31.12.2021", NULL, 0, ",", false},
    {"601 234 567|602 345 678", NULL, 0, ",", false},
    {"+48 601 234 567|+48 602 345 678", NULL, 0, ",", false},
    {"8 123 456|9 123 456", NULL, 0, ",", false},
    {"+48 601 234 567|+358 401 234 567", NULL, 0, ",", false},
    {"030 123 456|8 123 456", NULL, 0, ",", false},
    {"123 45|678 90", NULL, 0, ",", false},
    {"44 123 456|144 123 456|43 654 321", NULL, 0, ",", false}, /* telephones */
    {"62,456 kg|80 kg|58,123 kg", "0,500 kg", 62.456, ";", false},
    {"3.375%|10%|5.625%", "0.500%", 3.375, ",", false},
    {"72.5 kg|72,125 kg|68.0 kg|70.5 kg", NULL, 0, ";", false}, /* a slip of the pen */
    {"101,205|101|309,400,511", NULL, 0, ",", true},
    {"101 205|101|309 400 511", NULL, 0, ",", false},
    {"1,2|2,3,4", NULL, 0, ",", false},
    {"12.345.678-5|9.876.543-2", NULL, 0, ";", false},
    {"12.345.678|23.456.789", NULL, 0, ";", false},
    {"1 234 567 890 123 456|1 234", NULL, 0, ",", false},
    {"1,234|5,678", NULL, 0, ",", false},               /* the only sign of what the mark means */
    {"\u20AC 1.459|\u20AC 1.529", NULL, 0, ",", false}, /* a litre of petrol, or 1459 */
    {"1,234|1234|5,678", NULL, 0, ",", true},           /* now in groups, now not */
    {"$1.234,50|$1,234.50", NULL, 0, ",", false},
    {"$1,234|$007", NULL, 0, ",", false},
    {"$0,123,456|$1", NULL, 0, ",", false},
    {"(5)|(6)", NULL, 0, ",", false},
    {"(5)|6", NULL, 0, ",", false},
    {"$5|refused", NULL, 0, ",", false},
    {"5 years|6 years", NULL, 0, ",", false},
};

static csv_text open_column(const example *e, const emend_read_options *options) {
  char bytes[1024], *copy = strdup(e->cells);
  sprintf(bytes, "v%sk\n", e->delimiter);
  int row = 0;
  for (char *p = copy, *cell; (cell = strsep(&p, "|"));)
    sprintf(bytes + strlen(bytes), "\"%s\"%s%d%s\n", cell, e->delimiter, row++, !e->fractions ? "" : *e->delimiter == ';' ? ",5" : ".5");
  free(copy);
  return csv_open_text(bytes, options);
}

START_TEST(columns) {
  const example *e = &examples[_i];
  csv_text text = open_column(e, NULL);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  ck_assert_msg((emend_variable_get_kind(text.dataset, 0) == EMEND_NUMERIC) == (e->format != NULL), "%s", e->cells);
  ck_assert_str_eq(emend_variable_format(text.dataset, 0), e->format ? e->format : "");
  if (e->format) {
    ck_assert_double_eq(emend_cell_value(text.dataset, 0, 0), e->first);
    ck_assert_uint_eq(emend_dataset_warnings(text.dataset), 0);
  } else {
    ck_assert_ptr_nonnull(emend_cell_text(text.dataset, 0, 0));
  }
  csv_close(&text);
}
END_TEST

/* What was not there is missing, as among plain numbers; --missing declares numbers and words. */
START_TEST(missing_cells) {
  emend_read_options *options = csv_options(NULL, NULL, NULL, "-9 refused");
  csv_text text = csv_open_text("v,k\n$5,1\nNA,2\nrefused,3\n.b,4\n-$9,5\n,6\n-9,7\n\"$1,000\",8\n", options);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  static const emend_reason reasons[] = {EMEND_OBSERVED,     EMEND_SYSTEM_MISSING, EMEND_SYSTEM_MISSING, EMEND_TAG_A + 1,
                                         EMEND_USER_MISSING, EMEND_SYSTEM_MISSING, EMEND_SYSTEM_MISSING, EMEND_OBSERVED};
  for (size_t row = 0; row < sizeof reasons / sizeof *reasons; row++)
    ck_assert_int_eq(emend_cell_reason(text.dataset, row, 0), reasons[row]);
  ck_assert_double_eq(emend_cell_value(text.dataset, 7, 0), 1000);
  ck_assert(isnan(emend_cell_value(text.dataset, 1, 0)));
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

/* One number in groups among hundreds of plain ones is no slip of the pen; one that is none is refused as ever. */
/* Without an exponent, which would not be read as an amount. */
START_TEST(small_ones_are_read_again) {
  emend_csv_manner m;
  char text[EMEND_CSV_PICTURE];
  emend_csv_amount a;
  ck_assert(emend_csv_manner_parse("12.######%", &m));
  const double values[] = {5e-6, 3.25e-5, 1e-12, 123456789.5, 1e14};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    size_t length = emend_csv_manner_print(&m, values[i], text);
    ck_assert_msg(emend_csv_amount_parse(text, length, &a), "%s", text);
    ck_assert_msg(emend_csv_amount_value(&a, false) == values[i], "%s", text);
  }
}
END_TEST

START_TEST(slips_are_refused) {
  emend_buffer bytes = {0};
  emend_buffer_format(&bytes, NULL, "v,k\n");
  for (int i = 0; i < 400; i++)
    emend_buffer_format(&bytes, NULL, "1.%d,%d\n", 50 + i % 45, i);
  emend_buffer_format(&bytes, NULL, "\"1,725\",1\n");
  csv_text text = csv_open_bytes(bytes.bytes, bytes.length, NULL);
  ck_assert_int_eq(text.status, EMEND_MALFORMED);
  ck_assert_ptr_nonnull(strstr(emend_error_text(text.error), "\"1,725\" is not a number"));
  csv_close(&text);
  emend_buffer_free(&bytes);
}
END_TEST

START_TEST(rarely_grouped) {
  for (int k = 0; k < 2; k++) {
    emend_buffer bytes = {0};
    emend_buffer_format(&bytes, NULL, "v,k\n");
    for (int i = 0; i < 400; i++)
      emend_buffer_format(&bytes, NULL, "%d,%d\n", 100 + i, i);
    emend_buffer_format(&bytes, NULL, k ? "\"1,234\",1\n\"1,23\",2\n" : "\"1,234\",1\n\"2,000\",2\n");
    csv_text text = csv_open_bytes(bytes.bytes, bytes.length, NULL);
    ck_assert_int_eq(text.status, k ? EMEND_MALFORMED : EMEND_OK);
    if (k)
      ck_assert_ptr_nonnull(strstr(emend_error_text(text.error), "\"1,234\" is not a number, but 400 of the 402 answers"));
    else
      ck_assert_double_eq(emend_cell_value(text.dataset, 400, 0), 1234);
    csv_close(&text);
    emend_buffer_free(&bytes);
  }
}
END_TEST

/* Texts, and what filling their missing cells gives: csv_fill(row, column). */
static const struct {
  const char *before, *after, *encoding;
} patches[] = {
    {"v,k\n\"$1,200.00\",1\n,2\nNA,3\n$7.00,4\n$5.25,5\n", "v,k\n\"$1,200.00\",1\n-$0.20,2\n$0.20,3\n$7.00,4\n$5.25,5\n", NULL},
    {"k,w,v\n,,\"1.200,5 \u20AC\"\n1,2,\"7,5 \u20AC\"\n3,4,\n",
     "k,w,v\n0,-0.1,\"1.200,5 \u20AC\"\n1,2,\"7,5 \u20AC\"\n3,4,\"12.347,678 \u20AC\"\n", NULL},
    {"a;b;c;d;v\n1;2;3;4;700 \u20AC\n1;2;3;4;  \n1;2;3;4;(7.000 \u20AC)\n",
     "a;b;c;d;v\n1;2;3;4;700 \u20AC\n1;2;3;4;401 \u20AC\n1;2;3;4;(7.000 \u20AC)\n", NULL},
    {"v\n(7%)\n\n3.5%\n", "v\n(7%)\n(0.2%)\n3.5%\n", NULL},
    {"v;w\n\"1 000 kr\";\"a\"\n;\"a\"\n\"70 kr\";\"b\"\n", "v;w\n\"1 000 kr\";\"a\"\n\"-0,2 kr\";\"a\"\n\"70 kr\";\"b\"\n", NULL},
    {"v,k\n 5 \x80 ,1\n NA ,2\n7 \x80,3\n", "v,k\n 5 \x80 ,1\n -0.2 \x80 ,2\n7 \x80,3\n", NULL},
};

START_TEST(filled) {
  csv_text text = csv_open_text(patches[_i].before, NULL);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  size_t length;
  char *same = csv_patched(&text, false, &length);
  ck_assert_str_eq(same, patches[_i].before);
  free(same);
  char *after = csv_patched(&text, true, &length);
  ck_assert_str_eq(after, patches[_i].after);
  free(after);
  csv_close(&text);
}
END_TEST

/* UTF-16 stays UTF-16. */
START_TEST(utf16) {
  static const unsigned char before[] = "\xFF\xFEv\0,\0k\0\n\0\xAC\x20"
                                        "5\0,\0001\0\n\0,\0002\0\n\0\xAC\x20"
                                        "7\0,\0003\0\n\0";
  static const unsigned char after[] = "\xFF\xFEv\0,\0k\0\n\0\xAC\x20"
                                       "5\0,\0001\0\n\0-\0\xAC\x20"
                                       "0\0.\0002\0,\0002\0\n\0\xAC\x20"
                                       "7\0,\0003\0\n\0";
  csv_text text = csv_open_bytes(before, sizeof before - 1, NULL);
  ck_assert_msg(!text.status, "%s", emend_error_text(text.error));
  size_t length;
  char *bytes = csv_patched(&text, true, &length);
  ck_assert_uint_eq(length, sizeof after - 1);
  ck_assert_mem_eq(bytes, after, length);
  free(bytes);
  csv_close(&text);
}
END_TEST

/* In a format without such pictures they are numbers. */
START_TEST(anew) {
  csv_text text = csv_open_text("v,k\n\"$1,200.50\",1\n,2\n-$7,3\n", NULL);
  size_t length;
  char *bytes = csv_written(text.dataset, '\t', &length);
  ck_assert_str_eq(bytes, "v\tk\n1200.5\t1\n\t2\n-7\t3\n");
  free(bytes);
  csv_close(&text);
}
END_TEST

static const struct {
  const char *picture;
  double value;
  const char *printed;
} manners[] = {
    {"$1,234.50", 1234567.5, "$1,234,567.50"},
    {"$1,234.50", 999, "$999.00"},
    {"$1,234.50;($1)", -1000, "($1,000.00)"},
    {"$12;$-1", -5, "$-5"},
    {"12%;\u2212"
     "1%",
     -5.25,
     "\u2212"
     "5.25%"},
    {"12.###%", 5, "5%"},
    {"12.5##%", 5, "5.0%"},
    {"0.500 kg", 7.25, "7.250 kg"},
    {"12 345", 1234, "1234"},
    {"12 345", 123456, "123 456"},
    {"+12.5%", 3, "+3.0%"},
    {"+12.5%", 0, "0.0%"},
    {"+12.5%", -3, "-3.0%"},
    {"CHF 1\u2019"
     "234",
     1e6,
     "CHF 1\u2019"
     "000\u2019"
     "000"},
    {"1.234,50 \u20AC", 0.5, "0,50 \u20AC"},
};

START_TEST(printing) {
  emend_csv_manner m, again;
  char text[EMEND_CSV_PICTURE];
  ck_assert(emend_csv_manner_parse(manners[_i].picture, &m));
  ck_assert_uint_eq(emend_csv_manner_print(&m, manners[_i].value, text), strlen(manners[_i].printed));
  ck_assert_str_eq(text, manners[_i].printed);
  emend_csv_manner_picture(&m, text);
  ck_assert_msg(emend_csv_manner_parse(text, &again), "%s", text);
  ck_assert_mem_eq(&m, &again, sizeof m);
}
END_TEST

START_TEST(no_pictures) {
  static const char *const broken[] = {"", "x", "$", "12;12", "12;", "12%%", "##", "1#"};
  emend_csv_manner m;
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
    ck_assert_msg(!emend_csv_manner_parse(broken[i], &m), "%s", broken[i]);
}
END_TEST

SUITE {
  Suite *suite = suite_create("csv amounts");
  TCase *c = tcase_create("amounts");
  tcase_add_loop_test(c, columns, 0, sizeof examples / sizeof *examples);
  tcase_add_test(c, missing_cells);
  tcase_add_test(c, rarely_grouped);
  tcase_add_test(c, slips_are_refused);
  tcase_add_test(c, small_ones_are_read_again);
  tcase_add_loop_test(c, filled, 0, sizeof patches / sizeof *patches);
  tcase_add_test(c, utf16);
  tcase_add_test(c, anew);
  tcase_add_loop_test(c, printing, 0, sizeof manners / sizeof *manners);
  tcase_add_test(c, no_pictures);
  suite_add_tcase(suite, c);
  return suite;
}
