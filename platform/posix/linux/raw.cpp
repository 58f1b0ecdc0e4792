// SPDX-License-Identifier: MIT

// What Linux does with ICMP: a filter before packets are copied, and sockets for everybody in
// ping_group_range (icmp(7), raw(7)).

#include "icmp.hpp"

#include <linux/filter.h>
#include <linux/icmp.h>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

namespace portsock::platform {
namespace {

// linux/icmpv6.h has them and cannot be included beside netinet/in.h.
constexpr int icmp6_filter = 1;
constexpr int v6_packet_types[] = {1, 2, 3, 4, 129};  // the errors of RFC 4443, and the echo reply

// Programs of the classic BPF (the kernel's Documentation/networking/filter.rst). A load beyond the
// packet's end rejects it.

constexpr std::uint32_t pass = 0xffff'ffff;  // bytes
constexpr std::uint32_t reject = 0;

constexpr sock_filter load_byte(std::uint32_t at) { return BPF_STMT(BPF_LD | BPF_B | BPF_ABS, at); }
constexpr sock_filter load_byte_behind(std::uint32_t at) {
  return BPF_STMT(BPF_LD | BPF_B | BPF_IND, at);
}
constexpr sock_filter load_half(std::uint32_t at) { return BPF_STMT(BPF_LD | BPF_H | BPF_ABS, at); }
constexpr sock_filter load_half_behind(std::uint32_t at) {
  return BPF_STMT(BPF_LD | BPF_H | BPF_IND, at);
}
/// Goes so many instructions further when they are equal, or when they are not.
constexpr sock_filter compare(std::uint32_t value, std::uint8_t equal, std::uint8_t other) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, equal, other);
}
constexpr sock_filter give(std::uint32_t size) { return BPF_STMT(BPF_RET | BPF_K, size); }

/// Packets begin with the IPv4 header here. Errors quote one too, right behind their own 8 bytes.
std::array<sock_filter, 15> filter_v4(std::uint16_t identifier) noexcept {
  return {{
      BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),  // x: the header's length
      load_byte_behind(0),
      compare(ICMP_ECHOREPLY, 8, 0),
      load_byte_behind(17),  // the protocol in the quoted packet
      compare(IPPROTO_ICMP, 0, 9),
      load_byte_behind(8),
      BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xf),
      BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 2),
      BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),  // behind the quoted header too,
      BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 8),  // and behind that of the error
      BPF_STMT(BPF_MISC | BPF_TAX, 0),
      load_half_behind(4),
      compare(identifier, 0, 1),
      give(pass),
      give(reject),
  }};
}

/// Packets begin with the ICMPv6 header here, and errors quote an IPv6 header of 40 bytes, of which
/// byte 6 tells what follows.
std::array<sock_filter, 12> filter_v6(std::uint16_t identifier) noexcept {
  return {{
      load_byte(0),
      compare(129, 0, 2),
      load_half(4),
      compare(identifier, 6, 7),
      load_byte(8 + 6),
      compare(IPPROTO_TCP, 5, 0),
      compare(IPPROTO_UDP, 4, 0),
      compare(IPPROTO_ICMPV6, 0, 2),  // extension headers, most likely
      load_half(8 + 40 + 4),
      compare(identifier, 0, 1),
      give(pass),
      give(reject),
  }};
}

// The same goes for linux/in6.h.
constexpr int flow_label_manager = 32;
constexpr int send_flow_labels = 33;
struct flow_label_request {
  in6_addr destination;
  std::uint32_t label;  // in network byte order
  std::uint8_t action;
  std::uint8_t share;
  std::uint16_t flags;
  std::uint16_t expires;
  std::uint16_t linger;
  std::uint32_t padding;
};
constexpr std::uint8_t get_label = 0;
constexpr std::uint8_t shared_by_all = 255;
constexpr std::uint16_t create_label = 1;

}  // namespace

void filter_echo(native_handle s, family of) noexcept {
  if (of == family::v4) {
    // A set bit keeps a type out.
    constexpr std::uint32_t wanted = 1u << ICMP_ECHOREPLY | 1u << ICMP_DEST_UNREACH |
                                     1u << ICMP_REDIRECT | 1u << ICMP_TIME_EXCEEDED |
                                     1u << ICMP_PARAMETERPROB;
    const icmp_filter filter{~wanted};
    ::setsockopt(descriptor(s), SOL_RAW, ICMP_FILTER, &filter, sizeof filter);
    return;
  }
  std::array<std::uint32_t, 8> blocked;
  blocked.fill(~0u);
  for (const int type : v6_packet_types)
    blocked[static_cast<std::size_t>(type / 32)] &= ~(1u << (type % 32));
  ::setsockopt(descriptor(s), IPPROTO_ICMPV6, icmp6_filter, blocked.data(), sizeof blocked);
}

void filter_identifier(native_handle s, family of, std::uint16_t identifier) noexcept {
  // Best effort: what else arrives, the caller sorts.
  const auto attach = [s](auto program) {
    const sock_fprog whole{static_cast<unsigned short>(program.size()), program.data()};
    ::setsockopt(descriptor(s), SOL_SOCKET, SO_ATTACH_FILTER, &whole, sizeof whole);
  };
  if (of == family::v4)
    attach(filter_v4(identifier));
  else
    attach(filter_v6(identifier));
}

result<> allow_flow_label(native_handle s, std::uint32_t label) noexcept {
  // Labels are leased, for a destination that has to be an address and does not matter (the
  // kernel's net/ipv6/ip6_flowlabel.c). Shared: this one must not keep others from using it.
  flow_label_request request{};
  request.destination = in6addr_loopback;
  request.label = htonl(label);
  request.action = get_label;
  request.share = shared_by_all;
  request.flags = create_label;
  const int leased =
      ::setsockopt(descriptor(s), IPPROTO_IPV6, flow_label_manager, &request, sizeof request);
  // ERANGE: labels like this need no lease (net.ipv6.flowlabel_state_ranges).
  if (leased != 0 && errno != ERANGE) return std::unexpected{last_error()};
  const int on = 1;
  return checked(::setsockopt(descriptor(s), IPPROTO_IPV6, send_flow_labels, &on, sizeof on));
}

result<unique_handle> open_icmp_datagram(family of) noexcept {
  auto made =
      open(of, kind::datagram,
           static_cast<std::uint8_t>(of == family::v4 ? protocol::icmp : protocol::icmp_v6));
  if (!made) return made.failure();
  // No header comes with these packets, and that the hop limit comes is what tells it.
  if (auto asked = report_hop_limit(made->get(), of); !asked) return asked.failure();
  return made;
}

std::optional<std::uint16_t> icmp_datagram_identifier(native_handle s) noexcept {
  // The kernel keeps it where a socket's port is; 0 until the first request chose one.
  const auto name = local_endpoint(s);
  if (!name || name->port == 0) return std::nullopt;
  return name->port;
}

std::string_view icmp_access_hint() noexcept {
  return "run it as root, or allow it once, as root: setcap cap_net_raw+ep on the program, or "
         "sysctl net.ipv4.ping_group_range=\"0 2147483647\" for everybody";
}

}  // namespace portsock::platform
