#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The reference tests with every level that the processor has (a level that it lacks runs as the best one), and with either form forced.
set -eu
for kernel in baseline avx2 avx512; do
  for form in cheaper precision score; do
    for test in published invariance finishes; do
      EMEND_KERNEL=$kernel,$form tests/normal/test_$test >kernels-$$.log 2>&1 || {
        echo "EMEND_KERNEL=$kernel,$form test_$test:"
        cat kernels-$$.log
        rm -f kernels-$$.log
        exit 1
      }
    done
  done
done
rm -f kernels-$$.log
