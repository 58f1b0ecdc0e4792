// SPDX-License-Identifier: MIT
#include <algorithm>

#include <portsock/address.hpp>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

using namespace portsock;

std::size_t parse_v4(std::span<const std::string> texts) {
  std::size_t sum = 0;
  for (const auto& text : texts) sum += parse_ipv4(text)->bytes[3] + 1u;
  return sum;
}
std::size_t parse_v6(std::span<const std::string> texts) {
  std::size_t sum = 0;
  for (const auto& text : texts) sum += parse_ipv6(text)->bytes[3] + 1u;
  return sum;
}

template <class Address>
std::size_t format(std::span<const address_bytes> addresses) {
  std::size_t sum = 0;
  for (const auto& bytes : addresses) {
    Address address;
    std::ranges::copy_n(bytes.begin(), address.bytes.size(), address.bytes.begin());
    std::array<char, address_text_size> text;
    sum += static_cast<unsigned char>(format_to(text, address)[1]);
  }
  return sum;
}

const add<address_text> text{"portsock",
                             {parse_v4, parse_v6, format<ipv4_address>, format<ipv6_address>}};

}  // namespace
}  // namespace compare
