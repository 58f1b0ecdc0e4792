// SPDX-License-Identifier: MIT
#include <tests/support/many_sockets.hpp>

#include <tests/support/matchers.hpp>
#include <tests/support/on_each_family.hpp>

namespace portsock::tests {

std::vector<datagram_socket> many_sockets(std::size_t wanted) {
  constexpr std::size_t others = 100;
  const auto count = allow_open_handles(wanted + others) - others;
  const auto& families = families_here();
  std::vector<datagram_socket> made;
  made.reserve(count);
  for (std::size_t i = 0; i < count; ++i)
    made.push_back(must(datagram_socket::bind({loopback(families[i % families.size()]), 0})));
  return made;
}

}  // namespace portsock::tests
