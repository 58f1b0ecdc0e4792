// SPDX-License-Identifier: MIT
#include "ports.hpp"

#include <algorithm>
#include <map>

namespace portsock::platform::memory {
namespace {

using place = std::tuple<std::size_t, std::uint8_t, std::uint16_t>;

struct bound_sockets {
  std::multimap<place, socket_object*> ports;
  std::vector<packet_socket*> raw;
};

bound_sockets& all_bound() noexcept {
  static bound_sockets& made = *new bound_sockets;
  return made;
}

bool hears(const socket_object& one, family of) noexcept {
  return of == one.of || (of == family::v4 && one.takes_v4() && is_unspecified(one.local.address));
}

/// Whether a packet could be for both.
bool overlap(const socket_object& one, const socket_object& other) noexcept {
  for (const auto of : {family::v4, family::v6}) {
    const bool both = hears(one, of) && hears(other, of);
    if (both && (one.local.address == other.local.address || is_unspecified(one.local.address) ||
                 is_unspecified(other.local.address)))
      return true;
  }
  return false;
}

bool share(const socket_object& one, const socket_object& other) noexcept {
  return one.policy == other.policy && one.policy != bind_policy::exclusive;
}

bool is_free(const socket_object& wanted) {
  const auto [from, to] =
      all_bound().ports.equal_range({wanted.home, wanted.protocol, wanted.local.port});
  return std::none_of(from, to, [&wanted](const auto& each) {
    return each.second != &wanted && overlap(*each.second, wanted) && !share(*each.second, wanted);
  });
}

void enlist(socket_object& taken) {
  all_bound().ports.emplace(place{taken.home, taken.protocol, taken.local.port}, &taken);
  taken.bound = true;
}

}  // namespace

result<> take_port(socket_object& wanted, endpoint where) {
  if (wanted.bound) return refuse(errc::invalid_argument);
  if (!is_unspecified(where.address) && !is_multicast(where.address) &&
      !has_address(wanted.home, where.address) &&
      broadcast_interface(wanted.home, where.address) == nullptr)
    return refuse(errc::address_not_available);
  const auto before = wanted.local;
  wanted.local = where;
  if (where.port != 0) {
    if (is_free(wanted)) {
      enlist(wanted);
      return {};
    }
    wanted.local = before;
    return refuse(errc::address_in_use);
  }
  auto& next = facts_of(wanted.home).next_port;
  for (std::uint32_t tries = 0; tries != 65'536u - first_free_port; ++tries) {
    wanted.local.port = next;
    next = next == 65'535 ? first_free_port : static_cast<std::uint16_t>(next + 1);
    if (is_free(wanted)) {
      enlist(wanted);
      return {};
    }
  }
  wanted.local = before;
  return refuse(errc::address_in_use);
}

result<> take_any_port(socket_object& wanted, const ip_address& address) {
  const auto taken = take_port(wanted, {address, 0});
  if (!taken && taken.error() == errc::address_in_use) return refuse(errc::address_not_available);
  return taken;
}

void leave_port(const socket_object& left) {
  std::erase_if(all_bound().ports, [&left](const auto& each) { return each.second == &left; });
}

void each_bound(std::size_t host, std::uint8_t protocol, std::uint16_t port,
                const std::function<void(socket_object&)>& what) {
  const auto [from, to] = all_bound().ports.equal_range({host, protocol, port});
  for (auto each = from; each != to; ++each) what(*each->second);
}

bool is_bound_to(const socket_object& one, const ip_address& destination) noexcept {
  return hears(one, family_of(destination)) &&
         (is_unspecified(one.local.address) || one.local.address == destination);
}

void add_raw(packet_socket& made) { all_bound().raw.push_back(&made); }
void remove_raw(const packet_socket& gone) { std::erase(all_bound().raw, &gone); }
void each_raw(std::size_t host, const std::function<void(packet_socket&)>& what) {
  for (auto* each : all_bound().raw)
    if (each->home == host) what(*each);
}

void each_packet_socket(std::size_t host, const std::function<void(packet_socket&)>& what) {
  each_raw(host, what);
  const auto& all = all_bound().ports;
  const auto end = all.upper_bound({host, udp, 65'535});
  for (auto each = all.lower_bound({host, udp, 0}); each != end; ++each)
    what(dynamic_cast<packet_socket&>(*each->second));
}

std::size_t balanced(std::size_t count, const endpoint& from) noexcept {
  return std::hash<endpoint>{}(from) % count;
}

std::shared_ptr<listener> find_listener(std::size_t host, const endpoint& where,
                                        const endpoint& from) {
  std::vector<listener*> found;
  each_bound(host, tcp, where.port, [&](socket_object& each) {
    auto* const one = dynamic_cast<listener*>(&each);
    if (one != nullptr && one->listens && is_bound_to(*one, where.address)) found.push_back(one);
  });
  if (found.empty()) return nullptr;
  auto* const chosen = found[balanced(found.size(), from)];
  return std::static_pointer_cast<listener>(chosen->shared_from_this());
}

}  // namespace portsock::platform::memory
