// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include <filesystem>
#include <sstream>

#include <portsock/socket.hpp>
#include <tests/support/system.hpp>
#include <tests/tools/support.hpp>
#include <tools/common/files.hpp>
#include <tools/measure/frames.hpp>
#include <tools/measure/greeting.hpp>

namespace portsock::tests {
namespace {

using namespace tools::measuring;
using testing::HasSubstr;
using testing::StartsWith;
using tools::exit_code;

tools::listen_options measuring_listener() {
  tools::listen_options options;
  options.measure = true;
  return options;
}

tools::send_options measuring_sender(const endpoint& peer) {
  auto options = to(peer);
  options.measure.wanted = true;
  options.measure.time = 200ms;
  options.interval = 50ms;
  return options;
}

/// The server, and a client that the test plays itself.
class Measure : public testing::Test {
 protected:
  stream_socket connect() { return must(stream_socket::connect(there.where(), soon())); }
  stream_socket ask(const request& wanted) {
    auto socket = connect();
    EXPECT_THAT(socket.send_all(encode(wanted), soon()), Succeeds());
    return socket;
  }

  running_listen there{measuring_listener()};
};

TEST_F(Measure, TellsHowMuchArrivedOverTcp) {
  running_send here{measuring_sender(there.where())};

  EXPECT_EQ(here.wait(), exit_code::ok) << here.log.text();
  EXPECT_THAT(here.output.text(), StartsWith("measuring to " + to_string(there.where())));
  EXPECT_THAT(here.output.text(), HasSubstr("\nreceived "));
  there.log.expect(" over TCP, ");
}

TEST_F(Measure, LetsTheOtherEndSend) {
  auto options = measuring_sender(there.where());
  options.measure.reverse = true;
  options.measure.streams = 3;
  options.json = true;
  running_send here{options};

  EXPECT_EQ(here.wait(), exit_code::ok) << here.log.text();
  EXPECT_THAT(here.output.text(), HasSubstr("\"event\":\"summary\",\"transport\":\"tcp\","
                                            "\"direction\":\"reverse\",\"streams\":3"));
  there.log.expect(" was sent ");
}

TEST_F(Measure, CountsDatagramsAtARate) {
  for (const bool alone : {false, true}) {
    auto options = measuring_sender(there.where());
    options.datagram = true;
    options.size = 64;
    options.rate = 500;
    options.measure.no_offload = alone;
    running_send here{options};

    EXPECT_EQ(here.wait(), exit_code::ok) << here.log.text();
    EXPECT_THAT(here.output.text(), HasSubstr(" datagrams of 64 bytes, "));
    EXPECT_THAT(here.output.text(), HasSubstr("reordered 0, duplicates 0"));
  }
}

TEST_F(Measure, LetsTheOtherEndSendDatagrams) {
  for (const bool alone : {false, true}) {
    // Where the system is not told the size of segments, it sends them as one.
    if (!alone && !tests::system().carries_numbers_beside_datagrams) continue;
    auto options = measuring_sender(there.where());
    options.datagram = true;
    options.size = 64;
    options.rate = 500;
    options.json = true;
    options.measure.reverse = true;
    options.measure.streams = 2;
    options.measure.no_offload = alone;
    running_send here{options};

    EXPECT_EQ(here.wait(), exit_code::ok) << here.log.text();
    EXPECT_THAT(here.output.text(), HasSubstr("\"event\":\"summary\",\"transport\":\"udp\","
                                              "\"direction\":\"reverse\",\"streams\":2"));
    EXPECT_THAT(here.output.text(), HasSubstr("\"lost\":0,\"reordered\":0,\"duplicates\":0"));
  }
  there.log.expect(" was sent ");
}

TEST_F(Measure, DrawsAPicture) {
  const auto path = (std::filesystem::temp_directory_path() /
                     ("portsock-measure-" + std::to_string(there.where().port) + ".svg"))
                        .string();
  auto options = measuring_sender(there.where());
  options.measure.plot = path;
  running_send here{options};

  EXPECT_EQ(here.wait(), exit_code::ok) << here.log.text();
  EXPECT_THAT(tools::read_whole_file(path).value_or(""), HasSubstr("<svg "));
  std::filesystem::remove(path);
}

TEST_F(Measure, TakesSeveralTestsAtOnce) {
  running_send first{measuring_sender(there.where())};
  running_send second{measuring_sender(there.where())};

  EXPECT_EQ(first.wait(), exit_code::ok) << first.log.text();
  EXPECT_EQ(second.wait(), exit_code::ok) << second.log.text();
}

TEST_F(Measure, TellsAForeignClientAtOnceWhatIsHere) {
  auto client = connect();
  say(client, "GET / HTTP/1.1\r\n");

  EXPECT_EQ(as_text(hear_all(client)), refusal);
  there.log.expect(" is no socksend --measure\n");
}

TEST_F(Measure, TellsAClientThatOnlyCloses) {
  auto client = connect();
  must(client.shutdown(direction::send));

  EXPECT_EQ(as_text(hear_all(client)), refusal);
}

TEST_F(Measure, DeclinesWhatItCannotDo) {
  auto newer = ask({.spoken = 2});
  EXPECT_EQ(must(receive_answer(newer, soon())), (answer{.what = verdict::other_version}));
  auto tiny = ask({.datagrams = true, .datagram_size = 23});
  EXPECT_EQ(must(receive_answer(tiny, soon())), (answer{.what = verdict::not_supported}));
}

TEST_F(Measure, DeclinesMoreStreamsThanItCanServe) {
  std::vector<stream_socket> all;
  for (std::uint64_t i = 0; i != tools::most_streams; ++i) {
    all.push_back(ask({.duration = 1000, .token = 5}));
    EXPECT_EQ(must(receive_answer(all.back(), soon())), answer{});
  }
  auto more = ask({.token = 6});
  EXPECT_EQ(must(receive_answer(more, soon())), (answer{.what = verdict::busy}));

  running_send tool{measuring_sender(there.where())};
  EXPECT_EQ(tool.wait(), exit_code::failure);
  EXPECT_THAT(tool.log.text(), HasSubstr("takes other measurements, and no more; try later"));
}

TEST_F(Measure, EndsAStreamOfSomethingElseThanFrames) {
  auto client = ask({});
  EXPECT_EQ(must(receive_answer(client, soon())), answer{});
  say(client, "something else");

  there.log.expect(" failed: ");
  hear_all(client);
}

TEST_F(Measure, IgnoresDatagramsOfStrangers) {
  auto client = ask({.datagrams = true, .datagram_size = 64, .token = 9});
  const auto given = must(receive_answer(client, soon()));
  auto datagrams = must(connected_datagram_socket::connect({there.where().address, given.port}));
  std::vector<std::byte> one(64);
  must(datagrams.send(one));  // another token
  must(datagrams.send(const_bytes{one}.first(3)));
  put(one, 0, 9, 8);
  must(datagrams.send(one));
  EXPECT_THAT(client.send_all(encode(frame::end, {.datagrams = 1}), soon()), Succeeds());

  std::vector<std::byte> words(header_size + report_size);
  EXPECT_THAT(client.receive_exactly(words, soon()), Succeeds());
  EXPECT_EQ(words[0], std::byte{4});
  const auto told = decode_report(const_bytes{words}.subspan(header_size));
  EXPECT_EQ(told->datagrams, 1u);
  EXPECT_EQ(told->lost, 0u);
}

/// A client of a server that sends, as the test plays it.
class MeasureFromServer : public Measure {
 protected:
  static constexpr std::uint64_t token = 9;

  connected_datagram_socket socket() {
    return must(connected_datagram_socket::connect({there.where().address, given.port}));
  }
  static void knock(connected_datagram_socket& from, std::uint64_t proof,
                    std::uint64_t with = token) {
    std::array<std::byte, probe_size> bytes;
    stamp(bytes, {with, knock_number, proof});
    must(from.send(bytes));
  }
  /// The next datagram. Fails when it is longer than a knock.
  static probe hear_probe(connected_datagram_socket& to) {
    std::array<std::byte, 2000> room;
    const auto got = must(to.receive(room, soon()));
    EXPECT_LE(got.size, probe_size);
    return decode_probe(const_bytes{room}.first(got.size)).value_or(probe{});
  }

  stream_socket client = ask({.datagrams = true,
                              .reverse = true,
                              .datagram_size = 24,
                              .duration = 60'000,
                              .rate = 1000,
                              .token = token});
  answer given = must(receive_answer(client, soon()));
};

TEST_F(MeasureFromServer, SendsToWhomProvesItsAddress) {
  auto here = socket();
  knock(here, 0);
  const auto asked = hear_probe(here);
  EXPECT_EQ(asked.number, knock_number);
  EXPECT_NE(asked.sent, 0u);
  knock(here, asked.sent);
  EXPECT_EQ(hear_probe(here).number, 0u);
}

TEST_F(MeasureFromServer, SendsNothingToWhomOnlyKnowsTheToken) {
  auto here = socket();
  knock(here, 0, token + 1);
  for (const std::uint64_t proof : {0u, 1u, 2u}) {
    knock(here, proof);
    EXPECT_EQ(hear_probe(here).number, knock_number);
  }
}

TEST_F(MeasureFromServer, TakesNoProofOfOneAddressFromAnother) {
  auto here = socket(), elsewhere = socket();
  knock(here, 0);
  const auto proof = hear_probe(here).sent;
  knock(elsewhere, proof);
  const auto other = hear_probe(elsewhere);
  EXPECT_EQ(other.number, knock_number);
  EXPECT_NE(other.sent, proof);
  // And it is of no use any more to the first.
  knock(here, proof);
  EXPECT_EQ(hear_probe(here).number, knock_number);
}

TEST_F(MeasureFromServer, EndsWhenItsClientLeaves) {
  auto here = socket();
  knock(here, 0);
  knock(here, hear_probe(here).sent);
  EXPECT_EQ(hear_probe(here).number, 0u);
  std::move(client).abort();
  there.log.expect(" failed: ");
}

TEST_F(Measure, EndsWhenItsReportsCannotBeWritten) {
  for (const bool datagrams : {false, true}) {
    auto options = measuring_sender(there.where());
    options.measure.time = 600s;
    options.datagram = datagrams;
    options.rate = 100;
    options.json = true;
    full_stream output;
    std::ostringstream log;
    const auto never = must(canceller::create());

    EXPECT_EQ(tools::send(options, input(""), output, log, never), exit_code::failure);
    EXPECT_EQ(log.str(), "socksend: standard output: cannot be written\n");
  }
}

TEST_F(Measure, EndsAtAnInterruptInTheMiddle) {
  for (const bool datagrams : {false, true})
    for (const bool reverse : {false, true}) {
      SCOPED_TRACE((datagrams ? "datagrams" : "a stream") + std::string{reverse ? " back" : ""});
      auto options = measuring_sender(there.where());
      options.datagram = datagrams;
      options.measure.reverse = reverse;
      options.measure.time = 60s;
      running_send here{options};
      here.output.expect("0.0–0.");
      here.interrupt();

      EXPECT_EQ(here.wait(), exit_code::failure);
      EXPECT_THAT(here.output.text(), HasSubstr("\nreceived "));
      EXPECT_EQ(here.log.text(), "socksend: interrupted\n");
    }
}

TEST(MeasureServer, EndsAfterTheLastStreamOfATest) {
  auto options = measuring_listener();
  options.once = true;
  options.json = true;
  running_listen there{options};
  auto asked = measuring_sender(there.where());
  asked.measure.streams = 2;
  running_send here{asked};

  EXPECT_EQ(here.wait(), exit_code::ok) << here.log.text();
  EXPECT_EQ(there.wait(), exit_code::ok);
  EXPECT_THAT(there.output.text(), StartsWith("{\"event\":\"measured\",\"time\":\""));
  EXPECT_THAT(there.output.text(), HasSubstr("\"peer\":\"127.0.0.1:"));
}

TEST(MeasureServer, LetsNobodyInWhomTheListsExclude) {
  auto options = measuring_listener();
  options.deny.push_back(*parse_prefix("127.0.0.0/8"));
  running_listen there{options};
  running_send here{measuring_sender(there.where())};

  EXPECT_EQ(here.wait(), exit_code::failure);
}

/// What a server of another kind may do with the request.
exit_code against(const std::function<void(stream_socket&)>& play, std::string& log) {
  auto listener = must(stream_listener::listen({ipv4_address::loopback(), 0}));
  auto options = measuring_sender(must(listener.local_endpoint()));
  options.timeout = 1000ms;
  running_send here{options};
  auto server = must(listener.accept(soon()));
  play(server);
  const auto code = here.wait();
  log = here.log.text();
  return code;
}

TEST(MeasureClient, SaysSoWhenTheServerIsAnother) {
  std::string log;
  EXPECT_EQ(against([](stream_socket& server) { say(server, "220 welcome\r\n"); }, log),
            exit_code::failure);
  EXPECT_THAT(log, HasSubstr("speaks another protocol; it must be socklisten --measure"));
  EXPECT_EQ(against([](stream_socket& server) { must(server.shutdown(direction::send)); }, log),
            exit_code::failure);
  EXPECT_THAT(log, HasSubstr("speaks another protocol"));
  EXPECT_EQ(against([](stream_socket&) {}, log), exit_code::failure);
  EXPECT_THAT(log, HasSubstr("no answer to a request to measure; is it socklisten --measure?"));
  // An echo is none, either: its first byte is, and what it answers is not.
  EXPECT_EQ(against([](stream_socket& server) { say(server, hear(server, request_size)); }, log),
            exit_code::failure);
  EXPECT_THAT(log, HasSubstr("speaks another protocol"));
}

TEST(MeasureClient, SaysWhichVersionTheServerSpeaks) {
  std::string log;
  const auto play = [](stream_socket& server) {
    hear(server, request_size);
    const auto bytes = encode(answer{.spoken = 7, .what = verdict::other_version});
    say(server, as_text(bytes));
  };
  EXPECT_EQ(against(play, log), exit_code::failure);
  EXPECT_THAT(log, HasSubstr("speaks version 7 of the protocol, and this is version 1"));
}

}  // namespace
}  // namespace portsock::tests
