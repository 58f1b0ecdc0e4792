// SPDX-License-Identifier: MIT
#include <portsock/local_socket.hpp>

#include "waits.hpp"

namespace portsock {

namespace detail {

void local_claim::release() noexcept {
  if (record_.lock == native_handle::invalid) return;
  platform::release_path(where_, std::exchange(record_, {}), true);
}

void local_claim::abandon() noexcept {
  if (record_.lock == native_handle::invalid) return;
  platform::release_path(where_, std::exchange(record_, {}), false);
}

}  // namespace detail

result<local_listener> local_listener::listen(const local_address& where,
                                              local_listen_options wanted) noexcept {
  if (where.is_unnamed()) return fail(errc::invalid_argument);
  auto handle = platform::open_local(kind::local_listener);
  if (!handle) return handle.failure();
  local_listener listener{std::move(*handle)};
  const auto claim = platform::bind_local(listener.native(), where, kind::local_listener,
                                          {wanted.access, wanted.replace_stale});
  if (!claim) return claim.failure();
  listener.claim_ = detail::local_claim{where, *claim};
  if (auto listens = platform::listen(listener.native(), wanted.backlog); !listens)
    return listens.failure();
  return listener;
}

result<local_listener> local_listener::adopt(native_handle handle) noexcept {
  if (auto adopted = detail::adopt_local(handle, kind::local_listener); !adopted)
    return adopted.failure();
  return local_listener{unique_handle{handle}};
}

result<local_stream> local_listener::accept() noexcept {
  auto handle = platform::accept(native());
  if (!handle) return handle.failure();
  return local_stream{std::move(*handle)};
}

result<local_stream> local_listener::accept(deadline until) noexcept {
  auto handle = detail::try_until(native(), interest::receive, until,
                                  [this]() noexcept { return platform::try_accept(native()); });
  if (!handle) return handle.failure();
  return local_stream{std::move(*handle)};
}

result<local_address> local_listener::address() const noexcept {
  return platform::local_name(native());
}

native_handle local_listener::release() && noexcept {
  claim_.abandon();
  return handle_.release();
}

}  // namespace portsock
