// SPDX-License-Identifier: MIT
#include <tools/ping/run.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace portsock::tools {
namespace {

using namespace std::chrono_literals;
using kind = ping::event::what;

/// Of so many hosts the numbers of each are kept.
constexpr std::size_t most_accounts = 256;

constexpr auto patience_with_one = 4s;
constexpr auto patience_with_many = 500ms;

}  // namespace

ping::schedule schedule_of(const ping_options& options) {
  const bool many = options.has_many();
  ping::schedule made{
      .count = options.count.value_or(many ? 1 : ping::for_ever),
      .interval = options.interval,
      .timeout = options.timeout.value_or(many ? ping::duration{patience_with_many}
                                               : ping::duration{patience_with_one}),
      .retries = options.retries,
      .backoff = options.backoff,
      .together = 0,
      .preload = options.preload,
  };
  if (options.flood) made.interval = 0ns;
  if (options.adaptive) made.interval = 0ns;
  // Without an interval one follows the other, but for a flood, which the window alone limits.
  if (made.interval == 0ns && !options.flood)
    made.together = static_cast<std::uint32_t>((std::min)(options.preload, std::uint64_t{65'535}));
  return made;
}

ping::settings settings_of(const ping_options& options) {
  return {.size = options.size, .pattern = options.pattern, .packets_per_second = options.rate};
}

run::run(const ping_options& options, ping::link& network, report& told, const complaints& complain,
         const ping::identity& self)
    : options_{options},
      network_{network},
      report_{told},
      complain_{complain},
      pings_{network, *this, settings_of(options), self},
      schedule_{schedule_of(options)},
      began_{network.now()} {}

result<> run::add(const ip_address& address, std::string name) {
  const auto id = pings_.add(address, schedule_);
  if (!id) return id.failure();
  if (!name.empty() && name != to_string(address))
    names_.set(static_cast<std::size_t>(*id), std::move(name));
  answers_.push_back(false);
  if (pings_.size() <= most_accounts)
    accounts_.emplace_back();
  else
    accounts_ = {};
  return {};
}

void run::begin(const std::array<icmp_access, 2>& ways) {
  began_ = network_.now();
  if (accounts_.empty()) return;  // nobody reads so many
  for (std::size_t id = 0; id != pings_.size(); ++id) {
    const auto named = host(id);
    report_.opening(named, options_.size, ways[family_of(named.address) == family::v4 ? 0 : 1]);
  }
}

result<bool> run::advance() {
  if (options_.deadline && network_.now() >= began_ + *options_.deadline) return false;
  if (const auto done = pings_.advance(); !done) return done.failure();
  if (report_.due() != (ping::time_point::max)())
    if (const auto now = network_.now(); now >= report_.due()) report_.tick(now);
  return !pings_.finished();
}

ping::time_point run::next() const noexcept {
  const auto next = (std::min)(pings_.next(), report_.due());
  return options_.deadline ? (std::min)(next, began_ + *options_.deadline) : next;
}

subject run::host(std::size_t id) const {
  const auto& address = pings_.address(static_cast<ping::host_id>(id));
  return {names_.of(id, address), address};
}

void run::happened(const ping::event& what) {
  const auto id = static_cast<std::size_t>(what.host);
  total_.note(what, began_, &spread_);
  if (id < accounts_.size()) accounts_[id].numbers.note(what, began_, &accounts_[id].spread);
  if (what.kind == kind::not_sent) complain_of(what);
  if (what.kind == kind::reply && !answers_[id]) {
    answers_[id] = true;
    ++answered_;
  }
  if (what.kind == kind::reply && options_.until_reply) pings_.stop(what.host);
  if (what.kind == kind::sent && !options_.flood) return;
  if (report_.wants_events() && !options_.sorted) report_.happened(host(id), what);
}

void run::complain_of(const ping::event& what) {
  complain_.failed(to_string(pings_.address(what.host)), what.reason);
}

/// The rounds of several hosts are in no common order.
void run::add_up_orders() {
  total_.losses = {};
  total_.out_of_order = 0;
  for (const auto& one : accounts_) {
    total_.losses.add(one.numbers.losses);
    total_.out_of_order += one.numbers.out_of_order;
  }
}

void run::sum_up_so_far() {
  for (std::size_t id = 0; id < accounts_.size(); ++id)
    report_.so_far(host(id), {accounts_[id].numbers, &accounts_[id].spread});
  if (accounts_.empty()) report_.so_far(whole());
}

void run::summarize() {
  for (std::size_t id = 0; options_.sorted && id != pings_.size(); ++id)
    report_.happened(host(id), {.kind = answers_[id] ? kind::reply : kind::lost,
                                .host = static_cast<ping::host_id>(id)});
  for (std::size_t id = 0; id < accounts_.size(); ++id)
    report_.of_host(host(id), {accounts_[id].numbers, &accounts_[id].spread});
  add_up_orders();
  report_.of_run(whole());
}

}  // namespace portsock::tools
