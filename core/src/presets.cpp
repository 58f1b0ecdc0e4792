// SPDX-License-Identifier: MIT
#include <portsock/detail/calls.hpp>
#include <portsock/presets.hpp>

namespace portsock::detail {

result<> set_presets(native_handle socket, std::span<const preset> all) noexcept {
  for (const auto& one : all)
    if (auto set = platform::set_option(socket, one.id, one.word); !set) return set;
  return {};
}

}  // namespace portsock::detail
