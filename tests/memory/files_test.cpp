// SPDX-License-Identifier: MIT

// Waiting for files, which are outside the network, while its time leaps.

#include <gtest/gtest.h>

#include <array>

#include <portsock/memory.hpp>
#include <portsock/transfer.hpp>
#include <tests/support/files.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;

class FileBesideTheNetwork : public testing::Test {
 protected:
  void SetUp() override {
    if (!system().has_signals) GTEST_SKIP() << "Windows waits for files in real time";
    net.set_time(passing::leaps);
  }

  moved move_from_the_pipe(deadline until) {
    auto between = must(relay::create());
    return between.move(ends.read.get(), pair.here, 1, until);
  }

  memory::network net{7};
  file_pipe ends = open_pipe();
  connected_pair pair = connected(family::v4);
};

TEST_F(FileBesideTheNetwork, IsWaitedForUntilTheDeadlineInTheNetworksTime) {
  const auto began = deadline::clock::now();
  EXPECT_THAT(move_from_the_pipe(deadline::in(1h)), FailsWith(errc::timed_out));
  EXPECT_EQ(deadline::clock::now() - began, 1h);
}

TEST_F(FileBesideTheNetwork, KeepsNobodyElseWaiting) {
  net.set_time(passing::leaps, 2);
  auto moving = in_background([this] { return move_from_the_pipe(deadline::in(24h)); });

  std::array<std::byte, 1> buffer;
  EXPECT_THAT(pair.there.receive(buffer, deadline::in(1h)), FailsWith(errc::timed_out));

  must(ends.write.write(as_bytes("x")));
  EXPECT_THAT(moving.get(), Succeeds());
  EXPECT_EQ(hear(pair.there, 1), "x");
}

}  // namespace
}  // namespace portsock::tests
