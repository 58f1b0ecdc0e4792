// SPDX-License-Identifier: MIT
#include "adapters.hpp"

#include <cstring>
#include <new>

namespace portsock::platform {
namespace {

std::optional<in_addr> v4_of(const IP_ADAPTER_UNICAST_ADDRESS& entry) noexcept {
  const auto* name = entry.Address.lpSockaddr;
  if (name->sa_family != AF_INET) return std::nullopt;
  sockaddr_in v4;
  std::memcpy(&v4, name, sizeof v4);
  return v4.sin_addr;
}

}  // namespace

result<adapter_list> adapter_list::read() noexcept {
  constexpr ULONG what = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
  adapter_list list;
  // The list may grow between the call that asks for its size and the call that reads it.
  for (ULONG size = 16 * 1024;;) {
    list.memory_.reset(new (std::nothrow) std::byte[size]);
    if (!list.memory_) return fail(errc::no_memory);
    const auto code = ::GetAdaptersAddresses(AF_UNSPEC, what, nullptr, list.entries(), &size);
    if (code == ERROR_BUFFER_OVERFLOW) continue;
    if (code == ERROR_NO_DATA)
      size = 0;
    else if (code != ERROR_SUCCESS)
      return std::unexpected{system_error(static_cast<int>(code))};
    list.size_ = size;
    return list;
  }
}

const IP_ADAPTER_ADDRESSES* adapter_list::find(std::uint32_t index) const noexcept {
  const auto* adapter = first();
  while (adapter != nullptr && adapter->IfIndex != index && adapter->Ipv6IfIndex != index)
    adapter = adapter->Next;
  return adapter;
}

std::optional<std::uint32_t> adapter_list::index_of(in_addr address) const noexcept {
  for (const auto* adapter = first(); adapter != nullptr; adapter = adapter->Next)
    for (const auto* entry = adapter->FirstUnicastAddress; entry != nullptr; entry = entry->Next)
      if (const auto v4 = v4_of(*entry); v4 && v4->s_addr == address.s_addr)
        return platform::index_of(*adapter);
  return std::nullopt;
}

bool interface_exists(std::uint32_t index) noexcept {
  const auto list = adapter_list::read();
  return list && list->find(index) != nullptr;
}

result<in_addr> interface_address(std::uint32_t index) noexcept {
  if (index == 0) return in_addr{};
  const auto list = adapter_list::read();
  if (!list) return list.failure();
  if (const auto* adapter = list->find(index); adapter != nullptr)
    for (const auto* entry = adapter->FirstUnicastAddress; entry != nullptr; entry = entry->Next)
      if (const auto v4 = v4_of(*entry)) return *v4;
  return fail(errc::address_not_available);
}

}  // namespace portsock::platform
