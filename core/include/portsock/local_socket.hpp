// SPDX-License-Identifier: MIT
#pragma once

// Local (Unix-domain) streams and listeners: connections inside this host, with paths for
// addresses. On Windows they exist since Windows 10 1803; elsewhere below they fail with
// errc::family_not_supported.

#include <cstdint>
#include <optional>
#include <span>

#include <portsock/detail/local_claim.hpp>
#include <portsock/local_address.hpp>
#include <portsock/stream_socket.hpp>

namespace portsock {

/// Who is at the other end, as the system saw it when the connection was made. What a system does
/// not tell is empty: Windows tells the process alone.
struct local_credentials {
  std::optional<std::uint32_t> process;
  std::optional<std::uint32_t> user;
  std::optional<std::uint32_t> group;
};

/// What came, and how many handles beside it.
struct received_handles {
  std::size_t size = 0;    ///< bytes written to the buffer; 0: the end of the stream
  std::size_t count = 0;   ///< places of the room that are filled, from the front
  bool truncated = false;  ///< more handles came than there was room for; those are closed
};

/// A stream_socket inside this host, and usable as one: whatever takes a stream_socket& takes it,
/// and it may be moved into one. What knows addresses is its own; options of TCP are refused with
/// errc::not_supported.
///
/// abort() only closes here: no system resets a local stream.
class local_stream : public stream_socket {
 public:
  static constexpr kind socket_kind = kind::local_stream;
  /// Handles that one call passes at most.
  static constexpr std::size_t max_handles = 64;

  using stream_socket::stream_socket;

  /// Errors: errc::connection_refused (nobody listens there: there is no such file, or its server
  /// is gone), access_denied, wrong_protocol (a datagram socket), timed_out. When the listener's
  /// queue is full, Linux waits, and other systems refuse.
  static result<local_stream> connect(const local_address& peer,
                                      deadline until = deadline::never()) noexcept;
  /// As stream_socket::adopt, for a local stream.
  static result<local_stream> adopt(native_handle handle) noexcept;

  template <writable_option_of<local_stream> Option>
  result<> set(Option, typename Option::value_type value) noexcept {
    return platform::set_option(native(), Option::id, detail::to_word(value));
  }
  template <option_of<local_stream> Option>
  result<typename Option::value_type> get(Option option) const noexcept {
    return stream_socket::get(option);
  }

  result<endpoint> local_endpoint() const noexcept = delete;
  result<endpoint> peer_endpoint() const noexcept = delete;
  /// Mostly unnamed: a client need not be bound. On the listener's side, the path it listens at.
  result<local_address> address() const noexcept;
  /// Of a client: where it connected to.
  result<local_address> peer_address() const noexcept;
  result<local_credentials> peer_credentials() const noexcept;

  /// Sends at least one byte of `data`, which must not be empty, and copies of `handles` beside the
  /// first: files, sockets, whatever a descriptor stands for. errc::invalid_argument for no data or
  /// more than max_handles, not_supported on Windows.
  result<std::size_t> send_handles(const_bytes data, std::span<const native_handle> handles,
                                   deadline until) noexcept;
  /// Receives as receive() does, and takes the handles that came with these bytes; children do not
  /// inherit them. A plain receive() throws them away. Close what is taken by closing a
  /// unique_handle.
  result<received_handles> receive_handles(mutable_bytes buffer, std::span<unique_handle> room,
                                           deadline until) noexcept;
};

/// Who may connect, by the permissions of the socket's file.
enum class local_access : std::uint8_t {
  owner,     ///< the user whose process listens
  everyone,  ///< whoever can reach the path
};

struct local_bind_options {
  local_access access = local_access::owner;
  /// The file that a server left behind which is no more is replaced. Never that of one that lives,
  /// nor a file of another kind.
  bool replace_stale = true;
};

struct local_listen_options {
  local_access access = local_access::owner;
  bool replace_stale = true;  ///< as in local_bind_options
  /// Connections that may wait for accept(); 0: as many as the system allows.
  int backlog = 0;
};

/// Takes local connections at a path. The socket's file goes when the listener does.
///
/// A path belongs to who holds the lock on "<path>.lock" beside it, a file that lives as long as
/// the listener: of two servers that start at once one fails, and what a crash left is told from
/// what is alive. Servers that know no lock are asked by connecting; one that listens and whose
/// queue is full cannot be told from a dead one on macOS and FreeBSD. A relative path is meant
/// where the process is when the listener ends, too.
class local_listener : public basic_socket<kind::local_listener> {
 public:
  /// Takes over a listener as it is. The file is left alone.
  explicit local_listener(unique_handle handle) noexcept : basic_socket{std::move(handle)} {}

  /// Errors: errc::address_in_use (a living server, or another file), not_found (no
  /// such directory), access_denied, invalid_argument (an unnamed address).
  static result<local_listener> listen(const local_address& where,
                                       local_listen_options = {}) noexcept;
  /// As stream_listener::adopt, for a local one. Its file is left alone.
  static result<local_listener> adopt(native_handle handle) noexcept;

  /// As stream_listener::accept.
  result<local_stream> accept() noexcept;
  result<local_stream> accept(deadline until) noexcept;

  result<local_address> address() const noexcept;
  /// Gives the handle away, and leaves the file behind, which is the caller's business too.
  [[nodiscard]] native_handle release() && noexcept;

 private:
  detail::local_claim claim_;  // ends before the socket is closed
};

}  // namespace portsock
