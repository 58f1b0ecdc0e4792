// SPDX-License-Identifier: MIT
#pragma once

// What every socket has: an owner, options, an address of its own.

#include <utility>

#include <portsock/address.hpp>
#include <portsock/detail/calls.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>
#include <portsock/options.hpp>

namespace portsock {

/// The part that the socket types share. A socket that was moved from can be assigned to and
/// destroyed, and nothing else.
template <kind Kind>
class basic_socket {
 public:
  static constexpr kind socket_kind = Kind;

  /// Takes over a socket of this kind, as it is. adopt() checks and prepares it first.
  explicit basic_socket(unique_handle handle) noexcept : handle_{std::move(handle)} {}

  /// Lends the handle, to a poller or to a system call that the library lacks. Still owned here.
  native_handle native() const noexcept { return handle_.get(); }
  /// Gives the handle away; closing it is the caller's business from now on.
  [[nodiscard]] native_handle release() && noexcept { return handle_.release(); }

  /// Fails with errc::not_supported where the system has no such option, errc::invalid_argument for
  /// a value out of the documented range.
  template <writable_option_of<basic_socket> Option>
  result<> set(Option, typename Option::value_type value) noexcept {
    return platform::set_option(native(), Option::id, detail::to_word(value));
  }
  template <option_of<basic_socket> Option>
  result<typename Option::value_type> get(Option) const noexcept {
    const auto word = platform::get_option(native(), Option::id);
    if (!word) return word.failure();
    return detail::from_word<typename Option::value_type>(*word);
  }
  /// Whether this system knows the option, for a socket of this kind and family.
  template <option_of<basic_socket> Option>
  bool supports(Option) const noexcept {
    return platform::supports_option(native(), Option::id);
  }

  /// The address and port this socket has here; after a bind to port 0, the port the system chose.
  result<endpoint> local_endpoint() const noexcept
    requires(every_ip_kind::include(Kind))
  {
    return platform::local_endpoint(native());
  }

  /// Sockets block until told otherwise. One that does not block fails with errc::would_block where
  /// it would have to wait. Windows cannot be asked for the mode, so it cannot be asked here.
  result<> set_blocking(bool blocking) noexcept {
    return platform::set_blocking(native(), blocking);
  }

 protected:
  unique_handle handle_;
};

/// Uses a handle that somebody else owns through the socket types, and leaves it open:
///   borrowed<stream_socket> socket{handle};
///   socket->send(data);
template <class Socket>
class borrowed {
 public:
  explicit borrowed(native_handle handle) noexcept : socket_{unique_handle{handle}} {}
  borrowed(const borrowed&) = delete;
  borrowed& operator=(const borrowed&) = delete;
  ~borrowed() { static_cast<void>(std::move(socket_).release()); }

  Socket* operator->() noexcept { return &socket_; }
  Socket& operator*() noexcept { return socket_; }

 private:
  Socket socket_;
};

}  // namespace portsock
