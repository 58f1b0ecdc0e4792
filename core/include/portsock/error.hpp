// SPDX-License-Identifier: MIT
#pragma once

// What went wrong: one word that answers one question on every system, and keeps what the system
// said.

#include <cstdint>
#include <expected>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace portsock {

namespace detail {
struct packing;
}

/// What went wrong, in portable terms. Each backend's error.cpp maps its native codes here.
enum class errc : std::uint8_t {
  would_block = 1,      ///< nothing to do now; wait until the socket is ready
  in_progress,          ///< the connection attempt has begun and is not finished
  already_in_progress,  ///< an earlier connection attempt is not finished
  timed_out,            ///< a deadline passed, or the peer did not answer in the system's time
  interrupted,          ///< by a signal; the library resumes, so callers do not see it
  cancelled,            ///< a canceller was tripped
  connection_refused,   ///< nobody listens there
  connection_reset,     ///< the peer is gone
  connection_aborted,   ///< the connection ended on this side, or before it was accepted
  broken_pipe,          ///< this side has shut down sending
  end_of_stream,        ///< the peer finished sending before all that was asked for had arrived
  not_connected,
  already_connected,
  address_in_use,
  address_not_available,  ///< not an address of this host, or no port is left
  access_denied,
  bad_handle,
  not_a_socket,
  message_too_large,  ///< on send; a receive that is cut says `truncated` instead
  no_buffer_space,
  no_memory,
  too_many_sockets,  ///< the process or the system has no handle left
  network_unreachable,
  host_unreachable,
  network_down,
  network_reset,
  destination_required,
  invalid_argument,
  bad_address,           ///< a pointer that the system could not follow
  not_supported,         ///< this backend or this system cannot do it
  family_not_supported,  ///< no IPv6 here, for example
  protocol_not_supported,
  wrong_protocol,
  not_started,  ///< Winsock was not started; cannot happen through the library
  host_not_found,
  name_service_busy,    ///< the name may exist; ask again later
  name_service_failed,  ///< the resolver itself is in trouble
  service_not_found,
  name_too_long,  ///< a path that the system, or its socket addresses, have no room for
  not_found,      ///< no such file
  no_space,       ///< the disk is full, or the file may grow no more
  other,          ///< none of the above; message() names the native code
};

/// Whose number an error carries. The number spaces overlap, so they must not be mixed.
enum class error_domain : std::uint8_t {
  system,    ///< errno, or WSAGetLastError()
  library,   ///< the library's own: the number is the errc
  resolver,  ///< EAI_…, or what getaddrinfo returns under Windows
};

/// Why an operation failed: the system's own number, and what it means. One word, copied freely.
class error {
 public:
  /// An error that the library itself found; no system call failed.
  // NOLINTNEXTLINE(google-explicit-constructor): an errc is an error
  constexpr error(errc meaning) noexcept
      : error{static_cast<std::int32_t>(meaning), error_domain::library, meaning} {}
  /// For backends: `value` as the system gave it, and what it means where it was met.
  constexpr error(std::int32_t value, error_domain domain, errc meaning) noexcept
      : word_{(std::numeric_limits<std::int64_t>::min)() | static_cast<std::int64_t>(domain) << 40 |
              static_cast<std::int64_t>(static_cast<std::uint32_t>(value)) << 8 |
              static_cast<std::int64_t>(meaning)} {}

  constexpr errc meaning() const noexcept { return static_cast<errc>(word_ & 0xff); }
  /// The system's number: an errno, a WSA code, an EAI code, or the errc itself, as domain() says.
  constexpr std::int32_t value() const noexcept {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(word_ >> 8));
  }
  constexpr error_domain domain() const noexcept {
    return static_cast<error_domain>(word_ >> 40 & 0xff);
  }

  /// "connection refused (ECONNREFUSED)": English on every system, then the native name.
  std::string message() const;
  /// For programs that speak <system_error>: compares equal to the errc and to the std::errc.
  std::error_code code() const noexcept;

  friend constexpr bool operator==(error left, errc right) noexcept {
    return left.meaning() == right;
  }
  friend constexpr bool operator==(error, error) noexcept = default;

 private:
  friend struct detail::packing;
  struct packed {};
  constexpr error(packed, std::int64_t word) noexcept : word_{word} {}

  std::int64_t word_;  // always negative, which no size is
};

/// The connection is over, whoever ended it: reset, aborted, or shut down.
constexpr bool is_disconnect(error e) noexcept {
  return e == errc::connection_reset || e == errc::connection_aborted || e == errc::broken_pipe;
}

/// There is no way to the peer: its network or its host cannot be reached.
constexpr bool is_unreachable(error e) noexcept {
  return e == errc::network_unreachable || e == errc::host_unreachable || e == errc::network_down;
}

/// This system, this address family or this kind of socket cannot do it.
constexpr bool is_unsupported(error e) noexcept {
  return e == errc::not_supported || e == errc::family_not_supported ||
         e == errc::protocol_not_supported;
}

/// The library's words for `meaning`: "connection refused".
std::string_view to_string(errc meaning) noexcept;

/// The category of conditions: `code == errc::connection_refused` on every system.
const std::error_category& errc_category() noexcept;
std::error_condition make_error_condition(errc meaning) noexcept;

/// A T, or the reason there is none. Ignoring one is a warning, and warnings are errors here.
template <class T = void>
class [[nodiscard]] result : public std::expected<T, error> {
  using base = std::expected<T, error>;

 public:
  using base::base;

  constexpr const T& operator*() const& noexcept { return base::operator*(); }
  constexpr T& operator*() & noexcept { return base::operator*(); }
  constexpr const T& value() const& { return base::value(); }
  constexpr T& value() & { return base::value(); }
  /// By value, unlike std::expected's: `for (auto& one : *interfaces())` would outlive a reference.
  constexpr T operator*() && noexcept { return std::move(base::operator*()); }
  constexpr T value() && { return std::move(*this).base::value(); }

  /// `if (!bound) return bound.failure();`
  constexpr std::unexpected<error> failure() const noexcept {
    return std::unexpected{this->error()};
  }
};

/// `return fail(errc::timed_out);`
constexpr std::unexpected<error> fail(error reason) noexcept { return std::unexpected{reason}; }

}  // namespace portsock

#include <portsock/detail/packed_result.hpp>

template <>
struct std::is_error_condition_enum<portsock::errc> : std::true_type {};
