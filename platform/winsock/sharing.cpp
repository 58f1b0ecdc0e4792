// SPDX-License-Identifier: MIT

// A socket goes to a process by a description that the system writes for that process alone
// (Microsoft Learn, WSADuplicateSocketW), to this one too: DuplicateHandle does not know of
// providers, and an inherited handle is not a socket to all of them.

#include <array>
#include <cstring>

#include <platform/contract.hpp>

#include "native.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

constexpr std::string_view prefix = "wsa:";
constexpr std::string_view digits = "0123456789abcdef";

result<WSAPROTOCOL_INFOW> describe(native_handle s, DWORD process) noexcept {
  if (auto started = start(); !started) return started.failure();
  result<WSAPROTOCOL_INFOW> description{std::in_place};
  if (::WSADuplicateSocketW(descriptor(s), process, &*description) != 0)
    return std::unexpected{last_error()};
  return description;
}

result<unique_handle> open_from(WSAPROTOCOL_INFOW& description) noexcept {
  if (auto started = start(); !started) return started.failure();
  const SOCKET s = ::WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO,
                                &description, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
  if (s == INVALID_SOCKET) return std::unexpected{last_error()};
  unique_handle made{to_handle(s)};
  // Wine does not look at the flag here.
  ::SetHandleInformation(reinterpret_cast<HANDLE>(s), HANDLE_FLAG_INHERIT, 0);
  return made;
}

}  // namespace

result<unique_handle> duplicate(native_handle s) noexcept {
  auto description = describe(s, ::GetCurrentProcessId());
  if (!description) return description.failure();
  return open_from(*description);
}

result<unique_handle> duplicate_for_child(native_handle s) noexcept { return duplicate(s); }

result<std::string> ticket_for(native_handle s, std::uint32_t process) {
  const auto description = describe(s, process);
  if (!description) return description.failure();
  std::array<unsigned char, sizeof *description> bytes;
  std::memcpy(bytes.data(), &*description, bytes.size());
  std::string ticket{prefix};
  for (const auto byte : bytes) (ticket += digits[byte >> 4]) += digits[byte & 15];
  return ticket;
}

result<unique_handle> redeem(std::string_view ticket) noexcept {
  std::array<unsigned char, sizeof(WSAPROTOCOL_INFOW)> bytes;
  if (!ticket.starts_with(prefix) || ticket.size() != prefix.size() + 2 * bytes.size())
    return fail(errc::invalid_argument);
  ticket.remove_prefix(prefix.size());
  for (std::size_t i = 0; i != bytes.size(); ++i) {
    const auto high = digits.find(ticket[2 * i]);
    const auto low = digits.find(ticket[2 * i + 1]);
    if (high == digits.npos || low == digits.npos) return fail(errc::invalid_argument);
    bytes[i] = static_cast<unsigned char>(high << 4 | low);
  }
  WSAPROTOCOL_INFOW description;
  std::memcpy(&description, bytes.data(), bytes.size());
  return open_from(description);
}

}  // namespace portsock::platform
