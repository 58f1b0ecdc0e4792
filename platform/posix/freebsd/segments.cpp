// SPDX-License-Identifier: MIT

// FreeBSD neither cuts nor joins datagrams.

#include <platform/contract.hpp>

namespace portsock::platform {

result<> send_segmented(native_handle, const_bytes, std::size_t, const native_endpoint*,
                        const send_details&, patience) noexcept {
  return fail(errc::not_supported);
}
result<bool> coalesce(native_handle, bool) noexcept { return false; }

}  // namespace portsock::platform
