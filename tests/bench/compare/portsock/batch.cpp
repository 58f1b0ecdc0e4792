// SPDX-License-Identifier: MIT
#include <vector>

#include <portsock/socket.hpp>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

using namespace portsock;

/// Two sockets that have each other for a peer.
class connected_pair : public datagram_pair {
 protected:
  connected_pair() {
    connect_datagrams(near_, far_);
    connect_datagrams(far_, near_);
  }

 private:
  int near_ = bound_datagrams();
  int far_ = bound_datagrams();

 protected:
  borrowed<connected_datagram_socket> from_{native_handle{near_}};
  borrowed<connected_datagram_socket> to_{native_handle{far_}};
};

class batches final : public connected_pair {
 public:
  batches() {
    for (auto& m : messages_) {
      outgoing_.emplace_back(m);
      incoming_.emplace_back(m);
    }
    to_->set_blocking(false).value();
  }
  std::size_t send(std::size_t count) override {
    for (std::size_t i = 0; i < count; i += batch_size)
      require(static_cast<bool>(from_->send_batch(outgoing_)), "send_batch");
    return count;
  }
  void receive(std::size_t count) override {
    for (std::size_t got = 0; got < count;) {
      const auto more = to_->receive_batch(incoming_);
      require(more.has_value(), "receive_batch");
      got += *more;
    }
  }

 private:
  std::array<message, batch_size> messages_{};
  std::vector<const_bytes> outgoing_;
  std::vector<incoming_part> incoming_;
};

class segments final : public connected_pair {
 public:
  segments() { require(to_->coalesce(true).value_or(false), "coalesce"); }
  std::size_t send(std::size_t count) override {
    for (std::size_t i = 0; i < count; i += batch_size)
      require(static_cast<bool>(from_->send_segments(piece_, message_size)), "send_segments");
    return count;
  }
  void receive(std::size_t count) override {
    for (std::size_t got = 0; got < count;) {
      const auto more = to_->receive_segments(piece_);
      require(more.has_value(), "receive_segments");
      got += more->size / message_size;
    }
  }

 private:
  std::array<std::byte, batch_size * message_size> piece_{};
};

const add<batched_datagrams> batch{"portsock batch", {std::make_unique<batches>}};
const add<offloaded_datagrams> offload{"portsock offload", {std::make_unique<segments>}};

}  // namespace
}  // namespace compare
