// SPDX-License-Identifier: MIT
#pragma once

// What a session needs of the network and of the clock, so that tests can be both.

#include <cstdint>
#include <optional>
#include <utility>

#include <portsock/icmp_socket.hpp>

namespace portsock::tools {

/// The way to one peer.
class echo_channel {
 public:
  using clock = deadline::clock;

  virtual ~echo_channel() = default;

  virtual clock::time_point now() = 0;
  virtual const ip_address& peer() const = 0;
  /// The rest as icmp_socket has it.
  virtual result<> send(const icmp::echo_request& request) = 0;
  virtual result<icmp_event> receive(mutable_bytes buffer, deadline until) = 0;
  virtual std::optional<std::uint16_t> identifier() const = 0;
};

/// The real one.
class icmp_channel final : public echo_channel {
 public:
  icmp_channel(icmp_socket socket, const ip_address& peer) noexcept
      : socket_{std::move(socket)}, peer_{peer} {}

  clock::time_point now() override { return clock::now(); }
  const ip_address& peer() const override { return peer_; }
  result<> send(const icmp::echo_request& request) override { return socket_.send(request, peer_); }
  result<icmp_event> receive(mutable_bytes buffer, deadline until) override {
    return socket_.receive(buffer, until);
  }
  std::optional<std::uint16_t> identifier() const override { return socket_.identifier(); }

 private:
  icmp_socket socket_;
  ip_address peer_;
};

}  // namespace portsock::tools
