// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <vector>

#include <portsock/ip_header.hpp>
#include <tests/fuzz/fuzz.hpp>

namespace portsock::fuzz {
namespace {

unsigned octet(const_bytes packet, std::size_t at) { return std::to_integer<unsigned>(packet[at]); }
unsigned number(const_bytes packet, std::size_t at) {
  return octet(packet, at) << 8 | octet(packet, at + 1);
}

bool is_at(const ipv4_address& address, const_bytes packet, std::size_t at) {
  return std::ranges::equal(std::as_bytes(std::span{address.bytes}), packet.subspan(at, 4));
}

/// Each field is the one of its place (RFC 791, 3.1): reading and writing might both have another.
void expect_fields(const ipv4_header& read, const_bytes packet) {
  expect(read.header_size == octet(packet, 0) % 16 * 4, "the header's size");
  expect(read.traffic_class == octet(packet, 1), "the traffic class");
  expect(read.total_length == number(packet, 2), "the total length");
  expect(read.identification == number(packet, 4), "the identification");
  expect(read.dont_fragment == ((octet(packet, 6) & 0x40) != 0), "whether it may be fragmented");
  expect(read.more_fragments == ((octet(packet, 6) & 0x20) != 0), "whether more fragments come");
  expect(read.fragment_offset == number(packet, 6) % 0x2000 * 8, "the fragment's place");
  expect(read.hop_limit == octet(packet, 8), "the hop limit");
  expect(read.protocol == octet(packet, 9), "the protocol");
  expect(is_at(read.source, packet, 12), "the source");
  expect(is_at(read.destination, packet, 16), "the destination");
}

/// What is written is what was read, but for the options, the bit that nobody uses, and the
/// checksum, which is made anew.
void expect_round_trip(ipv4_header read, const_bytes packet) {
  read.header_size = ipv4_header::smallest;
  std::array<std::byte, ipv4_header::smallest> room;
  const auto written = encode_ipv4_header(read, room);
  expect(written.has_value(), "what was decoded can be encoded");
  expect(written->size() == ipv4_header::smallest, "without options");
  expect(checksum(*written) == 0, "with its checksum");

  std::array<std::byte, ipv4_header::smallest> wanted;
  std::ranges::copy(packet.first(wanted.size()), wanted.begin());
  wanted[0] = std::byte{0x45};
  wanted[6] &= std::byte{0x7f};
  std::ranges::copy(written->subspan(10, 2), wanted.begin() + 10);
  expect(std::ranges::equal(*written, wanted), "to the same bytes");
}

}  // namespace
}  // namespace portsock::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const auto bytes = fuzz::as_packet(data, size);
  const std::vector<std::byte> packet{bytes.begin(), bytes.end()};  // a read beyond it is seen
  const auto header = decode_ipv4_header(packet);
  if (!header) return 0;
  fuzz::expect(header->header_size >= ipv4_header::smallest, "a header has 20 bytes at least");
  fuzz::expect(header->header_size <= packet.size(), "a header is whole");
  fuzz::expect_fields(*header, packet);
  fuzz::expect_round_trip(*header, packet);
  return 0;
}
