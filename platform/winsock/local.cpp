// SPDX-License-Identifier: MIT

// Local sockets as Windows has them since 10 1803: streams alone, and only at paths. Where they are
// missing (Wine, older versions) a socket cannot be opened, and nothing else here is reached.

#include <platform/bsd/local_name.hpp>

#include "local.hpp"
#include "system.hpp"

namespace portsock::platform {

bool has_abstract_names() noexcept { return false; }  // announced, and never finished

result<unique_handle> open_local(kind is) noexcept {
  if (is == kind::local_datagram) return fail(errc::not_supported);
  if (auto started = start(); !started) return started.failure();
  const SOCKET s = ::WSASocketW(AF_UNIX, SOCK_STREAM, 0, nullptr, 0,
                                WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (s == INVALID_SOCKET) return std::unexpected{last_error()};
  return unique_handle{to_handle(s)};
}

result<kind> inspect_local(native_handle s) noexcept {
  if (auto started = start(); !started) return started.failure();
  const auto protocol = protocol_of(s);
  if (!protocol) return protocol.failure();
  if (protocol->iAddressFamily != AF_UNIX) return fail(errc::family_not_supported);
  DWORD listens = 0;
  int size = sizeof listens;
  const bool told = ::getsockopt(descriptor(s), SOL_SOCKET, SO_ACCEPTCONN,
                                 reinterpret_cast<char*>(&listens), &size) == 0;
  return told && listens != 0 ? kind::local_listener : kind::local_stream;
}

result<> connect_local(native_handle s, const local_address& peer, deadline until) noexcept {
  const bool waits = until.is_never() && until.cancel_handle() == native_handle::invalid;
  if (!waits)
    if (auto set = set_blocking(s, false); !set) return set.failure();
  const local_name_room name{peer};
  if (::connect(descriptor(s), name.name(), name.size()) != 0) {
    const auto reason = last_error();
    // No such directory is a network that is down here; no such file, mostly, a refusal.
    if (reason.value() == WSAENETDOWN)
      return fail({WSAENETDOWN, error_domain::system, errc::connection_refused});
    if (reason.value() != WSAEWOULDBLOCK) return fail(reason);
    const auto ready = wait(s, interest::send, until);
    if (!ready) return ready.failure();
    if (!*ready) return fail(errc::timed_out);
    if (const auto failed = take_error(s)) return fail(*failed);
  }
  if (!waits) return set_blocking(s, true);
  return {};
}

result<local_credentials> peer_credentials(native_handle s) noexcept {
  ULONG process = 0;
  DWORD written = 0;
  if (::WSAIoctl(descriptor(s), SIO_AF_UNIX_GETPEERPID, nullptr, 0, &process, sizeof process,
                 &written, nullptr, nullptr) != 0)
    return std::unexpected{last_error()};
  return local_credentials{process, std::nullopt, std::nullopt};
}

result<> bind_to(native_handle s, const local_address& where) noexcept {
  const local_name_room name{where};
  if (::bind(descriptor(s), name.name(), name.size()) == 0) return {};
  const auto reason = last_error();
  // What Windows says when there is no such directory.
  if (reason.value() == WSAENETDOWN)
    return fail({WSAENETDOWN, error_domain::system, errc::not_found});
  return fail(reason);
}

result<stream_ends> open_stream_pair() noexcept { return fail(errc::not_supported); }

// There is nothing like SCM_RIGHTS: a socket goes to a process that is known (duplicate_for).
result<std::size_t> try_send_handles(native_handle, const_bytes,
                                     std::span<const native_handle>) noexcept {
  return fail(errc::not_supported);
}
result<received_handles> try_receive_handles(native_handle, mutable_bytes,
                                             std::span<unique_handle>) noexcept {
  return fail(errc::not_supported);
}

// No such socket can be opened.
result<> try_send_local(native_handle, const_bytes, const local_address&) noexcept {
  return fail(errc::not_supported);
}
result<received_locally> receive_local(native_handle, mutable_bytes) noexcept {
  return fail(errc::not_supported);
}
result<received_locally> try_receive_local(native_handle, mutable_bytes) noexcept {
  return fail(errc::not_supported);
}

}  // namespace portsock::platform
