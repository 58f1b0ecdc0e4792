// SPDX-License-Identifier: MIT
#include <portsock/local_address.hpp>
#include <tests/fuzz/fuzz.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const auto choice = fuzz::take_choice(data, size);
  const auto text = fuzz::as_text(data, size);
  const auto made = choice % 2 == 0 ? local_address::at(text) : local_address::abstract(text);
  if (!made) {
    fuzz::expect(made.error() != errc::name_too_long || text.size() > local_address::limit(),
                 "what is refused as too long is too long");
    return 0;
  }
  fuzz::expect(made->text() == text && !text.empty(), "an address is its text, all of it");
  fuzz::expect(made->text().size() <= local_address::capacity, "it has room");
  fuzz::expect(made->is_path() == (choice % 2 == 0), "it is of its form");
  fuzz::expect(!made->is_path() || text.find('\0') == text.npos, "a path ends where it says");
  fuzz::expect(to_string(*made).ends_with(text), "it is shown whole");
  return 0;
}
