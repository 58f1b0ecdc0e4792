// SPDX-License-Identifier: MIT

// A packet from anywhere. Its first byte chooses the family.

#include <vector>

#include <portsock/icmp.hpp>
#include <portsock/ip_header.hpp>
#include <tests/fuzz/fuzz.hpp>

namespace portsock::fuzz {
namespace {

void expect_inside(const_bytes part, const_bytes whole) {
  if (part.empty()) return;
  expect(part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size(),
         "a payload lies in its packet");
}

template <class Echo>
void expect_round_trip(const Echo& echo, family of) {
  std::vector<std::byte> room(echo.payload.size() + icmp::header_size);
  const auto again = icmp::encode(echo, of, room);
  expect(again.has_value(), "what was decoded can be encoded");
  const auto read = icmp::decode(*again, of);
  expect(read.has_value() && std::holds_alternative<Echo>(*read), "and decoded again");
}

void decode(const_bytes packet, family of) {
  const auto message = icmp::decode(packet, of);
  if (!message) return;
  expect(!icmp::to_string(*message).empty(), "every message has words");
  if (const auto* request = std::get_if<icmp::echo_request>(&*message)) {
    expect_inside(request->payload, packet);
    expect_round_trip(*request, of);
  }
  if (const auto* reply = std::get_if<icmp::echo_reply>(&*message)) {
    expect_inside(reply->payload, packet);
    expect_round_trip(*reply, of);
  }
}

}  // namespace
}  // namespace portsock::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const auto of = fuzz::take_choice(data, size) % 2 == 0 ? family::v4 : family::v6;
  // A copy of its own size: a read beyond it is seen.
  const auto packet = fuzz::as_packet(data, size);
  std::vector<std::byte> copy{packet.begin(), packet.end()};
  fuzz::decode(copy, of);
  // Few random bytes have the right checksum.
  if (of == family::v4 && copy.size() >= icmp::header_size) {
    copy[2] = copy[3] = std::byte{0};
    const auto sum = checksum(copy);
    copy[2] = static_cast<std::byte>(sum >> 8);
    copy[3] = static_cast<std::byte>(sum & 0xff);
    fuzz::expect(checksum(copy) == 0, "a checksum makes the sum 0");
    fuzz::decode(copy, of);
  }
  return 0;
}
