// SPDX-License-Identifier: MIT
#include "relay_state.hpp"

#include <algorithm>
#include <new>

#include <portsock/transfer.hpp>

#include "waits.hpp"

namespace portsock::detail {
namespace {

constexpr std::size_t buffer_size = std::size_t{256} * 1024;

/// A file has no calls that try: who shall not wait asks before.
result<> at_once(file_handle file, interest what) noexcept {
  const auto ready = platform::wait(file, what, deadline::now());
  if (!ready) return ready.failure();
  if (!*ready) return fail(errc::would_block);
  return {};
}

result<std::size_t> read(const platform::transfer_end& from, mutable_bytes room,
                         bool waits) noexcept {
  if (from.is_socket())
    return waits ? platform::receive(from.socket, only(room))
                 : platform::try_receive(from.socket, only(room));
  if (!waits)
    if (auto ready = at_once(from.file, interest::receive); !ready) return ready.failure();
  return platform::read(from.file, room, std::nullopt);
}

result<std::size_t> write(const platform::transfer_end& to, const_bytes data, bool waits) noexcept {
  if (to.is_socket())
    return waits ? platform::send(to.socket, only(data))
                 : platform::try_send(to.socket, only(data));
  if (!waits)
    if (auto ready = at_once(to.file, interest::send); !ready) return ready.failure();
  return platform::write(to.file, data, waits);
}

}  // namespace

void relay_state_deleter::operator()(relay_state* state) const noexcept { delete state; }

result<> relay_state::open() noexcept {
  auto opened = platform::open_conduit();
  if (!opened) {
    if (opened.error() == errc::not_supported) return reserve(buffer_size);
    return opened.failure();
  }
  conduit_ = std::move(*opened);
  return {};
}

result<> relay_state::reserve(std::size_t size) noexcept {
  buffer_.reset(new (std::nothrow) std::byte[size]);
  if (!buffer_) return fail(errc::no_memory);
  size_ = size;
  return {};
}

result<> relay_state::leave_conduit() noexcept {
  const auto holds = conduit_->held();
  if (auto reserved = reserve((std::max)(buffer_size, holds)); !reserved) return reserved.failure();
  first_ = 0;
  last_ = holds == 0 ? 0 : conduit_->drain({buffer_.get(), holds});
  conduit_.reset();
  return {};
}

result<std::size_t> relay_state::take(const platform::transfer_end& from, std::size_t most,
                                      bool waits) noexcept {
  if (conduit_) {
    const auto taken = conduit_->take(from, most, waits);
    if (taken || taken.error() != errc::not_supported) return taken;
    if (auto left = leave_conduit(); !left) return left.failure();
  }
  const auto got = read(from, {buffer_.get(), (std::min)(most, size_)}, waits);
  if (!got) return got;
  first_ = 0;
  last_ = *got;
  return got;
}

result<std::size_t> relay_state::give(const platform::transfer_end& to, std::size_t most,
                                      bool waits) noexcept {
  if (conduit_) {
    const auto given = conduit_->give(to, most, waits);
    if (given || given.error() != errc::not_supported) return given;
    if (auto left = leave_conduit(); !left) return left.failure();
  }
  const auto given = write(to, {buffer_.get() + first_, (std::min)(most, held())}, waits);
  if (given) first_ += *given;
  return given;
}

}  // namespace portsock::detail
