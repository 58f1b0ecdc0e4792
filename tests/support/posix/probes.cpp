// SPDX-License-Identifier: MIT
#include <tests/support/posix/probes.hpp>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace portsock::tests::probes {
namespace {

// Linux's, by number: other systems' headers, which this is compiled with too, lack them.
constexpr int tcp_info = 11;
constexpr int memory_info = 55;
constexpr int bind_to_index = 62;
constexpr int flow_label_manager = 32;
constexpr int packet_info = 8;

class bare_socket {
 public:
  bare_socket(int family, int type) : fd_{::socket(family, type, 0)} {}
  ~bare_socket() {
    if (fd_ >= 0) ::close(fd_);
  }
  bare_socket(const bare_socket&) = delete;
  bare_socket& operator=(const bare_socket&) = delete;

  int get() const { return fd_; }

  bool set(int level, int name, int value) const {
    return ::setsockopt(fd_, level, name, &value, sizeof value) == 0;
  }
  /// How many bytes the option's value takes.
  std::size_t size_of(int level, int name) const {
    std::array<std::byte, 512> value;
    socklen_t size = sizeof value;
    return ::getsockopt(fd_, level, name, value.data(), &size) == 0 ? size : 0;
  }

 private:
  int fd_;
};

sockaddr_in name_on_loopback(const bare_socket& socket) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), size);
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &size);
  return name;
}

/// A datagram of one byte, with a control message of one number.
class numbered_message {
 public:
  numbered_message() {
    message.msg_iov = &part_;
    message.msg_iovlen = 1;
    message.msg_control = control_.data();
    message.msg_controllen = sizeof control_;
  }
  cmsghdr* first() { return CMSG_FIRSTHDR(&message); }

  msghdr message{};

 private:
  std::byte byte_{};
  iovec part_{&byte_, 1};
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(sizeof(int))> control_{};
};

/// The kernel refuses a traffic class of more than an octet.
bool takes_number(const bare_socket& sender, sockaddr_in to) {
  constexpr int traffic_class = 0x28;
  numbered_message sent;
  sent.message.msg_name = &to;
  sent.message.msg_namelen = sizeof to;
  sent.first()->cmsg_level = IPPROTO_IP;
  sent.first()->cmsg_type = IP_TOS;
  sent.first()->cmsg_len = CMSG_LEN(sizeof traffic_class);
  std::memcpy(CMSG_DATA(sent.first()), &traffic_class, sizeof traffic_class);
  return ::sendmsg(sender.get(), &sent.message, 0) == 1;
}

/// The first number of IP_PKTINFO is the interface's. What does not fit behind it is cut.
bool gives_number(const bare_socket& receiver) {
  pollfd waiting{receiver.get(), POLLIN, 0};
  numbered_message got;
  if (::poll(&waiting, 1, 10'000) != 1 || ::recvmsg(receiver.get(), &got.message, 0) != 1 ||
      got.first() == nullptr)
    return false;
  int index = 0;
  std::memcpy(&index, CMSG_DATA(got.first()), sizeof index);
  return static_cast<unsigned>(index) == ::if_nametoindex("lo");
}

}  // namespace

bool tells_tcp_info() {
  constexpr std::size_t up_to_the_count_of_what_was_sent_again = 104;
  return bare_socket{AF_INET, SOCK_STREAM}.size_of(IPPROTO_TCP, tcp_info) >=
         up_to_the_count_of_what_was_sent_again;
}

bool tells_memory_info() {
  constexpr std::size_t nine_words = 36;
  return bare_socket{AF_INET, SOCK_DGRAM}.size_of(SOL_SOCKET, memory_info) >= nine_words;
}

bool binds_to_an_index() {
  return bare_socket{AF_INET, SOCK_DGRAM}.set(SOL_SOCKET, bind_to_index, 0);
}

bool leases_flow_labels() {
  // A kernel that knows the option finds that this is no request for a label.
  return bare_socket{AF_INET6, SOCK_DGRAM}.set(IPPROTO_IPV6, flow_label_manager, 0) ||
         errno != ENOPROTOOPT;
}

bool carries_numbers() {
  const bare_socket receiver{AF_INET, SOCK_DGRAM};
  const auto where = name_on_loopback(receiver);
  return receiver.set(IPPROTO_IP, packet_info, 1) &&
         takes_number(bare_socket{AF_INET, SOCK_DGRAM}, where) && gives_number(receiver);
}

}  // namespace portsock::tests::probes
