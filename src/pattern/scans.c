/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pattern/scan.h"

const emend_scan *const emend_scans[EMEND_LEVELS] = {
    &emend_scan_baseline,
#ifdef EMEND_X86_KERNELS
    &emend_scan_avx2,
    &emend_scan_avx512,
#endif
};
