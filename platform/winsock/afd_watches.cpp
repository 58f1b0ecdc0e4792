// SPDX-License-Identifier: MIT
#include "afd_watches.hpp"

#include <new>

namespace portsock::platform::afd {

static_assert(sizeof(void*) != 8 || sizeof(watch) == 80);

result<watch_id> watch_store::take() {
  if (free_ == no_watch) {
    auto device = open_device(port_);
    if (!device) return device.failure();
    std::unique_ptr<group> made{new (std::nothrow) group{std::move(*device), {}}};
    if (!made) return fail(errc::no_memory);
    const auto first = static_cast<watch_id>(groups_.size()) * group_size;
    groups_.push_back(std::move(made));
    for (auto id = first + group_size; id-- != first;) give_back(id);
  }
  const auto id = free_;
  auto& taken = (*this)[id];
  free_ = taken.next;
  taken = watch{};
  return id;
}

void watch_store::give_back(watch_id id) noexcept {
  (*this)[id].next = free_;
  free_ = id;
}

void watch_store::cancel_all() noexcept {
  for (const auto& each : groups_) afd::cancel_all(each->device.get());
}

void watch_store::abandon() noexcept {
  for (auto& each : groups_) static_cast<void>(each.release());
}

void watch_queue::push(watch_id id) noexcept {
  auto& entry = store_[id];
  entry.is = watch::state::queued;
  entry.next = no_watch;
  entry.previous = back_;
  (back_ == no_watch ? front_ : store_[back_].next) = id;
  back_ = id;
}

void watch_queue::remove(watch_id id) noexcept {
  auto& entry = store_[id];
  entry.is = watch::state::idle;
  (entry.previous == no_watch ? front_ : store_[entry.previous].next) = entry.next;
  (entry.next == no_watch ? back_ : store_[entry.next].previous) = entry.previous;
}

}  // namespace portsock::platform::afd
