// SPDX-License-Identifier: MIT

// What there is not in this network: local sockets, and moving bytes without copying them.

#include <platform/conduit.hpp>
#include <platform/contract.hpp>

namespace portsock::platform {

result<owned_conduit> open_conduit() noexcept { return fail(errc::not_supported); }

// The caller reads, and sends.
result<std::size_t> send_file(native_handle, file_handle, std::uint64_t, std::uint64_t) noexcept {
  return fail(errc::not_supported);
}
result<std::size_t> try_send_file(native_handle, file_handle, std::uint64_t,
                                  std::uint64_t) noexcept {
  return fail(errc::not_supported);
}

// --- local sockets

std::size_t longest_local_path() noexcept { return local_address::portable_limit; }
bool has_abstract_names() noexcept { return false; }
result<unique_handle> open_local(kind) noexcept { return fail(errc::family_not_supported); }
result<kind> inspect_local(native_handle) noexcept { return fail(errc::family_not_supported); }
result<> connect_local(native_handle, const local_address&, deadline) noexcept {
  return fail(errc::not_supported);
}
result<local_address> local_name(native_handle) noexcept { return fail(errc::not_supported); }
result<local_address> local_peer_name(native_handle) noexcept { return fail(errc::not_supported); }
result<local_credentials> peer_credentials(native_handle) noexcept {
  return fail(errc::not_supported);
}
result<detail::claim_record> bind_local(native_handle, const local_address&, kind,
                                        local_bind_options) noexcept {
  return fail(errc::not_supported);
}
void release_path(const local_address&, const detail::claim_record&, bool) noexcept {
  // Nothing was bound.
}
result<std::size_t> try_send_handles(native_handle, const_bytes,
                                     std::span<const native_handle>) noexcept {
  return fail(errc::not_supported);
}
result<received_handles> try_receive_handles(native_handle, mutable_bytes,
                                             std::span<unique_handle>) noexcept {
  return fail(errc::not_supported);
}
result<> try_send_local(native_handle, const_bytes, const local_address&) noexcept {
  return fail(errc::not_supported);
}
result<received_locally> receive_local(native_handle, mutable_bytes) noexcept {
  return fail(errc::not_supported);
}
result<received_locally> try_receive_local(native_handle, mutable_bytes) noexcept {
  return fail(errc::not_supported);
}
result<stream_ends> open_stream_pair() noexcept { return fail(errc::not_supported); }

}  // namespace portsock::platform
