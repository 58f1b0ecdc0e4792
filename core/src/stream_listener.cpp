// SPDX-License-Identifier: MIT
#include <portsock/stream_listener.hpp>

#include "waits.hpp"

namespace portsock {

result<stream_listener> stream_listener::listen(const endpoint& local,
                                                listen_options wanted) noexcept {
  if (wanted.policy == bind_policy::shared) return fail(errc::not_supported);
  auto handle = platform::open(family_of(local.address), kind::listener);
  if (!handle) return handle.failure();
  stream_listener listener{std::move(*handle)};
  if (wanted.dual_stack)
    if (auto made = platform::make_dual_stack(listener.native()); !made) return made.failure();
  if (auto bound = platform::bind(listener.native(), local, kind::listener, wanted.policy); !bound)
    return bound.failure();
  if (auto listens = platform::listen(listener.native(), wanted.backlog); !listens)
    return listens.failure();
  return listener;
}

result<stream_listener> stream_listener::adopt(native_handle handle) noexcept {
  if (auto adopted = detail::adopt(handle, kind::listener); !adopted) return adopted.failure();
  return stream_listener{unique_handle{handle}};
}

result<stream_socket> stream_listener::accept() noexcept {
  auto handle = platform::accept(native());
  if (!handle) return handle.failure();
  return stream_socket{std::move(*handle)};
}

result<stream_socket> stream_listener::accept(deadline until) noexcept {
  auto handle = detail::try_until(native(), interest::receive, until,
                                  [this]() noexcept { return platform::try_accept(native()); });
  if (!handle) return handle.failure();
  return stream_socket{std::move(*handle)};
}

}  // namespace portsock
