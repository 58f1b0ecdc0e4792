// SPDX-License-Identifier: MIT
#pragma once

// What happens, told to people (a line on standard error) or to programs (JSON on standard output).

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string_view>

#include <portsock/error.hpp>
#include <tools/listen/listen.hpp>
#include <tools/listen/party.hpp>

namespace portsock::tools {

/// What has come and gone so far.
struct totals {
  std::uint64_t clients = 0;
  std::uint64_t clients_now = 0;
  std::uint64_t datagrams = 0;
  std::uint64_t received = 0;  ///< bytes
  std::uint64_t sent = 0;      ///< bytes
  std::uint64_t refused = 0;   ///< clients and datagrams that the lists keep out
};

/// How a client left. The words are those of the "reason" in JSON.
enum class ending : std::uint8_t {
  closed,   ///< by the client
  reset,    ///< or lost otherwise; the error tells
  idle,     ///< nothing came or went for too long
  limit,    ///< it sent as much as it may
  slow,     ///< it does not take what others send it
  stopped,  ///< by Ctrl-C here
};

class journal {
 public:
  virtual ~journal() = default;

  virtual void listening(carrier over, const place& local) = 0;
  virtual void connected(const party& who) = 0;
  virtual void refused(const party& who) = 0;
  virtual void datagram(const party& who, bool truncated) = 0;
  /// A datagram could not be answered.
  virtual void unanswered(const party& who, error reason) = 0;
  virtual void left(const party& who, ending how, std::optional<error> reason,
                    std::chrono::duration<double> lasted) = 0;
  virtual void statistics(const totals& so_far, double seconds, double bytes_per_second) = 0;
  virtual void stopped(const totals& all, double seconds) = 0;
};

/// `mixed`: the addresses are of several carriers, so that it has to be said which. Both
/// streams must outlive the journal.
std::unique_ptr<journal> make_journal(const listen_options& options, bool mixed,
                                      std::ostream& output, std::ostream& log);

}  // namespace portsock::tools
