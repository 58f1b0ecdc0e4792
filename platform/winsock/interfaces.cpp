// SPDX-License-Identifier: MIT
#include <algorithm>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "adapters.hpp"
#include "native.hpp"
#include "utf8.hpp"

namespace portsock::platform {
namespace {

/// What if_indextoname would say: "ethernet_32768".
std::string name_of(const IP_ADAPTER_ADDRESSES& adapter) {
  char name[IF_MAX_STRING_SIZE + 1] = {};
  if (::ConvertInterfaceLuidToNameA(&adapter.Luid, name, sizeof name) == ERROR_SUCCESS &&
      name[0] != '\0')
    return name;
  return adapter.AdapterName;
}

/// How the medium is reached, which no flag of the adapter tells.
NET_IF_ACCESS_TYPE access_of(const IP_ADAPTER_ADDRESSES& adapter) noexcept {
  MIB_IF_ROW2 row{};
  row.InterfaceLuid = adapter.Luid;
  if (::GetIfEntry2(&row) != NO_ERROR) return NET_IF_ACCESS_MAXIMUM;
  return row.AccessType;
}

network_interface describe(const IP_ADAPTER_ADDRESSES& adapter) {
  const auto access = access_of(adapter);
  constexpr DWORD unlimited = 0xffffffff;  // what the loopback interface says
  network_interface made{
      .index = index_of(adapter),
      .name = name_of(adapter),
      .friendly_name = to_utf8(adapter.FriendlyName),
      .up = adapter.OperStatus == IfOperStatusUp,
      .loopback = adapter.IfType == IF_TYPE_SOFTWARE_LOOPBACK,
      .point_to_point = access == NET_IF_ACCESS_POINT_TO_POINT,
      .broadcast = access == NET_IF_ACCESS_BROADCAST,
      .multicast = (adapter.Flags & IP_ADAPTER_NO_MULTICAST) == 0,
      .mtu = adapter.Mtu != unlimited ? static_cast<std::uint32_t>(adapter.Mtu) : 0,
      .addresses = {}};
  for (const auto* entry = adapter.FirstUnicastAddress; entry != nullptr; entry = entry->Next)
    if (family_of(entry->Address.lpSockaddr->sa_family))
      made.addresses.push_back(
          {to_endpoint(entry->Address.lpSockaddr).address, entry->OnLinkPrefixLength});
  return made;
}

}  // namespace

result<std::vector<network_interface>> interfaces() {
  const auto list = adapter_list::read();
  if (!list) return list.failure();
  std::vector<network_interface> found;
  for (const auto* adapter = list->first(); adapter != nullptr; adapter = adapter->Next)
    found.push_back(describe(*adapter));
  std::ranges::sort(found, {}, &network_interface::index);
  return found;
}

}  // namespace portsock::platform
