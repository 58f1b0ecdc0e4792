// SPDX-License-Identifier: MIT

// Whose a path is: a listener's file comes with it, goes with it, and is nobody else's.

#include <gtest/gtest.h>

#include <filesystem>
#include <future>
#include <string>
#include <vector>

#include <tests/support/local.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

class LocalListener : public WithLocalSockets {
 protected:
  /// A server that ended without removing its file, nor its lock's.
  void die() {
    close_foreign(must(local_listener::listen(where)).release());
    write_file(lock, "");
  }

  std::string path = folder.path_of("s");
  std::string lock = folder.path_of("s.lock");
};

TEST_F(LocalListener, TakesItsFilesWithIt) {
  {
    const auto listener = must(local_listener::listen(where));
    EXPECT_TRUE(exists(path));
    EXPECT_EQ(must(listener.address()), where);
  }
  EXPECT_FALSE(exists(path));
  EXPECT_FALSE(exists(lock));
}

TEST_F(LocalListener, IsAloneAtItsPath) {
  auto first = must(local_listener::listen(where));

  EXPECT_THAT(local_listener::listen(where), FailsWith(errc::address_in_use));
  EXPECT_THAT(local_listener::listen(where), FailsWith(errc::address_in_use));

  auto pair = connect_to(first, where);
  say(pair.here, "x");
  EXPECT_EQ(hear(pair.there, 1), "x");
}

TEST_F(LocalListener, ReplacesTheFileOfADeadServer) {
  die();

  auto listener = must(local_listener::listen(where));

  connect_to(listener, where);
}

TEST_F(LocalListener, OfManyThatFindADeadServerIsOne) {
  for (int round = 0; round != 10; ++round) {
    die();
    std::vector<std::future<result<local_listener>>> starting;
    for (int i = 0; i != 4; ++i)
      starting.push_back(in_background([&] { return local_listener::listen(where); }));
    std::vector<local_listener> living;
    for (auto& one : starting)
      if (auto listener = one.get(); listener)
        living.push_back(std::move(*listener));
      else
        EXPECT_THAT(listener, FailsWith(errc::address_in_use));

    ASSERT_EQ(living.size(), 1u);
    connect_to(living.front(), where);
    EXPECT_THAT(local_listener::listen(where), FailsWith(errc::address_in_use));
  }
}

TEST_F(LocalListener, ReplacesNothingUnlessAllowed) {
  die();
  EXPECT_THAT(local_listener::listen(where, {.replace_stale = false}),
              FailsWith(errc::address_in_use));
  EXPECT_TRUE(exists(path));
}

TEST_F(LocalListener, LeavesTheFileOfALivingServerThatKnowsNoLock) {
  const unique_handle other{must(local_listener::listen(where)).release()};
  ASSERT_FALSE(exists(lock));

  EXPECT_THAT(local_listener::listen(where), FailsWith(errc::address_in_use));

  EXPECT_THAT(local_stream::connect(where, soon()), Succeeds());
  EXPECT_FALSE(exists(lock));
}

TEST_F(LocalListener, LeavesFilesThatAreNoSockets) {
  write_file(path, "precious");
  EXPECT_THAT(local_listener::listen(where), FailsWith(errc::address_in_use));
  EXPECT_EQ(read_file(path), "precious");
}

TEST_F(LocalListener, LeavesWhatTookThePlaceOfItsFile) {
  {
    const auto listener = must(local_listener::listen(where));
    std::filesystem::rename(path, folder.path_of("moved"));
    write_file(path, "precious");
  }
  EXPECT_EQ(read_file(path), "precious");
}

TEST_F(LocalListener, LeavesALockFileThatSomebodyWroteTo) {
  write_file(lock, "precious");
  {
    const auto listener = must(local_listener::listen(where));
  }
  EXPECT_EQ(read_file(lock), "precious");
}

TEST_F(LocalListener, CanBeMovedAndReplaced) {
  auto listener = must(local_listener::listen(where));
  auto moved = std::move(listener);
  EXPECT_TRUE(exists(path));

  moved = must(local_listener::listen(folder.address_of("t")));

  EXPECT_FALSE(exists(path));
  EXPECT_TRUE(exists(folder.path_of("t")));
}

TEST_F(LocalListener, ThatIsReleasedLeavesItsFile) {
  auto adopted = must(local_listener::adopt(must(local_listener::listen(where)).release()));

  EXPECT_TRUE(exists(path));
  connect_to(adopted, where);
}

TEST_F(LocalListener, IsForItsOwnerUnlessToldOtherwise) {
  using std::filesystem::perms;
  if (!system().socket_files_have_modes) GTEST_SKIP() << "permissions are no mode here";

  const auto own = must(local_listener::listen(where));
  const auto open =
      must(local_listener::listen(folder.address_of("t"), {.access = local_access::everyone}));

  EXPECT_EQ(std::filesystem::status(path).permissions(), perms{0600});
  EXPECT_EQ(std::filesystem::status(folder.path_of("t")).permissions(), perms{0666});
}

TEST_F(LocalListener, NeedsAFolder) {
  EXPECT_THAT(local_listener::listen(folder.address_of("no/such/folder")),
              FailsWith(errc::not_found));
}

TEST_F(LocalListener, TakesThePathThatIsJustShortEnough) {
  const auto room = local_address::limit() - folder.path_of("").size();
  const auto longest = folder.address_of(std::string(room, 'p'));
  auto listener = must(local_listener::listen(longest));

  EXPECT_EQ(must(listener.address()), longest);
  connect_to(listener, longest);
}

TEST_F(LocalListener, TakesAPathBeyondAscii) {
  const auto greek = folder.address_of("λιμάνι");
  auto listener = must(local_listener::listen(greek));

  EXPECT_EQ(must(listener.address()), greek);
  connect_to(listener, greek);
}

TEST_F(LocalListener, WaitsForAConnectionUntilTheDeadline) {
  auto listener = must(local_listener::listen(where));
  EXPECT_THAT(listener.accept(shortly()), FailsWith(errc::timed_out));
}

TEST_F(LocalListener, AtAnAbstractNameHasNoFile) {
  if (!system().has_abstract_names) GTEST_SKIP() << "LocalAddress says that there are none";
  const auto name = must(local_address::abstract(folder.path_of("name")));
  auto listener = must(local_listener::listen(name));

  EXPECT_EQ(must(listener.address()), name);
  auto pair = connect_to(listener, name);
  EXPECT_EQ(must(pair.here.peer_address()), name);
  EXPECT_THAT(local_listener::listen(name), FailsWith(errc::address_in_use));
  EXPECT_FALSE(exists(folder.path_of("name")));
}

}  // namespace
}  // namespace portsock::tests
