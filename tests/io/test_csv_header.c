/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "io/csv_support.h"
#include "io/format.h"

#define ROWS_OF_NUMBERS "1,2,3\n4,5,\n7,8,9\n2,2,2\n3,,3\n5,5,5\n1,1,1\n"
#define NAMED_ROWS "bob,1,2,3\neve,4,5,6\nliz,7,8,9\ntom,2,2,2\nida,3,4,3\n"
#define ROWS_OF_A_SERVICE "11,Male,Car,\n12,Female,,Bike\n13,,Car,Bike\n"

typedef struct header_case {
  const char *text;
  uint32_t rows; /* of the header */
  uint64_t data; /* rows behind it */
} header_case;

static const header_case cases[] = {
    /* An ImportId is certain, whatever else stands there. */
    {"a,b\nHow old?,Where?\n\"{\"\"ImportId\"\":\"\"QID1\"\"}\",\"{\"\"ImportId\"\":\"\"QID2\"\"}\"\n1,x\n2,y\n", 3, 2},
    {"a\tb\n{\"ImportId\":\"QID1\"}\t{\"ImportId\":\"QID2\"}\n1\tx\n", 2, 1},
    {"a,b\nHow old?,Where?\n\"{'ImportId': 'QID1'}\",\"{'ImportId': 'QID2'}\"\n", 3, 0},
    {"a,b\n1,x\n2,{Import}\n", 1, 2},
    /* Sub-questions below questions. */
    {"Id,Sex,Own,\n,Response,Car,Bike\n" ROWS_OF_A_SERVICE, 2, 3},
    {"Id,Sex,Own,\n,Open-Ended Response,Car,Bike\n" ROWS_OF_A_SERVICE, 2, 3},
    {"Id,Sex,Own,\n10,Response,Car,Bike\n" ROWS_OF_A_SERVICE, 1, 4},   /* somebody answered so, with an Id as everybody */
    {"Id,Sex,Own,\n,Response,Car,Bike\n11,Response,Car,\n12,Male,,Bike\n", 1, 3},
    {"Id,Sex,Own,\n,Other,Car,Bike\n" ROWS_OF_A_SERVICE, 1, 4},
    {"best,arm,age\nResponse,,61\nStable,A,50\nStable,B,44\n", 1, 3},           /* a patient */
    {"arm,best,then\n,Response,No\nA,Stable,No\nB,Stable,Yes\nB,Worse,No\n", 1, 4},
    {"arm,,best\nA,Car,Response\nA,Bus,Stable\nB,Bus,Stable\n", 1, 3},
    {"Id,Are you ill?\n,Response\n1,Yes\n2,No\n", 2, 2},
    {"Id,best\n,Open-Ended Response\n1,Yes\n2,No\n", 2, 2},
    /* Texts above numbers. */
    {"a,b,c\nHow old?,How tall?,How many?\n" ROWS_OF_NUMBERS, 2, 7},
    {"a,b,c\nyears,cm,kg\n" ROWS_OF_NUMBERS, 2, 7},
    {"n,a,b,c\nanna,refused,unknown,none\n" NAMED_ROWS, 1, 6},          /* a respondent, by the name */
    {"n,a,b,c\nanna,so?,how much?,well\n" NAMED_ROWS, 1, 6},
    {"n,a,b,c\nWho are you?,How old?,How tall?,How many?\n" NAMED_ROWS, 2, 5},
    {"a,b,c\nyears,cm,prefer not to say\n" ROWS_OF_NUMBERS, 1, 8},      /* or by the words */
    {"a,b,c,d\nyears,cm,kg,\n1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n", 1, 6}, /* or by what is left empty */
    {"a,b,c\nHow old?,How tall?,\n" ROWS_OF_NUMBERS, 1, 8},            /* two texts are no evidence, */
    {"a,b,c\nrefused,refused,refused\n" ROWS_OF_NUMBERS, 1, 8},        /* nor is one repeated, */
    {"a,b,c,d\nyears,cm,kg,1\n1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n1,2,3,4\n", 1, 6}, /* nor any beside a number, */
    {"a,b,c\nx,y,z\n1,2,3\n", 1, 2},                                   /* nor few rows */
    {"a,b,c\nNA,,.\n" ROWS_OF_NUMBERS, 1, 8},
    {"a,b,c\n1,2,3\n" ROWS_OF_NUMBERS, 1, 8},
    {"Day,End,Hours\nStart Date,End Date,Duration\n" /* dates are no texts */
     "2021-03-03 10:35:59,03/21/2021 10:04:11 AM,1\n2021-03-03 10:35:59,03/21/2021 10:04:11 AM,1\n2021-03-04 10:35,03/21/2021 10:04 PM,2\n"
     "2021-03-03,03/21/2021,1\n2021-03-04,,2\n,03/22/2021,\n2021-03-04,03/22/2021,\n",
     2, 7},
    {"a,b,c\n", 1, 0},
    {"a,b,c\nx,y,z\n", 1, 1},
};

static void expect(const csv_text *text, uint32_t rows, uint64_t data) {
  ck_assert_msg(text->dataset != NULL, "%s", text->error ? emend_error_message(text->error) : "");
  ck_assert_uint_eq(emend_dataset_get_dialect(text->dataset)->header_rows, rows);
  ck_assert_uint_eq(emend_dataset_rows(text->dataset), data);
}

/* And whatever stands above the data is written again, byte for byte. */
START_TEST(lines_above_the_data) {
  const header_case *c = &cases[_i];
  csv_text text = csv_open_text(c->text, NULL);
  expect(&text, c->rows, c->data);
  ck_assert_int_eq(csv_warns(text.dataset, "--header-rows 1"), c->rows > 1);
  size_t length;
  char *written = csv_patched(&text, false, &length);
  ck_assert_uint_eq(length, strlen(c->text));
  ck_assert_int_eq(memcmp(written, c->text, length), 0);
  free(written);
  written = csv_patched(&text, true, &length);
  csv_check_patch(&text, c->text, strlen(c->text), written, length);
  free(written);
  csv_close(&text);
}
END_TEST

/* Told, nothing is recognised, and hardly anything said. */
START_TEST(told_how_many) {
  const header_case *c = &cases[_i];
  for (uint32_t rows = 0; rows <= 3; rows++) {
    emend_read_options *options = emend_read_options_new();
    ck_assert_int_eq(emend_read_options_set_header_rows(options, rows, NULL), EMEND_OK);
    csv_text text = csv_open_text(c->text, options);
    uint64_t all = c->rows + c->data;
    expect(&text, rows, all > rows ? all - rows : 0);
    ck_assert_int_eq(csv_warns(text.dataset, "no row is left"), rows > 1 && all <= rows);
    ck_assert(!csv_warns(text.dataset, "taken for header"));
    ck_assert_int_eq(emend_dataset_has_header(text.dataset), rows > 0);
    csv_close(&text);
    emend_read_options_free(options);
  }
}
END_TEST

START_TEST(texts_become_labels) {
  csv_text text = csv_open_text("a,b,c\n\"How \"\"old\"\"\nare you?\",Gr\xC3\xB6\xC3\x9F" "e,\n\"{\"\"ImportId\"\":1}\",,\n1,2,3\n", NULL);
  expect(&text, 3, 1);
  ck_assert_str_eq(emend_variable_label(text.dataset, 0), "How \"old\" are you?");
  ck_assert_str_eq(emend_variable_label(text.dataset, 1), "Gr\xC3\xB6\xC3\x9F" "e");
  ck_assert_str_eq(emend_variable_label(text.dataset, 2), "");
  ck_assert_int_eq(emend_variable_get_kind(text.dataset, 0), EMEND_NUMERIC);
  csv_close(&text);
  text = csv_open_text("a,b\n\"{\"\"ImportId\"\":1}\",Gr\xF6\xDF" "e\n1,2\n", NULL); /* Windows-1252 */
  expect(&text, 2, 1);
  ck_assert_str_eq(emend_variable_label(text.dataset, 1), "Gr\xC3\xB6\xC3\x9F" "e");
  csv_close(&text);
}
END_TEST

/* Rows are counted behind the header in errors, too, and a line of it is none. */
START_TEST(rows_of_errors) {
  csv_text text = csv_open_text("a,b\n\"{\"\"ImportId\"\":1}\",x\n1,2\n1\n", NULL);
  ck_assert_int_eq(text.status, EMEND_MALFORMED);
  ck_assert_int_eq(emend_error_row(text.error), 2);
  csv_close(&text);
  emend_read_options *options = emend_read_options_new();
  ck_assert_int_eq(emend_read_options_set_header_rows(options, 2, NULL), EMEND_OK);
  text = csv_open_text("a,b\nx,\"y\n", options);
  ck_assert_int_eq(text.status, EMEND_MALFORMED);
  ck_assert_int_lt(emend_error_row(text.error), 1);
  csv_close(&text);
  emend_read_options_free(options);
}
END_TEST

START_TEST(too_many_lines) {
  emend_read_options *options = emend_read_options_new();
  ck_assert_int_eq(emend_read_options_set_header_rows(options, 101, NULL), EMEND_INVALID_ARGUMENT);
  ck_assert_int_eq(emend_read_options_set_header_rows(options, 100, NULL), EMEND_OK);
  emend_read_options_free(options);
}
END_TEST

SUITE {
  enum { N = sizeof cases / sizeof *cases };
  Suite *suite = suite_create("header");
  TCase *all = tcase_create("all");
  tcase_add_loop_test(all, lines_above_the_data, 0, N);
  tcase_add_loop_test(all, told_how_many, 0, N);
  tcase_add_test(all, texts_become_labels);
  tcase_add_test(all, rows_of_errors);
  tcase_add_test(all, too_many_lines);
  suite_add_tcase(suite, all);
  return suite;
}
