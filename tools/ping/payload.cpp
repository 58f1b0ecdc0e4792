// SPDX-License-Identifier: MIT
#include <tools/ping/payload.hpp>

#include <algorithm>

namespace portsock::tools {
namespace {

constexpr std::size_t index_at = std::tuple_size_v<cookie>;
constexpr std::size_t index_size = sizeof(std::uint32_t);

}  // namespace

payloads::payloads(const cookie& secret, std::size_t size) : bytes_(size) {
  for (std::size_t at = 0; at != size; ++at)
    bytes_[at] = at < secret.size() ? secret[at] : static_cast<std::byte>(at & 0xff);
}

const_bytes payloads::of(std::uint32_t index) noexcept {
  for (std::size_t i = 0; i != index_size && index_at + i < bytes_.size(); ++i)
    bytes_[index_at + i] = static_cast<std::byte>(index >> (8 * (index_size - 1 - i)) & 0xff);
  return bytes_;
}

bool payloads::are_ours(const_bytes payload) const noexcept {
  const auto size = (std::min)(payload.size(), cookie_size());
  return std::equal(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(size),
                    payload.begin());
}

std::optional<std::uint32_t> index_in(const_bytes payload) noexcept {
  if (payload.size() < index_at + index_size) return std::nullopt;
  std::uint32_t index = 0;
  for (const auto byte : payload.subspan(index_at, index_size))
    index = index << 8 | std::to_integer<std::uint32_t>(byte);
  return index;
}

std::optional<std::size_t> first_difference(const_bytes got, const_bytes sent) noexcept {
  const auto [differs, expected] = std::ranges::mismatch(got, sent);
  if (differs == got.end()) return std::nullopt;
  return static_cast<std::size_t>(differs - got.begin());
}

}  // namespace portsock::tools
