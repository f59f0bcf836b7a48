/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/decimal.h"

#include <math.h>
#include <string.h>

enum { FRACTION_BITS = 52, LEAST_EXPONENT = -1074, EXPONENT_BIAS = 1023, EXPONENT_SPECIAL = 2047 };
static const uint64_t HIDDEN_BIT = UINT64_C(1) << FRACTION_BITS;

/* From 10^0 to here the entry of the table is the power itself and not rounded. */
enum { LAST_EXACT = 55 };

/* Both halves of a product of 64 bits by 64. */
typedef struct product {
  uint64_t high, low;
} product;

static inline product multiply(uint64_t a, uint64_t b) {
#ifdef __SIZEOF_INT128__
  __extension__ typedef unsigned __int128 wide;
  wide p = (wide)a * b;
  return (product){.high = (uint64_t)(p >> 64), .low = (uint64_t)p};
#else
  uint64_t a0 = a & UINT32_MAX, a1 = a >> 32, b0 = b & UINT32_MAX, b1 = b >> 32;
  uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (middle & UINT32_MAX);
  return (product){.high = a1 * b1 + (middle >> 32) + (other >> 32), .low = other << 32 | (low & UINT32_MAX)};
#endif
}

/* floor(q log2(10)), for the q of the table. */
static int binary_exponent(int q) { return (q * 217706) >> 16; }

static emend_power_of_ten power_of_ten(int q) { return emend_powers_of_ten[q - EMEND_LEAST_POWER]; }

/* Rounded down instead of up, where it is not exact and the paper's table has it so. */
static emend_power_of_ten power_from_below(int q) {
  emend_power_of_ten power = power_of_ten(q);
  if (q > LAST_EXACT && power.low-- == 0)
    power.high--;
  return power;
}

static double put_together(uint64_t exponent, uint64_t fraction) {
  uint64_t bits = exponent << FRACTION_BITS | fraction;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Halves a mantissa of 54 bits or less and puts the exponent to it; ties go up, which is right unless the caller has cleared a tie. */
static double round_off(uint64_t mantissa, int exponent) {
  if (exponent <= 0) { /* subnormal */
    if (exponent <= -63)
      return 0;
    mantissa >>= 1 - exponent;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    return put_together(mantissa >> FRACTION_BITS, mantissa & (HIDDEN_BIT - 1));
  }
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa == 2 * HIDDEN_BIT) {
    mantissa = HIDDEN_BIT;
    exponent++;
  }
  return exponent >= EXPONENT_SPECIAL ? INFINITY : put_together((uint64_t)exponent, mantissa & (HIDDEN_BIT - 1));
}

bool emend_decimal_to_double(emend_decimal decimal, double *value) {
  enum { LAST_FINITE = 308, FIRST_TIE = -4, LAST_TIE = 23, FIRST_EXACT_QUOTIENT = -27, UNUSED = 64 - FRACTION_BITS - 3 };
  *value = 0;
  if (decimal.digits == 0 || decimal.exponent < EMEND_LEAST_POWER)
    return true;
  *value = INFINITY;
  if (decimal.exponent > LAST_FINITE)
    return true;
  int q = (int)decimal.exponent, shift = __builtin_clzll(decimal.digits);
  uint64_t digits = decimal.digits << shift;
  emend_power_of_ten power = power_from_below(q);
  product p = multiply(digits, power.high);
  if ((p.high & ((1u << UNUSED) - 1)) == (1u << UNUSED) - 1) { /* what is left out could carry into the bits that count */
    uint64_t carry = multiply(digits, power.low).high;
    p.low += carry;
    p.high += p.low < carry;
    if (p.low == UINT64_MAX && (q < FIRST_EXACT_QUOTIENT || q > LAST_EXACT))
      return false;
  }
  int top = (int)(p.high >> 63);
  uint64_t mantissa = p.high >> (top + UNUSED); /* 54 bits */
  int exponent = binary_exponent(q) + 63 + top - shift + EXPONENT_BIAS;
  /* Exactly half way: the last bit is the only one below the even mantissa. Only small powers can meet it. */
  if (p.low <= 1 && q >= FIRST_TIE && q <= LAST_TIE && (mantissa & 3) == 1 && mantissa << (top + UNUSED) == p.high)
    mantissa &= ~UINT64_C(1);
  *value = round_off(mantissa, exponent);
  return true;
}

/* floor(power x scaled / 2^64 ), made odd if that is not exact: enough to compare it with whole numbers. */
static uint64_t multiply_to_odd(emend_power_of_ten power, uint64_t scaled) {
  product low = multiply(power.low, scaled), high = multiply(power.high, scaled);
  uint64_t middle = high.low + low.high;
  return (high.high + (middle < low.high)) | (middle > 1);
}

static emend_decimal without_zeros(emend_decimal d) {
  for (; d.digits % 100 == 0 && d.digits > 0; d.exponent += 2)
    d.digits /= 100;
  if (d.digits % 10 == 0) {
    d.digits /= 10;
    d.exponent++;
  }
  return d;
}

/* Of the two candidates next to the value, the one inside its interval if only one is, else the nearer. All in quarters. */
static uint64_t choose(uint64_t candidate, uint64_t value, uint64_t lowest, uint64_t highest) {
  bool below = lowest <= 4 * candidate, above = 4 * candidate + 4 <= highest;
  if (below != above)
    return candidate + above;
  uint64_t middle = 4 * candidate + 2;
  return candidate + (value > middle || (value == middle && candidate % 2 == 1));
}

/*
 * Most numbers of surveys have few decimals. One of at most 15 digits that the value is nearest to is the shortest there is: no two such
 * numbers share a double.
 */
static bool has_few_decimals(double value, emend_decimal *decimal) {
  enum { DECIMALS = 6 };
  static const double SCALE = 1e6, FIFTEEN_DIGITS = 1e15;
  double scaled = value * SCALE;
  if (!(scaled < FIFTEEN_DIGITS))
    return false;
  uint64_t whole = (uint64_t)(scaled + 0.5);
  *decimal = (emend_decimal){.digits = whole, .exponent = -DECIMALS};
  return whole > 0 && (double)whole / SCALE == value;
}

emend_decimal emend_decimal_of_double(double value) {
  emend_decimal few;
  if (has_few_decimals(value, &few))
    return without_zeros(few);
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  uint64_t fraction = bits & (HIDDEN_BIT - 1);
  int exponent = (int)(bits >> FRACTION_BITS);
  uint64_t mantissa = exponent ? fraction | HIDDEN_BIT : fraction;
  int q = (exponent ? exponent : 1) - 1 + LEAST_EXPONENT;
  bool uneven = fraction == 0 && exponent > 1; /* the double below a power of two is nearer than the one above */
  bool open = mantissa % 2 == 1;               /* the ends of the interval round to the neighbours, which are even */
  /* floor(log10(2^q)), or of 3/4 of it: the interval is at least as wide as 10^k, and less than ten times. */
  int k = (int)(((int64_t)q * 1262611 - (uneven ? 524031 : 0)) >> 22);
  int shift = q + binary_exponent(-k) + 1;
  emend_power_of_ten power = power_of_ten(-k);
  uint64_t lowest = multiply_to_odd(power, (4 * mantissa - 2 + uneven) << shift) + open;
  uint64_t middle = multiply_to_odd(power, (4 * mantissa) << shift);
  uint64_t highest = multiply_to_odd(power, (4 * mantissa + 2) << shift) - open;
  uint64_t floor = middle / 4, tens = floor / 10;
  if (tens > 0) { /* one digit less, if a multiple of ten lies inside: never two */
    bool below = lowest <= 40 * tens, above = 40 * tens + 40 <= highest;
    if (below != above)
      return without_zeros((emend_decimal){.digits = tens + above, .exponent = k + 1});
  }
  return without_zeros((emend_decimal){.digits = choose(floor, middle, lowest, highest), .exponent = k});
}
