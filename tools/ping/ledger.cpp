// SPDX-License-Identifier: MIT
#include <tools/ping/ledger.hpp>

#include <algorithm>

namespace portsock::tools {

ledger::request& ledger::add(time_point sent) {
  ++size_;
  if (ring_.size() < capacity) return ring_.emplace_back(request{.sent = sent});
  return at(size_) = request{.sent = sent};
}

std::uint64_t ledger::index_of(std::uint16_t sequence) const noexcept {
  const auto behind = static_cast<std::uint16_t>((size_ - sequence) & 0xffff);
  return behind < size_ ? size_ - behind : 0;
}

std::optional<ledger::time_point> ledger::awaited_until(time_point now) noexcept {
  if (size_ > capacity) oldest_ = (std::max)(oldest_, size_ - capacity + 1);
  for (; oldest_ <= size_; ++oldest_) {
    const auto& entry = at(oldest_);
    if (entry.what == fate::open && entry.sent + timeout_ > now) return entry.sent + timeout_;
  }
  return std::nullopt;
}

}  // namespace portsock::tools
