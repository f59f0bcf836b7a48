/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/option.h"
#include "cli/suggest.h"
#include "support/support.h"

/* A table with every type of option. */
typedef struct sample {
  bool flag, other;
  const char *text, *file;
  option_list list;
  int64_t count;
  double real, unset;
  uint64_t size;
  int choice, open_choice;
} sample;

static const char *const colours[] = {"red", "green", "blue", NULL};

static const option table[] = {
    {"flag", 'f', OPTION_FLAG, NULL, .section = "One", .offset = offsetof(sample, flag), .help = "A flag."},
    {"quick", 'q', OPTION_FLAG, NULL, .section = "One", .offset = offsetof(sample, other), .help = "Another."},
    {"output", 'o', OPTION_TEXT, "FILE", .section = "One", .offset = offsetof(sample, text), .help = "A text."},
    {"json", 0, OPTION_FILE, "FILE", .section = "Two", .offset = offsetof(sample, file), .help = "A file, or -.", .value_optional = true},
    {"missing", 0, OPTION_LIST, "TOKENS", .section = "Two", .offset = offsetof(sample, list), .help = "A list."},
    {"count", 'c', OPTION_INTEGER, "N", .initial = "10", .section = "Two", .offset = offsetof(sample, count), .help = "A number.",
        .minimum = 1, .maximum = 100},
    {"real", 0, OPTION_REAL, "X", .initial = "1e-6", .section = "Two", .offset = offsetof(sample, real), .help = "A real.",
        .minimum = 1e-9, .maximum = 1},
    {"unset", 0, OPTION_REAL, "X", .section = "Two", .offset = offsetof(sample, unset), .help = "A real without default.", .minimum = 0,
        .maximum = INFINITY},
    {"size", 0, OPTION_SIZE, "SIZE", .section = "Two", .offset = offsetof(sample, size), .help = "A size."},
    {"colour", 0, OPTION_CHOICE, "NAME", .initial = "green", .section = "Two", .offset = offsetof(sample, choice), .help = "A choice.",
        .choices = colours},
    {"shade", 0, OPTION_CHOICE, "NAME", .section = "Two", .offset = offsetof(sample, open_choice), .help = "A choice without default.",
        .choices = colours},
    {.name = NULL},
};

enum { MOST = 16 };
typedef struct outcome {
  sample s;
  bool done;
  char *operands[MOST];
  int n_operands;
  option_message message;
} outcome;

/* The words are separated by single blanks; "_" stands for an empty word. */
static outcome parse(const char *line) {
  static char copy[512];
  char *argv[MOST];
  int argc = 0;
  outcome o = {0};
  snprintf(copy, sizeof copy, "%s", line);
  for (char *word = strtok(copy, " "); word && argc < MOST; word = strtok(NULL, " "))
    argv[argc++] = strcmp(word, "_") == 0 ? word + 1 : word;
  option_defaults(table, &o.s);
  o.done = option_parse(table, &o.s, argc, argv, o.operands, &o.n_operands, o.message);
  return o;
}

START_TEST(defaults_hold_until_told_otherwise) {
  outcome o = parse("");
  ck_assert(o.done);
  ck_assert(!o.s.flag && !o.s.text && !o.s.file && o.s.list.count == 0 && o.s.size == 0);
  ck_assert_int_eq(o.s.count, 10);
  ck_assert(o.s.real == 1e-6 && isnan(o.s.unset));
  ck_assert_int_eq(o.s.choice, 1);
  ck_assert_int_eq(o.s.open_choice, -1);
}
END_TEST

/* Ways to write it, and what must come out. */
static const struct {
  const char *line, *text, *operands;
  bool flag, quick;
  int64_t count;
} written[] = {
    {"--output a in", "a", "in", false, false, 10},
    {"--output=a in", "a", "in", false, false, 10},
    {"in -o a", "a", "in", false, false, 10},
    {"-oa in", "a", "in", false, false, 10},
    {"-o - -", "-", "-", false, false, 10},
    {"-fq in", NULL, "in", true, true, 10},
    {"-fqo a", "a", "", true, true, 10},
    {"-fqc7 in", NULL, "in", true, true, 7},
    {"-- --flag -o", NULL, "--flag -o", false, false, 10},
    {"--output=--flag", "--flag", "", false, false, 10},
    {"--output -x", "-x", "", false, false, 10}, /* -x is no option of the table */
    {"--output a --output b", "b", "", false, false, 10},
    {"--output=a=b", "a=b", "", false, false, 10},
    {"--count 3 in -f", NULL, "in", true, false, 3},
};

START_TEST(every_way_to_write_an_option) {
  outcome o = parse(written[_i].line);
  char operands[256] = "";
  ck_assert_msg(o.done, "%s: %s", written[_i].line, o.message);
  for (int i = 0; i < o.n_operands; i++)
    snprintf(operands + strlen(operands), sizeof operands - strlen(operands), "%s%s", i ? " " : "", o.operands[i]);
  ck_assert_str_eq(operands, written[_i].operands);
  ck_assert_pstr_eq(o.s.text, written[_i].text);
  ck_assert(o.s.flag == written[_i].flag && o.s.other == written[_i].quick);
  ck_assert_int_eq(o.s.count, written[_i].count);
}
END_TEST

START_TEST(a_list_keeps_every_item_and_negative_numbers_are_values) {
  outcome o = parse("--missing -99 --missing=-8,-9 --missing NA,. in");
  ck_assert_msg(o.done, "%s", o.message);
  ck_assert_uint_eq(o.s.list.count, 3);
  ck_assert_str_eq(o.s.list.items[0], "-99");
  ck_assert_str_eq(o.s.list.items[1], "-8,-9");
  ck_assert_str_eq(o.s.list.items[2], "NA,.");
  ck_assert_int_eq(o.n_operands, 1);
  option_release(table, &o.s);
  ck_assert_uint_eq(o.s.list.count, 0);
}
END_TEST

START_TEST(an_optional_value_needs_an_equals_sign) {
  outcome o = parse("--json in");
  ck_assert_str_eq(o.s.file, "-");
  ck_assert_str_eq(o.operands[0], "in");
  o = parse("--json=x.json");
  ck_assert_str_eq(o.s.file, "x.json");
}
END_TEST

static const struct {
  const char *text;
  uint64_t bytes;
} sizes[] = {{"1", 1}, {"500M", 500ull << 20}, {"2G", 2ull << 30}, {"2g", 2ull << 30}, {"1.5GiB", 3ull << 29}, {"64KB", 64 << 10}, {"7B",
    7}, {"1T", 1ull << 40}};

START_TEST(sizes_count_in_1024s) {
  char line[64];
  snprintf(line, sizeof line, "--size %s", sizes[_i].text);
  outcome o = parse(line);
  ck_assert_msg(o.done, "%s", o.message);
  ck_assert_uint_eq(o.s.size, sizes[_i].bytes);
}
END_TEST

static const struct {
  const char *line, *message;
} mistakes[] = {
    {"--ouput a", "unknown option --ouput; did you mean --output?"},
    {"--miss a", "unknown option --miss; did you mean --missing?"},
    {"--zzz", "unknown option --zzz"},
    {"-z", "unknown option -z"},
    {"-output a", "unknown option"}, /* -o takes "utput": see below */
    {"-json", "unknown option -j in -json; names of several letters take two dashes"},
    {"--flag=maybe", "--flag: \"maybe\" is neither yes nor no"},
    {"--output", "--output needs a value: --output FILE"},
    {"-o", "--output needs a value: --output FILE"},
    {"--output --flag", "--output needs a value, and --flag is an option; if it is meant as the value, write --output=--flag"},
    {"--output --", "--output needs a value, and -- is an option; if it is meant as the value, write --output=--"},
    {"-o -f", "--output needs a value, and -f is an option; if it is meant as the value, write --output=-f"},
    {"--output=", "--output: the value is empty"},
    {"--output _", "--output: the value is empty"},
    {"--count x", "--count: \"x\" is not a whole number"},
    {"--count 1.5", "--count: \"1.5\" is not a whole number"},
    {"--count=", "--count: \"\" is not a whole number"},
    {"--count 0", "--count: 0 is not between 1 and 100"},
    {"--count 101", "--count: 101 is not between 1 and 100"},
    {"--count 99999999999999999999", "--count: 99999999999999999999 is out of range"},
    {"--real nan", "--real: \"nan\" is not a number"},
    {"--real 0x1p-3", "--real: \"0x1p-3\" is not a number"},
    {"--real 1e999", "--real: \"1e999\" is not a number"},
    {"--real 1,5", "--real: \"1,5\" is not a number"},
    {"--real 2", "--real: 2 is not between 1e-09 and 1"},
    {"--unset -1", "--unset: -1 is too small: the least is 0"},
    {"--size 12X", "--size: \"12X\" is not a size; write 500M or 2G"},
    {"--size -1", "--size: \"-1\" is not a size; write 500M or 2G"},
    {"--size G", "--size: \"G\" is not a size; write 500M or 2G"},
    {"--size 99999999999T", "--size: \"99999999999T\" is not a size; write 500M or 2G"},
    {"--colour pink", "--colour: \"pink\" is not one of red, green or blue"},
    {"--colour", "--colour needs a value: --colour NAME"},
};

START_TEST(mistakes_are_named) {
  outcome o = parse(mistakes[_i].line);
  if (strcmp(mistakes[_i].line, "-output a") == 0) { /* as POSIX has it: the value may follow the letter */
    ck_assert(o.done);
    ck_assert_str_eq(o.s.text, "utput");
    return;
  }
  ck_assert_msg(!o.done, "%s was accepted", mistakes[_i].line);
  ck_assert_str_eq(o.message, mistakes[_i].message);
}
END_TEST

START_TEST(the_echo_has_every_option_with_its_value) {
  outcome o = parse("-f --missing a --size 1K --json");
  json_t *echo = option_echo(table, &o.s);
  ck_assert_uint_eq(json_object_size(echo), sizeof table / sizeof *table - 1);
  ck_assert(json_is_true(json_object_get(echo, "flag")));
  ck_assert(json_is_false(json_object_get(echo, "quick")));
  ck_assert(json_is_null(json_object_get(echo, "output")));
  ck_assert_str_eq(json_string_value(json_object_get(echo, "json")), "-");
  ck_assert_str_eq(json_string_value(json_array_get(json_object_get(echo, "missing"), 0)), "a");
  ck_assert_int_eq(json_integer_value(json_object_get(echo, "count")), 10);
  ck_assert(json_real_value(json_object_get(echo, "real")) == 1e-6);
  ck_assert(json_is_null(json_object_get(echo, "unset")));
  ck_assert_int_eq(json_integer_value(json_object_get(echo, "size")), 1024);
  ck_assert_str_eq(json_string_value(json_object_get(echo, "colour")), "green");
  ck_assert(json_is_null(json_object_get(echo, "shade")));
  json_decref(echo);
  option_release(table, &o.s);
}
END_TEST

START_TEST(help_has_sections_defaults_and_at_most_80_columns) {
  char *text = NULL;
  size_t length;
  FILE *out = open_memstream(&text, &length);
  option_help(table, out);
  fclose(out);
  ck_assert_ptr_nonnull(strstr(text, "\nOne\n  -f, --flag"));
  ck_assert_ptr_nonnull(strstr(text, "\nTwo\n      --json[=FILE]       A file, or -.\n"));
  ck_assert_ptr_nonnull(strstr(text, "  -c, --count N           A number. [default: 10]\n"));
  ck_assert_ptr_nonnull(strstr(text, "      --colour red|green|blue\n                          A choice. [default: green]\n"));
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
    ck_assert_uint_le(strlen(line), 80);
  free(text);
}
END_TEST

START_TEST(suggestions_are_near) {
  static const struct {
    const char *word, *best;
  } cases[] = {{"impuet", "impute"}, {"imput", "impute"}, {"hlep", "help"}, {"versoin", "version"}, {"xyz", NULL}, {"", NULL},
               {"averyveryveryveryveryverylongwordindeedthatis", NULL}};
  suggestion s = suggestion_begin(cases[_i].word, strlen(cases[_i].word));
  suggestion_offer(&s, "impute");
  suggestion_offer(&s, "help");
  suggestion_offer(&s, "version");
  ck_assert_pstr_eq(s.best, cases[_i].best);
}
END_TEST

SUITE_APART {
  Suite *suite = suite_create("options");
  TCase *tests = tcase_create("all");
  tcase_add_test(tests, defaults_hold_until_told_otherwise);
  tcase_add_loop_test(tests, every_way_to_write_an_option, 0, sizeof written / sizeof *written);
  tcase_add_test(tests, a_list_keeps_every_item_and_negative_numbers_are_values);
  tcase_add_test(tests, an_optional_value_needs_an_equals_sign);
  tcase_add_loop_test(tests, sizes_count_in_1024s, 0, sizeof sizes / sizeof *sizes);
  tcase_add_loop_test(tests, mistakes_are_named, 0, sizeof mistakes / sizeof *mistakes);
  tcase_add_test(tests, the_echo_has_every_option_with_its_value);
  tcase_add_test(tests, help_has_sections_defaults_and_at_most_80_columns);
  tcase_add_loop_test(tests, suggestions_are_near, 0, 7);
  suite_add_tcase(suite, tests);
  return suite;
}
