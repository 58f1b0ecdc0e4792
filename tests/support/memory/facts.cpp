// SPDX-License-Identifier: MIT
#include <tests/support/groups.hpp>
#include <tests/support/memory/process.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {

// The network in memory behaves as Linux where systems differ, but for what it has not.
const system_facts& system() {
  static const system_facts facts{
      .name = "memory",
      .has_signals = process::has_signals(),
      .resets_discard_unread_data = false,
      .full_queues_refuse = false,
      .multicast_loop_is_the_senders = true,
      .binds_datagrams_anywhere = false,
      .delivers_groups_of_others = false,
      .filters_multicast_sources = true,
      .keep_alive_times_switch_it_on = false,
      .heeds_send_details = true,
      .offloads_segments = false,
      .root_can_drop_rights = false,
      .polls_eat_reports = false,
      .receives_stop_at_the_mark = true,
      .has_abstract_names = false,
      .local_queues_wait = true,
      .passes_handles = true,
      .tells_local_users = false,
      .socket_files_have_modes = process::has_signals(),
      .interface_is_for_hearing_too = true,
      .sends_raw_tcp = true,
      .filters_icmp_identifiers = true,
      .sends_flow_labels = false,
      .has_low_water_marks = true,
      .listens_beside_the_wildcard = false,
      .tells_stream_statistics = true,
      .counts_discarded_datagrams = true,
      .shares_with_children = false,
      .sends_ipv6_by_an_interface = true,
      .sends_by_an_interface = true,
      .carries_numbers_beside_datagrams = true,
  };
  return facts;
}

bool hears_groups_at(const ip_address&) { return true; }

}  // namespace portsock::tests
