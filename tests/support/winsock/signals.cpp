// SPDX-License-Identifier: MIT
#include <tests/support/system.hpp>

#include <windows.h>

#include <initializer_list>

namespace portsock::tests {

// An event goes to all processes of a console, so this one gets a console of its own.
bool prepare_for_interrupts() {
  // What serves the console may outlive the test, and must not hold on to the test's streams.
  for (const DWORD each : {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE})
    ::SetHandleInformation(::GetStdHandle(each), HANDLE_FLAG_INHERIT, 0);
  ::FreeConsole();
  return ::AllocConsole() != 0;
}

void interrupt_this_process() { ::GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0); }

// Nothing interrupts a call here: Windows has no signals that come from outside.

void restore_signals() {}

struct signal_storm::state {};

signal_storm::signal_storm(std::chrono::milliseconds) {}
signal_storm::~signal_storm() = default;
std::size_t signal_storm::count() const noexcept { return 0; }

}  // namespace portsock::tests
