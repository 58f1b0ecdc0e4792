// SPDX-License-Identifier: MIT
#include <platform/conduit.hpp>

namespace portsock::platform {

// macOS has no splice.
result<owned_conduit> open_conduit() noexcept { return fail(errc::not_supported); }

}  // namespace portsock::platform
