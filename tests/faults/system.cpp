// SPDX-License-Identifier: MIT
#include <algorithm>

#include <portsock/interfaces.hpp>
#include <portsock/program.hpp>
#include <portsock/resolver.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

void list_interfaces() {
  const auto all = take("interfaces", interfaces());
  const auto loopback = std::ranges::find(all, true, &network_interface::loopback);
  // One without addresses is what a host whose addresses cannot be had would show.
  expect(loopback != all.end() && !loopback->addresses.empty(), "there is the loopback");
  take("interface_index", interface_index(loopback->name));
}

void resolve_name() {
  const auto found = take("resolve", resolve("localhost", 80));
  expect(!found.empty() && found.front().port == 80, "this host is known");
}

void use_streams() {
  program::use_binary_streams();
  take("write", program::write(program::stream::log, as_bytes("a line\n")));
  std::array<std::byte, 8> room;
  expect(take("read_input", program::read_input(room)) == 0, "there is no input");
}

void drop_privileges() { take("drop_privileges", program::drop_privileges()); }

}  // namespace

std::span<const scenario> system_scenarios() noexcept {
  static constexpr scenario all[] = {{"interfaces", list_interfaces},
                                     {"resolve", resolve_name},
                                     {"streams", use_streams},
                                     {"drop_privileges", drop_privileges}};
  return all;
}

}  // namespace portsock::faults
