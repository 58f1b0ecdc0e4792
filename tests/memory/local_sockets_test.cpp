// SPDX-License-Identifier: MIT

// Local sockets, which stay inside their host.

#include <gtest/gtest.h>

#include <filesystem>

#include <portsock/local_datagram_socket.hpp>
#include <portsock/memory.hpp>
#include <tests/support/local.hpp>
#include <tests/support/matchers.hpp>
#include <tests/support/sockets.hpp>

namespace portsock::tests {
namespace {

using namespace literals;
using memory::passing;

class HostsWithLocalSockets : public testing::Test {
 protected:
  HostsWithLocalSockets() { net.set_time(passing::leaps); }

  memory::network net{7};
  memory::host server = net.add_host("server", {"192.0.2.1"_ip});
  memory::host client = net.add_host("client", {"192.0.2.2"_ip});
};

TEST_F(HostsWithLocalSockets, ReachTheirOwnLocalSocketsAlone) {
  const own_folder folder;
  const auto where = folder.address_of("s");
  const memory::on there{server};
  auto listener = must(local_listener::listen(where));
  {
    const memory::on here{client};
    EXPECT_THAT(local_stream::connect(where), FailsWith(errc::connection_refused));
    EXPECT_THAT(local_listener::listen(where), FailsWith(errc::address_in_use))
        << "the files are the process's";
  }
  EXPECT_THAT(local_stream::connect(where), Succeeds());
}

TEST_F(HostsWithLocalSockets, HaveLocalSocketsThatNoPathDelays) {
  net.connect(client, client, {.latency = 20ms});
  const memory::on here{client};
  const own_folder folder;
  const auto where = folder.address_of("s");
  auto listener = must(local_listener::listen(where));
  const auto began = deadline::clock::now();

  auto pair = connect_to(listener, where);
  say(pair.here, "x");
  EXPECT_EQ(hear(pair.there, 1), "x");

  EXPECT_EQ(deadline::clock::now(), began);
}

TEST_F(HostsWithLocalSockets, FindALocalSocketByAnyNameOfItsFile) {
  const own_folder folder;
  auto listener = must(local_listener::listen(folder.address_of("s")));
  std::filesystem::rename(folder.path_of("s"), folder.path_of("t"));

  EXPECT_THAT(local_stream::connect(folder.address_of("t")), Succeeds());
  EXPECT_THAT(local_stream::connect(folder.address_of("s")), FailsWith(errc::connection_refused));
}

TEST_F(HostsWithLocalSockets, ReachTheirLocalSocketsFromAnyThread) {
  const own_folder folder;
  const auto where = folder.address_of("d");
  const auto at_client = [this](const local_address& name) {
    const memory::on here{client};
    return must(local_datagram_socket::bind(name));
  };
  auto receiver = at_client(where);
  auto sender = at_client(folder.address_of("back"));

  const memory::on there{server};
  EXPECT_THAT(sender.send_to(as_bytes("x"), where), Succeeds());
}

TEST_F(HostsWithLocalSockets, HoldThePathOfALocalSocketWhoseFileIsGone) {
  const own_folder folder;
  const auto where = folder.address_of("s");
  {
    const auto listener = must(local_listener::listen(where));
    std::filesystem::remove(folder.path_of("s"));
    EXPECT_THAT(local_listener::listen(where), FailsWith(errc::address_in_use));
  }
  EXPECT_THAT(local_listener::listen(where), Succeeds());
}

TEST_F(HostsWithLocalSockets, TellALocalSenderThatNobodyWillReceive) {
  const own_folder folder;
  auto listener = must(local_listener::listen(folder.address_of("s")));
  auto pair = connect_to(listener, folder.address_of("s"));

  {
    const auto closed = std::move(pair.there);
  }

  EXPECT_THAT(pair.here.send(as_bytes("x"), soon()), FailsWith(errc::connection_reset));
}

TEST_F(HostsWithLocalSockets, TakeTheFileOfAnEarlierProcessForADeadOne) {
  const own_folder folder;
  write_file(folder.path_of("s"), "socket of portsock::memory 1.2.3\n");

  EXPECT_THAT(local_stream::connect(folder.address_of("s")), FailsWith(errc::connection_refused));
  EXPECT_THAT(local_listener::listen(folder.address_of("s"), {.replace_stale = false}),
              FailsWith(errc::address_in_use));
  EXPECT_THAT(local_listener::listen(folder.address_of("s")), Succeeds());
}

}  // namespace
}  // namespace portsock::tests
