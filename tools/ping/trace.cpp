// SPDX-License-Identifier: MIT
#include <tools/ping/trace.hpp>

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include <tools/ping/words.hpp>

namespace portsock::tools {
namespace {

using namespace std::chrono_literals;
using kind = ping::event::what;

class accounts final : public ping::listener {
 public:
  explicit accounts(ping::duration timeout) : timeout_{timeout} {}

  void happened(const ping::event& what) override {
    const auto hop = static_cast<std::size_t>(what.host);
    if (hop >= hops.size()) hops.resize(hop + 1);
    hops[hop].note(what, timeout_);
  }

  std::vector<hop_account> hops;

 private:
  ping::duration timeout_;
};

}  // namespace

void hop_account::note(const ping::event& what, ping::duration timeout) {
  if (what.kind == kind::sent || what.kind == kind::not_sent) ++sent_;
  const bool refused = what.kind == kind::refused;
  if ((what.kind != kind::reply && !refused) || what.round_trip > timeout) return;
  if (answered() == sent_) return;  // a router that says it twice
  latest_ = std::chrono::duration<double, std::milli>{what.round_trip}.count();
  times_.add(latest_);
  ++routers_[what.from];
  if (refused && !std::holds_alternative<icmp::time_exceeded>(*what.message))
    refusal_ = described(*what.message);
}

double hop_account::loss() const noexcept {
  if (sent_ == 0) return 0;
  return 100 * static_cast<double>(sent_ - answered()) / static_cast<double>(sent_);
}

std::vector<ip_address> hop_account::routers() const {
  std::vector<std::pair<std::uint64_t, ip_address>> counted;
  counted.reserve(routers_.size());
  for (const auto& [address, times] : routers_) counted.emplace_back(times, address);
  std::ranges::sort(counted, [](const auto& one, const auto& other) {
    return one.first != other.first ? one.first > other.first : one.second < other.second;
  });
  std::vector<ip_address> found;
  found.reserve(counted.size());
  for (const auto& [times, address] : counted) found.push_back(address);
  return found;
}

ping::trace_schedule trace_schedule_of(const ping_options& options) {
  ping::trace_schedule made{.interval = options.interval};
  if (options.hop_limit) made.last = static_cast<std::uint8_t>(*options.hop_limit);
  if (options.count) made.count = *options.count;
  if (options.timeout) made.timeout = *options.timeout;
  return made;
}

result<traced> trace_route(const ping_options& options, const ip_address& address, std::string name,
                           ping::sockets& network, const canceller& stop) {
  const auto when = trace_schedule_of(options);
  accounts told{when.timeout};
  ping::trace way{
      network,
      told,
      address,
      when,
      {.size = options.size, .pattern = options.pattern, .packets_per_second = options.rate}};
  const auto end =
      options.deadline ? ping::clock::now() + *options.deadline : ping::time_point::max();
  while (!way.finished() && !stop.is_cancelled() && ping::clock::now() < end) {
    if (const auto done = way.advance(); !done) return done.failure();
    if (way.finished()) break;
    const auto until = deadline::at((std::min)(way.next(), end));
    const auto waited = network.wait(until.or_when(stop));
    if (!waited && waited.error() != errc::cancelled) return waited.failure();
  }
  told.hops.resize(way.hops());
  return traced{std::move(name), address, way.reached(), when.first, std::move(told.hops)};
}

}  // namespace portsock::tools
