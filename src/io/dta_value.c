/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/dta_value.h"

#include <math.h>
#include <string.h>

/* What is an answer: above lie the codes of . and .a to .z. The float and double limits are exact. */
static const struct {
  uint32_t width;
  double low, high;
} types[] = {
    [EMEND_DTA_BYTE] = {1, -127, 100},
    [EMEND_DTA_INT] = {2, -32767, 32740},
    [EMEND_DTA_LONG] = {4, -2147483647, 2147483620},
    [EMEND_DTA_FLOAT] = {4, -0x1.fffffep126, 0x1.fffffep126},
    [EMEND_DTA_DOUBLE] = {8, -0x1.fffffffffffffp1023, 0x1.fffffffffffffp1022},
};

emend_dta_type dta_type_of(emend_storage storage) {
  switch (storage) {
  case EMEND_STORAGE_I8: return EMEND_DTA_BYTE;
  case EMEND_STORAGE_I16: return EMEND_DTA_INT;
  case EMEND_STORAGE_I32: return EMEND_DTA_LONG;
  case EMEND_STORAGE_F32: return EMEND_DTA_FLOAT;
  default: return EMEND_DTA_DOUBLE;
  }
}

uint32_t dta_type_width(emend_dta_type type) { return types[type].width; }

bool dta_value_fits(emend_dta_type type, double value) {
  return value >= types[type].low && value <= types[type].high && (type > EMEND_DTA_LONG || value == trunc(value));
}

bool dta_value_fits_release(emend_dta_type type, double value, unsigned release) {
  static const double old_high[] = {[EMEND_DTA_BYTE] = 126, [EMEND_DTA_INT] = 32766, [EMEND_DTA_LONG] = 2147483646};
  if (release < 113 && type <= EMEND_DTA_LONG)
    return value >= types[type].low && value <= old_high[type] && value == trunc(value);
  return dta_value_fits(type, value) && !(release <= 105 && value == 0x1p333); /* its missing value among doubles */
}

static void copy_swapped(const void *from, unsigned char *to, size_t n, bool swap) {
  const unsigned char *bytes = from;
  for (size_t i = 0; i < n; i++)
    to[i] = bytes[swap ? n - 1 - i : i];
}

static void put_integer(emend_dta_type type, int32_t value, bool swap, unsigned char *bytes) {
  int8_t byte = (int8_t)value;
  int16_t word = (int16_t)value;
  if (type == EMEND_DTA_BYTE)
    copy_swapped(&byte, bytes, sizeof byte, swap);
  else if (type == EMEND_DTA_INT)
    copy_swapped(&word, bytes, sizeof word, swap);
  else
    copy_swapped(&value, bytes, sizeof value, swap);
}

void dta_value_put(emend_dta_type type, double value, bool swap, unsigned char *bytes) {
  if (type <= EMEND_DTA_LONG) {
    put_integer(type, (int32_t)value, swap, bytes);
  } else if (type == EMEND_DTA_FLOAT) {
    float single = (float)value; /* the nearest; the limits are floats, so it stays within them */
    copy_swapped(&single, bytes, sizeof single, swap);
  } else {
    copy_swapped(&value, bytes, sizeof value, swap);
  }
}

/* 0 for ., 1 for .a to 26 for .z */
static uint32_t letter_of(emend_reason reason) {
  return reason >= EMEND_TAG_A && reason <= EMEND_TAG_Z ? (uint32_t)(reason - EMEND_TAG_A) + 1 : 0;
}

void dta_missing_put(emend_dta_type type, emend_reason reason, bool swap, unsigned char *bytes) {
  uint32_t letter = letter_of(reason);
  if (type <= EMEND_DTA_LONG) {
    put_integer(type, (int32_t)types[type].high + 1 + (int32_t)letter, swap, bytes);
  } else if (type == EMEND_DTA_FLOAT) {
    uint32_t bits = UINT32_C(0x7F000000) + letter * UINT32_C(0x800);
    copy_swapped(&bits, bytes, sizeof bits, swap);
  } else {
    uint64_t bits = (UINT64_C(0x7FE000) + letter) << 40;
    copy_swapped(&bits, bytes, sizeof bits, swap);
  }
}

bool dta_key_of_number(double value, int32_t *key) {
  if (!dta_value_fits(EMEND_DTA_LONG, value))
    return false;
  *key = (int32_t)value;
  return true;
}

bool dta_key_of_reason(emend_reason reason, int32_t *key) {
  uint32_t letter = letter_of(reason);
  *key = (int32_t)types[EMEND_DTA_LONG].high + 1 + (int32_t)letter;
  return letter > 0 || reason == EMEND_SYSTEM_MISSING;
}
