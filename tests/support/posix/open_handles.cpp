// SPDX-License-Identifier: MIT
#include <tests/support/many_sockets.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <stdexcept>

namespace portsock::tests {

std::size_t allow_open_handles(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) throw std::runtime_error{"getrlimit failed"};
  const auto allowed = (std::min)(static_cast<rlim_t>(wanted), limit.rlim_max);
  limit.rlim_cur = (std::max)(limit.rlim_cur, allowed);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) throw std::runtime_error{"setrlimit failed"};
  return static_cast<std::size_t>(allowed);
}

}  // namespace portsock::tests
