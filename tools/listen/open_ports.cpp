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

/// Not blocking, with the buffer that was asked for, and aware of its address.
template <class Socket>
result<> prepare(Socket& socket, const listen_options& options, door& at) {
  if (auto set = socket.set_blocking(false); !set) return set;
  if (options.receive_buffer != 0)
    if (auto set = socket.set(options::receive_buffer, options.receive_buffer); !set) return set;
  const auto local = socket.local_endpoint();
  if (!local) return local.failure();
  at.local = *local;
  return {};
}

result<door> open_listener(const endpoint& local, const listen_options& options) {
  auto opened =
      stream_listener::listen(local, {.policy = options.policy, .backlog = options.backlog});
  if (!opened) return opened.failure();
  door at;
  if (auto ready = prepare(*opened, options, at); !ready) return ready.failure();
  at.listener = *std::move(opened);
  return at;
}

result<door> open_datagrams(const endpoint& local, const listen_options& options) {
  auto opened = datagram_socket::bind(local, {.policy = options.policy});
  if (!opened) return opened.failure();
  door at;
  if (auto ready = prepare(*opened, options, at); !ready) return ready.failure();
  at.datagrams = *std::move(opened);
  return at;
}

/// A door for each endpoint. Those that ask for port 0 get the port that the first was given.
result<std::vector<door>> open_all(const std::vector<endpoint>& endpoints, transport over,
                                   const listen_options& options) {
  std::vector<door> doors;
  auto missing = error{errc::address_not_available};
  for (auto where : endpoints) {
    if (where.port == 0 && !doors.empty()) where.port = doors.front().local.port;
    auto opened =
        over == transport::udp ? open_datagrams(where, options) : open_listener(where, options);
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
      if (!at.datagrams || family_of(at.local.address) != family_of(group)) continue;
      if (auto done = at.datagrams->join(group, by); !done) return done;
      joined = true;
    }
    if (!joined) return fail(errc::family_not_supported);
  }
  return {};
}

std::string to_string(const listen_address& where) {
  const auto port = std::to_string(where.port);
  return where.host.empty() ? port : where.host + ":" + port;
}

}  // namespace portsock::tools
