// SPDX-License-Identifier: MIT
#include <array>
#include <vector>

#include <portsock/ip_header.hpp>
#include <tests/fuzz/fuzz.hpp>

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace portsock;
  const auto bytes = fuzz::as_packet(data, size);
  const std::vector<std::byte> packet{bytes.begin(), bytes.end()};  // a read beyond it is seen
  const auto header = decode_ipv4_header(packet);
  if (!header) return 0;
  fuzz::expect(header->header_size >= ipv4_header::smallest, "a header has 20 bytes at least");
  fuzz::expect(header->header_size <= packet.size(), "a header is whole");

  auto plain = *header;
  plain.header_size = ipv4_header::smallest;
  std::array<std::byte, ipv4_header::smallest> room;
  const auto written = encode_ipv4_header(plain, room);
  fuzz::expect(written.has_value(), "what was decoded can be encoded");
  fuzz::expect(checksum(*written) == 0, "with its checksum");
  const auto again = decode_ipv4_header(*written);
  fuzz::expect(again.has_value(), "and decoded again");
  fuzz::expect(again->source == plain.source && again->destination == plain.destination &&
                   again->total_length == plain.total_length &&
                   again->fragment_offset == plain.fragment_offset,
               "to the same");
  return 0;
}
