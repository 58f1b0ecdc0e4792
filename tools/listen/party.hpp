// SPDX-License-Identifier: MIT
#pragma once

// Who sends: the client of a connection, or the sender of one datagram.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <portsock/address.hpp>
#include <portsock/local_address.hpp>

namespace portsock::tools {

/// What a party comes by.
enum class carrier : std::uint8_t { tcp, udp, local_stream, local_datagrams };

/// "tcp", "udp", "unix", "unix-dgram".
std::string_view to_string(carrier over) noexcept;
constexpr bool has_datagrams(carrier over) noexcept {
  return over == carrier::udp || over == carrier::local_datagrams;
}
constexpr bool is_local(carrier over) noexcept { return over >= carrier::local_stream; }

/// Where a party is: in the network, or inside this host. Small, for each client has one.
struct place {
  endpoint network{};
  std::shared_ptr<const local_address> local{};  ///< nothing: in the network
  std::uint32_t process = 0;  ///< whose local socket has no name; 0: the system does not say

  place() = default;
  explicit place(const endpoint& at) : network{at} {}
  explicit place(const local_address& at, std::uint32_t whose = 0)
      : local{std::make_shared<const local_address>(at)}, process{whose} {}

  /// Whether a datagram could be sent there.
  bool has_address() const noexcept { return !local || !local->is_unnamed(); }
  friend bool operator==(const place& left, const place& right) noexcept {
    if (!left.local || !right.local)
      return !left.local && !right.local && left.network == right.network;
    return *left.local == *right.local && left.process == right.process;
  }
};

/// "127.0.0.1:7777", "/run/app.sock", "process 1234", "(unnamed)".
std::string to_string(const place& where);

struct party {
  std::uint64_t number = 0;  ///< 1 for the first client or datagram
  carrier over = carrier::tcp;
  place local;  ///< where it was heard
  place peer;
  std::uint64_t received = 0;  ///< bytes that came from it
  std::uint64_t sent = 0;      ///< bytes that went to it
};

}  // namespace portsock::tools
