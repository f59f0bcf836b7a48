/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "emend/emend.h"

int main(void) {
  printf("emend %s\n", emend_version());
  return 0;
}
