// SPDX-License-Identifier: MIT
// Networks in CIDR notation: tables that the compiler reads, then random ones against arithmetic.

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <portsock/address.hpp>

namespace portsock {
namespace {

using namespace literals;

static_assert(!std::is_default_constructible_v<prefix>, "a prefix is always a network");
static_assert(std::is_trivially_copyable_v<prefix>);
static_assert(std::forward_iterator<address_range::iterator>);
static_assert(std::ranges::forward_range<address_range>);

// ---- Text

constexpr std::string_view prefixes[] = {
    "0.0.0.0/0", "10.0.0.0/8",      "192.0.2.128/25", "192.0.2.254/31", "255.255.255.255/32",
    "::/0",      "2001:db8::/32",   "fc00::/7",       "::1/128",        "::ffff:192.0.2.0/120",
    "8000::/1",  "2001:db8::2/127", "128.0.0.0/1"};
static_assert(std::ranges::all_of(prefixes, [](auto text) {
  const auto parsed = parse_prefix(text);
  std::array<char, address_text_size> buffer{};
  return parsed && format_to(buffer, *parsed) == text;
}));
static_assert("2001:DB8:0::/33"_prefix == "2001:db8::/33"_prefix);

constexpr std::string_view not_prefixes[] = {"",
                                             "/",
                                             "/8",
                                             "10.0.0.0",
                                             "10.0.0.0/",
                                             "10.0.0.0/33",
                                             "10.0.0.0/08",
                                             "10.0.0.0/+8",
                                             "10.0.0.0/-1",
                                             "10.0.0.0/8 ",
                                             "10.0.0.0 /8",
                                             "10.0.0.0/8/8",
                                             "10.0.0.1/8",
                                             "1.2.3.4/31x",
                                             "10/8",
                                             "10.0.0.0/128",
                                             "::/129",
                                             "::/00",
                                             "::1/127",
                                             "fe80::%2/64",
                                             "fe80::/64%2",
                                             "2001:db9::/31",
                                             "[::]/0",
                                             "10.0.0.0/255.0.0.0",
                                             "1.0.0.0/0",
                                             "1.2.3.5/31",
                                             "::/4294967296"};
static_assert(std::ranges::none_of(not_prefixes,
                                   [](auto text) { return parse_prefix(text).has_value(); }));

// ---- An address and a length

static_assert(prefix::of("10.1.2.3"_ip, 8) == "10.0.0.0/8"_prefix, "host bits are dropped");
static_assert(prefix::of("fe80::1%2"_ip, 64) == "fe80::/64"_prefix, "and so is the scope");
static_assert(prefix::of("255.255.255.255"_ip, 0) == "0.0.0.0/0"_prefix);
static_assert(prefix::of("1.2.3.4"_ip, 32) == "1.2.3.4/32"_prefix);
static_assert(!prefix::of("1.2.3.4"_ip, 33) && !prefix::of("::"_ip, 129));
static_assert(!prefix::of("::"_ip, (std::numeric_limits<unsigned>::max)()));

static_assert("10.0.0.0/8"_prefix.network() == "10.0.0.0"_ip && "10.0.0.0/8"_prefix.length() == 8);
static_assert("10.0.0.0/8"_prefix.first() == "10.0.0.0"_ip);
static_assert("10.0.0.0/8"_prefix.last() == "10.255.255.255"_ip);
static_assert("192.0.2.128/25"_prefix.last() == "192.0.2.255"_ip);
static_assert("2001:db8::/33"_prefix.last() == "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff"_ip);
static_assert("1.2.3.4/32"_prefix.last() == "1.2.3.4"_ip && "1.2.3.4/32"_prefix.is_host());
static_assert("::1/128"_prefix.is_host() && !"::/32"_prefix.is_host());
static_assert(!"192.0.2.0/31"_prefix.is_host());

// ---- Membership

static_assert("10.0.0.0/8"_prefix.contains("10.255.255.255"_ip));
static_assert(!"10.0.0.0/8"_prefix.contains("11.0.0.0"_ip));
static_assert("192.0.2.128/25"_prefix.contains("192.0.2.128"_ip));
static_assert(!"192.0.2.128/25"_prefix.contains("192.0.2.127"_ip));
static_assert("1.2.3.4/32"_prefix.contains("1.2.3.4"_ip));
static_assert(!"1.2.3.4/32"_prefix.contains("1.2.3.5"_ip));
static_assert("0.0.0.0/0"_prefix.contains("255.0.0.1"_ip) && "::/0"_prefix.contains("ffff::"_ip));
static_assert("fe80::/10"_prefix.contains("febf::1%9"_ip), "the scope does not matter");
static_assert(!"0.0.0.0/0"_prefix.contains("::"_ip) && !"::/0"_prefix.contains("0.0.0.0"_ip));
static_assert(!"10.0.0.0/8"_prefix.contains("::ffff:10.0.0.1"_ip), "families never mix");
static_assert("::ffff:10.0.0.0/104"_prefix.contains("::ffff:10.0.0.1"_ip));
static_assert("10.0.0.0/8"_prefix.contains("10.0.0.0/8"_prefix));
static_assert("10.0.0.0/8"_prefix.contains("10.2.0.0/16"_prefix));
static_assert(!"10.2.0.0/16"_prefix.contains("10.0.0.0/8"_prefix));
static_assert(!"10.0.0.0/8"_prefix.contains("11.0.0.0/16"_prefix));
static_assert(!"0.0.0.0/0"_prefix.contains("::/0"_prefix));

static_assert("10.0.0.0/8"_prefix < "10.0.0.0/9"_prefix &&
              "10.0.0.0/9"_prefix < "11.0.0.0/8"_prefix);

// ---- Hosts

constexpr std::uint64_t no_end = (std::numeric_limits<std::uint64_t>::max)();
static_assert("192.0.2.0/24"_prefix.host_count() == 254 && "192.0.2.0/30"_prefix.host_count() == 2);
static_assert("192.0.2.0/31"_prefix.host_count() == 2 && "192.0.2.0/32"_prefix.host_count() == 1);
static_assert("0.0.0.0/0"_prefix.host_count() == 4'294'967'294);
static_assert("::/128"_prefix.host_count() == 1 && "::/127"_prefix.host_count() == 2);
static_assert("::/65"_prefix.host_count() == std::uint64_t{1} << 63);
static_assert("::/64"_prefix.host_count() == no_end && "::/0"_prefix.host_count() == no_end);

constexpr bool hosts_are(const prefix& network, std::initializer_list<ip_address> expected) {
  auto next = expected.begin();
  for (const auto& host : network.hosts())
    if (next == expected.end() || host != *next++) return false;
  return next == expected.end();
}
static_assert(hosts_are("192.0.2.0/30"_prefix, {"192.0.2.1"_ip, "192.0.2.2"_ip}));
static_assert(hosts_are("192.0.2.0/31"_prefix, {"192.0.2.0"_ip, "192.0.2.1"_ip}), "RFC 3021");
static_assert(hosts_are("192.0.2.7/32"_prefix, {"192.0.2.7"_ip}));
static_assert(hosts_are("255.255.255.254/31"_prefix, {"255.255.255.254"_ip, "255.255.255.255"_ip}));
static_assert(hosts_are("255.255.255.255/32"_prefix, {"255.255.255.255"_ip}));
static_assert(hosts_are("0.0.0.0/32"_prefix, {"0.0.0.0"_ip}));
static_assert(hosts_are("2001:db8::/127"_prefix, {"2001:db8::"_ip, "2001:db8::1"_ip}));
static_assert(hosts_are("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127"_prefix,
                        {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"_ip,
                         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"_ip}));
static_assert(*"0.0.0.0/0"_prefix.hosts().begin() == "0.0.0.1"_ip);
static_assert(*"::/0"_prefix.hosts().begin() == "::"_ip);
static_assert(std::ranges::distance("10.0.0.0/22"_prefix.hosts()) == 1022);

TEST(PrefixHosts, CarryFromByteToByte) {
  const auto network = "10.0.0.0/15"_prefix;
  std::uint32_t expected = 0x0a000001;

  for (const auto& host : network.hosts()) {
    const auto& b = std::get<ipv4_address>(host).bytes;
    ASSERT_EQ(
        (std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3]),
        expected);
    ++expected;
  }

  EXPECT_EQ(expected, 0x0a01ffffu) << "one after the last host: the broadcast address";
}

TEST(PrefixHosts, CanBeWalkedTwice) {
  const auto hosts = "192.0.2.0/28"_prefix.hosts();
  auto first = hosts.begin();
  const auto again = first;

  EXPECT_EQ(*first++, "192.0.2.1"_ip);
  EXPECT_EQ(*first, "192.0.2.2"_ip);
  EXPECT_NE(first, again);
  EXPECT_EQ(*again, "192.0.2.1"_ip);
  EXPECT_EQ(std::ranges::distance(hosts), 14);
}

bool bit(const ip_address& address, unsigned index) {
  return std::visit([=](const auto& a) { return (a.bytes[index / 8] >> (7 - index % 8) & 1) != 0; },
                    address);
}

TEST(Prefix, OfAnyLengthAgreesWithItsBits) {
  std::mt19937 random{20260101};
  for (int i = 0; i < 5'000; ++i) {
    ipv4_address v4;
    ipv6_address v6;
    for (auto& byte : v4.bytes) byte = static_cast<std::uint8_t>(random());
    for (auto& byte : v6.bytes) byte = static_cast<std::uint8_t>(random());
    const ip_address address = random() % 2 == 0 ? ip_address{v4} : ip_address{v6};
    const unsigned bits = family_of(address) == family::v4 ? 32 : 128;
    const auto length = static_cast<unsigned>(random() % (bits + 1));

    const auto network = prefix::of(address, length).value();

    for (unsigned at = 0; at < bits; ++at) {
      ASSERT_EQ(bit(network.network(), at), at < length && bit(address, at));
      ASSERT_EQ(bit(network.last(), at), at >= length || bit(address, at));
      ip_address other = address;
      std::visit([=](auto& a) { a.bytes[at / 8] ^= static_cast<std::uint8_t>(0x80 >> at % 8); },
                 other);
      ASSERT_EQ(network.contains(other), at >= length) << to_string(network);
    }
    ASSERT_TRUE(network.contains(address));
    ASSERT_EQ(parse_prefix(to_string(network)), network);
  }
}

}  // namespace
}  // namespace portsock
