#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The reference tests with every level that the processor has (a level that it lacks runs as the best one), and with either form forced.
# Under sanitizers each level and form runs once more over the tables: the numbers have been compared in the other builds.
set -eu
if [ "${EMEND_SANITIZED:-no}" = yes ]; then
  forms="precision score" tests="published finishes"
else
  forms="cheaper precision score" tests="published invariance finishes"
fi
for kernel in baseline avx2 avx512; do
  for form in $forms; do
    for test in $tests; do
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
