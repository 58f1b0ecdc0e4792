// SPDX-License-Identifier: MIT

// What a packet's flow label is, the receiver's socket tells.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

#include <netinet/in.h>
#include <sys/socket.h>

#include <platform/posix/control.hpp>
#include <portsock/icmp_socket.hpp>
#include <portsock/raw_socket.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

constexpr int flow_info = 11;  // IPV6_FLOWINFO of linux/in6.h, which cannot be included here

class FlowLabel : public testing::TestWithParam<icmp_access> {
 protected:
  void SetUp() override {
    auto opened = icmp_socket::open(family::v6, GetParam());
    auto other = raw_socket::open(family::v6, protocol::icmp_v6);
    if (!opened || !other) GTEST_SKIP() << "no such sockets here";
    if (!system().sends_flow_labels) {
      EXPECT_THAT(opened->set_flow_label(1), FailsWith(errc::not_supported));
      GTEST_SKIP() << "no flow labels here";
    }
    sender_.emplace(std::move(*opened));
    receiver_.emplace(std::move(*other));
    const int on = 1;
    ASSERT_EQ(::setsockopt(descriptor(), IPPROTO_IPV6, flow_info, &on, sizeof on), 0);
  }

  int descriptor() const { return static_cast<int>(receiver_->native()); }

  /// The label of the request that carries `payload`; nothing when it does not arrive.
  std::optional<std::uint32_t> label_of(const_bytes payload) {
    const auto until = soon();
    while (can_receive(*receiver_, until)) {
      std::array<std::byte, 256> packet{};
      platform::control_room control;
      iovec part{packet.data(), packet.size()};
      msghdr message{};
      message.msg_iov = &part;
      message.msg_iovlen = 1;
      control.attach_to(message);
      const auto size = ::recvmsg(descriptor(), &message, MSG_DONTWAIT);
      const auto got = icmp::decode(
          const_bytes{packet}.first(static_cast<std::size_t>(std::max<ssize_t>(size, 0))),
          family::v6);
      const auto* request = got ? std::get_if<icmp::echo_request>(&*got) : nullptr;
      if (request == nullptr || !std::ranges::equal(request->payload, payload)) continue;
      auto items = platform::control_of(message);
      while (const auto item = items.next()) {
        if (item->level != IPPROTO_IPV6 || item->type != flow_info) continue;
        const auto value = item->as<std::uint32_t>();
        return value ? std::optional{ntohl(*value) & 0xfffff} : std::nullopt;
      }
      return 0;  // there is none to tell
    }
    return std::nullopt;
  }

  std::optional<icmp_socket> sender_;
  std::optional<raw_socket> receiver_;
};
INSTANTIATE_TEST_SUITE_P(, FlowLabel, testing::Values(icmp_access::raw, icmp_access::datagram),
                         [](const auto& instance) {
                           return instance.param == icmp_access::raw ? "raw" : "datagram";
                         });

TEST_P(FlowLabel, IsThatOfEachRequestHoweverItIsSent) {
  ASSERT_THAT(sender_->set_flow_label(0x5a5a5), Succeeds());
  const auto payload = pattern(33);
  const icmp::echo_request request{{.identifier = 1, .sequence = 1, .payload = payload}};

  must(sender_->send(request, ipv6_address::loopback()));
  EXPECT_EQ(label_of(payload), 0x5a5a5u);

  icmp_room room{64};
  std::array requests{icmp_outgoing{request, ipv6_address::loopback()}};
  must(sender_->send_some(requests, room));
  EXPECT_EQ(label_of(payload), 0x5a5a5u);
}

TEST_P(FlowLabel, MayBeThatOfTwoProgramsAtOnce) {
  auto other = must(icmp_socket::open(family::v6, GetParam()));
  EXPECT_THAT(sender_->set_flow_label(0x12345), Succeeds());
  EXPECT_THAT(other.set_flow_label(0x12345), Succeeds());
}

}  // namespace
}  // namespace portsock::tests
