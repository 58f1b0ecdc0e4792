// SPDX-License-Identifier: MIT
#pragma once

// The host's interfaces as Windows tells of them, for those who only look something up.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "native.hpp"

#include <iphlpapi.h>

namespace portsock::platform {

class adapter_list {
 public:
  static result<adapter_list> read() noexcept;

  /// The first of a list that goes on with ->Next; nullptr when there is none.
  const IP_ADAPTER_ADDRESSES* first() const noexcept { return size_ != 0 ? entries() : nullptr; }
  /// nullptr when there is none with this index.
  const IP_ADAPTER_ADDRESSES* find(std::uint32_t index) const noexcept;
  /// The interface that has this address; nothing when none has.
  std::optional<std::uint32_t> index_of(in_addr address) const noexcept;

 private:
  adapter_list() = default;
  IP_ADAPTER_ADDRESSES* entries() const noexcept {
    return reinterpret_cast<IP_ADAPTER_ADDRESSES*>(memory_.get());
  }

  std::unique_ptr<std::byte[]> memory_;
  ULONG size_ = 0;
};

/// IPv4 and IPv6 count separately, and agree as a rule. An adapter without the one has the other's.
inline std::uint32_t index_of(const IP_ADAPTER_ADDRESSES& adapter) noexcept {
  return adapter.IfIndex != 0 ? adapter.IfIndex : adapter.Ipv6IfIndex;
}

bool interface_exists(std::uint32_t index) noexcept;

/// By what the IPv4 options name an interface, on every version and under Wine: its address. The
/// wildcard for index 0; errc::address_not_available for an interface that is not there, or has
/// none.
result<in_addr> interface_address(std::uint32_t index) noexcept;

}  // namespace portsock::platform
