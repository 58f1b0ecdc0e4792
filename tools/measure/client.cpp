// SPDX-License-Identifier: MIT
#include <atomic>
#include <memory>
#include <thread>
#include <utility>

#include <tools/common/files.hpp>
#include <tools/common/streams.hpp>
#include <tools/measure/board.hpp>
#include <tools/measure/flow.hpp>
#include <tools/measure/greeting.hpp>
#include <tools/measure/measure.hpp>
#include <tools/measure/telling.hpp>
#include <tools/send/exchange.hpp>
#include <tools/send/reach.hpp>

namespace portsock::tools {
namespace {

using namespace measuring;
using std::chrono::milliseconds;

/// A connection to the server, and with UDP the socket beside it.
struct lane {
  stream_socket connection;
  std::optional<connected_datagram_socket> datagrams{};
  std::uint64_t sent = 0;  ///< datagrams
  std::optional<error> not_sent{};
};

request request_for(const send_options& options) {
  const auto& wanted = options.measure;
  const auto every = options.interval.count() == 0 ? milliseconds{1000} : options.interval;
  return {.datagrams = options.datagram,
          .reverse = wanted.reverse,
          .joined = options.datagram && !wanted.no_offload,
          .datagram_size =
              static_cast<std::uint16_t>(options.size == 0 ? std::size_t{1400} : options.size),
          .interval = static_cast<std::uint32_t>(every.count()),
          .duration = static_cast<std::uint32_t>(wanted.time.count()),
          .rate = options.rate / wanted.streams + (options.rate % wanted.streams != 0 ? 1 : 0),
          .token = random_number()};
}

/// The client of a test: its lanes, each with its threads, and what they tell.
class client {
 public:
  explicit client(const exchange& with) : with_{with}, asked_{request_for(with.options)} {}

  exit_code run() {
    for (std::uint64_t i = 0; i != with_.options.measure.streams; ++i)
      if (const auto trouble = open()) return *trouble;
    if (!tell_start()) return with_.not_written();
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i != lanes_.size(); ++i) start(i, threads);
    const bool written = follow();
    if (!written) halt();
    for (auto& one : threads) one.join();
    if (!written || !tell_end()) return with_.not_written();
    for (const auto& one : lanes_)
      if (one.not_sent) return with_.failed(*one.not_sent);
    if (const auto reason = board_.trouble()) return with_.failed(*reason);
    return save_plot();
  }

 private:
  /// Another lane, or why not.
  std::optional<exit_code> open() {
    auto reached = reach_stream(with_);
    if (!reached) return with_.not_reached(reached.error());
    lane made{.connection = *std::move(reached)};
    const auto until = deadline::in(with_.options.timeout).or_when(with_.stop);
    if (const auto sent = made.connection.send_all(encode(asked_), until); sent.reason)
      return with_.failed(*sent.reason);
    const auto given = receive_answer(made.connection, until);
    if (!given) return not_answered(given.error());
    if (given->what != verdict::begin) return refused(*given);
    if (asked_.datagrams)
      if (const auto ready = add_datagrams(made, given->port); !ready)
        return with_.failed(ready.error());
    lanes_.push_back(std::move(made));
    return std::nullopt;
  }

  result<> add_datagrams(lane& made, std::uint16_t port) {
    auto peer = made.connection.peer_endpoint();
    if (!peer) return peer.failure();
    peer->port = port;
    auto socket = connected_datagram_socket::connect(*peer);
    if (!socket) return socket.failure();
    if (with_.options.send_buffer != 0)
      if (auto set = socket->set(options::send_buffer, with_.options.send_buffer); !set) return set;
    made.datagrams = *std::move(socket);
    return {};
  }

  /// What a peer of another kind does: says something else, closes, or is silent.
  exit_code not_answered(error reason) const {
    if (reason == errc::cancelled) return with_.failed(reason);
    return with_.complain.failed(
        with_.peer, reason == errc::timed_out
                        ? "no answer to a request to measure; is it socklisten --measure?"
                        : "speaks another protocol; it must be socklisten --measure");
  }
  exit_code refused(const answer& given) const {
    switch (given.what) {
      case verdict::busy:
        return with_.complain.failed(with_.peer,
                                     "takes other measurements, and no more; try later");
      case verdict::other_version:
        return with_.complain.failed(with_.peer, "speaks version " + std::to_string(given.spoken) +
                                                     " of the protocol, and this is version " +
                                                     std::to_string(version));
      default:
        return with_.complain.failed(with_.peer, "cannot measure this");
    }
  }

  void start(std::size_t i, std::vector<std::thread>& threads) {
    if (asked_.reverse) {
      threads.emplace_back([this, i] { board_.end(i, receive(i)); });
      return;
    }
    threads.emplace_back([this, i] { send(i); });
    threads.emplace_back([this, i] { board_.end(i, hear(i)); });
  }

  flow flow_of(std::size_t i, std::function<result<>(const report&)> tell) {
    return {lanes_[i].connection, asked_, with_.stop, std::move(tell)};
  }

  result<report> receive(std::size_t i) {
    auto& lane = lanes_[i];
    const auto way = flow_of(i, [this, i](const report& told) -> result<> {
      board_.post(i, told);
      return {};
    });
    if (!lane.datagrams) return receive_stream(way);
    auto told = receive_datagrams(way, *lane.datagrams);
    if (told) lane.sent = told->datagrams + told->lost;
    return told;
  }

  /// After a failure the receiver hears that this is the end, and answers with its own.
  void send(std::size_t i) {
    auto& lane = lanes_[i];
    const auto way = flow_of(i, [this](const report&) -> result<> {
      if (halted_) return fail(errc::cancelled);
      return {};
    });
    const auto done = asked_.datagrams ? send_datagrams(way, *lane.datagrams) : send_stream(way);
    if (done) {
      lane.sent = done->datagrams;
    } else {
      lane.not_sent = done.error();
      static_cast<void>(lane.connection.shutdown(direction::send));
    }
  }

  /// What the receiver tells, up to its result.
  result<report> hear(std::size_t i) {
    auto& connection = lanes_[i].connection;
    frame_reader frames;
    std::optional<report> last;
    const auto heard = [&](frame kind, const report& theirs) {
      const auto told = asked_.datagrams ? theirs : with_statistics(theirs, connection);
      if (kind == frame::result) last = told;
      if (kind == frame::report) board_.post(i, told);
    };
    std::array<std::byte, 1024> buffer;
    while (!last) {
      // The next word comes after an interval, or after what is on the way when all was sent.
      const auto soon = patience + milliseconds{asked_.interval} + milliseconds{1000};
      const auto got = connection.receive(buffer, deadline::in(soon).or_when(with_.stop));
      if (!got) return got.failure();
      if (*got == 0) return fail(errc::end_of_stream);
      if (!frames.feed(const_bytes{buffer}.first(*got), heard) || frames.data() != 0)
        return fail(errc::protocol_not_supported);
    }
    return *last;
  }

  /// Nobody reads what comes out: ends all lanes before their time.
  void halt() {
    halted_ = true;
    with_.stop.cancel();
  }

  bool print(const std::string& line) const { return write_now(with_.output, line + '\n'); }

  bool tell_start() const {
    if (with_.options.json) return true;
    return print("measuring " + std::string{asked_.reverse ? "from " : "to "} + with_.peer +
                 " over " + (asked_.datagrams ? "UDP" : "TCP") + ", " +
                 (lanes_.size() == 1 ? "1 stream" : std::to_string(lanes_.size()) + " streams"));
  }

  bool follow() {
    report before;
    while (const auto now = board_.next()) {
      const auto one = between(before, *now);
      before = *now;
      // What is left at the end is a part of an interval: too short for a rate, or nothing.
      if (one.seconds() >= 0.0001 * asked_.interval)
        stretches_.push_back(one);
      else if (one.part.bytes == 0)
        continue;
      if (!print(with_.options.json ? interval_json(one, asked_.datagrams)
                                    : interval_text(one, asked_.datagrams)))
        return false;
    }
    return true;
  }

  bool tell_end() const {
    std::uint64_t sent = 0;
    for (const auto& one : lanes_) sent += one.sent;
    const auto all = between(report{}, board_.total());
    return print(with_.options.json ? summary_json(all, asked_, sent, lanes_.size())
                                    : summary_text(all, asked_, sent));
  }

  exit_code save_plot() const {
    const auto& name = with_.options.measure.plot;
    if (!name) return exit_code::ok;
    const auto title = with_.peer + (asked_.datagrams ? " over UDP" : " over TCP");
    if (write_whole_file(*name, plot(stretches_, asked_.datagrams, title))) return exit_code::ok;
    return with_.complain.failed(*name, "cannot be written");
  }

  const exchange& with_;
  const request asked_;
  std::vector<lane> lanes_;
  std::vector<stretch> stretches_;
  std::atomic<bool> halted_{false};
  board board_{static_cast<std::size_t>(with_.options.measure.streams)};
};

}  // namespace

exit_code measure(const exchange& with) { return client{with}.run(); }

}  // namespace portsock::tools
