// SPDX-License-Identifier: MIT

// A pipe, which splice(2) fills and empties without copying.

#include <algorithm>
#include <new>

#include <fcntl.h>

#include <platform/conduit.hpp>
#include <platform/contract.hpp>

#include "impatience.hpp"
#include "native.hpp"
#include "no_sigpipe.hpp"

namespace portsock::platform {
namespace {

/// The largest that anybody may have, unless the administrator said otherwise
/// (/proc/sys/fs/pipe-max-size).
constexpr int wanted_size = 1 << 20;

int descriptor_of(const transfer_end& end) noexcept {
  return end.is_socket() ? descriptor(end.socket) : static_cast<int>(end.file);
}

/// splice with its six arguments; the offsets are those of the files.
ssize_t splice_once(int from, int to, std::size_t size, unsigned flags) noexcept {
  return ::splice(from, nullptr, to, nullptr, size, flags);
}

/// Files that cannot say EINVAL, and sandboxes ENOSYS.
result<std::size_t> spliced(ssize_t size) noexcept {
  if (size < 0 && errno == EINVAL) return fail(errc::not_supported);
  return counted(size);
}

class pipe_conduit final : public conduit {
 public:
  pipe_conduit(unique_handle read, unique_handle write) noexcept
      : read_{std::move(read)}, write_{std::move(write)} {}

  result<std::size_t> take(const transfer_end& from, std::size_t most,
                           bool waits) noexcept override {
    // For a socket, SPLICE_F_NONBLOCK says nothing: its own mode counts.
    if (!waits && from.is_socket()) {
      const auto ready = wait(from.socket, interest::receive, deadline::now());
      if (!ready) return ready.failure();
      if (!*ready) return fail(errc::would_block);
    }
    const auto taken = spliced(uninterrupted(splice_once, descriptor_of(from),
                                             descriptor(write_.get()), most, flags(waits)));
    if (taken) held_ = *taken;
    return taken;
  }

  result<std::size_t> give(const transfer_end& to, std::size_t most, bool waits) noexcept override {
    const auto size = (std::min)(held_, most);
    if (!waits && to.is_socket()) {
      const impatience limit{descriptor(to.socket)};
      return give_at_once(to, (std::min)(size, impatient_size), flags(waits));
    }
    return give_at_once(to, size, flags(waits));
  }

  std::size_t drain(mutable_bytes room) noexcept override {
    const auto size = uninterrupted(::read, descriptor(read_.get()), room.data(), room.size());
    held_ = 0;
    return size < 0 ? 0 : static_cast<std::size_t>(size);
  }

 private:
  static unsigned flags(bool waits) noexcept {
    return SPLICE_F_MOVE | (waits ? 0 : SPLICE_F_NONBLOCK);
  }

  result<std::size_t> give_at_once(const transfer_end& to, std::size_t size,
                                   unsigned flags) noexcept {
    no_sigpipe quiet;
    const auto given = spliced(quiet.after(
        uninterrupted(splice_once, descriptor(read_.get()), descriptor_of(to), size, flags)));
    if (given) held_ -= *given;
    return given;
  }

  unique_handle read_;
  unique_handle write_;
};

}  // namespace

result<owned_conduit> open_conduit() noexcept {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::unexpected{last_error()};
  unique_handle read{to_handle(ends[0])};
  unique_handle write{to_handle(ends[1])};
  // A user who has many large ones gets a small one.
  ::fcntl(ends[1], F_SETPIPE_SZ, wanted_size);
  owned_conduit made{new (std::nothrow) pipe_conduit{std::move(read), std::move(write)}};
  if (!made) return fail(errc::no_memory);
  return made;
}

}  // namespace portsock::platform
