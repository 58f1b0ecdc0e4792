// SPDX-License-Identifier: MIT
#pragma once

// Errors about an echo request, written here byte by byte (RFC 792, 4443, 4861), so that all that
// the codec tells of them is known beforehand.

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <type_traits>
#include <variant>
#include <vector>

#include <portsock/icmp.hpp>
#include <tests/fuzz/fuzz.hpp>

namespace portsock::fuzz {

using packet_bytes = std::vector<std::byte>;

inline void append(packet_bytes& to, std::initializer_list<std::size_t> octets) {
  for (const auto octet : octets) to.push_back(static_cast<std::byte>(octet & 0xff));
}
inline void append(packet_bytes& to, const_bytes more) {
  to.insert(to.end(), more.begin(), more.end());
}
template <class Address>
void append_address(packet_bytes& to, const Address& address) {
  append(to, std::as_bytes(std::span{address.bytes}));
}

/// Few packets have the right checksum by chance.
inline void mend(packet_bytes& packet) {
  packet[2] = packet[3] = std::byte{0};
  const auto sum = checksum(packet);
  packet[2] = static_cast<std::byte>(sum >> 8);
  packet[3] = static_cast<std::byte>(sum & 0xff);
}

template <class Address>
class errors_about {
 public:
  explicit errors_about(const icmp::echo_request& request) : request_{request} {
    std::uint32_t state = number();
    for (auto* const address : {&source_, &destination_, &gateway_})
      for (auto& octet : address->bytes) {
        state = state * 1'664'525 + 1'013'904'223;
        octet = static_cast<std::uint8_t>(state >> 24);
      }
    hop_limit_ = static_cast<std::uint8_t>(state >> 16);
    quote_ = with_ip_header();
  }

  void expect_all_told() const {
    const auto code = static_cast<std::uint8_t>(request_.identifier);
    const auto word = number();
    if constexpr (is_v4) {
      expect_told(icmp::unreachable{.code = 4, .mtu = word & 0xffff}, 3, word & 0xffff);
      expect_told(icmp::unreachable{.code = 13}, 3, word & 0xffff);
      expect_told(icmp::time_exceeded{.code = code}, 11, 0);
      expect_told(icmp::parameter_problem{.code = code, .pointer = word >> 24}, 12,
                  word & 0xff00'0000);
      const auto& to = gateway_.bytes;
      expect_told(icmp::redirect{.code = code, .gateway = gateway_}, 5,
                  std::uint32_t{to[0]} << 24 | std::uint32_t{to[1]} << 16 |
                      std::uint32_t{to[2]} << 8 | to[3]);
    } else {
      expect_told(icmp::unreachable{.code = code}, 1, 0);
      expect_told(icmp::packet_too_big{.mtu = word}, 2, word);
      expect_told(icmp::time_exceeded{.code = code}, 3, 0);
      expect_told(icmp::parameter_problem{.code = code, .pointer = word}, 4, word);
      expect_told(icmp::redirect{.code = code, .gateway = gateway_}, 137, 0);
    }
  }

 private:
  static constexpr bool is_v4 = std::is_same_v<Address, ipv4_address>;
  static constexpr family of = is_v4 ? family::v4 : family::v6;

  std::uint32_t number() const {
    return std::uint32_t{request_.identifier} << 16 | request_.sequence;
  }

  packet_bytes with_ip_header() const {
    const auto size = icmp::header_size + request_.payload.size();
    packet_bytes made;
    if constexpr (is_v4) {
      append(made, {0x45, 0, (size + 20) >> 8, size + 20, 0, 0, 0, 0, hop_limit_, 1, 0, 0});
    } else if (extended()) {
      append(made, {0x60, 0, 0, 0, (size + 8) >> 8, size + 8, 60, hop_limit_});
    } else {
      append(made, {0x60, 0, 0, 0, size >> 8, size, 58, hop_limit_});
    }
    append_address(made, source_);
    append_address(made, destination_);
    if (!is_v4 && extended()) append(made, {58, 0, 1, 4, 0, 0, 0, 0});  // padding, as an option
    append(made, {is_v4 ? 8u : 128u, 0, 0, 0});
    append(made, {std::size_t{request_.identifier} >> 8, request_.identifier});
    append(made, {std::size_t{request_.sequence} >> 8, request_.sequence});
    append(made, request_.payload);
    return made;
  }
  bool extended() const { return request_.sequence % 2 != 0; }

  /// Whose bytes 4 to 7 are `word`. What follows the quote is padding, which the codec leaves out.
  packet_bytes error_of(std::size_t type, std::size_t code, std::uint32_t word) const {
    packet_bytes made;
    append(made, {type, code, 0, 0, word >> 24, word >> 16, word >> 8, word});
    if (!is_v4 && type == 137) {
      append_address(made, gateway_);
      append_address(made, destination_);
      append(made, {2, 1, 0, 0, 0, 0, 0, 0});  // the gateway's address on its link
      append(made, {4, quote_.size() / 8 + 2, 0, 0, 0, 0, 0, 0});
    }
    append(made, quote_);
    made.resize(made.size() + 8 - quote_.size() % 8);
    if (is_v4) mend(made);
    return made;
  }

  template <class Error>
  void expect_told(const Error& wanted, std::size_t type, std::uint32_t word) const {
    std::size_t code = 0;
    if constexpr (requires { wanted.code; }) code = wanted.code;
    const auto packet = error_of(type, code, word);
    const auto message = icmp::decode(packet, of);
    expect(message.has_value(), "an error is read");
    const auto* const told = std::get_if<Error>(&*message);
    expect(told != nullptr, "as what it is");
    if constexpr (requires { wanted.code; }) expect(told->code == wanted.code, "with its code");
    if constexpr (requires { wanted.mtu; }) expect(told->mtu == wanted.mtu, "with its MTU");
    if constexpr (requires { wanted.pointer; })
      expect(told->pointer == wanted.pointer, "with its pointer");
    if constexpr (requires { wanted.gateway; })
      expect(told->gateway == wanted.gateway, "with its gateway");
    expect_original(told->original);
  }

  void expect_original(const icmp::quoted& told) const {
    expect(told.source == ip_address{source_}, "the quote's source");
    expect(told.destination == ip_address{destination_}, "the quote's destination");
    expect(told.hop_limit == hop_limit_, "the quote's hop limit");
    expect(told.protocol == (is_v4 ? 1 : 58), "the quote's protocol");
    expect(told.request.has_value(), "the quoted request");
    expect(told.request->identifier == request_.identifier, "the quoted identifier");
    expect(told.request->sequence == request_.sequence, "the quoted sequence number");
    expect(std::ranges::equal(told.request->payload, request_.payload), "the quoted payload");
  }

  const icmp::echo_request& request_;
  Address source_{};
  Address destination_{};
  Address gateway_{};
  std::uint8_t hop_limit_ = 0;
  packet_bytes quote_;
};

}  // namespace portsock::fuzz
