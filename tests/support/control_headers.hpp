// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace portsock::tests {

/// struct cmsghdr of the systems, whatever this one's is.
struct wide_control_header {  // Linux and Windows, 64 bits
  std::uint64_t cmsg_len;
  int cmsg_level;
  int cmsg_type;
};
struct narrow_control_header {  // macOS, FreeBSD
  std::uint32_t cmsg_len;
  int cmsg_level;
  int cmsg_type;
};

}  // namespace portsock::tests
