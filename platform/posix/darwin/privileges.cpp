// SPDX-License-Identifier: MIT
#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

result<> drop_privileges() noexcept {
  // A set-user-id program goes back to who called it: setgid and setuid of root set all three
  // identities (setuid(2)). Root itself stays root; macOS has no capabilities to give up.
  if (::setgid(::getgid()) != 0) return std::unexpected{last_error()};
  return checked(::setuid(::getuid()));
}

}  // namespace portsock::platform
