// SPDX-License-Identifier: MIT
#include "local_name.hpp"

#include <algorithm>
#include <cstring>

#include <platform/contract.hpp>

namespace portsock::platform {
namespace {

constexpr std::size_t path_at = offsetof(sockaddr_un, sun_path);
constexpr std::size_t path_size = sizeof(sockaddr_un) - path_at;
static_assert(path_size <= local_address::capacity);
static_assert(path_size > local_address::portable_limit);

}  // namespace

// One less than there is room for: not every system takes a path without a zero at its end.
std::size_t longest_local_path() noexcept { return path_size - 1; }

local_name_room::local_name_room(const local_address& where) noexcept {
  // sun_len of BSD stays 0: the kernel fills it in from the length that the call is given.
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::memcpy(bytes_.data(), &name, sizeof name);

  const auto text = where.text().substr(0, longest_local_path());
  const std::size_t zero = where.is_unnamed() ? 0 : 1;  // before an abstract name, after a path
  std::ranges::copy(text, bytes_.begin() + path_at + (where.is_abstract() ? 1 : 0));
  length_ = static_cast<address_length>(path_at + text.size() + zero);
}

local_address local_name_room::address() const noexcept {
  const auto written = (std::min)(static_cast<std::size_t>(length_), bytes_.size());
  if (written <= path_at || !is_local()) return {};
  const std::string_view path{bytes_.data() + path_at, written - path_at};
  if (path.front() != '\0') return {local_address::form::path, path.substr(0, path.find('\0'))};
  // Elsewhere a zero in front is the rest of an empty name.
  if (path.size() == 1 || !has_abstract_names()) return {};
  return {local_address::form::abstract, path.substr(1)};
}

result<local_address> local_name(native_handle s) noexcept {
  local_name_room name;
  if (::getsockname(descriptor(s), name.data(), name.length()) != 0)
    return std::unexpected{last_error()};
  return name.address();
}

result<local_address> local_peer_name(native_handle s) noexcept {
  local_name_room name;
  if (::getpeername(descriptor(s), name.data(), name.length()) != 0)
    return std::unexpected{last_error()};
  return name.address();
}

}  // namespace portsock::platform
