// SPDX-License-Identifier: MIT
#include <portsock/sharing.hpp>

#include <platform/contract.hpp>

namespace portsock {

result<unique_handle> detail::duplicate(native_handle handle) noexcept {
  return platform::duplicate(handle);
}

result<passed_socket> passed_socket::of(native_handle socket) noexcept {
  auto handle = platform::duplicate_for_child(socket);
  if (!handle) return handle.failure();
  return passed_socket{std::move(*handle)};
}

result<std::string> passed_socket::ticket_for(std::uint32_t process) const {
  return platform::ticket_for(handle_.get(), process);
}

result<unique_handle> passed_socket::redeem(std::string_view ticket) noexcept {
  return platform::redeem(ticket);
}

}  // namespace portsock
