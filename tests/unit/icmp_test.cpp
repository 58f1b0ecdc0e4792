// SPDX-License-Identifier: MIT
#include <portsock/icmp.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <portsock/bytes.hpp>
#include <portsock/ip_header.hpp>
#include <tests/unit/icmp_samples.hpp>

namespace {

using namespace portsock;
using namespace portsock::samples;

bool same(const_bytes left, const_bytes right) { return std::ranges::equal(left, right); }

/// The alternative that was expected, or an empty one and a failed test.
template <class Message>
Message decoded(const_bytes packet, family version) {
  const auto message = icmp::decode(packet, version);
  if (message && std::holds_alternative<Message>(*message)) return std::get<Message>(*message);
  ADD_FAILURE() << (message ? icmp::to_string(*message) : "no message");
  return {};
}

const icmp::echo* echo_of(const icmp::message& message) {
  if (const auto* request = std::get_if<icmp::echo_request>(&message)) return request;
  if (const auto* reply = std::get_if<icmp::echo_reply>(&message)) return reply;
  return std::visit(
      [](const auto& error) -> const icmp::echo* {
        if constexpr (requires { error.original; })
          return error.original.request ? &*error.original.request : nullptr;
        else
          return nullptr;
      },
      message);
}

/// Decodes a copy whose end is the end of its memory, so that sanitizers see what is read behind
/// it.
void expect_safe(const_bytes packet, family version) {
  const std::vector<std::byte> copy{packet.begin(), packet.end()};
  const auto message = icmp::decode(copy, version);
  if (!message) return;
  EXPECT_FALSE(icmp::to_string(*message).empty());
  const icmp::echo* echo = echo_of(*message);
  if (echo == nullptr || echo->payload.empty()) return;
  EXPECT_TRUE(std::greater_equal<>{}(echo->payload.data(), copy.data()));
  EXPECT_TRUE(
      std::less_equal<>{}(echo->payload.data() + echo->payload.size(), copy.data() + copy.size()));
}

void repair_checksum(mutable_bytes packet) {
  detail::write_16(packet, 2, 0);
  detail::write_16(packet, 2, checksum(packet));
}

void expect_original_request(const icmp::quoted& original, const ip_address& from,
                             const ip_address& to, const_bytes quoted_payload) {
  EXPECT_EQ(original.source, from);
  EXPECT_EQ(original.destination, to);
  ASSERT_TRUE(original.request);
  EXPECT_EQ(original.request->identifier, 0x1234);
  EXPECT_EQ(original.request->sequence, 1);
  EXPECT_TRUE(same(original.request->payload, quoted_payload));
}

// The codec works where a program has not begun to run.
constexpr bool round_trip(family version) {
  std::array<std::byte, 16> room{};
  const auto packet = icmp::encode(
      icmp::echo_request{{.identifier = 7, .sequence = 9, .payload = payload}}, version, room);
  if (!packet) return false;
  const auto message = icmp::decode(*packet, version);
  if (!message || !std::holds_alternative<icmp::echo_request>(*message)) return false;
  const auto& request = std::get<icmp::echo_request>(*message);
  return request.identifier == 7 && request.sequence == 9 &&
         std::ranges::equal(request.payload, payload);
}
static_assert(round_trip(family::v4) && round_trip(family::v6));
static_assert(icmp::to_string(*icmp::decode(host_unreachable, family::v4)) ==
              "destination host unreachable");

TEST(IcmpEncode, WritesTheBytesOfTheRfc) {
  std::array<std::byte, 64> room{};
  const icmp::echo echo{0x1234, 1, payload};

  EXPECT_TRUE(same(icmp::encode(icmp::echo_request{echo}, family::v4, room).value(), request_v4));
  EXPECT_TRUE(same(icmp::encode(icmp::echo_reply{echo}, family::v4, room).value(), reply_v4));
  EXPECT_TRUE(same(icmp::encode(icmp::echo_reply{echo}, family::v6, room).value(), reply_v6));
}

TEST(IcmpEncode, LeavesTheIcmpv6ChecksumToTheSystemOrToFillChecksum) {
  std::array<std::byte, request_v6.size()> room{};
  ASSERT_TRUE(icmp::encode(icmp::echo_request{{0x1234, 1, payload}}, family::v6, room));
  EXPECT_EQ(detail::read_16(room, 2), 0);

  icmp::fill_checksum(room, source_v6, destination_v6);
  EXPECT_EQ(room, request_v6);
}

TEST(IcmpEncode, GivesNothingWhenItDoesNotFit) {
  std::array<std::byte, request_v4.size()> room{};
  for (std::size_t size = 0; size != room.size(); ++size) {
    const auto part = mutable_bytes{room}.first(size);
    EXPECT_FALSE(icmp::encode(icmp::echo_request{{0x1234, 1, payload}}, family::v4, part)) << size;
  }
  EXPECT_EQ(room, decltype(room){});
}

TEST(IcmpDecode, ReadsEchoes) {
  for (const auto& [version, packet] : {every_sample[0], every_sample[7]}) {
    const auto request = decoded<icmp::echo_request>(packet, version);
    EXPECT_EQ(request.identifier, 0x1234);
    EXPECT_EQ(request.sequence, 1);
    EXPECT_TRUE(same(request.payload, payload));
  }
  EXPECT_TRUE(same(decoded<icmp::echo_reply>(reply_v4, family::v4).payload, payload));
  EXPECT_TRUE(same(decoded<icmp::echo_reply>(reply_v6, family::v6).payload, payload));
}

TEST(IcmpDecode, FindsTheRequestBehindIpv4Options) {
  const auto error = decoded<icmp::unreachable>(host_unreachable, family::v4);
  EXPECT_EQ(error.code, 1);
  EXPECT_EQ(error.mtu, 0u);
  EXPECT_EQ(error.original.hop_limit, 1);
  expect_original_request(error.original, source_v4, destination_v4, payload);
}

TEST(IcmpDecode, FindsTheRequestInAQuoteOfEightBytes) {
  const auto error = decoded<icmp::unreachable>(fragmentation_needed, family::v4);
  EXPECT_EQ(error.mtu, 1400u);
  expect_original_request(error.original, source_v4, destination_v4, {});
}

TEST(IcmpDecode, ReadsTheOtherIpv4Errors) {
  const auto exceeded = decoded<icmp::time_exceeded>(time_exceeded_v4, family::v4);
  expect_original_request(exceeded.original, source_v4, destination_v4, payload);

  const auto problem = decoded<icmp::parameter_problem>(parameter_problem_v4, family::v4);
  EXPECT_EQ(problem.pointer, 20u);
  expect_original_request(problem.original, source_v4, destination_v4, payload);

  const auto better = decoded<icmp::redirect>(redirect_v4, family::v4);
  EXPECT_EQ(better.gateway, ip_address(ipv4_address{{192, 0, 2, 1}}));
  expect_original_request(better.original, source_v4, destination_v4, {});
}

TEST(IcmpDecode, ReadsTheIpv6Errors) {
  const auto lost = decoded<icmp::unreachable>(address_unreachable, family::v6);
  EXPECT_EQ(lost.original.hop_limit, 3);
  expect_original_request(lost.original, source_v6, destination_v6, payload);

  const auto big = decoded<icmp::packet_too_big>(too_big, family::v6);
  EXPECT_EQ(big.mtu, 100'000u);
  expect_original_request(big.original, source_v6, destination_v6, payload);

  const auto problem = decoded<icmp::parameter_problem>(parameter_problem_v6, family::v6);
  EXPECT_EQ(problem.pointer, 40u);
  expect_original_request(problem.original, source_v6, destination_v6, payload);

  const auto better = decoded<icmp::redirect>(redirect_v6, family::v6);
  EXPECT_EQ(better.gateway, ip_address(destination_v6));
  expect_original_request(better.original, source_v6, destination_v6, payload);
}

TEST(IcmpDecode, FindsTheRequestBehindIpv6ExtensionHeaders) {
  const auto error = decoded<icmp::time_exceeded>(time_exceeded_of_fragment, family::v6);
  EXPECT_EQ(error.original.protocol, 58);
  expect_original_request(error.original, source_v6, destination_v6, payload);
}

TEST(IcmpDecode, TakesNoLaterFragmentForARequest) {
  const auto error = decoded<icmp::time_exceeded>(time_exceeded_of_later_fragment, family::v6);
  EXPECT_FALSE(error.original.request);

  auto packet = time_exceeded_v4;
  packet[8 + 7] = std::byte{1};  // a fragment offset of 8 bytes
  repair_checksum(packet);
  EXPECT_FALSE(decoded<icmp::time_exceeded>(packet, family::v4).original.request);
}

TEST(IcmpDecode, LeavesAwayThePaddingAndTheExtensionsBehindAQuote) {
  std::vector<std::byte> packet{time_exceeded_v4.begin(), time_exceeded_v4.end()};
  packet.resize(8 + 128 + 8, std::byte{0});
  packet[5] = std::byte{128 / 4};
  repair_checksum(packet);
  EXPECT_TRUE(
      same(decoded<icmp::time_exceeded>(packet, family::v4).original.request->payload, payload));

  packet[8 + 2] = std::byte{0x05};  // a quoted packet of 0x0521 bytes, so the quote is not padded
  repair_checksum(packet);
  EXPECT_EQ(decoded<icmp::time_exceeded>(packet, family::v4).original.request->payload.size(),
            128u - 20 - 8);
}

TEST(IcmpDecode, RefusesADamagedIpv4Message) {
  for (const auto& [version, packet] : every_sample) {
    std::vector<std::byte> damaged{packet.begin(), packet.end()};
    damaged.back() ^= std::byte{0x10};
    EXPECT_EQ(icmp::decode(damaged, version).has_value(), version == family::v6);
  }
}

TEST(IcmpDecode, AcceptsTheQuotedLengthInTheByteOrderOfMacos) {
  auto packet = time_exceeded_v4;
  std::swap(packet[8 + 2], packet[8 + 3]);
  expect_original_request(decoded<icmp::time_exceeded>(packet, family::v4).original, source_v4,
                          destination_v4, payload);
}

TEST(IcmpDecode, PassesOnWhatItDoesNotRead) {
  auto timestamp = bytes(13, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0);
  repair_checksum(timestamp);
  EXPECT_EQ(decoded<icmp::other>(timestamp, family::v4).type, 13);

  const auto advertisement = bytes(136, 0, 0, 0, 0, 0, 0, 0);
  EXPECT_EQ(decoded<icmp::other>(advertisement, family::v6).type, 136);

  const auto without_quote = const_bytes{redirect_v6}.first(48);
  EXPECT_EQ(decoded<icmp::other>(without_quote, family::v6).type, 137);
}

TEST(IcmpDecode, IsSafeAtEveryLength) {
  for (const auto& [version, packet] : every_sample) {
    for (std::size_t size = 0; size != packet.size(); ++size) {
      std::vector<std::byte> part{packet.begin(),
                                  packet.begin() + static_cast<std::ptrdiff_t>(size)};
      expect_safe(part, version);
      if (size < icmp::header_size) {
        EXPECT_FALSE(icmp::decode(part, version));
      } else {
        repair_checksum(part);  // so that IPv4's does not hide what comes behind it
        expect_safe(part, version);
      }
    }
  }
}

TEST(IcmpDecode, IsSafeWithAnyByteChanged) {
  for (const auto& [version, packet] : every_sample) {
    for (std::size_t at = 0; at != packet.size(); ++at) {
      for (int value = 0; value != 256; ++value) {
        std::vector<std::byte> changed{packet.begin(), packet.end()};
        changed[at] = static_cast<std::byte>(value);
        expect_safe(changed, version);
        repair_checksum(changed);
        expect_safe(changed, version);
      }
    }
  }
}

TEST(IcmpWords, NameTheCodesOfBothFamilies) {
  const auto about = [](auto error, std::uint8_t code, const ip_address& source) {
    error.code = code;
    error.original.source = source;
    return icmp::to_string(error);
  };
  using icmp::parameter_problem, icmp::redirect, icmp::time_exceeded, icmp::unreachable;

  EXPECT_EQ(about(unreachable{}, 3, source_v4), "destination port unreachable");
  EXPECT_EQ(about(unreachable{}, 4, source_v4), "fragmentation needed");
  EXPECT_EQ(about(unreachable{}, 15, source_v4), "precedence cutoff in effect");
  EXPECT_EQ(about(unreachable{}, 16, source_v4), "destination unreachable");
  EXPECT_EQ(about(unreachable{}, 0, source_v6), "no route to destination");
  EXPECT_EQ(about(unreachable{}, 7, source_v6), "error in source routing header");
  EXPECT_EQ(about(time_exceeded{}, 0, source_v4), "time to live exceeded");
  EXPECT_EQ(about(time_exceeded{}, 0, source_v6), "hop limit exceeded");
  EXPECT_EQ(about(time_exceeded{}, 2, source_v6), "time exceeded");
  EXPECT_EQ(about(parameter_problem{}, 1, source_v4), "required option missing");
  EXPECT_EQ(about(parameter_problem{}, 1, source_v6), "unrecognized next header");
  EXPECT_EQ(about(redirect{}, 1, source_v4), "redirect for host");
  EXPECT_EQ(about(redirect{}, 0, source_v6), "redirect");
  EXPECT_EQ(icmp::to_string(icmp::packet_too_big{}), "packet too big");
  EXPECT_EQ(icmp::to_string(icmp::echo_reply{}), "echo reply");
}

}  // namespace
