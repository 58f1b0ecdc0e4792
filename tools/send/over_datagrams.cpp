// SPDX-License-Identifier: MIT
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <portsock/datagram_socket.hpp>
#include <portsock/poller.hpp>
#include <portsock/resolver.hpp>
#include <tools/common/streams.hpp>
#include <tools/send/background_reader.hpp>
#include <tools/send/exchange.hpp>

namespace portsock::tools {
namespace {

using unit = background_reader::unit;

/// The first of the host's addresses to which there is a way.
result<connected_datagram_socket> reach(const exchange& with) {
  const auto until = deadline::in(with.options.timeout).or_when(with.stop);
  const auto peers = resolve(with.options.host, with.options.port, until);
  if (!peers) return peers.failure();
  result<connected_datagram_socket> reached = fail(errc::host_not_found);
  for (const auto& peer : *peers)
    if (reached = connected_datagram_socket::connect(peer); reached) break;
  return reached;
}

std::string_view without_line_ending(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

class datagram_exchange {
 public:
  datagram_exchange(const exchange& with, unit of, connected_datagram_socket peer,
                    background_reader input, poller ready)
      : with_{with},
        of_{of},
        peer_{std::move(peer)},
        input_{std::move(input)},
        ready_{std::move(ready)},
        buffer_(65'535) {}

  exit_code run() {
    if (const auto set = prepare(); !set) return with_.failed(set.error());
    auto until = deadline::never();
    while (true) {
      const auto found = ready_.wait(until.or_when(with_.stop));
      if (!found) return with_.failed(found.error());
      if (found->empty() || until.has_passed()) return exit_code::ok;
      if (const auto trouble = receive()) return *trouble;
      if (!until.is_never()) continue;
      if (const auto trouble = send()) return *trouble;
      if (!input_.ended()) continue;
      if (input_.failed()) return with_.not_read();
      if (with_.options.wait.count() == 0) return exit_code::ok;
      if (const auto done = ready_.remove(input_); !done) return with_.failed(done.error());
      until = deadline::in(with_.options.wait);
    }
  }

 private:
  result<> prepare() {
    if (auto set = peer_.set_blocking(false); !set) return set;
    if (auto added = ready_.add(input_, interest::receive, 0); !added) return added;
    if (with_.options.wait.count() == 0) return {};
    return ready_.add(peer_, interest::receive, 1);
  }

  std::optional<exit_code> send() {
    while (const auto piece = input_.take()) {
      const auto datagram = of_ == unit::line ? without_line_ending(*piece) : *piece;
      const auto sent = peer_.send(as_bytes(datagram), deadline::never().or_when(with_.stop));
      if (!sent) return with_.failed(sent.error());
    }
    return std::nullopt;
  }

  std::optional<exit_code> receive() {
    if (with_.options.wait.count() == 0) return std::nullopt;
    const auto got = peer_.receive(buffer_);
    if (!got && got.error() == errc::would_block) return std::nullopt;
    if (!got) return with_.failed(got.error());
    if (write_now(with_.output, as_text({buffer_.data(), got->size}))) return std::nullopt;
    return with_.not_written();
  }

  const exchange& with_;
  const unit of_;
  connected_datagram_socket peer_;
  background_reader input_;
  poller ready_;  // after what it watches, to be gone before it
  std::vector<std::byte> buffer_;
};

}  // namespace

exit_code exchange::over_datagrams(std::shared_ptr<std::istream> input) const {
  auto reached = reach(*this);
  if (!reached) return not_reached(reached.error());
  auto ready = poller::create();
  if (!ready) return failed(ready.error());
  const auto of = options.message || options.file ? unit::whole : unit::line;
  auto reader = background_reader::start(std::move(input), of);
  if (!reader) return failed(reader.error());
  return datagram_exchange{*this, of, *std::move(reached), *std::move(reader), *std::move(ready)}
      .run();
}

}  // namespace portsock::tools
