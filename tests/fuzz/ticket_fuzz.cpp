// SPDX-License-Identifier: MIT

// What a program is told by its parent, or by somebody who is not: which socket is to be its own.

#include <portsock/sharing.hpp>
#include <portsock/socket.hpp>
#include <tests/fuzz/fuzz.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  static const auto socket = datagram_socket::bind({ipv4_address::loopback(), 0}).value();
  auto redeemed = passed_socket::redeem(fuzz::as_text(data, size));
  if (!redeemed) return 0;
  fuzz::expect(redeemed->get() != native_handle::invalid, "what is redeemed is something");
  const auto where = borrowed<datagram_socket> { redeemed->get() } -> local_endpoint();
  fuzz::expect(where.has_value(), "and it is a socket");
  static_cast<void>(redeemed->release());  // of this process, and not made here
  return 0;
}
