// SPDX-License-Identifier: MIT
#pragma once

// Who sends: the client of a connection, or the sender of one datagram.

#include <cstdint>

#include <portsock/address.hpp>
#include <portsock/resolver.hpp>

namespace portsock::tools {

struct party {
  std::uint64_t number = 0;  ///< 1 for the first client or datagram
  transport over = transport::tcp;
  endpoint local;  ///< where it was heard
  endpoint peer;
  std::uint64_t received = 0;  ///< bytes that came from it
  std::uint64_t sent = 0;      ///< bytes that went to it
};

}  // namespace portsock::tools
