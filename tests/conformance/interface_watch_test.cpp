// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <portsock/interface_watch.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

TEST(InterfaceWatch, IsThereForEverybody) { EXPECT_THAT(interface_watch::open(), Succeeds()); }

TEST(InterfaceWatch, IsPolledLikeASocketAndNotInherited) {
  auto watch = must(interface_watch::open());

  EXPECT_FALSE(watch.changed() && watch.changed() && watch.changed()) << "it is never quiet";
  auto poller = must(poller::create());
  EXPECT_THAT(poller.add(watch, interest::receive, 1), Succeeds());
  EXPECT_FALSE(is_inheritable(watch.native()));
}

TEST(InterfaceWatch, LeavesNothingOpen) {
  static_cast<void>(must(interface_watch::open()));
  const auto before = count_open_handles();
  for (int i = 0; i != 20; ++i) static_cast<void>(must(interface_watch::open()));
  EXPECT_LT(count_open_handles(), before + 10);
}

}  // namespace
}  // namespace portsock::tests
