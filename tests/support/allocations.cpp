// SPDX-License-Identifier: MIT
#include <tests/support/allocations.hpp>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> bytes;
std::atomic<std::size_t> calls;

/// In front of each allocation, and as long as its alignment asks.
struct alignas(std::max_align_t) header {
  std::size_t size;
};

void* take(std::size_t size) noexcept {
  auto* const made = static_cast<header*>(std::malloc(sizeof(header) + size));
  if (made == nullptr) return nullptr;
  made->size = size;
  bytes += size;
  ++calls;
  return made + 1;
}

void* take_or_throw(std::size_t size) {
  if (auto* const made = take(size)) return made;
  throw std::bad_alloc{};
}

void give_back(void* taken) noexcept {
  if (taken == nullptr) return;
  auto* const made = static_cast<header*>(taken) - 1;
  bytes -= made->size;
  std::free(made);
}

}  // namespace

// All of them, for a sanitizer's own would not go by the others. Those with an alignment are left.
void* operator new(std::size_t size) { return take_or_throw(size); }
void* operator new[](std::size_t size) { return take_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return take(size); }
void operator delete(void* taken) noexcept { give_back(taken); }
void operator delete[](void* taken) noexcept { give_back(taken); }
void operator delete(void* taken, std::size_t) noexcept { give_back(taken); }
void operator delete[](void* taken, std::size_t) noexcept { give_back(taken); }
void operator delete(void* taken, const std::nothrow_t&) noexcept { give_back(taken); }
void operator delete[](void* taken, const std::nothrow_t&) noexcept { give_back(taken); }

namespace portsock::tests {

allocations allocated() noexcept { return {bytes, calls}; }

}  // namespace portsock::tests
