#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs one declarative case of the command line: run_case.sh FILE.case
#
# A case is a sequence of sections, each begun by a line "== WORD ...":
#   == file NAME               the lines that follow are written to NAME, in a fresh folder
#   == run COMMAND             run by sh there; `emend` is the program, $SAMPLES the samples, $SHARED further data (the case is skipped without it
#                              if its first line is "# needs shared")
#   == status N                the exit status of that command; 0 if not said
#   == stdout, == stderr       what it printed, line by line; nothing if not said. A line that begins with "~ " is an extended regular
#                              expression for the whole line.
#   == stdout contains         each line occurs in it (also: stderr contains)
#   == stdout any              anything (also: stderr any)
#   == content FILE [contains] the same for a file
#   == same A B                two files are byte for byte the same
#   == files A B C             the folder holds exactly these (sorted)
# Lines before the first section are comments; blank lines and lines that begin with "# " at the end of a section do not belong to it.
set -u
case_file=$1
program=${EMEND_PROGRAM:-src/emend}
SAMPLES=${EMEND_SOURCE:-.}/samples
SHARED=${EMEND_SHARED:-}
export SAMPLES SHARED
case $(head -1 "$case_file") in '# needs shared'*) [ -d "$SHARED" ] || { echo "skipped: no shared data"; exit 77; } ;; esac

top=$(mktemp -d "${TMPDIR:-/tmp}/emend-case-XXXXXX") || exit 99
trap 'chmod -R u+w "$top"; rm -rf "$top"' EXIT
trap 'exit 99' INT TERM HUP
mkdir "$top/bin" "$top/parts" "$top/here"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$program" >"$top/bin/emend"
chmod +x "$top/bin/emend"
PATH=$top/bin:$PATH
export PATH
unset LC_ALL LANG LC_NUMERIC COLUMNS

# Each section's head line goes to N.head, its body to N.body, without the blank and comment lines at its end.
awk -v out="$top/parts" '
  /^== / { if (n) close(body); n++; kept = ""; head = sprintf("%s/%04d.head", out, n); body = sprintf("%s/%04d.body", out, n)
           sub(/^== /, ""); print > head; close(head); printf "" > body; next }
  n && (/^$/ || /^# /) { kept = kept $0 "\n"; next }
  n { printf "%s", kept > body; kept = ""; print > body }' "$case_file"

failures=0
complain() {
  failures=$((failures + 1))
  echo "FAILED: $command"
  echo "  $1"
}

# compare WHAT EXPECTED ACTUAL: line by line, "~ " lines as expressions.
compare() {
  if ! awk -v actual="$3" '
      function take() { return (getline line < actual) > 0 }
      { if (!take()) { print "  missing: " $0; bad = 1; next }
        if (substr($0, 1, 2) == "~ ") ok = line ~ ("^(" substr($0, 3) ")$"); else ok = line == $0
        if (!ok) { print "  expected: " $0; print "  got:      " line; bad = 1 } }
      END { while (take()) { print "  unexpected: " line; bad = 1 } exit bad }' "$2"; then
    complain "$1 differs"
  fi
}

contains() {
  while IFS= read -r line; do
    grep -qF -e "$line" "$3" || { complain "$1 does not contain: $line"; sed 's/^/    | /' "$3"; }
  done <"$2"
}

# What was not asked about must be empty, and the status 0.
finish() {
  [ -n "$command" ] || return 0
  [ -n "$saw_status" ] || [ "$status" = 0 ] || { complain "status $status instead of 0"; sed 's/^/    | /' "$top/stderr"; }
  [ -n "$saw_stdout" ] || [ ! -s "$top/stdout" ] || { complain "unexpected standard output"; sed 's/^/    | /' "$top/stdout"; }
  [ -n "$saw_stderr" ] || [ ! -s "$top/stderr" ] || { complain "unexpected standard error"; sed 's/^/    | /' "$top/stderr"; }
}

command=
cd "$top/here" || exit 99
for head in "$top"/parts/*.head; do
  body=${head%.head}.body
  read -r what rest <"$head"
  case $what in
  file) cp "$body" "$rest" ;;
  run)
    finish
    command=$rest saw_status='' saw_stdout='' saw_stderr=''
    (eval "$command") >"$top/stdout" 2>"$top/stderr" </dev/null
    status=$?
    ;;
  status)
    saw_status=yes
    [ "$status" = "$rest" ] || { complain "status $status instead of $rest"; sed 's/^/    | /' "$top/stderr"; }
    ;;
  stdout | stderr)
    eval "saw_$what=yes"
    case $rest in
    '') compare "$what" "$body" "$top/$what" ;;
    contains) contains "$what" "$body" "$top/$what" ;;
    any) ;;
    *) complain "unknown section: $what $rest" ;;
    esac
    ;;
  content)
    case $rest in
    *' contains') contains "${rest% contains}" "$body" "${rest% contains}" ;;
    *) compare "$rest" "$body" "$rest" ;;
    esac
    ;;
  same) # shellcheck disable=SC2086 # two names
    cmp $rest || complain "not the same: $rest"
    ;;
  files)
    found=$(find . -mindepth 1 -maxdepth 1 | sed 's|^\./||' | LC_ALL=C sort | tr '\n' ' ')
    [ "$found" = "${rest:+$rest }" ] || complain "the folder holds: $found"
    ;;
  *) complain "unknown section: $what" ;;
  esac
done
finish
[ "$failures" = 0 ] || { echo "$failures failures in $case_file"; exit 1; }
