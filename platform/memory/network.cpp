// SPDX-License-Identifier: MIT

// What a test says of its network.

#include <portsock/memory.hpp>

#include <algorithm>

#include "hosts.hpp"
#include "ports.hpp"

namespace portsock::memory {

using namespace platform::memory;

network::network(std::uint64_t seed) {
  const auto held = enter();
  forget_network(seed);
}

network::~network() {
  const auto held = enter();
  set_passing(passing::runs, 1);
  forget_events();
  forget_network(0);
}

namespace {

std::vector<interface_address> with_prefixes(const std::vector<ip_address>& addresses) {
  std::vector<interface_address> made;
  made.reserve(addresses.size());
  for (const auto& each : addresses)
    made.push_back({each, static_cast<std::uint8_t>(family_of(each) == family::v4 ? 24 : 64)});
  return made;
}

network_interface outward_interface(const std::vector<ip_address>& addresses) {
  network_interface made;
  made.index = 2;
  made.name = made.friendly_name = "net0";
  made.up = made.broadcast = made.multicast = true;
  made.mtu = own_mtu;
  made.addresses = with_prefixes(addresses);
  return made;
}

}  // namespace

host network::add_host(std::string_view name, std::vector<ip_address> addresses) {
  const auto held = enter();
  auto made = alone(std::string{name});
  made.interfaces.push_back(outward_interface(addresses));
  hosts().push_back(std::move(made));
  names()[std::string{name}] = std::move(addresses);
  return host{hosts().size() - 1};
}

void network::set_addresses(host where, std::vector<ip_address> addresses) {
  const auto held = enter();
  auto& changing = facts_of(where.number_);
  changing.interfaces.resize(1);  // loopback stays
  changing.interfaces.push_back(outward_interface(addresses));
  if (where != localhost()) names()[changing.name] = std::move(addresses);
  tell_watches(where.number_);
}

void network::add_name(std::string_view name, std::vector<ip_address> addresses) {
  const auto held = enter();
  names()[std::string{name}] = std::move(addresses);
}

void network::connect(host first, host second, const path& both_ways) {
  const auto held = enter();
  path_between(first.number_, second.number_) = both_ways;
  auto back = both_ways;
  std::ranges::reverse(back.routers);
  path_between(second.number_, first.number_) = std::move(back);
}

void network::set_path(host from, host to, const path& way) {
  const auto held = enter();
  path_between(from.number_, to.number_) = way;
}

path network::path_of(host from, host to) const {
  const auto held = enter();
  return path_between(from.number_, to.number_);
}

void network::set_open(host first, host second, bool open) {
  const auto held = enter();
  path_between(first.number_, second.number_).open = open;
  path_between(second.number_, first.number_).open = open;
}

void network::reset_connections(host first, host second) {
  const auto held = enter();
  each_connection([&](stream& one) {
    // A client that does not know of it yet has no connection.
    if (!one.other || one.other->now == stream::phase::connecting) return;
    if ((one.home == first.number_ && one.other->home == second.number_) ||
        (one.home == second.number_ && one.other->home == first.number_))
      reset_both(one);
  });
}

void network::set_time(passing how, std::size_t threads) noexcept {
  const auto held = enter();
  set_passing(how, threads);
}

void network::after(duration span, std::function<void()> what) {
  const auto held = enter();
  platform::memory::after(span, std::move(what));
}

void network::advance(duration by) {
  const auto held = enter();
  advance_by(by);
}

traffic network::count() const noexcept {
  const auto held = enter();
  return totals();
}

on::on(host where) noexcept {
  const auto held = enter();
  before_ = std::exchange(host_here(), where.number_);
}
on::~on() {
  const auto held = enter();
  host_here() = before_;
}

}  // namespace portsock::memory
