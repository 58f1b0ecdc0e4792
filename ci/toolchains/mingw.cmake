# SPDX-License-Identifier: MIT
# Windows x64 by mingw-w64 g++ on a Debian or Ubuntu host; Wine runs what is built.

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_EXE_LINKER_FLAGS_INIT -static)
# Without optimisation, g++ 12 defines a function of std::type_info in each object and cannot link. Were that
# allowed, the compiler would take a fifth less time, and GNU ld twenty times as long for a suite.
set(CMAKE_CXX_FLAGS_DEBUG -O1 CACHE STRING "")
set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/../wine)

set(CMAKE_FIND_ROOT_PATH /usr/x86_64-w64-mingw32)
include(${CMAKE_CURRENT_LIST_DIR}/staged.cmake)
