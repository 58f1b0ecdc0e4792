// SPDX-License-Identifier: MIT

// That nobody makes a server create or lock a file elsewhere by what lies at its lock's path.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include <tests/support/local.hpp>

namespace portsock::tests {
namespace {

class LocalLock : public WithLocalSockets {};

TEST_F(LocalLock, IsNotTakenThroughALink) {
  const auto victim = folder.path_of("victim");
  std::filesystem::create_symlink(victim, folder.path_of("s.lock"));

  EXPECT_THAT(local_listener::listen(where), testing::Not(Succeeds()));

  EXPECT_FALSE(exists(victim));
  EXPECT_FALSE(exists(folder.path_of("s")));
}

}  // namespace
}  // namespace portsock::tests
