// SPDX-License-Identifier: MIT
#pragma once

// Sending what nobody here has to look at.

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>

#include <portsock/file.hpp>
#include <portsock/stream_socket.hpp>
#include <portsock/transfer.hpp>
#include <portsock/waker.hpp>

namespace portsock::tools {

/// A file, a pipe, or whatever else a program can read, and how often to send it.
struct direct_source {
  file_handle from = file_handle::invalid;
  bool from_its_beginning = false;  ///< it is a regular file, and not to be sent from where it is
  std::uint64_t repeat = 1;         ///< of a regular file, from its beginning
};

/// Sends it to a stream on a thread of its own, inside the system where that can (transfer.hpp).
/// Meanwhile another thread may receive from the stream.
class direct_sender {
 public:
  /// `to` must outlive it. Errors: those of a waker and of a relay.
  static result<std::unique_ptr<direct_sender>> start(stream_socket& to, direct_source what);
  direct_sender(const direct_sender&) = delete;
  direct_sender& operator=(const direct_sender&) = delete;
  /// Gives up what has not been sent.
  ~direct_sender();

  /// Bytes so far.
  std::uint64_t sent() const noexcept { return sent_.load(std::memory_order_relaxed); }
  /// It waits for more to send, and not for the peer.
  bool is_starved() const noexcept { return starved_.load(std::memory_order_relaxed); }
  bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }
  /// Why it ended early, and at which end. To be asked once it has ended.
  std::optional<error> reason() const noexcept { return reason_; }
  side at() const noexcept { return at_; }

  /// Ready to receive once it has ended.
  native_handle native() const noexcept { return changed_.native(); }

 private:
  direct_sender(stream_socket& to, direct_source what, waker changed, canceller stop,
                relay through) noexcept
      : to_{to},
        what_{what},
        changed_{std::move(changed)},
        stop_{std::move(stop)},
        through_{std::move(through)} {}
  void run();
  /// The next part. A file that has none left says errc::end_of_stream.
  moved step(std::uint64_t offset);

  stream_socket& to_;
  const direct_source what_;
  const waker changed_;
  const canceller stop_;
  relay through_;
  std::atomic<std::uint64_t> sent_ = 0;
  std::atomic<bool> starved_ = false;
  std::atomic<bool> ended_ = false;
  std::optional<error> reason_;
  side at_ = side::source;
  std::thread thread_;
};

}  // namespace portsock::tools
