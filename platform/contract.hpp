// SPDX-License-Identifier: MIT
#pragma once

// What a backend must supply, all of it, and what each call promises. core/ calls nothing else.
// The conformance suite (tests/conformance) holds every backend to this text.
//
// For every call: nothing throws but std::bad_alloc where a container is returned; EINTR never
// comes out; no signal is raised; a length that the system's type cannot hold is cut; an error is
// read off at once, before anything is cleaned up, and carries what it means where it was met. The
// bare calls of detail/calls.hpp are the exception to EINTR.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <portsock/batch.hpp>
#include <portsock/datagram_details.hpp>
#include <portsock/datagram_socket.hpp>
#include <portsock/detail/calls.hpp>
#include <portsock/file.hpp>
#include <portsock/icmp_socket.hpp>
#include <portsock/interfaces.hpp>
#include <portsock/local_datagram_socket.hpp>
#include <portsock/poller.hpp>
#include <portsock/program.hpp>
#include <portsock/raw_socket.hpp>
#include <portsock/resolver.hpp>
#include <portsock/stream_listener.hpp>
#include <portsock/stream_statistics.hpp>
#include <portsock/waker.hpp>

namespace portsock::platform {

// --- errors (error.cpp)
// ---------------------------------------------------------------------------

/// One row of a backend's error table.
struct error_row {
  std::int32_t value;   ///< errno, WSA or EAI code
  const char* name;     ///< "ECONNREFUSED"
  errc meaning;         ///< what it means wherever nothing more special is known
  std::errc condition;  ///< for std::error_code
};

/// The row of a code, or nullptr for a code that is in no table.
const error_row* find_error(error_domain, std::int32_t value) noexcept;
/// All rows of system or resolver errors, for tests.
std::span<const error_row> error_rows(error_domain) noexcept;

// --- opening and closing (socket.cpp)
// -------------------------------------------------------------

/// A blocking socket that child processes do not inherit (atomically, where the system can) and
/// that raises no signal. Starts Winsock if need be. For datagrams: with reports of unreachable
/// peers switched off, and deaf to groups that it did not join. For IPv6 streams and datagrams: v6
/// only.
result<unique_handle> open(family, kind, std::uint8_t ip_protocol = 0) noexcept;
/// Closes, whatever the system says of it; the handle is not used again.
void close(native_handle) noexcept;
/// Gives a foreign socket the properties that open() gives: blocking, not inherited, no signal.
result<> prepare_adopted(native_handle) noexcept;

struct socket_facts {
  family of;
  kind is;  ///< a stream that listens is kind::listener
};
/// errc::not_a_socket, bad_handle, or family_not_supported for what the library has no type for.
result<socket_facts> inspect(native_handle) noexcept;

/// Applies the policy, then binds (bind_policy*.cpp). errc::address_in_use whenever another socket
/// is in the way, errc::not_supported for a policy that the system lacks for this kind.
result<> bind(native_handle, const endpoint& local, kind, bind_policy) noexcept;
/// Takes IPv4 too. Before bind. errc::not_supported where IPv6 sockets cannot.
result<> make_dual_stack(native_handle) noexcept;
/// Lets a datagram socket hear one interface alone, broadcasts and multicasts included, and says
/// what to bind it to for that; `wildcard` is where it was meant to go. errc::address_not_available
/// for an interface that is not there.
result<endpoint> confine(native_handle, const endpoint& wildcard,
                         std::uint32_t interface_index) noexcept;
/// `backlog` 0: as many as the system allows.
result<> listen(native_handle, int backlog) noexcept;
/// The next connection, as open() would make it. Connections that died in the queue are skipped.
result<unique_handle> accept(native_handle) noexcept;
/// The same, and errc::would_block instead of waiting, if nobody else takes from this listener.
result<unique_handle> try_accept(native_handle) noexcept;

/// On a blocking socket: connects, or fails. On one that does not block: may fail with
/// errc::in_progress. Also when a signal interrupts it.
result<> connect(native_handle, const native_endpoint& peer) noexcept;
/// Before a connect to this host itself: makes a refusal come at once (Windows tries for 2 s).
void expect_local_peer(native_handle) noexcept;
/// The failure that waits on the socket; clears it where the system does.
std::optional<error> take_error(native_handle) noexcept;

/// What a stream's failed send or receive means: the codes alone do not say it alike everywhere.
error explain_failure(native_handle, error) noexcept;

result<endpoint> peer_endpoint(native_handle) noexcept;
/// The peer is told that nothing more comes. errc::not_connected when it is gone.
result<> shutdown_sending(native_handle) noexcept;

result<std::size_t> send(native_handle, std::span<const const_bytes> data) noexcept;
result<std::size_t> receive(native_handle, std::span<const mutable_bytes> buffers) noexcept;

/// Whether the next byte of the stream is the urgent one.
result<bool> is_at_mark(native_handle) noexcept;
/// Bytes of a stream that a receive would give at once.
result<std::size_t> available(native_handle) noexcept;

/// What the system knows of a TCP connection (statistics.cpp); absent is what it does not tell.
/// errc::not_supported where it tells nothing, as of a local stream.
result<stream_statistics> statistics_of(native_handle) noexcept;

/// Packets for a datagram socket that found no room (statistics.cpp). errc::not_supported where it
/// is not told.
result<std::uint64_t> discarded_by(native_handle) noexcept;

// In detail/calls.hpp: the bare calls, send_datagram, receive_datagram, send_to, receive_from,
// set_option, get_option, supports_option, local_endpoint, set_blocking.
//
// send: at least one byte of data that is not empty. After the peer is gone errc::connection_reset,
//   after this side shut down sending errc::broken_pipe; explain_failure() makes sure of it.
// receive: 0 at the end of the stream. A reset is errc::connection_reset, at least once.
// send_datagram, send_to: whole, or errc::message_too_large. Failures that ICMP reported for an
//   earlier datagram are swallowed. No room in the system is errc::would_block.
// receive_datagram, receive_from: a datagram longer than the buffer is a success with `truncated`
//   set. Failures that ICMP reported are swallowed. An empty buffer is errc::invalid_argument.
// Gathering and scattering calls look at the first max_buffers buffers of a stream; more than that
//   for a datagram is errc::invalid_argument.
// local_endpoint: the wildcard with port 0 for a socket that is not bound.
// set_option, get_option: units as in options.hpp; errc::invalid_argument out of range.

inline constexpr std::size_t max_buffers = 64;

// --- trying without waiting, whatever the mode of the socket (io.cpp)
// ---------------------------------

/// As the calls without try_, but errc::would_block instead of waiting.
result<std::size_t> try_send(native_handle, std::span<const const_bytes>) noexcept;
result<std::size_t> try_receive(native_handle, std::span<const mutable_bytes>) noexcept;
result<> try_send_datagram(native_handle, std::span<const const_bytes>) noexcept;
result<received_part> try_receive_datagram(native_handle, std::span<const mutable_bytes>) noexcept;
result<> try_send_to(native_handle, std::span<const const_bytes>, const native_endpoint&) noexcept;
result<received> try_receive_from(native_handle, std::span<const mutable_bytes>) noexcept;

// --- many datagrams, and their details (batch.cpp, details.cpp)
// -----------------------------------------------

/// Whether a call waits as the mode of its socket says, or never.
enum class patience : std::uint8_t { of_the_socket, none };

/// One byte that is_at_mark() finds in a receiver that has urgent data in its place (urgent.cpp).
result<> send_urgent(native_handle, std::byte what, patience) noexcept;

/// In order, each as send_to and send_datagram would. What stopped it is told, however many went
/// before; nothing is sent twice, and nothing is skipped.
sent_batch send_batch(native_handle, std::span<const outgoing>, patience) noexcept;
sent_batch send_batch(native_handle, std::span<const const_bytes>, patience) noexcept;
/// Waits for the first datagram at most, and takes those that are there: how many. Each says of
/// itself what receive_from and receive_datagram would. A failure after the first datagram is met
/// by the next call. 0 for no rooms; an empty buffer is errc::invalid_argument, and nothing is
/// received.
result<std::size_t> receive_batch(native_handle, std::span<incoming>, patience) noexcept;
result<std::size_t> receive_batch(native_handle, std::span<incoming_part>, patience) noexcept;

/// In detail/calls.hpp: report_details, which switches the reports on that are wanted, and the
/// others off, and answers those that the system will give.

/// As receive_from (receive_datagram where `from` is nullptr), and what came beside it. An
/// IPv4-mapped destination comes out as IPv4.
result<received_part> receive_detailed(native_handle, mutable_bytes buffer, native_endpoint* from,
                                       datagram_details&, patience) noexcept;
/// As send_to (send_datagram where `peer` is nullptr). The numbers in the details are in range.
/// errc::invalid_argument for a source of the other family, address_not_available for an interface
/// that is not there, not_supported for a detail that the system does not take. What a source means
/// that this host has not is found out by the caller.
result<> send_detailed(native_handle, const_bytes datagram, const native_endpoint* peer,
                       const send_details&, patience) noexcept;

/// Sends `data` as datagrams of `segment_size` bytes, the last of which may be shorter: at most 64,
/// and at most 65,507 bytes. All of them or none. errc::not_supported where the system, the device
/// or the path does not take them so; then each may be sent by itself. `peer`: as send_detailed.
result<> send_segmented(native_handle, const_bytes data, std::size_t segment_size,
                        const native_endpoint* peer, const send_details&, patience) noexcept;
/// In detail/calls.hpp: coalesce, after which receive_detailed may bring several datagrams, and
/// then says their segment_size. Whether it does so: false where the system cannot.

// --- waiting (wait*.cpp, poller.cpp, waker.cpp)
// ------------------------------------------------------

/// Waits for one socket: true when it is ready or has failed, false when the time ran out,
/// errc::cancelled. Rounds up: a wait of 0.3 ms is never 0 and never for ever.
result<bool> wait(native_handle, interest, deadline until) noexcept;

/// One mechanism behind a poller, which says what its calls mean.
class poll_set {
 public:
  virtual ~poll_set() = default;
  virtual poll_mechanism mechanism() const noexcept = 0;
  /// A mechanism without edges takes trigger::edge for trigger::level. An edge that there is
  /// already when a socket is added or changed is told.
  virtual result<> add(native_handle, interest, std::uint64_t token, trigger) = 0;
  virtual result<> change(native_handle, interest, std::uint64_t token, trigger) = 0;
  virtual result<> remove(native_handle) = 0;
  /// A socket that was closed without being removed is forgotten by the next wait at the latest,
  /// and not told.
  /// A refused connect is reported on every version of every system (can_send and failed).
  virtual result<std::span<const readiness>> wait(deadline until) = 0;
};
using owned_poll_set = std::unique_ptr<poll_set, poll_set_deleter>;

/// The first is what a poller takes when nobody chooses.
std::span<const poll_mechanism> poll_mechanisms() noexcept;
/// errc::not_supported: the running system has it not, or does not allow it.
result<owned_poll_set> open_poll_set(poll_mechanism) noexcept;

struct waker_handles {
  unique_handle wait;  ///< readable once woken; pollable like a socket
  unique_handle wake;
};
result<waker_handles> open_waker() noexcept;
/// Safe in a signal handler; leaves errno alone.
void wake(native_handle wake) noexcept;
void clear_waker(native_handle wait) noexcept;

// --- files (file.cpp)
// ---------------------------------------------------------------------------

enum class file_use : std::uint8_t {
  read,
  write,  ///< made, or emptied
};

/// `path` is UTF-8. Others may go on using the file, and no child inherits it. A directory is
/// errc::access_denied.
result<unique_file> open_file(const std::string& path, file_use);
void close(file_handle) noexcept;
/// errc::not_supported for what is no file on a disk.
result<std::uint64_t> size_of(file_handle) noexcept;
/// Where the next read or write without an offset begins; errc::not_supported where there is no
/// going back.
result<std::uint64_t> position(file_handle) noexcept;
void set_position(file_handle, std::uint64_t) noexcept;

/// At least one byte, from `offset` or from the file's position; 0 at the end. errc::not_supported
/// for an offset in what has none.
result<std::size_t> read(file_handle, mutable_bytes, std::optional<std::uint64_t> offset) noexcept;
/// At least one byte, at the file's position; errc::broken_pipe for a pipe that nobody reads, and
/// no signal. Without `waits` the file was ready, and does not keep the call waiting (on Windows,
/// it may).
result<std::size_t> write(file_handle, const_bytes, bool waits) noexcept;
/// As for sockets; a file on a disk is always ready. On Windows so is everything that is written,
/// and a console.
result<bool> wait(file_handle, interest, deadline until) noexcept;

// --- files to sockets (transfer.cpp, conduit.cpp)
// ----------------------------------------------------

/// Sends, inside the system, at least one and at most `most` bytes from `offset`; 0 at the end of
/// the file. On a blocking socket it waits for room; otherwise errc::would_block. What is no reason
/// of the stream's may be a refusal: the caller reads and sends instead.
result<std::size_t> send_file(native_handle, file_handle, std::uint64_t offset,
                              std::uint64_t most) noexcept;
/// The same, and errc::would_block soon instead of waiting, whatever the mode of the socket.
result<std::size_t> try_send_file(native_handle, file_handle, std::uint64_t offset,
                                  std::uint64_t most) noexcept;

// platform/conduit.hpp: open_conduit().

// --- options that are not one value (options.cpp, multicast.cpp)
// ---------------------------------------

struct membership {
  ip_address group;
  std::optional<ip_address> source;
  std::uint32_t interface_index;
};
/// Idempotent both.
result<> join(native_handle, const membership&) noexcept;
result<> leave(native_handle, const membership&) noexcept;

// --- local sockets (local.cpp, local_*.cpp)
// --------------------------------------------------------------------

// send, receive, wait, accept, listen, shutdown_sending, explain_failure and prepare_adopted mean
// for local streams what they mean for others.

/// In bytes, what a path may have.
std::size_t longest_local_path() noexcept;
/// Whether there are abstract names: on Linux alone.
bool has_abstract_names() noexcept;

/// As open(), for the kinds that begin with local_. errc::family_not_supported where the running
/// system has no local sockets, not_supported where it has none of this kind.
result<unique_handle> open_local(kind) noexcept;
/// As inspect(); errc::family_not_supported for a socket that is not local.
result<kind> inspect_local(native_handle) noexcept;
/// errc::connection_refused for a missing file, too. Leaves the socket blocking.
result<> connect_local(native_handle, const local_address& peer, deadline until) noexcept;
result<local_address> local_name(native_handle) noexcept;
/// errc::not_connected for a socket that has no peer.
result<local_address> local_peer_name(native_handle) noexcept;
result<local_credentials> peer_credentials(native_handle) noexcept;

/// Binds, and at a path: takes the lock on "<path>.lock" first (errc::address_in_use if somebody
/// has it), replaces the file of a socket that nobody holds any more, if that is wanted, and gives
/// the file its permissions. Nobody can connect before the permissions are set. An abstract name
/// has neither lock nor file: the record is empty then.
result<detail::claim_record> bind_local(native_handle, const local_address&, kind,
                                        local_bind_options) noexcept;
/// Ends what bind_local began, before the socket is closed. `removes_file`: if the file at the path
/// is still the one that was made.
void release_path(const local_address&, const detail::claim_record&, bool removes_file) noexcept;

/// Copies of `handles`, 64 at most, go with the first byte. errc::would_block instead of waiting;
/// errc::not_supported where handles cannot be passed.
result<std::size_t> try_send_handles(native_handle, const_bytes data,
                                     std::span<const native_handle> handles) noexcept;
/// Owns what comes at once, not inherited by children; what has no place in `room` is closed.
result<received_handles> try_receive_handles(native_handle, mutable_bytes buffer,
                                             std::span<unique_handle> room) noexcept;

/// Whole, or errc::message_too_large. errc::would_block instead of waiting for the receiver.
result<> try_send_local(native_handle, const_bytes datagram, const local_address& peer) noexcept;
/// As receive_from. The buffer is not empty.
result<received_locally> receive_local(native_handle, mutable_bytes buffer) noexcept;
result<received_locally> try_receive_local(native_handle, mutable_bytes buffer) noexcept;

struct stream_ends {
  unique_handle first;
  unique_handle second;
};
/// Two local streams that are connected to each other, or errc::not_supported.
result<stream_ends> open_stream_pair() noexcept;

// --- owners of a socket, and children (sharing.cpp)
// ----------------------------------------------------------------------

/// Another handle of the same socket, not inherited by children. errc::not_a_socket, bad_handle.
result<unique_handle> duplicate(native_handle) noexcept;
/// The same for a child that is about to be started: what ticket_for() needs.
result<unique_handle> duplicate_for_child(native_handle) noexcept;
/// What redeem() makes the socket of in `process`. Letters, digits and a colon.
result<std::string> ticket_for(native_handle, std::uint32_t process);
/// errc::invalid_argument for what is no ticket. Not inherited by children.
result<unique_handle> redeem(std::string_view ticket) noexcept;

// --- raw sockets (raw.cpp)
// -----------------------------------------------------------------------------

result<> include_header(native_handle) noexcept;
/// `header_included`: the packet begins with an IPv4 header in network byte order.
result<> send_raw(native_handle, const_bytes packet, const ip_address& peer,
                  bool header_included) noexcept;
result<> try_send_raw(native_handle, const_bytes packet, const ip_address& peer,
                      bool header_included) noexcept;
/// An IPv4 header that the system delivers is taken off, whatever its length.
result<raw_received> receive_raw(native_handle, mutable_bytes buffer) noexcept;
result<raw_received> try_receive_raw(native_handle, mutable_bytes buffer) noexcept;
/// Lets through only what a ping needs, where the system has a filter; does nothing elsewhere.
void filter_echo(native_handle, family) noexcept;
/// Beyond that: no echo replies but those with this identifier, and no ICMP errors that quote
/// something else than an echo request with it, where the system can look into packets; does
/// nothing elsewhere. A quote whose protocol cannot be told at a glance passes. Replaces the last.
void filter_identifier(native_handle, family, std::uint16_t identifier) noexcept;
/// Allows ICMP sockets of IPv6 to send packets of this flow label, 1 to 0xfffff, which then comes
/// with each: icmp_packet_out. errc::access_denied: another program has it for itself;
/// errc::not_supported: this system sends none that a program chose.
result<> allow_flow_label(native_handle, std::uint32_t label) noexcept;

// --- ICMP without rights (icmp.cpp)
// ----------------------------------------------------------------------

/// A datagram socket for ICMP echo, or errc::access_denied, or not_supported.
result<unique_handle> open_icmp_datagram(family) noexcept;
/// The identifier that the system writes into requests of this socket, if it does.
std::optional<std::uint16_t> icmp_datagram_identifier(native_handle) noexcept;

/// What a user does who may open none of these: "as root: setcap …". English, without a final
/// newline.
std::string_view icmp_access_hint() noexcept;

/// The system's own echo service, or errc::not_supported.
result<std::unique_ptr<echo_service, echo_service_deleter>> open_echo_service(family) noexcept;
result<> set_hop_limit(echo_service&, int hops) noexcept;
result<> bind(echo_service&, const ip_address& local) noexcept;
/// Begins one request; does not wait. errc::would_block when too many are under way.
result<> send(echo_service&, const icmp::echo_request&, const ip_address& peer) noexcept;
result<icmp_event> receive(echo_service&, mutable_bytes buffer, deadline until) noexcept;

// --- names (resolve.cpp, interfaces.cpp)
// -----------------------------------------------------------------

/// Asks the system. `host` is an A-label name, or loopback's number where only the service matters;
/// `service` is empty (port 0 in the result) or a name. At least one endpoint, none twice, in the
/// system's order. Blocks.
result<std::vector<endpoint>> resolve(const std::string& host, const std::string& service,
                                      transport over, std::optional<family> only);
/// The same, and leaves the system to its question when the time has run out: errc::timed_out,
/// cancelled. errc::not_supported where the system can only be waited for.
result<std::vector<endpoint>> resolve_within(const std::string& host, const std::string& service,
                                             transport over, std::optional<family> only,
                                             deadline until);
result<std::vector<network_interface>> interfaces();

// --- programs (program.cpp, privileges*.cpp)
// -------------------------------------------------------------

std::vector<std::string> arguments(int argc, const char* const* argv);
void use_binary_streams() noexcept;
bool is_terminal(program::stream which) noexcept;
/// Nothing: no terminal, or none that heeds control sequences. A size of 0 is none.
std::optional<program::terminal> terminal_of(program::stream which) noexcept;
/// What there is, as soon as there is something; 0 is the end. Also when the handle was made
/// non-blocking by somebody who shares it.
result<std::size_t> read_input(mutable_bytes buffer) noexcept;
/// All of it. A reader that has gone is errc::broken_pipe.
result<> write(program::stream to, const_bytes data) noexcept;
file_handle handle_of(program::stream which) noexcept;
/// Calls `handler`, on a thread of the system's choice or as a signal handler, at each of the
/// events that program::cancel_on_interrupt names. After the first Ctrl-C the second has its usual
/// effect.
result<> call_on_interrupt(void (*handler)() noexcept) noexcept;
/// Calls `handler` in the same way each time somebody asks how it goes (program::wake_on_inquiry).
/// From then on that has no other effect, whichever of the two handlers was set first.
result<> call_on_inquiry(void (*handler)() noexcept) noexcept;
result<> drop_privileges() noexcept;

/// Runs `work(argument)` on a thread of its own that nobody waits for. errc::no_memory when the
/// system has no thread left. (std::thread would throw.)
result<> start_thread(void (*work)(void*) noexcept, void* argument) noexcept;

}  // namespace portsock::platform
