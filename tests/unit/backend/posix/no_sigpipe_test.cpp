// SPDX-License-Identifier: MIT

// That sendfile, splice and write raise no SIGPIPE, and leave the signals of the program alone.

#include <csignal>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <portsock/transfer.hpp>
#include <tests/support/files.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

// Some of these are macros on macOS, and so have no :: before them.
sigset_t only_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

bool is_pending() {
  sigset_t pending;
  ::sigpending(&pending);
  return sigismember(&pending, SIGPIPE) == 1;
}

bool is_blocked() {
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return sigismember(&mask, SIGPIPE) == 1;
}

class NoSigpipe : public testing::Test {
 protected:
  NoSigpipe() {
    restore_signals();
    std::move(pair.there).abort();
    EXPECT_TRUE(is_reset(pair.here));
  }

  auto send() { return send_file(pair.here, file.get(), {.offset = 0, .length = {}}); }

  temporary_file named{as_bytes("0123456789")};
  unique_file file = must(unique_file::open(named.path()));
  connected_pair pair = connected(family::v4);
};

TEST_F(NoSigpipe, LeavesNoneBehindAndTheMaskAsItWas) {
  for (int i = 0; i < 3; ++i) EXPECT_THAT(send(), FailsWith(errc::connection_reset));

  EXPECT_FALSE(is_pending());
  EXPECT_FALSE(is_blocked());
}

TEST_F(NoSigpipe, LeavesNoneToAThreadThatBlocksIt) {
  const auto pipe = only_sigpipe();
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(send(), FailsWith(errc::connection_reset));

  EXPECT_FALSE(is_pending());
  EXPECT_TRUE(is_blocked());
  ::pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
}

TEST_F(NoSigpipe, KeepsTheOneThatWasPending) {
  const auto pipe = only_sigpipe();
  ::pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  ::raise(SIGPIPE);
  for (int i = 0; i < 3; ++i) EXPECT_THAT(send(), FailsWith(errc::connection_reset));

  EXPECT_TRUE(is_pending()) << "it is the program's own";
  int taken = 0;
  ::sigwait(&pipe, &taken);
  ::pthread_sigmask(SIG_UNBLOCK, &pipe, nullptr);
}

TEST_F(NoSigpipe, LetsAProgramLiveThatHasTheDefaultAction) {
  const auto child = ::fork();
  if (child == 0) {
    const bool failed = !send() && !send();
    auto between = relay::create();
    auto in = connected(family::v4);
    static_cast<void>(in.here.send_all(as_bytes("x")));
    const bool relayed = between && between->move(in.there, pair.here, 1).reason.has_value();
    ::_exit(failed && relayed ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace portsock::tests
