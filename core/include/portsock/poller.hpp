// SPDX-License-Identifier: MIT
#pragma once

// Waiting for many sockets at once.

#include <concepts>
#include <cstdint>
#include <memory>
#include <span>

#include <portsock/deadline.hpp>
#include <portsock/error.hpp>
#include <portsock/handle.hpp>

namespace portsock {

enum class interest : std::uint8_t { receive = 1, send = 2, both = 3 };

/// When a poller tells of a socket, in the words of epoll(7).
enum class trigger : std::uint8_t {
  level,  ///< by every wait, for as long as it is ready
  /// When it becomes ready; perhaps again, and by every wait where the mechanism knows no edges. So
  /// go on until errc::would_block, or until a stream takes or gives less than was asked, unless
  /// `ended` says to read to the end.
  edge,
};

/// What a wait found about one socket.
struct readiness {
  std::uint64_t token;
  bool can_receive;  ///< data, a connection to accept, the end of the stream, or a failure
  bool can_send;     ///< room for data, or a connect that has finished, well or badly
  bool failed;       ///< the next call on the socket says why
  /// The peer has finished sending, or the connection is over: receive() comes to its 0 or its
  /// failure without waiting, though a receive before that may come short. With interest::receive;
  /// a mechanism that knows no edges may tell it only after the data.
  bool ended;
};

/// What a poller watches: sockets of every type, and wakers.
template <class T>
concept pollable = requires(const T& t) {
  { t.native() } -> std::same_as<native_handle>;
};

/// What asks the system. All mean the same; they differ in what a wait costs.
enum class poll_mechanism : std::uint8_t {
  epoll,     ///< Linux
  io_uring,  ///< Linux, where the administrator allows it
  kqueue,    ///< macOS and the BSDs
  afd,       ///< Windows: what its own poll stands on, through a completion port
  poll,      ///< poll or WSAPoll: on every system; a wait costs what is watched
};

namespace platform {
class poll_set;
struct poll_set_deleter {
  void operator()(poll_set*) const noexcept;
};
}  // namespace platform

/// Watches any number of sockets. A poller belongs to one thread; other threads reach it through a
/// waker.
///
/// Remove a socket before closing it. One that is closed all the same is forgotten by the next
/// wait; but poll_mechanism::poll knows it by its number alone, which may be another's by then, and
/// with poll_mechanism::io_uring it stays open if it is not the poller's thread that closes it.
class poller {
 public:
  /// With the mechanism that suits most programs on this system.
  static result<poller> create() noexcept;
  /// With this one, or, where the running system has it not, with what create() takes:
  /// mechanism() tells.
  static result<poller> create(poll_mechanism wanted) noexcept;

  /// Those that the library has on this kind of system, create()'s first.
  static std::span<const poll_mechanism> mechanisms() noexcept;
  poll_mechanism mechanism() const noexcept;

  /// `token` is the caller's own and comes back with each readiness. The socket must outlive its
  /// place here, so a temporary is refused. Adding one twice is errc::invalid_argument. Allocates.
  template <pollable T>
  result<> add(const T& socket, interest wanted, std::uint64_t token,
               trigger when = trigger::level) {
    return add(socket.native(), wanted, token, when);
  }
  template <pollable T>
  result<> add(const T&& socket, interest wanted, std::uint64_t token,
               trigger when = trigger::level) = delete;
  /// As if it were removed and added. Changing or removing a socket that is not here is
  /// errc::invalid_argument.
  template <pollable T>
  result<> change(const T& socket, interest wanted, std::uint64_t token,
                  trigger when = trigger::level) {
    return change(socket.native(), wanted, token, when);
  }
  template <pollable T>
  result<> remove(const T& socket) {
    return remove(socket.native());
  }

  /// What is ready, at the latest when `until` passes; nothing when the time ran out. The view is
  /// valid until the next call on the poller. Fails with errc::cancelled (deadline::or_when).
  result<std::span<const readiness>> wait(deadline until);

  /// Before it sleeps, a wait looks again and again for up to `span`. That costs the processor's
  /// time, and is worth it where an answer comes sooner than a sleeping thread wakes: some 20 us,
  /// in a virtual machine with processors to spare. Zero, as at first: it sleeps at once.
  void spin_for(deadline::clock::duration span) noexcept { spin_ = span; }

 private:
  using set = std::unique_ptr<platform::poll_set, platform::poll_set_deleter>;

  explicit poller(set opened) noexcept : set_{std::move(opened)} {}
  result<> add(native_handle, interest, std::uint64_t token, trigger);
  result<> change(native_handle, interest, std::uint64_t token, trigger);
  result<> remove(native_handle);
  result<std::span<const readiness>> spin_and_wait(deadline until);

  set set_;
  deadline::clock::duration spin_{};
};

}  // namespace portsock
