// SPDX-License-Identifier: MIT
#pragma once

// What a kernel by the name of Linux can be expected to do and what runs the programs of another
// processor may not: qemu's user emulation translates the calls that it knows, and the numbers in
// them. It calls itself Linux too, so each is tried.

namespace portsock::tests::probes {

/// The kernel tells of a connection what it has measured (TCP_INFO), and not only the first word.
bool tells_tcp_info();
/// The same of a datagram socket's memory, of which one is what was thrown away (SO_MEMINFO).
bool tells_memory_info();
/// A socket can be bound to an interface by its index (SO_BINDTOIFINDEX).
bool binds_to_an_index();
/// Flow labels can be leased. Also where there is no IPv6, which has no use for the answer.
bool leases_flow_labels();
/// Numbers in control messages are turned round where the orders of bytes differ.
bool carries_numbers();

}  // namespace portsock::tests::probes
