// SPDX-License-Identifier: MIT
#include "ping_payload.hpp"

namespace portsock::ping {
namespace {

constexpr std::size_t index_at = std::tuple_size_v<cookie>;
constexpr std::size_t index_size = sizeof(std::uint32_t);
constexpr std::size_t pattern_at = index_at + index_size;

}  // namespace

payloads::payloads(const cookie& secret, std::size_t size, const_bytes pattern)
    : size_{size}, secret_{secret}, bytes_(size * icmp_batch_size) {
  for (std::size_t at = 0; at != bytes_.size(); ++at) {
    const auto in = at % size;
    if (in < index_at)
      bytes_[at] = secret[in];
    else if (in >= pattern_at && !pattern.empty())
      bytes_[at] = pattern[(in - pattern_at) % pattern.size()];
    else
      bytes_[at] = static_cast<std::byte>(in & 0xff);
  }
}

const_bytes payloads::of(std::uint32_t index, std::size_t place) noexcept {
  const auto payload = mutable_bytes{bytes_}.subspan(place * size_, size_);
  for (std::size_t i = 0; i != index_size && index_at + i < payload.size(); ++i)
    payload[index_at + i] = static_cast<std::byte>(index >> (8 * (index_size - 1 - i)) & 0xff);
  return payload;
}

bool payloads::are_ours(const_bytes payload) const noexcept {
  const auto size = (std::min)(payload.size(), cookie_size());
  return std::equal(secret_.begin(), secret_.begin() + static_cast<std::ptrdiff_t>(size),
                    payload.begin());
}

std::optional<std::size_t> payloads::first_difference(const_bytes got,
                                                      std::uint32_t index) noexcept {
  const auto sent = of(index, 0);
  const auto [differs, expected] = std::ranges::mismatch(got, sent);
  if (differs == got.end()) return std::nullopt;
  return static_cast<std::size_t>(differs - got.begin());
}

std::optional<std::uint32_t> payloads::find(const_bytes packet) const noexcept {
  if (size_ < pattern_at) return std::nullopt;
  const auto found = std::ranges::search(packet, secret_);
  if (found.empty()) return std::nullopt;
  return index_in(packet.subspan(static_cast<std::size_t>(found.begin() - packet.begin())));
}

std::optional<std::uint32_t> index_in(const_bytes payload) noexcept {
  if (payload.size() < index_at + index_size) return std::nullopt;
  std::uint32_t index = 0;
  for (const auto byte : payload.subspan(index_at, index_size))
    index = index << 8 | std::to_integer<std::uint32_t>(byte);
  return index;
}

}  // namespace portsock::ping
