// SPDX-License-Identifier: MIT
#include <tests/support/system.hpp>

#include <stdexcept>

#include <platform/contract.hpp>
#include <platform/memory/objects.hpp>
#include <portsock/waker.hpp>
#include <tests/support/many_sockets.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/memory/process.hpp>

namespace portsock::tests {
namespace {

template <class T>
T checked(result<T> outcome) {
  if (!outcome) throw std::runtime_error{"a call of the test failed: " + outcome.error().message()};
  return std::move(*outcome);
}

}  // namespace

std::uint32_t process_id() { return process::id(); }

bool is_inheritable(native_handle handle) {
  if (!platform::memory::is_ours(handle)) return process::is_file_inheritable(handle);
  return platform::memory::inheritance_of(handle);
}

std::size_t count_open_handles() {
  const auto held = platform::memory::enter();
  return platform::memory::count_handles() + process::count_open_files();
}

bool tests_alone_open_handles() { return process::tests_alone_open_files(); }

// The bell that wakers ring.
void open_what_is_kept() { must(waker::create()); }

native_handle foreign_socket(family of, kind is) {
  return checked(platform::open(of, is == kind::datagram ? is : kind::stream)).release();
}

void make_inheritable(native_handle handle) { platform::memory::inheritance_of(handle) = true; }

void bind_foreign(native_handle handle, const endpoint& local) {
  if (!platform::bind(handle, local, kind::stream, bind_policy::exclusive))
    throw std::runtime_error{"a call of the test failed"};
}

void start_to_connect(native_handle handle, const endpoint& peer) {
  static_cast<void>(platform::connect(handle, peer));
}

void close_foreign(native_handle handle) { platform::close(handle); }

other_handle::other_handle() : handle_{checked(platform::open_waker()).wait.release()} {}
other_handle::~other_handle() { platform::close(handle_); }

std::size_t allow_open_handles(std::size_t wanted) { return wanted; }

}  // namespace portsock::tests
