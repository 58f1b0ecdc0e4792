// SPDX-License-Identifier: MIT

// A table from handles to what they name. As on POSIX, the lowest free number is given out.

#include <algorithm>
#include <set>
#include <vector>

#include "host_system.hpp"
#include "objects.hpp"

namespace portsock::platform::memory {
namespace {

/// Above what systems give out, so that a file is not taken for a socket.
constexpr std::intptr_t first = 1 << 24;
constexpr std::size_t most = 1 << 16;

struct table {
  std::vector<object_ref> places;
  std::set<std::size_t> free;
  /// For wake(), which may be called by a signal handler.
  std::array<std::atomic<waker_object*>, most> wakers{};
  std::array<std::atomic<bool>, most> inherited{};
};

table& all_handles() noexcept {
  static table& made = *new table;
  return made;
}

std::size_t place_of(native_handle s) noexcept {
  return static_cast<std::size_t>(static_cast<std::intptr_t>(s) - first);
}

}  // namespace

bool is_ours(native_handle s) noexcept {
  return static_cast<std::intptr_t>(s) >= first && place_of(s) < most;
}

result<unique_handle> new_handle(object_ref named) noexcept {
  auto& t = all_handles();
  std::size_t place = t.places.size();
  if (!t.free.empty()) {
    place = *t.free.begin();
    t.free.erase(t.free.begin());
  } else if (place == most) {
    return refuse(errc::too_many_sockets);
  } else {
    t.places.emplace_back();
  }
  ++named->handles;
  t.wakers[place] = dynamic_cast<waker_object*>(named.get());
  t.inherited[place] = false;
  t.places[place] = std::move(named);
  return unique_handle{native_handle{first + static_cast<std::intptr_t>(place)}};
}

object_ref find_object(native_handle s) noexcept {
  const auto& places = all_handles().places;
  return is_ours(s) && place_of(s) < places.size() ? places[place_of(s)] : nullptr;
}

result<object_ref> object_of(native_handle s) noexcept {
  if (auto found = find_object(s)) return found;
  return refuse(errc::bad_handle);
}

void let_go_of(object& named) {
  if (--named.handles == 0) named.let_go();
}

std::size_t count_handles() noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(
      all_handles().places, [](const auto& each) { return each != nullptr; }));
}

std::atomic<bool>& inheritance_of(native_handle s) noexcept {
  return all_handles().inherited[place_of(s)];
}

std::shared_ptr<waker_object> find_waker(native_handle s) noexcept {
  return std::dynamic_pointer_cast<waker_object>(find_object(s));
}

result<socket_ref> socket_of(native_handle s) noexcept {
  const auto found = object_of(s);
  if (!found) return found.failure();
  if (auto socket = std::dynamic_pointer_cast<socket_object>(*found)) return socket;
  return refuse(errc::not_a_socket);
}

void each_connection(const std::function<void(stream&)>& what) {
  const auto tell_of = [&what](stream& one) {
    if (!one.is_local()) what(one);
  };
  for (const auto& each : all_handles().places) {
    if (auto* const one = dynamic_cast<stream*>(each.get())) tell_of(*one);
    const auto* const at = dynamic_cast<listener*>(each.get());
    if (at == nullptr) continue;
    for (const auto& one : at->waiting) tell_of(*one);
    for (auto* const one : at->coming) tell_of(*one);
  }
}

}  // namespace portsock::platform::memory

namespace portsock::platform {

void close(native_handle s) noexcept {
  const auto held = memory::enter();
  auto named = memory::find_object(s);
  if (!named) return;
  auto& t = memory::all_handles();
  const auto place = memory::place_of(s);
  t.places[place] = nullptr;
  t.wakers[place] = nullptr;
  t.free.insert(place);
  memory::let_go_of(*named);
  memory::changed();  // pollers that still watch it
}

result<waker_handles> open_waker() noexcept {
  const auto held = memory::enter();
  memory::listen_for_rings();
  const auto made = std::make_shared<memory::waker_object>();
  auto wait = memory::new_handle(made);
  auto wake = memory::new_handle(made);
  if (wait && wake) return waker_handles{std::move(*wait), std::move(*wake)};
  return wait ? wake.failure() : wait.failure();
}

void wake(native_handle end) noexcept {
  if (!memory::is_ours(end)) return;
  auto* const named = memory::all_handles().wakers[memory::place_of(end)].load();
  if (named != nullptr && !named->awake.exchange(true)) memory::ring();
}

void clear_waker(native_handle end) noexcept {
  const auto held = memory::enter();
  if (const auto named = memory::find_waker(end)) named->awake = false;
}

}  // namespace portsock::platform
