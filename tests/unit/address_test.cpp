// SPDX-License-Identifier: MIT
// Addresses, their text and their purposes, in tables that the compiler reads.

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>
#include <type_traits>
#include <unordered_set>

#include <portsock/address.hpp>

namespace portsock {
namespace {

using namespace literals;
using namespace std::string_view_literals;

// ---- What must not compile, or weigh anything

static_assert(std::is_trivially_copyable_v<endpoint> && sizeof(endpoint) <= 28);
static_assert(!std::is_convertible_v<std::string_view, ip_address>,
              "text is parsed, or it is text");
static_assert(!std::is_convertible_v<std::uint32_t, ip_address>, "a number has a byte order");
static_assert(!std::is_convertible_v<ip_address, endpoint>, "an endpoint has a port");
template <std::size_t Size>
concept room_for_text =
    requires(std::array<char, Size> buffer, ip_address address) { format_to(buffer, address); };
static_assert(room_for_text<address_text_size> && !room_for_text<address_text_size - 1>);

// ---- Text that is an address, and the text that it becomes

constexpr bool reads_back(std::string_view text, std::string_view canonical) {
  const auto address = parse_address(text);
  std::array<char, address_text_size> buffer{};
  return address && format_to(buffer, *address) == canonical &&
         parse_address(canonical) == *address;
}
constexpr bool reads_back(std::string_view canonical) { return reads_back(canonical, canonical); }

static_assert(reads_back("0.0.0.0") && reads_back("255.255.255.255") && reads_back("1.20.103.9"));
static_assert(reads_back("::") && reads_back("::1") && reads_back("1::"));
static_assert(reads_back("2001:db8::1") && reads_back("1:2:3:4:5:6:7:8"));
static_assert(reads_back("2001:DB8::00A1", "2001:db8::a1"), "lower case, no leading zeros");
static_assert(reads_back("2001:db8:0:0:0:0:0:1", "2001:db8::1"));
static_assert(reads_back("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), "the longest run");
static_assert(reads_back("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), "the first of two");
static_assert(reads_back("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), "not one group alone");
static_assert(reads_back("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::") && reads_back("0:0:3::8", "0:0:3::8"));
static_assert(reads_back("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), "'::' may be one group");
static_assert(reads_back("::ffff:192.0.2.1") && reads_back("::FFFF:c000:201", "::ffff:192.0.2.1"));
static_assert(reads_back("64:ff9b::1.2.3.4", "64:ff9b::102:304"), "dotted for mapped ones only");
static_assert(reads_back("::1.2.3.4", "::102:304"));
static_assert(reads_back("1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"));
static_assert(reads_back("fe80::1%2") && reads_back("2001:db8::1%4294967295"));
static_assert(reads_back("::ffff:192.0.2.1%7") && reads_back("::%1"));
static_assert("fe80::1%2"_ip ==
              ip_address{ipv6_address{{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 2}});
static_assert("192.0.2.1"_ip == ip_address{ipv4_address{{192, 0, 2, 1}}});

// ---- Text that is none

constexpr std::string_view not_addresses[] = {
    "",
    " ",
    ".",
    ":",
    ":::",
    "%1",
    "localhost",
    // IPv4: short, long, octal, hexadecimal, out of range, blanks, signs
    "127.1",
    "1.2.3",
    "1.2.3.",
    ".1.2.3",
    "1..2.3",
    "1.2.3.4.",
    "1.2.3.4.5",
    "1.2.3..4",
    "...1...",
    "2130706433",
    "0x7f.0.0.1",
    "0x7f000001",
    "010.0.0.1",
    "1.2.3.04",
    "00.0.0.0",
    "1.2.3.000",
    "1.2.3.256",
    "256.2.3.4",
    "1.999.3.4",
    "1.2.3.1000",
    "1111.2.3.4",
    " 1.2.3.4",
    "1.2.3.4 ",
    "1.2. 3.4",
    "1.2.3.4\n",
    "+1.2.3.4",
    "-1.2.3.4",
    "1.2.3.a",
    "1.2.3./",
    "1.2.3.:",
    "1.2.3.4%1",
    "1,2,3,4",
    "1.2.3.4\0"sv,
    "1.2\0.3.4"sv,
    "\xb1.2.3.4",
    "255.255.255.2555",
    "1.23.45",
    // IPv6: too few or too many groups, long groups, lonely colons
    "1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1::2:3:4:5:6:7:8",
    "::1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7:8::",
    "1::2::3",
    "::1::",
    ":1::",
    ":1",
    "1:",
    "1:2:3:4:5:6:7:",
    "::1:",
    ":::1",
    "1:::2",
    "1:::",
    "12345::",
    "::00001",
    "::g",
    "::0x1",
    "::1 ",
    " ::1",
    "[::1]",
    "::1/64",
    "::-1",
    "1:2:3:4:5:6:7:8:",
    ":1:2:3:4:5:6:7:8",
    "2001:db8::1\0"sv,
    // IPv6 with an IPv4 tail
    "::1.2.3",
    "::1.2.3.04",
    "::1.2.3.256",
    "::1.2.3.4:5",
    "1.2.3.4::",
    "::1.2.3.4.",
    "::.2.3.4",
    "1:2:3:4:5:6:7:1.2.3.4",
    "1:2:3:4:5:1.2.3.4",
    "1:2:3:4:5:6::1.2.3.4",
    "::12ab.2.3.4",
    "::1.2.3.4::",
    "1:2:3:4:5:6:7:8:1.2.3.4",
    // zones
    "fe80::1%",
    "fe80::1%0",
    "fe80::1%01",
    "fe80::1%4294967296",
    "fe80::1%99999999999",
    "fe80::1%+2",
    "fe80::1%-1",
    "fe80::1%eth0",
    "fe80::1%2 ",
    "fe80::1%%2",
    "fe80::1%2%2",
    "fe80%2::1",
    "::1%0x2",
};
static_assert(std::ranges::none_of(not_addresses,
                                   [](auto text) { return parse_address(text).has_value(); }));

// ---- Ports and endpoints

static_assert(parse_port("0") == 0 && parse_port("80") == 80 && parse_port("65535") == 65535);
constexpr std::string_view not_ports[] = {"",    "65536", "99999", "100000000000", "00",   "080",
                                          "+80", "-1",    " 80",   "80 ",          "0x50", "http"};
static_assert(std::ranges::none_of(not_ports,
                                   [](auto text) { return parse_port(text).has_value(); }));

constexpr std::string_view endpoints[] = {
    "192.0.2.1:80",           "0.0.0.0:0",
    "255.255.255.255:65535",  "[::]:0",
    "[fe80::1%2]:80",         "[2001:db8::1]:65535",
    "[::ffff:192.0.2.1]:443", "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535"};
static_assert(std::ranges::all_of(endpoints, [](auto text) {
  const auto parsed = parse_endpoint(text);
  std::array<char, address_text_size> buffer{};
  return parsed && format_to(buffer, *parsed) == text;
}));
static_assert("192.0.2.1:80"_endpoint == endpoint{"192.0.2.1"_ip, 80});
static_assert("[fe80::1%2]:80"_endpoint == endpoint{"fe80::1%2"_ip, 80});

constexpr std::string_view not_endpoints[] = {"",
                                              ":80",
                                              "192.0.2.1",
                                              "192.0.2.1:",
                                              "192.0.2.1:080",
                                              "192.0.2.1:65536",
                                              "[::1]",
                                              "[::1]:",
                                              "[::1]80",
                                              "2001:db8::1:80",
                                              "::1:80",
                                              "[192.0.2.1]:80",
                                              "[]:80",
                                              "[:80",
                                              "]:80",
                                              "[::1:80",
                                              "::1]:80",
                                              "[[::1]]:80",
                                              "[::1] :80",
                                              "[::1]:+80",
                                              "192.0.2.1: 80",
                                              "192.0.2.1:80:80",
                                              "1.2.3:80",
                                              "host:80",
                                              "[::1%]:80",
                                              "[::1]%2:80",
                                              "192.0.2.1:-1"};
static_assert(std::ranges::none_of(not_endpoints,
                                   [](auto text) { return parse_endpoint(text).has_value(); }));

// ---- What an address is for

enum purpose : unsigned { unspecified = 1, loops = 2, multicast = 4, local = 8, inside = 16 };
struct purpose_row {
  ip_address address;
  unsigned purposes;
};
// clang-format off
constexpr purpose_row purposes[] = {
    {"0.0.0.0"_ip, unspecified},              {"0.0.0.1"_ip, 0},
    {"127.0.0.0"_ip, loops},                  {"127.255.255.255"_ip, loops},
    {"126.255.255.255"_ip, 0},                {"128.0.0.0"_ip, 0},
    {"224.0.0.0"_ip, multicast},              {"239.255.255.255"_ip, multicast},
    {"223.255.255.255"_ip, 0},                {"240.0.0.0"_ip, 0},
    {"169.254.0.0"_ip, local},                {"169.254.255.255"_ip, local},
    {"169.253.255.255"_ip, 0},                {"169.255.0.0"_ip, 0},
    {"10.0.0.0"_ip, inside},                  {"10.255.255.255"_ip, inside},
    {"9.255.255.255"_ip, 0},                  {"11.0.0.0"_ip, 0},
    {"172.16.0.0"_ip, inside},                {"172.31.255.255"_ip, inside},
    {"172.15.255.255"_ip, 0},                 {"172.32.0.0"_ip, 0},
    {"192.168.0.0"_ip, inside},               {"192.168.255.255"_ip, inside},
    {"192.167.255.255"_ip, 0},                {"192.169.0.0"_ip, 0},
    {"::"_ip, unspecified},                   {"::%3"_ip, unspecified},
    {"::1"_ip, loops},                        {"::1%3"_ip, loops},
    {"::2"_ip, 0},                            {"1::1"_ip, 0},
    {"ff00::"_ip, multicast},                 {"ff02::1%2"_ip, multicast},
    {"fe80::"_ip, local},                     {"febf:ffff::1%2"_ip, local},
    {"fe7f::"_ip, 0},                         {"fec0::"_ip, 0},
    {"fc00::"_ip, inside},                    {"fdff:ffff::1"_ip, inside},
    {"fbff::"_ip, 0},                         {"2001:db8::1"_ip, 0},
    {"::ffff:127.0.0.1"_ip, 0},               {"::ffff:0.0.0.0"_ip, 0},
};
// clang-format on
static_assert(std::ranges::all_of(purposes, [](const purpose_row& row) {
  const auto& a = row.address;
  return row.purposes ==
         (is_unspecified(a) * unspecified | is_loopback(a) * loops | is_multicast(a) * multicast |
          is_link_local(a) * local | is_private(a) * inside);
}));

static_assert(any(family::v4) == "0.0.0.0"_ip && any(family::v6) == "::"_ip);
static_assert(loopback(family::v4) == "127.0.0.1"_ip && loopback(family::v6) == "::1"_ip);
static_assert(family_of("1.2.3.4"_ip) == family::v4 && family_of("::1.2.3.4"_ip) == family::v6);

static_assert(is_v4_mapped("::ffff:0:0"_ip) && is_v4_mapped("::ffff:255.255.255.255%1"_ip));
static_assert(!is_v4_mapped("::fffe:1.2.3.4"_ip) && !is_v4_mapped("::1.2.3.4"_ip));
static_assert(!is_v4_mapped("1::ffff:1.2.3.4"_ip) && !is_v4_mapped("1.2.3.4"_ip));
static_assert(mapped({{192, 0, 2, 1}}) == std::get<ipv6_address>("::ffff:192.0.2.1"_ip));
static_assert(unmapped("::ffff:192.0.2.1%4"_ip) == "192.0.2.1"_ip);
static_assert(unmapped("::1%4"_ip) == "::1%4"_ip && unmapped("1.2.3.4"_ip) == "1.2.3.4"_ip);

static_assert("9.0.0.0"_ip < "10.0.0.0"_ip && "255.255.255.255"_ip < "::"_ip && "::"_ip < "::1"_ip);
static_assert("fe80::1%1"_ip < "fe80::1%2"_ip && "1.2.3.4:1"_endpoint < "1.2.3.4:2"_endpoint);

TEST(Address, WritesItselfAsAString) {
  EXPECT_EQ(to_string(ipv6_address::loopback()), "::1");
  EXPECT_EQ(to_string("[fe80::1%2]:80"_endpoint), "[fe80::1%2]:80");
}

TEST(AddressHash, KeepsNeighboursApart) {
  std::unordered_set<ip_address> addresses;
  std::unordered_set<endpoint> endpoints_seen;
  std::unordered_set<std::size_t> low_bits;

  for (unsigned i = 0; i < 65'536; ++i) {
    const auto high = static_cast<std::uint8_t>(i >> 8), low = static_cast<std::uint8_t>(i & 255);
    const ipv4_address address{{10, 0, high, low}};
    addresses.insert(address);
    addresses.insert(mapped(address));
    endpoints_seen.insert({loopback(family::v6), static_cast<std::uint16_t>(i)});
    low_bits.insert(std::hash<ip_address>{}(mapped(address)) % 65'536);
  }

  EXPECT_EQ(addresses.size(), 2 * 65'536u);
  EXPECT_EQ(endpoints_seen.size(), 65'536u);
  EXPECT_GT(low_bits.size(), 65'536u / 3) << "chance would give 63 %";
}

}  // namespace
}  // namespace portsock
