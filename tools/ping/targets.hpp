// SPDX-License-Identifier: MIT
#pragma once

// Whom to ping: from the command line, from files, and from ranges of addresses.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <portsock/address.hpp>
#include <portsock/deadline.hpp>
#include <tools/common/complaints.hpp>
#include <tools/ping/ping.hpp>

namespace portsock::tools {

/// Addresses one after another, both ends included, of one family.
struct span_of_hosts {
  ip_address first;
  ip_address last;
};

/// "10.0.0.0/24" without network and broadcast address, "10.0.0.1-10.0.0.99", "10.0.0.1-99".
/// Nothing for other text, for an end before the beginning, and for more than 16,777,216 addresses.
std::optional<span_of_hosts> parse_sweep(std::string_view text);

/// Calls `each` with every address, in order.
void for_each_host(const span_of_hosts& span, const std::function<void(const ip_address&)>& each);

/// The hosts in a list: one a line, blanks around and everything from '#' on is left out.
std::vector<std::string> hosts_in(std::istream& list);

/// What hosts are called: an address that was given as such has no name beside it.
class names {
 public:
  void set(std::size_t host, std::string name) { names_.emplace(host, std::move(name)); }
  std::string of(std::size_t host, const ip_address& address) const {
    const auto found = names_.find(host);
    return found != names_.end() ? found->second : to_string(address);
  }

 private:
  std::unordered_map<std::size_t, std::string> names_;
};

}  // namespace portsock::tools
