# SPDX-License-Identifier: MIT
# GoogleTest: the installed package, or else its sources, which is what a cross build has.

find_package(GTest QUIET)
if(NOT GTest_FOUND)
  find_path(
    PORTSOCK_GOOGLETEST_SOURCE googlemock/CMakeLists.txt
    PATHS /usr/src/googletest /usr/local/src/googletest
    NO_CMAKE_FIND_ROOT_PATH REQUIRED
    DOC "The source folder of GoogleTest")
  set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
  set(INSTALL_GTEST OFF)
  set(gtest_force_shared_crt ON)
  add_subdirectory(${PORTSOCK_GOOGLETEST_SOURCE} ${PROJECT_BINARY_DIR}/googletest EXCLUDE_FROM_ALL)
  foreach(name gtest gmock gmock_main)
    if(NOT TARGET GTest::${name})
      add_library(GTest::${name} ALIAS ${name})
    endif()
  endforeach()
endif()
