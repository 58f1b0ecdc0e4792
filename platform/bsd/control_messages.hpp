// SPDX-License-Identifier: MIT
#pragma once

// Control messages: what travels beside a datagram's bytes, each behind a header of its own (RFC
// 3542, 20). Pure functions over bytes, for every system's header and alignment: what a system, or
// a buffer that was too short, wrote is not trusted, and nothing beyond its end is read.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

#include <portsock/bytes.hpp>

namespace portsock::platform {

struct control_item {
  int level;
  int type;
  const_bytes data;

  /// The front of the data as a Value; nothing if there is less of it. Systems append members.
  template <class Value>
  std::optional<Value> as() const noexcept {
    if (data.size() < sizeof(Value)) return std::nullopt;
    Value value;
    std::memcpy(&value, data.data(), sizeof value);
    return value;
  }

  /// A number of one byte, which systems write as a byte or as an int; nothing if it is none.
  std::optional<std::uint8_t> octet() const noexcept {
    if (const auto number = as<int>(); number) {
      if (*number < 0 || *number > 255) return std::nullopt;
      return static_cast<std::uint8_t>(*number);
    }
    return as<std::uint8_t>();
  }
};

/// How a system lays them out. Header has the members cmsg_len, which counts the header too,
/// cmsg_level and cmsg_type.
template <class Header, std::size_t Alignment>
struct control_format {
  using header = Header;
  static constexpr std::size_t aligned(std::size_t size) noexcept {
    return (size + Alignment - 1) / Alignment * Alignment;
  }
  static constexpr std::size_t data_at = aligned(sizeof(Header));
};

/// Goes over the messages in order, and ends at the first whose length cannot be true.
template <class Format>
class control_reader {
 public:
  explicit control_reader(const_bytes control) noexcept : rest_{control} {}

  std::optional<control_item> next() noexcept {
    if (rest_.size() < Format::data_at) return std::nullopt;
    typename Format::header header;
    std::memcpy(&header, rest_.data(), sizeof header);
    const auto length = static_cast<std::size_t>(header.cmsg_len);
    if (length < Format::data_at || length > rest_.size()) {
      rest_ = {};
      return std::nullopt;
    }
    const control_item found{header.cmsg_level, header.cmsg_type,
                             rest_.first(length).subspan(Format::data_at)};
    // The last one may come without its padding.
    rest_ = rest_.subspan((std::min)(Format::aligned(length), rest_.size()));
    return found;
  }

 private:
  const_bytes rest_;
};

/// Collects what goes beside a datagram. Room for more than all that the library ever adds.
template <class Format>
class control_writer {
 public:
  template <class Value>
  void add(int level, int type, const Value& value) noexcept {
    constexpr auto space = Format::data_at + Format::aligned(sizeof value);
    if (bytes_.size() - size_ < space) return;
    typename Format::header header{};
    header.cmsg_len = static_cast<decltype(header.cmsg_len)>(Format::data_at + sizeof value);
    header.cmsg_level = level;
    header.cmsg_type = type;
    std::memcpy(bytes_.data() + size_, &header, sizeof header);
    std::memcpy(bytes_.data() + size_ + Format::data_at, &value, sizeof value);
    size_ += space;
  }

  const_bytes bytes() const noexcept { return const_bytes{bytes_}.first(size_); }

 private:
  alignas(std::max_align_t) std::array<std::byte, 256> bytes_{};
  std::size_t size_ = 0;
};

}  // namespace portsock::platform
