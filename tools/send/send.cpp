// SPDX-License-Identifier: MIT
#include <tools/send/send.hpp>

#include <sstream>
#include <utility>

#include <portsock/poller.hpp>
#include <tools/common/background_reader.hpp>
#include <tools/common/files.hpp>
#include <tools/common/hexdump.hpp>
#include <tools/common/streams.hpp>
#include <tools/send/exchange.hpp>
#include <tools/send/sources.hpp>

namespace portsock::tools {
namespace {

/// Waits for the next piece of `input`. Nothing more when it has ended.
result<std::optional<std::string>> next(background_reader& input, const canceller& stop) {
  auto ready = poller::create();
  if (!ready) return ready.failure();
  if (auto added = ready->add(input, interest::receive, 0); !added) return added.failure();
  if (auto found = ready->wait(deadline::never().or_when(stop)); !found) return found.failure();
  return input.take();
}

/// One connection for each line. A line that could not be sent does not keep the next from trying.
exit_code send_prompted(const exchange& with, std::shared_ptr<std::istream> input) {
  auto lines = background_reader::start(std::move(input), {.of = background_reader::unit::line});
  if (!lines) return with.failed(lines.error());
  auto code = exit_code::ok;
  while (true) {
    with.log << "> " << std::flush;
    auto line = next(*lines, with.stop);
    if (!line) return with.failed(line.error());
    if (!*line) return lines->failed() ? with.not_read() : code;
    const auto sent = with.over_stream(std::make_shared<std::istringstream>(**std::move(line)));
    if (with.stop.is_cancelled()) return sent;
    if (sent != exit_code::ok) code = sent;
  }
}

/// The size of a file, if it has one: nothing like a pipe does.
std::optional<std::uint64_t> size_of(std::istream& file) {
  const auto end = file.seekg(0, std::ios::end).tellg();
  file.clear();
  file.seekg(0);
  if (!file || end < 0) return std::nullopt;
  return static_cast<std::uint64_t>(end);
}

/// What the options name, or `input` if they name nothing. nullptr: it cannot be read.
std::shared_ptr<std::istream> open_source(exchange& with, std::shared_ptr<std::istream> input) {
  const auto& options = with.options;
  if (options.zeros) with.whole = options.zeros;
  if (options.random) with.whole = options.random;
  if (options.zeros) return zeros(*options.zeros);
  if (options.random) return noise(*options.random);
  if (options.message) {
    with.whole = options.message->size() * options.repeat;
    return std::make_shared<std::istringstream>(*options.message);
  }
  if (!options.file) return input;
  with.source = *options.file;
  auto file = open_file(*options.file);
  if (!file) return nullptr;
  if (const auto size = size_of(*file)) with.whole = *size * options.repeat;
  return file;
}

/// Standard input, or a file, which is closed by the time that it has been sent.
exit_code send_directly(exchange& with) {
  const auto& options = with.options;
  if (!options.file) return with.over_stream_directly({.from = options.input_handle});
  with.source = *options.file;
  const auto file = unique_file::open(*options.file);
  if (!file) return with.not_read();
  const auto size = file->size();
  if (size) with.whole = *size * options.repeat;
  return with.over_stream_directly(
      {.from = file->get(), .from_its_beginning = size.has_value(), .repeat = options.repeat});
}

}  // namespace

std::string name_of(const std::string& host, std::uint16_t port) {
  const bool bare_v6 = host.contains(':') && !host.starts_with('[');
  return (bare_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

background_reader::cut exchange::cutting() const {
  using unit = background_reader::unit;
  background_reader::cut how{.of = unit::block, .size = options.size, .repeat = options.repeat};
  switch (options.frame) {
    case framing::lines:
      how.of = unit::line;
      break;
    case framing::sized:
      how.of = unit::sized;
      break;
    case framing::blocks:
      break;
    case framing::suitable:
      if (options.datagram && (options.zeros || options.random)) {
        how.of = unit::sized;
        how.size = 1400;  // fits into a packet nearly everywhere
      } else if (options.datagram)
        how.of = options.message || options.file ? unit::whole : unit::line;
      break;
  }
  // Each time is a piece of its own, between two intervals.
  if (how.of == unit::block && options.message &&
      options.message->size() <= background_reader::largest)
    how.of = unit::whole;
  return how;
}

bool exchange::print_received(const_bytes bytes) const {
  const auto before = facts.bytes_received();
  facts.received(bytes.size());
  if (!options.hexdump) return write_now(output, as_text(bytes));
  return write_hexdump(output, "< ", before, bytes);
}

bool exchange::print_sent(const_bytes bytes) const {
  const auto before = facts.bytes_sent();
  facts.sent(bytes.size());
  return !options.hexdump || write_hexdump(output, "> ", before, bytes);
}

exit_code exchange::not_reached(error reason) const {
  if (reason != errc::invalid_argument) return failed(reason);
  return complain.misused("host \"" + options.host + '"',
                          "must be a name, or a whole address such as 192.0.2.1 or 2001:db8::1");
}

exit_code send(const send_options& options, std::shared_ptr<std::istream> input,
               std::ostream& output, std::ostream& log, const canceller& stop) {
  const complaints complain{"socksend", log};
  const auto peer =
      options.local ? "unix:" + to_string(*options.local) : name_of(options.host, options.port);
  tally facts{options, peer, log};
  exchange with{options, peer, "standard input", output, log, complain, stop, facts};
  if (options.measure.wanted) return measure(with);
  if (options.connect_only) return with.scan();
  if (with.sends_directly()) {
    const auto code = send_directly(with);
    facts.end(code);
    return code;
  }
  input = open_source(with, std::move(input));
  if (!input) return with.not_read();
  const auto code = options.prompt     ? send_prompted(with, std::move(input))
                    : options.datagram ? with.over_datagrams(std::move(input))
                                       : with.over_stream(std::move(input));
  facts.end(code);
  return code;
}

}  // namespace portsock::tools
