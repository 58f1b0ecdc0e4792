// SPDX-License-Identifier: MIT
#include <tools/send/send.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include <portsock/poller.hpp>
#include <tools/send/background_reader.hpp>
#include <tools/send/exchange.hpp>

namespace portsock::tools {
namespace {

std::string name_of(const std::string& host, std::uint16_t port) {
  const bool bare_v6 = host.contains(':') && !host.starts_with('[');
  return (bare_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

/// The file, or nothing when it cannot be read. A path of this system is made of UTF-8 first.
std::shared_ptr<std::istream> open(const std::string& path) {
  const std::filesystem::path native{std::u8string{path.begin(), path.end()}};
  auto file = std::make_shared<std::ifstream>(native, std::ios::binary);
  file->peek();  // a folder, for example, opens but cannot be read
  return file->is_open() && !file->bad() ? file : nullptr;
}

/// Waits for the next piece of `input`. Nothing more when it has ended.
result<std::optional<std::string>> next(background_reader& input, const canceller& stop) {
  auto ready = poller::create();
  if (!ready) return ready.failure();
  if (auto added = ready->add(input, interest::receive, 0); !added) return added.failure();
  if (auto found = ready->wait(deadline::never().or_when(stop)); !found) return found.failure();
  return input.take();
}

/// One connection for each line. A line that could not be sent does not keep the next from trying.
exit_code send_prompted(const exchange& with, std::shared_ptr<std::istream> input,
                        std::ostream& log) {
  auto lines = background_reader::start(std::move(input), background_reader::unit::line);
  if (!lines) return with.failed(lines.error());
  auto code = exit_code::ok;
  while (true) {
    log << "> " << std::flush;
    auto line = next(*lines, with.stop);
    if (!line) return with.failed(line.error());
    if (!*line) return lines->failed() ? with.not_read() : code;
    const auto sent = with.over_stream(std::make_shared<std::istringstream>(**std::move(line)));
    if (with.stop.is_cancelled()) return sent;
    if (sent != exit_code::ok) code = sent;
  }
}

}  // namespace

exit_code exchange::not_reached(error reason) const {
  if (reason != errc::invalid_argument) return failed(reason);
  return complain.misused("host \"" + options.host + '"',
                          "must be a name, or a whole address such as 192.0.2.1 or 2001:db8::1");
}

exit_code send(const send_options& options, std::shared_ptr<std::istream> input,
               std::ostream& output, std::ostream& log, const canceller& stop) {
  const complaints complain{"socksend", log};
  exchange with{options, name_of(options.host, options.port), "standard input", output, complain,
                stop};
  if (options.message) input = std::make_shared<std::istringstream>(*options.message);
  if (options.file) {
    with.source = *options.file;
    input = open(*options.file);
    if (!input) return with.not_read();
  }
  if (options.prompt) return send_prompted(with, std::move(input), log);
  return options.datagram ? with.over_datagrams(std::move(input))
                          : with.over_stream(std::move(input));
}

}  // namespace portsock::tools
