// SPDX-License-Identifier: MIT
#include <memory>
#include <new>

#include <pthread.h>

#include <platform/contract.hpp>

namespace portsock::platform {
namespace {

struct task {
  void (*work)(void*) noexcept;
  void* argument;
};

extern "C" void* run_task(void* owned) {
  const std::unique_ptr<task> task{static_cast<platform::task*>(owned)};
  task->work(task->argument);
  return nullptr;
}

}  // namespace

result<> start_thread(void (*work)(void*) noexcept, void* argument) noexcept {
  std::unique_ptr<task> started{new (std::nothrow) task{work, argument}};
  pthread_t thread;
  if (!started || ::pthread_create(&thread, nullptr, run_task, started.get()) != 0)
    return fail(errc::no_memory);
  static_cast<void>(started.release());
  ::pthread_detach(thread);
  return {};
}

}  // namespace portsock::platform
