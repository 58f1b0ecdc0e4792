// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

std::atomic<std::size_t> handled;

}  // namespace

bool can_execute(const std::string& program) {
  const pid_t child = ::fork();
  if (child == 0) {
    // It has no tests to tell of.
    ::execl(program.c_str(), program.c_str(), "--gtest_filter=-*", "--gtest_list_tests", nullptr);
    ::_exit(127);
  }
  int status = -1;
  return child > 0 && ::waitpid(child, &status, 0) == child && status == 0;
}

std::string with_variable(const std::string& name, const std::string& value) {
  return name + '=' + value + ' ';
}

void restore_signals() { std::signal(SIGPIPE, SIG_DFL); }

bool prepare_for_interrupts() {
  std::signal(SIGINT, SIG_DFL);  // a shell that runs tests in the background has it ignored
  return true;
}

void interrupt_this_process() { ::kill(::getpid(), SIGINT); }
bool ask_this_process() { return ::kill(::getpid(), SIGQUIT) == 0; }

struct signal_storm::state {
  struct sigaction before{};
  std::mutex mutex;
  std::condition_variable condition;
  bool over = false;
  std::thread sender;
};

signal_storm::signal_storm(std::chrono::milliseconds every) : state_{std::make_unique<state>()} {
  handled = 0;
  struct sigaction action{};  // without SA_RESTART: calls are to be interrupted
  action.sa_handler = [](int) { ++handled; };
  ::sigaction(SIGUSR1, &action, &state_->before);

  state_->sender = std::thread{[this, every, target = ::pthread_self()] {
    std::unique_lock lock{state_->mutex};
    while (!state_->condition.wait_for(lock, every, [this] { return state_->over; }))
      ::pthread_kill(target, SIGUSR1);
  }};
}

signal_storm::~signal_storm() {
  {
    const std::lock_guard lock{state_->mutex};
    state_->over = true;
  }
  state_->condition.notify_one();
  state_->sender.join();
  ::sigaction(SIGUSR1, &state_->before, nullptr);
}

std::size_t signal_storm::count() const noexcept { return handled; }

}  // namespace portsock::tests
