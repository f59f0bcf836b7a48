#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sets emend up on a Debian 12 machine; both ways can be run again, and then do only what is left to do.
#   sh setup.sh          installs what is needed, builds, and imputes a sample survey
#   sh setup.sh check    installs what is needed, builds with gcc and with clang, and passes the tests (the second time under
#                        AddressSanitizer and UndefinedBehaviorSanitizer, those with threads also under ThreadSanitizer); then 15 seconds of
#                        fuzzing for each target
set -eu
cd "$(dirname "$0")"

build_packages="gcc libc6-dev make autoconf automake libtool pkg-config libgsl-dev libopenblas-serial-dev libreadstat-dev librandom123-dev libjansson-dev libunistring-dev libinih-dev zlib1g-dev"
# clang with its sanitizer runtime, the compiler for the C++ header test, and PSPP, which tells whether dictionaries survive.
check_packages="check clang llvm libclang-rt-14-dev g++ pspp"

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi; }

# install PACKAGE...: those that are not there yet
install() {
  missing=
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  echo "installing:$missing"
  as_root apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# configure FOLDER CONFIGURE-OPTION...; with sh, as libtool, which runs once for every file, takes half as long there as with bash
configure() {
  folder=$1; shift
  [ -x configure ] || autoreconf -i
  mkdir -p "$folder"
  [ -e "$folder/Makefile" ] || (cd "$folder" && CONFIG_SHELL=/bin/sh /bin/sh ../configure --quiet "$@")
}

build() { make -s -C "$1" -j"$(nproc)"; }

# check FOLDER: the tests of one build; on failure, their log
check() {
  echo "testing in $1"
  make -s -C "$1" -j"$(nproc)" check || { cat "$1/test-suite.log"; exit 1; }
}

# threads FOLDER: the tests with threads, in a build that watches them
threads() {
  echo "testing threads in $1"
  make -s -C "$1" -j"$(nproc)" threads || { cat "$1/test-suite.log"; exit 1; }
}

# fuzz FOLDER: 15 seconds of each target
fuzz() {
  echo "fuzzing in $1"
  make -s -C "$1" -j"$(nproc)" fuzz FUZZ_SECONDS=15
}

# count RESULT: so many tests of all that ended so
count() { find build-check/tests build-sanitized/tests build-threads/tests -name '*.trs' -exec cat {} + | grep -c "^:test-result: $1" || true; }

case ${1:-try} in
try)
  install $build_packages
  configure build
  build build
  echo
  echo '$ emend impute samples/gss2014_usermissing.sav -o build/complete.sav'
  build/src/emend impute samples/gss2014_usermissing.sav -o build/complete.sav --force
  echo
  echo "The completed survey is build/complete.sav; the program is build/src/emend."
  ;;
check)
  install $build_packages $check_packages
  configure build-check --enable-werror CFLAGS="-O2"
  configure build-sanitized --enable-werror --enable-sanitizers CC=clang CFLAGS="-O1 -g1" &
  configure build-threads --enable-werror --enable-sanitizers=thread CC=clang CFLAGS="-O1 -g1"
  wait $!
  build build-check
  build build-sanitized
  check build-check
  check build-sanitized
  threads build-threads
  fuzz build-sanitized
  echo "$(($(count PASS) + $(ls build-sanitized/tests/fuzz/found/*.log | wc -l))) passed, 0 failed, $(count SKIP) skipped"
  ;;
*)
  echo "usage: sh setup.sh [try|check]" >&2
  exit 2
  ;;
esac
