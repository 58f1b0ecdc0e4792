// SPDX-License-Identifier: MIT
#include <sys/socket.h>

#include <netinet/in.h>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

/// sendto and recvfrom.
class named final : public datagram_pair {
 public:
  named() {
    socklen_t size = sizeof to_;
    checked(::getsockname(far_, reinterpret_cast<sockaddr*>(&to_), &size), "getsockname");
  }
  std::size_t send(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i)
      checked(::sendto(near_, message_.data(), message_.size(), MSG_NOSIGNAL,
                       reinterpret_cast<const sockaddr*>(&to_), sizeof to_),
              "sendto");
    return count;
  }
  void receive(std::size_t count) override {
    for (std::size_t i = 0; i != count; ++i) {
      sockaddr_in from;
      socklen_t size = sizeof from;
      checked(::recvfrom(far_, message_.data(), message_.size(), 0,
                         reinterpret_cast<sockaddr*>(&from), &size),
              "recvfrom");
    }
  }

 private:
  int near_ = bound_datagrams();
  int far_ = bound_datagrams();
  sockaddr_in to_;
  message message_{};
};

/// sendmmsg and recvmmsg, connected.
class many final : public datagram_pair {
 public:
  many() {
    connect_datagrams(near_, far_);
    connect_datagrams(far_, near_);
    for (std::size_t i = 0; i != batch_size; ++i) {
      parts_[i] = {messages_[i].data(), message_size};
      headers_[i].msg_hdr.msg_iov = &parts_[i];
      headers_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  std::size_t send(std::size_t count) override {
    for (std::size_t done = 0; done < count;)
      done += static_cast<std::size_t>(
          checked(::sendmmsg(near_, headers_.data(), batch_size, MSG_NOSIGNAL), "sendmmsg"));
    return count;
  }
  void receive(std::size_t count) override {
    for (std::size_t done = 0; done < count;)
      done += static_cast<std::size_t>(checked(
          ::recvmmsg(far_, headers_.data(), batch_size, MSG_DONTWAIT, nullptr), "recvmmsg"));
  }

 private:
  int near_ = bound_datagrams();
  int far_ = bound_datagrams();
  std::array<message, batch_size> messages_{};
  std::array<iovec, batch_size> parts_{};
  std::array<mmsghdr, batch_size> headers_{};
};

const add<single_datagrams> single{"raw", {std::make_unique<named>}};
const add<batched_datagrams> batch{"raw mmsg", {std::make_unique<many>}};

}  // namespace
}  // namespace compare
