// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <io.h>

#include <platform/contract.hpp>

#include "native.hpp"
#include "utf8.hpp"

#include <shellapi.h>

namespace portsock::platform {
namespace {

std::atomic<void (*)() noexcept> interrupt_handler = nullptr;
std::atomic<void (*)() noexcept> inquiry_handler = nullptr;
static_assert(decltype(interrupt_handler)::is_always_lock_free);

/// Runs on a thread of its own that the system makes for each event.
BOOL WINAPI on_event(DWORD event) {
  static std::atomic_bool interrupted = false;
  if (auto* const handler = inquiry_handler.load(); handler != nullptr && event == CTRL_BREAK_EVENT)
    return handler(), TRUE;
  const bool by_key = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
  // Once: the second Ctrl-C ends a program that does not come to an end by itself.
  auto* const handler = interrupt_handler.load();
  if (handler == nullptr || (by_key && interrupted.exchange(true))) return FALSE;
  handler();
  // The console is going away, or the user. The process ends as soon as this returns, or some
  // seconds later; until then the program can finish.
  if (!by_key) ::Sleep(INFINITE);
  return TRUE;
}

/// Once: a second copy would be asked again about what the first one leaves to the system.
result<> hear_events() noexcept {
  static std::atomic_flag heard;
  if (heard.test_and_set()) return {};
  if (::SetConsoleCtrlHandler(on_event, TRUE)) return {};
  const auto reason = last_error();
  heard.clear();
  return std::unexpected{reason};
}

HANDLE standard_handle(program::stream which) noexcept {
  switch (which) {
    case program::stream::input:
      return ::GetStdHandle(STD_INPUT_HANDLE);
    case program::stream::output:
      return ::GetStdHandle(STD_OUTPUT_HANDLE);
    default:
      return ::GetStdHandle(STD_ERROR_HANDLE);
  }
}

/// A console takes no more at a time on some versions of Windows, and no more is worth it
/// elsewhere.
constexpr std::size_t largest_step = 1 << 20;

/// Errors of files are no Winsock errors, though both are numbers of one space.
error of_file(DWORD code) noexcept {
  const bool gone = code == ERROR_BROKEN_PIPE || code == ERROR_NO_DATA;
  const auto meaning = gone                           ? errc::broken_pipe
                       : code == ERROR_INVALID_HANDLE ? errc::bad_handle
                                                      : errc::other;
  return {static_cast<std::int32_t>(code), error_domain::system, meaning};
}

}  // namespace

std::vector<std::string> arguments(int argc, const char* const* argv) {
  // What main() got went through the process's code page, where much gets lost.
  int count = 0;
  const std::unique_ptr<LPWSTR[], decltype(&::LocalFree)> wide{
      ::CommandLineToArgvW(::GetCommandLineW(), &count), &::LocalFree};
  if (!wide) return {argv, argv + argc};
  std::vector<std::string> given;
  for (int i = 0; i != count; ++i) given.push_back(to_utf8(wide[static_cast<std::size_t>(i)]));
  return given;
}

void use_binary_streams() noexcept {
  for (auto* stream : {stdin, stdout}) ::_setmode(::_fileno(stream), _O_BINARY);
  // Neither does anything for a stream that is no console.
  ::SetConsoleCP(CP_UTF8);
  ::SetConsoleOutputCP(CP_UTF8);
}

file_handle handle_of(program::stream which) noexcept {
  // A program without a console may have none: NULL.
  const auto handle = reinterpret_cast<std::intptr_t>(standard_handle(which));
  return handle == 0 ? file_handle::invalid : file_handle{handle};
}

bool is_terminal(program::stream which) noexcept {
  // Not _isatty, for which NUL is a terminal too.
  DWORD mode = 0;
  return ::GetConsoleMode(standard_handle(which), &mode) != 0;
}

std::optional<program::terminal> terminal_of(program::stream which) noexcept {
  const auto console = standard_handle(which);
  DWORD mode = 0;
  CONSOLE_SCREEN_BUFFER_INFO shown{};
  if (!::GetConsoleMode(console, &mode) || !::GetConsoleScreenBufferInfo(console, &shown))
    return std::nullopt;
  // Since Windows 10 1511; older ones, and consoles that are told not to, refuse.
  constexpr DWORD sequences = 0x0004;  // ENABLE_VIRTUAL_TERMINAL_PROCESSING
  if ((mode & sequences) == 0 && !::SetConsoleMode(console, mode | sequences)) return std::nullopt;
  const auto size = [](SHORT first, SHORT last) {
    return static_cast<unsigned>((std::max)(last - first + 1, 1));
  };
  return program::terminal{.columns = size(shown.srWindow.Left, shown.srWindow.Right),
                           .rows = size(shown.srWindow.Top, shown.srWindow.Bottom),
                           .has_unicode = ::GetConsoleOutputCP() == CP_UTF8};
}

result<std::size_t> read_input(mutable_bytes buffer) noexcept {
  const auto input = standard_handle(program::stream::input);
  for (;;) {
    DWORD size = 0;
    const auto most = static_cast<DWORD>((std::min)(buffer.size(), largest_step));
    ::SetLastError(ERROR_SUCCESS);
    if (!::ReadFile(input, buffer.data(), most, &size, nullptr)) {
      const auto code = ::GetLastError();
      // The writers of a pipe have gone, which elsewhere is the end of the input.
      if (code == ERROR_BROKEN_PIPE || code == ERROR_HANDLE_EOF) return 0;
      return std::unexpected{of_file(code)};
    }
    // Ctrl-C ends a read from the console with nothing, which is no end of the input.
    if (size == 0 && ::GetLastError() == ERROR_OPERATION_ABORTED) continue;
    return size;
  }
}

result<> write(program::stream to, const_bytes data) noexcept {
  const auto output = standard_handle(to);
  while (!data.empty()) {
    DWORD size = 0;
    const auto most = static_cast<DWORD>((std::min)(data.size(), largest_step));
    if (!::WriteFile(output, data.data(), most, &size, nullptr))
      return std::unexpected{of_file(::GetLastError())};
    data = data.subspan(size);
  }
  return {};
}

result<> call_on_interrupt(void (*handler)() noexcept) noexcept {
  interrupt_handler = handler;
  return hear_events();
}

result<> call_on_inquiry(void (*handler)() noexcept) noexcept {
  inquiry_handler = handler;
  return hear_events();
}

}  // namespace portsock::platform
