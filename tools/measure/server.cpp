// SPDX-License-Identifier: MIT
#include <atomic>
#include <list>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include <portsock/poller.hpp>
#include <tools/common/clock_text.hpp>
#include <tools/common/complaints.hpp>
#include <tools/common/json_line.hpp>
#include <tools/common/streams.hpp>
#include <tools/listen/listen.hpp>
#include <tools/listen/open_ports.hpp>
#include <tools/measure/flow.hpp>
#include <tools/measure/greeting.hpp>
#include <tools/measure/measure.hpp>
#include <tools/measure/telling.hpp>

namespace portsock::tools {
namespace {

using namespace measuring;
using std::chrono::milliseconds;

/// Streams that are measured at a time, and those that are told to come back. What comes beyond is
/// closed without a word.
constexpr std::size_t most_measured = most_streams;
constexpr std::size_t most_here = 2 * most_streams;
/// A client that has connected says at once what it wants.
constexpr std::chrono::seconds greeting_patience{10};
/// How long nobody is accepted when there are no handles left.
constexpr std::chrono::seconds accept_pause{1};
constexpr std::uint64_t waker_token = 0xffffffff;
constexpr std::uint64_t stop_token = 0xfffffffe;

/// A thread for each stream: what is measured is how fast one can go.
class server {
 public:
  server(std::vector<door>& doors, const listen_options& options, const complaints& complain,
         std::ostream& output, std::ostream& log, const canceller& stop, waker ended)
      : doors_{doors},
        options_{options},
        complain_{complain},
        output_{output},
        log_{log},
        stop_{stop},
        ended_{std::move(ended)} {}

  exit_code run() {
    for (const auto& at : doors_) say("listening on " + to_string(at.local()));
    const auto code = serve();
    for (auto& at : doors_) at.close();
    for (auto& one : sessions_) one.thread.join();
    return written_ ? code : complain_.failed("standard output", "cannot be written");
  }

 private:
  struct session {
    stream_socket connection;
    endpoint peer;
    std::thread thread{};
    std::atomic<bool> ended{false};
  };

  // --- the thread that accepts

  exit_code serve() {
    auto ready = poller::create();
    if (!ready) return complain_.failed("waiting", ready.error());
    auto added = ready->add(ended_, interest::receive, waker_token);
    if (added) added = ready->add(stop_, interest::receive, stop_token);
    if (added) added = watch_doors(*ready);
    if (!added) return complain_.failed("listening", added.error());
    while (!is_done()) {
      const auto found = ready->wait(resume_at_.value_or(deadline::never()));
      if (!found) return complain_.failed("waiting", found.error());
      for (const auto& at : *found) {
        if (at.token == stop_token) return exit_code::ok;
        if (at.token != waker_token) {
          if (const auto done = accept(at.token); !done)
            return complain_.failed("accepting", done.error());
          continue;
        }
        ended_.clear();
        join_ended();
      }
      if (const auto done = mind_doors(*ready); !done)
        return complain_.failed("listening", done.error());
    }
    return exit_code::ok;
  }

  result<> watch_doors(poller& ready) {
    for (std::size_t i = 0; i != doors_.size(); ++i)
      if (auto added = ready.add(doors_[i], interest::receive, i); !added) return added;
    watched_ = true;
    return {};
  }

  /// Without handles nobody can be accepted, but a listener that nobody asks stays ready: it is not
  /// watched for a moment. Streams go on meanwhile.
  result<> mind_doors(poller& ready) {
    if (!resume_at_) return {};
    if (!watched_) {
      if (!resume_at_->has_passed()) return {};
      resume_at_.reset();
      return watch_doors(ready);
    }
    watched_ = false;
    for (const auto& at : doors_)
      if (auto removed = ready.remove(at); !removed) return removed;
    return {};
  }

  bool is_done() {
    const std::lock_guard held{lock_};
    return !written_ || (options_.count != 0 && tests_ >= options_.count);
  }

  void join_ended() {
    sessions_.remove_if([](session& one) {
      if (!one.ended) return false;
      one.thread.join();
      return true;
    });
  }

  result<> accept(std::uint64_t token) {
    auto accepted = doors_[static_cast<std::size_t>(token)].accept();
    if (!accepted && accepted.error() == errc::would_block) return {};
    if (!accepted && is_shortage(accepted.error())) {
      resume_at_ = deadline::in(accept_pause);
      return {};
    }
    if (!accepted) return accepted.failure();
    auto& [connection, peer] = *accepted;
    if (!is_welcome(options_, peer) || sessions_.size() >= most_here) {
      std::move(connection).abort();
      return {};
    }
    auto& one = sessions_.emplace_back(std::move(connection), peer.network);
    one.thread = std::thread{[this, &one] {
      attend(one);
      one.ended = true;
      ended_.wake();
    }};
    return {};
  }

  // --- the threads of the streams

  void attend(session& with) {
    static_cast<void>(with.connection.set_blocking(false));
    const auto until = deadline::in(greeting_patience).or_when(stop_);
    const auto asked = receive_request(with.connection, until);
    if (!asked) return refuse(with, asked.error());
    const auto port = with.connection.local_endpoint();
    if (!port) return;
    if (asked->spoken != version) return decline(with, verdict::other_version);
    if (!is_sound(*asked)) return decline(with, verdict::not_supported);
    if (!begin(asked->token)) return decline(with, verdict::busy);
    const auto told = measure(with, *asked, *port);
    end(asked->token, with.peer, *asked, told);
    leave(with, {});
  }

  result<report> measure(session& with, const request& asked, const endpoint& here) {
    std::optional<datagram_socket> datagrams;
    answer given;
    if (asked.datagrams) {
      auto opened = open_datagrams(here, given.port);
      if (!opened) {
        decline(with, verdict::not_supported);
        return opened.failure();
      }
      datagrams = *std::move(opened);
    }
    const auto until = deadline::in(message_patience).or_when(stop_);
    if (const auto sent = with.connection.send_all(encode(given), until); sent.reason)
      return fail(*sent.reason);
    const flow way{with.connection, asked, stop_, [&](const report& told) {
                     return send_frame(with.connection, frame::report, told, stop_);
                   }};
    if (asked.reverse) return datagrams ? send_datagrams(way, *datagrams) : send_stream(way);
    auto told = datagrams ? receive_datagrams(way, *datagrams) : receive_stream(way);
    if (!told) return told;
    if (auto done = send_frame(with.connection, frame::result, *told, stop_); !done)
      return done.failure();
    return told;
  }

  void decline(session& with, verdict why) {
    say(to_string(with.peer) + " declined");
    leave(with, encode(answer{.what = why}));
  }
  void refuse(session& with, error reason) {
    if (reason == errc::cancelled) return;
    say(to_string(with.peer) + " is no socksend --measure");
    leave(with, as_bytes(refusal));
  }
  /// With a last word, which a reset would overtake.
  void leave(session& with, const_bytes word) {
    const auto until = deadline::in(message_patience).or_when(stop_);
    if (const auto sent = with.connection.send_all(word, until); sent.reason) return;
    static_cast<void>(std::move(with.connection).close_gracefully(until));
  }

  // --- what they share

  /// A stream of the test. False: there are too many.
  bool begin(std::uint64_t token) {
    const std::lock_guard held{lock_};
    if (measured_ == most_measured) return false;
    ++measured_;
    ++running_[token];
    return true;
  }

  void end(std::uint64_t token, const endpoint& peer, const request& asked,
           const result<report>& told) {
    if (told) {
      const auto all = between(report{}, *told);
      if (options_.json) {
        write(json_line{}
                  .text("event", "measured")
                  .text("time", utc(std::chrono::system_clock::now()))
                  .text("peer", to_string(peer))
                  .raw("result", summary_json(all, asked, told->datagrams + told->lost, 1))
                  .object());
      } else {
        say(to_string(peer) + (asked.reverse ? " was sent " : " sent ") +
            amount(static_cast<double>(told->bytes)) + " in " + decimal(all.seconds(), 2) +
            " s over " + (asked.datagrams ? "UDP" : "TCP") + ", " + bit_rate(all.rate()) +
            (asked.datagrams ? ", lost " + std::to_string(told->lost) : ""));
      }
    } else if (told.error() != errc::cancelled) {
      say(to_string(peer) + " failed: " + told.error().message());
    }
    const std::lock_guard held{lock_};
    --measured_;
    if (--running_[token] == 0) {
      running_.erase(token);
      ++tests_;
    }
  }

  void say(const std::string& line) {
    if (options_.quiet) return;
    const std::lock_guard held{lock_};
    log_ << line << '\n' << std::flush;
  }
  void write(const std::string& line) {
    const std::lock_guard held{lock_};
    if (!write_now(output_, line + '\n')) written_ = false;
  }

  std::vector<door>& doors_;
  const listen_options& options_;
  const complaints& complain_;
  std::ostream& output_;
  std::ostream& log_;
  const canceller& stop_;
  const waker ended_;
  // The accepting thread's:
  std::list<session> sessions_;
  bool watched_ = false;
  std::optional<deadline> resume_at_;

  std::mutex lock_;
  std::size_t measured_ = 0;
  std::map<std::uint64_t, std::size_t> running_;  // streams of each test
  std::uint64_t tests_ = 0;
  bool written_ = true;
};

}  // namespace

exit_code take_measurements(std::vector<door>& doors, const listen_options& options,
                            const complaints& complain, std::ostream& output, std::ostream& log,
                            const canceller& stop) {
  auto ended = waker::create();
  if (!ended) return complain.failed("waiting", ended.error());
  return server{doors, options, complain, output, log, stop, *std::move(ended)}.run();
}

}  // namespace portsock::tools
