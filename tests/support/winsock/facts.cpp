// SPDX-License-Identifier: MIT
#include <tests/support/groups.hpp>
#include <tests/support/system.hpp>

#include <windows.h>

namespace portsock::tests {
namespace {

bool is_wine() {
  const HMODULE ntdll = ::GetModuleHandleW(L"ntdll.dll");
  return ntdll != nullptr && ::GetProcAddress(ntdll, "wine_get_version") != nullptr;
}

}  // namespace

const system_facts& system() {
  // Wine leaves TCP and multicast to the kernel of its host, and behaves like it. Besides, it
  // - binds IPv4 datagram sockets to the wildcard, and looks at what arrives;
  // - cannot set IP_MULTICAST_ALL on its host's sockets;
  // - takes the source of an IPv4 membership for its interface, and has none of IPv6 by source;
  // - passes over what stands beside a datagram that is sent;
  // - knows the keep-alive options of Windows before 10 1709 alone.
  // - reads off, when it polls a datagram socket, what ICMP said;
  // - receives across the mark of urgent data;
  // - does not know SIO_TCP_INFO.
  static const bool wine = is_wine();
  static const system_facts facts{
      .name = wine ? "Wine" : "Windows",
      .has_signals = false,
      .resets_discard_unread_data = !wine,
      .full_queues_refuse = !wine,
      .multicast_loop_is_the_senders = wine,
      .binds_datagrams_anywhere = wine,
      .delivers_groups_of_others = wine,
      .filters_multicast_sources = !wine,
      .keep_alive_times_switch_it_on = wine,
      .heeds_send_details = !wine,
      .offloads_segments = false,
      .root_can_drop_rights = false,
      .polls_eat_reports = wine,
      .receives_stop_at_the_mark = !wine,
      .has_abstract_names = false,
      .local_queues_wait = false,
      .passes_handles = false,
      .tells_local_users = false,
      .socket_files_have_modes = false,
      .interface_is_for_hearing_too = false,
      .sends_raw_tcp = false,
      .filters_icmp_identifiers = false,
      .sends_flow_labels = false,
      .has_low_water_marks = false,
      .listens_beside_the_wildcard = false,
      .tells_stream_statistics = !wine,
      .counts_discarded_datagrams = false,
      .shares_with_children = true,
      .sends_ipv6_by_an_interface = !wine,
      .sends_by_an_interface = true,
      .carries_numbers_beside_datagrams = true,
  };
  return facts;
}

bool hears_groups_at(const ip_address& home) {
  return !is_wine() || (family_of(home) == family::v4 && !is_loopback(home));
}

}  // namespace portsock::tests
