// SPDX-License-Identifier: MIT
#pragma once

// The bytes that two ends of a measurement exchange (protocol.md tells the whole of it). Numbers
// are big-endian. Whatever arrives is foreign: nothing here believes a length.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <portsock/bytes.hpp>

namespace portsock::tools::measuring {

inline constexpr std::string_view magic = "sockmeas";
inline constexpr std::uint16_t version = 1;
inline constexpr std::size_t request_size = 40;
inline constexpr std::size_t answer_size = 16;
inline constexpr std::size_t header_size = 8;
inline constexpr std::size_t report_size = 96;
inline constexpr std::size_t probe_size = 24;  ///< the least that a datagram carries
inline constexpr std::size_t largest_datagram = 65'507;

constexpr void put(mutable_bytes to, std::size_t at, std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i != size; ++i)
    to[at + i] = static_cast<std::byte>(value >> (8 * (size - 1 - i)));
}
constexpr std::uint64_t get(const_bytes from, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i != size; ++i)
    value = value << 8 | std::to_integer<std::uint64_t>(from[at + i]);
  return value;
}

/// Whether the bytes can be the beginning of a request or an answer, or all of it.
constexpr bool may_begin(const_bytes bytes) {
  const auto size = (std::min)(bytes.size(), magic.size());
  for (std::size_t i = 0; i != size; ++i)
    if (bytes[i] != static_cast<std::byte>(magic[i])) return false;
  return true;
}
constexpr void put_magic(mutable_bytes to) {
  for (std::size_t i = 0; i != magic.size(); ++i) to[i] = static_cast<std::byte>(magic[i]);
}

/// What a client asks for.
struct request {
  std::uint16_t spoken = version;
  bool datagrams = false;
  bool reverse = false;             ///< the server sends
  bool joined = false;              ///< datagrams may be cut and joined by the systems
  std::uint16_t datagram_size = 0;  ///< in bytes
  std::uint32_t interval = 1000;    ///< between reports, in ms, at least 1
  std::uint32_t duration = 0;       ///< in ms
  std::uint64_t rate = 0;           ///< bytes or datagrams per second; 0: no limit
  std::uint64_t token = 0;          ///< of the test: the same for all its streams
  friend bool operator==(const request&, const request&) = default;
};

constexpr std::array<std::byte, request_size> encode(const request& asked) {
  std::array<std::byte, request_size> bytes{};
  put_magic(bytes);
  put(bytes, 8, asked.spoken, 2);
  put(bytes, 10, (asked.datagrams ? 1u : 0u) | (asked.reverse ? 2u : 0u) | (asked.joined ? 4u : 0u),
      1);
  put(bytes, 12, asked.datagram_size, 2);
  put(bytes, 16, asked.interval, 4);
  put(bytes, 20, asked.duration, 4);
  put(bytes, 24, asked.rate, 8);
  put(bytes, 32, asked.token, 8);
  return bytes;
}

/// Nothing for what is none. What another version says of itself may be anything.
constexpr std::optional<request> decode_request(const_bytes bytes) {
  if (bytes.size() != request_size || !may_begin(bytes)) return std::nullopt;
  const auto flags = get(bytes, 10, 1);
  return request{.spoken = static_cast<std::uint16_t>(get(bytes, 8, 2)),
                 .datagrams = (flags & 1) != 0,
                 .reverse = (flags & 2) != 0,
                 .joined = (flags & 4) != 0,
                 .datagram_size = static_cast<std::uint16_t>(get(bytes, 12, 2)),
                 .interval = static_cast<std::uint32_t>(get(bytes, 16, 4)),
                 .duration = static_cast<std::uint32_t>(get(bytes, 20, 4)),
                 .rate = get(bytes, 24, 8),
                 .token = get(bytes, 32, 8)};
}

/// Whether a server of this version can do it.
constexpr bool is_sound(const request& asked) {
  if (asked.interval == 0) return false;
  if (!asked.datagrams) return true;
  return asked.datagram_size >= probe_size && asked.datagram_size <= largest_datagram;
}

enum class verdict : std::uint8_t { begin = 1, busy, other_version, not_supported };

struct answer {
  std::uint16_t spoken = version;
  verdict what = verdict::begin;
  std::uint16_t port = 0;  ///< for the datagrams
  friend bool operator==(const answer&, const answer&) = default;
};

constexpr std::array<std::byte, answer_size> encode(const answer& given) {
  std::array<std::byte, answer_size> bytes{};
  put_magic(bytes);
  put(bytes, 8, given.spoken, 2);
  put(bytes, 10, static_cast<std::uint64_t>(given.what), 1);
  put(bytes, 12, given.port, 2);
  return bytes;
}
constexpr std::optional<answer> decode_answer(const_bytes bytes) {
  if (bytes.size() != answer_size || !may_begin(bytes)) return std::nullopt;
  const auto what = get(bytes, 10, 1);
  if (what < 1 || what > static_cast<std::uint64_t>(verdict::not_supported)) return std::nullopt;
  return answer{.spoken = static_cast<std::uint16_t>(get(bytes, 8, 2)),
                .what = static_cast<verdict>(what),
                .port = static_cast<std::uint16_t>(get(bytes, 12, 2))};
}

/// What a stream has come to since it began.
struct report {
  std::uint64_t elapsed = 0;  ///< in ns
  std::uint64_t bytes = 0;
  std::uint64_t datagrams = 0;
  std::uint64_t lost = 0;
  std::uint64_t reordered = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t jitter = 0;                      ///< in ns
  std::optional<std::uint64_t> retransmitted{};  ///< segments, or bytes where they alone are told
  std::optional<std::uint64_t> round_trip{};     ///< in ns
  std::optional<std::uint64_t> variation{};      ///< in ns
  std::optional<std::uint64_t> window{};         ///< in bytes
  /// Packets that the receiver's system threw away; joined datagrams are one.
  std::optional<std::uint64_t> discarded{};
  friend bool operator==(const report&, const report&) = default;
};

/// On the wire, the largest number stands for what is not known.
constexpr std::array<std::byte, report_size> encode(const report& told) {
  std::array<std::byte, report_size> bytes{};
  const std::array<std::uint64_t, 12> words{told.elapsed,
                                            told.bytes,
                                            told.datagrams,
                                            told.lost,
                                            told.reordered,
                                            told.duplicates,
                                            told.jitter,
                                            told.retransmitted.value_or(UINT64_MAX),
                                            told.round_trip.value_or(UINT64_MAX),
                                            told.variation.value_or(UINT64_MAX),
                                            told.window.value_or(UINT64_MAX),
                                            told.discarded.value_or(UINT64_MAX)};
  for (std::size_t i = 0; i != words.size(); ++i) put(bytes, 8 * i, words[i], 8);
  return bytes;
}
constexpr std::optional<report> decode_report(const_bytes bytes) {
  if (bytes.size() != report_size) return std::nullopt;
  const auto word = [bytes](std::size_t i) { return get(bytes, 8 * i, 8); };
  const auto known = [word](std::size_t i) -> std::optional<std::uint64_t> {
    if (word(i) == UINT64_MAX) return std::nullopt;
    return word(i);
  };
  return report{word(0), word(1),  word(2),  word(3),  word(4),   word(5),
                word(6), known(7), known(8), known(9), known(10), known(11)};
}

/// What stands in front of each datagram's filling.
struct probe {
  std::uint64_t token = 0;
  std::uint64_t number = 0;  ///< 0 for the first; knock_number: it is no data
  std::uint64_t sent = 0;    ///< in ns, by the sender's clock; of a knock, the proof or 0
  friend bool operator==(const probe&, const probe&) = default;
};
inline constexpr std::uint64_t knock_number = UINT64_MAX;

/// `datagram` has probe_size bytes at least.
constexpr void stamp(mutable_bytes datagram, const probe& with) {
  put(datagram, 0, with.token, 8);
  put(datagram, 8, with.number, 8);
  put(datagram, 16, with.sent, 8);
}
/// Nothing for what is too short.
constexpr std::optional<probe> decode_probe(const_bytes datagram) {
  if (datagram.size() < probe_size) return std::nullopt;
  return probe{get(datagram, 0, 8), get(datagram, 8, 8), get(datagram, 16, 8)};
}

}  // namespace portsock::tools::measuring
