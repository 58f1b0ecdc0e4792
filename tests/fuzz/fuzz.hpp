// SPDX-License-Identifier: MIT
#pragma once

// What a fuzz target is: this one function, and checks that end the program when they fail.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

/// libFuzzer calls it with what it makes up; replay.cpp with the corpus and mutations of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace portsock::fuzz {

/// Ends the program, so that libFuzzer keeps the input, unless `holds`.
inline void expect(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline std::span<const std::byte> as_packet(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span{data, size});
}

/// The first byte of an input chooses; nothing of an empty one.
inline std::uint8_t take_choice(const std::uint8_t*& data, std::size_t& size) {
  if (size == 0) return 0;
  --size;
  return *data++;
}

}  // namespace portsock::fuzz
