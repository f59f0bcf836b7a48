dnl SPDX-License-Identifier: GPL-3.0-or-later

dnl C17: what the sources are written in; AC_PROG_CC of autoconf 2.71 stops at C11.
AC_DEFUN([EMEND_CHECK_C17], [
  AC_CACHE_CHECK([for the option that makes $CC take C17], [emend_cv_c17], [
    emend_saved_cc=$CC
    emend_cv_c17=no
    for emend_option in -std=gnu17 -std=gnu18 -std=gnu1x; do
      CC="$emend_saved_cc $emend_option"
      AC_COMPILE_IFELSE([AC_LANG_PROGRAM([], [_Static_assert(__STDC_VERSION__ >= 201710L, "C17");])],
        [emend_cv_c17=$emend_option; break])
    done
    CC=$emend_saved_cc])
  AS_IF([test "x$emend_cv_c17" = xno], [AC_MSG_ERROR([emend needs a C17 compiler (Debian: apt install gcc)])])
  CC="$CC $emend_cv_c17"
])

dnl EMEND_MISSING(what, package): the one way a missing dependency is reported.
AC_DEFUN([EMEND_MISSING], [AC_MSG_ERROR([$1 was not found. Install it (Debian: apt install $2) and run configure again.])])

AC_DEFUN([EMEND_CHECK_DEPENDENCIES], [
  AC_SEARCH_LIBS([sqrt], [m])

  dnl OpenBLAS comes first on the link line: gsl.pc pulls in gslcblas, which must lose.
  PKG_CHECK_MODULES([BLAS], [openblas], [], [EMEND_MISSING([OpenBLAS], [libopenblas-serial-dev])])
  EMEND_PREFER_SERIAL_BLAS
  emend_saved_libs=$LIBS
  LIBS="$BLAS_LIBS $LIBS"
  AC_CHECK_FUNC([dpotrf_], [], [EMEND_MISSING([LAPACK's dpotrf_ in OpenBLAS], [libopenblas-serial-dev])])
  LIBS=$emend_saved_libs

  PKG_CHECK_MODULES([GSL], [gsl >= 2.5], [], [EMEND_MISSING([the GNU Scientific Library 2.5 or later], [libgsl-dev])])
  GSL_LIBS=`echo "$GSL_LIBS" | sed 's/-lgslcblas//'`
  PKG_CHECK_MODULES([JANSSON], [jansson >= 2.12], [], [EMEND_MISSING([Jansson 2.12 or later], [libjansson-dev])])

  dnl Of the program alone.
  PKG_CHECK_MODULES([INIH], [inih], [], [EMEND_MISSING([libinih], [libinih-dev])])

  dnl ReadStat ships no .pc file.
  AC_CHECK_HEADER([readstat.h], [], [EMEND_MISSING([ReadStat's readstat.h], [libreadstat-dev])])
  AC_CHECK_LIB([readstat], [readstat_parse_sav], [READSTAT_LIBS=-lreadstat], [EMEND_MISSING([libreadstat], [libreadstat-dev])])
  AC_SUBST([READSTAT_LIBS])

  PKG_CHECK_MODULES([ZLIB], [zlib >= 1.2.5], [], [EMEND_MISSING([zlib 1.2.5 or later], [zlib1g-dev])])

  dnl libunistring ships no .pc file.
  AC_CHECK_HEADER([unicase.h], [], [EMEND_MISSING([libunistring's unicase.h], [libunistring-dev])])
  AC_CHECK_LIB([unistring], [u8_casefold], [UNISTRING_LIBS=-lunistring], [EMEND_MISSING([libunistring], [libunistring-dev])])
  AC_SUBST([UNISTRING_LIBS])

  AC_CHECK_HEADER([Random123/philox.h], [], [EMEND_MISSING([Random123's philox.h], [librandom123-dev])])
  AC_SEARCH_LIBS([iconv_open], [iconv], [], [EMEND_MISSING([iconv], [libc6-dev])])
  EMEND_CHECK_THREADS

  PKG_CHECK_MODULES([CHECK], [check >= 0.12], [have_check=yes], [have_check=no])
  AM_CONDITIONAL([HAVE_CHECK], [test "x$have_check" = xyes])
  AS_IF([test "x$have_check" = xno], [AC_MSG_WARN([Check was not found: make check will not work. Debian: apt install check])])
])

dnl emend has threads of its own. OpenBLAS for one thread a call (with locks, so that several threads may call it) starts none when a program
dnl loads it, where the other builds die or hang for want of address space. Debian lets the builds live side by side, and prefers another.
AC_DEFUN([EMEND_PREFER_SERIAL_BLAS], [
  emend_serial=`$PKG_CONFIG --variable=libdir openblas`
  emend_serial=`dirname "$emend_serial"`/openblas-serial
  BLAS_LDFLAGS=
  AS_IF([test -e "$emend_serial/libopenblas.so"], [
    BLAS_LIBS="-L$emend_serial -lopenblas"
    BLAS_LDFLAGS="-Wl,-rpath,$emend_serial"])
  AC_SUBST([BLAS_LDFLAGS])
])

AC_DEFUN([EMEND_CHECK_THREADS], [
  AC_SEARCH_LIBS([pthread_create], [pthread], [], [EMEND_MISSING([POSIX threads], [libc6-dev])])
])

dnl The kernels for wider vectors: where the compiler makes code for x86-64 and knows the sets and the run-time test.
AC_DEFUN([EMEND_CHECK_KERNELS], [
  AC_CACHE_CHECK([whether $CC makes AVX2 and AVX-512 kernels], [emend_cv_x86_kernels], [
    emend_saved_cflags=$CFLAGS
    CFLAGS="$CFLAGS -mavx2 -mfma -mavx512f -mavx512dq -mavx512vl -mprefer-vector-width=512"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([], [
#ifndef __x86_64__
#error not x86-64
#endif
      return __builtin_cpu_supports("avx512dq");])], [emend_cv_x86_kernels=yes], [emend_cv_x86_kernels=no])
    CFLAGS=$emend_saved_cflags])
  AM_CONDITIONAL([X86_KERNELS], [test "x$emend_cv_x86_kernels" = xyes])
  AS_IF([test "x$emend_cv_x86_kernels" = xyes], [AC_DEFINE([EMEND_X86_KERNELS], [1], [Define if the AVX2 and AVX-512 kernels are built])])
])

dnl make fuzz needs the sanitizers and a compiler that brings libFuzzer: clang.
AC_DEFUN([EMEND_CHECK_FUZZING], [
  emend_fuzzing=no
  AS_IF([test "x$enable_sanitizers" = xyes], [
    AC_MSG_CHECKING([whether $CC brings libFuzzer])
    emend_saved_cflags=$CFLAGS
    CFLAGS="$CFLAGS -fsanitize=fuzzer"
    AC_LINK_IFELSE([AC_LANG_SOURCE([[int LLVMFuzzerTestOneInput(const unsigned char *, __SIZE_TYPE__);
int LLVMFuzzerTestOneInput(const unsigned char *data, __SIZE_TYPE__ size) { return data && size ? 0 : 0; }]])], [emend_fuzzing=yes])
    CFLAGS=$emend_saved_cflags
    AC_MSG_RESULT([$emend_fuzzing])])
  AM_CONDITIONAL([FUZZING], [test "x$emend_fuzzing" = xyes])
])
