// SPDX-License-Identifier: MIT
#include <portsock/ping_sockets.hpp>

#include <algorithm>
#include <utility>

#include <platform/icmp_batch.hpp>

namespace portsock::ping {
namespace {

using namespace std::chrono_literals;

/// A stamp of sending costs a second packet. Only requests that come one by one have one: for the
/// others the time around the call does, which is short where the next is waiting.
constexpr auto unhurried = 200us;

/// Payload of requests that, with their headers, fit any link on which there is IP.
constexpr std::size_t small_payload = 100;

/// How long one of two services is waited for before the other is.
constexpr auto glance = 5ms;

bool is_service(const icmp_socket& socket) noexcept {
  return socket.access() == icmp_access::system;
}

}  // namespace

result<sockets> sockets::of(std::optional<icmp_socket> v4, std::optional<icmp_socket> v6,
                            std::size_t largest_payload) {
  if (!v4 && !v6) return fail(errc::invalid_argument);
  if ((v4 && v4->address_family() != family::v4) || (v6 && v6->address_family() != family::v6))
    return fail(errc::invalid_argument);
  for (const auto* socket : {&v4, &v6})
    if (*socket && !is_service(**socket) && largest_payload <= small_payload)
      platform::expect_small_packets((*socket)->native(), (*socket)->address_family());
  auto watch = poller::create();
  if (!watch) return watch.failure();
  return sockets{std::move(v4), std::move(v6), std::move(*watch), largest_payload};
}

sockets::sockets(std::optional<icmp_socket> v4, std::optional<icmp_socket> v6, poller watch,
                 std::size_t largest_payload)
    : sockets_{std::move(v4), std::move(v6)},
      rooms_{icmp_room{largest_payload}, icmp_room{largest_payload}},
      poller_{std::move(watch)} {}

result<std::size_t> sockets::send(std::span<icmp_outgoing> requests) noexcept {
  if (requests.empty()) return std::size_t{0};
  const auto first = family_of(requests.front().peer);
  const auto run = std::ranges::find_if(
      requests, [first](const auto& one) { return family_of(one.peer) != first; });
  auto& socket = of(first);
  if (!socket) return fail(errc::family_not_supported);
  const auto count = static_cast<std::size_t>(run - requests.begin());
  const std::size_t place = first == family::v4 ? 0 : 1;
  if (const auto ours = requests.front().request.identifier; heard_[place] != ours) {
    socket->listen_for(ours);
    heard_[place] = ours;
  }
  const auto started = clock::now();
  const bool stamp = count == 1 && started - latest_ > unhurried;
  latest_ = started;
  return socket->send_some(requests.first(count), rooms_[place], stamp);
}

result<icmp_arrivals> sockets::receive() noexcept {
  if (early_) {
    rooms_[0].events_[0] = *std::exchange(early_, std::nullopt);
    return icmp_arrivals{std::span{rooms_[0].events_}.first(1), {}};
  }
  for (std::size_t tries = 0; tries != sockets_.size(); ++tries) {
    const auto which = (turn_ + tries) % sockets_.size();
    if (!sockets_[which]) continue;
    auto got = sockets_[which]->receive_some(rooms_[which]);
    if (got && got->empty()) continue;
    // A family of which nobody was asked has a turn only when the other one has nothing.
    const auto other = 1 - which;
    turn_ = heard_[other] ? other : which;
    return got;
  }
  return icmp_arrivals{};
}

std::optional<std::uint16_t> sockets::identifier(family which) const noexcept {
  const auto& socket = sockets_[which == family::v4 ? 0 : 1];
  return socket ? socket->identifier() : std::nullopt;
}

result<> sockets::wait(deadline until) {
  const auto service =
      std::ranges::find_if(sockets_, [](const auto& one) { return one && is_service(*one); });
  if (service == sockets_.end()) {
    // Not before it is to sleep: from then on every packet stops by the poller.
    if (!polled_ && !until.has_passed()) {
      for (std::size_t i = 0; i != sockets_.size(); ++i)
        if (sockets_[i])
          if (const auto added = poller_.add(*sockets_[i], interest::receive, i); !added)
            return added.failure();
      polled_ = true;
    }
    const auto ready = poller_.wait(until);
    return ready ? result<>{} : ready.failure();
  }

  early_bytes_.resize(65'535);
  const bool alone = std::ranges::count_if(sockets_, [](const auto& s) { return bool{s}; }) == 1;
  for (;;) {
    for (auto& socket : sockets_) {
      if (!socket) continue;
      auto moment = until;
      if (!alone && clock::now() + glance < until.moment())
        moment = until.sooner(clock::now() + glance);
      auto got = socket->receive(early_bytes_, moment);
      if (got) {
        early_ = *got;
        return {};
      }
      if (got.error() != errc::timed_out) return got.failure();
    }
    if (alone || until.has_passed()) return {};
  }
}

}  // namespace portsock::ping
