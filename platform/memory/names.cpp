// SPDX-License-Identifier: MIT

// Names of hosts and services, and interfaces.

#include <algorithm>

#include "hosts.hpp"

#include <platform/contract.hpp>

namespace portsock::platform {

using namespace memory;

namespace {

struct service {
  std::string_view name;
  std::uint16_t port;
};

/// Of IANA's registry, what programs name.
constexpr service services[] = {
    {"echo", 7},    {"discard", 9}, {"daytime", 13}, {"ftp", 21},    {"ssh", 22},
    {"telnet", 23}, {"smtp", 25},   {"domain", 53},  {"http", 80},   {"pop3", 110},
    {"ntp", 123},   {"imap", 143},  {"snmp", 161},   {"https", 443},
};

}  // namespace

result<std::vector<endpoint>> resolve(const std::string& host, const std::string& name, transport,
                                      std::optional<family> only) {
  std::uint16_t port = 0;
  if (!name.empty()) {
    const auto* const found = std::ranges::find(services, name, &service::name);
    if (found == std::end(services)) return fail(errc::service_not_found);
    port = found->port;
  }
  const auto held = enter();
  std::vector<endpoint> found;
  const auto add = [&](const ip_address& address) {
    if (only && family_of(address) != *only) return;
    if (const endpoint where{address, port}; std::ranges::find(found, where) == found.end())
      found.push_back(where);
  };
  // Of an address, only the service is asked for.
  if (const auto address = parse_address(host)) add(*address);
  if (host == "localhost") {
    add(ipv6_address::loopback());
    add(ipv4_address::loopback());
  }
  if (const auto known = names().find(host); known != names().end())
    for (const auto& each : known->second) add(each);
  if (found.empty()) return fail(errc::host_not_found);
  return found;
}

// It is all known, so that no time passes.
result<std::vector<endpoint>> resolve_within(const std::string& host, const std::string& service,
                                             transport over, std::optional<family> only, deadline) {
  return resolve(host, service, over, only);
}

result<std::vector<network_interface>> interfaces() {
  const auto held = enter();
  return facts_of(host_here()).interfaces;
}

}  // namespace portsock::platform
