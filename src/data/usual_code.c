/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/usual_code.h"

#include <math.h>

/* One digit; 66, 77, 88 and what is as long; 95 to 99, 994 to 999, and of long ones, which nobody answers, all of 9999991 to 9999999. */
const double emend_usual_codes[EMEND_USUAL_CODES] = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 66, 77, 88, 95, 96, 97, 98, 99, 666, 777, 888, 994, 995, 996, 997, 998, 999, 6666, 7777, 8888, 9994, 9995,
    9996, 9997, 9998, 9999, 66666, 77777, 88888, 99994, 99995, 99996, 99997, 99998, 99999, 666666, 777777, 888888, 999994, 999995, 999996,
    999997, 999998, 999999, 6666666, 7777777, 8888888, 9999991, 9999992, 9999993, 9999994, 9999995, 9999996, 9999997, 9999998, 9999999,
    66666666, 77777777, 88888888, 99999991, 99999992, 99999993, 99999994, 99999995, 99999996, 99999997, 99999998, 99999999, 666666666,
    777777777, 888888888, 999999991, 999999992, 999999993, 999999994, 999999995, 999999996, 999999997, 999999998, 999999999,
};

int emend_usual_code(double value) {
  enum { ONE_DIGIT = 9 };
  double size = fabs(value);
  int low = 0, high = EMEND_USUAL_CODES;
  if (value > 0 && value < EMEND_CODE_LEAST)
    return -1;
  if (size < EMEND_CODE_LONG) /* most cells: the codes of one digit come first */
    return size >= 1 && size <= ONE_DIGIT && size == floor(size) ? (int)size - 1 : -1;
  while (low < high) {
    int middle = (low + high) / 2;
    if (emend_usual_codes[middle] < size)
      low = middle + 1;
    else
      high = middle;
  }
  return low < EMEND_USUAL_CODES && emend_usual_codes[low] == size ? low : -1; /* false for NaN */
}

bool emend_is_long_code(double value) { return value >= EMEND_CODE_LONG && emend_usual_code(value) >= 0; }
