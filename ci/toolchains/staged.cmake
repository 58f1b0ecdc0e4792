# SPDX-License-Identifier: MIT
# For cross builds: nothing of the host's may be found but the header-only packages, as copies. With
# /usr/include in sight, the host's C library would get in among the target's.

set(staged ${CMAKE_CURRENT_LIST_DIR}/../../build/staged)
if(NOT EXISTS ${staged}/share/cmake/CLI11)
  file(COPY /usr/include/CLI DESTINATION ${staged}/include)
  file(COPY /usr/share/cmake/CLI11 DESTINATION ${staged}/share/cmake)
endif()
list(APPEND CMAKE_FIND_ROOT_PATH ${staged})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
