// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <portsock/poller.hpp>

namespace portsock::tests {

inline std::string name_of(poll_mechanism mechanism) {
  switch (mechanism) {
    case poll_mechanism::epoll:
      return "epoll";
    case poll_mechanism::io_uring:
      return "io_uring";
    case poll_mechanism::kqueue:
      return "kqueue";
    case poll_mechanism::afd:
      return "afd";
    case poll_mechanism::poll:
      return "poll";
  }
  return "unknown";
}

}  // namespace portsock::tests
