#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The examples of "emend help COMMAND" and of the README's first lines run, and each ends with status 0 (emend diff: or 1).
set -eu
program=${EMEND_PROGRAM:-src/emend}
source=$(cd "${EMEND_SOURCE:-.}" && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/emend-examples-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/here"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$program" >"$scratch/bin/emend"
chmod +x "$scratch/bin/emend"
PATH=$scratch/bin:$PATH
export PATH
cd "$scratch/here"
ln -s "$source/samples" samples
ln -s samples/gss2014_usermissing.sav survey.sav
ln -s samples/penguins.csv survey.csv

# Files that an example writes to /tmp go to the scratch folder. "emend diff" ends with 1 where files differ.
run() {
  count=0
  while IFS= read -r line; do
    line=$(printf '%s\n' "$line" | sed "s|/tmp/|$scratch/here/|g")
    status=0
    sh -c "$line" >"$scratch/out" 2>&1 </dev/null || status=$?
    case $line in "emend diff"*) [ "$status" -le 1 ] ;; *) [ "$status" -eq 0 ] ;; esac || { echo "FAILED: $line"; cat "$scratch/out"; exit 1; }
    count=$((count + 1))
  done
  echo "$count examples of $1 run"
  [ "$count" -ge "$2" ] || { echo "FAILED: only $count examples found in $1"; exit 1; }
}

emend help impute | sed -n '/^Examples$/,/^$/s/^  \(emend .*\)/\1/p' >"$scratch/help"
run "emend help impute" 7 <"$scratch/help"
emend help info | sed -n '/^Examples$/,/^$/s/^  \(emend .*\)/\1/p' >"$scratch/help"
run "emend help info" 4 <"$scratch/help"
emend help diff | sed -n '/^Examples$/,/^$/s/^  \(emend .*\)/\1/p' >"$scratch/help"
run "emend help diff" 4 <"$scratch/help"
emend help convert | sed -n '/^Examples$/,/^$/s/^  \(emend .*\)/\1/p' >"$scratch/help"
run "emend help convert" 5 <"$scratch/help"
emend help cluster | sed -n '/^Examples$/,/^$/s/^  \(emend .*\)/\1/p' >"$scratch/help"
run "emend help cluster" 5 <"$scratch/help"
emend help predict | sed -n '/^Examples$/,/^$/s/^  \(emend .*\)/\1/p' >"$scratch/help"
run "emend help predict" 3 <"$scratch/help"

# README: lines that begin with "emend" in blocks of shell commands.
awk '/^```/ { inside = !inside && /^```sh/; next } inside && /^emend / && !/^emend help/' "$source/README.md" >"$scratch/readme"
run README.md 14 <"$scratch/readme"
