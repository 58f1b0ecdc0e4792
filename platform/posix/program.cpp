// SPDX-License-Identifier: MIT
#include <atomic>
#include <csignal>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

std::atomic<void (*)() noexcept> interrupt_handler = nullptr;
static_assert(decltype(interrupt_handler)::is_always_lock_free);

extern "C" void on_signal(int) {
  if (auto* handler = interrupt_handler.load()) handler();
}

}  // namespace

std::vector<std::string> arguments(int argc, const char* const* argv) {
  return {argv, argv + argc};
}

void use_binary_streams() noexcept {
  // They are. A closed pipe at standard output is an error of the stream, not the program's end.
  std::signal(SIGPIPE, SIG_IGN);
}

bool is_terminal(program::stream which) noexcept {
  switch (which) {
    case program::stream::input:
      return ::isatty(STDIN_FILENO) != 0;
    case program::stream::output:
      return ::isatty(STDOUT_FILENO) != 0;
    default:
      return ::isatty(STDERR_FILENO) != 0;
  }
}

result<> call_on_interrupt(void (*handler)() noexcept) noexcept {
  interrupt_handler = handler;
  struct sigaction action{};
  action.sa_handler = on_signal;
  // Once: the second Ctrl-C ends a program that does not come to an end by itself.
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before{};
    if (::sigaction(signal, &action, &before) != 0) return std::unexpected{last_error()};
    // What nohup, or a shell's background, made the program ignore stays ignored.
    if (before.sa_handler == SIG_IGN) ::sigaction(signal, &before, nullptr);
  }
  return {};
}

}  // namespace portsock::platform
