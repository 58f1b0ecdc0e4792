# SPDX-License-Identifier: MIT
# Windows x64 by Clang, with the headers and libraries of mingw-w64 g++; Wine runs what is built.

include(${CMAKE_CURRENT_LIST_DIR}/mingw.cmake)
foreach(language C CXX)
  set(CMAKE_${language}_COMPILER_TARGET x86_64-w64-windows-gnu)
endforeach()
# As g++ has it for the variables of a thread, those of its library among them.
set(CMAKE_CXX_FLAGS_INIT -femulated-tls)
set(CMAKE_C_COMPILER clang-19)
set(CMAKE_CXX_COMPILER clang++-19)
# GNU ld takes two objects' type information of one class for two; and g++ 12's headers define a function of
# std::type_info that its library defines too.
set(CMAKE_EXE_LINKER_FLAGS_INIT "-fuse-ld=lld -static -pthread -Wl,--allow-multiple-definition")
