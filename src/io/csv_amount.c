/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/csv_amount.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

#define NO_BREAK_SPACE "\u00A0"
#define NARROW_SPACE "\u202F"
#define THIN_SPACE "\u2009"
#define APOSTROPHE "\u2019"
#define MINUS "\u2212"

/* Longer ones before their beginnings. `blank`: only with a blank between, since codes end in such a letter. */
static const struct {
  const char *text;
  emend_csv_unit_kind kind;
  bool blank, behind_only;
} units[] = {
    {"%", EMEND_CSV_MEASURE, false, false},
    {"\u2030", EMEND_CSV_MEASURE, false, true}, /* per mille */
    {"\uFF05", EMEND_CSV_MEASURE, false, true}, /* a wide % */
    {"US$", EMEND_CSV_CURRENCY, false, false},
    {"AU$", EMEND_CSV_CURRENCY, false, false},
    {"NZ$", EMEND_CSV_CURRENCY, false, false},
    {"HK$", EMEND_CSV_CURRENCY, false, false},
    {"NT$", EMEND_CSV_CURRENCY, false, false},
    {"MX$", EMEND_CSV_CURRENCY, false, false},
    {"CA$", EMEND_CSV_CURRENCY, false, false},
    {"A$", EMEND_CSV_CURRENCY, false, false},
    {"C$", EMEND_CSV_CURRENCY, false, false},
    {"R$", EMEND_CSV_CURRENCY, false, false},
    {"S$", EMEND_CSV_CURRENCY, false, false},
    {"$", EMEND_CSV_CURRENCY, false, false},
    {"\u20AC", EMEND_CSV_CURRENCY, false, false}, /* euro */
    {"\u00A3", EMEND_CSV_CURRENCY, false, false}, /* pound */
    {"\u00A5", EMEND_CSV_CURRENCY, false, false}, /* yen */
    {"\uFFE5", EMEND_CSV_CURRENCY, false, false}, /* a wide yen */
    {"\u20B9", EMEND_CSV_CURRENCY, false, false}, /* rupee */
    {"\u20A9", EMEND_CSV_CURRENCY, false, false}, /* won */
    {"\u20BD", EMEND_CSV_CURRENCY, false, false}, /* rouble */
    {"\u20BA", EMEND_CSV_CURRENCY, false, false}, /* lira */
    {"\u20AA", EMEND_CSV_CURRENCY, false, false}, /* shekel */
    {"\u20AB", EMEND_CSV_CURRENCY, false, false}, /* dong */
    {"\u20B1", EMEND_CSV_CURRENCY, false, false}, /* peso */
    {"\u20B4", EMEND_CSV_CURRENCY, false, false}, /* hryvnia */
    {"\u20A6", EMEND_CSV_CURRENCY, false, false}, /* naira */
    {"\u20B5", EMEND_CSV_CURRENCY, false, false}, /* cedi */
    {"\u20B8", EMEND_CSV_CURRENCY, false, false}, /* tenge */
    {"\u0E3F", EMEND_CSV_CURRENCY, false, false}, /* baht */
    {"\u5143", EMEND_CSV_CURRENCY, false, true},  /* yuan */
    {"\u5186", EMEND_CSV_CURRENCY, false, true},  /* yen */
    {"\uC6D0", EMEND_CSV_CURRENCY, false, true},  /* won */
    {"\u0440\u0443\u0431.", EMEND_CSV_CURRENCY, false, true},
    {"\u0440\u0443\u0431", EMEND_CSV_CURRENCY, false, true},
    {"z\u0142", EMEND_CSV_CURRENCY, false, true},
    {"K\u010D", EMEND_CSV_CURRENCY, false, true},
    {"Ft", EMEND_CSV_CURRENCY, false, true},
    {"Rs.", EMEND_CSV_CURRENCY, false, false},
    {"Rs", EMEND_CSV_CURRENCY, false, false},
    {"kr.", EMEND_CSV_CURRENCY, false, false},
    {"kr", EMEND_CSV_CURRENCY, false, false},
    {"Fr.", EMEND_CSV_CURRENCY, false, false},
    {"EUR", EMEND_CSV_CURRENCY_CODE, false, false},
    {"USD", EMEND_CSV_CURRENCY_CODE, false, false},
    {"GBP", EMEND_CSV_CURRENCY_CODE, false, false},
    {"CHF", EMEND_CSV_CURRENCY_CODE, false, false},
    {"JPY", EMEND_CSV_CURRENCY_CODE, false, false},
    {"CNY", EMEND_CSV_CURRENCY_CODE, false, false},
    {"RMB", EMEND_CSV_CURRENCY_CODE, false, false},
    {"INR", EMEND_CSV_CURRENCY_CODE, false, false},
    {"AUD", EMEND_CSV_CURRENCY_CODE, false, false},
    {"CAD", EMEND_CSV_CURRENCY_CODE, false, false},
    {"NZD", EMEND_CSV_CURRENCY_CODE, false, false},
    {"SEK", EMEND_CSV_CURRENCY_CODE, false, false},
    {"NOK", EMEND_CSV_CURRENCY_CODE, false, false},
    {"DKK", EMEND_CSV_CURRENCY_CODE, false, false},
    {"PLN", EMEND_CSV_CURRENCY_CODE, false, false},
    {"CZK", EMEND_CSV_CURRENCY_CODE, false, false},
    {"HUF", EMEND_CSV_CURRENCY_CODE, false, false},
    {"RUB", EMEND_CSV_CURRENCY_CODE, false, false},
    {"TRY", EMEND_CSV_CURRENCY_CODE, false, false},
    {"BRL", EMEND_CSV_CURRENCY_CODE, false, false},
    {"MXN", EMEND_CSV_CURRENCY_CODE, false, false},
    {"ZAR", EMEND_CSV_CURRENCY_CODE, false, false},
    {"KRW", EMEND_CSV_CURRENCY_CODE, false, false},
    {"KES", EMEND_CSV_CURRENCY_CODE, false, false},
    {"mmHg", EMEND_CSV_MEASURE, false, true},
    {"km/h", EMEND_CSV_MEASURE, false, true},
    {"km\u00B2", EMEND_CSV_MEASURE, false, true},
    {"km", EMEND_CSV_MEASURE, false, true},
    {"kg", EMEND_CSV_MEASURE, false, true},
    {"kWh", EMEND_CSV_MEASURE, false, true},
    {"mg", EMEND_CSV_MEASURE, false, true},
    {"\u00B5g", EMEND_CSV_MEASURE, false, true},
    {"\u03BCg", EMEND_CSV_MEASURE, false, true},
    {"mm", EMEND_CSV_MEASURE, false, true},
    {"cm", EMEND_CSV_MEASURE, false, true},
    {"ml", EMEND_CSV_MEASURE, false, true},
    {"mL", EMEND_CSV_MEASURE, false, true},
    {"m\u00B2", EMEND_CSV_MEASURE, false, true},
    {"lbs", EMEND_CSV_MEASURE, false, true},
    {"lb", EMEND_CSV_MEASURE, false, true},
    {"mph", EMEND_CSV_MEASURE, false, true},
    {"ha", EMEND_CSV_MEASURE, true, true},
    {"g", EMEND_CSV_MEASURE, true, true},
    {"m", EMEND_CSV_MEASURE, true, true},
    {"l", EMEND_CSV_MEASURE, true, true},
    {"h", EMEND_CSV_MEASURE, true, true},
    {"min", EMEND_CSV_MEASURE, true, true},
    {"\u00B0C", EMEND_CSV_MEASURE, false, true},
    {"\u00B0F", EMEND_CSV_MEASURE, false, true},
    {"\u2103", EMEND_CSV_MEASURE, false, true},
};
enum { N_UNITS = sizeof units / sizeof *units, MOST_WHOLE = 15, GROUP = 3 };

bool emend_csv_span_is(emend_csv_span a, emend_csv_span b) { return a.length == b.length && memcmp(a.at, b.at, a.length) == 0; }

/* The bytes of `text` at p, or 0. */
static size_t takes(const char *p, const char *end, const char *text) {
  size_t length = strlen(text);
  return (size_t)(end - p) >= length && memcmp(p, text, length) == 0 ? length : 0;
}

static size_t take_one_of(const char *p, const char *end, const char *const *texts, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (takes(p, end, texts[i]))
      return strlen(texts[i]);
  return 0;
}

static size_t take_blank(const char *p, const char *end) {
  static const char *const blanks[] = {" ", NO_BREAK_SPACE, NARROW_SPACE, THIN_SPACE};
  return take_one_of(p, end, blanks, sizeof blanks / sizeof *blanks);
}

/* Between groups. */
static size_t take_separator(const char *p, const char *end) {
  static const char *const others[] = {",", ".", "'", APOSTROPHE};
  size_t length = take_one_of(p, end, others, sizeof others / sizeof *others);
  return length ? length : take_blank(p, end);
}

static size_t count_digits(const char *p, const char *end) {
  const char *from = p;
  while (p < end && *p >= '0' && *p <= '9')
    p++;
  return (size_t)(p - from);
}

static int find_unit_before(const char *p, const char *end) {
  for (int i = 0; i < N_UNITS; i++)
    if (!units[i].behind_only && takes(p, end, units[i].text))
      return i;
  return -1;
}

static int find_unit_behind(const char *p, const char *end) {
  for (int i = 0; i < N_UNITS; i++)
    if (strlen(units[i].text) == (size_t)(end - p) && takes(p, end, units[i].text))
      return i;
  return -1;
}

static const char *set_unit(emend_csv_amount *a, int unit, const char *p) {
  a->unit = (emend_csv_span){p, strlen(units[unit].text)};
  a->kind = units[unit].kind;
  return p + a->unit.length;
}

static const char *take_sign(emend_csv_amount *a, const char *p, const char *end, bool inner) {
  size_t minus = takes(p, end, "-") ? 1 : takes(p, end, MINUS);
  if (minus) {
    a->minus = (emend_csv_span){p, minus};
    a->sign = inner ? EMEND_CSV_INNER_MINUS : EMEND_CSV_MINUS;
    return p + minus;
  }
  if (inner || !takes(p, end, "+"))
    return p;
  a->sign = EMEND_CSV_PLUS;
  return p + 1;
}

static const char *take_decimals(emend_csv_amount *a, const char *p, const char *end) {
  size_t digits = p < end && (*p == '.' || *p == ',') ? count_digits(p + 1, end) : 0;
  if (!digits)
    return p;
  a->decimal = *p;
  a->n_decimals = digits;
  return p + 1 + digits;
}

/* Further groups behind the first digits. */
static const char *take_groups(emend_csv_amount *a, const char *p, const char *end) {
  size_t separator = a->n_whole <= GROUP ? take_separator(p, end) : 0;
  emend_csv_span group = {p, separator};
  while (separator && (size_t)(end - p) >= separator + GROUP && memcmp(p, group.at, separator) == 0 &&
         count_digits(p + separator, end) == GROUP) {
    p += separator;
    a->zeros = a->zeros || memcmp(p, "000", GROUP) == 0;
    p += GROUP;
    a->n_whole += GROUP;
    a->group = group;
  }
  return p;
}

/* Its digits. One mark before three digits is left open, but for behind a zero, where it is a decimal one. */
static const char *take_number(emend_csv_amount *a, const char *p, const char *end) {
  const char *from = p;
  a->n_whole = a->n_first = count_digits(p, end);
  p += a->n_whole;
  if (*from != '0')
    p = take_groups(a, p, end);
  else if (a->n_whole > 1)
    return NULL;
  const char *rest = take_decimals(a, p, end);
  if (a->n_whole == 0 || a->n_whole > MOST_WHOLE || (a->decimal && a->group.length && a->decimal == *a->group.at))
    return NULL;
  a->open = !a->decimal && a->group.length == 1 && (*a->group.at == ',' || *a->group.at == '.') && a->n_whole == a->n_first + GROUP;
  a->number = (emend_csv_span){from, (size_t)(rest - from)};
  return rest;
}

static bool take_behind(emend_csv_amount *a, const char *p, const char *end) {
  if (p == end)
    return true;
  size_t blank = take_blank(p, end);
  int unit = a->unit.length ? -1 : find_unit_behind(p + blank, end);
  if (unit < 0 || (units[unit].blank && !blank))
    return false;
  a->blank = (emend_csv_span){p, blank};
  set_unit(a, unit, p + blank);
  return true;
}

bool emend_csv_amount_parse(const char *bytes, size_t length, emend_csv_amount *a) {
  enum { LONGEST = 60 };
  const char *p = bytes, *end = bytes + length;
  *a = (emend_csv_amount){.unit = {bytes, 0}, .blank = {bytes, 0}, .minus = {bytes, 0}, .group = {bytes, 0}};
  if (length == 0 || length > LONGEST)
    return false;
  if (*p == '(' && end[-1] == ')') {
    a->sign = EMEND_CSV_PARENTHESES;
    p++, end--;
  } else {
    p = take_sign(a, p, end, false);
  }
  int unit = find_unit_before(p, end);
  if (unit >= 0) {
    p = set_unit(a, unit, p);
    a->unit_first = true;
    a->blank = (emend_csv_span){p, take_blank(p, end)};
    p += a->blank.length;
    if (!a->sign)
      p = take_sign(a, p, end, true);
  }
  p = p < end ? take_number(a, p, end) : NULL;
  return p && take_behind(a, p, end);
}

double emend_csv_amount_value(const emend_csv_amount *a, bool fraction) {
  char digits[64];
  size_t n = 0;
  char mark = a->decimal ? a->decimal : a->open && fraction ? *a->group.at : '\0';
  for (size_t i = 0; i < a->number.length && n + 1 < sizeof digits; i++) {
    char c = a->number.at[i];
    if (c >= '0' && c <= '9')
      digits[n++] = c;
    else if (mark && c == mark)
      digits[n++] = '.';
  }
  double value = NAN;
  emend_number_parse(digits, n, '.', &value);
  return a->sign >= EMEND_CSV_MINUS ? -value : value;
}

static bool copy(emend_csv_span a, emend_csv_span b, char *to, size_t room) {
  if (a.length + b.length >= room)
    return false;
  memcpy(to, a.at, a.length);
  memcpy(to + a.length, b.at, b.length);
  to[a.length + b.length] = '\0';
  return true;
}

bool emend_csv_manner_parse(const char *picture, emend_csv_manner *m) {
  char text[EMEND_CSV_PICTURE] = "";
  emend_csv_amount a, negative;
  size_t length = strcspn(picture, ";"), wanting = 0;
  const emend_csv_span none = {text, 0};
  *m = (emend_csv_manner){.minus = "-", .negative = EMEND_CSV_MINUS};
  if (length >= sizeof text)
    return false;
  for (size_t i = 0; i < length; i++) {
    wanting += picture[i] == '#';
    text[i] = picture[i] == '#' ? '9' : picture[i];
  }
  if (!emend_csv_amount_parse(text, length, &a) || wanting > a.n_decimals + a.open * GROUP)
    return false;
  if (a.open && wanting) { /* "1.###": what is wanting are decimals */
    a.decimal = *a.group.at, a.group.length = 0, a.n_whole = a.n_first, a.n_decimals = GROUP;
  }
  m->group_from = a.group.length ? a.n_whole : 0;
  m->decimal = a.decimal;
  m->most_decimals = a.n_decimals, m->least_decimals = a.n_decimals - wanting;
  m->plus = a.sign == EMEND_CSV_PLUS;
  bool fits = copy(a.group, none, m->group, sizeof m->group) &&
              copy(a.unit_first ? a.unit : none, a.unit_first ? a.blank : none, m->before, sizeof m->before) &&
              copy(a.unit_first ? none : a.blank, a.unit_first ? none : a.unit, m->behind, sizeof m->behind);
  if (!fits || !picture[length])
    return fits;
  if (!emend_csv_amount_parse(picture + length + 1, strlen(picture + length + 1), &negative) || negative.sign < EMEND_CSV_MINUS)
    return false;
  m->negative = negative.sign;
  return negative.sign == EMEND_CSV_PARENTHESES || copy(negative.minus, none, m->minus, sizeof m->minus);
}

/* Digits, grouped, with their decimals; `text` has room. */
static size_t put_digits(const emend_csv_manner *m, const char *whole, size_t n_whole, const char *decimals, size_t n_decimals,
                         char *text) {
  size_t n = 0;
  for (size_t i = 0; i < n_whole; i++) {
    if (i > 0 && m->group_from && n_whole >= m->group_from && (n_whole - i) % GROUP == 0) {
      memcpy(text + n, m->group, strlen(m->group));
      n += strlen(m->group);
    }
    text[n++] = whole[i];
  }
  if (n_decimals) {
    text[n++] = m->decimal ? m->decimal : '.';
    memcpy(text + n, decimals, n_decimals);
    n += n_decimals;
  }
  text[n] = '\0';
  return n;
}

/* `digits` in the dress of the manner. */
static size_t put_together(const emend_csv_manner *m, const char *digits, bool negative, bool positive, char *text) {
  emend_csv_sign sign = negative ? m->negative : EMEND_CSV_UNSIGNED;
  const char *outer = sign == EMEND_CSV_MINUS ? m->minus : positive && m->plus ? "+" : sign == EMEND_CSV_PARENTHESES ? "(" : "";
  return (size_t)snprintf(text, EMEND_CSV_PICTURE, "%s%s%s%s%s%s", outer, m->before, sign == EMEND_CSV_INNER_MINUS ? m->minus : "", digits,
                          m->behind, sign == EMEND_CSV_PARENTHESES ? ")" : "");
}

size_t emend_csv_manner_picture(const emend_csv_manner *m, char text[EMEND_CSV_PICTURE]) {
  static const char figures[] = "500000";
  enum { MOST_SHOWN = sizeof figures - 1 };
  char digits[64], decimals[MOST_SHOWN + 1] = "";
  size_t n = m->most_decimals < MOST_SHOWN ? m->most_decimals : MOST_SHOWN;
  size_t least = m->least_decimals < n ? m->least_decimals : n;
  memcpy(decimals, figures, n);
  memset(decimals + least, '#', n - least);
  size_t n_whole = m->group_from == GROUP + 2 ? GROUP + 2 : m->group_from ? GROUP + 1 : 2;
  if (!m->group_from && n == GROUP) /* 12,678 would be read as grouped */
    put_digits(m, "0", 1, decimals, n, digits);
  else
    put_digits(m, "12345", n_whole, decimals, n, digits);
  size_t length = put_together(m, digits, false, true, text);
  if (m->negative != EMEND_CSV_MINUS || strcmp(m->minus, "-") != 0) {
    char negative[EMEND_CSV_PICTURE];
    put_together(m, "1", true, false, negative);
    length += (size_t)snprintf(text + length, EMEND_CSV_PICTURE - length, ";%s", negative);
  }
  return length;
}

/* Digits alone: what is written is to be read again. Only what has too many of them keeps its exponent. */
static size_t print_plainly(double size, char decimal, char *text, size_t room) {
  enum { MOST_DECIMALS = 17 };
  static const double TOO_LARGE = 1e15;
  size_t length = emend_number_print(size, decimal, text);
  if (!strchr(text, 'e') || size >= TOO_LARGE)
    return length;
  length = (size_t)snprintf(text, room, "%.*f", MOST_DECIMALS, size);
  while (text[length - 1] == '0')
    text[--length] = '\0';
  if (text[length - 1] == '.')
    text[--length] = '\0';
  text[strcspn(text, ".")] = strchr(text, '.') ? decimal : '\0';
  return length;
}

size_t emend_csv_manner_print(const emend_csv_manner *m, double value, char text[EMEND_CSV_PICTURE]) {
  char plain[2 * EMEND_NUMBER_SIZE], digits[3 * EMEND_NUMBER_SIZE], decimals[EMEND_NUMBER_SIZE];
  size_t length = print_plainly(fabs(value), m->decimal ? m->decimal : '.', plain, sizeof plain), n_whole = strspn(plain, "0123456789");
  if (strchr(plain, 'e'))
    return put_together(m, plain, value<0, value> 0, text);
  size_t n = length > n_whole ? length - n_whole - 1 : 0;
  n = n < sizeof decimals ? n : sizeof decimals;
  memcpy(decimals, plain + n_whole + 1, n);
  while (n < m->least_decimals && n + 1 < sizeof decimals)
    decimals[n++] = '0';
  put_digits(m, plain, n_whole, decimals, n, digits);
  return put_together(m, digits, value<0, value> 0, text);
}
