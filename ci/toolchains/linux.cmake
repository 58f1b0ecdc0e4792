# SPDX-License-Identifier: MIT
# Linux on another processor, by Debian's cross compilers: PORTSOCK_TARGET is i686, aarch64, s390x or arm.
# What is built runs in qemu's user emulation, 32-bit x86 by itself.

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PORTSOCK_TARGET)
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${PORTSOCK_TARGET})

set(triple ${PORTSOCK_TARGET}-linux-gnu)
if(PORTSOCK_TARGET STREQUAL "arm")
  set(triple arm-linux-gnueabihf)
endif()
set(CMAKE_CXX_COMPILER ${triple}-g++)
set(CMAKE_C_COMPILER ${triple}-gcc)
if(NOT PORTSOCK_TARGET STREQUAL "i686")
  set(CMAKE_CROSSCOMPILING_EMULATOR qemu-${PORTSOCK_TARGET}-static -L /usr/${triple})
  set(CMAKE_CXX_FLAGS_INIT -O1)  # translating twice what runs takes longer than compiling it so
  if(PORTSOCK_TARGET STREQUAL "arm")
    string(APPEND CMAKE_CXX_FLAGS_INIT " -Wno-psabi")  # notes about what GCC before 7.1 did
  endif()
endif()

set(CMAKE_FIND_ROOT_PATH /usr/${triple})
include(${CMAKE_CURRENT_LIST_DIR}/staged.cmake)
