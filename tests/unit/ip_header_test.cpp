// SPDX-License-Identifier: MIT
#include <portsock/ip_header.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include <portsock/bytes.hpp>
#include <tests/unit/icmp_samples.hpp>

namespace {

using namespace portsock;
using namespace portsock::samples;

static_assert(decode_ipv4_header(ip_v4_with_options)->header_size == 24);

TEST(Checksum, OfTheExampleInRfc1071) {
  EXPECT_EQ(checksum(bytes(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)), 0xffff - 0xddf2);
}

TEST(Checksum, OfOddLengthsCountsAZeroBehind) {
  EXPECT_EQ(checksum({}), 0xffff);
  EXPECT_EQ(checksum(bytes(0xab)), checksum(bytes(0xab, 0x00)));
  EXPECT_EQ(checksum(bytes(1, 2, 3)), checksum(bytes(1, 2, 3, 0)));
}

TEST(Checksum, OfMoreThan32BitsCanSumDoesNotOverflow) {
  const std::vector<std::byte> ones(0x20004, std::byte{0xff});
  EXPECT_EQ(checksum(ones, 0xffffffff), 0);
}

TEST(Checksum, WithAPseudoHeaderVerifiesIcmpv6) {
  EXPECT_EQ(checksum(request_v6, pseudo_header(source_v6, destination_v6, request_v6.size(), 58)),
            0);
  EXPECT_NE(checksum(request_v6, pseudo_header(source_v6, source_v6, request_v6.size(), 58)), 0);
  EXPECT_EQ(pseudo_header({}, {}, 0x00020003, 58), 2u + 3 + 58);
}

TEST(Ipv4Header, IsReadFieldByField) {
  const auto header = decode_ipv4_header(ip_v4).value();
  EXPECT_EQ(header.header_size, 20u);
  EXPECT_EQ(header.total_length, 33);
  EXPECT_EQ(header.identification, 0xabcd);
  EXPECT_TRUE(header.dont_fragment);
  EXPECT_FALSE(header.more_fragments);
  EXPECT_EQ(header.hop_limit, 1);
  EXPECT_EQ(header.protocol, 1);
  EXPECT_EQ(header.source, source_v4);
  EXPECT_EQ(header.destination, destination_v4);
}

TEST(Ipv4Header, IsWrittenWithItsChecksum) {
  std::array<std::byte, 24> room{};
  const auto header = decode_ipv4_header(ip_v4).value();
  EXPECT_TRUE(std::ranges::equal(encode_ipv4_header(header, room).value(), ip_v4));
}

TEST(Ipv4Header, ComesBackAsItWasWritten) {
  std::array<std::byte, 20> room{};
  ipv4_header header;
  header.traffic_class = 0xb8;
  header.more_fragments = true;
  header.fragment_offset = 65528;
  ASSERT_TRUE(encode_ipv4_header(header, room));

  const auto read = decode_ipv4_header(room).value();
  EXPECT_EQ(read.traffic_class, 0xb8);
  EXPECT_TRUE(read.more_fragments);
  EXPECT_FALSE(read.dont_fragment);
  EXPECT_EQ(read.fragment_offset, 65528);
  EXPECT_EQ(checksum(room), 0);
}

TEST(Ipv4Header, ThatCannotBeWrittenIsRefused) {
  std::array<std::byte, 24> room{};
  ipv4_header with_options;
  with_options.header_size = 24;
  EXPECT_FALSE(encode_ipv4_header(with_options, room));
  ipv4_header between_units;
  between_units.fragment_offset = 4;
  EXPECT_FALSE(encode_ipv4_header(between_units, room));
  EXPECT_FALSE(encode_ipv4_header({}, mutable_bytes{room}.first(19)));
}

TEST(Ipv4Header, ThatIsNotWholeIsRefused) {
  for (std::size_t size = 0; size != ip_v4_with_options.size(); ++size)
    EXPECT_FALSE(decode_ipv4_header(const_bytes{ip_v4_with_options}.first(size))) << size;

  auto packet = ip_v4;
  for (const int first : {0x44, 0x46, 0x65, 0x00}) {  // short, longer than the packet, IPv6, none
    packet[0] = static_cast<std::byte>(first);
    EXPECT_FALSE(decode_ipv4_header(packet)) << first;
  }
}

}  // namespace
