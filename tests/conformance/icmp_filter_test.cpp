// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <variant>
#include <vector>

#include <portsock/icmp_socket.hpp>
#include <portsock/interfaces.hpp>
#include <portsock/raw_socket.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

constexpr std::uint16_t ours = 0x5e1f, others = 0x5e20;

class RawIcmp : public OnEachFamily {
 protected:
  void SetUp() override {
    auto opened = icmp_socket::open(GetParam(), icmp_access::raw);
    auto second = icmp_socket::open(GetParam(), icmp_access::raw);
    if (!opened || !second) GTEST_SKIP() << "no raw sockets here: " << opened.error().message();
    here.emplace(std::move(*opened));
    other.emplace(std::move(*second));
  }
  static void ask(icmp_socket& socket, std::uint16_t identifier, std::uint16_t sequence) {
    must(socket.send({{.identifier = identifier, .sequence = sequence}},
                     portsock::loopback(GetParam())));
  }
  /// Whether the reply to this request is the next of those with one of the two identifiers.
  std::optional<std::pair<std::uint16_t, std::uint16_t>> next_reply(icmp_socket& socket) {
    for (;;) {
      const auto got = socket.receive(buffer, soon());
      if (!got) return std::nullopt;
      const auto* reply = std::get_if<icmp::echo_reply>(&got->message);
      if (reply != nullptr && (reply->identifier == ours || reply->identifier == others))
        return std::pair{reply->identifier, reply->sequence};
    }
  }

  std::optional<icmp_socket> here;
  std::optional<icmp_socket> other;
  std::vector<std::byte> buffer = std::vector<std::byte>(65'535);
};
ON_EACH_FAMILY(RawIcmp);

TEST_P(RawIcmp, HearsItsOwnRepliesThroughTheFilter) {
  here->listen_for(ours);
  for (std::uint16_t sequence = 1; sequence != 3; ++sequence) {
    ask(*here, ours, sequence);
    EXPECT_EQ(next_reply(*here), (std::pair{ours, sequence}));
  }
}

TEST_P(RawIcmp, IsDeafToOtherPeoplesRepliesWhereTheSystemCanTell) {
  here->listen_for(ours);

  ask(*other, others, 7);
  ASSERT_EQ(next_reply(*other), (std::pair{others, std::uint16_t{7}}));
  ask(*here, ours, 1);

  const auto first = system().filters_icmp_identifiers ? ours : others;
  const auto heard = next_reply(*here);
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->first, first);
}

TEST_P(RawIcmp, LosesNoReplyToAFloodOfOtherPeoples) {
  if (!system().filters_icmp_identifiers) GTEST_SKIP() << "this system has no such filter";
  borrowed<raw_socket> view{here->native()};
  must(view->set(options::receive_buffer, 4096));
  here->listen_for(ours);

  // Far more than the queue holds, and nobody reads from it.
  for (std::uint16_t sequence = 0; sequence != 500; ++sequence) {
    ask(*other, others, sequence);
    must(other->receive(buffer, soon()));
  }
  ask(*here, ours, 1);

  EXPECT_EQ(next_reply(*here), (std::pair{ours, std::uint16_t{1}}));
}

TEST_P(RawIcmp, HearsAnotherIdentifierWhenTold) {
  here->listen_for(ours);
  here->listen_for(others);

  ask(*here, others, 3);

  EXPECT_EQ(next_reply(*here), (std::pair{others, std::uint16_t{3}}));
}

TEST_P(RawIcmp, LeavesByTheInterfaceThatItIsConfinedTo) {
  const auto all = must(interfaces());
  const auto loopback = std::ranges::find_if(all, &network_interface::loopback);
  if (loopback == all.end()) GTEST_SKIP() << "no loopback interface is told of";
  const auto done = here->confine(loopback->index);
  if (!done) {
    EXPECT_THAT(done,
                testing::AnyOf(FailsWith(errc::not_supported), FailsWith(errc::access_denied)));
    GTEST_SKIP() << "this system confines no socket: " << done.error().message();
  }
  ask(*here, ours, 5);
  EXPECT_EQ(next_reply(*here), (std::pair{ours, std::uint16_t{5}}));
}

TEST_P(RawIcmp, IsNotConfinedToAnInterfaceThatIsNotThere) {
  EXPECT_THAT(here->confine(7'654'321), testing::AnyOf(FailsWith(errc::address_not_available),
                                                       FailsWith(errc::not_supported)));
}

}  // namespace
}  // namespace portsock::tests
