/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "emend/emend.h"

const char *emend_version(void) { return PACKAGE_VERSION; }
