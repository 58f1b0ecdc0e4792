// SPDX-License-Identifier: MIT

// Handles that travel beside the bytes of a local stream (SCM_RIGHTS, unix(7)).

#include <algorithm>
#include <array>
#include <cstring>

#include "control.hpp"
#include "local.hpp"
#include "system.hpp"

namespace portsock::platform {
namespace {

/// More than any sender may put into one message (Linux: 253), so that none is cut off: a system
/// that cuts closes the rest, or forgets to.
constexpr std::size_t most_received = 512;

msghdr message_of(iovec& bytes) noexcept {
  msghdr message{};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  return message;
}

}  // namespace

result<std::size_t> try_send_handles(native_handle s, const_bytes data,
                                     std::span<const native_handle> handles) noexcept {
  iovec bytes{const_cast<std::byte*>(data.data()), data.size()};  // which are only read
  auto message = message_of(bytes);
  constexpr auto most = local_stream::max_handles;
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(most * sizeof(int))> control{};
  const auto count = (std::min)(handles.size(), most);
  if (count != 0) {
    cmsghdr header{};
    header.cmsg_len = static_cast<decltype(header.cmsg_len)>(CMSG_LEN(count * sizeof(int)));
    header.cmsg_level = SOL_SOCKET;
    header.cmsg_type = SCM_RIGHTS;
    std::memcpy(control.data(), &header, sizeof header);
    for (std::size_t i = 0; i != count; ++i) {
      const int fd = descriptor(handles[i]);
      std::memcpy(control.data() + CMSG_LEN(i * sizeof fd), &fd, sizeof fd);
    }
    message.msg_control = control.data();
    message.msg_controllen =
        static_cast<decltype(message.msg_controllen)>(CMSG_SPACE(count * sizeof(int)));
  }
  return counted(uninterrupted(::sendmsg, descriptor(s), &message, send_flags | MSG_DONTWAIT));
}

result<received_handles> try_receive_handles(native_handle s, mutable_bytes buffer,
                                             std::span<unique_handle> room) noexcept {
  iovec bytes{buffer.data(), buffer.size()};
  auto message = message_of(bytes);
  alignas(cmsghdr) std::array<std::byte, CMSG_SPACE(most_received * sizeof(int))> control;
  message.msg_control = control.data();
  message.msg_controllen = static_cast<decltype(message.msg_controllen)>(control.size());

  const auto size = receive_message(descriptor(s), &message, MSG_DONTWAIT);
  if (size < 0) return std::unexpected{last_error()};
  received_handles got{static_cast<std::size_t>(size), 0, (message.msg_flags & MSG_CTRUNC) != 0};
  auto items = control_of(message);
  while (const auto item = items.next()) {
    if (item->level != SOL_SOCKET || item->type != SCM_RIGHTS) continue;
    for (auto rest = item->data; rest.size() >= sizeof(int); rest = rest.subspan(sizeof(int))) {
      int fd;
      std::memcpy(&fd, rest.data(), sizeof fd);
      unique_handle owned{to_handle(fd)};
      if (got.count != room.size())
        room[got.count++] = std::move(owned);
      else
        got.truncated = true;
    }
  }
  return got;
}

}  // namespace portsock::platform
