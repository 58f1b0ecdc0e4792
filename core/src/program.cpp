// SPDX-License-Identifier: MIT
#include <portsock/program.hpp>

#include <atomic>

#include <platform/contract.hpp>

namespace portsock::program {
namespace {

std::atomic<const canceller*> to_cancel = nullptr;
std::atomic<const waker*> to_wake = nullptr;

void wake_it() noexcept {
  if (const auto* asked = to_wake.load()) asked->wake();
}
// In this order: who is awake and finds nothing cancelled goes on.
void cancel_it() noexcept {
  if (const auto* stop = to_cancel.load()) stop->cancel();
  wake_it();
}

}  // namespace

std::vector<std::string> arguments(int argc, const char* const* argv) {
  return platform::arguments(argc, argv);
}

void use_binary_streams() noexcept { platform::use_binary_streams(); }
bool is_terminal(stream which) noexcept { return platform::is_terminal(which); }
std::optional<terminal> terminal_of(stream which) noexcept { return platform::terminal_of(which); }
file_handle handle_of(stream which) noexcept { return platform::handle_of(which); }

result<std::size_t> read_input(mutable_bytes buffer) noexcept {
  return platform::read_input(buffer);
}
result<> write(stream to, const_bytes data) noexcept { return platform::write(to, data); }

result<> cancel_on_interrupt(const canceller& stop) noexcept {
  to_cancel = &stop;
  return platform::call_on_interrupt(cancel_it);
}

result<> wake_on_inquiry(const waker& asked) noexcept {
  to_wake = &asked;
  return platform::call_on_inquiry(wake_it);
}

result<> drop_privileges() noexcept { return platform::drop_privileges(); }

}  // namespace portsock::program
