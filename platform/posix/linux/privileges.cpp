// SPDX-License-Identifier: MIT
#include <linux/capability.h>
#include <sys/syscall.h>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {

result<> drop_privileges() noexcept {
  // A set-user-id program goes back to who called it, for good.
  if (::setresgid(::getgid(), ::getgid(), ::getgid()) != 0 ||
      ::setresuid(::getuid(), ::getuid(), ::getuid()) != 0)
    return std::unexpected{last_error()};
  // Nothing permitted, effective or inheritable: capset(2), which libc does not wrap.
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct nothing[_LINUX_CAPABILITY_U32S_3]{};
  return checked(static_cast<int>(::syscall(SYS_capset, &header, nothing)));
}

}  // namespace portsock::platform
