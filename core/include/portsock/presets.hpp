// SPDX-License-Identifier: MIT
#pragma once

// Options that a socket has before it connects.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <portsock/error.hpp>
#include <portsock/handle.hpp>
#include <portsock/options.hpp>

namespace portsock {

namespace detail {

struct preset {
  option_id id;
  std::int64_t word;  ///< as to_word() makes it
};
result<> set_presets(native_handle, std::span<const preset>) noexcept;

}  // namespace detail

/// Options for a socket of this kind, to be set before its connection begins: the first packet
/// tells the peer what the receive buffer has room for (RFC 7323, 2.2), has the traffic class and
/// the hop limit, and leaves by the interface.
///
///   const auto early = stream_presets{}.with(options::receive_buffer, 1 << 20);
///   auto socket = stream_socket::connect(peer, deadline::in(5s), std::nullopt, early);
///
/// A connect with presets fails with what setting an option says, before it has sent anything.
template <kind Kind>
class presets {
 public:
  /// They are set in this order. Of two values for one option the later counts.
  template <class Option>
    requires(Option::writable && Option::kinds::include(Kind))
  constexpr presets& with(Option, typename Option::value_type value) noexcept {
    set_ = &detail::set_presets;
    const detail::preset given{Option::id, detail::to_word(value)};
    for (std::size_t i = 0; i < size_; ++i) {
      if (all_[i].id != given.id) continue;
      all_[i] = given;
      return *this;
    }
    all_[size_++] = given;
    return *this;
  }

  /// Sets them on a socket of this kind.
  result<> set_on(native_handle socket) const noexcept {
    if (set_ == nullptr) return {};
    return set_(socket, std::span{all_}.first(size_));
  }

 private:
  std::size_t size_ = 0;
  std::array<detail::preset, option_count> all_{};
  // A program without presets is linked without what sets options.
  result<> (*set_)(native_handle, std::span<const detail::preset>) noexcept = nullptr;
};

using stream_presets = presets<kind::stream>;
using datagram_presets = presets<kind::datagram>;

}  // namespace portsock
