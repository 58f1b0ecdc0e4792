// SPDX-License-Identifier: MIT

// Segmentation offload: one send of 64 datagrams in one piece, and one receive of as many (udp(7)).

#include <cstring>

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <tests/bench/compare/registry.hpp>

namespace compare {
namespace {

class pieces final : public datagram_pair {
 public:
  pieces() {
    connect_datagrams(near_, far_);
    const int segment = message_size, on = 1;
    checked(::setsockopt(near_, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof segment), "UDP_SEGMENT");
    checked(::setsockopt(far_, IPPROTO_UDP, UDP_GRO, &on, sizeof on), "UDP_GRO");
  }
  std::size_t send(std::size_t count) override {
    for (std::size_t i = 0; i < count; i += batch_size)
      require(::send(near_, piece_.data(), piece_.size(), MSG_NOSIGNAL) == size, "send");
    return count;
  }
  void receive(std::size_t count) override {
    for (std::size_t got = 0; got < count;) {
      iovec part{piece_.data(), piece_.size()};
      alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
      msghdr header{};
      header.msg_iov = &part;
      header.msg_iovlen = 1;
      header.msg_control = control;
      header.msg_controllen = sizeof control;
      const auto bytes = static_cast<std::size_t>(checked(::recvmsg(far_, &header, 0), "recvmsg"));
      int segment = static_cast<int>(bytes);
      if (const auto* told = CMSG_FIRSTHDR(&header); told != nullptr)
        std::memcpy(&segment, CMSG_DATA(told), sizeof segment);
      got += bytes / static_cast<std::size_t>(segment);
    }
  }

 private:
  static constexpr std::size_t size = batch_size * message_size;

  int near_ = bound_datagrams();
  int far_ = bound_datagrams();
  std::array<std::byte, size> piece_{};
};

const add<offloaded_datagrams> here{"raw offload", {std::make_unique<pieces>}};

}  // namespace
}  // namespace compare
