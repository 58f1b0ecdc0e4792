// SPDX-License-Identifier: MIT
#include <tools/listen/listen.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <utility>

#include <tools/common/files.hpp>
#include <tools/common/streams.hpp>
#include <tools/listen/server.hpp>
#include <tools/measure/measure.hpp>

namespace portsock::tools {
namespace {

exit_code not_opened(const complaints& complain, const listen_address& where, error reason) {
  if (reason != errc::invalid_argument) return complain.failed(to_string(where), reason);
  return complain.misused("host \"" + where.host + '"',
                          "must be a name, or a whole address such as 127.0.0.1 or [::1]");
}

bool is_mixed(const std::vector<door>& doors) {
  return std::ranges::any_of(doors,
                             [&](const door& at) { return at.over() != doors.front().over(); });
}

bool only_streams(const std::vector<door>& doors) {
  return std::ranges::all_of(doors, [](const door& at) { return at.over() == carrier::tcp; });
}

/// Scripts read it as soon as it is there, so it appears whole.
bool write_ready_file(const std::string& name, const std::vector<door>& doors) {
  std::ostringstream lines;
  for (const auto& at : doors)
    lines << to_string(at.over()) << ' ' << to_string(at.local()) << '\n';
  return write_whole_file(name, lines.str());
}

std::string port_lines(const std::vector<door>& doors) {
  std::set<std::uint16_t> told;
  std::string lines;
  for (const auto& at : doors)
    if (const auto port = at.local().network.port; !is_local(at.over()) && told.insert(port).second)
      lines += std::to_string(port) + '\n';
  return lines;
}

/// "@path" stands for what is in the file. Nothing is returned when it cannot be read.
piece reply_of(const std::string& argument) {
  if (!argument.starts_with('@')) return std::make_shared<const std::string>(argument);
  auto content = read_whole_file(argument.substr(1));
  return content ? std::make_shared<const std::string>(*std::move(content)) : nullptr;
}

/// Bytes go to standard output as they are, and nobody else looks at them.
bool passes_through(const listen_options& options, const std::vector<door>& doors) {
  const bool looked_at = options.echo || options.chat || options.json || options.label ||
                         options.hexdump || options.discard || options.output ||
                         options.output_folder;
  return options.output_handle != file_handle::invalid && !looked_at &&
         std::ranges::none_of(doors, [](const door& at) { return has_datagrams(at.over()); });
}

/// What was opened, told and prepared; or how it ended.
std::optional<exit_code> prepare(equipment& with, std::shared_ptr<std::istream> input,
                                 std::ostream& output, std::ostream& log) {
  const auto& options = with.options;
  if (options.reply) {
    with.reply = reply_of(*options.reply);
    if (!with.reply) return with.complain.misused(options.reply->substr(1), "cannot be read");
  }
  std::string where;
  with.takes = make_sink(options, output, where);
  if (!with.takes) return with.complain.failed(where, "cannot be written");
  if (options.pipe) {
    const auto of = has_datagrams(with.doors.front().over()) ? background_reader::unit::line
                                                             : background_reader::unit::block;
    auto reader = background_reader::start(std::move(input), {.of = of});
    if (!reader) return with.complain.failed("standard input", reader.error());
    with.input.emplace(*std::move(reader));
  }
  if (passes_through(options, with.doors))
    if (auto made = relay::create(); made && !made->copies()) with.through = *std::move(made);
  with.tells = make_journal(options, is_mixed(with.doors), output, log);
  if (options.print_port && !write_now(output, port_lines(with.doors)))
    return with.complain.failed("standard output", "cannot be written");
  if (options.ready_file && !write_ready_file(*options.ready_file, with.doors))
    return with.complain.failed(*options.ready_file, "cannot be written");
  return std::nullopt;
}

}  // namespace

exit_code listen(const listen_options& asked, std::shared_ptr<std::istream> input,
                 std::ostream& output, std::ostream& log, const canceller& stop) {
  auto options = asked;
  if (options.once) options.count = 1;
  const complaints complain{"socklisten", log};
  std::vector<door> doors;
  for (const auto& where : options.addresses) {
    auto opened = open_doors(where, options, stop);
    if (!opened) return not_opened(complain, where, opened.error());
    std::move(opened->begin(), opened->end(), std::back_inserter(doors));
  }
  if (const auto joined = join_groups(doors, options); !joined)
    return complain.failed("joining the group", joined.error());
  auto ready = poller::create();
  if (!ready) return complain.failed("waiting", ready.error());
  if (options.measure && !only_streams(doors))
    return complain.misused("--measure", "needs TCP addresses; datagrams get ports of their own");
  equipment with{options, complain, stop, std::move(doors), *std::move(ready), nullptr, nullptr};
  if (const auto trouble = prepare(with, std::move(input), output, log)) return *trouble;
  if (options.measure) return take_measurements(with.doors, options, complain, output, log, stop);
  return server{std::move(with)}.run();
}

exit_code listen(const listen_options& options, std::ostream& output, std::ostream& log,
                 const canceller& stop) {
  return listen(options, std::make_shared<std::istringstream>(), output, log, stop);
}

}  // namespace portsock::tools
