// SPDX-License-Identifier: MIT
#pragma once
#pragma clang system_header

// Included before each source of ci/msvc_check. The headers there come from three makers (libc++ in
// its MSVC mode, Wine's C runtime, mingw-w64's Windows API), and this fills the gaps between them.
// Nothing is linked: declarations are enough.

#include <_mingw.h>
#undef __attribute__  // mingw-w64 defines it away for compilers that are not GNU, which breaks libc++

// Wine has these as macros, which would rename members; Microsoft's runtime has functions.
#include <io.h>
#undef open
#undef sopen

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>
#include <wchar.h>

// Wine has these as macros; libc++ expects the functions that Microsoft's runtime has.
#undef fpclassify
#undef isfinite
#undef isgreater
#undef isgreaterequal
#undef isinf
#undef isless
#undef islessequal
#undef islessgreater
#undef isnan
#undef isnormal
#undef isunordered
#undef signbit
template <class T>
int fpclassify(T);
template <class T>
bool isfinite(T);
template <class T>
bool isinf(T);
template <class T>
bool isnan(T);
template <class T>
bool isnormal(T);
// libc++ has its own for the others, and finds both.
template <class T>
  requires(!__is_floating_point(T))
bool signbit(T);
template <class T, class U>
bool isgreater(T, U);
template <class T, class U>
bool isgreaterequal(T, U);
template <class T, class U>
bool isless(T, U);
template <class T, class U>
bool islessequal(T, U);
template <class T, class U>
bool islessgreater(T, U);
template <class T, class U>
bool isunordered(T, U);

extern "C" {
int ___mb_cur_max_func(void);
int _dupenv_s(char**, size_t*, const char*);
int _islower_l(int, _locale_t);
int _isupper_l(int, _locale_t);
float _strtof_l(const char*, char**, _locale_t);
double _strtod_l(const char*, char**, _locale_t);
struct timespec {
  time_t tv_sec;
  long tv_nsec;
};
int timespec_get(struct timespec*, int);
}
#ifndef MB_CUR_MAX
#define MB_CUR_MAX ___mb_cur_max_func()
#endif
