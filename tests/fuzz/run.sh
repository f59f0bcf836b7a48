#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh CORPUS SECONDS TARGET...: each target for so long, two at a time and an odd one with the last two, beginning with the files in
# CORPUS/(its name without fuzz_).
# Fails if one crashes, leaks, hangs or takes too much memory; what it was given then stays in tests/fuzz/found/.
set -u
corpus=$1 seconds=$2; shift 2
found=tests/fuzz/found
mkdir -p "$found"

# fuzz TARGET: new inputs that reach new branches go into a scratch folder, so that the sources stay as they are.
fuzz() {
  name=${1##*/fuzz_}
  scratch=$(mktemp -d) || return 1
  "./$1" -max_total_time="$seconds" -max_len=16384 -timeout=25 -rss_limit_mb=1024 -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="$found/$name-" "$scratch" "$corpus/$name" >"$found/$name.log" 2>&1
  status=$?
  rm -rf "$scratch"
  return $status
}

# tell PROCESS TARGET
tell() {
  name=${2##*/fuzz_}
  if wait "$1"; then
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$found/$name.log") inputs, no crash"
  else
    failed=1
    tail -n 60 "$found/$name.log" >&2
    echo "$name: FAILED; the input is kept: $(ls "$found/$name"-* 2>/dev/null | tr '\n' ' ')" >&2
  fi
}

failed=0
while [ $# -gt 0 ]; do
  side_by_side=2
  [ $# -eq 2 ] || [ $# -gt 3 ] || side_by_side=$#
  running=
  for target in "$@"; do
    [ "$side_by_side" -gt 0 ] || break
    fuzz "$target" &
    running="$running $!:$target"
    side_by_side=$((side_by_side - 1))
    shift
  done
  for one in $running; do
    tell "${one%%:*}" "${one#*:}"
  done
done
exit $failed
