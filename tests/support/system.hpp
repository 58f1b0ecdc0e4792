// SPDX-License-Identifier: MIT
#pragma once

// What tests need from the system beside sockets, and what they must know of it. Where systems
// differ for good, a fact here says how, and the test asserts the difference instead of looking
// away.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <portsock/address.hpp>
#include <portsock/handle.hpp>
#include <portsock/options.hpp>

namespace portsock::tests {

struct system_facts {
  std::string_view name;  ///< "Linux", "Windows", "Wine"
  /// Signals exist, and interrupt calls that wait.
  bool has_signals;
  /// Data that had arrived before a reset is thrown away by it.
  bool resets_discard_unread_data;
  /// A connect to a listener whose queue is full is refused; elsewhere it gets no answer.
  bool full_queues_refuse;
  /// Whether a host hears its own multicast is asked of the sender; elsewhere, of the receiver.
  bool multicast_loop_is_the_senders;
  /// A datagram socket can be bound to an address that no interface has.
  bool binds_datagrams_anywhere;
  /// A socket hears groups that it did not join, when another socket of the host joined them.
  bool delivers_groups_of_others;
  /// Groups can be joined for one source alone.
  bool filters_multicast_sources;
  /// Setting a keep-alive time switches keep-alive on (SIO_KEEPALIVE_VALS).
  bool keep_alive_times_switch_it_on;
  /// Source, hop limit and traffic class that are named for one datagram are that datagram's.
  bool heeds_send_details;
  /// Datagrams of one size are cut and joined by the system, also on loopback.
  bool offloads_segments;
  /// An administrator's program can make itself unable to open a raw socket again.
  bool root_can_drop_rights;
  /// The system takes a report of ICMP away, as it waits, before a receive can tell it.
  bool polls_eat_reports;
  /// A receive ends before the urgent byte of a stream.
  bool receives_stop_at_the_mark;
  /// Local sockets: names that are no files; a connect waits while the listener's queue is full;
  /// handles can be passed; a peer's user is told, and not only its process; files have modes.
  bool has_abstract_names;
  bool local_queues_wait;
  bool passes_handles;
  bool tells_local_users;
  bool socket_files_have_modes;
  /// Who sends by one interface alone hears it alone.
  bool interface_is_for_hearing_too;
  /// TCP segments can be sent through a raw socket.
  bool sends_raw_tcp;
  /// A raw ICMP socket can be made deaf to the replies to other people's requests.
  bool filters_icmp_identifiers;
  /// A program chooses the flow label of an IPv6 packet.
  bool sends_flow_labels;
  /// A receiver can wait for more than a byte (options::receive_low_water).
  bool has_low_water_marks;
  /// Listeners of one user may have the wildcard and one address of a port beside each other.
  bool listens_beside_the_wildcard;
  /// What TCP has measured of a connection can be asked for.
  bool tells_stream_statistics;
  /// What a full receive buffer had no room for is counted for each socket.
  bool counts_discarded_datagrams;
  /// Child processes are on the same network, and can be passed sockets.
  bool shares_with_children;
  /// options::outgoing_interface is taken for IPv6 too. Not by Wine, which hands IPV6_UNICAST_IF to
  /// Linux as it is, where its bytes are in the other order.
  bool sends_ipv6_by_an_interface;
  /// options::outgoing_interface can be set where it can be asked for.
  bool sends_by_an_interface;
  /// Numbers beside a datagram (an interface, a traffic class, the size of segments) are what the
  /// other side wrote. What translates the calls of a processor with another order of bytes may
  /// hand them on as they are.
  bool carries_numbers_beside_datagrams;
};
const system_facts& system();

std::uint32_t process_id();

/// Whether a child process would get this handle.
bool is_inheritable(native_handle);
/// Handles that this process has open, of every kind.
std::size_t count_open_handles();
/// Whether nobody but a test opens handles while it runs. On Windows the run-time library keeps
/// some for each thread, from its first wait on.
bool tests_alone_open_handles();
/// What is opened once for the whole process, is opened.
void open_what_is_kept();

/// Sockets that something else made: as the system's own call returns them, without any of the
/// library's care. The caller closes them, or the one who adopts them.
native_handle foreign_socket(family, kind);
void make_inheritable(native_handle);
void bind_foreign(native_handle, const endpoint& local);
/// Begins to connect. What the system says to it is left to be found out.
void start_to_connect(native_handle, const endpoint& peer);
void close_foreign(native_handle);

/// A handle of the system that is open and is not a socket.
class other_handle {
 public:
  other_handle();
  ~other_handle();
  other_handle(const other_handle&) = delete;
  other_handle& operator=(const other_handle&) = delete;

  native_handle get() const noexcept { return handle_; }

 private:
  native_handle handle_;
};

/// Whether the system can run this program's file, as it cannot that of another processor's.
bool can_execute(const std::string& program);

/// What stands before a command for std::system(), for the variable to have this value there.
std::string with_variable(const std::string& name, const std::string& value);

/// Makes signals act as in a process that was just started by hand.
void restore_signals();

/// Makes it possible to interrupt this process and no other; false where a test cannot. Before
/// handlers are set.
bool prepare_for_interrupts();
/// Interrupts this process, as a person at its terminal does with Ctrl-C.
void interrupt_this_process();
/// Asks it how it goes: Ctrl-\, Ctrl-Break; false where the system cannot (Wine knows Ctrl-C
/// alone).
bool ask_this_process();

/// Sends signals, which a handler takes, to the thread that made it, again and again.
class signal_storm {
 public:
  explicit signal_storm(std::chrono::milliseconds every);
  ~signal_storm();
  signal_storm(const signal_storm&) = delete;
  signal_storm& operator=(const signal_storm&) = delete;

  /// How many were handled so far. None on a system without signals.
  std::size_t count() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace portsock::tests
