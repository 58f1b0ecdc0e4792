// SPDX-License-Identifier: MIT
#include <portsock/socket.hpp>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

using namespace portsock;

class named final : public datagram_pair {
 public:
  std::size_t send(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i)
      require(near_->send_to(message_, to_).has_value(), "send_to");
    return count;
  }
  void receive(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i)
      require(far_->receive_from(message_).has_value(), "receive_from");
  }

 private:
  borrowed<datagram_socket> near_{native_handle{bound_datagrams()}};
  borrowed<datagram_socket> far_{native_handle{bound_datagrams()}};
  native_endpoint to_{far_->local_endpoint().value()};
  message message_{};
};
const add<single_datagrams> single{"portsock", {std::make_unique<named>}};

class connected final : public datagram_pair {
 public:
  connected() {
    connect_datagrams(near_, far_);
    connect_datagrams(far_, near_);
  }
  std::size_t send(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i) require(from_->send(message_).has_value(), "send");
    return count;
  }
  void receive(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i) require(to_->receive(message_).has_value(), "receive");
  }

 private:
  int near_ = bound_datagrams();
  int far_ = bound_datagrams();
  borrowed<connected_datagram_socket> from_{native_handle{near_}};
  borrowed<connected_datagram_socket> to_{native_handle{far_}};
  message message_{};
};
const add<single_datagrams> with_one_peer{"portsock connected", {std::make_unique<connected>}};

}  // namespace
}  // namespace compare
