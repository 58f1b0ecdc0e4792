// SPDX-License-Identifier: MIT
#include <platform/conduit.hpp>

namespace portsock::platform {

// Windows has nothing that moves bytes from one socket to another.
result<owned_conduit> open_conduit() noexcept { return fail(errc::not_supported); }

}  // namespace portsock::platform
