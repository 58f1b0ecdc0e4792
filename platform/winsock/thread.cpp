// SPDX-License-Identifier: MIT
#include <memory>
#include <new>

#include <process.h>

#include <platform/contract.hpp>

#include "native.hpp"

namespace portsock::platform {
namespace {

struct task {
  void (*work)(void*) noexcept;
  void* argument;
};

extern "C" unsigned __stdcall run_task(void* owned) {
  const std::unique_ptr<task> task{static_cast<platform::task*>(owned)};
  task->work(task->argument);
  return 0;
}

}  // namespace

result<> start_thread(void (*work)(void*) noexcept, void* argument) noexcept {
  std::unique_ptr<task> started{new (std::nothrow) task{work, argument}};
  if (!started) return fail(errc::no_memory);
  // The C runtime's own call, for the thread uses that runtime (Microsoft Learn: _beginthreadex).
  const auto thread = ::_beginthreadex(nullptr, 0, run_task, started.get(), 0, nullptr);
  if (thread == 0) return fail(errc::no_memory);
  static_cast<void>(started.release());
  ::CloseHandle(reinterpret_cast<HANDLE>(thread));
  return {};
}

}  // namespace portsock::platform
