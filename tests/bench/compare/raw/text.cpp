// SPDX-License-Identifier: MIT
#include <arpa/inet.h>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

template <int Family>
std::size_t parse(std::span<const std::string> texts) {
  std::size_t sum = 0;
  for (const auto& text : texts) {
    address_bytes address;
    sum += static_cast<std::size_t>(::inet_pton(Family, text.c_str(), address.data()));
    sum += address[3];
  }
  return sum;
}

template <int Family>
std::size_t format(std::span<const address_bytes> addresses) {
  std::size_t sum = 0;
  for (const auto& address : addresses) {
    char text[INET6_ADDRSTRLEN];
    ::inet_ntop(Family, address.data(), text, sizeof text);
    sum += static_cast<unsigned char>(text[1]);
  }
  return sum;
}

const add<address_text> text{"raw",
                             {parse<AF_INET>, parse<AF_INET6>, format<AF_INET>, format<AF_INET6>}};

}  // namespace
}  // namespace compare
