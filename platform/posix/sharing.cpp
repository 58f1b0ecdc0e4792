// SPDX-License-Identifier: MIT

// A descriptor's copies are the same socket, and the number of one that children inherit is all
// that a child has to know.

#include <charconv>

#include <fcntl.h>

#include <platform/bsd/sockaddr.hpp>
#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

constexpr std::string_view prefix = "fd:";
constexpr int first_free = 3;  // below are the standard streams

/// A copy is made of any descriptor; these are of sockets.
result<> expect_socket(native_handle s) noexcept {
  socket_name name;
  return checked(::getsockname(descriptor(s), name.data(), name.length()));
}

result<unique_handle> copy(native_handle s, int command) noexcept {
  if (auto is = expect_socket(s); !is) return is.failure();
  const int fd = ::fcntl(descriptor(s), command, first_free);
  if (fd < 0) return std::unexpected{last_error()};
  return unique_handle{to_handle(fd)};
}

}  // namespace

result<unique_handle> duplicate(native_handle s) noexcept { return copy(s, F_DUPFD_CLOEXEC); }
result<unique_handle> duplicate_for_child(native_handle s) noexcept { return copy(s, F_DUPFD); }

result<std::string> ticket_for(native_handle s, std::uint32_t) {
  return std::string{prefix} + std::to_string(descriptor(s));
}

result<unique_handle> redeem(std::string_view ticket) noexcept {
  if (!ticket.starts_with(prefix)) return fail(errc::invalid_argument);
  ticket.remove_prefix(prefix.size());
  int fd = -1;
  const auto* const begin = ticket.data();
  const auto* const end = begin + ticket.size();
  const auto read = std::from_chars(begin, end, fd);
  if (read.ec != std::errc{} || read.ptr != end || fd < first_free)
    return fail(errc::invalid_argument);
  if (auto is = expect_socket(to_handle(fd)); !is) return is.failure();
  if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) return std::unexpected{last_error()};
  return unique_handle{to_handle(fd)};
}

}  // namespace portsock::platform
