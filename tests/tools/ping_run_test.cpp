// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>
#include <sstream>
#include <vector>

#include <tests/support/matchers.hpp>
#include <tools/ping/run.hpp>

namespace portsock::tools {
namespace {

using namespace literals;
using namespace std::chrono_literals;
using portsock::tests::must;

/// A network of which some hosts answer after a millisecond. Its clock moves when it waits.
class small_network final : public ping::link {
 public:
  std::set<ip_address> silent;
  std::optional<error> refuses;

  void wait(ping::time_point until) {
    now_ = (std::max)(now_, (std::min)(until, replies_.empty() ? until : replies_.front().at));
  }

  ping::time_point now() noexcept override { return now_; }
  std::optional<std::uint16_t> identifier(family) const noexcept override { return std::nullopt; }
  result<std::size_t> send(std::span<icmp_outgoing> requests) noexcept override {
    if (refuses) return fail(*refuses);
    for (auto& [request, peer, hops, left, unsure] : requests) {
      left = now_;
      if (silent.contains(peer)) continue;
      replies_.push_back(
          {now_ + 1ms, peer, request.sequence, {request.payload.begin(), request.payload.end()}});
    }
    return requests.size();
  }
  result<icmp_arrivals> receive() noexcept override {
    if (replies_.empty() || replies_.front().at > now_) return icmp_arrivals{};
    given_ = std::move(replies_.front());
    replies_.pop_front();
    event_ = {.from = given_.from,
              .message = icmp::echo_reply{{0, given_.sequence, given_.payload}},
              .size = 64,
              .arrival = given_.at};
    return icmp_arrivals{std::span{&event_, 1}, {}};
  }

 private:
  struct reply {
    ping::time_point at;
    ip_address from;
    std::uint16_t sequence;
    std::vector<std::byte> payload;
  };
  ping::time_point now_{1h};
  std::deque<reply> replies_;
  reply given_{};
  icmp_event event_{};
};

struct trial {
  explicit trial(ping_options wanted) : options{std::move(wanted)} {
    for (const auto& host : options.hosts) must(pings.add(*parse_address(host)));
    for (const auto& text : options.sweeps)
      for_each_host(*parse_sweep(text), [&](const ip_address& one) { must(pings.add(one)); });
  }
  trial& finish() {
    pings.begin({icmp_access::raw, icmp_access::raw});
    while (must(pings.advance())) network.wait(pings.next());
    pings.summarize();
    return *this;
  }

  ping_options options;
  small_network network;
  std::ostringstream output;
  std::ostringstream log;
  complaints complain{"sockping", log};
  std::unique_ptr<report> told = make_report(options, output, log);
  run pings{options, network, *told, complain};
};

TEST(PingRun, EndsAtItsDeadline) {
  trial t{{.hosts = {"192.0.2.1"}, .interval = 100ms, .deadline = 1s}};

  t.finish();

  EXPECT_EQ(t.pings.numbers().sent, 10u);
}

TEST(PingRun, EndsAFloodAtItsDeadline) {
  trial t{{.hosts = {"192.0.2.1"}, .deadline = 50ms, .flood = true}};
  t.finish();
  EXPECT_GT(t.pings.numbers().received, 500u);
}

TEST(PingRun, AsksSeveralHostsOnceAndOneForEver) {
  EXPECT_EQ(schedule_of({.hosts = {"a"}}).count, ping::for_ever);
  EXPECT_EQ(schedule_of({.hosts = {"a", "b"}}).count, 1u);
  EXPECT_EQ(schedule_of({.hosts = {"a", "b"}, .count = 3}).count, 3u);
  EXPECT_EQ(schedule_of({.sweeps = {"10.0.0.0/8"}}).count, 1u);
}

TEST(PingRun, CountsWhoAnswered) {
  trial t{{.sweeps = {"192.0.2.0/28"}, .retries = 1}};
  t.network.silent = {"192.0.2.3"_ip, "192.0.2.5"_ip};

  t.finish();

  EXPECT_EQ(t.pings.hosts(), 14u);
  EXPECT_EQ(t.pings.answered(), 12u);
  EXPECT_EQ(t.pings.numbers().sent, 16u);
  EXPECT_THAT(t.output.str(), testing::HasSubstr("192.0.2.5 is unreachable\n"));
  EXPECT_THAT(t.output.str(), testing::HasSubstr("14 hosts, 12 alive, 2 unreachable"));
}

TEST(PingRun, PrintsHostsInTheirOrderAtTheEnd) {
  trial t{{.hosts = {"192.0.2.2", "192.0.2.1", "192.0.2.3"}, .alive = true, .sorted = true}};
  t.network.silent = {"192.0.2.1"_ip};

  EXPECT_EQ(t.finish().output.str(), "192.0.2.2\n192.0.2.3\n");
}

TEST(PingRun, SumsUpInBetweenAndGoesOn) {
  trial t{{.hosts = {"192.0.2.1"}, .count = 3}};
  t.pings.begin({icmp_access::raw, icmp_access::raw});
  t.pings.sum_up_so_far();

  t.finish();

  EXPECT_EQ(t.log.str(), "192.0.2.1: 0/0 packets, 0% loss\n");
  EXPECT_EQ(t.pings.numbers().sent, 3u);
}

TEST(PingRun, AsksNoMoreWhoAnswered) {
  trial t{{.hosts = {"192.0.2.1"}, .count = 5, .until_reply = true}};

  EXPECT_EQ(t.finish().pings.numbers().sent, 1u);
}

TEST(PingRun, ComplainsOfWhatCannotBeSent) {
  trial t{{.hosts = {"192.0.2.1"}, .count = 1}};
  t.network.refuses = errc::network_unreachable;

  t.finish();

  EXPECT_THAT(t.log.str(), testing::StartsWith("sockping: 192.0.2.1: network unreachable"));
  EXPECT_EQ(t.pings.answered(), 0u);
}

}  // namespace
}  // namespace portsock::tools
