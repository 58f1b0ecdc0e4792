// SPDX-License-Identifier: MIT
#pragma once

// The part of the platform contract that inline members call directly. What the others promise
// stands in platform/contract.hpp.

#include <cstddef>
#include <cstdint>
#include <span>

#include <portsock/address.hpp>
#include <portsock/bytes.hpp>
#include <portsock/datagram_details.hpp>
#include <portsock/detail/received.hpp>
#include <portsock/detail/would_block.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>
#include <portsock/native_endpoint.hpp>
#include <portsock/options.hpp>

namespace portsock {

/// One datagram from the peer of a connected socket.
struct received_part {
  std::size_t size;
  bool truncated;
};

namespace platform {

// The bare calls: one system call each, on one buffer, with nothing repeated, so that they are one
// jump away from it. The answer is a number of bytes, or negative: then last_failure() tells the
// reason, if it is asked at once; and the call may be worth repeating (errc::interrupted, or a
// datagram socket that told of an earlier datagram), which the calls of contract.hpp do. They raise
// nothing, but are not noexcept: that would keep the compiler from jumping instead of calling.

std::int64_t bare_send(native_handle, const void* data, std::size_t size);
/// `size` is not 0.
std::int64_t bare_receive(native_handle, void* buffer, std::size_t size);
std::int64_t bare_send_to(native_handle, const void* data, std::size_t size,
                          const native_endpoint& peer);
/// More than `size`: the datagram was cut.
std::int64_t bare_receive_datagram(native_handle, void* buffer, std::size_t size);
std::int64_t bare_receive_from(native_handle, void* buffer, std::size_t size,
                               native_endpoint& from);
error last_failure() noexcept;

result<> send_datagram(native_handle, std::span<const const_bytes> datagram) noexcept;
result<received_part> receive_datagram(native_handle,
                                       std::span<const mutable_bytes> buffers) noexcept;
result<> send_to(native_handle, std::span<const const_bytes> datagram,
                 const native_endpoint& peer) noexcept;
result<received> receive_from(native_handle, std::span<const mutable_bytes> buffers) noexcept;

result<detail_set> report_details(native_handle, detail_set wanted) noexcept;
result<bool> coalesce(native_handle, bool wanted) noexcept;

result<> set_option(native_handle, option_id, std::int64_t value) noexcept;
result<std::int64_t> get_option(native_handle, option_id) noexcept;
bool supports_option(native_handle, option_id) noexcept;

result<endpoint> local_endpoint(native_handle) noexcept;
result<> set_blocking(native_handle, bool blocking) noexcept;

}  // namespace platform
}  // namespace portsock
