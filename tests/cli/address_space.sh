#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Where address space is limited (ulimit -v), every run ends: well, or with an error that says so; never by a signal, nor not at all.
program=${EMEND_PROGRAM:-src/emend}
sample=${EMEND_SOURCE:-.}/samples/penguins.csv
(ulimit -v 4000000 && "$program" version) >/dev/null 2>&1 || { echo "skipped: no limit can be set (sanitizers need more)"; exit 77; }
folder=$(mktemp -d "${TMPDIR:-/tmp}/emend-space-XXXXXX") || exit 99
trap 'rm -rf "$folder"' EXIT
done=0 failed=0

# try KIB COMMAND...
try() {
  kib=$1; shift
  (ulimit -v "$kib" && exec timeout -k 5 60 "$program" "$@") >"$folder/out" 2>"$folder/err"
  status=$?
  case $status in
  0) done=$((done + 1)); return ;;
  1) grep -q 'emend: .*\(memory\|address space\|no process could be started\)' "$folder/err" && return ;;
  127) grep -q 'error while loading shared libraries' "$folder/err" && return ;;
  esac
  echo "FAILED: with $kib KiB, emend $*: status $status"
  cat "$folder/err"
  failed=1
}

for kib in 40000 55000 60000 70000 85000 100000 130000 160000 190000 220000 250000 280000 310000 350000 400000; do
  try $kib impute "$sample" -o "$folder/out.csv" --force --quiet
done
try 120000 cluster "$sample" -k 2 --quiet
try 400000 cluster "$sample" -k 2 --quiet
[ "$done" -ge 3 ] || { echo "FAILED: no limit was enough"; failed=1; }
exit $failed
