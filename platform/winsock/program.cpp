// SPDX-License-Identifier: MIT
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
static_assert(decltype(interrupt_handler)::is_always_lock_free);

/// Runs on a thread of its own that the system makes for each event.
BOOL WINAPI on_event(DWORD event) {
  static std::atomic_bool interrupted = false;
  const bool by_key = event == CTRL_C_EVENT || event == CTRL_BREAK_EVENT;
  // Once: the second Ctrl-C ends a program that does not come to an end by itself.
  if (by_key && interrupted.exchange(true)) return FALSE;
  if (auto* handler = interrupt_handler.load()) handler();
  // The console is going away, or the user. The process ends as soon as this returns, or some
  // seconds later; until then the program can finish.
  if (!by_key) ::Sleep(INFINITE);
  return TRUE;
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

bool is_terminal(program::stream which) noexcept {
  // Not _isatty, for which NUL is a terminal too.
  DWORD mode = 0;
  return ::GetConsoleMode(standard_handle(which), &mode) != 0;
}

result<> call_on_interrupt(void (*handler)() noexcept) noexcept {
  interrupt_handler = handler;
  if (!::SetConsoleCtrlHandler(on_event, TRUE)) return std::unexpected{last_error()};
  return {};
}

}  // namespace portsock::platform
