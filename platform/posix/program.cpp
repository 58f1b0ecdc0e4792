// SPDX-License-Identifier: MIT
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

std::atomic<void (*)() noexcept> interrupt_handler = nullptr;
std::atomic<void (*)() noexcept> inquiry_handler = nullptr;
static_assert(decltype(interrupt_handler)::is_always_lock_free);

extern "C" void on_signal(int which) {
  const auto& handler = which == SIGQUIT ? inquiry_handler : interrupt_handler;
  if (auto* call = handler.load()) call();
}

/// The first that is set counts (POSIX, XBD 8.2). Not by setlocale(), which is the whole process's.
std::string_view locale_name() noexcept {
  for (const char* const each : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* const value = std::getenv(each); value != nullptr && *value != '\0')
      return value;
  return {};
}

/// "de_DE.UTF-8", "C.utf8", "UTF-8".
bool names_utf8(std::string_view locale) noexcept {
  constexpr std::string_view wanted = "utf8";
  std::size_t matched = 0;
  for (const char c : locale) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower == '-' && matched == 3) continue;
    matched = lower == wanted[matched] ? matched + 1 : lower == wanted[0] ? 1 : 0;
    if (matched == wanted.size()) return true;
  }
  return false;
}

/// After a failed call: whether it is worth repeating, having waited if it has to be.
bool may_go_on(int descriptor, short event) noexcept {
  if (errno == EINTR) return true;
  if (errno != EAGAIN) return false;
  pollfd ready{descriptor, event, 0};
  return ::poll(&ready, 1, -1) >= 0 || errno == EINTR;
}

}  // namespace

std::vector<std::string> arguments(int argc, const char* const* argv) {
  return {argv, argv + argc};
}

void use_binary_streams() noexcept {
  // They are. A closed pipe at standard output is an error of the stream, not the program's end.
  std::signal(SIGPIPE, SIG_IGN);
}

file_handle handle_of(program::stream which) noexcept {
  switch (which) {
    case program::stream::input:
      return file_handle{STDIN_FILENO};
    case program::stream::output:
      return file_handle{STDOUT_FILENO};
    default:
      return file_handle{STDERR_FILENO};
  }
}

result<std::size_t> read_input(mutable_bytes buffer) noexcept {
  for (;;) {
    const auto size = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size >= 0) return static_cast<std::size_t>(size);
    if (!may_go_on(STDIN_FILENO, POLLIN)) return std::unexpected{last_error()};
  }
}

result<> write(program::stream to, const_bytes data) noexcept {
  const int descriptor = to == program::stream::output ? STDOUT_FILENO : STDERR_FILENO;
  while (!data.empty()) {
    const auto size = ::write(descriptor, data.data(), data.size());
    if (size >= 0)
      data = data.subspan(static_cast<std::size_t>(size));
    else if (!may_go_on(descriptor, POLLOUT))
      return std::unexpected{last_error()};
  }
  return {};
}

bool is_terminal(program::stream which) noexcept {
  return ::isatty(static_cast<int>(platform::handle_of(which))) != 0;
}

std::optional<program::terminal> terminal_of(program::stream which) noexcept {
  const char* const type = std::getenv("TERM");
  if (!platform::is_terminal(which) || type == nullptr || std::string_view{type} == "dumb")
    return std::nullopt;
  program::terminal found{.has_unicode = names_utf8(locale_name())};
  winsize size{};
  const int outcome = ::ioctl(static_cast<int>(platform::handle_of(which)), TIOCGWINSZ, &size);
  if (outcome == 0 && size.ws_col != 0 && size.ws_row != 0) {
    found.columns = size.ws_col;
    found.rows = size.ws_row;
  }
  return found;
}

result<> call_on_interrupt(void (*handler)() noexcept) noexcept {
  interrupt_handler = handler;
  struct sigaction action{};
  action.sa_handler = on_signal;
  // Once: the second Ctrl-C ends a program that does not come to an end by itself.
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before{};
    if (::sigaction(signal, &action, &before) != 0) return std::unexpected{last_error()};
    // What nohup, or a shell's background, made the program ignore stays ignored.
    if (before.sa_handler == SIG_IGN && ::sigaction(signal, &before, nullptr) != 0)
      return std::unexpected{last_error()};
  }
  return {};
}

result<> call_on_inquiry(void (*handler)() noexcept) noexcept {
  inquiry_handler = handler;
  struct sigaction action{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  // Also where it was ignored, in a shell's background: it ends nothing, and somebody asked.
  return checked(::sigaction(SIGQUIT, &action, nullptr));
}

}  // namespace portsock::platform
