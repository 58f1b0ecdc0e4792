// SPDX-License-Identifier: MIT
#include <tests/support/on_each_family.hpp>

#include <portsock/datagram_socket.hpp>

namespace portsock::tests {

const std::vector<family>& families_here() {
  static const auto found = [] {
    std::vector<family> all{family::v4};
    if (datagram_socket::bind({portsock::loopback(family::v6), 0})) all.push_back(family::v6);
    return all;
  }();
  return found;
}

endpoint OnEachFamily::elsewhere(std::uint16_t port) {
  using namespace literals;
  return {GetParam() == family::v4 ? "203.0.113.77"_ip : "2001:db8::77"_ip, port};
}

}  // namespace portsock::tests
