#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The scores of bench/accuracy against closed forms, and one small run without peers; skipped where there is no Python 3.10.
set -eu
source=${EMEND_SOURCE:-.}
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { echo "skipped: no Python 3.10"; exit 77; }
python3 -B "$source/bench/accuracy/test_score.py"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/emend-accuracy-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
python3 -B "$source/bench/accuracy/accuracy.py" --quick --peers none --workers 1 --tables scales,penguins --emend "$EMEND_PROGRAM" --work "$scratch" --out "$scratch"
grep -q '^| scales | MAR 30 % | [*]*0[.][0-9]' "$scratch/RESULTS.md"
grep -q '^| penguins | MCAR 30 % | [*]*0[.][0-9]' "$scratch/RESULTS.md"
! grep -q failed "$scratch/RESULTS.md"
