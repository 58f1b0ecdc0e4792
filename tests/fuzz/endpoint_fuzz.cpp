// SPDX-License-Identifier: MIT
#include <portsock/address.hpp>
#include <tests/fuzz/fuzz.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const auto text = fuzz::as_text(data, size);
  if (const auto port = parse_port(text))
    fuzz::expect(std::to_string(*port) == text, "a port has one form");

  const auto parsed = parse_endpoint(text);
  if (!parsed) return 0;
  const auto written = to_string(*parsed);
  fuzz::expect(parse_endpoint(written) == parsed, "what is written is read again");
  fuzz::expect(written.size() <= address_text_size, "it has room");
  const auto of = family_of(parsed->address);
  fuzz::expect((of == family::v6) == (text.front() == '['), "IPv6 alone has brackets");
  if (of == family::v4) fuzz::expect(written == text, "IPv4 has one form");
  return 0;
}
