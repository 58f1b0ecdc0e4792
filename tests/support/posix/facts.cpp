// SPDX-License-Identifier: MIT
#include <tests/support/groups.hpp>
#include <tests/support/system.hpp>

#include <sys/utsname.h>

#include <string>

#include <tests/support/posix/probes.hpp>

namespace portsock::tests {
namespace {

std::string name_of_kernel() {
  utsname names;
  return ::uname(&names) < 0 ? "POSIX" : names.sysname;
}

}  // namespace

const system_facts& system() {
  static const std::string name = name_of_kernel();
  static const bool is_linux = name == "Linux";
  static const system_facts facts{
      .name = name,
      .has_signals = true,
      .resets_discard_unread_data = false,
      .full_queues_refuse = false,
      .multicast_loop_is_the_senders = true,
      .binds_datagrams_anywhere = false,
      .delivers_groups_of_others = false,
      .filters_multicast_sources = true,
      .keep_alive_times_switch_it_on = false,
      .heeds_send_details = true,
      .offloads_segments = is_linux,
      .root_can_drop_rights = is_linux,
      .polls_eat_reports = false,
      .receives_stop_at_the_mark = true,
      .has_abstract_names = is_linux,
      .local_queues_wait = is_linux,
      .passes_handles = true,
      .tells_local_users = true,
      .socket_files_have_modes = true,
      .interface_is_for_hearing_too = name != "FreeBSD",
      .sends_raw_tcp = true,
      .filters_icmp_identifiers = is_linux,
      .sends_flow_labels = is_linux && probes::leases_flow_labels(),
      .has_low_water_marks = true,
      .listens_beside_the_wildcard = !is_linux,
      .tells_stream_statistics = !is_linux || probes::tells_tcp_info(),
      .counts_discarded_datagrams = is_linux && probes::tells_memory_info(),
      .shares_with_children = true,
      .sends_ipv6_by_an_interface = true,
      .sends_by_an_interface = !is_linux || probes::binds_to_an_index(),
      .carries_numbers_beside_datagrams = !is_linux || probes::carries_numbers(),
  };
  return facts;
}

bool hears_groups_at(const ip_address&) { return true; }

}  // namespace portsock::tests
