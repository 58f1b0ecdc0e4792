// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/ioctl.h>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "icmp.hpp"
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

result<int> integer_option(native_handle s, int level, int name) noexcept {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(descriptor(s), level, name, &value, &size) != 0)
    return std::unexpected{last_error()};
  return value;
}

result<> enable(native_handle s, int level, int name, int value) noexcept {
  return checked(::setsockopt(descriptor(s), level, name, &value, sizeof value));
}

/// Not the listener's trouble but the connection's, which died in the queue: accept(2).
constexpr bool is_of_the_connection(int code) noexcept {
  return code == ECONNABORTED || code == ECONNRESET || code == EPROTO || code == ENETDOWN ||
         code == ENOPROTOOPT || code == EHOSTDOWN || code == EHOSTUNREACH || code == ENETUNREACH ||
         code == host_isolated;
}

/// One attempt. Nothing: a signal interrupted it, or the connection died in the queue.
std::optional<result<unique_handle>> accept_one(native_handle listener) noexcept {
  const int fd = next_connection(descriptor(listener));
  if (fd < 0 && (errno == EINTR || is_of_the_connection(errno))) return std::nullopt;
  if (fd < 0) return result<unique_handle>{std::unexpected{last_error()}};
  unique_handle made{to_handle(fd)};
  if (silence(fd) == 0) return result<unique_handle>{std::move(made)};
  // macOS sets no option of a connection that was reset meanwhile: setsockopt(2), EINVAL.
  if (errno == EINVAL) return std::nullopt;
  return result<unique_handle>{std::unexpected{last_error()}};
}

}  // namespace

result<unique_handle> open(family of, kind is, std::uint8_t ip_protocol) noexcept {
  const int fd = new_socket(native_family(of), type_of(is), ip_protocol);
  if (fd < 0) return std::unexpected{last_error()};
  unique_handle made{to_handle(fd)};
  if (silence(fd) != 0) return std::unexpected{last_error()};

  // Linux and macOS open dual-stack sockets, FreeBSD does not, OpenBSD cannot.
  if (of == family::v6 && is != kind::raw)
    if (auto set = enable(made.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1); !set) return set.failure();
  if (is == kind::datagram) ignore_foreign_groups(fd, of);
  // IPv6 packets come without their header, so the hop limit has to come beside them.
  if (is == kind::raw && of == family::v6) static_cast<void>(report_hop_limit(made.get(), of));
  return made;
}

void close(native_handle s) noexcept {
  before_closing(descriptor(s));
  ::close(descriptor(s));  // once: after EINTR the descriptor may already be someone else's
}

result<> prepare_adopted(native_handle s) noexcept {
  if (::fcntl(descriptor(s), F_SETFD, FD_CLOEXEC) < 0 || silence(descriptor(s)) != 0)
    return std::unexpected{last_error()};
  return set_blocking(s, true);
}

result<socket_facts> inspect(native_handle s) noexcept {
  const auto type = integer_option(s, SOL_SOCKET, SO_TYPE);
  if (!type) return type.failure();
  socket_name name;
  if (::getsockname(descriptor(s), name.data(), name.length()) != 0)
    return std::unexpected{last_error()};
  const auto of = name.address_family();
  if (!of) return fail(errc::family_not_supported);

  switch (*type) {
    case SOCK_STREAM: {
      const auto listens = integer_option(s, SOL_SOCKET, SO_ACCEPTCONN);
      return socket_facts{*of, listens && *listens != 0 ? kind::listener : kind::stream};
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
  // For a listener it lets a server restart while old connections linger, and takes no port from a
  // socket that listens. For datagrams it would let others in.
  if (is == kind::listener && policy == bind_policy::exclusive)
    if (auto set = enable(s, SOL_SOCKET, SO_REUSEADDR, 1); !set) return set.failure();
  if (policy == bind_policy::shared) {
    if (is != kind::datagram) return fail(errc::not_supported);
    if (share_port(descriptor(s)) != 0) return std::unexpected{last_error()};
  }
  if (policy == bind_policy::load_balanced && balance_port(descriptor(s)) != 0)
    return std::unexpected{last_error()};

  if (is == kind::stream && local.port == 0) choose_port_late(descriptor(s));

  const native_endpoint name{local};
  return checked(::bind(descriptor(s), name_of(name), length_of(name)));
}

result<endpoint> confine(native_handle s, const endpoint& wildcard,
                         std::uint32_t interface_index) noexcept {
  // Bound to the interface's address, the socket would hear no broadcasts: they have another one.
  if (bind_to_interface(descriptor(s), family_of(wildcard.address), interface_index) != 0)
    return std::unexpected{last_error()};
  return wildcard;
}

result<> make_dual_stack(native_handle s) noexcept {
  return enable(s, IPPROTO_IPV6, IPV6_V6ONLY, 0);
}

result<unique_handle> accept(native_handle s) noexcept {
  for (;;)
    if (auto made = accept_one(s)) return std::move(*made);
}

result<unique_handle> try_accept(native_handle s) noexcept {
  // The connection that made the listener ready may have died, and nobody come after it.
  for (;;) {
    const auto ready = wait(s, interest::receive, deadline::now());
    if (!ready) return ready.failure();
    if (!*ready) return fail(errc::would_block);
    if (auto made = accept_one(s)) return std::move(*made);
  }
}

result<> connect(native_handle s, const native_endpoint& peer) noexcept {
  if (::connect(descriptor(s), name_of(peer), length_of(peer)) == 0) return {};
  // A signal does not end the attempt; calling again would be EALREADY.
  if (errno == EINTR) return std::unexpected{error{EINTR, error_domain::system, errc::in_progress}};
  // No port is left for this peer.
  if (errno == EADDRINUSE)
    return std::unexpected{error{EADDRINUSE, error_domain::system, errc::address_not_available}};
  return std::unexpected{last_error()};
}

void expect_local_peer(native_handle) noexcept {
  // A refusal comes at once here.
}

std::optional<error> take_error(native_handle s) noexcept {
  const auto code = integer_option(s, SOL_SOCKET, SO_ERROR);
  if (!code) return code.error();
  if (*code == 0) return std::nullopt;
  return system_error(*code);
}

result<endpoint> local_endpoint(native_handle s) noexcept {
  socket_name name;
  if (::getsockname(descriptor(s), name.data(), name.length()) != 0)
    return std::unexpected{last_error()};
  return name.checked_endpoint();
}

result<> shutdown_sending(native_handle s) noexcept {
  return checked(::shutdown(descriptor(s), SHUT_WR));
}

result<> set_blocking(native_handle s, bool blocking) noexcept {
  // One call, where fcntl would take two.
  int wanted = blocking ? 0 : 1;
  return checked(::ioctl(descriptor(s), FIONBIO, &wanted));
}

}  // namespace portsock::platform
