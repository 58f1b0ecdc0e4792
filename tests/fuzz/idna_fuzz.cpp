// SPDX-License-Identifier: MIT
#include <algorithm>

#include <core/src/idna.hpp>
#include <tests/fuzz/fuzz.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const auto text = fuzz::as_text(data, size);
  const auto name = detail::to_ascii(text);
  if (!name) return 0;
  fuzz::expect(!name->empty() && name->size() <= 254, "a name has a length that the DNS allows");
  fuzz::expect(std::ranges::all_of(*name, [](char c) { return c > ' ' && c < 0x7f; }),
               "a name is ASCII without blanks");
  fuzz::expect(detail::to_ascii(*name) == name, "an ASCII name stays as it is");
  return 0;
}
