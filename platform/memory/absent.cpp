// SPDX-License-Identifier: MIT

// What there is not in this network: moving bytes without copying them.

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

result<stream_ends> open_stream_pair() noexcept { return fail(errc::not_supported); }

}  // namespace portsock::platform
