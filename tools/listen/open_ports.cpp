// SPDX-License-Identifier: MIT
#include <tools/listen/open_ports.hpp>

#include <utility>

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

/// A socket for each endpoint. Those that ask for port 0 get the port that the first was given.
template <class Socket, class Open>
result<std::vector<Socket>> open_all(const std::vector<endpoint>& endpoints, Open open) {
  std::vector<Socket> sockets;
  std::uint16_t given = 0;
  auto missing = error{errc::address_not_available};
  for (auto where : endpoints) {
    if (where.port == 0) where.port = given;
    auto opened = open(where);
    if (!opened && is_absent(opened.error())) {
      missing = opened.error();
      continue;
    }
    if (!opened) return opened.failure();
    if (auto set = opened->set_blocking(false); !set) return set.failure();
    const auto local = opened->local_endpoint();
    if (!local) return local.failure();
    given = local->port;
    sockets.push_back(*std::move(opened));
  }
  if (sockets.empty()) return fail(missing);
  return sockets;
}

template <class Socket, class Open>
result<std::vector<Socket>> open_ports(const listen_address& where, const canceller& stop,
                                       Open open) {
  const auto endpoints = endpoints_of(where, stop);
  if (!endpoints) return endpoints.failure();
  auto opened = open_all<Socket>(*endpoints, open);
  // The port that the system chose for one address may be taken on the other: let it choose again.
  for (int tries = 1; tries < 32 && where.port == 0; ++tries) {
    if (opened || opened.error() != errc::address_in_use) break;
    opened = open_all<Socket>(*endpoints, open);
  }
  return opened;
}

}  // namespace

result<std::vector<stream_listener>> open_stream_ports(const listen_address& where,
                                                       const canceller& stop) {
  return open_ports<stream_listener>(
      where, stop, [](const endpoint& local) { return stream_listener::listen(local); });
}

result<std::vector<datagram_socket>> open_datagram_ports(const listen_address& where,
                                                         const canceller& stop) {
  return open_ports<datagram_socket>(
      where, stop, [](const endpoint& local) { return datagram_socket::bind(local); });
}

std::string to_string(const listen_address& where) {
  const auto port = std::to_string(where.port);
  return where.host.empty() ? port : where.host + ":" + port;
}

}  // namespace portsock::tools
