// SPDX-License-Identifier: MIT
#include <portsock/interfaces.hpp>

#include <platform/contract.hpp>

namespace portsock {

result<std::vector<network_interface>> interfaces() { return platform::interfaces(); }

result<std::uint32_t> interface_index(std::string_view name) {
  const auto all = interfaces();
  if (!all) return all.failure();
  for (const auto& one : *all)
    if (one.name == name || one.friendly_name == name) return one.index;
  return fail(errc::address_not_available);
}

}  // namespace portsock
