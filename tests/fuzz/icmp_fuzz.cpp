// SPDX-License-Identifier: MIT

// A packet from anywhere. Its first byte chooses the family.

#include <algorithm>
#include <optional>
#include <vector>

#include <portsock/icmp.hpp>
#include <portsock/ip_header.hpp>
#include <tests/fuzz/fuzz.hpp>
#include <tests/fuzz/icmp_errors.hpp>

namespace portsock::fuzz {
namespace {

unsigned octet(const_bytes bytes, std::size_t at) { return std::to_integer<unsigned>(bytes[at]); }
unsigned number(const_bytes bytes, std::size_t at) {
  return octet(bytes, at) << 8 | octet(bytes, at + 1);
}

void expect_inside(const_bytes part, const_bytes whole) {
  if (part.empty()) return;
  expect(part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size(),
         "a payload lies in its packet");
}

/// The fields of an echo are those of their places (RFC 792); of its payload, a part from the
/// front.
void expect_fields(const icmp::echo& read, const_bytes message) {
  expect(read.identifier == number(message, 4), "the identifier");
  expect(read.sequence == number(message, 6), "the sequence number");
  expect(read.payload.size() <= message.size() - icmp::header_size, "no more than there is");
  expect(std::ranges::equal(read.payload, message.subspan(8, read.payload.size())), "the payload");
}

template <class Echo>
void expect_round_trip(const Echo& echo, const_bytes packet, family of) {
  std::vector<std::byte> room(echo.payload.size() + icmp::header_size);
  const auto again = icmp::encode(echo, of, room);
  expect(again.has_value(), "what was decoded can be encoded");
  expect(again->size() == packet.size(), "to its size");
  // A checksum of 0 may be written in two ways.
  expect(std::ranges::equal(again->first(2), packet.first(2)) &&
             std::ranges::equal(again->subspan(4), packet.subspan(4)),
         "to the same bytes");
  expect(of == family::v4 ? checksum(*again) == 0 : number(*again, 2) == 0, "and its checksum");
  const auto read = icmp::decode(*again, of);
  expect(read.has_value() && std::holds_alternative<Echo>(*read), "and decoded again");
}

template <class Echo>
void expect_echo(const Echo& echo, const_bytes packet, family of) {
  expect_inside(echo.payload, packet);
  expect(echo.payload.size() == packet.size() - icmp::header_size, "all of the payload");
  expect_fields(echo, packet);
  expect_round_trip(echo, packet, of);
}

/// Where an IPv6 redirect has its quote: in the first option that is one (RFC 4861, 4.6.3).
const_bytes quote_of_redirect(const_bytes packet) {
  auto rest = packet.subspan(40);
  while (octet(rest, 0) != 4) rest = rest.subspan(octet(rest, 1) * std::size_t{8});
  return rest.first(octet(rest, 1) * std::size_t{8}).subspan(8);
}

template <class Address>
void expect_address(const ip_address& read, const_bytes header, std::size_t at) {
  const auto* const address = std::get_if<Address>(&read);
  expect(address != nullptr, "a quote is of the family of its packet");
  const auto bytes = std::as_bytes(std::span{address->bytes});
  expect(std::ranges::equal(bytes, header.subspan(at, bytes.size())), "a quoted address");
}

/// Where the quoted packet's payload begins; nothing when another look at extension headers would
/// be needed for it.
std::optional<std::size_t> size_of_header(const_bytes quote, family of) {
  if (of == family::v4) return octet(quote, 0) % 16 * 4;
  const auto next = octet(quote, 6);
  if (next == 0 || next == 43 || next == 44 || next == 60) return std::nullopt;
  return 40;
}

void expect_request(const icmp::quoted& read, const_bytes quote, family of) {
  const auto header_size = size_of_header(quote, of);
  if (!header_size) return;
  const bool v4 = of == family::v4;
  expect(read.protocol == octet(quote, v4 ? 9 : 6), "the quoted protocol");
  const auto packet = quote.subspan(*header_size);
  const bool is_first = !v4 || number(quote, 6) % 0x2000 == 0;
  const bool is_icmp = read.protocol == (v4 ? 1u : 58u);
  const bool is_request = is_icmp && is_first && packet.size() >= icmp::header_size &&
                          number(packet, 0) == (v4 ? 8u : 128u) << 8;
  expect(read.request.has_value() == is_request, "a request is told where it is quoted");
  if (read.request) expect_fields(*read.request, packet);
}

void expect_quoted(const icmp::quoted& read, const_bytes quote, family of) {
  expect(read.hop_limit == octet(quote, of == family::v4 ? 8 : 7), "the quoted hop limit");
  if (of == family::v4) {
    expect_address<ipv4_address>(read.source, quote, 12);
    expect_address<ipv4_address>(read.destination, quote, 16);
  } else {
    expect_address<ipv6_address>(read.source, quote, 8);
    expect_address<ipv6_address>(read.destination, quote, 24);
  }
  if (read.request) expect_inside(read.request->payload, quote);
  expect_request(read, quote, of);
}

struct judge {
  const_bytes packet;
  family of;

  void operator()(const icmp::echo_request& request) const {
    expect_echo(request, packet, of);
    // More than that, an IPv6 redirect has no room to quote.
    if (request.payload.size() > 1900) return;
    if (of == family::v4)
      errors_about<ipv4_address>{request}.expect_all_told();
    else
      errors_about<ipv6_address>{request}.expect_all_told();
  }
  void operator()(const icmp::echo_reply& reply) const { expect_echo(reply, packet, of); }
  void operator()(const icmp::redirect& error) const {
    expect(error.code == octet(packet, 1), "the code");
    if (of == family::v4)
      expect_address<ipv4_address>(error.gateway, packet, 4);
    else
      expect_address<ipv6_address>(error.gateway, packet, 8);
    expect_quoted(error.original, of == family::v4 ? packet.subspan(8) : quote_of_redirect(packet),
                  of);
  }
  void operator()(const icmp::other& message) const {
    expect(message.type == octet(packet, 0) && message.code == octet(packet, 1), "what it is");
  }
  template <class Error>
  void operator()(const Error& error) const {
    if constexpr (requires { error.code; }) expect(error.code == octet(packet, 1), "the code");
    expect_quoted(error.original, packet.subspan(8), of);
  }
};

void decode(const_bytes packet, family of) {
  const auto message = icmp::decode(packet, of);
  if (!message) return;
  expect(!icmp::to_string(*message).empty(), "every message has words");
  std::visit(judge{packet, of}, *message);
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
  if (of == family::v4 && copy.size() >= icmp::header_size) {
    fuzz::mend(copy);
    fuzz::expect(checksum(copy) == 0, "a checksum makes the sum 0");
    fuzz::decode(copy, of);
  }
  return 0;
}
