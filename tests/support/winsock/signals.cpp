// SPDX-License-Identifier: MIT
#include <tests/support/system.hpp>

#include <windows.h>

#include <initializer_list>

namespace portsock::tests {

namespace {

/// A program that has a console without a window, until this process ends. AllocConsole would make
/// one with a window; Wine starts a desktop for that, which holds on to the test's streams.
DWORD start_owner_of_a_console() {
  SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
  HANDLE reading = nullptr;
  HANDLE writing = nullptr;
  if (!::CreatePipe(&reading, &writing, &inherited, 0)) return 0;
  ::SetHandleInformation(writing, HANDLE_FLAG_INHERIT, 0);

  // It waits for input that never comes.
  STARTUPINFOW streams{};
  streams.cb = sizeof streams;
  streams.dwFlags = STARTF_USESTDHANDLES;
  streams.hStdInput = reading;
  wchar_t command[] = L"cmd.exe /q /k";
  PROCESS_INFORMATION started{};
  const bool runs = ::CreateProcessW(nullptr, command, nullptr, nullptr, TRUE, CREATE_NO_WINDOW,
                                     nullptr, nullptr, &streams, &started) != 0;
  ::CloseHandle(reading);
  if (!runs) return 0;
  ::CloseHandle(started.hThread);

  // The system ends it with the last handle of the job, which is in this process. The end of its
  // input would not do, if it comes right after an interrupt.
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
  const HANDLE job = ::CreateJobObjectW(nullptr, nullptr);
  const bool ends_with_us =
      ::SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits) &&
      ::AssignProcessToJobObject(job, started.hProcess);
  if (!ends_with_us) ::TerminateProcess(started.hProcess, 1);
  ::CloseHandle(started.hProcess);
  return ends_with_us ? started.dwProcessId : 0;
}

}  // namespace

bool can_execute(const std::string&) { return true; }

std::string with_variable(const std::string& name, const std::string& value) {
  return "set " + name + '=' + value + "& ";
}

// An event goes to all processes of a console, so this one gets a console that no test shares.
bool prepare_for_interrupts() {
  // The other program must not hold on to the test's streams.
  for (const DWORD each : {STD_INPUT_HANDLE, STD_OUTPUT_HANDLE, STD_ERROR_HANDLE})
    ::SetHandleInformation(::GetStdHandle(each), HANDLE_FLAG_INHERIT, 0);
  ::FreeConsole();
  const auto owner = start_owner_of_a_console();
  if (owner == 0) return false;
  // It has its console only after it has begun to run.
  for (int tries = 0; tries != 500; ++tries) {
    if (::AttachConsole(owner)) return true;
    ::Sleep(10);
  }
  return false;
}

void interrupt_this_process() { ::GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0); }
bool ask_this_process() { return ::GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0) != FALSE; }

// Nothing interrupts a call here: Windows has no signals that come from outside.

void restore_signals() {}

struct signal_storm::state {};

signal_storm::signal_storm(std::chrono::milliseconds) {}
signal_storm::~signal_storm() = default;
std::size_t signal_storm::count() const noexcept { return 0; }

}  // namespace portsock::tests
