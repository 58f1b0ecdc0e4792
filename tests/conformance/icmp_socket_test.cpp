// SPDX-License-Identifier: MIT
#include <portsock/icmp_socket.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include <portsock/waker.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock {

namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::ElementsAreArray;
using tests::FailsWith;
using tests::must;
using tests::pattern;
using tests::soon;
using tests::Succeeds;

/// A way to ping, over one family.
using way = std::tuple<family, icmp_access>;

const std::vector<way>& all_ways() {
  static const auto all = [] {
    std::vector<way> made;
    for (const auto of : tests::families_here())
      for (const auto how : {icmp_access::raw, icmp_access::datagram, icmp_access::system})
        made.emplace_back(of, how);
    return made;
  }();
  return all;
}

/// Those that this user may go. Icmp.IsGrantedOrTheReasonIsPlain says so when one is missing.
const std::vector<way>& ways_here() {
  static const auto here = [] {
    auto open = all_ways();
    std::erase_if(open, [](way w) { return !icmp_socket::open(std::get<0>(w), std::get<1>(w)); });
    return open;
  }();
  return here;
}

std::string name_of(const testing::TestParamInfo<way>& instance) {
  const auto [of, how] = instance.param;
  return (of == family::v4 ? "v4_" : "v6_") + testing::PrintToString(how);
}

class IcmpAccess : public testing::TestWithParam<way> {};
INSTANTIATE_TEST_SUITE_P(, IcmpAccess, testing::ValuesIn(all_ways()), name_of);

TEST_P(IcmpAccess, IsGrantedOrTheReasonIsPlain) {
  const auto [of, how] = GetParam();
  const auto opened = icmp_socket::open(of, how);
  if (!opened) {
    EXPECT_THAT(opened, AnyOf(FailsWith(errc::access_denied), FailsWith(errc::not_supported),
                              FailsWith(errc::protocol_not_supported),
                              FailsWith(errc::family_not_supported)));
    GTEST_SKIP() << "nothing is tested this way: " << opened.error().message();
  }
  EXPECT_EQ(opened->access(), how);
  EXPECT_EQ(opened->address_family(), of);
}

TEST(IcmpAccessHint, IsTextWithoutANewlineAtTheEnd) {
  const auto hint = icmp_access_hint();

  ASSERT_FALSE(hint.empty());
  EXPECT_NE(hint.back(), '\n');
}

class Icmp : public testing::TestWithParam<way> {
 protected:
  static family of() { return std::get<family>(GetParam()); }
  static ip_address loopback() { return portsock::loopback(of()); }

  icmp_socket& socket() { return socket_; }

  static icmp::echo_request request(std::uint16_t sequence, const_bytes payload) {
    return {{.identifier = 0x7a31, .sequence = sequence, .payload = payload}};
  }

  /// Passes over what others ping on this host, and what the socket hears of itself.
  std::optional<icmp_event> reply_to(std::uint16_t sequence) {
    const auto until = soon();
    for (;;) {
      const auto event = socket().receive(buffer_, until);
      if (!event) {
        ADD_FAILURE() << "no reply: " << event.error().message();
        return std::nullopt;
      }
      const auto* reply = std::get_if<icmp::echo_reply>(&event->message);
      if (reply && reply->sequence == sequence && reply->identifier == socket().identifier())
        return *event;
    }
  }

  /// What receiving fails with in the end, however much arrives before.
  result<> receive_until_it_fails(deadline until) {
    const auto limit = soon();
    while (!limit.has_passed())
      if (const auto event = socket().receive(buffer_, until); !event) return event.failure();
    return {};
  }

 private:
  icmp_socket socket_ = must(icmp_socket::open(of(), std::get<icmp_access>(GetParam())));
  std::vector<std::byte> buffer_{65'535};
};

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Icmp);
INSTANTIATE_TEST_SUITE_P(, Icmp, testing::ValuesIn(ways_here()), name_of);

TEST_P(Icmp, RequestToThisHostIsAnswered) {
  const auto payload = pattern(56);
  const auto before = deadline::clock::now();

  ASSERT_THAT(socket().send(request(7, payload), loopback()), Succeeds());
  const auto event = reply_to(7);

  ASSERT_TRUE(event);
  EXPECT_EQ(event->from, loopback());
  EXPECT_EQ(event->size, icmp::header_size + payload.size());
  EXPECT_THAT(std::get<icmp::echo_reply>(event->message).payload, ElementsAreArray(payload));
  EXPECT_GE(event->arrival, before);
  EXPECT_LE(event->arrival, deadline::clock::now());
}

TEST_P(Icmp, ReplyTellsItsHopLimit) {
  must(socket().send(request(1, {}), loopback()));

  const auto event = reply_to(1);

  ASSERT_TRUE(event);
  ASSERT_TRUE(event->hop_limit);
  EXPECT_GT(*event->hop_limit, 0);
}

TEST_P(Icmp, RepliesCarryWhatTheirRequestsDid) {
  std::uint16_t sequence = 0;
  for (const std::size_t size : {0u, 1u, 8u, 1'472u, 8'000u}) {
    const auto payload = pattern(size);

    ASSERT_THAT(socket().send(request(++sequence, payload), loopback()), Succeeds());
    const auto event = reply_to(sequence);

    ASSERT_TRUE(event);
    EXPECT_THAT(std::get<icmp::echo_reply>(event->message).payload, ElementsAreArray(payload));
  }
}

TEST_P(Icmp, SeveralRequestsMayBeUnderWay) {
  for (const auto sequence : std::array<std::uint16_t, 3>{65'535, 0, 1})
    ASSERT_THAT(socket().send(request(sequence, pattern(16)), loopback()), Succeeds());

  EXPECT_TRUE(reply_to(65'535));
  EXPECT_TRUE(reply_to(0));
  EXPECT_TRUE(reply_to(1));
}

TEST_P(Icmp, IdentifierIsKnownOnceARequestWasSent) {
  EXPECT_FALSE(socket().identifier());

  must(socket().send(request(1, {}), loopback()));

  EXPECT_TRUE(socket().identifier());
}

TEST_P(Icmp, RequestToTheUnspecifiedAddressGoesToThisHost) {
  must(socket().send(request(3, {}), any(of())));

  const auto event = reply_to(3);

  ASSERT_TRUE(event);
  EXPECT_EQ(event->from, loopback());
}

TEST_P(Icmp, RequestToTheOtherFamilyIsAnInvalidArgument) {
  const auto other = portsock::loopback(of() == family::v4 ? family::v6 : family::v4);

  EXPECT_THAT(socket().send(request(1, {}), other), FailsWith(errc::invalid_argument));
}

TEST_P(Icmp, RequestThatNoPacketHoldsIsTooLarge) {
  EXPECT_THAT(socket().send(request(1, pattern(65'536)), loopback()),
              FailsWith(errc::message_too_large));
}

TEST_P(Icmp, ReceivingWaitsNoLongerThanItsDeadline) {
  EXPECT_THAT(receive_until_it_fails(tests::shortly()), FailsWith(errc::timed_out));
  EXPECT_THAT(receive_until_it_fails(deadline::now()), FailsWith(errc::timed_out));
}

TEST_P(Icmp, ReceivingEndsWhenItIsCancelled) {
  const auto stop = must(canceller::create());
  stop.cancel();

  EXPECT_THAT(receive_until_it_fails(deadline::never().or_when(stop)), FailsWith(errc::cancelled));
}

TEST_P(Icmp, HopLimitIsFrom1To255) {
  EXPECT_THAT(socket().set_hop_limit(0), FailsWith(errc::invalid_argument));
  EXPECT_THAT(socket().set_hop_limit(256), FailsWith(errc::invalid_argument));
  EXPECT_THAT(socket().set_hop_limit(255), Succeeds());

  EXPECT_THAT(socket().set_hop_limit(1), Succeeds());
  must(socket().send(request(4, {}), loopback()));
  EXPECT_TRUE(reply_to(4)) << "no router is between this host and itself";
}

TEST_P(Icmp, FlowLabelIsOfTwentyBits) {
  EXPECT_THAT(socket().set_flow_label(0x100000), FailsWith(errc::invalid_argument));
  const bool possible = of() == family::v6 && socket().access() != icmp_access::system &&
                        tests::system().sends_flow_labels;
  for (const std::uint32_t label : {1u, 0xfffffu})
    if (const auto set = socket().set_flow_label(label); possible)
      EXPECT_THAT(set, Succeeds());
    else
      EXPECT_THAT(set, FailsWith(errc::not_supported));

  must(socket().send(request(6, {}), loopback()));
  EXPECT_TRUE(reply_to(6));
}

TEST_P(Icmp, SourceAddressIsOneOfThisHost) {
  EXPECT_THAT(socket().bind(loopback()), Succeeds());

  must(socket().send(request(5, {}), loopback()));
  EXPECT_TRUE(reply_to(5));
}

TEST_P(Icmp, OpensTheFirstAccessThatIsAllowed) {
  const auto best = icmp_socket::open(of());

  ASSERT_THAT(best, Succeeds());
  EXPECT_LE(best->access(), socket().access());
  EXPECT_EQ(best->address_family(), of());
}

}  // namespace
}  // namespace portsock
