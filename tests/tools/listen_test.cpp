// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <span>
#include <sstream>

#include <portsock/socket.hpp>
#include <tests/support/on_each_family.hpp>
#include <tests/tools/support.hpp>
#include <tools/common/command_line.hpp>

namespace portsock::tests {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using tools::exit_code;
using tools::listen_options;

stream_socket connect(const endpoint& peer) { return must(stream_socket::connect(peer, soon())); }
std::string name_of(const stream_socket& socket) {
  return to_string(must(socket.local_endpoint()));
}

listen_options echoing() { return {.addresses = {}, .echo = true}; }
listen_options once() { return {.addresses = {}, .once = true}; }
listen_options datagrams() { return {.addresses = {}, .datagram = true}; }

TEST(Listen, PrintsWhatComesAndWhoComesAndGoes) {
  running_listen tool;
  std::string name;
  {
    auto client = connect(tool.where());
    name = name_of(client);
    tool.log.expect(name + " connected\n");
    say(client, std::string_view{"a\0b\r\n", 5});
    tool.output.expect(std::string_view{"a\0b\r\n", 5});
  }

  tool.log.expect(name + " closed, 5 bytes\n");
}

TEST(Listen, WithoutAHostTakesBothFamiliesAtOnePort) {
  running_listen tool{{}, ""};
  const auto port = tool.where().port;

  for (const auto of : families_here()) {
    tool.log.expect("listening on " + to_string(endpoint{any(of), port}) + "\n");
    auto client = connect({loopback(of), port});
    tool.log.expect(name_of(client) + " connected\n");
  }
}

TEST(Listen, TakesANameForAHost) {
  running_listen tool{{}, "localhost"};

  EXPECT_TRUE(is_loopback(tool.where().address));
}

TEST(Listen, EchoesAllAfterTheClientHasFinished) {
  running_listen tool{echoing()};
  const auto all = pattern(4 << 20);
  auto client = connect(tool.where());

  const auto sending = in_background([&] {
    EXPECT_THAT(client.send_all(all, soon()), Succeeds());
    must(client.shutdown(direction::send));
  });

  EXPECT_TRUE(hear_all(client) == all);
}

TEST(Listen, ServesManyClientsAtOnce) {
  running_listen tool{echoing()};
  std::vector<stream_socket> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(connect(tool.where()));

  for (auto& client : clients) say(client, name_of(client));

  for (auto& client : clients) EXPECT_EQ(hear(client, name_of(client).size()), name_of(client));
}

TEST(Listen, DoesNotLetAClientThatDoesNotReadHoldUpTheOthers) {
  running_listen tool{echoing()};
  auto idle = connect(tool.where());
  const auto size = fill(idle);  // until nobody takes any more

  auto busy = connect(tool.where());
  say(busy, "still there?");

  EXPECT_EQ(hear(busy, 12), "still there?");

  // And what was held back is not lost.
  must(idle.set_blocking(true));
  must(idle.shutdown(direction::send));
  EXPECT_EQ(hear_all(idle).size(), size);
}

TEST(Listen, ReportsAReset) {
  running_listen tool;
  auto client = connect(tool.where());
  const auto name = name_of(client);
  say(client, "bye");
  tool.output.expect("bye");

  std::move(client).abort();

  tool.log.expect(name + " reset by peer");
  tool.log.expect(", 3 bytes\n");
}

TEST(Listen, OnceEndsWithTheFirstClient) {
  running_listen tool{once()};
  say(*std::make_unique<stream_socket>(connect(tool.where())), "only one");

  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_EQ(tool.output.text(), "only one");
  EXPECT_THAT(tool.log.text(), EndsWith(" closed, 8 bytes\n"));
}

TEST(Listen, OnceRefusesASecondClient) {
  running_listen tool{once()};
  auto first = connect(tool.where());
  tool.log.expect(" connected\n");
  say(first, "x");
  tool.output.expect("x");

  EXPECT_THAT(stream_socket::connect(tool.where(), soon()), FailsWith(errc::connection_refused));
}

TEST(Listen, OnceFailsWhenTheFirstClientResets) {
  running_listen tool{once()};
  auto client = connect(tool.where());
  say(client, "x");
  tool.output.expect("x");

  std::move(client).abort();

  EXPECT_EQ(tool.wait(), exit_code::failure);
}

TEST(Listen, ReportsWhenItIsInterrupted) {
  running_listen tool;
  auto client = connect(tool.where());
  say(client, "12345");
  tool.output.expect("12345");

  tool.interrupt();

  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_THAT(tool.log.text(), EndsWith("stopped, 1 client, 5 bytes\n"));
}

TEST(Listen, SaysWhichPortIsTaken) {
  running_listen first;
  const auto taken = first.where();
  std::ostringstream output, log;
  const auto stop = must(canceller::create());

  EXPECT_EQ(tools::listen({.addresses = {{"127.0.0.1", taken.port}}}, output, log, stop),
            exit_code::failure);
  EXPECT_THAT(log.str(), StartsWith("socklisten: " + to_string(taken) + ": address in use ("));
}

TEST(Listen, FailsWhenOutputCannotBeWritten) {
  full_stream full;
  watched_text log;
  const auto stop = must(canceller::create());
  const auto local =
      must(must(stream_listener::listen({ipv4_address::loopback(), 0})).local_endpoint());
  auto tool = in_background(
      [&] { return tools::listen({.addresses = {{"127.0.0.1", local.port}}}, full, log, stop); });
  log.expect("listening on ");
  auto client = connect(local);
  say(client, "x");

  EXPECT_EQ(tool.get(), exit_code::failure);
  EXPECT_THAT(log.text(), EndsWith("socklisten: standard output: cannot be written\n"));
}

// ---- datagrams

class ListenDatagram : public testing::Test {
 protected:
  datagram_socket here_ = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  std::string name_ = to_string(must(here_.local_endpoint()));
};

TEST_F(ListenDatagram, PrintsEachWithItsSender) {
  running_listen tool{datagrams()};

  must(here_.send_to(as_bytes("hello"), tool.where()));
  must(here_.send_to(const_bytes{}, tool.where()));

  tool.output.expect("hello");
  tool.log.expect(name_ + " 5 bytes\n" + name_ + " 0 bytes\n");
  tool.interrupt();
  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_THAT(tool.log.text(), EndsWith("stopped, 2 datagrams, 5 bytes\n"));
}

TEST_F(ListenDatagram, SaysThatOneWasCut) {
  auto options = datagrams();
  options.largest_datagram = 4;
  running_listen tool{options};

  must(here_.send_to(as_bytes("hello"), tool.where()));

  tool.log.expect(name_ + " 4 bytes, truncated\n");
  tool.output.expect("hell");
}

TEST_F(ListenDatagram, EchoesAnyLength) {
  auto options = datagrams();
  options.echo = true;
  running_listen tool{options};
  std::vector<std::byte> buffer(65'535);

  for (const std::size_t size : {0u, 1u, 1'400u, 65'507u}) {
    const auto sent = pattern(size);
    must(here_.send_to(sent, tool.where(), soon()));
    const auto got = must(here_.receive_from(buffer, soon()));
    EXPECT_TRUE(std::ranges::equal(std::span{buffer}.first(got.size), sent));
  }
}

TEST_F(ListenDatagram, OnceEndsWithTheFirst) {
  auto options = datagrams();
  options.once = true;
  running_listen tool{options};

  must(here_.send_to(as_bytes("only one"), tool.where()));

  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_EQ(tool.output.text(), "only one");
}

// ---- the command line

class ListenArguments : public testing::Test {
 protected:
  std::optional<exit_code> parse(std::vector<std::string> arguments) {
    CLI::App app{"", "socklisten"};
    tools::declare(app, options_);
    arguments.insert(arguments.begin(), "socklisten");
    return tools::parse(app, arguments, output_, log_);
  }

  listen_options options_;
  std::ostringstream output_;
  std::ostringstream log_;
};

TEST_F(ListenArguments, FillInTheOptions) {
  EXPECT_EQ(parse({"--echo", "7", "localhost:8", "[::1]:9", "--once"}), std::nullopt);

  ASSERT_EQ(options_.addresses.size(), 3u);
  EXPECT_EQ(options_.addresses[0].host, "");
  EXPECT_EQ(options_.addresses[0].port, 7);
  EXPECT_EQ(options_.addresses[1].host, "localhost");
  EXPECT_EQ(options_.addresses[2].host, "[::1]");
  EXPECT_EQ(options_.addresses[2].port, 9);
  EXPECT_TRUE(options_.echo);
  EXPECT_TRUE(options_.once);
  EXPECT_FALSE(options_.datagram);
}

TEST_F(ListenArguments, ThatAreWrongAreNamedWithTheFix) {
  const std::pair<std::string, std::string> rows[] = {
      {"70000", "port \"70000\": must be 0 to 65535, or a service such as http"},
      {"localhost:-1", "port \"-1\": must be 0 to 65535, or a service such as http"},
      {":80", "address \":80\": must be PORT, HOST:PORT or [IPV6]:PORT"},
      {"::1", "address \"::1\": must be PORT, HOST:PORT or [IPV6]:PORT"},
      {"[::1", "address \"[::1\": must be PORT, HOST:PORT or [IPV6]:PORT"},
  };
  for (const auto& [argument, complaint] : rows) {
    log_.str("");
    EXPECT_EQ(parse({argument}), exit_code::usage);
    EXPECT_EQ(log_.str(), "socklisten: " + complaint + "\nTry socklisten --help.\n");
  }
}

TEST_F(ListenArguments, AreRequired) { EXPECT_EQ(parse({}), exit_code::usage); }

TEST(Listen, RefusesHalfAnAddress) {
  std::ostringstream output, log;
  const auto stop = must(canceller::create());

  EXPECT_EQ(tools::listen({.addresses = {{"127.1", 7}}}, output, log, stop), exit_code::usage);
  EXPECT_THAT(log.str(), StartsWith("socklisten: host \"127.1\": must be a name"));
}

}  // namespace
}  // namespace portsock::tests
