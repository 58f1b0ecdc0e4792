// SPDX-License-Identifier: MIT
#pragma once

// The network that a ping::engine works on: one ICMP socket of each family.

#include <array>
#include <optional>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/ping.hpp>
#include <portsock/poller.hpp>

namespace portsock::ping {

/// Serves one engine: raw sockets hear the replies to its identifier alone.
class sockets final : public link {
 public:
  /// Takes up to one socket of each family, opened and set as the caller likes. `largest_payload`
  /// as settings::size. Errors: errc::invalid_argument when there is none, or the family is wrong;
  /// those of poller::create().
  static result<sockets> of(std::optional<icmp_socket> v4, std::optional<icmp_socket> v6,
                            std::size_t largest_payload = 56);

  /// Nothing where that family has no socket.
  icmp_socket* v4() noexcept { return sockets_[0] ? &*sockets_[0] : nullptr; }
  icmp_socket* v6() noexcept { return sockets_[1] ? &*sockets_[1] : nullptr; }

  /// Until something has arrived, or `until`, which is no failure. Errors: errc::cancelled.
  result<> wait(deadline until);

  time_point now() noexcept override { return clock::now(); }
  result<std::size_t> send(std::span<icmp_outgoing> requests) noexcept override;
  result<icmp_arrivals> receive() noexcept override;
  std::optional<std::uint16_t> identifier(family) const noexcept override;

 private:
  sockets(std::optional<icmp_socket> v4, std::optional<icmp_socket> v6, poller watch,
          std::size_t largest_payload);
  std::optional<icmp_socket>& of(family which) noexcept {
    return sockets_[which == family::v4 ? 0 : 1];
  }

  std::array<std::optional<icmp_socket>, 2> sockets_;
  std::array<icmp_room, 2> rooms_;
  std::array<std::optional<std::uint16_t>, 2> heard_{};  // the identifiers that pass
  poller poller_;
  bool polled_ = false;   // the sockets are in the poller
  std::size_t turn_ = 0;  // which is looked at first
  time_point latest_{};   // when something was sent
  // What arrived while waiting for a system service, which cannot be polled.
  std::optional<icmp_event> early_;
  std::vector<std::byte> early_bytes_;
};

}  // namespace portsock::ping
