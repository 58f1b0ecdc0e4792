// SPDX-License-Identifier: MIT
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include <portsock/local_socket.hpp>
#include <tools/common/clock_text.hpp>
#include <tools/common/json_line.hpp>
#include <tools/common/streams.hpp>
#include <tools/send/reach.hpp>

namespace portsock::tools {
namespace {

/// Connections that are tried at a time: enough to hide the silence of a firewall, and too few to
/// trouble anybody's tables.
constexpr std::size_t most_at_once = 64;

struct answer {
  std::optional<error> reason;  ///< nothing: the port is open
  std::chrono::duration<double> took;
};

std::string_view state(const answer& given) noexcept {
  if (!given.reason) return "open";
  if (*given.reason == errc::connection_refused) return "refused";
  if (*given.reason == errc::timed_out) return "silent";
  return "unreachable";
}

bool tell(const exchange& with, const std::string& where, const answer& given) {
  if (with.options.json) {
    json_line line;
    line.text("event", "port").text("peer", where).text("state", state(given));
    if (given.reason) line.text("error", given.reason->message());
    return write_now(with.output, line.number("seconds", given.took.count()).line());
  }
  auto text = where + ' ' + std::string{state(given)};
  if (with.options.verbose)
    text += " after " + decimal(given.took.count() * 1000, 3) + " ms" +
            (given.reason ? ": " + given.reason->message() : "");
  return write_now(with.output, text + '\n');
}

/// A local socket has no ports.
exit_code try_local(const exchange& with) {
  const auto began = deadline::clock::now();
  const auto until = deadline::in(with.options.timeout).or_when(with.stop);
  const auto tried = local_stream::connect(*with.options.local, until);
  if (!tried && tried.error() == errc::cancelled) return with.failed(errc::cancelled);
  const answer given{tried ? std::nullopt : std::optional{tried.error()},
                     deadline::clock::now() - began};
  if (!tell(with, with.peer, given)) return with.not_written();
  return tried ? exit_code::ok : exit_code::failure;
}

/// The ports are tried by several threads and told in their order.
class port_scan {
 public:
  port_scan(const exchange& with, const std::vector<endpoint>& peers, const stream_presets& early)
      : with_{with}, peers_{peers}, early_{early}, next_{with.options.port} {
    last_ = std::max(with.options.last_port, with.options.port);
  }

  exit_code run() {
    const auto ports = std::size_t{last_} - next_ + 1;
    const auto at_once = std::min(ports, most_at_once);
    std::vector<std::thread> threads;
    threads.reserve(at_once);
    for (std::size_t i = 0; i < at_once; ++i) threads.emplace_back([this] { try_ports(); });
    bool any = false;
    bool written = true;
    for (auto port = std::uint32_t{with_.options.port}; port <= last_ && written; ++port) {
      const auto given = answer_of(port);
      if (!given) break;
      any |= !given->reason;
      written = tell(with_, name_of(with_.options.host, static_cast<std::uint16_t>(port)), *given);
    }
    if (!written) next_ = last_ + 1U;
    for (auto& thread : threads) thread.join();
    if (!written) return with_.not_written();
    if (with_.stop.is_cancelled()) return with_.failed(errc::cancelled);
    return any ? exit_code::ok : exit_code::failure;
  }

 private:
  void try_ports() {
    for (std::uint32_t port = next_++; port <= last_; port = next_++) {
      auto peers = peers_;
      for (auto& one : peers) one.port = static_cast<std::uint16_t>(port);
      const auto began = deadline::clock::now();
      const auto until = deadline::in(with_.options.timeout).or_when(with_.stop);
      const auto tried =
          stream_socket::connect_any(peers, until, std::chrono::milliseconds{250},
                                     local_for(with_.options, peers.front()), early_);
      const answer given{tried ? std::nullopt : std::optional{tried.error()},
                         deadline::clock::now() - began};
      const std::lock_guard held{lock_};
      answers_.emplace(port, given);
      more_.notify_all();
    }
  }

  /// Nothing: it was interrupted.
  std::optional<answer> answer_of(std::uint32_t port) {
    std::unique_lock held{lock_};
    more_.wait(held, [&] { return answers_.contains(port); });
    const auto given = answers_.extract(port).mapped();
    if (given.reason && *given.reason == errc::cancelled) return std::nullopt;
    return given;
  }

  const exchange& with_;
  const std::vector<endpoint>& peers_;
  const stream_presets& early_;
  std::atomic<std::uint32_t> next_;
  std::uint16_t last_;
  std::mutex lock_;
  std::condition_variable more_;
  std::map<std::uint32_t, answer> answers_;
};

}  // namespace

exit_code exchange::scan() const {
  if (options.local) return try_local(*this);
  const auto peers = find_peers(*this, deadline::in(options.timeout).or_when(stop));
  if (!peers) return not_reached(peers.error());
  const auto early = presets_of_stream(options);
  if (!early) return failed(early.error());
  return port_scan{*this, *peers, *early}.run();
}

}  // namespace portsock::tools
