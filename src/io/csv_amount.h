/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_AMOUNT_H
#define IO_CSV_AMOUNT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A number as people write amounts: with a unit before or behind it, its digits in groups of three, a negative one in parentheses.
 * "$1,234.50", "1.234,50 €", "45 %", "CHF 1'200", "(1,200)", "70 kg". In UTF-8. Which words are units is a list (csv_amount.c): whatever is
 * not on it stays a text.
 */
typedef struct emend_csv_span {
  const char *at;
  size_t length;
} emend_csv_span;
bool emend_csv_span_is(emend_csv_span a, emend_csv_span b); /* the same bytes */

typedef enum emend_csv_sign {
  EMEND_CSV_UNSIGNED,
  EMEND_CSV_PLUS,
  EMEND_CSV_MINUS,       /* before all else: -$5 */
  EMEND_CSV_INNER_MINUS, /* at the digits: $-5 */
  EMEND_CSV_PARENTHESES  /* ($5) */
} emend_csv_sign;

/* What kind of unit, for decisions about a column. */
typedef enum emend_csv_unit_kind {
  EMEND_CSV_NO_UNIT,
  EMEND_CSV_CURRENCY,
  EMEND_CSV_CURRENCY_CODE, /* of letters: EUR, which codes such as CAD123 may begin with */
  EMEND_CSV_MEASURE
} emend_csv_unit_kind;

/* One taken apart; spans lie in the text. */
typedef struct emend_csv_amount {
  emend_csv_span unit, blank; /* the blank is that between unit and number */
  bool unit_first;
  emend_csv_unit_kind kind;
  emend_csv_sign sign;
  emend_csv_span minus;                /* "-" or U+2212 */
  emend_csv_span number;               /* digits, groups and decimals */
  emend_csv_span group;                /* what separates groups, "" if nothing does */
  char decimal;                        /* the decimal mark, '\0' if there is none */
  bool open;                           /* 1,234: the only mark, in `group`, may as well be a decimal one */
  size_t n_whole, n_first, n_decimals; /* digits; of the first group; behind the decimal mark */
  bool zeros;                          /* a later group is 000 */
} emend_csv_amount;

/* Takes bytes[0..length), without blanks around it, apart; a plain number is one, too. False for anything else. */
bool emend_csv_amount_parse(const char *bytes, size_t length, emend_csv_amount *amount);
/* `fraction`: an open mark is a decimal one. */
double emend_csv_amount_value(const emend_csv_amount *amount, bool fraction);

/*
 * How the amounts of a column are written. It is kept as a picture, an example that is read as amounts are: "$1,234.50", with '#' for
 * decimals that may be wanting ("12.5#%"), and behind ';' how a negative one is written unless with a hyphen in front: "$1,234;($1,234)".
 */
enum { EMEND_CSV_AFFIX = 24, EMEND_CSV_PICTURE = 160 };
typedef struct emend_csv_manner {
  char before[EMEND_CSV_AFFIX], behind[EMEND_CSV_AFFIX]; /* the unit with its blank */
  char group[5], minus[5];
  size_t group_from; /* digits from which on there are groups; 0: never */
  char decimal;
  size_t least_decimals, most_decimals;
  bool plus; /* before positive numbers */
  emend_csv_sign negative;
} emend_csv_manner;

bool emend_csv_manner_parse(const char *picture, emend_csv_manner *manner);
/* NUL-terminated; returns the length. `value` is finite. */
size_t emend_csv_manner_picture(const emend_csv_manner *manner, char text[EMEND_CSV_PICTURE]);
size_t emend_csv_manner_print(const emend_csv_manner *manner, double value, char text[EMEND_CSV_PICTURE]);

#endif
