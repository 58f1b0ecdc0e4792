// SPDX-License-Identifier: MIT
#pragma once

// ICMP messages of every kind that the codec reads, byte by byte.

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>

namespace portsock::samples {

template <class... Values>
constexpr auto bytes(Values... values) {
  return std::array<std::byte, sizeof...(Values)>{static_cast<std::byte>(values)...};
}

template <std::size_t... Sizes>
constexpr auto join(const std::array<std::byte, Sizes>&... parts) {
  std::array<std::byte, (Sizes + ...)> all{};
  auto end = all.begin();
  ((end = std::ranges::copy(parts, end).out), ...);
  return all;
}

// Packets byte by byte as RFC 791, 792, 8200, 4443 and 4861 lay them out. Their checksums were
// computed by another program. 192.0.2.2 and 2001:db8::1 send "abcde" to 198.51.100.7 and
// 2001:db8::2.
inline constexpr ipv4_address source_v4{{192, 0, 2, 2}};
inline constexpr ipv4_address destination_v4{{198, 51, 100, 7}};
inline constexpr ipv6_address source_v6{
    {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}};
inline constexpr ipv6_address destination_v6{
    {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}};

inline constexpr auto payload = bytes('a', 'b', 'c', 'd', 'e');
inline constexpr auto request_header_v4 = bytes(0x08, 0x00, 0xbc, 0x03, 0x12, 0x34, 0x00, 0x01);
inline constexpr auto request_v4 = join(request_header_v4, payload);
inline constexpr auto reply_v4 =
    join(bytes(0x00, 0x00, 0xc4, 0x03, 0x12, 0x34, 0x00, 0x01), payload);

inline constexpr auto ip_v4 =
    bytes(0x45, 0x00, 0x00, 0x21, 0xab, 0xcd, 0x40, 0x00, 0x01, 0x01, 0xe1, 0xd1,  //
          192, 0, 2, 2, 198, 51, 100, 7);
inline constexpr auto ip_v4_with_options =
    bytes(0x46, 0x00, 0x00, 0x25, 0xab, 0xcd, 0x00, 0x00, 0x01, 0x01, 0x8c, 0xc9,  //
          192, 0, 2, 2, 198, 51, 100, 7, 0x94, 0x04, 0x00, 0x00);                  // router alert

inline constexpr auto host_unreachable =
    join(bytes(0x03, 0x01, 0xfc, 0xfe, 0, 0, 0, 0), ip_v4_with_options, request_v4);
inline constexpr auto fragmentation_needed =
    join(bytes(0x03, 0x04, 0x21, 0x4b, 0, 0, 0x05, 0x78), ip_v4, request_header_v4);
inline constexpr auto time_exceeded_v4 =
    join(bytes(0x0b, 0x00, 0xf4, 0xff, 0, 0, 0, 0), ip_v4, request_v4);
inline constexpr auto parameter_problem_v4 =
    join(bytes(0x0c, 0x00, 0xdf, 0xff, 0x14, 0, 0, 0), ip_v4_with_options, request_v4);
inline constexpr auto redirect_v4 =
    join(bytes(0x05, 0x01, 0x62, 0xc4, 192, 0, 2, 1), ip_v4, request_header_v4);

inline constexpr auto request_v6 =
    join(bytes(0x80, 0x00, 0xe8, 0x46, 0x12, 0x34, 0x00, 0x01), payload);
inline constexpr auto reply_v6 = join(bytes(0x81, 0x00, 0, 0, 0x12, 0x34, 0x00, 0x01), payload);
inline constexpr auto from_v6 = std::bit_cast<std::array<std::byte, 16>>(source_v6.bytes);
inline constexpr auto to_v6 = std::bit_cast<std::array<std::byte, 16>>(destination_v6.bytes);
constexpr auto ip_v6(int next_header, int length) {
  return join(bytes(0x60, 0, 0, 0, 0, length, next_header, 3), from_v6, to_v6);
}
inline constexpr auto ip_v6_of_request = ip_v6(58, 13);

// Each begins with the protocol number of what follows it.
inline constexpr auto hop_by_hop = bytes(44, 0, 1, 4, 0, 0, 0, 0);
inline constexpr auto first_fragment = bytes(60, 0, 0x00, 0x01, 0, 0, 0, 9);
inline constexpr auto later_fragment = bytes(58, 0, 0x00, 0x09, 0, 0, 0, 9);
inline constexpr auto destination_options = bytes(58, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

inline constexpr auto address_unreachable =
    join(bytes(0x01, 0x03, 0, 0, 0, 0, 0, 0), ip_v6_of_request, request_v6);
inline constexpr auto too_big =
    join(bytes(0x02, 0x00, 0, 0, 0, 0x01, 0x86, 0xa0), ip_v6_of_request, request_v6);
inline constexpr auto time_exceeded_of_fragment =
    join(bytes(0x03, 0x00, 0, 0, 0, 0, 0, 0), ip_v6(0, 45), hop_by_hop, first_fragment,
         destination_options, request_v6);
inline constexpr auto time_exceeded_of_later_fragment =
    join(bytes(0x03, 0x00, 0, 0, 0, 0, 0, 0), ip_v6(44, 21), later_fragment, request_v6);
inline constexpr auto parameter_problem_v6 =
    join(bytes(0x04, 0x01, 0, 0, 0, 0, 0, 40), ip_v6_of_request, request_v6);
inline constexpr auto redirect_v6 =
    join(bytes(0x89, 0x00, 0, 0, 0, 0, 0, 0), to_v6, to_v6, bytes(2, 1, 0, 0, 0, 0, 0, 9),
         bytes(4, 8, 0, 0, 0, 0, 0, 0), ip_v6_of_request, request_v6, bytes(0, 0, 0));

struct sample {
  family version;
  const_bytes packet;
};
inline const std::vector<sample> every_sample = {
    {family::v4, request_v4},
    {family::v4, reply_v4},
    {family::v4, host_unreachable},
    {family::v4, fragmentation_needed},
    {family::v4, time_exceeded_v4},
    {family::v4, parameter_problem_v4},
    {family::v4, redirect_v4},
    {family::v6, request_v6},
    {family::v6, reply_v6},
    {family::v6, address_unreachable},
    {family::v6, too_big},
    {family::v6, time_exceeded_of_fragment},
    {family::v6, time_exceeded_of_later_fragment},
    {family::v6, parameter_problem_v6},
    {family::v6, redirect_v6},
};

}  // namespace portsock::samples
