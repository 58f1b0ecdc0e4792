// SPDX-License-Identifier: MIT
#pragma once

// socklisten at work: every port and every client on one thread, so that none waits for another.

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include <portsock/poller.hpp>
#include <portsock/transfer.hpp>
#include <tools/common/background_reader.hpp>
#include <tools/common/complaints.hpp>
#include <tools/listen/clients.hpp>
#include <tools/listen/journal.hpp>
#include <tools/listen/listen.hpp>
#include <tools/listen/open_ports.hpp>
#include <tools/listen/sink.hpp>

namespace portsock::tools {

/// What a server is given.
struct equipment {
  const listen_options& options;
  const complaints& complain;
  const canceller& stop;
  std::vector<door> doors;
  poller ready;
  std::unique_ptr<journal> tells;
  std::unique_ptr<sink> takes;
  piece reply{};                             ///< nothing: none
  std::optional<background_reader> input{};  ///< for options.pipe
  std::optional<relay> through{};            ///< to options.output_handle, for who sends plenty
};

class server {
 public:
  explicit server(equipment given);

  /// Until `stop` is cancelled, or what the options name has happened.
  exit_code run();

 private:
  using clock = deadline::clock;

  // server.cpp: the loop, its timers, its end
  void turn(deadline until);
  void serve(const readiness& at);
  deadline next_timer() const;
  void mind_timers();
  void report();
  void close_idle();
  void mind_marks(bool all);
  void finish();
  void receive_rest(std::uint64_t token);
  void end(exit_code code) {
    if (!code_) code_ = code;
  }
  void not_written();

  // server_doors.cpp: who comes
  void open();
  void watch_doors();
  void leave_doors();
  void close_doors();
  void mind_doors();
  void accept(door& at);
  void welcome(door& at, stream_socket socket, place peer);
  void pause(error reason);
  void hear(door& at);
  void take(door& at, const place& from, const_bytes datagram, bool truncated);
  void answer(door& at, party& who, const_bytes datagram);
  void send_to(door& at, party& who, const_bytes datagram);

  // server_clients.cpp: who is here
  void receive(std::uint64_t token, client& who);
  void receive_plenty(std::uint64_t token, client& who, std::size_t most);
  void received(std::uint64_t token, client& who, const_bytes block);
  void mark(std::uint64_t token, client& who, std::size_t size);
  void received_some(std::uint64_t token, client& who);
  void received_all(std::uint64_t token, client& who);
  void give(std::uint64_t token, client& who, const_bytes block);
  void give(std::uint64_t token, client& who, const piece& whole);
  std::optional<std::size_t> send_now(std::uint64_t token, client& who, const_bytes block);
  void send(std::uint64_t token, client& who);
  void settle(std::uint64_t token, client& who);
  void watch(std::uint64_t token, client& who);
  void lost(std::uint64_t token, client& who, error reason);
  void leave(std::uint64_t token, client& who, ending how,
             std::optional<error> reason = std::nullopt);

  // server_talk.cpp: what others have to say to them
  void chat(std::uint64_t from, door* heard_at, const place& sender, const_bytes block);
  void remember(door& at, const place& sender);
  void watch_input();
  void take_input();
  void input_ended();

  const listen_options& options_;
  const complaints& complain_;
  const canceller& stop_;
  std::vector<door> doors_;
  clients clients_;
  std::optional<background_reader> input_;
  poller ready_;  // after what it watches, to be gone before it
  std::unique_ptr<journal> tells_;
  std::unique_ptr<sink> takes_;
  const piece reply_;
  std::optional<relay> through_;

  std::vector<std::byte> buffer_;  // one for all, so that a client costs none
  std::vector<readiness> found_;
  std::optional<exit_code> code_;
  exit_code worst_ = exit_code::ok;
  bool doors_watched_ = false;
  bool doors_closed_ = false;
  bool finishing_ = false;
  bool shortage_told_ = false;
  std::optional<deadline> resume_at_;
  totals totals_;
  clock::time_point began_ = clock::now();
  clock::time_point now_ = began_;

  clock::time_point next_report_{};
  std::uint64_t reported_ = 0;
  using idle_check = std::pair<clock::time_point, std::uint64_t>;
  std::priority_queue<idle_check, std::vector<idle_check>, std::greater<>> idle_checks_;

  std::vector<std::uint64_t> marked_;  // whose low-water mark is raised
  clock::time_point next_mark_check_{};

  /// Those who sent datagrams, the last one last: who take part in a chat, or are piped to.
  std::vector<std::pair<door*, place>> senders_;
  std::uint64_t partner_ = 0;  // the client that input goes to; 0: none
  bool input_watched_ = false;
  std::optional<clock::time_point> patience_ends_;
};

}  // namespace portsock::tools
