// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <portsock/socket.hpp>
#include <tests/support/ports.hpp>
#include <tests/tools/support.hpp>
#include <tools/common/command_line.hpp>

namespace portsock::tests {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using tools::exit_code;
using tools::send_options;

/// A peer that the test plays itself.
class Send : public testing::Test {
 protected:
  stream_socket accept() { return must(listener_.accept(soon())); }

  stream_listener listener_ = must(stream_listener::listen({ipv4_address::loopback(), 0}));
  endpoint peer_ = must(listener_.local_endpoint());
};

std::string text_of(const std::vector<std::byte>& bytes) { return std::string{as_text(bytes)}; }

send_options with_message(const endpoint& peer, std::string text) {
  auto options = to(peer);
  options.message = std::move(text);
  return options;
}

TEST_F(Send, SendsItsInputAndTellsThePeerThatItEnded) {
  running_send tool{to(peer_), input("all of it\n")};

  auto there = accept();

  EXPECT_EQ(text_of(hear_all(there)), "all of it\n");
}

TEST_F(Send, PrintsTheAnswerUntilThePeerCloses) {
  running_send tool{with_message(peer_, "question")};
  {
    auto there = accept();
    hear_all(there);
    say(there, "ans");
    say(there, "wer");
  }

  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_EQ(tool.output.text(), "answer");
  EXPECT_EQ(tool.log.text(), "");
}

TEST_F(Send, SendsAndReceivesAtTheSameTime) {
  running_listen echo{{.addresses = {}, .echo = true}};
  const auto all = text_of(pattern(16 << 20));

  running_send tool{to(echo.where()), input(all)};

  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_TRUE(tool.output.text() == all);
}

TEST_F(Send, SendsTheFileThatUtf8Names) {
  const auto name = u8"portsock-gr\u00fc\u00dfe-";
  const auto path = (std::filesystem::temp_directory_path() / name) += std::to_string(peer_.port);
  std::ofstream{path, std::ios::binary} << "line\r\nline\x1a\n";
  auto options = to(peer_);
  const auto utf8 = path.u8string();
  options.file = std::string{utf8.begin(), utf8.end()};

  running_send tool{options};

  {
    auto there = accept();
    EXPECT_EQ(text_of(hear_all(there)), "line\r\nline\x1a\n");
  }
  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_TRUE(std::filesystem::remove(path));
}

TEST_F(Send, RefusesAFileThatItCannotRead) {
  auto options = to(peer_);
  options.file = "no such folder/no such file";

  running_send tool{options};

  EXPECT_EQ(tool.wait(), exit_code::usage);
  EXPECT_EQ(tool.log.text(), "socksend: no such folder/no such file: cannot be read\n");
}

TEST_F(Send, RefusesAFolder) {
  auto options = to(peer_);
  options.file = ".";

  EXPECT_EQ(running_send{options}.wait(), exit_code::usage);
}

TEST_F(Send, SaysWhoRefusesTheConnection) {
  const closed_port closed{family::v4};

  running_send tool{to(closed.where())};

  EXPECT_EQ(tool.wait(), exit_code::failure);
  EXPECT_THAT(tool.log.text(),
              StartsWith("socksend: " + to_string(closed.where()) + ": connection refused ("));
}

TEST_F(Send, RefusesHalfAnAddress) {
  auto options = to(peer_);
  options.host = "127.1";

  running_send tool{options};

  EXPECT_EQ(tool.wait(), exit_code::usage);
  EXPECT_THAT(tool.log.text(), StartsWith("socksend: host \"127.1\": must be a name"));
}

TEST_F(Send, PrintsWhatCameBeforeAReset) {
  const quiet_input silence;
  running_send tool{to(peer_), silence.stream()};

  auto there = accept();
  say(there, "so far");
  tool.output.expect("so far");
  std::move(there).abort();

  EXPECT_EQ(tool.wait(), exit_code::failure);
  EXPECT_EQ(tool.output.text(), "so far");
  EXPECT_THAT(tool.log.text(), StartsWith("socksend: " + to_string(peer_) + ": connection reset"));
}

TEST_F(Send, ReportsAResetWhileItSends) {
  running_send tool{to(peer_), input(std::string(32 << 20, 'x'))};

  auto there = accept();
  hear(there, 1);
  std::move(there).abort();

  EXPECT_EQ(tool.wait(), exit_code::failure);
  EXPECT_THAT(tool.log.text(), StartsWith("socksend: " + to_string(peer_) + ": connection "));
}

TEST_F(Send, GoesOnSendingToAPeerThatFinishedFirst) {
  const auto all = text_of(pattern(16 << 20));
  running_send tool{to(peer_), input(all)};

  auto there = accept();
  must(there.shutdown(direction::send));

  EXPECT_TRUE(text_of(hear_all(there)) == all);
  EXPECT_EQ(tool.wait(), exit_code::ok);
}

TEST_F(Send, EndsWhenThePeerHasClosedAndNoInputComes) {
  const quiet_input silence;
  running_send tool{to(peer_), silence.stream()};

  {
    auto closed_at_once = accept();
  }

  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_EQ(tool.log.text(), "socksend: " + to_string(peer_) + ": closed before the input ended\n");
}

TEST_F(Send, EndsWhenItIsInterrupted) {
  const quiet_input silence;
  running_send tool{to(peer_), silence.stream()};
  auto there = accept();

  tool.interrupt();

  EXPECT_EQ(tool.wait(), exit_code::failure);
  EXPECT_EQ(tool.log.text(), "socksend: interrupted\n");
}

TEST_F(Send, FailsWhenTheAnswerCannotBeWritten) {
  full_stream full;
  std::ostringstream log;
  const auto stop = must(canceller::create());
  const auto answering =
      in_background([this] { say(*std::make_unique<stream_socket>(accept()), "x"); });

  EXPECT_EQ(tools::send(to(peer_), input(""), full, log, stop), exit_code::failure);
  EXPECT_EQ(log.str(), "socksend: standard output: cannot be written\n");
}

class SendPrompt : public Send {
 protected:
  send_options options() const {
    auto asked = to(peer_);
    asked.prompt = true;
    return asked;
  }
};

TEST_F(SendPrompt, OpensAConnectionForEachLine) {
  running_send tool{options(), input("first\n\nlast")};

  for (const auto* line : {"first\n", "\n", "last"}) {
    auto there = accept();
    EXPECT_EQ(text_of(hear_all(there)), line);
  }

  EXPECT_EQ(tool.wait(), exit_code::ok);
  EXPECT_EQ(tool.log.text(), "> > > > ");
}

TEST_F(SendPrompt, GoesOnAfterALineThatCouldNotBeSent) {
  const closed_port closed{family::v4};
  auto asked = options();
  asked.port = closed.where().port;

  running_send tool{asked, input("first\nlast\n")};

  EXPECT_EQ(tool.wait(), exit_code::failure);
  const auto complaint = "socksend: " + to_string(closed.where()) + ": connection refused";
  EXPECT_THAT(tool.log.text(), StartsWith("> " + complaint));
  EXPECT_THAT(tool.log.text(), HasSubstr("\n> " + complaint));
  EXPECT_THAT(tool.log.text(), EndsWith("\n> "));
}

TEST_F(SendPrompt, EndsWhenItIsInterrupted) {
  const quiet_input silence;
  running_send tool{options(), silence.stream()};
  tool.log.expect("> ");

  tool.interrupt();

  EXPECT_EQ(tool.wait(), exit_code::failure);
  EXPECT_EQ(tool.log.text(), "> socksend: interrupted\n");
}

class SendDatagram : public testing::Test {
 protected:
  send_options options() const {
    auto asked = to(peer_);
    asked.datagram = true;
    return asked;
  }
  std::string next() {
    std::vector<std::byte> buffer(65'535);
    const auto got = must(there_.receive_from(buffer, soon()));
    from_ = got.from.to_endpoint();
    return std::string{as_text({buffer.data(), got.size})};
  }

  datagram_socket there_ = must(datagram_socket::bind({ipv4_address::loopback(), 0}));
  endpoint peer_ = must(there_.local_endpoint());
  endpoint from_;
};

TEST_F(SendDatagram, SendsEachLineWithoutItsEnding) {
  running_send tool{options(), input("unix\ndos\r\n\nlast")};

  for (const auto* line : {"unix", "dos", "", "last"}) EXPECT_EQ(next(), line);
  EXPECT_EQ(tool.wait(), exit_code::ok);
}

TEST_F(SendDatagram, SendsAMessageWhole) {
  auto asked = options();
  asked.message = "two\nlines\n";

  running_send tool{asked};

  EXPECT_EQ(next(), "two\nlines\n");
  EXPECT_EQ(tool.wait(), exit_code::ok);
}

TEST_F(SendDatagram, SendsAnEmptyMessage) {
  auto asked = options();
  asked.message = "";

  running_send tool{asked};

  EXPECT_EQ(next(), "");
}

TEST_F(SendDatagram, RefusesAMessageThatNoDatagramHolds) {
  auto asked = options();
  asked.message = std::string(65'508, 'x');

  running_send tool{asked};

  EXPECT_EQ(tool.wait(), exit_code::failure);
  EXPECT_THAT(tool.log.text(), StartsWith("socksend: " + to_string(peer_) + ": message too large"));
}

TEST_F(SendDatagram, PrintsTheAnswersForWhichItWaits) {
  auto asked = options();
  asked.message = "question";
  asked.wait = 60s;
  running_send tool{asked};
  next();

  must(there_.send_to(as_bytes("one"), from_));
  must(there_.send_to(as_bytes("two"), from_));

  tool.output.expect("onetwo");
}

TEST_F(SendDatagram, EndsWhenItHasWaited) {
  auto asked = options();
  asked.message = "question";
  asked.wait = 10ms;

  EXPECT_EQ(running_send{asked}.wait(), exit_code::ok);
}

// ---- the command line

class SendArguments : public testing::Test {
 protected:
  std::optional<exit_code> parse(std::vector<std::string> arguments) {
    CLI::App app{"", "socksend"};
    options_ = {};
    tools::declare(app, options_);
    arguments.insert(arguments.begin(), "socksend");
    return tools::parse(app, arguments, output_, log_);
  }

  send_options options_;
  std::ostringstream output_;
  std::ostringstream log_;
};

TEST_F(SendArguments, FillInTheOptions) {
  EXPECT_EQ(parse({"--udp", "::1", "7", "--message", "hi", "--timeout", "0.25", "--wait=2"}),
            std::nullopt);

  EXPECT_EQ(options_.host, "::1");
  EXPECT_EQ(options_.port, 7);
  EXPECT_TRUE(options_.datagram);
  EXPECT_EQ(options_.message, "hi");
  EXPECT_EQ(options_.timeout, 250ms);
  EXPECT_EQ(options_.wait, 2s);
}

TEST_F(SendArguments, ThatAreWrongAreNamedWithTheFix) {
  const std::pair<std::vector<std::string>, std::string> rows[] = {
      {{"host", "70000"},
       "socksend: port \"70000\": must be 0 to 65535, or a service such as http\n"},
      {{"host", "0"}, "socksend: port \"0\": nothing listens there; give 1 to 65535\n"},
      {{"host", "7", "--timeout", "soon"},
       "socksend: --timeout \"soon\": must be 0 to 1000000 seconds\n"},
      {{"host", "7", "--wait=-1"}, "socksend: --wait \"-1\": must be 0 to 1000000 seconds\n"},
      {{"host", "7", "--message", "a", "--file", "b"}, "socksend: --message excludes --file\n"},
      {{"host"}, "socksend: PORT is required\n"},
      {{"host", "7", "more"}, "socksend: HOST: At Most 2 required but received 3\n"},
  };
  for (const auto& [arguments, complaint] : rows) {
    log_.str("");
    EXPECT_EQ(parse(arguments), exit_code::usage);
    EXPECT_EQ(log_.str(), complaint + "Try socksend --help.\n");
  }
}

TEST_F(SendArguments, CanAskForHelp) {
  EXPECT_EQ(parse({"--help"}), exit_code::ok);

  EXPECT_THAT(output_.str(), HasSubstr("Usage: socksend"));
  EXPECT_EQ(log_.str(), "");
}

}  // namespace
}  // namespace portsock::tests
