#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The reference tests with every level that the processor has, with either form forced; the
# published answers also with every way of acceleration, and with several threads. Under sanitizers each level and form runs once more over
# the tables: the numbers have been compared in the other builds.
set -eu

# try TEST KERNEL,FORM [THREADS ACCELERATION]
try() {
  EMEND_KERNEL=$2 EMEND_TEST_THREADS=${3:-0} EMEND_TEST_ACCELERATE=${4:-anderson} tests/suites normal/test_$1 >kernels-$$.log 2>&1 && return
  echo "test_$1 with EMEND_KERNEL=$2 EMEND_TEST_THREADS=${3:-0} EMEND_TEST_ACCELERATE=${4:-anderson}:"
  cat kernels-$$.log
  exit 1
}

trap 'rm -f kernels-$$.log' EXIT
if [ "${EMEND_SANITIZED:-no}" = yes ]; then
  forms="precision score" tests="published finishes" threads=2
else
  forms="cheaper precision score" tests="published invariance finishes" threads="1 2 3 7"
fi
kernels=baseline
for kernel in avx2 avx512vl; do
  if grep -qw $kernel /proc/cpuinfo; then kernels="$kernels ${kernel%vl}"; else echo "this processor has no $kernel"; fi
done
for kernel in $kernels; do
  for form in $forms; do
    for test in $tests; do
      try $test $kernel,$form
    done
    for n in $threads; do
      for acceleration in none squarem anderson; do
        try published $kernel,$form $n $acceleration
      done
    done
  done
done
