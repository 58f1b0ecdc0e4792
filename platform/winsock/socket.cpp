// SPDX-License-Identifier: MIT
#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "constants.hpp"
#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

int type_of(kind is) noexcept {
  switch (is) {
    case kind::datagram:
      return SOCK_DGRAM;
    case kind::raw:
      return SOCK_RAW;
    default:
      return SOCK_STREAM;
  }
}

/// Sets a switch or a structure of the provider's.
template <class Input>
bool control(native_handle s, DWORD code, Input input) noexcept {
  DWORD written = 0;
  return ::WSAIoctl(descriptor(s), code, &input, sizeof input, nullptr, 0, &written, nullptr,
                    nullptr) == 0;
}

/// What a new socket and a foreign one need alike.
void prepare(native_handle s, const socket_facts& facts) noexcept {
  if (facts.is == kind::datagram) {
    // An ICMP error that an earlier datagram met shall not fail a receive (Microsoft Learn,
    // recvfrom: WSAECONNRESET, WSAENETRESET). Systems without the second switch are asked in vain.
    control(s, SIO_UDP_CONNRESET, BOOL{FALSE});
    control(s, report_net_reset, BOOL{FALSE});
  }
  // IPv6 packets come without their header, so the hop limit has to come beside them.
  if (facts.is == kind::raw && facts.of == family::v6)
    static_cast<void>(set_word(s, IPPROTO_IPV6, IPV6_HOPLIMIT, 1));
}

/// Fails only for a layered provider's socket, which is none of the system's handles and which no
/// child inherits.
void keep_from_children(native_handle s) noexcept {
  ::SetHandleInformation(reinterpret_cast<HANDLE>(descriptor(s)), HANDLE_FLAG_INHERIT, 0);
}

/// One attempt. Nothing: the connection died in the queue.
std::optional<result<unique_handle>> accept_one(native_handle listener) noexcept {
  const SOCKET s = ::accept(descriptor(listener), nullptr, nullptr);
  if (s == INVALID_SOCKET) {
    const auto reason = last_error();
    if (reason.value() == WSAECONNRESET || reason.value() == WSAECONNABORTED) return std::nullopt;
    return result<unique_handle>{std::unexpected{reason}};
  }
  unique_handle made{to_handle(s)};
  keep_from_children(made.get());  // accept() makes handles that children inherit
  // The listener's mode is the connection's too, and cannot be read.
  if (auto set = set_blocking(made.get(), true); !set) return result<unique_handle>{set.failure()};
  return result<unique_handle>{std::move(made)};
}

}  // namespace

result<unique_handle> open(family of, kind is, std::uint8_t ip_protocol) noexcept {
  // Desktop Windows sends no TCP from raw sockets (Microsoft Learn, "TCP/IP Raw Sockets").
  if (is == kind::raw && ip_protocol == IPPROTO_TCP) return fail(errc::not_supported);
  if (auto started = start(); !started) return started.failure();
  // Without the first flag, which socket() sets and this call does not, timeouts and event loops of
  // other libraries do not work on the socket.
  const SOCKET s = ::WSASocketW(native_family(of), type_of(is), ip_protocol, nullptr, 0,
                                WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (s == INVALID_SOCKET) return std::unexpected{last_error()};
  unique_handle made{to_handle(s)};

  prepare(made.get(), {of, is});
  if (of == family::v6 && is != kind::raw)
    if (auto set = set_word(made.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1); !set) return set.failure();
  return made;
}

void close(native_handle s) noexcept {
  // A socket that lingers and does not block stays open (Microsoft Learn, closesocket).
  if (::closesocket(descriptor(s)) != 0 && ::WSAGetLastError() == WSAEWOULDBLOCK &&
      set_blocking(s, true))
    ::closesocket(descriptor(s));
}

result<> prepare_adopted(native_handle s) noexcept {
  const auto facts = inspect(s);
  if (!facts && !inspect_local(s)) return facts.failure();
  keep_from_children(s);
  if (facts) prepare(s, *facts);
  // As long as events are tied to it, a socket cannot block (Microsoft Learn, WSAEventSelect).
  ::WSAEventSelect(descriptor(s), nullptr, 0);
  return set_blocking(s, true);
}

result<socket_facts> inspect(native_handle s) noexcept {
  if (auto started = start(); !started) return started.failure();
  const auto protocol = protocol_of(s);
  if (!protocol) return protocol.failure();
  const auto of = family_of(protocol->iAddressFamily);
  if (!of) return fail(errc::family_not_supported);

  switch (protocol->iSocketType) {
    case SOCK_STREAM: {
      DWORD listens = 0;
      int size = sizeof listens;
      const bool told = ::getsockopt(descriptor(s), SOL_SOCKET, SO_ACCEPTCONN,
                                     reinterpret_cast<char*>(&listens), &size) == 0;
      return socket_facts{*of, told && listens != 0 ? kind::listener : kind::stream};
    }
    case SOCK_DGRAM:
      return socket_facts{*of, kind::datagram};
    case SOCK_RAW:
      return socket_facts{*of, kind::raw};
    default:
      return fail(errc::wrong_protocol);
  }
}

result<> bind(native_handle s, const endpoint& local, kind is, bind_policy policy) noexcept {
  // A port of one's own is not the default here: without this option another program can bind the
  // same port to a narrower address, or with SO_REUSEADDR even the same address, and take what
  // arrives (Microsoft Learn, "Using SO_REUSEADDR and SO_EXCLUSIVEADDRUSE"). A restart needs none.
  if (policy == bind_policy::exclusive && (is == kind::listener || is == kind::datagram))
    if (auto set = set_word(s, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1); !set) return set.failure();
  if (policy == bind_policy::shared) {
    if (is != kind::datagram) return fail(errc::not_supported);
    if (auto set = set_word(s, SOL_SOCKET, SO_REUSEADDR, 1); !set) return set.failure();
  }
  if (policy == bind_policy::load_balanced) return fail(errc::not_supported);
  // A client's port is then chosen for its peer; otherwise a bind takes one from all others
  // (Microsoft Learn, SOL_SOCKET socket options). Windows 8 and Wine do not know it.
  if (is == kind::stream && local.port == 0)
    static_cast<void>(set_word(s, SOL_SOCKET, reuse_unicast_port, 1));

  const native_endpoint name{local};
  if (::bind(descriptor(s), name_of(name), length_of(name)) == 0) return {};
  // Somebody holds the port exclusively, or the system has set it aside. Ports need no rights here.
  const auto reason = last_error();
  if (reason.value() == WSAEACCES)
    return std::unexpected{error{WSAEACCES, error_domain::system, errc::address_in_use}};
  return std::unexpected{reason};
}

result<endpoint> confine(native_handle, const endpoint& wildcard,
                         std::uint32_t interface_index) noexcept {
  // A socket bound to an interface's address hears its broadcasts and multicasts here.
  const auto all = interfaces();
  if (!all) return all.failure();
  for (const auto& one : *all)
    for (const auto& has : one.addresses)
      if (one.index == interface_index && family_of(has.address) == family_of(wildcard.address))
        return endpoint{has.address, wildcard.port};
  return fail(errc::address_not_available);
}

result<> make_dual_stack(native_handle s) noexcept {
  return set_word(s, IPPROTO_IPV6, IPV6_V6ONLY, 0);
}

result<unique_handle> accept(native_handle s) noexcept {
  for (;;)
    if (auto made = accept_one(s)) return std::move(*made);
}

result<unique_handle> try_accept(native_handle s) noexcept {
  for (;;) {
    if (auto ready = ready_at_once(s, interest::receive); !ready) return ready.failure();
    if (auto made = accept_one(s)) return std::move(*made);
  }
}

result<> connect(native_handle s, const native_endpoint& peer) noexcept {
  if (::connect(descriptor(s), name_of(peer), length_of(peer)) == 0) return {};
  const auto reason = last_error();
  switch (reason.value()) {
    case WSAEWOULDBLOCK:
      return std::unexpected{error{WSAEWOULDBLOCK, error_domain::system, errc::in_progress}};
    // No port is left for this peer.
    case WSAEADDRINUSE:
    case WSAENOBUFS:
      return std::unexpected{
          error{reason.value(), error_domain::system, errc::address_not_available}};
    default:
      return std::unexpected{reason};
  }
}

void expect_local_peer(native_handle s) noexcept {
  // Windows answers a refusal by asking again, for two seconds in all. Where the option is missing
  // (before Windows 8) it goes on doing so.
  control(s, SIO_TCP_INITIAL_RTO,
          TCP_INITIAL_RTO_PARAMETERS{TCP_INITIAL_RTO_UNSPECIFIED_RTT,
                                     TCP_INITIAL_RTO_NO_SYN_RETRANSMISSIONS});
}

std::optional<error> take_error(native_handle s) noexcept {
  int code = 0;
  int size = sizeof code;
  if (::getsockopt(descriptor(s), SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&code), &size) != 0)
    return last_error();
  if (code == 0) return std::nullopt;
  return system_error(code);
}

result<endpoint> local_endpoint(native_handle s) noexcept {
  socket_name name;
  if (::getsockname(descriptor(s), name.data(), name.length()) == 0) return name.checked_endpoint();
  const auto reason = last_error();
  if (reason.value() != WSAEINVAL) return std::unexpected{reason};
  // It is not bound, which has no name here.
  const auto protocol = protocol_of(s);
  if (!protocol) return protocol.failure();
  if (protocol->iAddressFamily == AF_INET6) return endpoint{ipv6_address::any()};
  return endpoint{ipv4_address::any()};
}

result<> shutdown_sending(native_handle s) noexcept {
  return checked(::shutdown(descriptor(s), SD_SEND));
}

result<> set_blocking(native_handle s, bool blocking) noexcept {
  u_long not_blocking = blocking ? 0 : 1;
  return checked(::ioctlsocket(descriptor(s), static_cast<long>(FIONBIO), &not_blocking));
}

}  // namespace portsock::platform
