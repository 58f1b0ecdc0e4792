// SPDX-License-Identifier: MIT
#include "hosts.hpp"

#include <algorithm>
#include <cmath>

#include <portsock/prefix.hpp>

#include <platform/contract.hpp>

namespace portsock::platform::memory {
namespace {

struct network_state {
  std::uint64_t seed = 0;
  std::vector<host_facts> hosts;
  std::map<std::string, std::vector<ip_address>> names;
  std::map<std::pair<std::size_t, std::size_t>, path> paths;
  /// When the last packet of a path with a bandwidth has left.
  std::map<std::pair<std::size_t, std::size_t>, time_point> busy_until;
  std::map<flow, std::uint64_t> drawn;
  traffic totals;
};

network_interface loopback_interface() {
  network_interface made;
  made.index = 1;
  made.name = made.friendly_name = "lo";
  made.up = made.loopback = true;
  made.mtu = 65'536;
  made.addresses = {{ipv4_address::loopback(), 8}, {ipv6_address::loopback(), 128}};
  return made;
}

network_state& the_network() noexcept {
  static network_state& made = *[] {
    auto* fresh = new network_state;
    fresh->hosts.push_back(alone("localhost"));
    return fresh;
  }();
  return made;
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators).
std::uint64_t mixed(std::uint64_t word) noexcept {
  word += 0x9e3779b97f4a7c15;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  return word ^ (word >> 31);
}

std::uint64_t mixed(std::uint64_t word, const ip_address& address) noexcept {
  return std::visit(
      [word](const auto& which) {
        auto sum = word;
        for (const auto byte : which.bytes) sum = mixed(sum ^ byte);
        return sum;
      },
      address);
}

/// The same wherever it is: what an interface is called is the host's own business.
ip_address without_scope(ip_address address) noexcept {
  if (auto* v6 = std::get_if<ipv6_address>(&address)) v6->scope = 0;
  return address;
}

/// The network that the interface is in with this address.
prefix network_of(const interface_address& own) noexcept {
  return *prefix::of(own.address, own.prefix_length);
}

}  // namespace

host_facts alone(std::string name) {
  return {std::move(name), {loopback_interface()}, first_free_port, 0};
}

std::size_t size_of(const packet& what) noexcept {
  return what.payload.size() + (family_of(what.destination) == family::v4 ? 20u : 40u) +
         (what.protocol == udp ? udp_header_size : 0);
}

const ipv6_address& as_v6(const ip_address& address) noexcept {
  return std::get<ipv6_address>(address);
}

error system_reason(errc meaning) noexcept {
  // Windows has other names beside those of its sockets.
  for (const bool any : {false, true})
    for (const auto& row : error_rows(error_domain::system))
      if (row.meaning == meaning && (any || !std::string_view{row.name}.starts_with("ERROR_")))
        return {row.value, error_domain::system, meaning};
  return meaning;
}

std::vector<host_facts>& hosts() noexcept { return the_network().hosts; }
host_facts& facts_of(std::size_t host) noexcept {
  static host_facts& gone = *new host_facts{alone({})};
  return host < hosts().size() ? hosts()[host] : gone;
}
std::map<std::string, std::vector<ip_address>>& names() { return the_network().names; }
traffic& totals() noexcept { return the_network().totals; }

std::size_t& host_here() noexcept {
  thread_local std::size_t here = 0;
  if (here >= hosts().size()) here = 0;
  return here;
}

const network_interface* interface_of(std::size_t host, std::uint32_t index) noexcept {
  const auto& own = facts_of(host).interfaces;
  const auto found = std::ranges::find(own, index, &network_interface::index);
  return found == own.end() ? nullptr : &*found;
}

const network_interface* interface_with(std::size_t host, const ip_address& address) noexcept {
  for (const auto& each : facts_of(host).interfaces)
    for (const auto& own : each.addresses) {
      if (without_scope(own.address) == without_scope(address)) return &each;
      // All of 127.0.0.0/8 is this host's (RFC 1122, 3.2.1.3).
      if (each.loopback && is_loopback(address) && network_of(own).contains(address)) return &each;
    }
  return nullptr;
}

bool has_address(std::size_t host, const ip_address& address) noexcept {
  return interface_with(host, address) != nullptr && broadcast_interface(host, address) == nullptr;
}

const network_interface* broadcast_interface(std::size_t host, const ip_address& address) noexcept {
  if (family_of(address) != family::v4) return nullptr;
  const auto& own = facts_of(host).interfaces;
  // To all on the link, by the interface that leads to others, if there is one.
  if (address == ip_address{ipv4_address{{255, 255, 255, 255}}}) return &own.back();
  for (const auto& each : own)
    for (const auto& one : each.addresses)
      if (family_of(one.address) == family::v4 && one.prefix_length < 31 &&
          address == network_of(one).last())
        return &each;
  return nullptr;
}

result<std::optional<std::size_t>> route(std::size_t from, const ip_address& to) noexcept {
  if (is_loopback(to) || has_address(from, to)) return std::optional{from};
  for (std::size_t each = 0; each != hosts().size(); ++each)
    if (each != from && has_address(each, to)) {
      // A host without a way out reaches nobody.
      if (facts_of(from).interfaces.size() == 1) break;
      return std::optional{each};
    }
  if (facts_of(from).interfaces.size() == 1) return refuse(errc::network_unreachable);
  return std::optional<std::size_t>{};
}

result<ip_address> source_for(std::size_t from, const ip_address& to) noexcept {
  if (is_loopback(to))
    return family_of(to) == family::v4 ? ip_address{ipv4_address::loopback()} : to;
  if (has_address(from, to)) return to;
  const interface_address* best = nullptr;
  for (const auto& each : facts_of(from).interfaces) {
    // A group that stays on the host is sent from loopback, if there is nothing else.
    if (each.loopback && !(is_multicast(to) && facts_of(from).interfaces.size() == 1)) continue;
    for (const auto& own : each.addresses)
      if (family_of(own.address) == family_of(to) &&
          (best == nullptr || network_of(own).contains(to)))
        best = &own;
  }
  if (best == nullptr) return refuse(errc::network_unreachable);
  return best->address;
}

path& path_between(std::size_t from, std::size_t to) {
  auto& paths = the_network().paths;
  if (const auto known = paths.find({from, to}); known != paths.end()) return known->second;
  return paths.try_emplace({from, to}, path{.mtu = from == to ? 65'536u : own_mtu}).first->second;
}

void forget_network(std::uint64_t seed) {
  auto& n = the_network();
  n = {};
  n.seed = seed;
  n.hosts.push_back(alone("localhost"));
}

double chance(const flow& which) {
  const auto& [source, destination, protocol, from, to] = which;
  const auto turn = the_network().drawn[which]++;
  auto word = mixed(the_network().seed);
  word = mixed(mixed(word, source), destination);
  word = mixed(word ^ (std::uint64_t{protocol} << 32 | std::uint64_t{from} << 16 | to));
  return std::ldexp(static_cast<double>(mixed(word ^ turn) >> 11), -53);
}

bool gets_lost(const path& way, const flow& which) {
  ++totals().sent;
  if (way.open && (way.loss <= 0 || chance(which) >= way.loss)) return false;
  ++totals().lost;
  return true;
}

time_point arrival_over(path& way, std::size_t from, std::size_t to, std::size_t size,
                        const flow& which) {
  auto when = moment();
  if (way.bandwidth != 0) {
    auto& busy = the_network().busy_until[{from, to}];
    busy = (std::max)(busy, when) +
           duration{static_cast<duration::rep>(static_cast<double>(size) * 1e9 /
                                               static_cast<double>(way.bandwidth))};
    when = busy;
  }
  when += way.latency;
  if (way.jitter > duration::zero())
    when += duration{
        static_cast<duration::rep>(chance(which) * static_cast<double>(way.jitter.count()))};
  return when;
}

}  // namespace portsock::platform::memory
