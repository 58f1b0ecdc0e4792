# SPDX-License-Identifier: MIT
# How every target of this project is compiled: C++23 to the letter, and with all warnings.

if(PORTSOCK_LTO)
  include(CheckIPOSupported)
  check_ipo_supported(LANGUAGES CXX)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()

function(portsock_strict target)
  target_compile_features(${target} PUBLIC cxx_std_23)
  set_target_properties(
    ${target} PROPERTIES CXX_EXTENSIONS OFF COMPILE_WARNING_AS_ERROR ${PORTSOCK_WARNINGS_AS_ERRORS})
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 /permissive- /utf-8 /EHsc /Zc:__cplusplus
                                             /Zc:preprocessor)
  else()
    # What a name hides in a unity build may be its neighbour's.
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion
                                             $<$<NOT:$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wshadow>)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
      # GCC 12 sees an uninitialised read in each std::expected that it copies whole, and an overlap
      # in what is put before a string (https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105651).
      target_compile_options(${target} PRIVATE -Wno-maybe-uninitialized -Wno-restrict)
    endif()
  endif()
endfunction()
