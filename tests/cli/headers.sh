#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Every public header compiles alone, as C17, C++17 and C++98, without a warning. CC is the compiler of the build; C++ is skipped without one.
set -eu
source=${EMEND_SOURCE:-.}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/emend-headers-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

compile() { # COMPILER... FILE: twice included, so that the guards are tried too
  "$@" -Wall -Wextra -pedantic-errors -Werror -I "$source/include" -fsyntax-only
}

for header in "$source"/include/emend/*.h; do
  name=$(basename "$header")
  printf '#include "emend/%s"\n#include "emend/%s"\nint emend_header_test;\n' "$name" "$name" >"$scratch/alone.c"
  cp "$scratch/alone.c" "$scratch/alone.cc"
  # shellcheck disable=SC2086 # CC may hold options; the last -std counts
  compile ${CC:-cc} -std=c17 "$scratch/alone.c"
  if command -v g++ >/dev/null; then
    compile g++ -std=c++17 "$scratch/alone.cc"
    compile g++ -std=c++98 "$scratch/alone.cc"
  fi
  echo "ok: $name"
done
