// SPDX-License-Identifier: MIT

// Datagrams: whole or not at all, and deaf to what became of earlier ones.

#include "datagram.hpp"

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"
#include "vectors.hpp"

namespace portsock::platform {
namespace {

/// After a failed send: whether an earlier datagram is to blame and the call is worth repeating.
result<> outcome_of_send(auto call) noexcept {
  if (call() >= 0) [[likely]]
    return {};
  int code = ::WSAGetLastError();
  if (is_old_news(code)) {
    if (call() >= 0) return {};
    code = ::WSAGetLastError();
  }
  return std::unexpected{datagram_error(code)};
}

result<> send_message(native_handle s, std::span<const const_bytes> datagram,
                      const native_endpoint* peer) noexcept {
  if (datagram.size() > max_buffers) return fail(errc::invalid_argument);
  vectors parts{datagram};
  const auto* name = peer != nullptr ? name_of(*peer) : nullptr;
  const auto name_length = peer != nullptr ? length_of(*peer) : 0;
  return outcome_of_send([&]() noexcept {
    DWORD size = 0;
    return ::WSASendTo(descriptor(s), parts.data(), parts.count(), &size, 0, name, name_length,
                       nullptr, nullptr);
  });
}

/// Lengths of names have a sign here.
address_length* length_in(native_endpoint& name) noexcept {
  return reinterpret_cast<address_length*>(&name.size());
}

/// One datagram. Failures of earlier ones are passed over, each time after `before`.
template <class Before>
result<received_part> receive_message(native_handle s, std::span<const mutable_bytes> buffers,
                                      native_endpoint* from, Before before) noexcept {
  vectors parts{buffers};
  if (parts.size() == 0 || buffers.size() > max_buffers) return fail(errc::invalid_argument);
  for (;;) {
    if (result<> ready = before(); !ready) return ready.failure();
    DWORD size = 0;
    DWORD flags = 0;
    if (from != nullptr) from->size() = native_endpoint::capacity;
    const int outcome =
        ::WSARecvFrom(descriptor(s), parts.data(), parts.count(), &size, &flags,
                      from != nullptr ? static_cast<sockaddr*>(from->data()) : nullptr,
                      from != nullptr ? length_in(*from) : nullptr, nullptr, nullptr);
    const int code = outcome == 0 ? 0 : ::WSAGetLastError();
    if (is_old_news(code)) continue;
    // An error here and a flag under POSIX: the buffers are full, and the rest is lost.
    const bool cut = code == WSAEMSGSIZE;
    if (code != 0 && !cut) return std::unexpected{system_error(code)};
    return received_part{cut ? parts.size() : size, cut};
  }
}

constexpr auto at_once_or_later = []() noexcept -> result<> { return {}; };

/// What a bare receive answers for a datagram that filled its buffer and went on.
std::int64_t or_cut(int outcome, std::size_t size) noexcept {
  if (outcome < 0 && ::WSAGetLastError() == WSAEMSGSIZE) return static_cast<std::int64_t>(size) + 1;
  return outcome;
}

template <class Before>
result<received> receive_named(native_handle s, std::span<const mutable_bytes> buffers,
                               Before before) noexcept {
  result<received> got{std::in_place};
  const auto part = receive_message(s, buffers, &got->from, before);
  if (!part) return part.failure();
  got->size = part->size;
  got->truncated = part->truncated;
  return got;
}

}  // namespace

result<> send_datagram(native_handle s, std::span<const const_bytes> datagram) noexcept {
  return send_message(s, datagram, nullptr);
}
result<> try_send_datagram(native_handle s, std::span<const const_bytes> datagram) noexcept {
  if (auto ready = ready_at_once(s, interest::send); !ready) return ready.failure();
  return send_message(s, datagram, nullptr);
}

std::int64_t bare_send_to(native_handle s, const void* data, std::size_t size,
                          const native_endpoint& peer) {
  return ::sendto(descriptor(s), chars(data), length(size), 0, name_of(peer), length_of(peer));
}
result<> send_to(native_handle s, std::span<const const_bytes> datagram,
                 const native_endpoint& peer) noexcept {
  return send_message(s, datagram, &peer);
}
result<> try_send_to(native_handle s, std::span<const const_bytes> datagram,
                     const native_endpoint& peer) noexcept {
  if (auto ready = ready_at_once(s, interest::send); !ready) return ready.failure();
  return send_message(s, datagram, &peer);
}

std::int64_t bare_receive_datagram(native_handle s, void* buffer, std::size_t size) {
  return or_cut(::recv(descriptor(s), chars(buffer), length(size), 0), size);
}
result<received_part> receive_datagram(native_handle s,
                                       std::span<const mutable_bytes> buffers) noexcept {
  return receive_message(s, buffers, nullptr, at_once_or_later);
}
result<received_part> try_receive_datagram(native_handle s,
                                           std::span<const mutable_bytes> buffers) noexcept {
  return receive_message(s, buffers, nullptr, [s]() noexcept { return datagram_at_once(s); });
}

std::int64_t bare_receive_from(native_handle s, void* buffer, std::size_t size,
                               native_endpoint& from) {
  from.size() = native_endpoint::capacity;
  return or_cut(::recvfrom(descriptor(s), chars(buffer), length(size), 0,
                           static_cast<sockaddr*>(from.data()), length_in(from)),
                size);
}
result<received> receive_from(native_handle s, std::span<const mutable_bytes> buffers) noexcept {
  return receive_named(s, buffers, at_once_or_later);
}
result<received> try_receive_from(native_handle s,
                                  std::span<const mutable_bytes> buffers) noexcept {
  return receive_named(s, buffers, [s]() noexcept { return datagram_at_once(s); });
}

}  // namespace portsock::platform
