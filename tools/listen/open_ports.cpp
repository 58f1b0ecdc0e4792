// SPDX-License-Identifier: MIT
#include <tools/listen/open_ports.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

#include <portsock/interfaces.hpp>
#include <portsock/resolver.hpp>

namespace portsock::tools {
namespace {

result<std::vector<endpoint>> endpoints_of(const listen_address& where, const canceller& stop) {
  if (where.host.empty())
    return std::vector{endpoint{ipv4_address::any(), where.port},
                       endpoint{ipv6_address::any(), where.port}};
  return resolve(where.host, where.port, deadline::never().or_when(stop));
}

bool is_absent(error reason) {
  return is_unsupported(reason) || reason == errc::address_not_available;
}

/// Not blocking, with the buffer that was asked for.
template <class Socket>
result<> prepare(Socket& socket, const listen_options& options) {
  if (auto set = socket.set_blocking(false); !set) return set;
  if (options.receive_buffer == 0) return {};
  return socket.set(options::receive_buffer, options.receive_buffer);
}

template <class Socket>
result<door> door_of(result<Socket> opened, const listen_options& options) {
  if (!opened) return opened.failure();
  if (auto ready = prepare(*opened, options); !ready) return ready.failure();
  const auto local = opened->local_endpoint();
  if (!local) return local.failure();
  return door{*std::move(opened), place{*local}};
}

result<door> open_one(const endpoint& local, transport over, const listen_options& options) {
  if (over == transport::udp)
    return door_of(datagram_socket::bind(local, {.policy = options.policy}), options);
  return door_of(
      stream_listener::listen(local, {.policy = options.policy, .backlog = options.backlog}),
      options);
}

template <class Socket>
result<std::vector<door>> local_door(result<Socket> opened, const local_address& at,
                                     const listen_options& options) {
  if (!opened) return opened.failure();
  if (auto ready = prepare(*opened, options); !ready) return ready.failure();
  std::vector<door> doors;
  doors.emplace_back(*std::move(opened), place{at});
  return doors;
}

/// A file that a server left behind is replaced; ours goes when the door does.
result<std::vector<door>> open_local(const local_address& at, bool datagrams,
                                     const listen_options& options) {
  const auto access = options.everyone ? local_access::everyone : local_access::owner;
  if (datagrams)
    return local_door(local_datagram_socket::bind(at, {.access = access}), at, options);
  return local_door(local_listener::listen(at, {.access = access, .backlog = options.backlog}), at,
                    options);
}

/// A door for each endpoint. Those that ask for port 0 get the port that the first was given.
result<std::vector<door>> open_all(const std::vector<endpoint>& endpoints, transport over,
                                   const listen_options& options) {
  std::vector<door> doors;
  auto missing = error{errc::address_not_available};
  for (auto where : endpoints) {
    if (where.port == 0 && !doors.empty()) where.port = doors.front().local().network.port;
    auto opened = open_one(where, over, options);
    if (!opened && is_absent(opened.error())) {
      missing = opened.error();
      continue;
    }
    if (!opened) return opened.failure();
    doors.push_back(*std::move(opened));
  }
  if (doors.empty()) return fail(missing);
  return doors;
}

}  // namespace

result<std::vector<door>> open_doors(const listen_address& where, const listen_options& options,
                                     const canceller& stop) {
  if (where.local)
    return open_local(*where.local, where.over == transport::udp || options.datagram, options);
  const auto endpoints = endpoints_of(where, stop);
  if (!endpoints) return endpoints.failure();
  const auto over = where.over.value_or(options.datagram ? transport::udp : transport::tcp);
  auto opened = open_all(*endpoints, over, options);
  // The port that the system chose for one address may be taken on the other: let it choose again.
  for (int tries = 1; tries < 32 && where.port == 0; ++tries) {
    if (opened || opened.error() != errc::address_in_use) break;
    opened = open_all(*endpoints, over, options);
  }
  return opened;
}

result<> join_groups(std::vector<door>& doors, const listen_options& options) {
  std::uint32_t by = 0;
  if (!options.by_interface.empty()) {
    const auto index = interface_index(options.by_interface);
    if (!index) return index.failure();
    by = *index;
  }
  for (const auto& group : options.groups) {
    bool joined = false;
    for (auto& at : doors) {
      auto* datagrams = at.network_datagrams();
      if (!datagrams || family_of(at.local().network.address) != family_of(group)) continue;
      if (auto done = datagrams->join(group, by); !done) return done;
      joined = true;
    }
    if (!joined) return fail(errc::family_not_supported);
  }
  return {};
}

std::string to_string(const listen_address& where) {
  if (where.local) return "unix:" + portsock::to_string(*where.local);
  const auto port = std::to_string(where.port);
  return where.host.empty() ? port : where.host + ":" + port;
}

}  // namespace portsock::tools
